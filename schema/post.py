"""The post: documents as they were issued, what is to be sent to which office, and what became of it at each address.

A letter is put into the outbox in the transaction that gives rise to it. When its hour has come it is addressed: one row of
`delivery` for each address it goes to, whatever happens afterwards. What goes to one address at that hour is one message for ever,
so that a message that is sent twice, because nobody knows whether it arrived, is known to its receiver by its name.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.rules import Channels
from domain.value import NoticeKind
from schema.tables import delivery, document, outbox

LetterKind = Literal["notice", "report"]
Channel = Literal["inbox", "email", "webhook"]
State = Literal["waiting", "delivered", "failing", "given_up"]

_NOT_IN_NAMES = re.compile(r"[^\w〔〕()-]")

OPEN = ("waiting", "failing")
"""States of a delivery that is still to be tried."""


class Document(NamedTuple):
    """A document as it was issued; `sha256` is that of `docx`."""

    number: str
    case_no: str
    notice: NoticeKind
    issued_on: date
    office: str
    addressee: str
    reply_by: date
    docx: bytes
    sha256: str


class Letter(NamedTuple):
    """What goes to an office; `ref` is the number of the notice or report."""

    ref: str
    kind: LetterKind
    office: str
    subject: str
    body: str


class Waiting(NamedTuple):
    """A message that is to be sent now; it has been tried so often, for the first time at `since`."""

    digest_id: str
    channel: Channel
    address: str
    attempts: int
    since: datetime


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
    kind: LetterKind,
    office: str,
    subject: str,
    body: str,
    deliver_at: datetime,
) -> None:
    """Put a letter for an office into the outbox, once. It goes to all channels of the office, not before `deliver_at`.

    A letter whose `ref` is the number of a document carries that document.
    """
    letter = Letter(ref, kind, office, subject, body)
    row = {**letter._asdict(), "deliver_at": deliver_at, "state": "waiting"}
    await connection.execute(upsert(outbox).values(row).on_conflict_do_nothing())


async def address(connection: AsyncConnection, as_of: datetime, channels: Callable[[str], Channels]) -> None:
    """Address all letters whose hour has come: what goes to one address becomes one message. One at a time does this."""
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
    """Where letters to an office go: always to its inbox."""
    yield "inbox", office
    for place in channels.email:
        yield "email", place
    for place in channels.webhook:
        yield "webhook", place


def _digest_id(channel: Channel, place: str, refs: Iterable[str]) -> str:
    return hashlib.sha256("\n".join([channel, place, *refs]).encode()).hexdigest()[:32]


async def waiting(connection: AsyncConnection, as_of: datetime) -> list[Waiting]:
    """The messages that are to be tried now: first those that have failed least, of an address the oldest first."""
    attempts, since = func.max(delivery.c.attempts), func.min(delivery.c.since)
    query = (
        select(delivery.c.digest_id, delivery.c.channel, delivery.c.address, attempts, since)
        .where(delivery.c.state.in_(OPEN), delivery.c.next_try_at <= as_of)
        .group_by(delivery.c.digest_id, delivery.c.channel, delivery.c.address)
        .order_by(attempts, since, delivery.c.digest_id)
    )
    return [Waiting(*row) for row in await connection.execute(query)]


async def claim(connection: AsyncConnection, digest_id: str, as_of: datetime) -> list[Letter]:
    """The letters of a message, which nobody else will send while the transaction lasts; none if somebody does or did."""
    lock = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:digest_id, 0))")
    if not (await connection.execute(lock, {"digest_id": digest_id})).scalar_one():
        return []
    query = (
        select(*(outbox.c[name] for name in Letter._fields))
        .join(delivery, (delivery.c.ref == outbox.c.ref) & (delivery.c.office == outbox.c.office))
        .where(_is_open(digest_id), delivery.c.next_try_at <= as_of)
        .order_by(outbox.c.id)
    )
    return [Letter(*row) for row in await connection.execute(query)]


def _is_open(digest_id: str) -> ColumnElement[bool]:
    return (delivery.c.digest_id == digest_id) & delivery.c.state.in_(OPEN)


async def docx_of(connection: AsyncConnection, ref: str) -> bytes | None:
    """The document of that number, if there is one."""
    query = select(document.c.docx).where(document.c.number == ref)
    return (await connection.execute(query)).scalar_one_or_none()


async def delivered(connection: AsyncConnection, digest_id: str, at: datetime) -> None:
    """A message has arrived."""
    await connection.execute(
        update(delivery)
        .where(_is_open(digest_id))
        .values(
            state="delivered",
            attempts=delivery.c.attempts + 1,
            delivered_at=at,
            next_try_at=None,
            last_error=None,
        )
    )


async def failed(
    connection: AsyncConnection, digest_id: str, reason: str, next_try_at: datetime | None
) -> None:
    """A message has not arrived, as far as is known. Without a next try it is given up."""
    await connection.execute(
        update(delivery)
        .where(_is_open(digest_id))
        .values(
            state="failing" if next_try_at else "given_up",
            attempts=delivery.c.attempts + 1,
            last_error=reason,
            next_try_at=next_try_at,
        )
    )


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
