"""What somebody at a desk owes in the cases in sight."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, Select, String, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import Role
from schema.seen.desk import pressing
from schema.seen.sight import Sight
from schema.tables import case_file

SOON: Final = timedelta(days=7)
ALARMS: Final = 10
"""The most urgent duties that are named."""


class Owing(NamedTuple):
    """Who owes something: in which roles, at which office.

    Attributes:
        holders: The offices whose cases this person may owe something in: the own, and those it decides above.
    """

    sight: Sight
    office: str
    roles: Collection[Role]
    holders: Collection[str]


class Due(NamedTuple):
    """A duty of somebody's."""

    case_no: str
    title: str
    duty: str
    subject: str | None
    due_on: date


class Owed(NamedTuple):
    """How much is late, due today, and due within a week; and the most urgent of it."""

    late: int
    today: int
    soon: int
    first: Sequence[Due]


async def duties_owed(connection: AsyncConnection, who: Owing, today: date) -> Owed:
    """What somebody owes in the cases of the office, and as its head, which steps wait for a decision."""
    owed = owed_until(who, today + SOON).subquery()
    counts = [
        func.count().filter(condition).over().label(name)
        for name, condition in (
            ("late", owed.c.due_on < today),
            ("today", owed.c.due_on == today),
            ("soon", owed.c.due_on > today),
        )
    ]
    query = select(*(owed.c[name] for name in Due._fields), *counts).order_by(
        owed.c.due_on, func.in_sequence(owed.c.case_no)
    )
    rows = (await connection.execute(query.limit(ALARMS))).all()
    if not rows:
        return Owed(0, 0, 0, [])
    return Owed(rows[0].late, rows[0].today, rows[0].soon, [Due(*row[:-3]) for row in rows])


def owed_until(who: Owing, until: date) -> Select[Any]:
    """The duties of a person's roles up to a day. A gate and an appeal wait for the head above whoever holds the case."""
    duty = func.jsonb_array_elements(case_file.c.state["duties"]).column_valued("duty", joins_implicitly=True)
    told = {name: cast(duty, JSONB)[name].astext for name in ("duty", "subject", "owner", "due_on")}
    due_on = cast(told["due_on"], Date)
    is_gate, is_appeal = told["duty"] == "gate", told["duty"] == "appeal"
    own = (case_file.c.holder == who.office) & ~is_gate & ~is_appeal & told["owner"].in_(list(who.roles))
    gate = func.jsonb_build_array(
        func.jsonb_build_object("office", cast(who.office, String), "step", told["subject"])
    )
    appealed = case_file.c.state["appeal"]["office"].astext == who.office
    waits = or_(is_gate & case_file.c.state["gates"].contains(gate), is_appeal & appealed)
    return select(
        case_file.c.case_no,
        case_file.c.title,
        told["duty"].label("duty"),
        told["subject"].label("subject"),
        due_on.label("due_on"),
    ).where(
        who.sight.cases(),
        case_file.c.sequence.in_(pressing(who.office, until)),
        case_file.c.holder.in_(who.holders),
        ~case_file.c.suspended,
        case_file.c.due_on <= until,
        due_on <= until,
        or_(own, waits) if Role.HEAD in who.roles else own,
    )
