"""Verifying that record and Temporal agree on every case and batch, to the fen, in both directions, while people work.

Nothing is locked. For each number the record is read first, in one snapshot, and Temporal after it; whatever happened in between is no
difference. If Temporal knows more than was read, the record is read once more. A difference is confirmed by looking again after a
moment, and reported only if it persists.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio.client import Client

from office.evidence.store import Papers
from office.verification.batches import batch_of_record
from office.verification.cases import case_of_record
from office.verification.differences import Difference, Found, Remedy
from office.verification.histories import acknowledged, flow_of, history, standing, unrecorded
from office.verification.journal import Examined, broken_chain, tampered, unclaimed
from office.verification.papers import altered_papers
from schema import journal, streams, tallies

Watch = Callable[[int, int], None]
"""A callback for progress: how many numbers have been examined, and how many there are."""

_AT_ONCE: Final = 8
"""How many numbers are examined at a time, each with a connection to PostgreSQL and calls to Temporal."""

_PAGE: Final = 200

AGAIN_AFTER: Final = (0.5, 2.5)
"""The seconds after which a difference is examined again; longer than it takes to start the workflow of a new number."""

_WORKFLOWS: Final = "WorkflowType IN ('ArrearsCase', 'BondBatch') AND ExecutionStatus != 'ContinuedAsNew'"
_BATCH: Final = "BB-"


async def verify(
    client: Client,
    engine: AsyncEngine,
    numbers: Sequence[str] = (),
    watch: Watch | None = None,
    papers: Papers | None = None,
) -> dict[str, Any]:
    """Compare record and Temporal for the given cases and batches, by default for all that have left any trace, and their papers with
    the store if one is given.

    Returns:
        `{ok, cases, batches, differences, remedies}`: `differences` are sentences; `remedies` has `{stream, part, found, message,
            detail}` for each, in the same order, where the last two say what to do.
    """
    verification = _Verification(client, engine, papers)
    if numbers:
        looked_at, found = await verification.of_some(list(dict.fromkeys(numbers)))
    else:
        looked_at, found = await verification.of_all(watch)
    return {
        "ok": not found,
        "cases": looked_at.cases,
        "batches": looked_at.batches,
        "differences": [str(one) for one in found],
        "remedies": [one.to_json() for one in found],
    }


class _LookedAt(NamedTuple):
    cases: int = 0
    batches: int = 0

    def plus(self, numbers: Iterable[str]) -> "_LookedAt":
        batches = [number.startswith(_BATCH) for number in numbers]
        return _LookedAt(self.cases + batches.count(False), self.batches + batches.count(True))


class _Verification:
    """One comparison of record and Temporal."""

    def __init__(self, client: Client, engine: AsyncEngine, papers: Papers | None) -> None:
        self._client, self._papers = client, papers
        self._engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def of_some(self, numbers: list[str]) -> tuple[_LookedAt, list[Found]]:
        """Examine the given numbers."""
        async with self._engine.connect() as connection:
            known = await streams.traced(connection, numbers)
        unknown = [Found(number, _UNKNOWN) for number in numbers if number not in known]
        chosen = [number for number in numbers if number in known]
        return _LookedAt().plus(chosen), unknown + await self._confirmed(await self._look(chosen))

    async def of_all(self, watch: Watch | None) -> tuple[_LookedAt, list[Found]]:
        """Examine all numbers, accounts and tallies of the record, and all workflows."""
        looked_at = _LookedAt()
        suspects: list[Found] = []
        async with self._engine.connect() as connection:
            total = await streams.count(connection)
        async for numbers in streams.pages(self._engine):
            suspects += await self._look(numbers)
            looked_at = looked_at.plus(numbers)
            if watch:
                watch(sum(looked_at), total)
        found = await self._confirmed(suspects)
        return looked_at, found + await self._accounts() + await self._tallies() + await self._workflows()

    async def _confirmed(self, suspects: list[Found]) -> list[Found]:
        """The differences that persist after a moment, and after another."""
        for seconds in AGAIN_AFTER:
            if not suspects:
                break
            await asyncio.sleep(seconds)
            before = defaultdict(set)
            for one in suspects:
                before[one.stream].add((one.difference.part, one.difference.subject))
            suspects = [
                one
                for one in await self._look(list(before))
                if (one.difference.part, one.difference.subject) in before[one.stream]
            ]
        return suspects

    async def _look(self, numbers: Sequence[str]) -> list[Found]:
        """The present differences, in the order of the numbers."""

        async def look(number: str) -> list[Found]:
            async with self._room:
                return [Found(number, difference) for difference in await self._differences(number)]

        return [found for of_one in await asyncio.gather(*map(look, numbers)) for found in of_one]

    async def _differences(self, number: str) -> list[Difference]:
        async with self._engine.connect() as connection:
            snapshot = await _snapshot(connection, number)
        flow = await flow_of(self._client, number, snapshot.run_ids)
        entries = snapshot.entries
        differences = snapshot.told.differences + history(entries, flow)
        if (last_seq := len(entries)) < acknowledged(flow):
            last_seq = await self._last_seq(number)
        differences += unrecorded(last_seq, flow)
        differences += standing(flow, is_open=snapshot.told.is_open)
        if self._papers is not None:
            differences += await altered_papers(self._papers, entries)
        if snapshot.is_blank and not flow.is_running and not differences:
            differences.append(_NEVER_OPENED)
        return differences

    async def _last_seq(self, number: str) -> int:
        async with self._engine.connect() as connection:
            return await journal.last_seq(connection, number)

    async def _accounts(self) -> list[Found]:
        """Accounts that belong to no case and no batch. One look in one snapshot is enough."""
        async with self._engine.connect() as connection:
            accounts = await streams.strangers(connection)
        return [Found(account, _NOBODYS_ACCOUNT) for account in accounts]

    async def _tallies(self) -> list[Found]:
        """Offices whose overviews differ from the sums of their cases. One look in one snapshot is enough."""
        async with self._engine.connect() as connection:
            offices = await tallies.differing(connection)
        return [Found(office, _MISCOUNTED) for office in offices]

    async def _workflows(self) -> list[Found]:
        """Workflows with a number that was never given. One look is enough, because a number is given before its workflow starts."""
        found = []
        async for numbers in self._started():
            async with self._engine.connect() as connection:
                numbered = await streams.numbered(connection, numbers)
            found += [Found(number, _NOBODYS_WORKFLOW) for number in numbers if number not in numbered]
        return found

    async def _started(self) -> AsyncIterator[list[str]]:
        numbers: dict[str, None] = {}
        async for run in self._client.list_workflows(_WORKFLOWS):
            numbers[run.id] = None
            if len(numbers) == _PAGE:
                yield list(numbers)
                numbers.clear()
        yield list(numbers)


class _Snapshot(NamedTuple):
    """The record's content for a number at one moment.

    Attributes:
        is_blank: Whether there is nothing but the number. That is no difference as long as a workflow is about to record something.
        entries: The journal, if its chain is intact.
    """

    is_blank: bool
    entries: Sequence[journal.Entry]
    told: Examined
    run_ids: Sequence[str]


async def _snapshot(connection: AsyncConnection, number: str) -> _Snapshot:
    is_numbered = bool(await streams.numbered(connection, [number]))
    differences = [] if is_numbered else [_NOT_NUMBERED]
    effects = await journal.effects(connection, number)
    run_ids = list(dict.fromkeys(effect.run_id for effect in effects))
    try:
        entries = await journal.entries(connection, stream=number)
    except ValidationError:
        broken = [tampered("an entry cannot be read")]
    else:
        broken = broken_chain(entries)
    if broken:
        return _Snapshot(False, (), Examined(differences + broken, is_open=False), run_ids)
    of_record = batch_of_record if number.startswith(_BATCH) else case_of_record
    told = await of_record(connection, number, entries)
    differences += unclaimed(entries, effects) + told.differences
    is_blank = is_numbered and not entries and not differences
    return _Snapshot(is_blank, entries, Examined(differences, told.is_open), run_ids)


_UNKNOWN: Final = Difference("", "unknown", "there is no such case or batch", Remedy.UNKNOWN)
_NOT_NUMBERED: Final = Difference(
    "number", "not given", "it is on record, and the number was never given", Remedy.UNNUMBERED
)
_NEVER_OPENED: Final = Difference(
    "number",
    "never opened",
    "the number was given, and nothing was ever recorded under it",
    Remedy.NEVER_OPENED,
)
_NOBODYS_ACCOUNT: Final = Difference(
    "ledger", "account", "the account belongs to no case and no batch", Remedy.TAMPERED
)
_MISCOUNTED: Final = Difference(
    "tallies", "sums", "what overviews add up is not what the office's cases say", Remedy.TALLIES
)
_NOBODYS_WORKFLOW: Final = Difference(
    "workflow", "not given", "it has a workflow, and the number was never given", Remedy.UNNUMBERED
)
