"""Other rules for a running case: a rule pack that is adopted, and the calendar that a notice brings."""

from datetime import date
from typing import Any, Final

import pytest

from domain import facts as e
from domain.calendar import Calendar
from domain.case.duties import moved
from domain.case.ladder import next_at
from domain.facts import NoticeIssued
from domain.refusal import Refusal
from domain.rules import Rules
from tests.domain.climbing import levels_of, papers_of
from tests.domain.story import CITY_HEAD, RECEIPT, Story, rules_with, story_at
from tests.known import fact

NOTICE: Final = "国办发明电〔2026〕7号"
SPRING_FESTIVAL: Final = frozenset(date(2027, 2, day) for day in (8, 9, 10, 11, 12))


def _verification_of(term: str) -> Rules:
    def change(pack: dict[str, Any]) -> None:
        pack["version"] = "2026.2"
        pack["duties"]["verification"].update(term=term, ceiling=None)

    return rules_with(change)


def _ladder_without(*levels: str) -> Rules:
    def change(pack: dict[str, Any]) -> None:
        pack["ladder"] = [rung for rung in pack["ladder"] if rung["level"] not in levels]

    return rules_with(change)


def _counting_by(told: Story, version: str, **changes: Any) -> Rules:
    calendar: Calendar = told.rules.calendar.model_copy(update={"version": version, **changes})
    return told.rules.model_copy(update={"calendar": calendar})


# A rule pack.


def test_a_longer_term_moves_the_last_day() -> None:
    told = story_at("objected")
    (adopted,) = told.adopt(_verification_of("60d"))
    assert adopted.fact == e.PolicyAdopted(
        policy="gansu@2026.2",
        calendar=told.rules.calendar.version,
        was="gansu@2026.1",
        reason="规则已修订",
        moved=(e.Moved(duty="verification", subject=None, was=date(2023, 6, 5), due_on=date(2023, 7, 4)),),
    )
    assert adopted.redated == (told.duty("verification"),)
    assert (told.case.policy, told.duty("verification").rules) == ("gansu@2026.2", "gansu@2026.2")
    assert (told.duty("verification").due_on, told.duty("verification").opened_on) == (
        date(2023, 7, 4),
        date(2023, 5, 5),
    )
    assert told.replayed() == told.case


def test_a_shorter_term_has_lapsed_at_once() -> None:
    told = story_at("objected").on("2023-05-24")
    adopted, *after = told.adopt(_verification_of("10d"))
    assert [(event.kind, event.on.isoformat()) for event in after if event.kind != "notice_issued"] == [
        ("deadline_near", "2023-05-10"),
        ("deadline_lapsed", "2023-05-16"),
        ("escalated", "2023-05-18"),
    ]
    assert (adopted.kind, told.case.mode) == ("policy_adopted", "supervised")


def test_what_fell_due_by_the_old_rules_happens_by_them() -> None:
    told = story_at("objected").on("2023-06-08")
    events = [event for event in told.adopt(_verification_of("60d")) if event.kind != "notice_issued"]
    assert [event.kind for event in events] == [
        *("deadline_near", "deadline_lapsed", "escalated"),
        "policy_adopted",
    ]
    assert told.duty("verification").due_on == date(2023, 7, 4)
    later = [event.fact.level for event in told.until("2023-08-30") if isinstance(event.fact, e.OfDuty)]
    assert set(later) >= {"key_supervised", "taken_over", "referred"}
    assert "supervised" not in later


def test_levels_that_were_reached_stay_reached_on_another_ladder() -> None:
    told = story_at("supervised")
    told.adopt(_ladder_without("near", "lapsed", "key_supervised"))
    levels = [
        event.fact.level
        for event in told.until("2024-01-01")
        if isinstance(event.fact, e.OfDuty) and event.fact.duty == "verification"
    ]
    assert list(dict.fromkeys(levels)) == ["taken_over", "referred", None], "none at the ceiling"


def test_rules_without_a_place_for_what_was_reached_are_refused() -> None:
    told = story_at("supervised")
    before = told.case
    with pytest.raises(Refusal, match="has no place for levels that were reached: supervised") as refused:
        told.adopt(_ladder_without("supervised"))
    assert (refused.value.code, refused.value.field) == ("malformed", "policy")
    assert told.case is before


def test_a_level_that_the_enterprise_has_reached_must_stay_mild() -> None:
    def harder(pack: dict[str, Any]) -> None:
        for rung in pack["ladder"]:
            rung["light"] = "red" if rung["level"] != "near" else "blue"

    told = story_at("recognised")
    told.until("2023-06-01")
    with pytest.raises(Refusal, match="were reached: lapsed"):
        told.adopt(rules_with(harder))
    told.do("endorse")
    told.adopt(rules_with(harder))


def test_the_rules_that_come_with_the_command_are_those_it_names() -> None:
    told = story_at("planned")
    assert told.refused("adopt_policy", policy="national").field == "policy"
    (adopted,) = told.do("adopt_policy")
    assert (adopted.kind, adopted.redated) == ("policy_adopted", ())


def test_rules_that_do_not_know_the_office_are_refused() -> None:
    told = story_at("planned")
    with pytest.raises(Refusal, match="620105 is no office of the rule pack gansu") as refused:
        told.adopt(rules_with(lambda pack: pack["offices"].pop("620105")))
    assert (refused.value.code, refused.value.field) == ("malformed", "policy")


def test_an_office_that_there_is_no_more_is_not_called_in() -> None:
    told = story_at("taken_over")
    (gate,) = told.case.gates
    assert (told.case.holder, gate.against) == ("620100", "620105")
    told.adopt(rules_with(lambda pack: pack["offices"].pop("620105")), by=CITY_HEAD)
    assert [event.kind for event in told.do("approve_step")] == ["step_approved"]


def test_nothing_is_returned_to_an_office_that_there_is_no_more() -> None:
    told = story_at("handed_down")
    told.adopt(rules_with(lambda pack: pack["offices"].pop("620100")))
    told.do("return_up")
    assert told.case.holder == "620000"


def test_the_same_command_again_adopts_nothing() -> None:
    told = story_at("objected")
    told.adopt(_verification_of("60d"), command_id="once")
    assert told.adopt(_verification_of("60d"), command_id="once") == []


def test_an_extension_counts_by_the_new_rules_too() -> None:
    told = story_at("objected")
    told.do("extend", duty="verification", days=10)
    told.adopt(_verification_of("20d"))
    assert told.duty("verification").due_on == date(2023, 6, 12), (
        "from the days it was left with, when it came back"
    )


def test_moved_says_what_would_change() -> None:
    told = story_at("objected")
    assert moved(told.case, told.rules) == ()
    assert moved(told.case, _verification_of("31d")) == ()
    (move,) = moved(told.case, _verification_of("32d"))
    assert (move.was, move.due_on) == (date(2023, 6, 5), date(2023, 6, 6))


# A calendar.


def _past_the_horizon() -> Story:
    return Story(RECEIPT.model_copy(update={"received_on": date(2027, 2, 1)}), on="2027-02-01")


def test_a_notice_moves_provisional_days_and_makes_them_certain() -> None:
    told = _past_the_horizon()
    assert (told.duty("intake").due_on, told.duty("intake").provisional) == (date(2027, 2, 17), True)
    exceptions = told.rules.calendar.exceptions | SPRING_FESTIVAL
    other = _counting_by(told, NOTICE, horizon=date(2027, 12, 31), exceptions=exceptions)
    (redated,) = told.count_by(other)
    assert redated.fact == e.Redated(
        notice=NOTICE,
        moved=(e.Moved(duty="intake", subject=None, was=date(2027, 2, 17), due_on=date(2027, 2, 23)),),
    )
    assert (told.duty("intake").due_on, told.duty("intake").provisional) == (date(2027, 2, 23), False)
    assert (told.case.calendar, told.duty("intake").calendar) == (NOTICE, NOTICE)
    assert told.replayed() == told.case


def test_a_notice_that_moves_nothing_is_on_record_all_the_same() -> None:
    told = story_at("objected")
    (redated,) = told.count_by(_counting_by(told, NOTICE))
    assert redated.fact == e.Redated(notice=NOTICE, moved=())
    assert redated.redated == (told.duty("verification"),)


def test_a_notice_is_taken_once() -> None:
    told = _past_the_horizon()
    first, second = _counting_by(told, NOTICE), _counting_by(told, "国办发明电〔2027〕1号")
    told.count_by(first)
    assert told.count_by(first) == []
    told.count_by(second)
    assert told.count_by(first) == []
    assert told.case.calendar == "国办发明电〔2027〕1号"


def test_a_case_that_counts_by_the_calendar_already_is_not_told_again() -> None:
    told = _past_the_horizon()
    other = _counting_by(told, NOTICE)
    told.adopt(other, by=CITY_HEAD)
    assert told.count_by(other) == []


@pytest.mark.parametrize("point", ["closed", "withdrawn", "refused"])
def test_an_ended_case_counts_no_more(point: str) -> None:
    told = story_at(point)
    assert told.count_by(_counting_by(told, NOTICE)) == []


def _published(told: Story) -> Rules:
    exceptions = told.rules.calendar.exceptions | SPRING_FESTIVAL
    return _counting_by(told, NOTICE, horizon=date(2027, 12, 31), exceptions=exceptions)


def test_what_fell_due_by_the_old_calendar_happens_by_it_and_is_written_when_the_day_is_settled() -> None:
    told = _past_the_horizon().on("2027-02-18")
    kinds = [event.kind for event in told.count_by(_published(told))]
    assert kinds == ["deadline_near", "deadline_lapsed", "redated"], "no document goes by a provisional day"
    assert told.duty("intake").due_on == date(2027, 2, 23)
    later = told.until("2027-02-27")
    assert [(paper.notice, paper.level, str(paper.due_on)) for paper in papers_of(later)] == [
        ("urging", "lapsed", "2027-02-23"),
        ("supervision_letter", "supervised", "2027-02-23"),
    ]
    assert [event.on for event in later if event.kind == "notice_issued"] == [
        date(2027, 2, 24),
        date(2027, 2, 26),
    ]
    assert told.case.unwritten == {}


def test_a_document_that_is_due_when_the_notice_comes_is_made_on_that_day() -> None:
    told = _past_the_horizon()
    assert papers_of(told.until("2027-02-27")) == []
    assert told.case.mode == "supervised"
    redated, issued = told.count_by(_published(told))
    assert (redated.kind, fact(issued, NoticeIssued).notice, issued.on) == (
        "redated",
        "supervision_letter",
        date(2027, 2, 27),
    )


def test_what_is_done_before_the_notice_comes_is_never_written() -> None:
    told = _past_the_horizon()
    told.until("2027-02-24")
    told.do("accept")
    assert told.case.unwritten == {}
    assert papers_of(told.count_by(_published(told))) == []


def test_other_rules_may_have_no_document_for_it() -> None:
    def change(pack: dict[str, Any]) -> None:
        for rung in pack["ladder"]:
            rung["notice"] = None

    told = _past_the_horizon()
    told.until("2027-02-27")
    quiet = rules_with(change).model_copy(update={"calendar": _published(told).calendar})
    assert papers_of(told.adopt(quiet, by=CITY_HEAD)) == []
    assert papers_of(told.until("2027-03-01")) == []


def test_nobody_waits_for_a_document_that_nobody_can_send() -> None:
    told = Story(
        RECEIPT.model_copy(update={"received_on": date(2027, 2, 1), "office": "620000"}), on="2027-02-01"
    )
    told.until("2027-02-24")
    assert told.case.unwritten
    assert papers_of(told.count_by(_published(told))) == []
    assert next_at(told.case, told.rules) != told.now


def test_a_suspended_case_takes_a_calendar() -> None:
    told = story_at("suspended")
    (redated,) = told.count_by(_counting_by(told, NOTICE))
    assert (redated.kind, told.case.suspended) == ("redated", True)


def test_a_level_that_the_new_rules_do_not_know_counts_as_none() -> None:
    told = story_at("supervised")
    told.do("recognise", as_of="2023-06-05")
    told.adopt(_ladder_without("supervised"))
    told.on("2023-06-12").do("object")
    assert [level for level, _ in levels_of(told.until("2023-06-30"), "verification")] == ["key_supervised"]
