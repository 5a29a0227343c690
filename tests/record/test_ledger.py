"""The ledger itself refuses invalid transfers: money from nowhere, money twice, money lost."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.postings import Phase, Transfer
from schema import ledger
from tests.record.paper import miscounted

OUTSIDE, QUOTA, INCLUDED, AVAILABLE = "outside:s", "quota:s", "included:s", "available:s"
FUNDED = Transfer("funded", OUTSIDE, QUOTA, 100)
RESERVED = Transfer("reserved", QUOTA, INCLUDED, 60, "pending")


async def post(engine: AsyncEngine, *entries: Transfer) -> None:
    """Post transfers in one transaction."""
    async with engine.begin() as connection:
        await ledger.post(connection, entries)


async def is_posted(engine: AsyncEngine, *entries: Transfer) -> bool:
    """Post transfers in one transaction. False if they are refused."""
    try:
        await post(engine, *entries)
    except IntegrityError:
        return False
    return True


async def refused(engine: AsyncEngine, *entries: Transfer) -> None:
    """Check that transfers are refused, and that their transaction leaves no trace."""
    before = await accounts(engine)
    assert not await is_posted(engine, *entries), entries
    assert await accounts(engine) == before


async def accounts(engine: AsyncEngine) -> dict[str, tuple[int, int, int]]:
    """For each account: its balance, how much of it is reserved for others, and how much is reserved for it."""
    query = text("SELECT id, credits_fen - debits_fen, debits_pending_fen, credits_pending_fen FROM account")
    async with engine.connect() as connection:
        return {row[0]: (row[1], row[2], row[3]) for row in await connection.execute(query)}


async def test_money_moves_from_one_account_to_another(engine: AsyncEngine) -> None:
    await post(engine, FUNDED, Transfer("t", QUOTA, AVAILABLE, 30))
    assert await accounts(engine) == {OUTSIDE: (-100, 0, 0), QUOTA: (70, 0, 0), AVAILABLE: (30, 0, 0)}
    async with engine.connect() as connection:
        assert await ledger.balances(connection, "s") == {"quota": (100, 70), "available": (30, 30)}
        assert await miscounted(connection, "s") == []


async def test_no_account_falls_below_zero(engine: AsyncEngine) -> None:
    await post(engine, FUNDED)
    await refused(engine, Transfer("too much", QUOTA, AVAILABLE, 101))
    await refused(engine, Transfer("half", QUOTA, AVAILABLE, 60), Transfer("rest", QUOTA, INCLUDED, 41))
    await refused(engine, Transfer("from nothing", INCLUDED, AVAILABLE, 1))
    await post(engine, Transfer("all", QUOTA, AVAILABLE, 100))
    assert (await accounts(engine))[QUOTA] == (0, 0, 0)


async def test_what_is_reserved_cannot_be_spent_or_reserved_again(engine: AsyncEngine) -> None:
    await post(engine, FUNDED, RESERVED)
    assert await accounts(engine) == {OUTSIDE: (-100, 0, 0), QUOTA: (100, 60, 0), INCLUDED: (0, 0, 60)}
    await refused(engine, Transfer("spent", QUOTA, AVAILABLE, 41))
    await refused(engine, Transfer("again", QUOTA, AVAILABLE, 41, "pending"))
    await refused(engine, Transfer("too early", INCLUDED, AVAILABLE, 1))
    await post(engine, Transfer("what is left", QUOTA, AVAILABLE, 40))


@pytest.mark.parametrize(("fen", "rest"), [(60, 40), (45, 55), (0, 100)])
async def test_a_post_moves_what_is_taken_and_releases_the_rest(
    engine: AsyncEngine, fen: int, rest: int
) -> None:
    await post(engine, FUNDED, RESERVED, Transfer("post", QUOTA, INCLUDED, fen, "post", "reserved"))
    assert await accounts(engine) == {OUTSIDE: (-100, 0, 0), QUOTA: (rest, 0, 0), INCLUDED: (fen, 0, 0)}


async def test_a_void_releases_everything(engine: AsyncEngine) -> None:
    await post(engine, FUNDED, RESERVED, Transfer("void", QUOTA, INCLUDED, 0, "void", "reserved"))
    assert await accounts(engine) == {OUTSIDE: (-100, 0, 0), QUOTA: (100, 0, 0), INCLUDED: (0, 0, 0)}
    await post(engine, Transfer("once more", QUOTA, INCLUDED, 100, "pending"))


@pytest.mark.parametrize("first", ["post", "void"])
@pytest.mark.parametrize("then", ["post", "void"])
async def test_a_reservation_is_settled_once(engine: AsyncEngine, first: str, then: str) -> None:
    settling = {
        "post": Transfer("a", QUOTA, INCLUDED, 20, "post", "reserved"),
        "void": Transfer("a", QUOTA, INCLUDED, 0, "void", "reserved"),
    }
    others = Transfer("others", QUOTA, INCLUDED, 40, "pending")
    await post(engine, FUNDED, RESERVED, others, settling[first])
    await refused(engine, settling[then]._replace(id="b"))


NONSENSE = (
    Transfer("w", QUOTA, INCLUDED, 61, "post", "reserved"),
    Transfer("w", QUOTA, INCLUDED, -1, "post", "reserved"),
    Transfer("w", QUOTA, INCLUDED, 1, "void", "reserved"),
    Transfer("w", QUOTA, AVAILABLE, 10, "post", "reserved"),
    Transfer("w", INCLUDED, QUOTA, 10, "post", "reserved"),
    Transfer("w", OUTSIDE, QUOTA, 10, "post", "funded"),
    Transfer("w", QUOTA, INCLUDED, 10, "post", "unknown"),
    Transfer("w", QUOTA, INCLUDED, 10, "post"),
    Transfer("w", QUOTA, INCLUDED, 0, "void"),
    Transfer("w", QUOTA, INCLUDED, 10, "single", "reserved"),
    Transfer("w", QUOTA, INCLUDED, 10, "pending", "reserved"),
    Transfer("w", QUOTA, INCLUDED, 0),
    Transfer("w", QUOTA, INCLUDED, -5),
    Transfer("w", QUOTA, INCLUDED, 0, "pending"),
    Transfer("w", QUOTA, QUOTA, 10),
    Transfer("w", QUOTA, INCLUDED, 10, "later"),  # type: ignore[arg-type]
    Transfer("funded", OUTSIDE, QUOTA, 100),
)


async def test_a_transfer_that_makes_no_sense_is_refused(engine: AsyncEngine) -> None:
    await post(engine, FUNDED, RESERVED)
    for nonsense in NONSENSE:
        await refused(engine, nonsense)


async def test_an_account_takes_money_on_a_reference_once(engine: AsyncEngine) -> None:
    await post(engine, FUNDED, Transfer("a", QUOTA, AVAILABLE, 10, reference="PZ-1"))
    await refused(engine, Transfer("b", QUOTA, AVAILABLE, 10, reference="PZ-1"))
    await refused(engine, Transfer("c", OUTSIDE, AVAILABLE, 20, reference="PZ-1"))
    await post(engine, Transfer("d", QUOTA, INCLUDED, 10, reference="PZ-1"))
    await post(engine, Transfer("e", QUOTA, AVAILABLE, 10), Transfer("f", QUOTA, AVAILABLE, 10))


FORBIDDEN = (
    "UPDATE account SET credits_fen = credits_fen + 1 WHERE id = 'quota:s'",
    "UPDATE account SET credits_fen = credits_fen",
    "INSERT INTO account (id, credits_fen) VALUES ('available:x', 100)",
    "DELETE FROM account WHERE id = 'quota:s'",
    "TRUNCATE account CASCADE",
    "UPDATE transfer SET fen = 1 WHERE id = 'funded'",
    "DELETE FROM transfer",
    "TRUNCATE transfer CASCADE",
)


async def test_nobody_writes_a_balance_or_alters_a_transfer(engine: AsyncEngine) -> None:
    await post(engine, FUNDED)
    for statement in FORBIDDEN:
        async with engine.connect() as connection:
            with pytest.raises(IntegrityError, match="append-only"):
                await connection.execute(text(statement))
    assert await accounts(engine) == {OUTSIDE: (-100, 0, 0), QUOTA: (100, 0, 0)}


async def test_a_balance_written_past_the_guards_is_miscounted(engine: AsyncEngine) -> None:
    await post(engine, FUNDED)
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text("UPDATE account SET credits_fen = 101 WHERE id = 'quota:s'"))
        assert await miscounted(connection, "s") == [QUOTA]


async def test_amounts_as_large_as_a_country_are_exact(engine: AsyncEngine) -> None:
    most = 10**16
    await post(engine, Transfer("a", OUTSIDE, QUOTA, most), Transfer("b", QUOTA, AVAILABLE, most - 1))
    assert (await accounts(engine))[QUOTA] == (1, 0, 0)
    await refused(engine, Transfer("c", QUOTA, AVAILABLE, 2))


@pytest.mark.parametrize("phase", ["pending", "single"])
async def test_many_who_want_one_quota_together_never_get_more_than_there_is(
    engine: AsyncEngine, phase: Phase
) -> None:
    await post(engine, FUNDED)
    wanted = [Transfer(f"t{no}", QUOTA, f"included:{no}", 7, phase) for no in range(32)]
    got = await asyncio.gather(*(is_posted(engine, entry) for entry in wanted))
    assert Counter(got) == {True: 100 // 7, False: 32 - 100 // 7}
    kept = {"pending": (100, 98, 0), "single": (2, 0, 0)}[phase]
    found = await accounts(engine)
    assert found[QUOTA] == kept
    given = {f"included:{no}" for no, has in enumerate(got) if has}
    assert {name for name in found if name.startswith("included")} == given


async def test_many_who_settle_one_reservation_together_settle_it_once(engine: AsyncEngine) -> None:
    await post(engine, FUNDED, RESERVED, Transfer("others", QUOTA, INCLUDED, 40, "pending"))
    posts = [Transfer(f"p{no}", QUOTA, INCLUDED, 50, "post", "reserved") for no in range(16)]
    voids = [Transfer(f"v{no}", QUOTA, INCLUDED, 0, "void", "reserved") for no in range(16)]
    got = await asyncio.gather(*(is_posted(engine, entry) for entry in (*posts, *voids)))
    assert sum(got) == 1
    fen = 50 if any(got[:16]) else 0
    expected = {OUTSIDE: (-100, 0, 0), QUOTA: (100 - fen, 40, 0), INCLUDED: (fen, 0, 40)}
    assert await accounts(engine) == expected


async def test_the_same_transfer_sent_by_many_together_counts_once(engine: AsyncEngine) -> None:
    got = await asyncio.gather(*(is_posted(engine, FUNDED) for _ in range(32)))
    assert sum(got) == 1
    assert await accounts(engine) == {OUTSIDE: (-100, 0, 0), QUOTA: (100, 0, 0)}
