"""The forecast: what will happen to a case, and on which day, if nobody acts."""

import json
from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from domain import facts as e
from domain.case.evolve import fold
from domain.case.ladder import forecast, next_at
from domain.case.view import forecast_json
from domain.events import Event
from tests.domain.story import ASIDE, LIFE, UNDECIDED, Story, story_at

FAR = "2030-01-01"
POINTS = ["received", *(step.point for step in LIFE), *ASIDE, *UNDECIDED, "partly_disputed", "bonding"]


def _suspended_for_a_month() -> Story:
    told = story_at("endorsed")
    told.do("suspend", until="2023-06-28")
    return told


def _extended() -> Story:
    told = story_at("objected")
    told.do("extend", duty="verification", days=60)
    return told


def _relieved() -> Story:
    told = story_at("taken_over")
    told.do("relieve", by="head:高@620100")
    return told


def _raised() -> Story:
    told = story_at("recognised")
    told.do("escalate", mode="taken_over")
    return told


@pytest.mark.parametrize(
    "begun",
    [*(partial(story_at, point) for point in POINTS), _suspended_for_a_month, _extended, _relieved, _raised],
    ids=[*POINTS, "suspended_for_a_month", "extended", "relieved", "raised"],
)
def test_the_forecast_is_what_happens_when_nobody_acts(begun: Callable[[], Story]) -> None:
    told = begun()
    before = told.case.model_dump_json()
    foreseen = forecast(told.case, told.rules, told.now)
    assert told.case.model_dump_json() == before
    case = told.case
    assert told.until(FAR) == foreseen
    assert fold(case, foreseen) == told.case
    assert next_at(told.case, told.rules) is None


@pytest.mark.parametrize("day", ["2023-06-05", "2023-06-06", "2023-06-19", "2023-07-04", "2024-01-01"])
def test_the_forecast_holds_on_every_day_of_the_way(day: str) -> None:
    told, whole = story_at("objected"), story_at("objected")
    told.until(day)
    foreseen = forecast(told.case, told.rules, told.now)
    assert whole.until(FAR)[-len(foreseen) :] == foreseen or foreseen == []


def test_a_forecast_begins_with_what_is_not_on_record_yet() -> None:
    told = story_at("objected").on("2023-06-07")
    foreseen = forecast(told.case, told.rules, told.now)
    overdue = [event for event in foreseen if event.at == told.now]
    assert [(event.kind, event.on.isoformat()) for event in overdue] == [
        ("deadline_near", "2023-05-31"),
        ("deadline_lapsed", "2023-06-06"),
        ("notice_issued", "2023-06-07"),
    ]
    assert [event.at for event in foreseen] == sorted(event.at for event in foreseen)


@pytest.mark.parametrize("point", ["closed", "refused", "unfounded", "withdrawn", "judicial"])
def test_there_is_nothing_to_foresee_for_what_stands_still(point: str) -> None:
    told = story_at(point)
    assert forecast(told.case, told.rules, told.now) == []


def test_a_case_that_resumes_by_itself_is_foreseen_to() -> None:
    told = _suspended_for_a_month()
    resumed, near, *_ = forecast(told.case, told.rules, told.now)
    assert (resumed.fact, resumed.on) == (e.Resumed(), date(2023, 6, 28))
    # The funding's 30 days from 29 May all lie after it: the last is Friday 28 July.
    assert (near.kind, near.on) == ("deadline_near", date(2023, 7, 25))


def test_an_answer_changes_what_is_foreseen() -> None:
    told = story_at("acknowledged")
    silent = forecast(told.case, told.rules, told.now)
    told.do("recognise", as_of="2023-05-17")
    answered = forecast(told.case, told.rules, told.now)
    for foreseen, duties in ((silent, {"response", "verification"}), (answered, {"verification"})):
        pressed = {event.fact.duty for event in foreseen if isinstance(event.fact, e.Escalated)}
        assert pressed == duties


def test_a_forecast_is_shown_with_what_no_notice_covers_yet() -> None:
    told = story_at("objected")
    shown = forecast_json(forecast(told.case, told.rules, told.now), date(2023, 6, 7))
    assert json.loads(json.dumps(shown)) == shown
    prompt, lapsed, red = shown[0], shown[2], shown[4]
    assert (prompt["on"], prompt["at"], prompt["kind"]) == (
        "2023-05-31",
        "2023-05-31T09:00:00+08:00",
        "deadline_near",
    )
    assert (lapsed["data"]["duty"], lapsed["data"]["level"]) == ("verification", "lapsed")
    assert [one["provisional"] for one in (prompt, lapsed, red)] == [False, False, True]


def test_a_forecast_can_be_written_down() -> None:
    told = story_at("objected")
    for event in forecast(told.case, told.rules, told.now):
        assert Event.model_validate(json.loads(json.dumps(event.model_dump(mode="json")))) == event
