"""撤回: a creditor that wants to leave is called first, and the case goes on until it has been."""

import pytest

from tests.domain.climbing import levels_of
from tests.domain.story import CLERK, story_at


def test_the_clerk_owes_the_call_within_three_working_days() -> None:
    told = story_at("withdrawing")
    duty = told.duty("voluntary")
    days = (duty.opened_on.isoformat(), duty.due_on.isoformat())
    assert (duty.owner, days) == ("clerk", ("2023-06-26", "2023-06-29"))
    late = told.until("2023-07-05")
    assert [level for level, _ in levels_of(late, "voluntary")] == ["lapsed", "supervised"]


def test_meanwhile_all_goes_on() -> None:
    told = story_at("withdrawing")
    told.do("fund")
    told.on("2023-06-28").do("report_payment", paid_on="2023-06-28")
    assert told.owed() == ["confirmation", "voluntary"]


def test_it_is_asked_once_and_may_be_asked_again_after_it_was_taken_back() -> None:
    told = story_at("withdrawing")
    assert told.refused("withdraw").code == "wrong_stage"
    told.do("keep")
    assert told.refused("keep").code == "wrong_stage"
    assert told.refused("confirm_withdrawal").code == "wrong_stage"
    told.do("withdraw", reason="确已和解")
    assert told.case.withdrawal is not None
    assert told.case.withdrawal.reason == "确已和解"


def test_what_is_not_voluntary_goes_on() -> None:
    told = story_at("withdrawing")
    told.do("confirm_withdrawal", voluntary=False, note="称受到压力")
    assert (told.case.ended, told.case.withdrawal) == (None, None)


def test_nobody_withdraws_what_has_been_paid() -> None:
    told = story_at("reported")
    told.do("withdraw")
    told.do("confirm_receipt")
    assert (told.case.withdrawal, told.owed()) == (None, ["review"])
    assert told.refused("confirm_withdrawal").code == "wrong_stage"


@pytest.mark.parametrize("do", ["go_judicial", "confirm_withdrawal"])
def test_it_does_not_outlive_the_case(do: str) -> None:
    told = story_at("withdrawing")
    told.do(do)
    assert (told.case.withdrawal, told.owed()) == (None, [])
    told.do("reopen")
    assert told.owed() == ["instalment"]


def test_a_suspended_case_hears_of_it_all() -> None:
    told = story_at("suspended")
    told.do("withdraw")
    told.do("keep")
    told.do("withdraw")
    assert [event.kind for event in told.do("confirm_withdrawal", CLERK)] == ["withdrawn"]


def test_an_office_that_gets_the_case_has_the_whole_term_for_its_call() -> None:
    told = story_at("forwarded")
    told.do("withdraw")
    told.on("2023-05-22").do("return_up")
    duty = told.duty("voluntary")
    assert (str(duty.opened_on), str(duty.due_on)) == ("2023-05-22", "2023-05-25")
