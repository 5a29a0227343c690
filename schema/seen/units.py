"""The cases in which a debtor unit owes: how much in all, and what is due first. Days are those of its own duties, not of others'."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Date, Integer, Select, Text, cast, func, literal, select, true, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import Role
from domain.duty import Duty
from domain.value import Light
from schema.paging import NotAKey, page_of
from schema.seen.sight import Sight
from schema.seen.words import named
from schema.tables import case_file

SOON: Final = timedelta(days=7)

_KEY: Final = re.compile(r"(?P<rank>[0-9]{1,9})\.(?P<case_no>[!-~]{1,100})")
_DUTIES: Final[TypeAdapter[list[Duty]]] = TypeAdapter(list[Duty])


class Standing(NamedTuple):
    """How a debtor unit stands.

    Attributes:
        outstanding_fen: Of its open cases; of the `unverified` ones nobody knows yet how much it is.
        soon: How many of its duties have their last day today or within a week; `late`: how many had it before. Where a case is
            suspended none does.
    """

    cases: int
    open: int
    outstanding_fen: int
    unverified: int
    soon: int
    late: int


class OwedCase(NamedTuple):
    """A case of a debtor unit, and its own duties there, the earliest last day first."""

    case_no: str
    title: str
    creditor: str
    holder: str
    stage: str
    suspended: bool
    ended_on: date | None
    outstanding_fen: int
    verified: bool
    duties: Sequence[Duty]

    def light(self, today: date) -> str:
        """The worst light of its own duties today."""
        reached = [
            light
            for light in Light
            for duty in self.duties
            if (day := duty.light_from(light)) is not None and day <= today
        ]
        return max(reached, key=lambda light: light.severity, default=Light.NONE).value


async def how_it_stands(connection: AsyncConnection, sight: Sight, today: date) -> Standing:
    """How a unit stands in the cases in sight, together."""
    of = _owed(sight, today).subquery()
    is_open = of.c.ended_on.is_(None)
    query = select(
        func.count(),
        func.count().filter(is_open),
        func.coalesce(func.sum(of.c.outstanding_fen).filter(is_open, of.c.verified), 0),
        func.count().filter(is_open, ~of.c.verified),
        func.coalesce(func.sum(of.c.soon), 0),
        func.coalesce(func.sum(of.c.late), 0),
    ).select_from(of)
    return Standing(*map(int, (await connection.execute(query)).one()))


async def owed_seen(
    connection: AsyncConnection,
    sight: Sight,
    today: date,
    q: str = "",
    *,
    after: str | None = None,
    size: int,
) -> tuple[list[OwedCase], str | None]:
    """The cases in sight in which a unit owes, what is due first before; and the key of the next page, if there is one.

    Args:
        q: Words of the title or the creditor's name, or a case number, its beginning or its end.

    Raises:
        NotAKey: `after` is not what an earlier page gave.
    """
    of = _owed(sight, today).where(*named(q.split(), ("title", "creditor"), by_code=False)).subquery()
    query = select(of).order_by(of.c.rank.desc(), of.c.sequence.desc())
    if after is not None:
        query = query.where(tuple_(of.c.rank, of.c.sequence) < tuple_(*_behind(after)))

    async def read(most: int) -> Sequence[Any]:
        return list((await connection.execute(query.limit(most))).all())

    page = await page_of(read, size)
    last = page.more_behind
    return [_case(row) for row in page.rows], f"{last.rank}.{last.case_no}" if last else None


def _owed(sight: Sight, today: date) -> Select[Any]:
    """The cases, each with its debtor's duties. Its `rank` is the greater the earlier the first of these is due; then comes what has
    none or stands still, and at last what has ended.
    """
    duty = func.jsonb_array_elements(case_file.c.state["duties"]).column_valued("duty", joins_implicitly=True)
    told = cast(duty, JSONB)
    due_on = cast(told["due_on"].astext, Date)
    own = (
        select(
            func.min(due_on).label("due_on"),
            func.count().filter(due_on < today).label("late"),
            func.count().filter(due_on.between(today, today + SOON)).label("soon"),
            func.coalesce(func.jsonb_agg(told), cast(literal("[]", Text), JSONB)).label("duties"),
        )
        .where(told["owner"].astext == Role.DEBTOR.value)
        .lateral("own")
    )
    runs = case_file.c.suspended.is_(False)
    urgency = func.urgency(own.c.due_on, case_file.c.suspended, type_=Integer)
    columns = (case_file.c[name] for name in OwedCase._fields if name != "duties")
    return (
        select(
            *columns,
            case_file.c.sequence,
            own.c.duties,
            *((own.c[name] * cast(runs, Integer)).label(name) for name in ("late", "soon")),
            (urgency + cast(case_file.c.ended_on.is_(None), Integer)).label("rank"),
        )
        .select_from(case_file.join(own, true()))
        .where(sight.cases())
    )


def _behind(after: str) -> tuple[Any, ...]:
    if written := _KEY.fullmatch(after):
        return int(written["rank"]), func.in_sequence(written["case_no"])
    raise NotAKey(f"not the key of a page: {after!r}")


def _case(row: Any) -> OwedCase:
    duties = sorted(_DUTIES.validate_python(row.duties, strict=False), key=lambda duty: duty.due_on)
    told = {name: row._mapping[name] for name in OwedCase._fields if name != "duties"}
    return OwedCase(**told, duties=duties)
