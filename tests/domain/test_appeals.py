"""Every end has a way back: by appeal of the creditor, and by the office above, which goes on where the case stood."""

from datetime import date

import pytest

from tests.domain.story import CITY_HEAD, CREDITOR, HEAD, PROVINCE_HEAD, Story, story_at

ABOVE = {"620105": CITY_HEAD, "620100": PROVINCE_HEAD}
"""Who answers an appeal, by the holder."""


@pytest.mark.parametrize("point", ["refused", "unfounded", "withdrawn", "closed"])
def test_a_creditor_appeals_once_within_a_month(point: str) -> None:
    told = story_at(point).unwatched()
    ended_on = told.case.ended_on
    assert ended_on is not None
    told.again().on(str(date.fromordinal(ended_on.toordinal() + 30))).do("appeal")
    late = told.again().on(str(date.fromordinal(ended_on.toordinal() + 31)))
    assert late.refused("appeal").code == "already_lapsed"
    told.do("appeal")
    assert [duty.duty for duty in told.case.duties] == ["appeal"]
    assert told.refused("appeal").code == "wrong_stage"
    told.do("uphold", ABOVE[told.case.holder])
    assert (told.owed(), told.case.ended) == ([], point)
    assert told.refused("appeal").code == "wrong_stage"


def test_what_a_court_has_is_not_appealed_here() -> None:
    assert story_at("judicial").refused("appeal").code == "wrong_stage"


def test_a_case_goes_on_where_it_stood_and_its_terms_begin_anew() -> None:
    told = story_at("refused").on("2023-05-20")
    told.do("appeal")
    told.do("reopen", PROVINCE_HEAD, reason="属于受理范围")
    assert (told.case.stage, told.owed()) == ("intake", ["intake"])
    intake = told.duty("intake")
    assert (intake.opened_on, intake.due_on) == (date(2023, 5, 20), date(2023, 6, 2))
    told.do("accept")
    assert told.owed() == ["transfer"]


def test_after_another_end_there_may_be_another_appeal() -> None:
    told = story_at("refused").on("2023-05-20")
    told.do("appeal")
    told.do("reopen", PROVINCE_HEAD)
    told.approved("refuse", command_id="again")
    told.do("appeal", command_id="appeal again")
    assert told.owed() == ["appeal"]


def test_whoever_approved_the_end_does_not_answer_the_appeal() -> None:
    told = Story()
    told.do("refuse")
    told.do("approve", CITY_HEAD)
    told.do("appeal")
    told.case = told.case.model_copy(update={"route": ("620105",)})
    assert told.refused("uphold", CITY_HEAD).code == "four_eyes"
    assert told.refused("reopen", CITY_HEAD).code == "four_eyes"
    told.do("uphold", "head:郑@620100")


@pytest.mark.parametrize("do", ["uphold", "reopen"])
def test_an_appeal_that_nobody_answers_in_time_any_head_above_answers(do: str) -> None:
    told = story_at("appealed")
    assert told.duty("appeal").due_on == date(2023, 8, 9)
    assert told.again().on("2023-08-09").refused(do, PROVINCE_HEAD).code == "not_yours"
    told.on("2023-08-10")
    assert told.refused(do, HEAD).code == "not_yours"
    told.again().do(do, CITY_HEAD)
    told.do(do, PROVINCE_HEAD)
    assert told.case.appeal is None


def test_without_an_appeal_the_office_above_alone_reopens() -> None:
    told = story_at("closed").on("2023-09-01")
    assert told.refused("reopen", PROVINCE_HEAD).code == "not_yours"
    assert told.do("reopen", CITY_HEAD)


def test_satisfaction_is_told_until_ninety_days_after_the_end() -> None:
    told = story_at("closed").unwatched()
    told.again().on("2023-10-24").do("rate", CREDITOR)
    assert told.on("2023-10-25").refused("rate").code == "already_lapsed"


def test_an_appeal_that_nobody_answers_lapses_as_a_duty_of_an_open_case_does() -> None:
    told = story_at("appealed")
    assert [event.kind for event in told.until("2023-08-09")] == ["deadline_near", "notice_issued"]
    lapsed, written = told.until("2023-12-29")
    assert (lapsed.kind, str(lapsed.on), written.kind) == ("deadline_lapsed", "2023-08-10", "notice_issued")
    assert (told.case.ended, told.case.is_over) == ("closed", False)
    told.do("uphold", CITY_HEAD)
    assert told.case.is_over


def test_a_case_that_is_taken_up_again_was_entered_when_it_was() -> None:
    told = story_at("refused")
    entered_on = told.case.entered_on
    told.until("2023-05-10")
    told.do("appeal", reason="属于受理范围")
    told.do("reopen", by=PROVINCE_HEAD)
    assert (told.case.stage, told.case.entered_on) == ("intake", entered_on)
