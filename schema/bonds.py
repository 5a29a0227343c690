"""The pool of bond requests, the allocations of batches, and the outbox of news that batches have for their cases."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Row, cast, func, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.bonds.allocation import Allocation, Request
from domain.postings import Transfer, available, included, quota
from domain.rules import subtree
from domain.value import BondKind
from schema.tables import bond_allocation, bond_batch, bond_news, bond_request

OPEN = ("waiting", "told")
"""The states of news that its case has not taken yet."""


class BondNews(NamedTuple):
    """A piece of news that a batch has for a case."""

    news_id: str
    case_no: str
    news: str
    amount_fen: int = 0
    transfer_id: str | None = None
    reason: str | None = None


_NEWS: Final = [bond_news.c[name] for name in BondNews._fields]


def reservation(batch_no: str, allocation: Allocation) -> Transfer:
    """A pending transfer: part of a batch's quota, reserved for a case until the case takes it or the batch is declined."""
    return Transfer(
        f"{batch_no}/included/{allocation.case_no}",
        quota(batch_no),
        included(allocation.case_no),
        allocation.allocated_fen,
        "pending",
    )


def forwarding(batch_no: str, occasion: str, case_no: str, fen: int) -> Transfer:
    """A pending transfer: money that has arrived, sent on to a case, which takes it with its next entry.

    Args:
        occasion: What caused it. The id is made of it, so no case is sent money twice on one occasion.
    """
    return Transfer(
        f"{batch_no}/arrived/{occasion}/{case_no}", included(case_no), available(case_no), fen, "pending"
    )


async def pool(
    connection: AsyncConnection, office: str, kind: BondKind, case_no: str | None = None
) -> list[Request]:
    """The open requests for a kind of bonds, of an office and the offices below it, or that of one case among them.

    Each is reduced by what other batches of that kind have already reserved for it, wages first.
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
        true() if case_no is None else bond_request.c.case_no == case_no,
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
    """Remove a case's request from the pool for a kind of bonds; False if it has none there."""
    taken_out = await connection.execute(
        update(bond_request)
        .where(bond_request.c.case_no == case_no, bond_request.c.kind == kind, bond_request.c.wanted_fen > 0)
        .values(wanted_fen=0)
    )
    return taken_out.rowcount == 1


async def has_request(connection: AsyncConnection, office: str, kind: BondKind, case_no: str) -> bool:
    """Whether a case has an open request that a batch of that office and kind could serve."""
    return bool(await pool(connection, office, kind, case_no))


async def kind_of(connection: AsyncConnection, batch_no: str) -> BondKind:
    """The kind of bonds of a batch."""
    query = select(bond_batch.c.kind).where(bond_batch.c.batch_no == batch_no)
    return BondKind((await connection.execute(query)).scalar_one())


async def allocate(
    connection: AsyncConnection, batch_no: str, allocations: Iterable[Allocation], asked: Iterable[Request]
) -> None:
    """Store the allocations of a batch in their rank, each with the criteria that determined it."""
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
    """Note how much of its reservation a case accepted: possibly less than was reserved, and 0 if the batch was declined."""
    await connection.execute(
        update(bond_allocation)
        .where(bond_allocation.c.batch_no == batch_no, bond_allocation.c.case_no == case_no)
        .values(included_fen=included_fen)
    )


async def forwarded(connection: AsyncConnection, batch_no: str, case_no: str, fen: int) -> None:
    """Add an amount to the arrived money that goes to a case; a negative one takes it back."""
    await connection.execute(
        update(bond_allocation)
        .where(bond_allocation.c.batch_no == batch_no, bond_allocation.c.case_no == case_no)
        .values(arrived_fen=bond_allocation.c.arrived_fen + fen)
    )


async def given_back(connection: AsyncConnection, batch_no: str, case_no: str, fen: int) -> None:
    """Note that a case that has ended returned part of what it had accepted."""
    await connection.execute(
        update(bond_allocation)
        .where(bond_allocation.c.batch_no == batch_no, bond_allocation.c.case_no == case_no)
        .values(included_fen=bond_allocation.c.included_fen - fen)
    )


async def announce(connection: AsyncConnection, batch_no: str, news: Iterable[BondNews]) -> None:
    """Put news into the outbox; news that is already there stays as it is."""
    rows = [{"batch_no": batch_no, "state": "waiting", **told._asdict()} for told in news]
    if rows:
        await connection.execute(insert(bond_news), rows)


async def untold(
    connection: AsyncConnection, batch_no: str, size: int, besides: Collection[str] = ()
) -> list[BondNews]:
    """The next undelivered news of a batch, at most `size`, without those whose ids are in `besides`."""
    query = (
        select(*_NEWS)
        .where(bond_news.c.batch_no == batch_no, bond_news.c.state == "waiting")
        .where(bond_news.c.news_id.not_in(besides))
        .order_by(bond_news.c.id)
        .limit(size)
    )
    return [BondNews(*row) for row in await connection.execute(query)]


async def on_the_way(connection: AsyncConnection, batch_no: str, case_no: str) -> list[BondNews]:
    """News of money that a batch has sent on to a case and that the case has not taken yet."""
    query = select(*_NEWS).where(
        bond_news.c.batch_no == batch_no,
        bond_news.c.case_no == case_no,
        bond_news.c.news == "arrived",
        bond_news.c.state.in_(OPEN),
    )
    return [BondNews(*row) for row in await connection.execute(query)]


async def open_news(
    connection: AsyncConnection, case_no: str, transfer_id: str
) -> tuple[str, BondNews] | None:
    """The batch and the news that bring a case this transfer; None if the case has taken it already."""
    query = select(bond_news.c.batch_no, *_NEWS).where(
        bond_news.c.case_no == case_no,
        bond_news.c.transfer_id == transfer_id,
        bond_news.c.state.in_(OPEN),
    )
    row = (await connection.execute(query)).one_or_none()
    return (row.batch_no, BondNews(*row[1:])) if row else None


async def untaken(connection: AsyncConnection, batch_no: str | None = None, news: str | None = None) -> int:
    """How much news no case has taken yet: of one batch and kind of news, or in all."""
    query = select(func.count()).select_from(bond_news).where(bond_news.c.state.in_(OPEN))
    if batch_no is not None:
        query = query.where(bond_news.c.batch_no == batch_no)
    if news is not None:
        query = query.where(bond_news.c.news == news)
    return int((await connection.execute(query)).scalar_one())


async def is_being_excluded(connection: AsyncConnection, case_no: str, kind: BondKind) -> bool:
    """Whether a batch of that kind has excluded a case's request, and the case has not taken that news yet."""
    query = (
        select(bond_news.c.id)
        .join(bond_batch, bond_batch.c.batch_no == bond_news.c.batch_no)
        .where(bond_batch.c.kind == kind, bond_news.c.case_no == case_no)
        .where(bond_news.c.news == "ineligible", bond_news.c.state != "taken")
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def amounts_of_news(connection: AsyncConnection, news_ids: Collection[str]) -> dict[str, int]:
    """The amount, in fen, of each of these pieces of news; ids that do not exist are left out."""
    query = select(bond_news.c.news_id, bond_news.c.amount_fen).where(bond_news.c.news_id.in_(news_ids))
    return {row.news_id: row.amount_fen for row in await connection.execute(query)}


async def mark(connection: AsyncConnection, news_id: str, state: str) -> bool:
    """Set the state of a piece of news. False if it was already taken or returned: these states are final."""
    marked = await connection.execute(
        update(bond_news)
        .where(bond_news.c.news_id == news_id, bond_news.c.state.in_(OPEN))
        .values(state=state)
    )
    return marked.rowcount == 1
