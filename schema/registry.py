"""The register: the numbers of cases and batches, and the contacts of parties, which no journal may contain."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.bonds.commands import BatchOpening
from domain.receipt import Contacts, Receipt
from domain.rules import Rules
from schema import claims, rulebook
from schema.tables import batch_number, registration


async def register_case(
    connection: AsyncConnection,
    receipt: Receipt,
    case_rules: Rules,
    access_code_hash: str,
    contacts: Contacts,
) -> str:
    """Give a case its number: office of registration, year of receipt, running number.

    Raises:
        Refusal: `duplicate`: it looks like cases on record, and nobody says that it is distinct.
    """
    await claims.must_be_new(connection, receipt)
    known = {
        "rules_digest": await rulebook.keep(connection, case_rules),
        "access_code_hash": access_code_hash,
        "contact": contacts.creditor,
        "debtor_contact": contacts.debtor,
    }
    case_no = await _number(
        connection, registration, "QQ", receipt.office, receipt.received_on.year, 4, known
    )
    await claims.keep(connection, case_no, receipt)
    return case_no


async def adopt(connection: AsyncConnection, case_no: str, case_rules: Rules) -> None:
    """Set the rules that a case carries from now on."""
    digest = await rulebook.keep(connection, case_rules)
    await connection.execute(
        update(registration).where(registration.c.case_no == case_no).values(rules_digest=digest)
    )


async def merge(connection: AsyncConnection, case_no: str, into: str) -> None:
    """Redirect the number of a merged case, and the numbers that were merged into it before, to the case in which it goes on."""
    of = registration.c
    merged = update(registration).where((of.case_no == case_no) | (of.merged_into == case_no))
    await connection.execute(merged.values(merged_into=into))


async def register_batch(connection: AsyncConnection, opening: BatchOpening) -> str:
    """Give a bond batch its number: office, year of opening, running number."""
    return await _number(connection, batch_number, "BB", opening.office, opening.opens_on.year, 2, {})


async def _number(
    connection: AsyncConnection,
    table: Table,
    prefix: str,
    office: str,
    year: int,
    digits: int,
    known: Mapping[str, Any],
) -> str:
    """The next number in an office's year. Concurrent callers wait for each other, so that none is given twice."""
    series = f"{prefix}-{office}-{year}"
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:series))"), {"series": series})
    taken = select(func.coalesce(func.max(table.c.number), 0)).where(
        table.c.office == office, table.c.year == year
    )
    number = int((await connection.execute(taken)).scalar_one()) + 1
    stream = f"{series}-{number:0{digits}d}"
    key = next(iter(table.primary_key)).name
    await connection.execute(
        insert(table).values({key: stream, "office": office, "year": year, "number": number, **known})
    )
    return stream


async def contacts_of(connection: AsyncConnection, case_no: str) -> Contacts:
    """How to reach the parties of a registered case. Personal data: for the office that works on the case."""
    query = select(registration.c.contact, registration.c.debtor_contact).where(
        registration.c.case_no == case_no
    )
    return Contacts(*(await connection.execute(query)).one())


async def reach_by(connection: AsyncConnection, case_no: str, contacts: Contacts) -> None:
    """Store new contacts of the parties of a case. A party without one keeps the contact it had."""
    known = {"contact": contacts.creditor, "debtor_contact": contacts.debtor}
    values = {name: contact for name, contact in known.items() if contact is not None}
    await connection.execute(update(registration).where(registration.c.case_no == case_no).values(values))
