"""Permanent errors, which come again with every attempt, are told apart from a server that is away."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio.exceptions import ApplicationError

from activities.giving_up import Work, giving_up, is_lasting, reason_of
from schema.incidents import incidents
from schema.tables import event, rules, staff
from tests.record.paper import Paper
from tests.record.test_allocation import APPROVE, BATCH, ask, told
from tests.stack import FINANCE, batch_order

Doing = Callable[[AsyncConnection], Awaitable[object]]


def sql(statement: str) -> Doing:
    return lambda connection: connection.execute(text(statement))


def raised(sqlstate: str) -> Doing:
    return sql(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{sqlstate}'; END $$")


async def too_long(connection: AsyncConnection) -> None:
    await connection.execute(text("SET LOCAL statement_timeout = '1ms'"))
    await connection.execute(text("SELECT pg_sleep(1)"))


async def caught(engine: AsyncEngine, doing: Doing) -> Exception:
    with pytest.raises(Exception) as failure:  # noqa: PT011 - which one it is, is the question
        async with engine.begin() as connection:
            await doing(connection)
    return failure.value


@pytest.mark.parametrize(
    "doing",
    [
        sql("INSERT INTO rules (digest) VALUES ('x')"),
        sql("INSERT INTO transfer (id, debit, credit, fen, phase) VALUES ('x', 'a:1', 'b:1', 1, 'single')"),
        sql("SELECT * INTO STRICT x FROM event"),
        sql("UPDATE event SET kind = 'x'"),
        sql("SELECT 1 / 0"),
        lambda connection: connection.execute(select(event).where(event.c.seq == 2**70)),
        lambda connection: connection.execute(insert(rules), {"digest": "x", "body": {"a": "\0"}}),
        lambda connection: connection.execute(insert(staff), {"login": object()}),
        *(raised(state) for state in ("22001", "23514", "42703", "54000", "P0001", "P0002")),
    ],
)
async def test_data_constraints_and_programming_last(engine: AsyncEngine, doing: Doing) -> None:
    assert is_lasting(await caught(engine, doing))


@pytest.mark.parametrize(
    "doing",
    [
        too_long,
        sql("SELECT pg_terminate_backend(pg_backend_pid())"),
        *(
            raised(state)
            for state in (
                "08006",
                "25006",
                "40001",
                "40P01",
                "53100",
                "53300",
                "55P03",
                "57P01",
                "58030",
                "XX000",
            )
        ),
    ],
)
async def test_a_server_that_is_away_busy_or_full_does_not(engine: AsyncEngine, doing: Doing) -> None:
    assert not is_lasting(await caught(engine, doing))


@pytest.mark.parametrize("error", [OSError(), TimeoutError(), ConnectionResetError(), ApplicationError("x")])
def test_neither_does_a_connection(error: Exception) -> None:
    assert not is_lasting(error)


@pytest.mark.parametrize(
    "error", [AssertionError(), KeyError("x"), ValueError(), TypeError(), RecursionError()]
)
def test_our_own_mistakes_do(error: Exception) -> None:
    assert is_lasting(error)


async def test_an_incident_names_no_value_and_is_noted_once(engine: AsyncEngine) -> None:
    """Not even a value that cannot be stored, or is too long for an index."""
    step = Work("QQ-620105-2023-0001", "\0\ud83d" + "编" * 9000, "accepted")
    for _ in range(2):
        with pytest.raises(ApplicationError) as refused:
            async with giving_up(engine, step), engine.begin() as connection:
                await connection.execute(text("INSERT INTO batch_number VALUES ('13800000000', 'x', 1, 0)"))
        assert (refused.value.type, refused.value.non_retryable) == ("Refusal", True)
        assert "13800000000" not in str(refused.value)
    async with engine.connect() as connection:
        (incident,) = await incidents(connection)
    assert incident.reason == "IntegrityError 23514 batch_number_number_check"
    assert "13800000000" not in reason_of(await caught(engine, sql("SELECT '13800000000'::date")))


async def test_incidents_are_never_changed(engine: AsyncEngine) -> None:
    assert "23001" in reason_of(await caught(engine, sql("DELETE FROM incident")))


@pytest.mark.long
async def test_news_that_no_case_can_be_told_goes_back_and_the_others_do_not_wait(
    engine: AsyncEngine,
) -> None:
    """The record differs from what the types allow."""
    paper = Paper(engine)
    first, _ = await ask(paper, "100万元", "80万元")
    await paper.open_batch(BATCH, "130万元")
    await paper.act_on(BATCH, batch_order("exclude", FINANCE, case_no=first, reason="经常性支出"))
    await paper.allocate(BATCH, first_seq=3)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE bond_news SET reason = repeat('x', 3000)"))
    assert await paper.tell(BATCH) == 1
    assert await told(paper, BATCH) == []
    async with engine.connect() as connection:
        (incident,) = await incidents(connection, BATCH)
    assert (incident.what, incident.reason) == ("tell", "ValidationError")
    await paper.act_on(BATCH, APPROVE)
