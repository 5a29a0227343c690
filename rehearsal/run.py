"""Running a scenario on real servers, its months passing in seconds.

Each workflow has a clock of its own. All clocks are moved together from one stop to the next, so that everything that is due before a
step has happened when the step is taken.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WorkflowHandle

from domain.bonds.batch import BATCH_NO
from domain.bonds.commands import AnyBatchCommand
from domain.calendar import business_instant
from domain.case.casefile import Case
from domain.case.decider import begin, evolve
from domain.case.duties import light_of_case
from domain.case.view import submission_of
from domain.commands import AnyCommand, Approve, Attach, Merge
from domain.evidence import stored_as
from domain.receipt import Registrar
from domain.refusal import Refusal
from domain.value import Light
from office.batches import Batchwork
from office.cases import Casework
from rehearsal.clocks import Clocks, is_busy
from rehearsal.expected import failures
from rehearsal.scenario import Scenario, Step
from runtime.connect import connect_database
from runtime.embedded import throwaway
from runtime.plugin import qingqian_plugin
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from runtime.working import ACTIVITIES_AT_ONCE, NotDrained, end_now, worker_for
from schema import bonds, journal
from schema.migrate import migrate

_OPENING_HOUR, _STEP_HOUR, _LAST_HOUR = 9, 10, 23

Watch = Callable[[date, journal.Entry | None, Light], None]
"""A callback, called with the day of each stop, and with each new journal entry and the light of its case."""


async def rehearse(scenario: Scenario, watch: Watch, settings: Settings = Settings()) -> dict[str, Any]:
    """Run a scenario on servers of its own, with mail and posts as the settings say; returns the JSON of a rehearsal."""
    try:
        with tempfile.TemporaryDirectory(prefix="qingqian-") as folder:
            async with (
                throwaway(Path(folder)) as (address, url),
                connect_database(url, pool=ACTIVITIES_AT_ONCE) as engine,
            ):
                await migrate(engine)
                client = await connect_temporal(address, [qingqian_plugin(engine, settings)])
                async with worker_for(client):
                    return await rehearse_on(client, engine, scenario, watch)
    except NotDrained as held:
        end_now(held)


async def rehearse_on(
    client: Client, engine: AsyncEngine, scenario: Scenario, watch: Watch
) -> dict[str, Any]:
    """Run a scenario on existing servers that support time skipping, with the workers that run there."""
    started = time.perf_counter()
    result = await _Rehearsal(scenario, client, engine, watch).run()
    return result | {"wall_s": round(time.perf_counter() - started, 2)}


class _Rehearsal:
    def __init__(self, scenario: Scenario, client: Client, engine: AsyncEngine, watch: Watch) -> None:
        self._scenario = scenario
        self._client = client
        self._engine = engine
        self._watch = watch
        self._now = business_instant(scenario.starts_on, _OPENING_HOUR)
        self._clocks = Clocks(client)
        self._cases = Casework(client, engine, lambda: self._now)
        self._batches = Batchwork(client, engine, lambda: self._now)
        self._numbers: dict[str, str] = {}
        self._folded: dict[str, Case] = {}
        self._last_id = 0
        self._failures: list[str] = []

    async def run(self) -> dict[str, Any]:
        for day in self._scenario.stops():
            await self._open(day)
            for step in self._scenario.steps:
                if step.on == day:
                    await self._move_to(business_instant(day, _STEP_HOUR))
                    await self._take(step)
        if self._scenario.ends_on:
            await self._move_to(business_instant(self._scenario.ends_on, _LAST_HOUR))
        return await self._result()

    async def _open(self, day: date) -> None:
        """Open the cases and batches of this day at the opening hour, after everything that was due before."""
        scenario, first = self._scenario, self._scenario.starts_on
        cases = [ref for ref, case in scenario.cases.items() if max(case.receipt.received_on, first) == day]
        batches = [ref for ref, batch in scenario.batches.items() if max(batch.opens_on, first) == day]
        if cases or batches:
            await self._move_to(business_instant(day, _OPENING_HOUR))
        for ref in cases:
            await self._register(ref)
        for ref in batches:
            batch_no = await self._batches.open(scenario.batches[ref], scenario.pack(day).allocation_order)
            await self._has_begun(ref, batch_no)
        await self._show(day)

    async def _has_begun(self, ref: str, number: str) -> None:
        self._numbers[ref] = number
        await self._clocks.note(number, self._now)

    async def _register(self, ref: str) -> None:
        """Register a case. A refusal is correct if the scenario expects it."""
        case = self._scenario.cases[ref]
        registrar = Registrar(by=case.by) if case.by else None
        calendar = await self._cases.calendar(case.receipt.received_on)
        rules = self._scenario.pack(self._now.date()).for_case(calendar)
        try:
            opened = await self._cases.open(case.receipt, rules, case.contacts, registrar)
        except Refusal as refusal:
            if refusal.code is not case.refused:
                self._failures.append(f"case {ref}: refused with {refusal.code}: {refusal.detail}")
            return
        if case.refused is not None:
            self._failures.append(f"case {ref}: should have been refused with {case.refused}")
        await self._has_begun(ref, opened.case_no)

    async def _take(self, step: Step) -> None:
        """Take a step. A refusal is correct if the step expects one with that code."""
        number = self._numbers.get(step.ref)
        if number is None:
            return  # The case was refused, which has been reported already.
        refused: Refusal | None = None
        try:
            if isinstance(step.command, AnyBatchCommand):
                await self._batches.carry_out(number, _with_case_no(step.command, self._numbers))
            else:
                await self._carry_out(number, step.command, step.approval)
        except Refusal as refusal:
            refused = refusal
        if refused is None and step.refused is not None:
            self._failures.append(f"{step.path}: should have been refused with {step.refused}")
        elif refused is not None and refused.code is not step.refused:
            self._failures.append(f"{step.path}: refused with {refused.code}: {refused.detail}")
        await self._settle()
        await self._show(step.on)

    async def _carry_out(self, number: str, written: AnyCommand, approval: Approve | None) -> None:
        """Give a case a command; if it was submitted, approve exactly that submission, because another of the same kind may wait."""
        command = _with_numbers(written, number, self._numbers)
        await self._give(number, command)
        if approval is not None:
            shown = await self._cases.show(number, self._now.date())
            no = submission_of(shown, command)
            named = approval if no is None else approval.model_copy(update={"submission": str(no)})
            await self._give(number, named)

    async def _give(self, number: str, command: AnyCommand) -> None:
        """Give a case a command. On an ended case it starts another run, with another clock."""
        known = self._folded.get(number)
        was_over = known is not None and known.is_over
        await self._cases.carry_out(number, command)
        if was_over:
            await self._clocks.note(number, self._now)

    async def _move_to(self, instant: datetime) -> None:
        """Move every workflow's clock forward to a business instant."""
        if instant > self._now:
            await self._clocks.move_all(instant)
            self._now = instant
            await self._settle()
        await self._show(instant.date())

    async def _settle(self) -> None:
        """Wait until no activity, workflow task or bond news is pending."""
        while True:
            async with self._engine.connect() as connection:
                news = await bonds.untaken(connection)
            if not news and not any(
                [is_busy(await self._handle(no).describe()) for no in self._numbers.values()]
            ):
                return
            await asyncio.sleep(0.01)

    def _handle(self, number: str) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(number)

    async def _show(self, day: date) -> None:
        """Report the new journal entries to the callback."""
        async with self._engine.connect() as connection:
            entries = await journal.entries(connection, after_id=self._last_id)
        self._watch(day, None, Light.NONE)
        for entry in entries:
            self._last_id = entry.id
            light = Light.NONE
            if not BATCH_NO.fullmatch(entry.stream):
                known = self._folded.get(entry.stream)
                case = evolve(known, entry.event) if known else begin(entry.stream, [entry.event])
                self._folded[entry.stream] = case
                light = light_of_case(case, entry.event.on)
            self._watch(entry.event.on, entry, light)

    async def _result(self) -> dict[str, Any]:
        last = self._now.date()
        cases, batches = {}, {}
        for ref in self._scenario.cases:
            if (number := self._numbers.get(ref)) is None:
                continue
            described = await self._handle(number).describe()
            cases[ref] = {
                **await self._cases.show(number, last),
                "events": [entry.to_json() for entry in await self._cases.entries(number)],
                "history_events": described.history_length,
            }
        for ref in self._scenario.batches:
            batches[ref] = await self._batches.show(self._numbers[ref])
        self._check(cases | batches)
        return {
            "title": self._scenario.title,
            "ok": not self._failures,
            "failures": self._failures,
            "cases": cases,
            "batches": batches,
            "days": (last - self._scenario.starts_on).days,
        }

    def _check(self, found: dict[str, dict[str, Any]]) -> None:
        for expected in self._scenario.expectations:
            if expected.ref in found:
                self._failures += failures(expected, found[expected.ref][expected.field])


def _with_case_no(command: AnyBatchCommand, numbers: dict[str, str]) -> AnyBatchCommand:
    """Replace the ref of the case to exclude by its number."""
    if command.do == "exclude" and command.case_no in numbers:
        return command.model_copy(update={"case_no": numbers[command.case_no]})
    return command


def _with_numbers(command: AnyCommand, number: str, numbers: dict[str, str]) -> AnyCommand:
    """Replace the refs in a command by numbers: the case to merge into, and the case of a paper."""
    if isinstance(command, Merge) and command.into in numbers:
        return command.model_copy(update={"into": numbers[command.into]})
    if isinstance(command, Attach):
        return command.model_copy(update={"attachment": stored_as(number, command.sha256)})
    return command
