"""An office without workflows: it decides and records by calling the activities directly."""

from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.bonds import BondRecorder, news_of
from activities.record import CaseRecorder
from activities.requests import AllocateRequest, Recorded, RecordRequest
from domain.bonds.batch import Batch, decide_batch, open_batch
from domain.bonds.commands import AnyBatchCommand
from domain.calendar import business_instant
from domain.case.casefile import Case
from domain.case.decider import decide, receive, take_news
from domain.commands import AnyCommand
from domain.events import Event
from domain.facts import BatchAllocated
from office.verification import postings
from schema import bonds, casefiles, journal, ledger, rulebook, streams
from schema.tables import account, registration
from tests.stack import DISTRICT, ORDER, RECEIVED_ON, RULES, batch, receipt


class Paper:
    """Cases and batches with numbers of the test's choice, all at one business instant."""

    def __init__(self, engine: AsyncEngine, client: Client | None = None) -> None:
        self.engine = engine
        self.now: datetime = business_instant(RECEIVED_ON, 10)
        self._cases, self._bonds = CaseRecorder(engine), BondRecorder(engine)
        self._client = client

    async def receive(self, case_no: str, *orders: AnyCommand, **changes: Any) -> None:
        """Receive a case and carry out commands."""
        await self.record(self.receiving(case_no, **changes))
        for order in orders:
            await self.record(await self.deciding(case_no, order))

    def receiving(self, case_no: str, **changes: Any) -> RecordRequest:
        """The request that records the receipt of a case."""
        received = receive(case_no, receipt(**changes), RULES, self.now)
        return RecordRequest(stream=case_no, first_seq=1, events=tuple(received))

    async def deciding(self, case_no: str, order: AnyCommand) -> RecordRequest:
        """The request that records a command to the case as it is now."""
        case = await self.case(case_no)
        events = tuple(decide(case, order, RULES, self.now))
        return RecordRequest(stream=case_no, first_seq=case.seq + 1, events=events)

    async def record(self, request: RecordRequest) -> Recorded:
        """Run the activity that records a case, after registering its number."""
        if request.first_seq == 1:
            await self._register(request.stream)
        return await ActivityEnvironment(self._client).run(self._cases.record_case, request)

    async def _register(self, case_no: str) -> None:
        """Register the number of a case, unless it is, with the rules of all tests."""
        async with self.engine.begin() as connection:
            row = {
                "case_no": case_no,
                "office": case_no,
                "year": 2023,
                "number": 1,
                "access_code_hash": "hash",
            }
            row["rules_digest"] = await rulebook.keep(connection, RULES)
            await connection.execute(insert(registration).values(row).on_conflict_do_nothing())

    async def case(self, case_no: str) -> Case:
        """The case on record."""
        async with self.engine.connect() as connection:
            stored = await casefiles.load_case(connection, case_no)
        assert stored is not None
        return stored[0]

    async def open_batch(
        self, batch_no: str, quota: str, office: str = DISTRICT, kind: str = "general"
    ) -> None:
        """Open a bond batch."""
        opened = open_batch(batch(quota, office=office, kind=kind), ORDER, self.now)
        await self._record_batch(RecordRequest(stream=batch_no, first_seq=1, events=(opened,)))

    async def act_on(self, batch_no: str, order: AnyBatchCommand) -> None:
        """Carry out a command to a batch."""
        known = await self.batch(batch_no)
        events = tuple(decide_batch(known, order, self.now))
        await self._record_batch(RecordRequest(stream=batch_no, first_seq=known.seq + 1, events=events))

    async def _record_batch(self, request: RecordRequest) -> None:
        await ActivityEnvironment().run(self._bonds.record_batch, request)

    async def allocate(self, batch_no: str, first_seq: int = 2) -> BatchAllocated:
        """Run the activity that allocates a batch. `first_seq` is the number of the allocation's entry."""
        nothing = BatchAllocated(requests=0, requested_fen=0, allocated_fen=0)
        event = Event.model_validate(
            {"at": self.now, "on": self.now.date(), "by": "system", "fact": nothing.model_dump()}
        )
        request = AllocateRequest(batch_no=batch_no, first_seq=first_seq, event=event)
        (allocated,) = (await ActivityEnvironment().run(self._bonds.allocate, request)).instead
        assert isinstance(allocated.fact, BatchAllocated)
        return allocated.fact

    async def tell(self, batch_no: str) -> int:
        """Run the activity that informs the cases by signals to their workflows."""
        return await ActivityEnvironment(self._client).run(self._bonds.tell, batch_no)

    async def deliver(self, batch_no: str) -> None:
        """Have the cases take the news of a batch, as their workflows do when they are informed."""
        async with self.engine.connect() as connection:
            untold = await bonds.untold(connection, batch_no, 100)
        for told in untold:
            await self.take(batch_no, told)

    async def take(self, batch_no: str, told: bonds.BondNews) -> None:
        """Have a case take one piece of news."""
        news = news_of(batch_no, (await self.batch(batch_no)).kind, told)
        case = await self.case(told.case_no)
        if events := tuple(take_news(case, news, RULES, self.now).events):
            await self.record(RecordRequest(stream=told.case_no, first_seq=case.seq + 1, events=events))

    async def batch(self, batch_no: str) -> Batch:
        """The batch on record."""
        async with self.engine.connect() as connection:
            stored = await casefiles.load_batch(connection, batch_no)
        assert stored is not None
        return stored[0]

    async def entries(self, stream: str) -> list[journal.Entry]:
        """The journal of a case or batch."""
        async with self.engine.connect() as connection:
            return await journal.entries(connection, stream=stream)

    async def allocated(self, batch_no: str) -> dict[str, int]:
        """The allocated amount of each case, in the order in which they were served."""
        async with self.engine.connect() as connection:
            return {row.case_no: row.allocated_fen for row in await bonds.allocations(connection, batch_no)}

    async def balance(self, account_id: str) -> int:
        """The balance of an account of the ledger, such as `included:QQ-…`."""
        purpose, stream = account_id.split(":", 1)
        async with self.engine.connect() as connection:
            return (await ledger.balances(connection, stream)).get(purpose, (0, 0))[1]

    async def reserved(self, account_id: str) -> int:
        """The part of a balance that is reserved for others."""
        query = select(account.c.debits_pending_fen).where(account.c.id == account_id)
        async with self.engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one_or_none() or 0)

    async def count(self, *tables: Table) -> list[int]:
        """The number of rows of each table."""
        async with self.engine.connect() as connection:
            return [
                int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
                for table in tables
            ]


async def miscounted(connection: AsyncConnection, stream: str) -> list[str]:
    """The accounts of a case or batch whose stored balances `verify` would report as wrong."""
    accounts = {*streams.CASE_ACCOUNTS, *streams.BATCH_ACCOUNTS}
    return [one.subject for one in postings.miscounted(await streams.books(connection, stream, accounts))]
