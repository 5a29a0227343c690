"""The read model of cases and batches: written in the same transaction as the journal, and what everyone reads."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import person_key
from domain.bonds.batch import Batch
from domain.case import evidence, papers
from domain.case.casefile import Case
from domain.case.pool import wage_wanted_fen
from domain.case.sharing import share_of
from domain.contract import owed_since
from domain.names.claims import comparable
from domain.names.spelling import spelt
from domain.rules import Rules
from domain.value import BondKind, Light
from schema import journal, rulebook
from schema.paging import Page, page_of
from schema.tables import bond_batch, bond_request, case_file, effect, event, registration


def _replacing(table: Table) -> Insert:
    """An upsert: writes a row, replacing the one with the same key."""
    statement = upsert(table)
    others = {
        column.name: statement.excluded[column.name]
        for column in table.c
        if not column.primary_key and column.computed is None
    }
    return statement.on_conflict_do_update(constraint=table.primary_key, set_=others)


# Carried out with every command: SQLAlchemy takes longer to put such a statement together than PostgreSQL to carry it out.
_CASE: Final = select(case_file.c.state, case_file.c.head).where(case_file.c.case_no == bindparam("of_case"))
_CASE_TO_CHANGE: Final = _CASE.with_for_update()
_ON_FILE: Final = journal.aggregated(case_file.c.case_no, (*papers.KINDS, *evidence.KINDS)).label("on_file")
_ANSWERED: Final = (
    select(
        *(effect.c.digest, effect.c.last_seq, event.c.on_date),
        *(case_file.c.state, registration.c.rules_digest, _ON_FILE),
    )
    .join(event, and_(event.c.stream == effect.c.stream, event.c.seq == effect.c.last_seq))
    .join(case_file, case_file.c.case_no == effect.c.stream)
    .join(registration, registration.c.case_no == effect.c.stream)
    .where(effect.c.stream == bindparam("of_case"), effect.c.command_id == bindparam("of_command"))
)
WITH_RULES: Final = select(case_file.c.state, registration.c.rules_digest).join(
    registration, registration.c.case_no == case_file.c.case_no
)
WHOLE: Final = WITH_RULES.add_columns(_ON_FILE)
_ONE_WHOLE: Final = WHOLE.where(case_file.c.case_no == bindparam("of_case"))
_ONE_WITH_RULES: Final = WITH_RULES.where(case_file.c.case_no == bindparam("of_case"))
_FIRST: Final = insert(case_file)
_NEXT: Final = update(case_file).where(case_file.c.case_no == bindparam("of_case"))
_REQUEST: Final = _replacing(bond_request)
_BATCH: Final = _replacing(bond_batch)


async def load_case(
    connection: AsyncConnection, case_no: str, *, for_update: bool = False
) -> tuple[Case, str] | None:
    """A case as recorded, and the hash of its latest entry.

    Args:
        for_update: Lock the row until the transaction ends.
    """
    query = _CASE_TO_CHANGE if for_update else _CASE
    row = (await connection.execute(query, {"of_case": case_no})).one_or_none()
    return (Case.model_validate(row.state), row.head) if row else None


class WholeCase(NamedTuple):
    """A case as it is now, the rules it carries, and the journal entries about its documents and papers."""

    case: Case
    rules: Rules
    on_file: Sequence[journal.Entry]


class Answered(NamedTuple):
    """The outcome of a command: its digest, the place and day of its last entry, and the case as it is now."""

    digest: str
    last_seq: int
    on: date
    whole: WholeCase


async def answered(connection: AsyncConnection, case_no: str, command_key: str) -> Answered | None:
    """The outcome of a command to a case; None if it was not carried out."""
    asked = {"of_case": case_no, "of_command": command_key}
    row = (await connection.execute(_ANSWERED, asked)).one_or_none()
    if row is None:
        return None
    return Answered(row.digest, row.last_seq, row.on_date, await _whole(connection, row))


async def load_batch(
    connection: AsyncConnection, batch_no: str, *, for_update: bool = False
) -> tuple[Batch, str] | None:
    """A batch as recorded, with the hash of its latest entry."""
    query = select(bond_batch.c.state, bond_batch.c.head).where(bond_batch.c.batch_no == batch_no)
    row = (await connection.execute(query.with_for_update() if for_update else query)).one_or_none()
    return (Batch.model_validate(row.state), row.head) if row else None


async def case_and_rules(connection: AsyncConnection, case_no: str) -> tuple[Case, Rules] | None:
    """A case as recorded, with the rules it carries."""
    found = await with_rules(connection, _ONE_WITH_RULES, {"of_case": case_no})
    return found[0] if found else None


async def whole_case(connection: AsyncConnection, case_no: str) -> WholeCase | None:
    """A case as recorded, with what it has on file."""
    found = await whole_cases(connection, _ONE_WHOLE, {"of_case": case_no})
    return found[0] if found else None


async def open_cases(
    connection: AsyncConnection, after: str = "", size: int = 500
) -> list[tuple[Case, Rules]]:
    """A page of cases that are not over, with the rules they carry, in the order of their numbers.

    Args:
        after: The last number of the page before; empty for the first page.
    """
    query = WITH_RULES.where(
        or_(case_file.c.ended_on.is_(None), case_file.c.due_on.is_not(None)),
        case_file.c.sequence > func.in_sequence(after),
    )
    return await with_rules(connection, query.order_by(case_file.c.sequence).limit(size))


async def with_rules(
    connection: AsyncConnection, query: Select[Any], asked: Mapping[str, Any] | None = None
) -> list[tuple[Case, Rules]]:
    """Run a query derived from `WITH_RULES`; returns the cases it finds, with the rules they carry, in its order.

    Args:
        asked: The query's bound parameters.
    """
    return [await _with_rules(connection, row) for row in (await connection.execute(query, asked)).all()]


async def _with_rules(connection: AsyncConnection, row: Any) -> tuple[Case, Rules]:
    return Case.model_validate(row.state), await rulebook.load(connection, row.rules_digest)


async def whole_cases(
    connection: AsyncConnection, query: Select[Any], asked: Mapping[str, Any] | None = None
) -> list[WholeCase]:
    """Run a query derived from `WHOLE`; returns the cases it finds, in its order.

    Args:
        asked: The query's bound parameters.
    """
    return [await _whole(connection, row) for row in (await connection.execute(query, asked)).all()]


async def _whole(connection: AsyncConnection, row: Any) -> WholeCase:
    return WholeCase(*await _with_rules(connection, row), journal.read_aggregated(row.on_file))


async def save_case(
    connection: AsyncConnection, case: Case, head: str, *, is_new: bool, known: Case | None = None
) -> None:
    """Write the read model of a case, and its requests in the bond pools.

    Args:
        head: The hash of the case's latest journal entry.
        is_new: Whether the case has no row yet.
        known: The case as it was before. If it is given, requests are written only where they have changed.
    """
    row = case_row(case, head)
    if is_new:
        await connection.execute(_FIRST, row)
    else:
        await connection.execute(_NEXT, row | {"of_case": case.case_no})
    if case.plan is None:
        return
    asked = request_rows(case)
    if known is None or known.plan is None or request_rows(known) != asked:
        await connection.execute(_REQUEST, asked)


async def kept_case(connection: AsyncConnection, case_no: str) -> Row[Any] | None:
    """The whole row of a case as it is kept, to be compared with `case_row`."""
    return await _row(connection, case_file, case_no)


async def kept_requests(connection: AsyncConnection, case_no: str) -> dict[str, Row[Any]]:
    """The whole rows of a case in the pools, by their kind, to be compared with `request_rows`."""
    query = select(bond_request).where(bond_request.c.case_no == case_no)
    return {row.kind: row for row in await connection.execute(query)}


async def kept_batch(connection: AsyncConnection, batch_no: str) -> Row[Any] | None:
    """The whole row of a batch as it is kept, to be compared with `batch_row`."""
    return await _row(connection, bond_batch, batch_no)


async def _row(connection: AsyncConnection, table: Table, number: str) -> Row[Any] | None:
    query = select(table).where(next(iter(table.primary_key)) == number)
    return (await connection.execute(query)).one_or_none()


def case_row(case: Case, head: str) -> dict[str, Any]:
    """The row of a case whose latest entry has that hash."""

    def lit(light: Light) -> date | None:
        days = [(duty.duty, day) for duty in case.duties if (day := duty.light_from(light)) is not None]
        return min((day for kind, day in days if case.lit_on(kind, day) == day), default=None)

    return {
        "case_no": case.case_no,
        "title": case.receipt.title,
        "office": case.receipt.office,
        "holder": case.holder,
        "route": list(case.route),
        "stage": case.stage.value,
        "mode": case.mode.value,
        "suspended": case.suspended,
        "assigned_to": person_key(case.assigned_to) if case.assigned_to else None,
        "received_on": case.receipt.received_on,
        "ended_on": case.ended_on,
        "due_on": min((duty.due_on for duty in case.duties), default=None),
        "blue_on": lit(Light.BLUE),
        "yellow_on": lit(Light.YELLOW),
        "red_on": lit(Light.RED),
        "outstanding_fen": case.outstanding_fen,
        "cleared_fen": case.cleared_fen,
        **_parties(case),
        "claimed_fen": case.receipt.claimed,
        "undisputed_fen": case.undisputed_fen,
        "disputed_fen": case.disputed_fen,
        "not_yet_due_fen": case.not_yet_due_fen,
        "judicial_fen": case.judicial_fen,
        "included_fen": case.in_bonds_fen,
        **_contract(case),
        **_payments(case),
        "awaited": _awaited(case),
        "seq": case.seq,
        "head": head,
        "state": case.model_dump(mode="json"),
    }


def _awaited(case: Case) -> list[str]:
    """The offices whose heads are to decide on something, but for what those of the holder decide."""
    offices = [one.office for one in (*case.gates, case.appeal, *case.waiting) if one is not None]
    return sorted({office for office in offices if office is not None})


def _parties(case: Case) -> dict[str, Any]:
    """Who owes whom, and how the case came."""
    receipt = case.receipt
    return {
        "creditor": receipt.creditor.name,
        "creditor_code": receipt.creditor.code,
        "debtor": receipt.debtor.name,
        "debtor_code": receipt.debtor.code,
        "debtor_kind": receipt.debtor.kind,
        "spelt": spelt(receipt.title, receipt.creditor.name, receipt.debtor.name),
        "channel": receipt.channel,
        "migrant_wages": receipt.migrant_wages,
        "livelihood": receipt.livelihood,
    }


def _payments(case: Case) -> dict[str, Any]:
    """What has been confirmed on which day, and the vouchers by which it is searched."""
    counted = [one for payment in case.payments for one in payment.counted]
    return {
        "confirmed_on": [one.on for one in counted],
        "confirmed_fen": [one.fen for one in counted],
        "vouchers": [comparable(payment.voucher) for payment in case.payments],
    }


def _contract(case: Case) -> dict[str, Any]:
    """Since when its price is owed, and what the case states of one that other cases may share."""
    share, since = share_of(case), owed_since(case.receipt.contract, case.governed)
    return {
        "owed_since": since.on if since else None,
        "contract_keys": list(share.keys) if share else None,
        "contract_settled_fen": share.settled_fen if share else None,
        "contract_total_fen": share.total_fen if share else None,
    }


def request_rows(case: Case) -> list[dict[str, Any]]:
    """The rows in the pools of a case that has a plan, one for each kind of bonds: what it does not ask for any more is 0."""
    return [
        {
            "case_no": case.case_no,
            "kind": kind.value,
            "office": case.region,
            "wanted_fen": case.bond_wanted_of(kind.source),
            "wage_fen": wage_wanted_fen(case, kind.source),
            "livelihood": case.receipt.livelihood,
            "received_on": case.ranked_on,
            "spending": case.receipt.spending,
        }
        for kind in BondKind
    ]


async def save_batch(connection: AsyncConnection, batch: Batch, head: str) -> None:
    """Bring the read model of a batch to the state its journal has reached."""
    await connection.execute(_BATCH, batch_row(batch, head))


def batch_row(batch: Batch, head: str) -> dict[str, Any]:
    """The row of a batch whose latest entry has that hash."""
    return {
        "batch_no": batch.batch_no,
        "office": batch.office,
        "kind": batch.kind.value,
        "stage": batch.stage,
        "seq": batch.seq,
        "head": head,
        "state": batch.model_dump(mode="json"),
    }


async def list_cases(
    connection: AsyncConnection,
    today: date,
    *,
    filters: Mapping[str, str],
    after: str | None = None,
    size: int = 100,
) -> Page[WholeCase]:
    """Cases by number. `filters` may name `office` (the holder), `stage`, `mode`, `assigned_to` and the `light` of today."""
    query = WHOLE.order_by(case_file.c.sequence)
    for name, value in filters.items():
        query = query.where(_condition(name, value, today))
    if after is not None:
        query = query.where(case_file.c.sequence > func.in_sequence(after))

    async def read(most: int) -> Sequence[WholeCase]:
        return await whole_cases(connection, query.limit(most))

    return await page_of(read, size)


def _condition(name: str, value: str, today: date) -> ColumnElement[bool]:
    if name == "office":
        return or_(case_file.c.holder == value, case_file.c.office == value)
    if name == "assigned_to":
        return case_file.c.assigned_to == person_key(value)
    if name != "light":
        return case_file.c[name] == value
    reached = {light: case_file.c[f"{light}_on"] <= today for light in ("blue", "yellow", "red")}
    lights = list(Light)
    at_least = reached.get(value)
    worse = [reached[light.value] for light in lights[Light(value).severity + 1 :]]
    not_worse = [or_(condition.is_(None), ~condition) for condition in worse]
    return and_(*([at_least] if at_least is not None else []), *not_worse)
