"""The journal: append-only, one chain of hashes per case or batch."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Text, any_, bindparam, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import Actor
from domain.case.view import event_data, event_json
from domain.events import Event
from schema.tables import effect, event

_AROUND = ("opened", "met", "redated", "letters", "command_id", "digest")


@dataclass(frozen=True)
class Entry:
    """An event with its place in the journal; `id` orders all entries of the record."""

    id: int
    stream: str
    seq: int
    hash: str
    event: Event

    def to_json(self) -> dict[str, Any]:
        """The entry as every interface shows it."""
        return event_json(self.stream, self.seq, self.event, self.hash)


_CLAIM: Final = upsert(effect).on_conflict_do_nothing()
_APPEND: Final = insert(event)
_OF_KINDS: Final = (
    select(event)
    .where(
        event.c.stream == any_(bindparam("of_streams", type_=ARRAY(Text))),
        event.c.kind == any_(bindparam("of_kinds", type_=ARRAY(Text))),
    )
    .order_by(event.c.id)
)


class Effect(NamedTuple):
    """The row that makes recording idempotent: an effect key, the command it answers, and the place of its last event.

    Attributes:
        command_id: The command's idempotency key: its id together with its owner (`CommandBase.key`).
    """

    effect_key: str
    command_id: str | None
    digest: str | None
    last_seq: int
    run_id: str


def genesis(stream: str) -> str:
    """The hash before the first entry of a stream."""
    return hashlib.sha256(stream.encode()).hexdigest()


def chained(before: str, stream: str, seq: int, happened: Event) -> str:
    """The hash of an entry: SHA-256 over the hash before it and the entry's canonical JSON."""
    instant = happened.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [before, stream, seq, happened.kind, instant, happened.on.isoformat(), str(happened.by)]
    who = [_written(happened.entered_by), _written(happened.approved_by), happened.account]
    text = json.dumps([*content, *who, event_data(happened)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _written(actor: Actor | None) -> str | None:
    return str(actor) if actor else None


async def append(
    connection: AsyncConnection, stream: str, first_seq: int, head: str, events: Sequence[Event]
) -> str:
    """Append events after the entry whose hash is `head`; returns the hash of the last one."""
    rows = []
    for seq, happened in enumerate(events, start=first_seq):
        head = chained(head, stream, seq, happened)
        rows.append(
            {
                "stream": stream,
                "seq": seq,
                "kind": happened.kind,
                "at": happened.at,
                "on_date": happened.on,
                "by": str(happened.by),
                "entered_by": _written(happened.entered_by),
                "approved_by": _written(happened.approved_by),
                "account": happened.account,
                "data": event_data(happened),
                "hash": head,
            }
        )
    await connection.execute(_APPEND, rows)
    return head


async def claim(connection: AsyncConnection, claimed: Effect, stream: str) -> bool:
    """Claim an effect key and its command in this transaction; False if either was claimed before."""
    row = {"stream": stream, **claimed._asdict()}
    return (await connection.execute(_CLAIM, row)).rowcount == 1


async def entries(
    connection: AsyncConnection,
    *,
    stream: str | None = None,
    after_id: int = 0,
    seqs: tuple[int, int] | None = None,
) -> list[Entry]:
    """Entries in the order of recording.

    Args:
        stream: Only those of this case or batch.
        after_id: Only those with a greater id.
        seqs: Only those from the first to the second sequence number, both included.
    """
    query = select(event).where(event.c.id > after_id).order_by(event.c.id)
    if stream is not None:
        query = query.where(event.c.stream == stream)
    if seqs is not None:
        query = query.where(event.c.seq.between(*seqs))
    return [_entry(row._mapping) for row in await connection.execute(query)]


async def of_kinds(
    connection: AsyncConnection, streams: Collection[str], kinds: Collection[str]
) -> list[Entry]:
    """The entries of some kinds in some streams, in the order of recording."""
    asked = {"of_streams": list(streams), "of_kinds": list(kinds)}
    return [_entry(row._mapping) for row in await connection.execute(_OF_KINDS, asked)]


def aggregated(stream: ColumnElement[str], kinds: Collection[str]) -> ColumnElement[Any]:
    """A column that holds the entries of some kinds in a stream, in the order of recording, so that a larger query gets them in the
    same round trip. `read_aggregated` reads its value.
    """
    kept = event.alias("kept")
    rows = func.jsonb_agg(aggregate_order_by(func.to_jsonb(kept.table_valued()), kept.c.id))
    of_kinds = kept.c.kind == any_(literal(list(kinds), ARRAY(Text)))
    return select(rows).where(kept.c.stream == stream, of_kinds).scalar_subquery()


def read_aggregated(rows: Sequence[Mapping[str, Any]] | None) -> list[Entry]:
    """The entries that `aggregated` found, if any."""
    return [_entry(row) for row in rows or ()]


async def of_ids(connection: AsyncConnection, ids: Collection[int]) -> list[Entry]:
    """The entries of these ids, in their order."""
    query = select(event).where(event.c.id.in_(ids)).order_by(event.c.id)
    return [_entry(row._mapping) for row in await connection.execute(query)]


async def last_seq(connection: AsyncConnection, stream: str) -> int:
    """The sequence number of the last entry of a case or batch; 0 where there is none."""
    query = select(func.coalesce(func.max(event.c.seq), 0)).where(event.c.stream == stream)
    return int((await connection.execute(query)).scalar_one())


def _entry(row: Mapping[Any, Any]) -> Entry:
    data = dict(row["data"])
    around = {name: data.pop(name) for name in _AROUND if name in data}
    happened = Event.model_validate(
        {
            **{name: row[name] for name in ("at", "by", "entered_by", "approved_by", "account")},
            "on": row["on_date"],
            "fact": {"kind": row["kind"], **data},
            **around,
        }
    )
    return Entry(row["id"], row["stream"], row["seq"], row["hash"], happened)


async def latest_streams(connection: AsyncConnection, entries: int) -> list[str]:
    """The numbers of the cases and batches to which the latest entries of the whole journal belong, sorted."""
    latest = select(event.c.stream).order_by(event.c.id.desc()).limit(entries).subquery()
    return sorted((await connection.execute(select(latest.c.stream).distinct())).scalars())


async def answered(connection: AsyncConnection, stream: str, command_key: str) -> Effect | None:
    """The effect of a command; None if the case or batch has not carried it out."""
    query = _EFFECTS.where(effect.c.stream == stream, effect.c.command_id == command_key)
    row = (await connection.execute(query)).one_or_none()
    return Effect(*row) if row else None


async def effects(connection: AsyncConnection, stream: str) -> list[Effect]:
    """All effects of a case or batch, in their order."""
    query = _EFFECTS.where(effect.c.stream == stream).order_by(effect.c.last_seq)
    return [Effect(*row) for row in await connection.execute(query)]


_EFFECTS = select(
    effect.c.effect_key, effect.c.command_id, effect.c.digest, effect.c.last_seq, effect.c.run_id
)
