"""`verify` reports when journal, ledger, read model and workflow disagree, and only then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pytest
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, Interceptor, OutboundInterceptor

from cli.screen.terminal import verified
from domain.receipt import NO_CONTACTS
from office.codes import code_hash
from office.verification.verifying import verify
from runtime.connect import connect_database
from runtime.working import worker_for
from schema import registry
from schema.tables import metadata
from tests.stack import (
    CLERK,
    DISTRICT,
    RULES,
    SUPERIOR,
    TO_COURT,
    Desk,
    Servers,
    agreed,
    eventually,
    order,
    paid,
    receipt,
    until_planned,
)
from tests.workflows.test_bonds import APPROVE, act, arrive, pass_cut_off
from tests.workflows.test_gone import WAYS, Way
from workflows.case import ArrearsCase
from workflows.opening import CaseOpening

TAMPERINGS = {
    "an entry is altered": (
        "UPDATE event SET data = jsonb_set(data, '{to}', '\"620100\"') WHERE kind = 'forwarded'",
        "journal: entry 3 has been altered",
    ),
    "an entry is missing": (
        "DELETE FROM event WHERE seq = 2",
        "journal: entry 2 is missing",
    ),
    "a column of the list differs": (
        "UPDATE case_file SET stage = 'closed'",
        "read model: stage differs: stored closed, journal verification",
    ),
    "the latest entry is missing, and the read model knows nothing of it": (
        "WITH gone AS (DELETE FROM event WHERE seq = 5) "
        "UPDATE case_file SET seq = 4, head = (SELECT hash FROM event WHERE seq = 4)",
        "effects: claimed, and gone from the journal: entry 5",
    ),
    "an entry says what nobody can have written": (
        "UPDATE event SET kind = 'nonsense' WHERE seq = 2",
        "journal: an entry cannot be read",
    ),
    "the state differs": (
        "UPDATE case_file SET state = jsonb_set(state, '{holder}', '\"620100\"')",
        "read model: state differs",
    ),
    "what the case claims differs": (
        "UPDATE claim SET known_by = '{}'",
        "claim: known_by differs: stored [], journal",
    ),
    "the case is missing in the read model": (
        "DELETE FROM case_file",
        "read model: the row is missing",
    ),
    "the whole journal is missing": (
        "DELETE FROM event",
        "journal: there are no entries, and the read model has the case",
    ),
    "nobody claimed an entry": (
        "DELETE FROM effect WHERE last_seq = 2",
        "effects: nobody claimed entry 2",
    ),
    "the number was never given": (
        "DELETE FROM registration",
        "number: it is on record, and the number was never given",
    ),
    "a document is another": (
        "UPDATE document SET docx = 'forged', sha256 = encode(sha256('forged'), 'hex')",
        "documents: ",
    ),
    "a request in the pool that no plan made": (
        "INSERT INTO bond_request (case_no, kind, office, wanted_fen, wage_fen, livelihood, received_on) "
        "SELECT case_no, 'special', office, 100, 0, true, received_on FROM case_file",
        "pool: wanted_fen differs: stored 100, and the case has no plan",
    ),
    "a reference is used up that brought no money": (
        "INSERT INTO money_reference (reference, stream, seq) SELECT '1号', case_no, 2 FROM case_file",
        "references: 1号 is kept as used, and no entry uses it",
    ),
    "money appears from nowhere": (
        "INSERT INTO account (id, credits_fen, debits_fen, debits_pending_fen, credits_pending_fen) "
        "SELECT 'available:' || case_no, 100, 0, 0, 0 FROM case_file",
        "ledger: available, balance: ledger 1.00元, journal 0.00元",
    ),
}


async def lived_a_little(desk: Desk) -> str:
    """Five entries, the last of which is a document."""
    press = order("escalate", SUPERIOR, mode="supervised", reason="督查组交办")
    return await desk.open(order("accept", CLERK), order("forward", CLERK, to="debtor"), press)


class Lived(NamedTuple):
    """A case at rest after a few steps: Temporal knows its workflow, and this is its record."""

    case_no: str
    client: Client
    engine: AsyncEngine


@pytest.fixture(scope="module")
async def lived_once(servers: Servers) -> AsyncIterator[Lived]:
    """The database with the case, which is only copied; nobody may be connected to it."""
    async with servers.database() as url, connect_database(url) as engine:
        client = await servers.client(engine)
        async with worker_for(client):
            desk = Desk(client, engine)
            case_no = await lived_a_little(desk)
            await desk.history_length(case_no)
        await engine.dispose()
        yield Lived(case_no, client, engine)


@pytest.fixture
async def lived(lived_once: Lived, servers: Servers, at_rest: None) -> AsyncIterator[Lived]:
    """The case with a copy of its record for the test."""
    template = str(lived_once.engine.url.database)
    async with servers.database(template) as url, connect_database(url) as engine:
        yield lived_once._replace(engine=engine)


async def tamper(engine: AsyncEngine, *statements: str) -> None:
    """Change the record with its guards switched off, as only the owner of the database can."""
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await connection.execute(text(statement))


@pytest.mark.long
async def test_a_sound_record_has_no_differences(lived: Lived) -> None:
    assert await verify(lived.client, lived.engine) == agreed(1)
    unknown = await verify(lived.client, lived.engine, [lived.case_no, "QQ-1"])
    assert (unknown["ok"], unknown["cases"], unknown["differences"]) == (
        False,
        1,
        ["QQ-1: there is no such case or batch"],
    )


@pytest.mark.parametrize(("statement", "difference"), TAMPERINGS.values(), ids=TAMPERINGS)
async def test_what_was_tampered_with_is_named(lived: Lived, statement: str, difference: str) -> None:
    await tamper(lived.engine, statement)
    result = await verify(lived.client, lived.engine)
    assert not result["ok"]
    assert any(found.startswith(f"{lived.case_no}: {difference}") for found in result["differences"]), result


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize(("how", "zh"), WAYS.values(), ids=WAYS)
async def test_a_workflow_that_is_gone_is_named_with_its_remedy(
    desk: Desk, how: Way, zh: str, request: pytest.FixtureRequest
) -> None:
    streams = [await lived_a_little(desk), await desk.open_batch("10万元")]
    for stream in streams:
        await how(desk, stream)
    result = await verify(desk.client, desk.engine)
    found = f"workflow: it is open, and its workflow was {request.node.callspec.id} {zh}"
    assert sorted(result["differences"]) == sorted(f"{stream}: {found}" for stream in streams)
    for remedy in result["remedies"]:
        assert "qingqian revive" in remedy["detail"]
        assert "qingqian revive" in remedy["message"]


@pytest.mark.usefixtures("at_rest")
async def test_a_number_under_which_nothing_was_opened_is_named(desk: Desk) -> None:
    async with desk.engine.begin() as connection:
        number = await registry.register_case(connection, receipt(), RULES, code_hash("x"), NO_CONTACTS)
    result = await verify(desk.client, desk.engine)
    assert result["differences"] == [
        f"{number}: number: the number was given, and nothing was ever recorded under it"
    ]


async def test_a_number_whose_workflow_is_about_to_record_is_no_difference(desk: Desk) -> None:
    async with desk.engine.begin() as connection:
        number = await registry.register_case(connection, receipt(), RULES, code_hash("x"), NO_CONTACTS)
    await start_where_nobody_works(desk, number)
    assert await verify(desk.client, desk.engine) == agreed(1)


async def start_where_nobody_works(desk: Desk, number: str) -> None:
    opening = CaseOpening(case_no=number, rules=RULES, receipt=receipt())
    await desk.client.start_workflow(ArrearsCase.run, opening, id=number, task_queue="nobody")


@pytest.mark.usefixtures("at_rest")
async def test_a_workflow_under_a_number_that_was_never_given_is_named(desk: Desk) -> None:
    number = f"QQ-{DISTRICT}-2023-0099"
    await start_where_nobody_works(desk, number)

    async def is_listed() -> bool:
        return [run.id async for run in desk.client.list_workflows()] == [number]

    await eventually(is_listed)
    result = await verify(desk.client, desk.engine)
    named = f"{number}: workflow: it has a workflow, and the number was never given"
    assert (result["cases"], result["differences"]) == (0, [named])


async def test_an_account_that_belongs_to_nobody_is_named(lived: Lived) -> None:
    await tamper(
        lived.engine,
        "INSERT INTO transfer (id, debit, credit, fen, phase) VALUES ('x/1', 'outside:x', 'savings', 5, 'single')",
    )
    result = await verify(lived.client, lived.engine)
    belongs = "ledger: the account belongs to no case and no batch"
    assert result["differences"] == [f"outside:x: {belongs}", f"savings: {belongs}"]


FORGERIES = {
    "the quota in the state": (
        "UPDATE bond_batch SET state = jsonb_set(state, '{quota_fen}', '900000000')",
        "read model: state differs",
    ),
    "the quota in the ledger": (
        "UPDATE account SET credits_fen = credits_fen + 1 WHERE id LIKE 'quota:%'",
        "ledger: quota: ledger 80.000001万元, journal 80.00万元",
    ),
    "the quota where it came in": (
        "UPDATE transfer SET fen = fen + 1 WHERE credit LIKE 'quota:%'",
        "is not what the journal says",
    ),
    "the quota in the journal": (
        "UPDATE event SET data = jsonb_set(data, '{quota_fen}', '900000000') WHERE kind = 'batch_opened'",
        "journal: entry 1 has been altered",
    ),
    "an entry is missing": (
        "DELETE FROM event WHERE kind = 'batch_allocated'",
        "journal: entry 2 is missing",
    ),
    "the latest entry is missing": (
        "DELETE FROM event WHERE kind = 'batch_arrived'",
        "history: the workflow was told of entry 4, and the record ends with 3",
    ),
    "a share": (
        "UPDATE bond_allocation SET allocated_fen = allocated_fen - 1, included_fen = included_fen - 1",
        "allocation: allocated_fen of all shares is",
    ),
    "a share that is missing": (
        "DELETE FROM bond_allocation WHERE rank = 2",
        "has a reservation and no share",
    ),
    "what a case took": (
        "UPDATE bond_allocation SET included_fen = included_fen - 1 WHERE rank = 2",
        "took 29.999999万元, ledger 30.00万元",
    ),
    "what was sent on": (
        "UPDATE bond_allocation SET arrived_fen = arrived_fen - 1 WHERE rank = 1",
        "19.999999万元 was sent on to",
    ),
    "news that is missing": (
        "DELETE FROM bond_news WHERE news = 'arrived'",
        "is nothing yet, not 20.00万元",
    ),
    "money that leaves the quota": (
        "INSERT INTO transfer (id, debit, credit, fen, phase) "
        "SELECT 'forged', 'quota:' || batch_no, 'outside:' || batch_no, 100, 'single' FROM bond_batch",
        "no entry explains transfer forged of 1.00元",
    ),
    "the entry that used a reference": (
        "UPDATE money_reference SET seq = 1",
        "references: 1号 is used by entry 4, and is kept as 1",
    ),
    "the batch is missing in the read model": (
        "DELETE FROM bond_batch",
        "read model: the row is missing",
    ),
    "the number was never given": (
        "DELETE FROM batch_number",
        "number: it is on record, and the number was never given",
    ),
}
KEPT = (
    "event",
    "effect",
    "bond_batch",
    "batch_number",
    "bond_allocation",
    "bond_news",
    "account",
    "transfer",
    "money_reference",
)


@asynccontextmanager
async def forged(desk: Desk, statement: str) -> AsyncIterator[None]:
    """Change the record with its guards switched off during the block, and restore it afterwards."""
    await tamper(desk.engine, *(f"CREATE TABLE kept_{table} AS TABLE {table}" for table in KEPT), statement)
    yield
    for table in KEPT:
        columns = ", ".join(column.name for column in metadata.tables[table].c if column.computed is None)
        again = f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM kept_{table}"
        await tamper(desk.engine, f"DELETE FROM {table}", again, f"DROP TABLE kept_{table}")


@pytest.mark.long
@pytest.mark.usefixtures("at_rest")
async def test_whatever_is_forged_of_a_batch_is_named(desk: Desk) -> None:
    case_nos = [await desk.open(*until_planned(amount)) for amount in ("50万元", "60万元")]
    batch_no = await desk.open_batch("80万元")
    await pass_cut_off(desk, batch_no)
    await act(desk, batch_no, APPROVE, arrive("20万元", "1号"))
    assert await verify(desk.client, desk.engine) == agreed(2, batches=1)
    for what, (statement, difference) in FORGERIES.items():
        async with forged(desk, statement):
            result = await verify(desk.client, desk.engine, [batch_no])
        assert any(difference in found for found in result["differences"]), (what, result)
    assert await verify(desk.client, desk.engine, [*case_nos, batch_no]) == agreed(2, batches=1)


async def test_money_that_moves_for_a_case_without_an_entry_is_named(lived: Lived) -> None:
    """With matching balances, which only the guards' own trigger can produce."""
    case_no = lived.case_no
    async with lived.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO transfer (id, debit, credit, fen, phase) "
                f"VALUES ('x', 'outside:{case_no}', 'received:{case_no}', 500, 'single')"
            )
        )
    result = await verify(lived.client, lived.engine)
    assert f"{case_no}: ledger: no entry explains transfer x of 5.00元" in result["differences"]


async def test_what_differs_is_told_to_people_with_what_to_do_in_both_languages(lived: Lived) -> None:
    await tamper(lived.engine, "DELETE FROM event WHERE seq = 2")
    told = shown(await verify(lived.client, lived.engine))
    assert f"{lived.case_no}: journal: entry 2 is missing" in told
    assert "从改动之前的备份恢复" in told
    assert "restore the backup from before it" in told


def shown(result: dict[str, Any]) -> str:
    """The output of a result for people."""
    console = Console(width=400)
    with console.capture() as capture:
        console.print(verified(result))
    return capture.get()


class Busy(Interceptor):
    """Before the client reads a history, somebody gives that case a command, which is carried out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.commands = 0

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002
        """See `Interceptor`."""
        return _BusyOutbound(next, self)

    async def act(self, case_no: str) -> None:
        """Suspend the case, or resume it."""
        self.commands += 1
        do = "suspend" if not (await self._desk.show(case_no))["suspended"] else "resume"
        await self._desk.cases.act(case_no, order(do, CLERK, f"{do} {self.commands}", reason="等待批复"))


class _BusyOutbound(OutboundInterceptor):
    def __init__(self, next: OutboundInterceptor, busy: Busy) -> None:  # noqa: A002
        super().__init__(next)
        self._busy = busy

    def fetch_workflow_history_events(self, input: Any) -> Any:  # noqa: A002
        async def events() -> AsyncIterator[Any]:
            await self._busy.act(input.id)
            async for event in self.next.fetch_workflow_history_events(input):
                yield event

        return events()


@pytest.mark.long
async def test_a_command_between_two_readings_is_no_difference(desk: Desk) -> None:
    case_nos = [await desk.open(order("accept", CLERK)) for _ in range(2)]
    busy = Busy(desk)
    config = desk.client.config()
    config["interceptors"] = [busy]
    watched = Client(**config)
    for _ in range(3):
        assert await verify(watched, desk.engine) == agreed(2)
    assert busy.commands >= 3 * len(case_nos)


@pytest.mark.long
async def test_commands_that_run_meanwhile_are_no_difference(desk: Desk) -> None:
    """Cases are opened, forwarded, paid and ended, and a batch proceeds, while `verify` runs again and again."""
    over = asyncio.Event()

    async def storm(no: int) -> None:
        round_no = 0
        while not over.is_set():
            round_no += 1
            case_no = await desk.open(
                *until_planned("1万元", "budget"), title=f"第{no}-{round_no}件", commands_per_run=9
            )
            for part in range(2):
                fund = order(
                    "fund",
                    f"finance:钱@{DISTRICT}",
                    f"fund {part}",
                    source="budget",
                    amount="100元",
                    reference=f"{case_no} {part}",
                )
                await desk.cases.act(case_no, fund)
                for given in paid("100元", f"PZ-{part}"):
                    await desk.cases.act(case_no, given)
            await desk.cases.act(case_no, TO_COURT)

    async def batches() -> None:
        await desk.open(*until_planned("50万元"))
        for _ in range(5):
            await desk.open_batch("1元", days=40)

    working = [asyncio.create_task(storm(no)) for no in range(3)] + [asyncio.create_task(batches())]
    try:
        found = [await verify(desk.client, desk.engine)]
        while len(found) < 6 or found[-1]["cases"] < found[0]["cases"] + 2:
            found.append(await verify(desk.client, desk.engine))
    finally:
        over.set()
        await asyncio.gather(*working)
    assert [result for result in found if not result["ok"]] == []
    assert (await verify(desk.client, desk.engine))["ok"]


@pytest.mark.long
async def test_a_record_restored_from_yesterday_lacks_what_the_workflow_was_told(lived: Lived) -> None:
    await tamper(lived.engine, "DELETE FROM event WHERE seq >= 3")
    result = await verify(lived.client, lived.engine)
    lost = f"{lived.case_no}: history: the workflow was told of entry 5, and the record ends with 2"
    assert lost in result["differences"]
