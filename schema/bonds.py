"""The pool of bond requests, who gets how much of a batch, and what is still to be told to the cases."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Row, cast, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.bonds.allocation import Allocation, Request
from domain.postings import Transfer, available, included, quota
from domain.rules import subtree
from domain.value import BondKind
from schema.tables import bond_allocation, bond_batch, bond_news, bond_request

OPEN = ("waiting", "told")
"""States of news that a case has not taken yet."""


class Told(NamedTuple):
    """A piece of news for a case: which, and what it brings."""

    news_id: str
    case_no: str
    news: str
    amount_fen: int = 0
    transfer_id: str | None = None
    reason: str | None = None


_TOLD: Final = [bond_news.c[name] for name in Told._fields]


def reservation(batch_no: str, allocation: Allocation) -> Transfer:
    """Reserves part of a batch's quota for a case, until the case takes it or the batch is declined."""
    return Transfer(
        f"{batch_no}/included/{allocation.case_no}",
        quota(batch_no),
        included(allocation.case_no),
        allocation.allocated_fen,
        "pending",
    )


def forwarding(batch_no: str, occasion: str, case_no: str, fen: int) -> Transfer:
    """Sends money that is there on to a case, which takes it with its next entry. No case is sent any twice on one occasion."""
    return Transfer(
        f"{batch_no}/arrived/{occasion}/{case_no}", included(case_no), available(case_no), fen, "pending"
    )


async def pool(connection: AsyncConnection, office: str, kind: BondKind) -> list[Request]:
    """The open requests of an office and of those below it for a kind of bonds, less what other batches of that kind have reserved for
    them: wages first.
    """
    reserved = (
        select(cast(func.coalesce(func.sum(bond_allocation.c.allocated_fen), 0), BigInteger))
        .join(bond_batch, bond_batch.c.batch_no == bond_allocation.c.batch_no)
        .where(bond_allocation.c.case_no == bond_request.c.case_no, bond_allocation.c.included_fen.is_(None))
        .where(bond_batch.c.kind == bond_request.c.kind)
        .scalar_subquery()
    )
    open_fen = (bond_request.c.wanted_fen - reserved).label("open_fen")
    query = select(bond_request, open_fen).where(
        bond_request.c.kind == kind,
        bond_request.c.wanted_fen > 0,
        open_fen > 0,
        bond_request.c.office.regexp_match(f"^{subtree(office).pattern}$"),
    )
    return [
        Request(
            row.case_no,
            row.open_fen,
            max(row.wage_fen - (row.wanted_fen - row.open_fen), 0),
            row.livelihood,
            row.received_on,
            row.spending,
        )
        for row in await connection.execute(query)
    ]


async def take_out(connection: AsyncConnection, kind: BondKind, case_no: str) -> bool:
    """Take a case's request out of the pool for a kind of bonds; False when it has none there."""
    taken_out = await connection.execute(
        update(bond_request)
        .where(bond_request.c.case_no == case_no, bond_request.c.kind == kind, bond_request.c.wanted_fen > 0)
        .values(wanted_fen=0)
    )
    return taken_out.rowcount == 1


async def has_request(connection: AsyncConnection, office: str, kind: BondKind, case_no: str) -> bool:
    """Whether a case has an open request that a batch of that office and kind could serve."""
    return any(request.case_no == case_no for request in await pool(connection, office, kind))


async def kind_of(connection: AsyncConnection, batch_no: str) -> BondKind:
    """Of which kind of bonds a batch is."""
    query = select(bond_batch.c.kind).where(bond_batch.c.batch_no == batch_no)
    return BondKind((await connection.execute(query)).scalar_one())


async def allocate(
    connection: AsyncConnection, batch_no: str, allocations: Iterable[Allocation], asked: Iterable[Request]
) -> None:
    """Write who gets how much, in their rank, and what put each before others."""
    claims = {request.case_no: request for request in asked}
    rows = [
        {
            "batch_no": batch_no,
            "rank": rank,
            "arrived_fen": 0,
            **allocation._asdict(),
            "wage_fen": claims[allocation.case_no].wage_fen,
            "livelihood": claims[allocation.case_no].livelihood,
            "received_on": claims[allocation.case_no].received_on,
        }
        for rank, allocation in enumerate(allocations, start=1)
    ]
    if rows:
        await connection.execute(insert(bond_allocation), rows)


async def allocations(connection: AsyncConnection, batch_no: str) -> Sequence[Row[Any]]:
    """The allocations of a batch, in their rank."""
    query = select(bond_allocation).where(bond_allocation.c.batch_no == batch_no)
    return (await connection.execute(query.order_by(bond_allocation.c.rank))).all()


async def answered(connection: AsyncConnection, batch_no: str, case_no: str, included_fen: int) -> None:
    """Note what a case took of its reservation: perhaps less than was reserved, nothing once the batch is declined."""
    await connection.execute(
        update(bond_allocation)
        .where(bond_allocation.c.batch_no == batch_no, bond_allocation.c.case_no == case_no)
        .values(included_fen=included_fen)
    )


async def forwarded(connection: AsyncConnection, batch_no: str, case_no: str, fen: int) -> None:
    """Note that so much of what arrived goes to a case; less than zero takes it back."""
    await connection.execute(
        update(bond_allocation)
        .where(bond_allocation.c.batch_no == batch_no, bond_allocation.c.case_no == case_no)
        .values(arrived_fen=bond_allocation.c.arrived_fen + fen)
    )


async def given_back(connection: AsyncConnection, batch_no: str, case_no: str, fen: int) -> None:
    """Note that a case that has ended gave back so much of what it had taken."""
    await connection.execute(
        update(bond_allocation)
        .where(bond_allocation.c.batch_no == batch_no, bond_allocation.c.case_no == case_no)
        .values(included_fen=bond_allocation.c.included_fen - fen)
    )


async def announce(connection: AsyncConnection, batch_no: str, news: Iterable[Told]) -> None:
    """Put down what is to be told, once."""
    rows = [{"batch_no": batch_no, "state": "waiting", **told._asdict()} for told in news]
    if rows:
        await connection.execute(insert(bond_news), rows)


async def untold(
    connection: AsyncConnection, batch_no: str, size: int, besides: Collection[str] = ()
) -> list[Told]:
    """The next news of a batch that no case has been told, besides these, by their ids."""
    query = (
        select(*_TOLD)
        .where(bond_news.c.batch_no == batch_no, bond_news.c.state == "waiting")
        .where(bond_news.c.news_id.not_in(besides))
        .order_by(bond_news.c.id)
        .limit(size)
    )
    return [Told(*row) for row in await connection.execute(query)]


async def on_the_way(connection: AsyncConnection, batch_no: str, case_no: str) -> list[Told]:
    """The money of a batch that was sent on to a case and that the case has not taken."""
    query = select(*_TOLD).where(
        bond_news.c.batch_no == batch_no,
        bond_news.c.case_no == case_no,
        bond_news.c.news == "arrived",
        bond_news.c.state.in_(OPEN),
    )
    return [Told(*row) for row in await connection.execute(query)]


async def open_news(connection: AsyncConnection, case_no: str, transfer_id: str) -> tuple[str, Told] | None:
    """The news that brings a case this transfer, if the case has not taken it, and the batch it is from."""
    query = select(bond_news.c.batch_no, *_TOLD).where(
        bond_news.c.case_no == case_no,
        bond_news.c.transfer_id == transfer_id,
        bond_news.c.state.in_(OPEN),
    )
    row = (await connection.execute(query)).one_or_none()
    return (row.batch_no, Told(*row[1:])) if row else None


async def untaken(connection: AsyncConnection, batch_no: str | None = None, news: str | None = None) -> int:
    """How many pieces of news no case has taken yet: of one batch and kind, or of all."""
    query = select(func.count()).select_from(bond_news).where(bond_news.c.state.in_(OPEN))
    if batch_no is not None:
        query = query.where(bond_news.c.batch_no == batch_no)
    if news is not None:
        query = query.where(bond_news.c.news == news)
    return int((await connection.execute(query)).scalar_one())


async def is_being_excluded(connection: AsyncConnection, case_no: str, kind: BondKind) -> bool:
    """Whether a case has still to hear that a batch of that kind took its request out of the pool."""
    query = (
        select(bond_news.c.id)
        .join(bond_batch, bond_batch.c.batch_no == bond_news.c.batch_no)
        .where(bond_batch.c.kind == kind, bond_news.c.case_no == case_no)
        .where(bond_news.c.news == "ineligible", bond_news.c.state != "taken")
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def amounts_of_news(connection: AsyncConnection, news_ids: Collection[str]) -> dict[str, int]:
    """How much each of these pieces of news brings, for those that there are."""
    query = select(bond_news.c.news_id, bond_news.c.amount_fen).where(bond_news.c.news_id.in_(news_ids))
    return {row.news_id: row.amount_fen for row in await connection.execute(query)}


async def mark(connection: AsyncConnection, news_id: str, state: str) -> bool:
    """Note what became of a piece of news; False when that is known: what a case has taken, or what has gone back, stays so."""
    marked = await connection.execute(
        update(bond_news)
        .where(bond_news.c.news_id == news_id, bond_news.c.state.in_(OPEN))
        .values(state=state)
    )
    return marked.rowcount == 1
