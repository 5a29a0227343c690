"""Reads of the window, always through a `Sight`. What does not exist and what may not be seen are both answered with 404."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import Role, person_key
from domain.bonds.batch import Batch
from domain.case import papers
from domain.case.casefile import Case
from domain.case.papers import served
from domain.case.view import case_json
from domain.events import Event
from domain.facts import Served
from domain.receipt import Contacts
from domain.reports.report import Report
from domain.rights import may_see_contact
from domain.rules import Rules, is_below, overseer, superior
from domain.value import Mode, PartySide
from portal.gate.parties import Party
from portal.gate.visitors import Staff
from portal.problems import Forbidden, NotFound, or_not_found
from portal.window import Window
from schema import journal, post, registry
from schema.seen.batches import batch_seen
from schema.seen.cases import case_and_rules_seen, offices_seen
from schema.seen.duties import Owed, Owing, duties_owed
from schema.seen.feed import at_places_seen
from schema.seen.papers import docx_seen, report_seen
from schema.seen.sight import Sight
from schema.window import people, readings

PAGE: Final = 50
"""The number of rows on a page of a list."""

BATCH: Final = ("债券批次", "bond batch")
_DOCUMENT: Final = ("文书", "document")


async def case_and_rules(window: Window, sight: Sight, case_no: str) -> tuple[Case, Rules, dict[str, Any]]:
    """A case, the rules it carries, and its JSON as of today.

    Raises:
        NotFound: No such case may be seen.
    """
    async with window.engine.connect() as connection:
        case, rules = or_not_found(await case_and_rules_seen(connection, sight, case_no))
    return case, rules, case_json(case, window.today())


def offices_in_sight(window: Window, staff: Staff) -> dict[str, str]:
    """The names of a person's office and of those below it, by code."""
    offices, own = window.offices, staff.office
    return {code: name for code, name in sorted(offices.items()) if code == own or is_below(code, own)}


async def owing(connection: AsyncConnection, window: Window, staff: Staff) -> Owing:
    """The cases in which a person may owe something, and as what."""
    offices = window.offices
    holders = [code for code in offices if staff.office in (code, superior(code, offices))]
    clerks = await people.colleagues(connection, staff.office, Role.CLERK)
    other_desks = {person_key(one) for one in clerks} - {person_key(staff.person)}
    return Owing(staff.sight, staff.office, staff.roles, holders, other_desks)


async def duties_of(window: Window, staff: Staff) -> Owed:
    """The duties of a person, as the desk lists them first."""
    async with window.engine.connect() as connection:
        return await duties_owed(connection, await owing(connection, window, staff), window.today())


_WORST_FIRST: Final[tuple[post.State, ...]] = (
    "given_up",
    "refused",
    "unknown",
    "failing",
    "sending",
    "waiting",
    "delivered",
)


async def entries_of(
    window: Window, sight: Sight, wanted: Collection[tuple[str, int]]
) -> Mapping[tuple[str, int], Event]:
    """Entries of cases in sight, by case number and place."""
    async with window.engine.connect() as connection:
        return {(one.stream, one.seq): one.event for one in await at_places_seen(connection, sight, wanted)}


def deliveries_of(notices: Sequence[Row[Any]]) -> Mapping[str, Sequence[tuple[post.State, int]]]:
    """How many deliveries of each document are in which state, what went wrong first; of one that is sent to nobody, none."""
    counts = {one.number: Counter(one.deliveries) for one in notices if one.deliveries}
    return {
        number: [(state, count[state]) for state in _WORST_FIRST if count[state]]
        for number, count in counts.items()
    }


async def services_of(window: Window, notices: Sequence[Row[Any]]) -> Mapping[str, Sequence[Served]]:
    """The services of each document, by its number."""
    async with window.engine.connect() as connection:
        cases = {one.case_no for one in notices}
        entries = await journal.of_kinds(connection, cases, ["served"])
    return served(entry.event.fact for entry in entries)


async def docx_of(window: Window, sight: Sight, number: str) -> bytes:
    """A document as .docx.

    Raises:
        NotFound: No such document may be seen.
    """
    async with window.engine.connect() as connection:
        return or_not_found(await docx_seen(connection, sight, number), *_DOCUMENT)


def letters_to(events: Sequence[Event], side: PartySide) -> list[dict[str, Any]]:
    """The documents for a party in the entries of its case, the latest first."""
    own = papers.of_side(events, side)
    return [one for one in reversed(papers.documents_json(events)) if one["number"] in own]


async def own_docx(window: Window, party: Party, number: str) -> bytes:
    """A document for the party itself, as .docx.

    Raises:
        NotFound: Its case has no such document, or the document is for others.
    """
    async with window.engine.connect() as connection:
        entries = await journal.of_kinds(connection, [party.case_no], papers.KINDS)
        own = papers.of_side([entry.event for entry in entries], party.side)
        docx = await docx_seen(connection, party.sight, number) if number in own else None
    return or_not_found(docx, *_DOCUMENT)


async def batch_of(window: Window, sight: Sight, batch_no: str) -> Batch:
    """A bond batch.

    Raises:
        NotFound: No such batch may be seen.
    """
    async with window.engine.connect() as connection:
        return or_not_found(await batch_seen(connection, sight, batch_no), *BATCH)


async def report_of(window: Window, sight: Sight, number: str) -> Report:
    """A report.

    Raises:
        NotFound: No such report may be seen.
    """
    async with window.engine.connect() as connection:
        report = await report_seen(connection, sight, number)
    if report is None:
        raise NotFound("报告", "report")
    return report


async def contacts_seen(window: Window, sight: Sight, case_no: str, who: str) -> Contacts:
    """The contacts of a case's parties. The access is logged.

    Raises:
        NotFound: No such case may be seen.
        Forbidden: Another office works on the case.
    """
    async with window.engine.begin() as connection:
        offices = or_not_found(await offices_seen(connection, sight, case_no))
        if sight.office is None or not may_see_contact(sight.office, *offices):
            raise Forbidden(
                "联系方式只提供给登记或者承办单位",
                "the contact is for the offices that registered or hold the case",
            )
        await readings.note(connection, who, [case_no], readings.CONTACT)
        return await registry.contacts_of(connection, case_no)


def supervisor(case: Case, rules: Rules) -> str | None:
    """The office that supervises a case: the one that took it over, or the superior of its holder; None if it is not supervised."""
    if case.mode is Mode.TRANSFERRED:
        return None
    if case.taken_over_from is not None:
        return case.holder
    return overseer(case.holder, rules.offices)
