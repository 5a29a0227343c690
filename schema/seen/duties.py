"""The duties of a person at an office, and the duties of parties whose answers that person enters for them."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, Select, String, cast, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import PARTIES, Role
from domain.value import Stage
from schema.engine import plan_each
from schema.paging import NotAKey, page_of
from schema.seen.desk import pressing
from schema.seen.sight import Sight
from schema.tables import case_file

SOON: Final = timedelta(days=7)
ALARMS: Final = 10
"""How many of the most urgent duties are listed by name."""

_KEY: Final = re.compile(
    r"(?P<due_on>[0-9]{4}-[0-9]{2}-[0-9]{2})\.(?P<case_no>[!-~]{1,100}?)\.(?P<duty>[a-z_]+)\.(?P<subject>[^\0]{0,200})"
)


class Owing(NamedTuple):
    """Who owes something: in which roles, at which office.

    Attributes:
        holders: The offices whose cases this person may owe something in: the own, and those it decides above.
        other_desks: The names, as `person_key` has them, of the other clerks who work there now: a clerk owes nothing in their cases,
            but in those of somebody who has left, or whose name was mistyped.
    """

    sight: Sight
    office: str
    roles: Collection[Role]
    holders: Collection[str]
    other_desks: Collection[str] = ()


class Due(NamedTuple):
    """A duty of somebody's in a case.

    Attributes:
        outstanding_fen: Of the case; `verified` whether that is known.
    """

    case_no: str
    title: str
    duty: str
    subject: str | None
    due_on: date
    owner: str
    debtor: str
    outstanding_fen: int
    verified: bool


class Owed(NamedTuple):
    """How much is late, due today, due within a week from today on; how much of the parties' is; and the most urgent of the own."""

    late: int
    today: int
    soon: int
    parties: int
    first: Sequence[Due]


class DutiesAsked(NamedTuple):
    """Which duties are listed: the own, or the parties'; with their last day between two days."""

    of_parties: bool = False
    first: date = date.min
    last: date = date.max


async def duties_owed(connection: AsyncConnection, who: Owing, today: date) -> Owed:
    """What somebody owes in the cases of the office, and as its head, which steps wait for a decision."""
    await plan_each(connection)
    owed = owed_until(who, today + SOON).subquery()
    own = ~owed.c.of_party
    counts = {
        "late": own & (owed.c.due_on < today),
        "today": own & (owed.c.due_on == today),
        "soon": own & (owed.c.due_on >= today),
        "parties": owed.c.of_party,
    }
    query = select(
        *(owed.c[name] for name in Due._fields),
        *(func.count().filter(condition).over().label(name) for name, condition in counts.items()),
    ).order_by(owed.c.of_party, owed.c.due_on, owed.c.sequence)
    rows = (await connection.execute(query.limit(ALARMS))).all()
    if not rows:
        return Owed(0, 0, 0, 0, [])
    first = rows[0]
    named = [_due(row) for row in rows if row.owner not in PARTIES]
    return Owed(first.late, first.today, first.soon, first.parties, named)


async def duties_listed(
    connection: AsyncConnection, who: Owing, asked: DutiesAsked, *, after: str | None = None, size: int
) -> tuple[list[Due], str | None]:
    """Duties, the earliest last day first, and the key of the next page if there is one.

    Raises:
        NotAKey: `after` is not what an earlier page gave.
    """
    await plan_each(connection)
    owed = owed_until(who, asked.last).subquery()
    place = [owed.c.due_on, owed.c.sequence, owed.c.duty, func.coalesce(owed.c.subject, "")]
    query = (
        select(*(owed.c[name] for name in Due._fields))
        .where(owed.c.of_party if asked.of_parties else ~owed.c.of_party, owed.c.due_on >= asked.first)
        .order_by(*place)
    )
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(*_behind(after)))

    async def read(most: int) -> Sequence[Due]:
        return [_due(row) for row in await connection.execute(query.limit(most))]

    page = await page_of(read, size)
    last = page.more_behind
    further = f"{last.due_on}.{last.case_no}.{last.duty}.{last.subject or ''}" if last else None
    return list(page.rows), further


async def duties_by_day(
    connection: AsyncConnection, who: Owing, first: date, last: date
) -> Mapping[date, tuple[int, int]]:
    """How many duties have their last day on each of some days: the own ones, and those of the parties."""
    await plan_each(connection)
    owed = owed_until(who, last).subquery()
    query = (
        select(owed.c.due_on, func.count().filter(~owed.c.of_party), func.count().filter(owed.c.of_party))
        .where(owed.c.due_on >= first)
        .group_by(owed.c.due_on)
    )
    return {day: (own, parties) for day, own, parties in await connection.execute(query)}


def owed_until(who: Owing, until: date) -> Select[Any]:
    """The duties of a person's roles up to a day, and to a clerk those of the parties. A gate, an appeal, and a submission in a case
    that was closed wait for the head above whoever holds the case.
    """
    duty = func.jsonb_array_elements(case_file.c.open_duties).column_valued("duty", joins_implicitly=True)
    told = {name: cast(duty, JSONB)[name].astext for name in ("duty", "subject", "owner", "due_on")}
    due_on, owner = cast(told["due_on"], Date), told["owner"]
    is_gate, is_approval = told["duty"] == "gate", told["duty"] == "approval"
    is_after_end = (told["duty"] == "appeal") | (is_approval & (case_file.c.stage == Stage.CLOSED.value))
    held = (case_file.c.holder == who.office) & ~is_gate & ~is_after_end
    gate = func.jsonb_build_array(
        func.jsonb_build_object("office", cast(who.office, String), "step", told["subject"])
    )
    waits = or_(
        is_gate & case_file.c.state["gates"].contains(gate),
        is_after_end & case_file.c.awaited.contains([who.office]),
    )
    is_on_desk = func.coalesce(case_file.c.assigned_to, "").not_in(sorted(who.other_desks))
    own = [held & owner.in_(sorted({*who.roles} - {Role.CLERK}))]
    if Role.HEAD in who.roles:
        own.append(waits)
    if Role.CLERK in who.roles:
        own.append(held & owner.in_([Role.CLERK, *sorted(PARTIES)]) & is_on_desk)
    return select(
        case_file.c.case_no,
        case_file.c.title,
        *(told[name].label(name) for name in ("duty", "subject")),
        due_on.label("due_on"),
        owner.label("owner"),
        *(case_file.c[name] for name in ("debtor", "outstanding_fen", "verified", "sequence")),
        owner.in_(sorted(PARTIES)).label("of_party"),
    ).where(
        who.sight.cases(),
        case_file.c.sequence.in_(pressing(who.office, until)),
        case_file.c.holder.in_(who.holders),
        ~case_file.c.suspended,
        case_file.c.due_on <= until,
        due_on <= until,
        or_(*own),
    )


def _behind(after: str) -> tuple[Any, ...]:
    if written := _KEY.fullmatch(after):
        with suppress(ValueError):
            due_on = date.fromisoformat(written["due_on"])
            return due_on, func.in_sequence(written["case_no"]), written["duty"], written["subject"]
    raise NotAKey(after)


def _due(row: Any) -> Due:
    return Due(*row[: len(Due._fields)])
