"""Sheets of cases on their way in: kept when they are found right, opened row by row once somebody has confirmed them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Text, bindparam, cast, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import Actor, Role
from domain.receipt import Contacts, Receipt, Registrar
from domain.sheet.faults import Fault
from domain.sheet.rows import LedgerRow
from schema.seen.sight import Sight
from schema.tables import import_row, ledger_import, registration, staff

_KEPT: Final = timedelta(days=1)
"""How long a sheet that nobody confirms is kept: it has personal data."""


class Import(NamedTuple):
    """An import as it is listed. `warnings` are what has to be looked at before it is confirmed."""

    digest: str
    office: str
    login: str
    person: str
    file_name: str
    policy: str
    warnings: list[Fault]
    created_at: datetime
    confirmed_at: datetime | None
    codes_at: datetime | None


class Sent(NamedTuple):
    """An import as its cases are opened: by which rule pack, and by whom."""

    digest: str
    policy: str
    registrar: Registrar


class WaitingRow(NamedTuple):
    """A row for which no case has been opened yet."""

    row: int
    receipt: Receipt
    contacts: Contacts


class ToldCode(NamedTuple):
    """A case of an import, and whether the code that nobody was told is still its code."""

    case_no: str
    row: int
    creditor: str
    title: str
    is_untold: bool


async def keep(
    connection: AsyncConnection,
    head: Mapping[str, Any],
    rows: Sequence[LedgerRow],
    warnings: Sequence[Fault],
) -> bool:
    """Keep a sheet until it is confirmed, in place of what the same office uploaded of it before; what nobody confirmed in time goes.

    Args:
        head: `digest, office, login, person, file_name, policy`.

    Returns:
        False when the file has been confirmed already, or another office looks at it: nothing is kept then.
    """
    stale = ledger_import.c.created_at < func.now() - _KEPT
    unconfirmed = ledger_import.c.confirmed_at.is_(None)
    earlier = (ledger_import.c.digest == head["digest"]) & (ledger_import.c.office == head["office"])
    await connection.execute(delete(ledger_import).where(unconfirmed, stale | earlier))
    kept = upsert(ledger_import).values(
        **head, warnings=[list(fault) for fault in warnings], created_at=func.now()
    )
    if (await connection.execute(kept.on_conflict_do_nothing())).rowcount == 0:
        return False
    await connection.execute(
        insert(import_row),
        [
            {
                "digest": head["digest"],
                "row": row.number,
                "receipt": row.receipt.model_dump(mode="json"),
                "contact": row.contacts.creditor,
                "debtor_contact": row.contacts.debtor,
                "state": "waiting",
            }
            for row in rows
        ],
    )
    return True


async def find(connection: AsyncConnection, sight: Sight, digest: str) -> Import | None:
    """An import that may be seen."""
    query = select(ledger_import).where(
        ledger_import.c.digest == digest, sight.offices(ledger_import.c.office)
    )
    row = (await connection.execute(query)).one_or_none()
    return _found(row) if row else None


async def latest(connection: AsyncConnection, sight: Sight, size: int = 20) -> list[Import]:
    """The latest imports that may be seen."""
    query = (
        select(ledger_import)
        .where(sight.offices(ledger_import.c.office))
        .order_by(ledger_import.c.created_at.desc(), ledger_import.c.digest)
        .limit(size)
    )
    return [_found(row) for row in await connection.execute(query)]


def _found(row: Any) -> Import:
    told = dict(row._mapping)
    return Import(**told | {"warnings": [Fault(*fault) for fault in told["warnings"]]})


async def sent(connection: AsyncConnection, digest: str) -> Sent:
    """By which rule pack the cases of an import are opened, and who enters them."""
    of = ledger_import.c
    query = (
        select(of.policy, of.office, of.person, staff.c.id)
        .outerjoin(staff, staff.c.login == of.login)
        .where(of.digest == digest)
    )
    row = (await connection.execute(query)).one()
    by = Actor(Role.CLERK, row.person or None, row.office)
    return Sent(digest, row.policy, Registrar(by=by, account=row.id))


async def confirm(connection: AsyncConnection, digest: str) -> bool:
    """Confirm an import; False when it was before."""
    confirmed = (
        update(ledger_import)
        .where(ledger_import.c.digest == digest, ledger_import.c.confirmed_at.is_(None))
        .values(confirmed_at=func.now())
    )
    return (await connection.execute(confirmed)).rowcount == 1


async def is_confirmed(connection: AsyncConnection, digest: str) -> bool:
    """Whether somebody has confirmed this very file."""
    query = select(ledger_import.c.confirmed_at).where(ledger_import.c.digest == digest)
    return (await connection.execute(query)).scalar_one_or_none() is not None


async def discard(connection: AsyncConnection, digest: str) -> bool:
    """Forget a sheet that has not been confirmed."""
    gone = delete(ledger_import).where(
        ledger_import.c.digest == digest, ledger_import.c.confirmed_at.is_(None)
    )
    return (await connection.execute(gone)).rowcount == 1


class Sums(NamedTuple):
    """What the rows of an import come to: how many by state, what they claim in fen, and of how many the amount is to be
    verified.
    """

    waiting: int
    opened: int
    failed: int
    claimed_fen: int
    unverified: int

    @property
    def rows(self) -> int:
        """All of them."""
        return self.waiting + self.opened + self.failed


async def sums(connection: AsyncConnection, digest: str) -> Sums:
    """How far an import is."""
    counts = [func.count().filter(import_row.c.state == state) for state in ("waiting", "opened", "failed")]
    claimed = func.coalesce(func.sum(_claimed()), 0)
    unverified = func.count().filter(_claimed().is_(None))
    query = select(*counts, claimed, unverified).where(import_row.c.digest == digest)
    counted = (await connection.execute(query)).one()
    return Sums(*(int(count) for count in counted))


def _claimed() -> Any:
    return import_row.c.receipt["claimed"].astext.cast(BigInteger)


async def first_rows(connection: AsyncConnection, digest: str, size: int = 10) -> list[WaitingRow]:
    """The first rows of a sheet."""
    query = select(import_row).where(import_row.c.digest == digest).order_by(import_row.c.row).limit(size)
    return [_waiting(row) for row in await connection.execute(query)]


async def failed_rows(connection: AsyncConnection, digest: str, size: int = 100) -> list[tuple[int, str]]:
    """The first rows that could not be opened, and why."""
    query = (
        select(import_row.c.row, import_row.c.reason)
        .where(import_row.c.digest == digest, import_row.c.state == "failed")
        .order_by(import_row.c.row)
        .limit(size)
    )
    return [(row.row, row.reason) for row in await connection.execute(query)]


async def by_day(connection: AsyncConnection, digest: str) -> list[tuple[Receipt, int]]:
    """How many rows there are of each day of receipt that had come equally far elsewhere, with the receipt of one of them."""
    reached, day = import_row.c.receipt["taken_in"], import_row.c.receipt["received_on"].astext
    query = (
        select(func.min(cast(import_row.c.receipt, Text)), func.count())
        .where(import_row.c.digest == digest)
        .group_by(reached, day)
    )
    return [(Receipt.model_validate_json(one), count) for one, count in await connection.execute(query)]


async def waiting(connection: AsyncConnection, digest: str, size: int) -> list[WaitingRow]:
    """The next rows without a case, in the order of the sheet."""
    query = (
        select(import_row)
        .where(import_row.c.digest == digest, import_row.c.state == "waiting")
        .order_by(import_row.c.row)
        .limit(size)
    )
    return [_waiting(row) for row in await connection.execute(query)]


def _waiting(row: Any) -> WaitingRow:
    return WaitingRow(row.row, Receipt.model_validate(row.receipt), Contacts(row.contact, row.debtor_contact))


async def note_opened(connection: AsyncConnection, digest: str, cases: Mapping[int, str]) -> None:
    """Note which cases were opened for which rows; how to reach people is now known to the register alone."""
    for row, case_no in cases.items():
        untold = (
            select(registration.c.access_code_hash).where(registration.c.case_no == case_no).scalar_subquery()
        )
        await connection.execute(
            update(import_row)
            .where(import_row.c.digest == digest, import_row.c.row == row, import_row.c.state == "waiting")
            .values(state="opened", case_no=case_no, code_hash=untold, contact=None, debtor_contact=None)
        )


async def note_failed(connection: AsyncConnection, digest: str, reasons: Mapping[int, str]) -> None:
    """Note which rows could not be opened."""
    for row, reason in reasons.items():
        await connection.execute(
            update(import_row)
            .where(import_row.c.digest == digest, import_row.c.row == row, import_row.c.state == "waiting")
            .values(state="failed", reason=reason)
        )


async def try_again(connection: AsyncConnection, digest: str) -> None:
    """Let rows that failed wait once more."""
    await connection.execute(
        update(import_row)
        .where(import_row.c.digest == digest, import_row.c.state == "failed")
        .values(state="waiting", reason=None)
    )


async def claim_codes(connection: AsyncConnection, digest: str) -> bool:
    """Take the one chance to be told the access codes of an import."""
    claimed = (
        update(ledger_import)
        .where(ledger_import.c.digest == digest, ledger_import.c.codes_at.is_(None))
        .values(codes_at=func.now())
    )
    return (await connection.execute(claimed)).rowcount == 1


async def opened_cases(connection: AsyncConnection, digest: str) -> list[ToldCode]:
    """The cases of an import in the order of the sheet. Until the transaction is over nobody gives them other codes."""
    query = (
        select(
            import_row.c.case_no,
            import_row.c.row,
            import_row.c.receipt["creditor"]["name"].astext.label("creditor"),
            import_row.c.receipt["title"].astext.label("title"),
            (registration.c.access_code_hash == import_row.c.code_hash).label("is_untold"),
        )
        .join(registration, registration.c.case_no == import_row.c.case_no)
        .where(import_row.c.digest == digest)
        .order_by(import_row.c.row)
        .with_for_update(of=registration)
    )
    return [ToldCode(*row) for row in await connection.execute(query)]


async def replace_codes(connection: AsyncConnection, hashes: Mapping[str, str]) -> None:
    """Give cases other access codes. Nobody knew those they had."""
    await connection.execute(
        update(registration)
        .where(registration.c.case_no == bindparam("of_case"))
        .values(access_code_hash=bindparam("code_hash")),
        [{"of_case": case_no, "code_hash": code_hash} for case_no, code_hash in hashes.items()],
    )
