"""Ninety days in all (条例 2025 Art 25): a verification is decided, over or late by then, whatever rests, is suspended or extended."""

from datetime import date
from typing import Any

import pytest

from domain import facts as e
from domain.calendar import business_instant
from domain.case.duties import light_of_case
from domain.case.ladder import next_at
from domain.facts import DeadlineLapsed
from domain.value import Light
from tests.domain.climbing import levels_of, papers_of
from tests.domain.story import CITY_CLERK, HEAD, Story, rules_with, story_at
from tests.known import fact

LAST = date(2023, 8, 3)
"""The ninetieth day from 5 May, on which Anning got the usual case."""


def _lapse(told: Story, until: str) -> e.DeadlineLapsed:
    (lapsed,) = [event.fact for event in told.until(until) if isinstance(event.fact, e.DeadlineLapsed)]
    assert lapsed.duty == "verification"
    return lapsed


def test_a_suspended_case_lapses_at_its_ceiling_and_in_nothing_else() -> None:
    told = story_at("objected")
    told.approved("suspend", until="2023-11-20")
    assert next_at(told.case, told.rules) == business_instant(date(2023, 8, 4))
    lapsed = _lapse(told, "2023-09-01")
    assert (lapsed.at_ceiling, lapsed.due_on, told.duty("verification").due_on) == (True, LAST, LAST)
    assert (told.case.suspended, light_of_case(told.case, told.today)) == (True, Light.YELLOW)
    (paper,) = papers_of(told.journal[-1:])
    assert (paper.notice, paper.addressee, paper.due_on) == ("urging", "安宁区清欠办", LAST)
    resumed, *climbed = told.until("2023-12-01")
    assert (resumed.kind, resumed.on) == ("resumed", date(2023, 11, 20))
    # Nine weeks and more of it did not count: the third working day after 3 August is 23 November.
    assert levels_of(climbed, "verification") == [("supervised", "2023-11-23")]


def test_a_court_alone_moves_the_ceiling() -> None:
    told = story_at("objected")
    told.approved("suspend", until="2023-11-20", ground="court")
    assert next_at(told.case, told.rules) == business_instant(date(2023, 11, 20))
    told.until("2023-11-20")
    assert told.duty("verification").due_on == date(2023, 12, 1)
    told.do("extend", duty="verification", days=60)
    assert told.duty("verification").due_on == date(2024, 1, 30)
    assert told.refused("extend", duty="verification", days=1).code == "beyond_ceiling"


def test_what_rests_for_the_creditor_s_word_rests_no_longer_at_the_ceiling() -> None:
    told = story_at("acknowledged")
    told.do("extend", by=HEAD, duty="verification", days=60)
    told.on("2023-08-02").do("recognise")
    assert told.owed() == ["endorsement"]
    lapsed = _lapse(told, "2023-08-04")
    assert (lapsed.at_ceiling, lapsed.due_on, told.owed()) == (True, LAST, ["endorsement", "verification"])
    told.do("endorse")
    assert told.owed() == ["funding"]


def test_a_silent_creditor_gives_the_office_its_clock_back() -> None:
    told = story_at("silent")
    duty = told.duty("verification")
    assert (told.owed(), duty.due_on) == (["endorsement", "verification"], date(2023, 6, 8)), (
        "five days at least"
    )


def test_an_objection_late_in_the_term_leaves_five_days_to_decide() -> None:
    told = story_at("recognised").on("2023-05-31")
    told.do("object")
    assert told.duty("verification").due_on == date(2023, 6, 7)


def test_what_was_late_before_it_rested_stays_late() -> None:
    told = story_at("lapsed")
    told.do("recognise", as_of="2023-06-05")
    told.on("2023-06-07").do("object")
    assert told.duty("verification").due_on == date(2023, 6, 5)


def test_what_waits_for_approval_lapses_at_the_ceiling_too() -> None:
    told = story_at("objected")
    told.do("extend", duty="verification", days=60)
    told.on("2023-08-03").do("determine")
    assert told.owed() == ["approval"]
    assert _lapse(told, "2023-08-04").at_ceiling
    assert told.owed() == ["approval", "verification"]


def test_the_ceiling_goes_on_from_office_to_office_and_nobody_is_late_before_it_has_the_case() -> None:
    told = story_at("objected").on("2023-06-01")
    told.do("reassign")
    told.do("extend", by="head:曹@620104", duty="verification", days=33)
    assert told.duty("verification").due_on == LAST
    told.on("2023-08-10").do("reassign", to="620105")
    late = told.duty("verification")
    assert (late.opened_on, late.due_on) == (date(2023, 8, 10), LAST)
    assert levels_of(told.until("2023-08-16"), "verification") == [
        ("lapsed", "2023-08-11"),
        ("supervised", "2023-08-15"),
    ]


def test_a_new_verification_has_ninety_days_of_its_own() -> None:
    told = story_at("cleared").on("2023-07-25")
    told.do("call_back", satisfied="no", note="漏计")
    told.do("extend", duty="verification", days=60)
    assert told.duty("verification").due_on == date(2023, 10, 23)
    assert told.duty("response").due_on == date(2023, 10, 8)


def test_what_goes_on_where_it_stood_has_ninety_days_from_then() -> None:
    told = story_at("acknowledged")
    told.withdrawn()
    told.on("2023-10-09").do("reopen")
    told.do("extend", duty="verification", days=60)
    assert told.duty("verification").due_on == date(2024, 1, 7), "a Sunday: the ceiling does not roll"


@pytest.mark.parametrize(("days", "code"), [(61, "beyond_ceiling"), (60, None)])
def test_days_of_suspension_are_days_of_the_ninety(days: int, code: str | None) -> None:
    told = story_at("objected")
    if code:
        assert told.refused("extend", duty="verification", days=days).code == code
        return
    told.do("suspend", until="2023-05-29")
    told.until("2023-05-29")
    assert told.refused("extend", duty="verification", days=56).code == "beyond_ceiling"
    told.do("extend", duty="verification", days=55)
    assert told.duty("verification").due_on == LAST


def test_longer_suspension_takes_two_persons() -> None:
    told = story_at("planned")
    told.do("suspend", until="2023-07-20")
    told.until("2023-07-20")
    assert [event.kind for event in told.do("suspend", until="2023-07-27")] == ["submitted"]
    assert [event.kind for event in told.do("suspend", until="2023-07-26")] == ["suspended"]


def test_a_pack_may_count_in_working_days_and_bound_other_duties() -> None:
    def otherwise(pack: dict[str, Any]) -> None:
        pack["duties"]["verification"].update(term="20wd", ceiling="30wd")
        pack["duties"]["transfer"].update(ceiling="10wd")
        pack["duties"]["funding"].update(ceiling="40d")

    told = Story(rules=rules_with(otherwise))
    told.do("accept")
    told.do("forward", by=CITY_CLERK)
    head = "head:高@620100"
    assert told.refused("extend", by=head, duty="verification", days=11).code == "beyond_ceiling"
    told.do("extend", by=head, duty="verification", days=10)
    assert told.duty("verification").due_on == date(2023, 6, 9)
    told.do("recognise", as_of="2023-04-26")
    told.do("endorse")
    assert told.refused("extend", by=head, duty="funding", days=11).code == "beyond_ceiling"
    told.do("extend", by=head, duty="funding", days=10)


def test_the_ceiling_is_told_of_once_however_far_the_case_has_risen() -> None:
    told = story_at("referral")
    happened = told.until("2023-09-30")
    at_ceiling = [
        event for event in happened if isinstance(event.fact, DeadlineLapsed) and event.fact.at_ceiling
    ]
    assert [(event.kind, event.on.isoformat()) for event in at_ceiling] == [("deadline_lapsed", "2023-08-04")]
    assert [fact(event, DeadlineLapsed).level for event in at_ceiling] == [None], "it was late before"
    late = told.duty("verification")
    assert (told.case.levels[str(late.key)], late.due_on) == ("referred", date(2023, 6, 5))
    assert [paper for paper in papers_of(happened) if paper.duty == "verification"] == []


def test_the_day_on_which_a_ceiling_was_passed_stays_that_day() -> None:
    told = story_at("objected")
    told.approved("suspend", until="2023-11-20")
    told.until("2023-11-20")
    assert told.duty("verification").light_from(Light.YELLOW) == date(2023, 8, 4)
    assert light_of_case(told.case, told.today) is Light.YELLOW


def test_what_rested_until_the_ceiling_climbs_from_there() -> None:
    told = story_at("acknowledged")
    told.do("extend", by=HEAD, duty="verification", days=60)
    told.on("2023-08-02").do("recognise")
    told.until("2023-08-04")
    assert light_of_case(told.case, told.today) is Light.YELLOW
    assert levels_of(told.until("2023-08-08"), "verification") == [("supervised", "2023-08-08")]
