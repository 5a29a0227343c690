"""An index of what cases claim, by which duplicates (重复登记) are found in the transaction that registers a case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import ARRAY, Row, Text, bindparam, cast, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.doubles import MOST_CANDIDATES, Candidate, duplicate
from domain.names.claims import Claim
from domain.names.sequence import in_sequence
from domain.receipt import Receipt
from domain.value import Stage
from schema.tables import case_file, claim

_AT_ONCE: Final = 500
"""How many claims one query looks up."""

_LOCK: Final = text(
    "SELECT pg_advisory_xact_lock(hashtext(key)) FROM (SELECT unnest(CAST(:keys AS text[])) AS key ORDER BY key OFFSET 0) AS known"
)
"""Locks the keys one after the other, always in the same order, so that there is no deadlock."""

_LIKE: Final = (
    select(
        *(claim.c.case_no, claim.c.known_by, claim.c.body, claim.c.received_on),
        *(case_file.c.stage, case_file.c.holder),
    )
    .outerjoin(case_file, case_file.c.case_no == claim.c.case_no)
    .where(
        claim.c.known_by.overlap(cast(bindparam("asked"), ARRAY(Text))),
        # What has ended may come again.
        case_file.c.ended_on.is_(None),
        # A number whose receipt is not on record by then stays unused.
        case_file.c.case_no.is_not(None)
        | (claim.c.registered_at > func.now() - text("interval '10 minutes'")),
    )
)


def claim_row(receipt: Receipt) -> dict[str, Any]:
    """The row of a case with this receipt."""
    known = Claim.of(receipt)
    return {
        "known_by": sorted(known.keys),
        "body": known.model_dump(mode="json"),
        "received_on": receipt.received_on,
    }


async def keep(connection: AsyncConnection, case_no: str, receipt: Receipt) -> None:
    """Store what a case claims, in place of what it claimed before."""
    row = claim_row(receipt)
    written = upsert(claim).values(case_no=case_no, **row)
    await connection.execute(written.on_conflict_do_update(index_elements=["case_no"], set_=row))


async def kept(connection: AsyncConnection, case_no: str) -> Row[Any] | None:
    """The whole row of a case as it is kept, to be compared with `claim_row`."""
    return (await connection.execute(select(claim).where(claim.c.case_no == case_no))).one_or_none()


async def must_be_new(connection: AsyncConnection, receipt: Receipt) -> None:
    """Check that a receipt duplicates no open case. Until this transaction ends, nobody else can register a possible duplicate of it.

    Raises:
        Refusal: `duplicate`, with the candidates: it looks like open cases on record, and nobody says that it is distinct.
    """
    asked = Claim.of(receipt)
    await connection.execute(_LOCK, {"keys": list(asked.keys)})
    if not receipt.distinct and (candidates := (await doubles(connection, {0: asked})).get(0)):
        raise duplicate(candidates)


async def doubles(connection: AsyncConnection, asked: Mapping[int, Claim]) -> dict[int, list[Candidate]]:
    """The open cases that look like the given claims, by the keys of `asked`: at most ten for each claim, the latest first."""
    claims = list(asked.items())
    found: dict[int, list[Candidate]] = {}
    for first in range(0, len(claims), _AT_ONCE):
        some = dict(claims[first : first + _AT_ONCE])
        like = await _like(connection, {key for one in some.values() for key in one.keys})
        told = {number: _candidates(one, like) for number, one in some.items()}
        found |= {number: candidates for number, candidates in told.items() if candidates}
    return found


async def _like(connection: AsyncConnection, keys: set[str]) -> Mapping[str, list[Any]]:
    """The rows on record that are looked up by these keys."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await connection.execute(_LIKE, {"asked": list(keys)}):
        for key in keys.intersection(row.known_by):
            found[key].append(row)
    return found


def _candidates(asked: Claim, like: Mapping[str, Iterable[Any]]) -> list[Candidate]:
    rows = {row.case_no: row for key in asked.keys for row in like.get(key, ())}
    doubles = [row for row in rows.values() if asked.is_double(Claim.model_validate(row.body))]
    latest = sorted(doubles, key=lambda row: in_sequence(row.case_no), reverse=True)
    return [
        Candidate(row.case_no, row.received_on, Stage(row.stage) if row.stage else None, row.holder)
        for row in latest[:MOST_CANDIDATES]
    ]
