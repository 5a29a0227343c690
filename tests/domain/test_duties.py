"""Every duty's owner, day zero, last day and lights, by the contract's table and the calendar of 2023."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.case.casefile import Case
from domain.case.duties import light_of, light_of_case
from domain.case.view import case_json
from domain.duty import Duty, DutyKind
from domain.value import Light
from tests.domain.story import CITY_CLERK, Story, bonds_of, story_at


@pytest.mark.parametrize(
    ("point", "kind", "subject", "owner", "opened", "due", "raw"),
    [
        ("received", "intake", None, "clerk", "2023-04-26", "2023-05-12", "2023-05-12"),
        ("asked", "correction", None, "creditor", "2023-04-26", "2023-05-06", "2023-05-06"),
        ("accepted", "transfer", None, "clerk", "2023-04-27", "2023-05-15", "2023-05-15"),
        ("handed_down", "verification", None, "clerk", "2023-05-05", "2023-06-05", "2023-06-04"),
        ("forwarded", "acknowledgement", None, "debtor", "2023-05-16", "2023-05-19", "2023-05-19"),
        ("forwarded", "response", None, "debtor", "2023-05-16", "2023-05-31", "2023-05-31"),
        ("acknowledged", "verification", None, "clerk", "2023-05-05", "2023-06-05", "2023-06-04"),
        ("recognised", "endorsement", None, "creditor", "2023-05-24", "2023-05-31", "2023-05-31"),
        ("partly_disputed", "dispute", None, "clerk", "2023-05-29", "2023-08-28", "2023-08-27"),
        ("endorsed", "funding", None, "debtor", "2023-05-29", "2023-06-28", "2023-06-28"),
        ("bonding", "bonding", None, "finance", "2023-06-26", "2023-10-24", "2023-10-24"),
        ("planned", "instalment", "1", "debtor", "2023-06-26", "2023-09-28", "2023-09-28"),
        ("reported", "confirmation", "PZ-1", "creditor", "2023-07-20", "2023-07-27", "2023-07-27"),
        ("disputed", "answer", "PZ-1", "debtor", "2023-07-20", "2023-07-27", "2023-07-27"),
        ("cleared", "review", None, "clerk", "2023-07-21", "2023-08-04", "2023-08-04"),
        ("proposed", "gate", "interview", "head", "2023-06-19", "2023-06-27", "2023-06-27"),
        ("referral", "gate", "referred", "head", "2023-07-18", "2023-07-25", "2023-07-25"),
    ],
)
def test_a_duty_has_an_owner_and_a_day(
    point: str, kind: str, subject: str | None, owner: str, opened: str, due: str, raw: str
) -> None:
    told = story_at(point)
    duty = told.duty(kind, subject)
    days = (duty.opened_on.isoformat(), duty.due_on.isoformat(), duty.due_raw.isoformat())
    assert (duty.owner.value, days) == (owner, (opened, due, raw))
    assert duty.basis in [basis.text for basis in told.rules.duties[duty.duty].basis]
    assert (duty.calendar, duty.provisional) == (told.rules.calendar.version, False)


def test_the_intake_clock_stands_still_while_a_correction_is_awaited() -> None:
    told = Story().on("2023-04-27")
    told.do("request_correction")
    told.on("2023-05-05").do("supply_correction")
    assert told.duty("intake").due_on == date(2023, 5, 17)
    told.on("2023-05-08").do("request_correction")
    told.on("2023-05-10").do("supply_correction")
    assert told.duty("intake").due_on == date(2023, 5, 19)
    assert told.duty("intake").opened_on == date(2023, 4, 26)


def test_a_correction_supplied_on_the_same_day_stops_nothing() -> None:
    told = Story()
    told.do("request_correction")
    told.do("supply_correction")
    assert told.duty("intake").due_on == date(2023, 5, 12)


def test_the_verification_clock_goes_on_after_an_objection() -> None:
    told = story_at("recognised")
    told.do("object")
    assert told.duty("verification").due_on == date(2023, 6, 5)


def test_a_denied_payment_is_answered_for_from_the_day_of_the_denial() -> None:
    told = story_at("closed").on("2023-08-01")
    told.do("reopen", voucher="PZ-1")
    assert (told.duty("answer", "PZ-1").opened_on, told.duty("answer", "PZ-1").due_on) == (
        date(2023, 8, 1),
        date(2023, 8, 8),
    )


def test_a_call_back_that_finds_the_amount_wrong_starts_a_new_verification() -> None:
    told = story_at("cleared").on("2023-07-25")
    told.do("call_back", satisfied="no", note="漏计")
    assert told.duty("verification").opened_on == date(2023, 7, 25)


def test_a_duty_whose_last_day_no_notice_covers_is_provisional() -> None:
    receipt = Story().case.receipt.model_copy(update={"received_on": date(2026, 12, 25)})
    told = Story(receipt, on="2026-12-25")
    assert (told.duty("intake").due_on, told.duty("intake").provisional) == (date(2027, 1, 11), True)


def test_a_plan_that_is_revised_on_its_day_moves_its_instalments() -> None:
    told = story_at("planned")
    (revised,) = told.do("plan", reason="笔误", **_paid_on("2023-10-31"))
    assert told.duty("instalment", "1").due_on == date(2023, 10, 31)
    assert (revised.redated, revised.opened, revised.met) == ((told.duty("instalment", "1"),), (), ())


def test_a_day_that_the_plan_names_is_provisional_beyond_the_calendar() -> None:
    days = [f"{year}-03-01" for year in range(2024, 2028)]
    told = story_at("planned", plan={"instalments": [{"due_on": day, "amount": "100万元"} for day in days]})
    assert [told.duty("instalment", no).provisional for no in "1234"] == [False, False, False, True]
    assert told.duty("instalment", "4").due_on == date(2027, 3, 1)


def _paid_on(day: str) -> dict[str, Any]:
    return {"instalments": [{"due_on": day, "amount": "400万元"}]}


def test_an_event_names_the_duties_it_opened_and_met() -> None:
    told = story_at("recognised")
    (event,) = told.do("endorse")
    assert [duty.duty.value for duty in event.opened] == ["funding"]
    assert [key.duty.value for key in event.met] == ["endorsement"]


def test_only_the_last_event_of_a_command_names_duties() -> None:
    first, last = story_at("endorsed").do("plan", **bonds_of("400万元"))
    assert (first.opened, first.met) == ((), ())
    assert [duty.duty.value for duty in last.opened] == ["bonding", "instalment"]


def _lights(duty: Duty, first: str, last: str) -> list[str]:
    day, shown = date.fromisoformat(first), []
    while day <= date.fromisoformat(last):
        shown.append(light_of(duty, day).value)
        day += timedelta(days=1)
    return shown


def test_an_office_s_light_turns_blue_yellow_and_red() -> None:
    verification = story_at("acknowledged").duty("verification")
    assert _lights(verification, "2023-05-30", "2023-06-09") == [
        "none",
        *["blue"] * 6,
        *["yellow"] * 2,
        *["red"] * 2,
    ]


def test_a_creditor_s_light_stays_yellow() -> None:
    endorsement = story_at("recognised").duty("endorsement")
    assert _lights(endorsement, "2023-05-25", "2023-06-02") == ["none", *["blue"] * 6, *["yellow"] * 2]
    assert light_of(endorsement, date(2029, 1, 1)) is Light.YELLOW
    assert endorsement.light_from(Light.RED) is None


def test_a_duty_says_since_when_it_has_been_lit() -> None:
    verification = story_at("acknowledged").duty("verification")
    days = [verification.light_from(light) for light in (Light.BLUE, Light.YELLOW, Light.RED)]
    assert days == [date(2023, 5, 31), date(2023, 6, 6), date(2023, 6, 8)]


def test_the_light_of_a_case_is_the_worst_of_its_duties() -> None:
    case = story_at("partly_disputed").case
    shown = [light_of_case(case, date(2023, 6, day)).value for day in (24, 25, 28, 29)]
    assert shown == ["none", "blue", "blue", "yellow"]
    assert light_of_case(case, date(2023, 7, 5)) is Light.RED
    assert light_of_case(story_at("closed").case, date(2023, 7, 5)) is Light.NONE


def test_a_suspended_case_keeps_the_light_it_had() -> None:
    told = story_at("objected").on("2023-06-01")
    told.do("suspend")
    assert [light_of_case(told.case, date(2023, month, 1)) for month in (6, 7, 12)] == [Light.BLUE] * 3
    told.on("2023-06-20").do("resume")
    assert light_of_case(told.case, told.today) is Light.BLUE


def _shown(case: Case, day: str) -> tuple[str, str | None, str]:
    shown = case_json(case, date.fromisoformat(day))
    (duty,) = shown["duties"]
    return duty["light"], duty["lapsed_on"], shown["light"]


def test_a_duty_lapses_on_the_day_after_its_last() -> None:
    case = story_at("objected").case
    assert _shown(case, "2023-06-05") == ("blue", None, "blue")
    assert _shown(case, "2023-06-06") == ("yellow", "2023-06-06", "yellow")
    assert _shown(case, "2023-06-08") == ("red", "2023-06-06", "red")


def test_meeting_a_duty_clears_its_light() -> None:
    told = Story().on("2023-06-01")
    assert light_of_case(told.case, told.today) is Light.RED
    told.do("accept", by=CITY_CLERK)
    assert light_of_case(told.case, told.today) is Light.NONE


@pytest.mark.parametrize("unknown", [kind for kind in DutyKind if kind is not DutyKind.INSTALMENT])
def test_rules_that_do_not_know_a_kind_of_duty_owe_the_others(unknown: DutyKind) -> None:
    """A case may carry a pack of an earlier version, and live under code that knows more kinds."""
    known = story_at("cleared").rules
    duties = {kind: rule for kind, rule in known.duties.items() if kind is not unknown}
    told = Story(rules=known.model_copy(update={"duties": duties}))
    told.do("accept", CITY_CLERK)
    told.do("forward", CITY_CLERK, to="debtor")
    told.do("acknowledge")
    assert {duty.duty.value for duty in told.case.duties} == {"verification", "response"} - {unknown}
