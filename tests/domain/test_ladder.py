"""The ladder: a silent case rises by itself, each level once, on days that were counted by hand."""

from datetime import date, datetime
from typing import Any

import pytest

from domain import facts as e
from domain.calendar import business_instant
from domain.case.duties import light_of, light_of_case
from domain.case.ladder import fallen_due, next_at, spread
from domain.value import Light, Mode
from tests.domain.climbing import (
    EVERY_LEVEL,
    levels_of,
    papers_of,
    proposals_of,
    received_at,
    rises_of,
    two_instalments,
)
from tests.domain.laws import essence
from tests.domain.story import (
    CASE_NO,
    CITY_CLERK,
    CITY_HEAD,
    CLERK,
    FINANCE,
    HEAD,
    PROVINCE_HEAD,
    RECEIPT,
    Story,
    bonds_of,
    rules_with,
    story_at,
)

# A silent case, day by day.


@pytest.mark.parametrize(
    ("office", "received_on", "due_on", "levels"),
    [
        # Around the May holiday (29 April to 3 May) and the Dragon Boat holiday (22 to 24 June, Sunday 25 worked) of 2023.
        (
            "620100",
            "2023-04-26",
            "2023-05-12",
            ["2023-05-09", "2023-05-13", "2023-05-17", "2023-05-26", "2023-06-09", "2023-06-26"],
        ),
        # Around the Spring Festival (15 to 23 February, Saturdays 14 and 28 worked) and Qingming (4 to 6 April) of 2026.
        (
            "620105",
            "2026-02-06",
            "2026-02-27",
            ["2026-02-24", "2026-02-28", "2026-03-03", "2026-03-12", "2026-03-26", "2026-04-10"],
        ),
    ],
)
def test_a_case_that_nobody_takes_up_climbs_the_whole_ladder(
    office: str, received_on: str, due_on: str, levels: list[str]
) -> None:
    told = received_at(office, received_on)
    assert told.duty("intake").due_on.isoformat() == due_on
    happened = told.until("2027-01-01")
    assert levels_of(happened, "intake") == list(zip(EVERY_LEVEL, levels, strict=True))
    hours = {event.fact.level: event.at.hour for event in happened if isinstance(event.fact, e.OfDuty)}
    assert hours == {level: 0 if level == "lapsed" else 9 for level in EVERY_LEVEL}
    assert all(event.at.date() == event.on for event in happened)
    assert next_at(told.case, told.rules) is None
    assert told.until("2035-01-01") == []


def test_a_case_whose_debtor_is_silent_climbs_as_the_days_pass() -> None:
    told, seen = story_at("objected"), []
    for day in ("05-30", "05-31", "06-05", "06-06", "06-07", "06-08", "06-19", "07-03", "07-04", "07-18"):
        told.until(f"2023-{day}")
        light = light_of_case(told.case, told.today)
        seen.append((day, light.value, told.case.mode.value, told.case.holder))
    assert seen == [
        ("05-30", "none", "transferred", "620105"),
        ("05-31", "blue", "transferred", "620105"),
        ("06-05", "blue", "transferred", "620105"),
        ("06-06", "yellow", "transferred", "620105"),
        ("06-07", "yellow", "transferred", "620105"),
        ("06-08", "red", "supervised", "620105"),
        ("06-19", "red", "key_supervised", "620105"),
        ("07-03", "red", "key_supervised", "620105"),
        ("07-04", "red", "taken_over", "620100"),
        ("07-18", "red", "taken_over", "620100"),
    ]


def test_each_step_is_taken_at_its_hour_by_the_system() -> None:
    told = story_at("objected")
    told.until("2023-06-05")
    assert next_at(told.case, told.rules) == business_instant(date(2023, 6, 6))
    assert told.away_until("2023-06-05") == []
    lapsed, urging = told.until("2023-06-06")
    assert (lapsed.kind, urging.kind) == ("deadline_lapsed", "notice_issued")
    assert {str(lapsed.by), lapsed.command_id, lapsed.digest} == {"system", None}
    assert next_at(told.case, told.rules) == business_instant(date(2023, 6, 8), 9)
    nine = business_instant(date(2023, 6, 8), 9)
    assert fallen_due(told.case, told.rules, nine.replace(hour=8, minute=59)).events == []
    assert [event.kind for event in fallen_due(told.case, told.rules, nine).events] == [
        "escalated",
        "notice_issued",
    ]


@pytest.mark.parametrize(("term", "levels"), [("3wd", ["lapsed"]), ("4wd", ["near", "lapsed"])])
def test_a_short_term_is_not_near_as_soon_as_it_begins(term: str, levels: list[str]) -> None:
    told = Story(rules=rules_with(lambda pack: pack["duties"]["acknowledgement"].update(term=term)))
    told.do("accept")
    (forwarded,) = told.do("forward", by=CITY_CLERK)
    assert forwarded.kind == "forwarded"
    assert [stone.level for stone in told.duty("acknowledgement").milestones] == levels


def test_nothing_reminds_of_a_day_before_the_case_was_entered() -> None:
    told = received_at("620100", "2023-04-26", on="2023-05-10")
    assert (told.duty("intake").due_on, told.case.entered_on) == (date(2023, 5, 12), date(2023, 5, 10))
    assert [stone.level for stone in told.duty("intake").milestones] == EVERY_LEVEL[1:]
    assert received_at("620100", "2023-04-26", on="2023-05-09").duty("intake").milestones[0].level == "near"


def test_no_rung_is_before_the_one_below_it_whatever_the_holidays() -> None:
    def change(pack: dict[str, Any]) -> None:
        at = {"supervised": "3wd", "key_supervised": "5d", "taken_over": "6d", "referred": "7d"}
        for rung in pack["ladder"]:
            rung["at"] = at.get(rung["level"], rung["at"])

    told = Story(RECEIPT.model_copy(update={"received_on": date(2023, 9, 14)}), rules=rules_with(change))
    assert told.duty("intake").due_on == date(2023, 9, 28)
    # Three working days after 28 September are 7, 8 and 9 October; five, six and seven days, 3, 4 and 5 October.
    assert [stone.on.isoformat() for stone in told.duty("intake").milestones] == [
        *("2023-09-25", "2023-09-29", "2023-10-09", "2023-10-09", "2023-10-09", "2023-10-09"),
    ]
    told.until("2023-10-31")
    assert told.case.levels[str(told.duty("intake").key)] == "referred"


def test_what_fell_due_happens_before_a_command_and_stays_on_record() -> None:
    told = story_at("objected").on("2023-06-09")
    kinds = [event.kind for event in told.do("recognise")]
    assert kinds == [*("deadline_near", "deadline_lapsed", "escalated", "notice_issued"), "recognised"]
    assert (told.case.mode, told.owed()) == ("supervised", ["endorsement"])
    assert light_of_case(told.case, told.today) is Light.NONE


def test_what_fell_due_happens_before_news_and_signals() -> None:
    told = story_at("bonding").on("2023-10-25")
    kinds = [event.kind for event in told.hear("included", 400)]
    assert kinds == ["deadline_near"] * 2 + ["deadline_lapsed", "notice_issued"] * 2 + ["bond_included"]
    other = story_at("objected").on("2023-06-08")
    assert [rise.mode for rise in rises_of(other.signalled("key_supervised"))] == [
        "supervised",
        "key_supervised",
    ]


def test_an_answer_before_the_last_day_is_over_ends_the_climb() -> None:
    told = story_at("objected")
    told.until("2023-06-05")
    told.do("recognise")
    told.do("endorse")
    assert levels_of(told.until("2023-06-20"), "verification") == []


def test_the_enterprise_s_duties_never_go_above_yellow() -> None:
    told = story_at("recognised")
    happened = told.until("2029-01-01")
    assert levels_of(happened, "endorsement") == [("near", "2023-05-26"), ("lapsed", "2023-06-01")]
    papers = [paper for paper in papers_of(happened) if paper.duty == "endorsement"]
    assert [paper.addressee for paper in papers] == ["甲建筑公司"] * 2
    assert light_of(told.duty("endorsement"), told.today) is Light.YELLOW


def test_the_gates_never_go_above_yellow() -> None:
    told = story_at("proposed")
    happened = told.until("2029-01-01")
    assert levels_of(happened, "gate", "interview") == [("near", "2023-06-21"), ("lapsed", "2023-06-28")]
    assert levels_of(happened, "gate", "referred") == [("near", "2023-07-20"), ("lapsed", "2023-07-26")]


@pytest.mark.parametrize(
    ("office", "levels", "proposals"),
    [
        (
            "620000",
            ["near", "lapsed", "supervised", "key_supervised", "referred"],
            [("2023-05-26", "interview", "620000"), ("2023-06-26", "referred", "620000")],
        ),
        (
            "620200",
            EVERY_LEVEL,
            [("2023-05-26", "interview", "620000"), ("2023-06-26", "referred", "620000")],
        ),
    ],
)
def test_a_case_without_a_superior_office_is_not_taken_over(
    office: str, levels: list[str], proposals: list[tuple[str, str, str]]
) -> None:
    told = received_at(office, "2023-04-26")
    happened = told.until("2024-01-01")
    assert [level for level, _ in levels_of(happened, "intake")] == levels
    assert proposals_of(happened) == proposals
    assert told.case.holder == "620000"
    assert told.case.mode == ("key_supervised" if office == "620000" else "taken_over")
    told.do("approve_step", by=PROVINCE_HEAD)
    assert told.refused("escalate", by=PROVINCE_HEAD, mode="taken_over").code == "wrong_stage"


# Several duties.


def test_two_duties_that_lapse_together_do_not_lift_the_case_twice() -> None:
    told = two_instalments()
    happened = told.until("2024-01-01")
    days = ["2023-09-25", "2023-09-29", "2023-10-09", "2023-10-18", "2023-11-01", "2023-11-15"]
    for subject in ("1", "2"):
        assert levels_of(happened, "instalment", subject) == list(zip(EVERY_LEVEL, days, strict=True))
    assert told.case.route == ("620100", "620105", "620100")
    rises = [(rise.was.value, rise.mode.value, rise.holder) for rise in rises_of(happened)]
    assert rises == [
        ("transferred", "supervised", None),
        ("supervised", "supervised", None),
        ("supervised", "key_supervised", None),
        ("key_supervised", "key_supervised", None),
        ("key_supervised", "taken_over", "620100"),
        ("taken_over", "taken_over", None),
    ]
    assert [paper.notice.value for paper in papers_of(happened)].count("takeover") == 1
    assert [(gate.step.value, gate.office) for gate in told.case.gates] == [
        ("interview", "620100"),
        ("referred", "620000"),
    ]


def test_a_later_duty_does_not_lift_a_case_that_has_been_taken_over() -> None:
    told = story_at("partly_disputed")
    happened = told.until("2024-06-01")
    assert dict(levels_of(happened, "funding"))["taken_over"] < dict(levels_of(happened, "dispute"))["near"]
    assert [rise.holder for rise in rises_of(happened) if rise.holder] == ["620100"]
    assert told.case.mode is Mode.TAKEN_OVER


def test_a_case_that_was_relieved_can_be_taken_over_by_the_next_office() -> None:
    told = story_at("partly_disputed")
    told.until("2023-08-20")
    assert told.case.route == ("620100", "620105", "620100")
    told.do("relieve", by=CITY_HEAD)
    assert (told.case.mode, told.case.holder) == ("transferred", "620100")
    told.until("2024-06-01")
    assert (told.case.mode, told.case.route[-1]) == ("taken_over", "620000")


def test_the_mode_stays_when_the_duty_is_met_and_until_it_is_relieved() -> None:
    told = story_at("supervised")
    told.do("recognise")
    assert told.case.mode == "supervised"
    told.do("relieve")
    assert told.case.mode == "transferred"


def test_a_duty_goes_on_climbing_after_relief() -> None:
    told = story_at("supervised")
    told.do("relieve")
    (rise,) = rises_of(told.until("2023-06-19"))
    assert (rise.was, rise.mode) == ("transferred", "key_supervised")


def test_a_verification_that_is_objected_to_climbs_on_and_not_for_the_day_on_which_it_counted_as_done() -> (
    None
):
    told = story_at("objected")
    told.until("2023-06-08")
    told.do("recognise")
    told.until("2023-06-09")
    told.do("object")
    assert told.duty("verification").due_on == date(2023, 6, 5)
    assert levels_of(told.until("2023-06-21"), "verification") == [("key_supervised", "2023-06-20")]


def test_a_payment_that_is_denied_half_a_year_later_is_late_from_then_on() -> None:
    told = story_at("closed").on("2024-03-01")
    at_once = told.do("reopen", voucher="PZ-1")
    assert told.duty("instalment", "1").due_on == date(2023, 9, 28)
    assert levels_of(at_once, "instalment", "1") == [("near", "2024-03-01")]
    later = told.until("2024-03-10")
    assert levels_of(later, "instalment", "1") == [("lapsed", "2024-03-02"), ("supervised", "2024-03-06")]
    assert not any(event.fact.late for event in [*at_once, *later] if isinstance(event.fact, e.OfDuty))
    assert told.case.mode is Mode.SUPERVISED


def test_the_gates_of_a_case_do_not_outlive_it() -> None:
    told = story_at("proposed")
    assert told.case.gates
    told.withdrawn()
    assert told.case.gates == ()


def test_a_case_that_ends_while_it_is_suspended_stands_still_no_longer() -> None:
    told = story_at("suspended")
    told.withdrawn()
    assert not told.case.suspended
    assert len(told.case.suspensions) == 1


def test_what_was_granted_for_an_instalment_ends_with_its_plan() -> None:
    told = story_at("planned")
    told.do("extend", duty="instalment", subject="1", days=5)
    told.do("plan", reason="资金变化")
    assert told.duty("instalment", "1").due_on == date(2023, 9, 28)


# Taken over.


def test_a_case_that_is_taken_over_really_moves() -> None:
    told = story_at("taken_over")
    assert (told.case.holder, told.case.receipt.office, told.case.region) == (
        "620100",
        "620100",
        "620105",
    )
    for do, by in (("unfounded", CLERK), ("suspend", CLERK), ("relieve", HEAD), ("go_judicial", CLERK)):
        assert told.refused(do, by=by).code == "not_yours"
    told.do("suspend", by=CITY_CLERK)
    told.do("resume", by=CITY_CLERK)
    told.approved("unfounded", by=CITY_CLERK)
    assert told.case.ended == "unfounded"


def test_the_bonds_of_a_case_stay_with_the_office_it_was_handed_down_to() -> None:
    told = story_at("bonding")
    told.on("2023-07-03").do("escalate", by=PROVINCE_HEAD, mode="taken_over")
    assert (told.case.holder, told.case.region) == ("620000", "620105")
    told.hear("included", 400)
    told.hear("arrived", 400)
    assert told.case.available_fen == 400


def test_the_finance_office_of_the_former_holder_still_pays() -> None:
    told = story_at("planned")
    told.do("escalate", mode="taken_over")
    told.do("fund", by=FINANCE, amount="100万元")
    assert told.case.available_fen == 10**8


def test_an_office_may_hand_down_again_what_it_has_taken_over() -> None:
    told = story_at("handed_down")
    told.do("escalate", mode="taken_over")
    told.do("forward", by=CITY_CLERK, to="620104")
    assert told.case.route == ("620100", "620105", "620100", "620104")
    assert (told.case.holder, told.case.region) == ("620104", "620104")


def test_the_office_where_a_case_begins_and_stays_is_its_pool() -> None:
    told = received_at("620105", "2023-04-26")
    assert told.case.region == "620105"
    told.until("2023-07-01")
    assert (told.case.holder, told.case.region) == ("620100", "620105")


# Late.


def test_only_what_is_recorded_on_a_later_day_is_late() -> None:
    told = story_at("objected").on("2023-06-06")
    happened = told.away_until("2023-06-06")
    facts = [(event.kind, event.fact.late) for event in happened if isinstance(event.fact, e.OfDuty)]
    assert facts == [("deadline_near", True), ("deadline_lapsed", False), ("notice_issued", False)]


def test_the_documents_of_what_is_late_are_of_the_day_on_which_they_are_made() -> None:
    told = story_at("objected")
    happened = told.away_until("2024-01-10")
    (takeover,) = [paper for paper in papers_of(happened) if paper.duty == "verification"]
    assert (takeover.notice, takeover.reply_by) == ("takeover", date(2024, 1, 17))
    assert {paper.deliver_at for paper in papers_of(happened)} == {business_instant(date(2024, 1, 10), 10)}
    assert all("〔2024〕" in paper.number for paper in papers_of(happened))
    assert {event.on for event in happened if event.kind == "notice_issued"} == {told.today}


@pytest.mark.parametrize(
    "point", ["received", "asked", "handed_down", "forwarded", "acknowledged", "endorsed"]
)
@pytest.mark.parametrize("day", ["2023-05-17", "2023-06-08", "2023-07-04", "2023-08-30", "2024-03-01"])
def test_being_away_changes_nothing_but_when_it_is_written_down(point: str, day: str) -> None:
    there, away = story_at(point), story_at(point)
    assert essence(there.until(day)) == essence(away.away_until(day))
    assert (there.case.mode, there.case.route) == (away.case.mode, away.case.route)
    assert there.case.stages == away.case.stages


@pytest.mark.parametrize(
    "begun", [two_instalments, lambda: story_at("partly_disputed"), lambda: story_at("bonding")]
)
def test_being_away_changes_nothing_where_several_duties_climb(begun: Any) -> None:
    there, away = begun(), begun()
    assert essence(there.until("2024-12-31")) == essence(away.away_until("2024-12-31"))
    assert (there.case.mode, there.case.route) == (away.case.mode, away.case.route)


def test_an_ended_case_rises_no_more() -> None:
    for point in ("closed", "refused", "withdrawn", "judicial", "unfounded"):
        told = story_at(point)
        assert next_at(told.case, told.rules) is None
        assert told.until("2029-01-01") == []


# The spread.


def test_cases_that_fall_due_at_one_instant_are_woken_one_after_another() -> None:
    rules = Story().rules
    delays = [spread(f"QQ-620105-2023-{number:04}", rules) for number in range(200)]
    assert delays == [spread(f"QQ-620105-2023-{number:04}", rules) for number in range(200)]
    assert 0 <= min(delays) < 300
    assert 2700 < max(delays) < 50 * 60
    assert len(set(delays)) > 150


def test_a_pack_may_wake_all_cases_at_once() -> None:
    assert spread(CASE_NO, rules_with(lambda pack: pack.update(spread=0))) == 0


def test_bonds_are_planned_for() -> None:
    told = story_at("planned", plan=bonds_of("400万元"))
    assert isinstance(next_at(told.case, told.rules), datetime)
