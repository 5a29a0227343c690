"""Every duty's owner, day zero, last day and lights, by the contract's table and the calendar of 2023."""

from datetime import date, timedelta

import pytest

from domain.casefile import Case
from domain.duties import Duty, light_of, next_change, worst_light
from domain.value import Light
from domain.view import case_json
from tests.domain.story import CITY_CLERK, Story, bonds_of, story_at


@pytest.mark.parametrize(
    ("point", "kind", "subject", "owner", "opened", "due", "raw"),
    [
        ("received", "intake", None, "clerk", "2023-04-26", "2023-05-12", "2023-05-12"),
        ("asked", "correction", None, "creditor", "2023-04-26", "2023-05-06", "2023-05-06"),
        ("accepted", "transfer", None, "clerk", "2023-04-27", "2023-05-15", "2023-05-15"),
        ("handed_down", "transfer", None, "clerk", "2023-04-27", "2023-05-15", "2023-05-15"),
        ("forwarded", "acknowledgement", None, "debtor", "2023-04-28", "2023-05-06", "2023-05-06"),
        ("acknowledged", "verification", None, "debtor", "2023-05-05", "2023-06-05", "2023-06-04"),
        ("recognised", "endorsement", None, "creditor", "2023-05-24", "2023-05-31", "2023-05-31"),
        ("partly_disputed", "dispute", None, "clerk", "2023-05-29", "2023-08-28", "2023-08-27"),
        ("endorsed", "funding", None, "debtor", "2023-05-29", "2023-06-28", "2023-06-28"),
        ("bonding", "bonding", None, "finance", "2023-06-26", "2023-10-24", "2023-10-24"),
        ("planned", "instalment", "1", "debtor", "2023-06-26", "2023-09-28", "2023-09-28"),
        ("reported", "confirmation", "PZ-1", "creditor", "2023-07-20", "2023-07-27", "2023-07-27"),
        ("disputed", "answer", "PZ-1", "debtor", "2023-07-20", "2023-07-27", "2023-07-27"),
        ("cleared", "review", None, "clerk", "2023-07-21", "2023-08-04", "2023-08-04"),
    ],
)
def test_a_duty_has_an_owner_and_a_day(
    point: str, kind: str, subject: str | None, owner: str, opened: str, due: str, raw: str
) -> None:
    told = story_at(point)
    duty = told.duty(kind, subject)
    days = (duty.opened_on.isoformat(), duty.due_on.isoformat(), duty.due_raw.isoformat())
    assert (duty.owner.value, days) == (owner, (opened, due, raw))
    assert duty.basis == told.rules.duties[duty.duty].basis
    assert (duty.calendar, duty.provisional) == ("chinesecalendar-2026", False)


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
    assert (told.duty("intake").due_on, told.duty("intake").provisional) == (date(2027, 1, 8), True)


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


def test_a_debtor_s_light_turns_blue_yellow_and_red() -> None:
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
    assert endorsement.red_on is None


def test_the_light_of_a_case_is_the_worst_of_its_duties() -> None:
    told = story_at("partly_disputed")
    duties = told.case.duties
    shown = [worst_light(duties, date(2023, 6, day)).value for day in (24, 25, 28, 29)]
    assert shown == ["none", "blue", "blue", "yellow"]
    assert worst_light(duties, date(2023, 7, 5)) is Light.RED
    assert worst_light((), date(2023, 7, 5)) is Light.NONE


def test_lights_change_by_themselves_on_days_that_are_known_before() -> None:
    duties, day, seen = story_at("acknowledged").case.duties, date(2023, 5, 5), []
    while (following := next_change(duties, day)) is not None:
        assert worst_light(duties, following - timedelta(days=1)) is worst_light(duties, day)
        day = following
        seen.append((day.isoformat(), worst_light(duties, day).value))
    assert seen == [("2023-05-31", "blue"), ("2023-06-06", "yellow"), ("2023-06-08", "red")]
    assert next_change((), day) is None


def test_a_creditor_s_light_changes_twice() -> None:
    duties = story_at("recognised").case.duties
    assert next_change(duties, date(2023, 5, 24)) == date(2023, 5, 26)
    assert next_change(duties, date(2023, 5, 26)) == date(2023, 6, 1)
    assert next_change(duties, date(2023, 6, 1)) is None


def _shown(case: Case, day: str) -> tuple[str, str | None, str]:
    shown = case_json(case, date.fromisoformat(day))
    (duty,) = shown["duties"]
    return duty["light"], duty["lapsed_on"], shown["light"]


def test_a_duty_lapses_on_the_day_after_its_last() -> None:
    case = story_at("acknowledged").case
    assert _shown(case, "2023-06-05") == ("blue", None, "blue")
    assert _shown(case, "2023-06-06") == ("yellow", "2023-06-06", "yellow")
    assert _shown(case, "2023-06-08") == ("red", "2023-06-06", "red")


def test_meeting_a_duty_clears_its_light() -> None:
    told = Story().on("2023-06-01")
    assert worst_light(told.case.duties, told.today) is Light.RED
    told.do("accept", by=CITY_CLERK)
    assert worst_light(told.case.duties, told.today) is Light.NONE
