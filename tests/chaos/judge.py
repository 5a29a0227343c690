"""The judge: what must hold when everything is quiet again, whatever was killed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.facts import OfDuty
from schema import casefiles, journal, ledger
from schema.journal import Entry
from schema.tables import account, effect, event, incident
from tests.chaos.lives import Life
from tests.chaos.model import CEILING, LADDER, RUNGS, Plot, end_of
from tests.chaos.people import Given


class Findings:
    """The findings of the judge.

    Attributes:
        lost: Commands that were acknowledged and are not on record.
        doubled: Commands, and levels of a duty, that are on record twice.
        found: Commands that are on record without having been acknowledged.
        faults: Everything that is wrong, in words.
    """

    def __init__(self) -> None:
        self.lost = 0
        self.doubled = 0
        self.found = 0
        self.faults: list[str] = []

    async def look(self, engine: AsyncEngine, given: Sequence[Given], lives: Sequence[Life]) -> None:
        """Examine the whole record."""
        async with engine.connect() as connection:
            entries = await journal.entries(connection)
            of = {stream: list(own) for stream, own in groupby(sorted(entries, key=_place), key=_stream)}
            self._commands(of, given)
            for stream, own in of.items():
                self._levels(stream, own)
            for life in lives:
                await self._end(connection, life)
                self._ladder(life, of[life.number], max(one.since for one in lives))
            await self._ledger(connection)
            for row in await connection.execute(select(incident)):
                self.faults.append(f"an incident: {row.stream} {row.subject} {row.what}: {row.reason}")

    def _commands(self, of: dict[str, list[Entry]], given: Iterable[Given]) -> None:
        """An acknowledged command is on record once; another one once or not at all; a stranger's never."""
        times = Counter[tuple[str, str]]()
        for stream, own in of.items():
            times.update((stream, key) for key, _ in groupby(own, key=_key) if key)
        for one in given:
            count = times[one.stream, one.key]
            self.found += count > 0 and not one.is_acknowledged
            if count > 1:
                self.doubled += 1
                self.faults.append(f"doubled: {one.stream} {one.key} is on record {count} times")
            if count == 0 and one.is_acknowledged:
                self.lost += 1
                self.faults.append(f"lost: {one.stream} {one.key} was acknowledged")
        self.faults += [f"{stream}: {key} is on record" for stream, key in times if key.endswith("/stranger")]

    def _levels(self, stream: str, own: Iterable[Entry]) -> None:
        """No duty reaches a level twice."""
        facts = [entry.event.fact for entry in own]
        reached = Counter(
            (fact.kind, fact.key, fact.level) for fact in facts if isinstance(fact, OfDuty) and fact.key
        )
        for rung, count in reached.items():
            if count > 1:
                self.doubled += 1
                self.faults.append(f"doubled: {stream} reached {rung} {count} times")

    def _ladder(self, life: Life, own: Iterable[Entry], last_wave: date) -> None:
        """A silent case has climbed every rung, and has passed its ceiling if another wave followed."""
        if life.plan.plot not in LADDER:
            return
        facts = [entry.event.fact for entry in own]
        duty = LADDER[life.plan.plot]
        reached = {
            (fact.kind, fact.level)
            for fact in facts
            if isinstance(fact, OfDuty) and fact.duty == duty and fact.kind != "notice_issued"
        }
        has_ceiling = life.plan.plot is Plot.SILENT and life.since < last_wave
        if reached != (RUNGS | {CEILING} if has_ceiling else RUNGS):
            self.faults.append(f"{life.number} reached {sorted(map(str, reached))}")

    async def _end(self, connection: AsyncConnection, life: Life) -> None:
        """The case ends as the model says, and the ledger has the money there."""
        stored = await casefiles.load_case(connection, life.number)
        assert stored is not None
        case, wanted = stored[0], end_of(life.plan, life.share)
        ends = (case.stage.value, case.cleared_fen, case.outstanding_fen)
        if ends != (wanted.stage, wanted.cleared, wanted.outstanding):
            self.faults.append(f"{life.number} ({life.plan.plot}) ends {ends}, not {wanted}")
        if wanted.mode is not None and case.mode != wanted.mode:
            self.faults.append(f"{life.number} ({life.plan.plot}) is {case.mode}, not {wanted.mode}")
        _, received = (await ledger.balances(connection, life.number)).get("received", (0, 0))
        if received != wanted.cleared:
            self.faults.append(f"{life.number}: the creditor has {received} fen, not {wanted.cleared}")

    async def _ledger(self, connection: AsyncConnection) -> None:
        """The sum of all balances is zero."""
        query = select(func.sum(account.c.credits_fen - account.c.debits_fen))
        if total := (await connection.execute(query)).scalar_one():
            self.faults.append(f"the balances add up to {total} fen")


async def effects(engine: AsyncEngine) -> tuple[int, int]:
    """The number of effects that commands had, and of journal entries."""
    async with engine.connect() as connection:
        commanded = select(func.count()).where(effect.c.command_id.is_not(None))
        counts = [
            await connection.execute(query) for query in (commanded, select(func.count()).select_from(event))
        ]
        return counts[0].scalar_one(), counts[1].scalar_one()


def _stream(entry: Entry) -> str:
    return entry.stream


def _place(entry: Entry) -> tuple[str, int]:
    return entry.stream, entry.seq


def _key(entry: Entry) -> str | None:
    return entry.event.key
