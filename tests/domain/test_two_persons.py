"""What hurts takes two persons: it waits until a head approves it, and is decided anew that day."""

from datetime import date, timedelta

import pytest

from domain.case.view import case_json, is_submitted
from domain.commands import MakePlan
from domain.commands.written import command_of, fields_of
from domain.facts import NoticeIssued
from domain.refusal import Refusal
from tests.domain.story import (
    CITY_CLERK,
    CITY_HEAD,
    CLERK,
    HEAD,
    PROVINCE_HEAD,
    USUAL,
    Story,
    rules_with,
    story_at,
)


def _submitted() -> Story:
    return story_at("submitted")


def test_a_submission_shows_what_waits_and_until_when() -> None:
    told = _submitted()
    (shown,) = case_json(told.case, told.today)["submissions"]
    assert shown == {
        "no": 1,
        "do": "refuse",
        "by": CITY_CLERK,
        "entered_by": None,
        "on": "2023-04-26",
        "due_on": "2023-05-04",
        "fields": {"ground": "不属于受理范围"},
        "state": "waiting",
        "decided_by": None,
        "reason": None,
    }
    told.do("approve", reason="同意")
    (shown,) = case_json(told.case, told.today)["submissions"]
    assert (shown["state"], shown["decided_by"], shown["reason"]) == ("approved", CITY_HEAD, "同意")
    assert shown["due_on"] is None


def test_a_command_that_waits_is_known_by_what_it_says() -> None:
    told = _submitted()
    shown = case_json(told.case, told.today)
    assert is_submitted(shown, told.command("refuse", command_id="whatever"))
    assert not is_submitted(shown, told.command("refuse", ground="另一理由"))
    assert not is_submitted(shown, told.command("accept"))


def test_what_is_approved_is_the_word_of_who_submitted_it() -> None:
    told = _submitted().on("2023-04-27")
    approved, refused = told.do("approve")
    assert (str(approved.by), approved.approved_by) == (CITY_HEAD, None)
    assert (str(refused.by), str(refused.approved_by)) == (CITY_CLERK, CITY_HEAD)
    assert approved.key == refused.key
    assert told.case.ended == "refused"


@pytest.mark.parametrize(
    ("by", "account", "code"),
    [
        (CITY_HEAD, None, None),
        (PROVINCE_HEAD, None, None),
        ("head:周@620100", None, "four_eyes"),
        ("head: 周 @620100", None, "four_eyes"),
        ("head@620100", None, "four_eyes"),
        (CITY_HEAD, 7, "four_eyes"),
        (CITY_HEAD, 8, None),
        (HEAD, None, "not_yours"),
        (CITY_CLERK, None, "not_yours"),
    ],
)
def test_nobody_approves_alone(by: str, account: int | None, code: str | None) -> None:
    told = Story()
    told.happened(told.decided(told.command("refuse").model_copy(update={"account": 7})))
    approve = told.command("approve", by).model_copy(update={"account": account})
    if code is None:
        assert told.decided(approve).case.ended == "refused"
    else:
        with pytest.raises(Refusal) as caught:
            told.decided(approve)
        assert caught.value.code == code


def test_whoever_entered_it_for_a_party_does_not_approve_it() -> None:
    told = story_at("planned")
    told.rules = rules_with(lambda pack: pack.update(two_persons=["withdraw"]))
    told.do("withdraw", entered_by=CLERK)
    assert told.refused("approve", "head:李敏@620105").code == "four_eyes"
    told.do("approve", HEAD)
    assert told.case.withdrawal is not None


def test_a_nameless_clerk_submits_nothing() -> None:
    assert Story().refused("refuse", "clerk@620100").code == "four_eyes"


def test_a_pack_may_have_more_take_two_persons() -> None:
    told = Story(rules=rules_with(lambda pack: pack.update(two_persons=["accept"])))
    told.approved("accept")
    assert told.case.stage == "transfer"


def test_what_would_be_met_rests_until_the_approval_is_due_and_comes_back_with_time_left() -> None:
    told = story_at("received").on("2023-05-12")
    assert told.duty("intake").due_on == told.today
    told.do("refuse")
    assert (told.owed(), told.duty("approval", "1").due_on) == (["approval"], date(2023, 5, 17))
    told.until("2023-05-17")
    assert told.owed() == ["approval"]
    told.until("2023-05-18")
    assert told.owed() == ["approval", "intake"]
    assert told.duty("intake").due_on == date(2023, 5, 25)
    told.do("return_submission")
    assert (told.owed(), told.duty("intake").due_on) == (["intake"], date(2023, 5, 25))


def test_a_head_is_reminded_and_no_more() -> None:
    told = _submitted()
    told.until("2023-08-01")
    kinds = [event.kind for event in told.journal if getattr(event.fact, "duty", None) == "approval"]
    assert set(kinds) <= {"deadline_near", "deadline_lapsed", "notice_issued"}
    assert "deadline_lapsed" in kinds


def test_it_is_decided_anew_on_the_day_it_is_approved() -> None:
    told = _submitted()
    told.do("accept")
    assert told.refused("approve").code == "wrong_stage"
    told.do("return_submission")
    assert told.owed() == ["transfer"]


def test_several_that_wait_are_told_apart_by_number_or_name() -> None:
    told = story_at("recognised")
    told.do("unfounded")
    told.do("go_judicial", CLERK)
    refusal = told.refused("approve", HEAD)
    assert (refusal.code, refusal.field) == ("malformed", "submission")
    assert told.refused("approve", HEAD, submission="refuse").code == "wrong_stage"
    told.do("return_submission", CLERK, submission=1)
    told.do("approve", HEAD, submission="go_judicial")
    assert told.case.ended == "judicial"


def test_five_wait_at_most() -> None:
    told = story_at("recognised")
    for number in range(5):
        told.do("unfounded", reason=f"第{number}个理由")
    assert told.refused("unfounded").code == "malformed"


def test_the_same_does_not_wait_twice() -> None:
    told = story_at("recognised")
    told.do("unfounded")
    assert told.refused("unfounded").code == "wrong_stage"
    told.do("return_submission", CLERK)
    told.do("unfounded")


def test_what_waits_returns_when_the_case_ends_or_changes_its_holder() -> None:
    told = story_at("recognised")
    told.do("unfounded")
    kinds = [event.kind for event in told.withdrawn()]
    assert kinds == ["withdrawn", "returned"]
    assert (told.case.submissions[0].state, str(told.case.submissions[0].decided_by)) == (
        "returned",
        "system",
    )
    told = story_at("recognised")
    told.do("unfounded")
    told.do("escalate", mode="taken_over")
    assert (told.case.waiting, told.owed()) == ((), ["endorsement"])


def test_a_case_remembers_the_latest_decisions_and_the_journal_all() -> None:
    told = story_at("recognised")
    for _ in range(25):
        told.do("unfounded")
        told.do("return_submission", HEAD)
    assert [one.no for one in told.case.submissions][-1] == 25
    assert len(told.case.submissions) <= 21


@pytest.mark.parametrize("do", USUAL)
def test_what_waits_is_the_command_again(do: str) -> None:
    command = Story().command(do)
    fields = fields_of(command)
    again = command_of(
        command.do,
        fields,
        command_id=command.command_id,
        by=command.by,
        entered_by=command.entered_by,
    )
    assert again == command


def test_amounts_that_wait_say_that_they_are_fen() -> None:
    plan = Story().command("plan")
    assert isinstance(plan, MakePlan)
    fields = fields_of(plan)
    assert fields["sources"] == [{"kind": "budget", "amount_fen": 400 * 10**6}]
    assert fields["instalments"] == [{"due_on": "2023-09-28", "amount_fen": 400 * 10**6}]


def test_a_party_has_one_submission_at_a_time_and_leaves_room_for_the_office() -> None:
    told, sources = story_at("planned"), USUAL["plan"][1]["sources"]
    for no, day in enumerate(("2023-11-30", "2023-12-15", "2023-12-20")):
        later = [{"due_on": day, "amount": "400万元"}]
        fields = {"sources": sources, "instalments": later, "reason": "推迟", "command_id": f"plan-{no}"}
        if no < 2:
            told.do("plan", "debtor:王强", **fields)
        else:
            assert told.refused("plan", "debtor:王强", **fields).message.startswith("已有一项送审")
    told.do("plan", "debtor:王强", **fields, entered_by="clerk:李敏@620105")
    assert len(told.case.waiting) == 2


def test_in_a_case_that_was_closed_the_office_above_owes_the_approval_and_is_urged_to_it() -> None:
    told = story_at("closed")
    told.do("reverse")
    (duty,) = case_json(told.case, told.today)["duties"]
    assert (duty["duty"], duty["office"]) == ("approval", "620100")
    told.until(str(told.duty("approval", "1").due_on + timedelta(days=1)))
    urged = [event.fact for event in told.journal if isinstance(event.fact, NoticeIssued)][-1]
    assert (urged.notice, urged.office, urged.addressee) == ("urging", "620000", "兰州市清欠办")
    assert told.refused("approve", HEAD).code == "not_yours"
    told.do("approve", CITY_HEAD)
    assert told.case.ended is None
