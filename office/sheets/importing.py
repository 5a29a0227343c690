"""Importing a 台账: it is checked as a whole, kept, confirmed once, and its cases are opened like all others."""

import asyncio
from datetime import datetime
from typing import IO, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from activities.importing import Opens, Unopenable
from activities.requests import Imported
from domain.refusal import Code, Refusal
from domain.rules import Rules
from domain.sheet.cells import Importer
from domain.sheet.on_record import doubles_of_cases, without_known
from domain.sheet.rows import Sheet, is_late_on_entry, set_apart
from domain.value import PartySide
from office.answers import ANSWER_WITHIN, answers
from office.calendar.loading import calendar_of
from office.cases import Casework
from office.codes import code_hash, draw_code
from office.faults import Faults
from office.packs import pack_in_force, rules_for
from office.sheets.reading import check_ledger
from office.sheets.writing import table_sheet
from schema import claims
from schema.seen.cases import titles_seen
from schema.seen.sight import Sight
from schema.window import faulty_sheets, imports, readings
from schema.window.imports import Sent, WaitingRow
from schema.window.openings import Key
from schema.window.readings import CODE_OF
from workflows.importing import ImportLedger
from workflows.queue import TASK_QUEUE

CODES: Final = ("案号", "查询码", "债权人", "案由", "台账行号")
_TOLD: Final = "已另行发给"


class Sender(NamedTuple):
    """The person who imports: the login, the name, and the office for which the sheet is read."""

    login: str
    person: str
    office: str


class Looked(NamedTuple):
    """A file that was checked: its digest, its content, and whether it was kept for confirmation.

    Attributes:
        is_known: Whether it was confirmed before; then it is not kept again.
    """

    digest: str
    sheet: Sheet
    is_known: bool = False


async def look_at(
    engine: AsyncEngine,
    file: IO[bytes],
    sender: Sender,
    policy: str,
    now: datetime,
    *,
    all_rows: bool = False,
) -> Looked:
    """Check a whole file, in itself and against the cases on record (except those of the same file). Nothing is stored.

    Args:
        all_rows: Whether rows that are hidden or struck out are read as well.
    """
    importer = Importer(sender.office, pack_in_force(policy, now.date()).offices, now.date(), all_rows)
    digest, sheet = await check_ledger(file, importer)
    async with engine.connect() as connection:
        numbers = {case_no for _, case_no in sheet.numbered.values()}
        sheet = without_known(
            sheet, await titles_seen(connection, Sight.of_office(sender.office), [*numbers])
        )
        if sheet.faults:
            return Looked(digest, sheet)
        asked = {row.number: row.claim for row in sheet.rows if not row.receipt.distinct}
        is_in = await imports.is_confirmed(connection, digest)
        known = {} if is_in else await claims.doubles(connection, asked)
    return Looked(digest, sheet._replace(faults=doubles_of_cases(known)))


async def keep(engine: AsyncEngine, looked: Looked, sender: Sender, policy: str, file_name: str) -> Looked:
    """Keep a sheet without faults until somebody confirms it."""
    head = {
        "digest": looked.digest,
        "office": sender.office,
        "login": sender.login,
        "person": sender.person,
        "file_name": file_name[-200:],
        "policy": policy,
    }
    async with engine.begin() as connection:
        await faulty_sheets.forget(connection, sender.login)
        kept = await imports.keep(connection, head, set_apart(looked.sheet.rows), looked.sheet.warnings)
    return looked._replace(is_known=not kept)


async def late_on_entry(engine: AsyncEngine, digest: str, policy: str, now: datetime) -> int:
    """The number of cases in a sheet with a duty that had lapsed before they were entered, computed by the rules themselves."""
    async with engine.connect() as connection:
        days = await imports.by_day(connection, digest)
    late = 0
    known: dict[int, Rules] = {}
    for receipt, count in days:
        year = receipt.received_on.year
        if year not in known:
            calendar = await calendar_of(engine, receipt.received_on)
            known[year] = rules_for(policy, calendar, now.date())
        late += count if is_late_on_entry(receipt, known[year], now) else 0
    return late


def must_be_of(office: str, found: imports.Import) -> None:
    """Check that an office may act on an import: only the one that uploaded it; offices above it may look on.

    Raises:
        Refusal: `not_yours`: it is another office's.
    """
    if found.office != office:
        raise Refusal(
            Code.NOT_YOURS,
            f"这份台账由 {found.office} 上传,只能由该办公室办理",
            f"this sheet was uploaded by {found.office}, and is for that office alone to deal with",
            "office",
        )


async def confirm(
    cases: Casework, engine: AsyncEngine, found: imports.Import, *, office: str, seen: bool
) -> None:
    """Confirm an import and open its cases. Repeating it has no effect, except that it resumes an import that has stopped.

    Args:
        office: The office of the clerk who confirms.
        seen: Whether the clerk has seen the warnings.

    Raises:
        Refusal: `not_yours`: it is another office's; `malformed`: there are warnings, and `seen` is false.
        ServerAway: Temporal is away. The import is confirmed, and can be resumed later.
    """
    must_be_of(office, found)
    if found.warnings and not seen and found.confirmed_at is None:
        raise Refusal(
            Code.MALFORMED,
            "有须核对之处(如可能重复、未读入的行),请核对后确认仍要登记",
            "there is something to look at, such as doubles or rows left out: look at it and say so",
            "warnings",
        )
    async with engine.begin() as connection:
        await imports.confirm(connection, found.digest)
    await carry_on(cases, found.digest)


async def resume(cases: Casework, engine: AsyncEngine, found: imports.Import, *, office: str) -> None:
    """Resume a confirmed import that has stopped, and retry what failed.

    Raises:
        Refusal: `not_yours`: it is another office's.
        ServerAway: Temporal is away.
    """
    must_be_of(office, found)
    if found.confirmed_at is not None:
        async with engine.begin() as connection:
            await imports.try_again(connection, found.digest)
        await carry_on(cases, found.digest)


async def discard(engine: AsyncEngine, found: imports.Import, *, office: str) -> None:
    """Discard a sheet that nobody has confirmed.

    Raises:
        Refusal: `not_yours`: it is another office's.
    """
    must_be_of(office, found)
    async with engine.begin() as connection:
        await imports.discard(connection, found.digest)


async def carry_on(cases: Casework, digest: str) -> WorkflowHandle[ImportLedger, Imported]:
    """Have the waiting rows of a confirmed import opened, by its running workflow or a new one.

    Raises:
        ServerAway: Temporal is away.
    """
    with answers("the import is kept and may be carried on"):
        return await cases.client.start_workflow(
            ImportLedger.run,
            digest,
            id=f"import/{digest}",
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal=ImportLedger.carry_on.__name__,
            rpc_timeout=ANSWER_WITHIN,
        )


async def hand_out_codes(engine: AsyncEngine, digest: str, who: str, out: IO[bytes]) -> bool:
    """Write the access codes of an import's cases into a sheet. This is possible once, because the record keeps only hashes.

    The codes are drawn now, and their reading by `who`, a login, is logged. A case that got another code since is listed without one.

    Returns:
        False if they were handed out before, or cases still wait to be opened.
    """
    async with engine.begin() as connection:
        sums = await imports.sums(connection, digest)
        if sums.waiting or not await imports.claim_codes(connection, digest):
            return False
        told = await imports.opened_cases(connection, digest)
        codes = {one.case_no: draw_code() for one in told if one.is_untold}
        hashes = {case_no: code_hash(code) for case_no, code in codes.items()}
        await imports.replace_codes(connection, hashes)
        await readings.note(connection, who, hashes, CODE_OF[PartySide.CREDITOR])
        rows = [
            (one.case_no, codes.get(one.case_no, _TOLD), one.creditor, one.title, str(one.row))
            for one in told
        ]
        await asyncio.to_thread(table_sheet, out, "查询码", CODES, rows)
    return True


def opener(client: Client, engine: AsyncEngine) -> Opens:
    """The function by which an import opens a case. The row is the idempotency key of its case."""
    cases = Casework(client, engine)

    async def opens(sent: Sent, row: WaitingRow) -> str:
        receipt, digest, policy = row.receipt, sent.digest, sent.policy
        try:
            if receipt.office not in pack_in_force(policy, cases.now().date()).offices:
                raise Unopenable(f"规则包中没有办公室 {receipt.office} the rule pack has no such office")
            key = Key(receipt.office, f"import/{digest}/{row.row}", digest)
            opened = await cases.register(receipt, policy, row.contacts, sent.registrar, below=True, key=key)
            return opened.case_no
        except Refusal as refusal:
            raise Unopenable(f"{refusal.message} {refusal.detail}") from refusal
        except Faults as faults:
            raise Unopenable("; ".join(faults.faults)) from faults

    return opens
