"""Shared by the tests: the servers, a clearing office (`Desk`) on its own database and namespace, and the usual commands."""

import asyncio
import itertools
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any, Final

import pytest
from google.protobuf.duration_pb2 import Duration
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from temporalio.api.enums.v1 import EventType, IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError

from domain.bonds.commands import AnyBatchCommand, BatchOpening, read_batch_command
from domain.calendar import business_instant
from domain.commands import AnyCommand, read_command
from domain.events import Event
from domain.money import PEOPLE, parse_money
from domain.receipt import Receipt
from domain.rules import Rules
from office.batches import Batchwork
from office.calendar.loading import published_calendar
from office.cases import Casework
from office.packs import load_pack
from rehearsal.clocks import Clocks, until_idle
from runtime.connect import database_url
from runtime.embedded import SEARCH_ATTRIBUTES
from runtime.plugin import qingqian_plugin
from schema import journal

DISTRICT, CITY = "620105", "620100"
RECEIVED_ON: Final = date(2023, 4, 26)
RULES: Final[Rules] = load_pack("gansu").asking().for_case(published_calendar(RECEIVED_ON))
PROMPT: Final = RULES.model_copy(update={"spread": 0})
"""Rules without `spread`: a case wakes exactly when something is due."""

ORDER: Final = load_pack("gansu").allocation_order
CLERK, HEAD, FINANCE = f"clerk:李敏@{DISTRICT}", f"head:孙@{DISTRICT}", f"finance:钱@{DISTRICT}"
SUPERIOR: Final = "head:高@620100"

_TEMPLATE = "record"
_numbers = itertools.count(1)


class Servers:
    """The two servers of a test session, on which each test gets a database and a namespace that nobody else uses.

    A database is copied from one that has been migrated once; a namespace is registered with the operators' search attributes.
    """

    def __init__(self, temporal_address: str, postgres_url: str) -> None:
        self.address = temporal_address
        self._url = make_url(postgres_url)
        self._administration = create_async_engine(
            database_url(self.url("postgres")), isolation_level="AUTOCOMMIT"
        )

    @classmethod
    @asynccontextmanager
    async def at(cls, temporal_address: str, postgres_url: str) -> AsyncIterator["Servers"]:
        """Use servers that are already running; the connection to them is closed at the end."""
        servers = cls(temporal_address, postgres_url)
        try:
            yield servers
        finally:
            await servers._administration.dispose()

    def url(self, database: str = _TEMPLATE) -> str:
        """The address of a database."""
        return self._url.set(database=database).render_as_string(hide_password=False)

    async def administer(self, statement: str) -> None:
        """Execute a statement outside a transaction."""
        async with self._administration.connect() as connection:
            await connection.execute(text(statement))

    async def create_template(self) -> str:
        """An empty database, to be migrated and then copied."""
        await self.administer(f"CREATE DATABASE {_TEMPLATE}")
        return self.url()

    @asynccontextmanager
    async def database(self, template: str = _TEMPLATE) -> AsyncIterator[str]:
        """The address of a fresh database, dropped in the end."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        await self.administer(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            await self.administer(f"DROP DATABASE {name} WITH (FORCE)")

    @asynccontextmanager
    async def closed(self, database: str) -> AsyncIterator[None]:
        """Make a database refuse every connection during the block, as if PostgreSQL were down."""
        await self.administer(f"ALTER DATABASE {database} WITH ALLOW_CONNECTIONS false")
        try:
            await self.administer(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
            )
            yield
        finally:
            await self.administer(f"ALTER DATABASE {database} WITH ALLOW_CONNECTIONS true")

    async def client(self, engine: AsyncEngine | None) -> Client:
        """A client of a fresh namespace."""
        namespace = f"test-{os.getpid()}-{next(_numbers)}"
        admin = await Client.connect(self.address)
        await admin.workflow_service.register_namespace(
            RegisterNamespaceRequest(
                namespace=namespace, workflow_execution_retention_period=Duration(seconds=86_400)
            ),
            retry=True,
        )
        attributes = dict.fromkeys(SEARCH_ATTRIBUTES, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
        await admin.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=namespace, search_attributes=attributes), retry=True
        )
        return await Client.connect(
            self.address, namespace=namespace, plugins=[qingqian_plugin(engine, sandboxed=True)]
        )


class Desk:
    """Casework and batchwork with a running worker. The test moves business time, which starts at 9:00 on `RECEIVED_ON`."""

    def __init__(self, client: Client, engine: AsyncEngine) -> None:
        self.client, self.engine = client, engine
        self.now = business_instant(RECEIVED_ON, 9)
        self.cases = Casework(client, engine, lambda: self.now)
        self.batches = Batchwork(client, engine, lambda: self.now)
        self.clocks = Clocks(client)

    async def open(
        self, *orders: AnyCommand, rules: Rules = RULES, commands_per_run: int = 1500, **changes: Any
    ) -> str:
        """Open a case and give it commands; returns its number."""
        opened = await self.cases.open(receipt(**changes), rules, commands_per_run=commands_per_run)
        await self.clocks.note(opened.case_no, self.now)
        for order in orders:
            await self.cases.act(opened.case_no, order)
        return opened.case_no

    async def open_batch(self, quota: str, office: str = DISTRICT, days: int = 30) -> str:
        """Open a bond batch that allocates after some days; returns its number."""
        batch_no = await self.batches.open(batch(quota, self.now.date(), office, days), ORDER)
        await self.clocks.note(batch_no, self.now)
        return batch_no

    async def show(self, case_no: str) -> dict[str, Any]:
        """The case as it stands on the business date."""
        return await self.cases.show(case_no, self.now.date())

    async def journal(self, stream: str) -> list[Event]:
        """What the journal says, from the beginning."""
        async with self.engine.connect() as connection:
            return [entry.event for entry in await journal.entries(connection, stream=stream)]

    async def kinds(self, stream: str) -> list[str]:
        """The kinds of the journal's entries."""
        return [event.kind for event in await self.journal(stream)]

    async def history_length(self, stream: str) -> int:
        """The length of the latest run's history, once the workflow is idle."""
        return (await until_idle(self.handle(stream))).history_length

    async def runs(self, stream: str) -> list[str]:
        """The ids of all runs of a case or batch, the latest first. Waits until Temporal's visibility store has the latest."""
        try:
            await self.history_length(stream)
            latest = (await self.handle(stream).describe()).run_id
        except RPCError:
            return []
        found: list[str] = []

        async def has_the_latest() -> bool:
            listed = self.client.list_workflows(f"WorkflowId = '{stream}'")
            found[:] = [run.run_id async for run in listed]
            return latest in found

        await eventually(has_the_latest)
        return found

    def handle(self, stream: str) -> WorkflowHandle[Any, Any]:
        """A handle to the latest run of a case's or batch's workflow."""
        return self.client.get_workflow_handle(stream)

    async def move_to(self, day: date, hour: int = 10, minute: int = 0) -> None:
        """Move the clocks of all running workflows to a minute of a day, and wait until everything due by then has happened."""
        self.now = business_instant(day, hour) + timedelta(minutes=minute)
        await self.clocks.move_all(self.now)

    async def history_events(self, stream: str) -> Counter[EventType.ValueType]:
        """The event types of the latest run's history, without those that only moving the clock causes."""
        await self.history_length(stream)
        counts = Counter([event.event_type async for event in self.handle(stream).fetch_history_events()])
        for of_the_clock in (
            EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
            EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
        ):
            del counts[of_the_clock]
        return counts

    async def timers(self, stream: str) -> int:
        """How many timers of the latest run are pending."""
        counts = await self.history_events(stream)
        over = counts[EventType.EVENT_TYPE_TIMER_FIRED] + counts[EventType.EVENT_TYPE_TIMER_CANCELED]
        return counts[EventType.EVENT_TYPE_TIMER_STARTED] - over


def receipt(**changes: Any) -> Receipt:
    """A case as it is received, amounts as people write them."""
    written = {
        "title": "道路工程款",
        "project": "北滨河路维修",
        "creditor": {"name": "八冶集团", "size": "small", "ownership": "private"},
        "debtor": {"name": "安宁区环卫局", "kind": "organ"},
        "office": DISTRICT,
        "channel": "hotline",
        "kind": "works",
        "claimed": "400万元",
        "received_on": RECEIVED_ON,
        "distinct": True,
    }
    return Receipt.model_validate(written | changes, context=PEOPLE)


def batch(
    quota: str,
    opens_on: date = RECEIVED_ON,
    office: str = DISTRICT,
    days: int = 30,
    kind: str = "general",
) -> BatchOpening:
    """A bond batch as it is opened."""
    written = {
        "name": "清欠债券",
        "office": office,
        "kind": kind,
        "quota": quota,
        "opens_on": opens_on,
        "allocates_on": opens_on + timedelta(days=days),
    }
    return BatchOpening.model_validate(written, context=PEOPLE)


def order(do: str, by: str, command_id: str | None = None, **fields: Any) -> AnyCommand:
    """A command to a case, amounts as people write them. Its id is its name unless another is given."""
    return read_command({"do": do, "by": by, "command_id": command_id or do, **fields})


def batch_order(do: str, by: str, command_id: str | None = None, **fields: Any) -> AnyBatchCommand:
    """A command to a batch, likewise."""
    return read_batch_command({"do": do, "by": by, "command_id": command_id or do, **fields})


REFUSED: Final = (order("refuse", CLERK, ground="不属受理范围"), order("approve", HEAD, "refused"))
"""A refusal of a case and its approval by a second person."""


TO_COURT: Final = order("go_judicial", "creditor:赵", court="安宁区人民法院", reference="(2023)甘0105民初1号")
"""The creditor ends the case by itself, in one step."""

WITHDRAWN: Final = (
    order("withdraw", "creditor:赵", reason="另行和解"),
    order("confirm_withdrawal", CLERK, voluntary=True, note="电话核实,自愿撤回"),
)
"""It withdraws, and is called about that."""

PRESSED: Final = order("escalate", SUPERIOR, mode="supervised", reason="督查组交办")
"""An office above presses for a case, by a document."""


def until_recognised(amount: str = "300万元", office: str = DISTRICT) -> list[AnyCommand]:
    """From acceptance to the creditor's endorsement of what is owed."""
    return [
        order("accept", f"clerk:李敏@{office}"),
        order("forward", f"clerk:李敏@{office}", to="debtor"),
        order("acknowledge", "debtor:王强"),
        order("recognise", "debtor:王强", settled=amount, paid="0", undisputed=amount, as_of=RECEIVED_ON),
        order("endorse", "creditor:赵"),
    ]


def until_objected() -> list[AnyCommand]:
    """From acceptance to the creditor's objection: the office, and nobody else, owes what comes next."""
    return [*until_recognised()[:4], order("object", "creditor:赵", reason="漏计变更签证")]


STATED_AGAIN: Final = until_recognised()[3].model_copy(update={"command_id": "again"})
"""The debtor states what it owes once more, after an objection."""


def until_planned(amount: str = "300万元", source: str = "bond", office: str = DISTRICT) -> list[AnyCommand]:
    """From acceptance to a plan of one source and one instalment."""
    plan = order(
        "plan",
        "debtor:王强",
        sources=[{"kind": source, "amount": amount}],
        instalments=[{"due_on": date(2023, 12, 29), "amount": amount}],
    )
    return [*until_recognised(amount, office), plan]


def paid(amount: str, voucher: str, on: date = RECEIVED_ON) -> list[AnyCommand]:
    """The commands for a payment that the creditor confirms."""
    return [
        order(
            "report_payment", "debtor:王强", f"report {voucher}", voucher=voucher, amount=amount, paid_on=on
        ),
        order("confirm_receipt", "creditor:赵", f"confirm {voucher}", voucher=voucher),
    ]


def until_closed(amount: str = "300万元", reference: str = "安财预〔2023〕1号") -> list[AnyCommand]:
    """All commands of a case that is paid from the budget with one voucher and closed."""
    return [
        *until_planned(amount, "budget"),
        order("fund", FINANCE, source="budget", amount=amount, reference=reference),
        *paid(amount, "PZ-1"),
        order("call_back", CLERK, satisfied="yes", note="企业满意"),
        order("close", HEAD, report="全额清偿"),
    ]


def fen(amount: str) -> int:
    """An amount as people write it, in fen."""
    return parse_money(amount)


def outline(events: Iterable[Event]) -> list[tuple[str, str]]:
    """The day and the kind of each entry."""
    return [(event.on.isoformat(), event.kind) for event in events]


def agreed(cases: int, batches: int = 0) -> dict[str, Any]:
    """The result of `verify` for this many cases and batches if nothing differs."""
    return {"ok": True, "cases": cases, "batches": batches, "differences": [], "remedies": []}


def wait_for_answers(patched: pytest.MonkeyPatch, within: timedelta) -> None:
    """Have every door wait so long for a workflow's answer."""
    for door in ("answers", "batches", "cases", "sheets.importing"):
        patched.setattr(f"office.{door}.ANSWER_WITHIN", within)


async def eventually(holds: Callable[[], Awaitable[bool]], within: float = 120.0) -> None:
    """Wait until a condition holds, checking it again and again; fails after a while."""
    async with asyncio.timeout(within):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.02)
