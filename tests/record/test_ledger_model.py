"""The ledger against a model: numbers in a dictionary that say what every transfer should do, and which are refused."""

import itertools
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.postings import Phase, Transfer
from runtime.connect import connect_database
from schema import ledger
from schema.tables import account
from tests.record.paper import miscounted
from tests.stack import Servers

pytestmark = pytest.mark.long

PURPOSES = ("outside", "quota", "included", "available")


class Move(NamedTuple):
    """Move or reserve money, with or without a reference."""

    debit: str
    credit: str
    fen: int
    is_pending: bool
    reference: str | None


class Settle(NamedTuple):
    """Post or void one of the reservations made so far, even one that is settled, and with any amount."""

    which: int
    fen: int | None


class Repeat(NamedTuple):
    """Repeat one of the transfers made so far."""

    which: int


Operation = Move | Settle | Repeat

_FEN = st.integers(1, 60)
_OPERATIONS = st.lists(
    st.one_of(
        st.builds(
            Move,
            debit=st.sampled_from(PURPOSES),
            credit=st.sampled_from(PURPOSES),
            fen=_FEN,
            is_pending=st.booleans(),
            reference=st.none() | st.sampled_from(["PZ-1", "PZ-2"]),
        ),
        st.builds(Move, st.just("outside"), st.sampled_from(PURPOSES[1:]), _FEN, st.just(False), st.none()),
        st.builds(Move, st.just("quota"), st.just("included"), st.integers(1, 9), st.just(True), st.none()),
        st.builds(Settle, st.integers(0, 3), st.none() | st.integers(0, 9)),
        st.builds(Settle, st.integers(0, 9), st.integers(0, 60)),
        st.builds(Repeat, st.integers(0, 30)),
    ),
    min_size=5,
    max_size=30,
)


@dataclass
class Model:
    """The expected balances. Amounts are fen."""

    credits: Counter[str] = field(default_factory=Counter)
    debits: Counter[str] = field(default_factory=Counter)
    incoming: Counter[str] = field(default_factory=Counter)
    outgoing: Counter[str] = field(default_factory=Counter)
    taken: dict[str, Transfer] = field(default_factory=dict)
    settled: set[str | None] = field(default_factory=set)

    def accepts(self, entry: Transfer) -> bool:
        """Whether the ledger should accept a transfer."""
        is_new = entry.id not in self.taken
        makes_sense = entry.debit != entry.credit
        seen = {(one.credit, one.reference) for one in self.taken.values() if one.reference}
        if entry.settles is not None:
            reserved = self.taken[entry.settles]
            return is_new and entry.settles not in self.settled and entry.fen <= reserved.fen
        has_funds = entry.debit.startswith("outside") or entry.fen <= self.spendable(entry.debit)
        return is_new and makes_sense and has_funds and (entry.credit, entry.reference) not in seen

    def spendable(self, account_id: str) -> int:
        """The balance of an account without what is reserved for others."""
        return self.credits[account_id] - self.debits[account_id] - self.outgoing[account_id]

    def take(self, entry: Transfer) -> None:
        """Apply a transfer."""
        self.taken[entry.id] = entry
        if entry.phase == "pending":
            self.outgoing[entry.debit] += entry.fen
            self.incoming[entry.credit] += entry.fen
            return
        if entry.settles is not None:
            reserved = self.taken[entry.settles]
            self.settled.add(entry.settles)
            self.outgoing[entry.debit] -= reserved.fen
            self.incoming[entry.credit] -= reserved.fen
        self.debits[entry.debit] += entry.fen
        self.credits[entry.credit] += entry.fen

    def transfer(self, no: int, operation: Operation, stream: str) -> Transfer | None:
        """The transfer of an operation; None if there is nothing to settle or repeat yet."""
        if isinstance(operation, Move):
            phase: Phase = "pending" if operation.is_pending else "single"
            debit, credit = f"{operation.debit}:{stream}", f"{operation.credit}:{stream}"
            return Transfer(
                f"{stream}/{no}", debit, credit, operation.fen, phase, reference=operation.reference
            )
        if isinstance(operation, Repeat):
            sent = list(self.taken.values())
            return sent[operation.which % len(sent)] if sent else None
        reservations = [one for one in self.taken.values() if one.phase == "pending"]
        if not reservations:
            return None
        reserved = reservations[operation.which % len(reservations)]
        phase = "void" if operation.fen is None else "post"
        fen = operation.fen or 0
        return Transfer(f"{stream}/{no}", reserved.debit, reserved.credit, fen, phase, reserved.id)


@pytest.fixture(scope="module")
async def shared(servers: Servers) -> AsyncIterator[AsyncEngine]:
    """One database for all examples. Each has accounts of its own."""
    async with servers.database() as url, connect_database(url) as engine:
        yield engine


_streams = (f"s{number}" for number in itertools.count(1))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(operations=_OPERATIONS)
async def test_whatever_is_sent_in_whatever_order_balances_are_those_of_the_model(
    shared: AsyncEngine, operations: list[Operation]
) -> None:
    stream, model = next(_streams), Model()
    for no, operation in enumerate(operations):
        entry = model.transfer(no, operation, stream)
        if entry is not None:
            note(str(entry))
            accepted = model.accepts(entry)
            assert await _is_posted(shared, entry) is accepted
            if accepted:
                model.take(entry)
    await _assert_agrees(shared, stream, model)


async def _is_posted(engine: AsyncEngine, entry: Transfer) -> bool:
    try:
        async with engine.begin() as connection:
            await ledger.post(connection, [entry])
    except IntegrityError:
        return False
    return True


async def _assert_agrees(engine: AsyncEngine, stream: str, model: Model) -> None:
    async with engine.connect() as connection:
        rows = (await connection.execute(select(account).where(account.c.id.endswith(f":{stream}")))).all()
        wrong = await miscounted(connection, stream)
    named = {name for entry in model.taken.values() for name in (entry.debit, entry.credit)}
    assert {row.id for row in rows} == named
    for row in rows:
        assert row.credits_fen == model.credits[row.id]
        assert row.debits_fen == model.debits[row.id]
        assert row.credits_pending_fen == model.incoming[row.id]
        assert row.debits_pending_fen == model.outgoing[row.id]
        assert row.id.startswith("outside") or model.spendable(row.id) >= 0
    assert sum(row.credits_fen - row.debits_fen for row in rows) == 0
    assert wrong == []
