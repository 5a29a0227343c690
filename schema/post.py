"""The post: documents as they were issued, what is to be sent to which office, and what became of it at each address.

A letter is put into the outbox in the transaction that gives rise to it. When its hour has come it is addressed: one row of
`delivery` for each address it goes to, whatever happens afterwards. What goes to one address at that hour is one message for ever,
so that a message that is sent twice is known to its receiver by its name.

    waiting ─ claimed ─┬─ sending ─┬─ delivered    it was accepted
      failing ─────────┤           ├─ refused      it was refused for good: not tried again
      unknown ─────────┘           ├─ failing      it was put off, or nothing of it was sent: tried again after a pause
                                   ├─ given_up     so for a week: not tried again
                                   └─ unknown      it may have been accepted: no answer came, or whoever sent it died

A claim is a term by the database's own clock. Whoever has one and dies is noticed when it has run out: what was `sending` then is
`unknown`, anything else is simply claimed by the next.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.rules import Channels
from domain.value import LetterKind, NoticeKind
from schema.tables import delivery, document, outbox

MailKind = Literal["notice", "report"]
Channel = Literal["inbox", "email", "webhook"]
State = Literal["waiting", "sending", "delivered", "failing", "unknown", "refused", "given_up"]
Outcome = Literal["delivered", "failing", "unknown", "refused", "given_up"]

_NOT_IN_NAMES = re.compile(r"[^\w〔〕()-]")

STOPPED = ("unknown", "refused", "given_up")
"""States of a delivery that a person may have sent again."""


class Document(NamedTuple):
    """A document as it was issued; `sha256` is that of `docx`."""

    number: str
    case_no: str
    notice: NoticeKind | LetterKind
    issued_on: date
    office: str
    addressee: str
    reply_by: date | None
    docx: bytes
    sha256: str


class Mail(NamedTuple):
    """A letter to an office; `ref` is the number of the notice or report."""

    ref: str
    kind: MailKind
    office: str
    subject: str
    body: str


class Waiting(NamedTuple):
    """A message that is due, with the time since which it has been tried."""

    digest_id: str
    channel: Channel
    address: str
    since: datetime


class Lease(NamedTuple):
    """A lease on a message: its holder alone may send it, as the attempt of that number. Without letters there is no lease: somebody
    else holds it, or the message is done.
    """

    digest_id: str
    attempt: int = 0
    letters: Sequence[Mail] = ()


class Delivery(NamedTuple):
    """What became of a letter at one address of an office. `channel` and `address` are None before its hour has come."""

    ref: str
    office: str
    channel: Channel | None
    address: str | None
    state: State
    attempts: int
    last_error: str | None
    delivered_at: datetime | None


def file_name(ref: str, ending: str) -> str:
    """The name of a letter's file: its number, without what a file's name may not contain."""
    return f"{_NOT_IN_NAMES.sub('_', ref)}.{ending}"


async def keep(connection: AsyncConnection, issued: Document) -> None:
    """Keep a document. It is never changed."""
    await connection.execute(insert(document).values(issued._asdict()))


async def post(
    connection: AsyncConnection,
    ref: str,
    kind: MailKind,
    office: str,
    subject: str,
    body: str,
    deliver_at: datetime,
) -> None:
    """Put a letter for an office into the outbox; idempotent by `ref` and office. It goes to all channels of the office at
    `deliver_at`.

    If `ref` is the number of a document, the letter carries that document.
    """
    letter = Mail(ref, kind, office, subject, body)
    row = {**letter._asdict(), "deliver_at": deliver_at, "state": "waiting"}
    await connection.execute(upsert(outbox).values(row).on_conflict_do_nothing())


async def address(connection: AsyncConnection, as_of: datetime, channels: Callable[[str], Channels]) -> None:
    """Create a delivery for each address of every letter that is due. Letters for one address become one message. Runs one at a
    time.
    """
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('post'))"))
    due = (
        update(outbox)
        .where(outbox.c.state == "waiting", outbox.c.deliver_at <= as_of)
        .values(state="sent")
        .returning(outbox.c.id, outbox.c.ref, outbox.c.office)
    )
    letters = sorted(await connection.execute(due))
    if not letters:
        return
    messages: dict[tuple[Channel, str], dict[str, str]] = defaultdict(dict)
    for letter in letters:
        for channel, place in _places(letter.office, channels(letter.office)):
            messages[channel, place].setdefault(letter.ref, letter.office)
    rows = [
        {
            "ref": ref,
            "office": office,
            "channel": channel,
            "address": place,
            "digest_id": _digest_id(channel, place, refs),
            "state": "waiting",
            "attempts": 0,
            "since": as_of,
            "next_try_at": as_of,
        }
        for (channel, place), refs in messages.items()
        for ref, office in refs.items()
    ]
    await connection.execute(upsert(delivery).on_conflict_do_nothing(), rows)


def _places(office: str, channels: Channels) -> Iterable[tuple[Channel, str]]:
    """The channels and addresses of an office, its inbox first."""
    yield "inbox", office
    for place in channels.email:
        yield "email", place
    for place in channels.webhook:
        yield "webhook", place


def _digest_id(channel: Channel, place: str, refs: Iterable[str]) -> str:
    return hashlib.sha256("\n".join([channel, place, *refs]).encode()).hexdigest()[:32]


def _is_free() -> ColumnElement[bool]:
    """Nobody is sending it. What is `sending` is not free even when its claim has run out: see `broken_off`."""
    ran_out = or_(delivery.c.claimed_until.is_(None), delivery.c.claimed_until < func.now())
    return ran_out & (delivery.c.state != "sending")


async def waiting(connection: AsyncConnection, as_of: datetime) -> list[Waiting]:
    """The messages that are due: those that have failed least first, and for each address the oldest first."""
    attempts, since = func.max(delivery.c.attempts), func.min(delivery.c.since)
    query = (
        select(delivery.c.digest_id, delivery.c.channel, delivery.c.address, since)
        .where(delivery.c.next_try_at <= as_of, _is_free())
        .group_by(delivery.c.digest_id, delivery.c.channel, delivery.c.address)
        .order_by(attempts, since, delivery.c.digest_id)
    )
    return [Waiting(*row) for row in await connection.execute(query)]


async def claim(connection: AsyncConnection, digest_id: str, as_of: datetime, lasts: timedelta) -> Lease:
    """Take a lease on a message, so that nobody else sends it meanwhile."""
    lock = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:digest_id, 0))")
    if not (await connection.execute(lock, {"digest_id": digest_id})).scalar_one():
        return Lease(digest_id)
    claiming = (
        update(delivery)
        .where(delivery.c.digest_id == digest_id, delivery.c.next_try_at <= as_of, _is_free())
        .values(claimed_until=func.now() + lasts, attempts=delivery.c.attempts + 1)
        .returning(delivery.c.ref, delivery.c.office, delivery.c.attempts)
    )
    claimed = {(row.ref, row.office): row.attempts for row in await connection.execute(claiming)}
    query = (
        select(*(outbox.c[name] for name in Mail._fields))
        .where(tuple_(outbox.c.ref, outbox.c.office).in_(list(claimed)))
        .order_by(outbox.c.id)
    )
    letters = [Mail(*row) for row in await connection.execute(query)]
    return Lease(digest_id, max(claimed.values(), default=0), letters)


def _is_of(claimed: Lease) -> ColumnElement[bool]:
    """What was claimed, unless somebody has claimed it after that."""
    return (delivery.c.digest_id == claimed.digest_id) & (delivery.c.attempts == claimed.attempt)


async def sending(connection: AsyncConnection, claimed: Lease) -> bool:
    """Mark a message as being sent, before the receiver can act on it. False if the lease is lost."""
    begun = update(delivery).where(_is_of(claimed), delivery.c.claimed_until > func.now())
    return (await connection.execute(begun.values(state="sending"))).rowcount > 0


async def note(
    connection: AsyncConnection,
    claimed: Lease,
    outcome: Outcome,
    *,
    delivered_at: datetime | None = None,
    reason: str | None = None,
    next_try_at: datetime | None = None,
) -> None:
    """Store what became of a message, and end the lease. A late answer is stored too, unless somebody has tried since."""
    await connection.execute(
        update(delivery)
        .where(_is_of(claimed))
        .values(
            state=outcome,
            claimed_until=None,
            delivered_at=delivered_at,
            last_error=reason,
            next_try_at=next_try_at,
        )
    )


async def broken_off(connection: AsyncConnection, channel: Channel, next_try_at: datetime | None) -> int:
    """Mark messages as unknown whose sender died while sending; returns how many letters those are."""
    ran_out = (
        update(delivery)
        .where(delivery.c.channel == channel, delivery.c.state == "sending")
        .where(delivery.c.claimed_until < func.now(), delivery.c.next_try_at.is_not(None))
        .values(
            state="unknown",
            claimed_until=None,
            last_error="发送中断 broken off while it was being sent",
            next_try_at=next_try_at,
        )
    )
    return (await connection.execute(ran_out)).rowcount


async def send_again(connection: AsyncConnection, ref: str, office: str | None, at: datetime) -> list[str]:
    """Schedule a letter again wherever it may not have arrived.

    Args:
        office: Only to this office; None: to all that it was for.

    Returns:
        The channel of each message that will be sent again.
    """
    stopped = select(delivery.c.digest_id).where(delivery.c.ref == ref, delivery.c.state.in_(STOPPED))
    if office is not None:
        stopped = stopped.where(delivery.c.office == office)
    again = (
        update(delivery)
        .where(delivery.c.digest_id.in_(stopped), delivery.c.state.in_(STOPPED), _is_free())
        .values(state="waiting", since=at, next_try_at=at)
        .returning(delivery.c.digest_id, delivery.c.channel)
    )
    return sorted(dict(row._tuple() for row in await connection.execute(again)).values())


async def docx_of(connection: AsyncConnection, ref: str) -> bytes | None:
    """The document of that number, if there is one."""
    query = select(document.c.docx).where(document.c.number == ref)
    return (await connection.execute(query)).scalar_one_or_none()


async def documents(
    connection: AsyncConnection,
    *,
    case_no: str | None = None,
    office: str | None = None,
    state: State | None = None,
    size: int = 100,
) -> Sequence[Row[Any]]:
    """The latest documents first, without their bytes: of a case, sent to an office, or of which a delivery is in a state."""
    query = select(*(column for column in document.c if column is not document.c.docx))
    if case_no is not None:
        query = query.where(document.c.case_no == case_no)
    if office is not None:
        query = query.where(document.c.number.in_(select(outbox.c.ref).where(outbox.c.office == office)))
    if state is not None:
        is_in_state: ColumnElement[bool] = document.c.number.in_(
            select(delivery.c.ref).where(delivery.c.state == state)
        )
        if state == "waiting":
            is_in_outbox = document.c.number.in_(select(outbox.c.ref).where(outbox.c.state == "waiting"))
            is_in_state = or_(is_in_state, is_in_outbox)
        query = query.where(is_in_state)
    return (await connection.execute(query.order_by(document.c.id.desc()).limit(size))).all()


async def deliveries(connection: AsyncConnection, refs: Sequence[str]) -> list[Delivery]:
    """What became of letters, at each address of each office."""
    found = delivery.c
    query = (
        select(
            outbox.c.ref,
            outbox.c.office,
            found.channel,
            found.address,
            func.coalesce(found.state, "waiting"),
            func.coalesce(found.attempts, 0),
            found.last_error,
            found.delivered_at,
        )
        .outerjoin(delivery, (found.ref == outbox.c.ref) & (found.office == outbox.c.office))
        .where(outbox.c.ref.in_(refs))
        .order_by(outbox.c.id, found.channel, found.address)
    )
    return [Delivery(*row) for row in await connection.execute(query)]


async def hashes(connection: AsyncConnection, case_no: str) -> dict[str, str]:
    """The hash of each document of a case, taken from the bytes that are stored."""
    found = func.encode(func.sha256(document.c.docx), "hex").label("found")
    query = select(document.c.number, found).where(document.c.case_no == case_no)
    return {row.number: row.found for row in await connection.execute(query)}
