"""What the window reads: always through a `Sight`, so that nobody is shown what is not theirs."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, Row, Select, String, cast, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import Role
from domain.bonds.batch import Batch
from domain.case.casefile import Case
from domain.case.view import case_json
from domain.reports.report import Report, read_report
from domain.rights import may_see_contact
from domain.rules import Rules, superior
from office.packs import load_pack
from portal.gate.visitors import Staff
from portal.problems import Forbidden, NotFound
from portal.window import Window
from schema import casefiles, post, registry
from schema.seen.desk import pressing
from schema.seen.sight import Sight
from schema.tables import bond_batch, case_file, document, report
from schema.window import people

SOON: Final = timedelta(days=7)
PAGE: Final = 50
"""Rows on a page of a list."""

ALARMS: Final = 10
"""The most urgent duties that the desk names."""


async def case_and_rules(window: Window, sight: Sight, case_no: str) -> tuple[Case, Rules, dict[str, Any]]:
    """A case, the rules it carries, and its JSON as it stands today.

    Raises:
        NotFound: There is none of that number, or it is not to be seen.
    """
    query = select(case_file.c.state).where(case_file.c.case_no == case_no, sight.cases())
    async with window.engine.connect() as connection:
        state = (await connection.execute(query)).scalar_one_or_none()
        if state is None:
            raise NotFound
        rules = await casefiles.load_rules(connection, case_no)
    case = Case.model_validate(state)
    return case, rules, case_json(case, window.today())


class Due(NamedTuple):
    """A duty of somebody's, on the desk."""

    case_no: str
    title: str
    duty: str
    subject: str | None
    due_on: date


class Today(NamedTuple):
    """What somebody owes: how much is late, due today, and due within a week; and the most urgent of it."""

    late: int
    today: int
    soon: int
    first: Sequence[Due]


async def duties_of(window: Window, staff: Staff) -> Today:
    """What somebody owes in the cases of the office, and as its head, which steps wait for a decision."""
    today = window.today()
    owed = _owed(window, staff, today + SOON).subquery()
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
    async with window.engine.connect() as connection:
        rows = (await connection.execute(query.limit(ALARMS))).all()
    if not rows:
        return Today(0, 0, 0, [])
    return Today(rows[0].late, rows[0].today, rows[0].soon, [Due(*row[:-3]) for row in rows])


def _owed(window: Window, staff: Staff, until: date) -> Select[Any]:
    """The duties of a person's roles up to a day. A gate waits for the head above whoever holds the case."""
    offices = load_pack(window.policy).offices
    holders = [code for code in offices if staff.office in (code, superior(code, offices))]
    duty = func.jsonb_array_elements(case_file.c.state["duties"]).column_valued("duty", joins_implicitly=True)
    told = {name: cast(duty, JSONB)[name].astext for name in ("duty", "subject", "owner", "due_on")}
    due_on = cast(told["due_on"], Date)
    is_gate = told["duty"] == "gate"
    own = (case_file.c.holder == staff.office) & ~is_gate & told["owner"].in_(list(staff.roles))
    gate = func.jsonb_build_array(
        func.jsonb_build_object("office", cast(staff.office, String), "step", told["subject"])
    )
    waits = is_gate & case_file.c.state["gates"].contains(gate)
    return select(
        case_file.c.case_no,
        case_file.c.title,
        told["duty"].label("duty"),
        told["subject"].label("subject"),
        due_on.label("due_on"),
    ).where(
        staff.sight.cases(),
        case_file.c.sequence.in_(pressing(staff.office, until)),
        case_file.c.holder.in_(holders),
        case_file.c.ended_on.is_(None),
        ~case_file.c.suspended,
        case_file.c.due_on <= until,
        due_on <= until,
        or_(own, waits) if Role.HEAD in staff.roles else own,
    )


_NOTICE: Final = [column for column in document.c if column is not document.c.docx]


_WORST_FIRST: Final[tuple[post.State, ...]] = (
    "given_up",
    "refused",
    "unknown",
    "failing",
    "sending",
    "waiting",
    "delivered",
)


async def notices_seen(
    window: Window,
    sight: Sight,
    *,
    case_no: str | None = None,
    notice: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Sequence[Row[Any]]:
    """Notices of cases in sight without their bytes, the latest first: of one case, of one kind, before one of that number.

    Raises:
        NotFound: There is no notice of that number, or it is not to be seen.
    """
    query = select(*_NOTICE).join(case_file, case_file.c.case_no == document.c.case_no).where(sight.cases())
    if case_no is not None:
        query = query.where(document.c.case_no == case_no)
    if notice is not None:
        query = query.where(document.c.notice == notice)
    async with window.engine.connect() as connection:
        if before is not None:
            query = query.where(document.c.id < await _place_of(connection, sight, before))
        return (await connection.execute(query.order_by(document.c.id.desc()).limit(size))).all()


async def deliveries_of(
    window: Window, notices: Sequence[Row[Any]]
) -> Mapping[str, Sequence[tuple[post.State, int]]]:
    """How many deliveries of each notice are in which state, what went wrong first. Addresses are not told."""
    async with window.engine.connect() as connection:
        found = await post.deliveries(connection, [one.number for one in notices])
    counts: dict[str, Counter[post.State]] = defaultdict(Counter)
    for one in found:
        counts[one.ref][one.state] += 1
    return {
        number: [(state, count[state]) for state in _WORST_FIRST if count[state]]
        for number, count in counts.items()
    }


async def _place_of(connection: AsyncConnection, sight: Sight, number: str) -> int:
    """Where a notice stands among all. That is told to nobody: it would say how many others there are."""
    query = (
        select(document.c.id)
        .join(case_file, case_file.c.case_no == document.c.case_no)
        .where(document.c.number == number, sight.cases())
    )
    found = (await connection.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound("文书", "notice")
    return int(found)


async def docx_seen(window: Window, sight: Sight, number: str) -> bytes:
    """The document of a notice.

    Raises:
        NotFound: There is none of that number, or its case is not to be seen.
    """
    query = (
        select(document.c.number)
        .join(case_file, case_file.c.case_no == document.c.case_no)
        .where(document.c.number == number, sight.cases())
    )
    async with window.engine.connect() as connection:
        known = (await connection.execute(query)).scalar_one_or_none()
        docx = await post.docx_of(connection, known) if known is not None else None
    if docx is None:
        raise NotFound("文书", "notice")
    return docx


async def batches_seen(
    window: Window, sight: Sight, *, before: str | None = None, size: int = PAGE
) -> list[Batch]:
    """The bond batches of the offices in sight, by number, the latest of each office first."""
    query = select(bond_batch.c.state).where(sight.offices(bond_batch.c.office))
    if before is not None:
        query = query.where(bond_batch.c.sequence < func.in_sequence(before))
    async with window.engine.connect() as connection:
        found = await connection.execute(query.order_by(bond_batch.c.sequence.desc()).limit(size))
        return [Batch.model_validate(state) for state in found.scalars()]


async def batch_seen(window: Window, sight: Sight, batch_no: str) -> Batch:
    """A bond batch.

    Raises:
        NotFound: There is none of that number, or it is not to be seen.
    """
    query = select(bond_batch.c.state).where(
        bond_batch.c.batch_no == batch_no, sight.offices(bond_batch.c.office)
    )
    async with window.engine.connect() as connection:
        state = (await connection.execute(query)).scalar_one_or_none()
    if state is None:
        raise NotFound("债券批次", "bond batch")
    return Batch.model_validate(state)


_LISTED: Final = [column for column in report.c if column is not report.c.body]


async def reports_seen(
    window: Window,
    sight: Sight,
    *,
    kind: str | None = None,
    before: tuple[date, str] | None = None,
    size: int = PAGE,
) -> Sequence[Row[Any]]:
    """The reports of the offices in sight without their bodies, the latest period first; `before` is the end and number of one."""
    query = select(*_LISTED).where(sight.offices(report.c.office))
    if kind is not None:
        query = query.where(report.c.kind == kind)
    if before is not None:
        query = query.where(tuple_(report.c.period_end, report.c.number) < tuple_(*before))
    query = query.order_by(report.c.period_end.desc(), report.c.number.desc()).limit(size)
    async with window.engine.connect() as connection:
        return (await connection.execute(query)).all()


async def report_seen(window: Window, sight: Sight, number: str) -> Report:
    """A report.

    Raises:
        NotFound: There is none of that number, or it is not to be seen.
    """
    query = select(report.c.body).where(report.c.number == number, sight.offices(report.c.office))
    async with window.engine.connect() as connection:
        body: Any = (await connection.execute(query)).scalar_one_or_none()
    if body is None:
        raise NotFound("报告", "report")
    return read_report(body)


async def contact_seen(window: Window, sight: Sight, case_no: str, who: str) -> str | None:
    """How to reach the creditor of a case. That it was read, and by whom, is noted.

    Raises:
        NotFound: There is no such case in sight.
        Forbidden: Another office works on it.
    """
    query = select(case_file.c.office, case_file.c.holder).where(
        case_file.c.case_no == case_no, sight.cases()
    )
    async with window.engine.begin() as connection:
        found = (await connection.execute(query)).one_or_none()
        if found is None:
            raise NotFound
        if sight.office is None or not may_see_contact(sight.office, found.office, found.holder):
            raise Forbidden(
                "联系方式只提供给登记或者承办单位",
                "the contact is for the offices that registered or hold the case",
            )
        await people.note_reading(connection, who, case_no, "contact")
        return await registry.contact_of(connection, case_no)
