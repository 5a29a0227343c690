"""The journal is append-only, and changes that bypass its guards are detected by its hash chain."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case.decider import begin
from runtime.connect import connect_database
from schema import casefiles, journal
from tests.record.paper import Paper
from tests.stack import Servers, until_closed

CASE, OTHER = "QQ-620105-2023-0001", "QQ-620105-2023-0002"


@pytest.fixture(scope="module")
async def paper(servers: Servers) -> AsyncIterator[Paper]:
    """An office with one case that has lived its whole life, and one that has only begun."""
    async with servers.database() as url, connect_database(url) as engine:
        paper = Paper(engine)
        await paper.receive(CASE, *until_closed(), note="来电反映“拖欠” — é 𠮷")
        await paper.receive(OTHER)
        yield paper


@pytest.fixture
async def connection(paper: Paper) -> AsyncIterator[AsyncConnection]:
    """A connection whose changes are rolled back after the test."""
    async with paper.engine.connect() as connection:
        yield connection
        await connection.rollback()


async def tamper(connection: AsyncConnection, statement: str) -> None:
    """Change the record as the owner of the database could, with its guards switched off."""
    await connection.execute(text("SET LOCAL session_replication_role = replica"))
    changed = await connection.execute(text(statement))
    assert changed.rowcount > 0


async def first_broken(connection: AsyncConnection, stream: str = CASE) -> int | None:
    """The number of the first entry whose hash does not follow from the one before."""
    head = journal.genesis(stream)
    for seq, entry in enumerate(await journal.entries(connection, stream=stream), start=1):
        head = journal.chained(head, stream, seq, entry.event)
        if (entry.seq, entry.hash) != (seq, head):
            return seq
    return None


@pytest.mark.parametrize("table", ["event", "effect", "transfer", "rules"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_what_is_written_stays_written(connection: AsyncConnection, table: str, change: str) -> None:
    column = {"event": "kind", "effect": "run_id", "transfer": "fen", "rules": "digest"}[table]
    with pytest.raises(IntegrityError, match="is append-only"):
        await connection.execute(text(change.format(table, column, column)))
    await connection.rollback()
    assert await first_broken(connection) is None


@pytest.mark.parametrize("seq", ["seq", "0", "-1"])
async def test_a_number_of_an_entry_is_used_once_and_is_positive(
    connection: AsyncConnection, seq: str
) -> None:
    columns = "kind, at, on_date, by, data, hash"
    again = f"INSERT INTO event (stream, seq, {columns}) SELECT stream, {seq}, {columns} FROM event LIMIT 1"
    with pytest.raises(IntegrityError):
        await connection.execute(text(again))


async def test_the_chain_begins_with_the_stream_and_ends_in_the_read_model(
    connection: AsyncConnection,
) -> None:
    entries = await journal.entries(connection, stream=CASE)
    assert [entry.seq for entry in entries] == list(range(1, len(until_closed()) + 2))
    first = entries[0]
    assert first.hash == journal.chained(journal.genesis(CASE), CASE, 1, first.event)
    assert first.hash != journal.chained(journal.genesis(OTHER), CASE, 1, first.event)
    assert await first_broken(connection) is None
    stored = await casefiles.load_case(connection, CASE)
    assert stored is not None
    assert stored[1] == entries[-1].hash


async def test_a_case_is_what_its_journal_says(paper: Paper) -> None:
    first, *others = await paper.entries(CASE)
    assert begin(CASE, [entry.event for entry in (first, *others)]) == await paper.case(CASE)


@pytest.mark.parametrize(
    ("change", "seq"),
    [
        ("data = jsonb_set(data, '{settled_fen}', '1') WHERE kind = 'recognised'", 5),
        ("data = jsonb_set(data, '{command_id}', '\"another\"') WHERE kind = 'accepted'", 2),
        ("data = data - 'met' WHERE kind = 'accepted'", 2),
        ("by = 'clerk:马@620105' WHERE kind = 'forwarded'", 3),
        ("on_date = on_date - 1 WHERE kind = 'receipt_confirmed'", 10),
        ("at = at + interval '1 microsecond' WHERE kind = 'planned'", 7),
        ("kind = 'endorsed' WHERE kind = 'acknowledged'", 4),
        ("hash = md5(hash) WHERE kind = 'closed'", 12),
        ("seq = CASE seq WHEN 2 THEN 99 ELSE 2 END WHERE seq IN (2, 3)", 2),
    ],
)
async def test_an_altered_entry_is_found_out(connection: AsyncConnection, change: str, seq: int) -> None:
    assignment, condition = change.split(" WHERE ")
    await tamper(connection, f"UPDATE event SET {assignment} WHERE stream = '{CASE}' AND {condition}")
    assert await first_broken(connection) == seq
    assert await first_broken(connection, OTHER) is None


async def test_a_missing_entry_is_found_out(connection: AsyncConnection) -> None:
    await tamper(connection, f"DELETE FROM event WHERE stream = '{CASE}' AND seq = 4")
    assert await first_broken(connection) == 4


async def test_a_missing_end_is_found_out(connection: AsyncConnection) -> None:
    """The remaining entries form a chain, but the read model knows a later one."""
    await tamper(connection, f"DELETE FROM event WHERE stream = '{CASE}' AND kind = 'closed'")
    assert await first_broken(connection) is None
    stored = await casefiles.load_case(connection, CASE)
    assert stored is not None
    assert stored[1] != (await journal.entries(connection, stream=CASE))[-1].hash


async def test_an_entry_moved_to_another_case_is_found_out(connection: AsyncConnection) -> None:
    await tamper(connection, f"DELETE FROM event WHERE stream = '{OTHER}'")
    await tamper(connection, f"UPDATE event SET stream = '{OTHER}' WHERE stream = '{CASE}' AND seq = 1")
    assert await first_broken(connection, OTHER) == 1


async def test_entries_are_read_in_parts(connection: AsyncConnection) -> None:
    everything = await journal.entries(connection)
    assert [entry.stream for entry in everything] == [CASE] * (len(everything) - 1) + [OTHER]
    assert await journal.entries(connection, after_id=everything[4].id) == everything[5:]
    assert await journal.entries(connection, stream=CASE, seqs=(3, 5)) == everything[2:5]
    assert await journal.entries(connection, stream="QQ-620105-2023-0003") == []
