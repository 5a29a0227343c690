"""青石沟's whole life in history events: in the rehearsal, and as a bare workflow led through the same days.

The bare case takes what ours took: each accepted command as an update and each piece of bond news as a signal, on the same
business instant; between them its clock is moved to the same stops; and it wakes, to record that it did, when ours climbs the
ladder. What is left of the difference is what the engine adds to a history.
"""

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle

from benchmarks.bare import BARE_QUEUE, BareCase
from benchmarks.bare_record import Step
from benchmarks.lives import BareSide, wakes_of
from benchmarks.stack import Bench, bench, connect
from domain.bonds.batch import BATCH_NO
from domain.calendar import business_instant
from domain.case.casefile import Case
from domain.case.decider import begin, evolve
from domain.events import Event
from domain.value import Light
from rehearsal.clocks import Clocks, until_idle
from rehearsal.run import rehearse
from rehearsal.scenario import Scenario, read_scenario
from runtime.working import worker_for
from schema.journal import Entry

SCENARIO: Final = Path(__file__).parent.parent / "examples" / "qingshigou.toml"
_OPENING_HOUR, _STEP_HOUR, _LAST_HOUR = 9, 10, 23


class Taken(NamedTuple):
    """What the case took: a command or, from the system, a piece of news; and how it then stood."""

    on: date
    is_news: bool
    step: Step


class Histories(NamedTuple):
    """Events of one life on both sides, and what the bare one consists of."""

    ours: int
    bare: int
    of_bare: Counter[str]


async def measure() -> Histories:
    """Rehearse the scenario, then lead a bare case through what its case took."""
    scenario = read_scenario(SCENARIO)
    journal: list[Event] = []

    def watch(day: date, entry: Entry | None, light: Light) -> None:
        if entry is not None and not BATCH_NO.fullmatch(entry.stream):
            journal.append(entry.event)

    rehearsed = await rehearse(scenario, watch)
    assert rehearsed["ok"], rehearsed["failures"]
    (ours,) = rehearsed["cases"].values()
    async with (
        bench() as on,
        worker_for(await connect(on.address, on.engine, "bare"), queue=BARE_QUEUE),
    ):
        of_bare = await _lead(on, scenario, _taken(journal))
    return Histories(ours["history_events"], of_bare.total(), of_bare)


def _taken(journal: list[Event]) -> list[Taken]:
    """One item for each command: its events stand together in the journal, with what followed at once."""
    case: Case | None = None
    taken: dict[str, Taken] = {}
    latest, at = "received", journal[0].at
    for event in journal:
        case = evolve(case, event) if case else begin("bare", [event])
        if event.command_id is not None:
            latest, at = event.command_id, event.at
        elif event.at != at:
            continue
        step = Step(step_id=latest, wakes=wakes_of(case), is_last=case.ended is not None)
        is_news = taken[latest].is_news if latest in taken else str(event.by) == "system"
        taken[latest] = Taken(event.on, is_news, step)
    return list(taken.values())


def _stops(scenario: Scenario) -> list[datetime]:
    """The instants to which a rehearsal moves the clocks, after the one at which it starts."""
    stops = {business_instant(scenario.starts_on, _OPENING_HOUR)}
    stops |= {business_instant(step.on, _STEP_HOUR) for step in scenario.steps}
    if scenario.ends_on:
        stops.add(business_instant(scenario.ends_on, _LAST_HOUR))
    return sorted(stops)


async def _lead(on: Bench, scenario: Scenario, taken: list[Taken]) -> Counter[str]:
    received, *rest = taken
    first, *stops = _stops(scenario)
    side = BareSide(on, [received.step])
    handle = on.client.get_workflow_handle(await side.open(first))
    clocks = Clocks(on.client)
    await clocks.note(handle.id, first)
    for stop in stops:
        if not rest:
            break
        await clocks.move_all(stop)
        while rest and stop == business_instant(rest[0].on, _STEP_HOUR):
            await _take(handle, rest.pop(0))
    assert await handle.result() == len(taken)
    history = await handle.fetch_history()
    return Counter(
        EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower() for event in history.events
    )


async def _take(handle: WorkflowHandle[Any, Any], taken: Taken) -> None:
    if taken.is_news:
        await handle.signal(BareCase.news, taken.step)
    else:
        await handle.execute_update(BareCase.act, taken.step, id=taken.step.step_id)
    await until_idle(handle)
