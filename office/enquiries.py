"""Read-only queries: cases, their journals, and batches, answered from the record without asking Temporal."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.actors import Actor
from domain.bonds.allocation import Request, allocate
from domain.bonds.batch import Batch
from domain.calendar import SHANGHAI, Calendar
from domain.case import evidence
from domain.case.casefile import Case
from domain.case.decider import begin
from domain.case.ladder import forecast
from domain.case.papers import KINDS, documents_json
from domain.case.possible import possible_json
from domain.case.view import case_json, contacts_json, forecast_json
from domain.events import Event
from domain.rules import Rules
from office.calendar.loading import calendar_of
from office.unknown import UnknownCase
from schema import bonds, casefiles, journal, ledger, registry
from schema.casefiles import WholeCase
from schema.engine import for_questions


def now() -> datetime:
    """The business instant of live cases: now, in Asia/Shanghai."""
    return datetime.now(SHANGHAI)


def today() -> date:
    """The business date of live cases."""
    return now().date()


class Enquiries:
    """Answers queries from the record. Temporal need not be up."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._questions = for_questions(engine)

    async def show(self, case_no: str, on: date) -> dict[str, Any]:
        """A case as it stands on a day, from the record.

        Raises:
            UnknownCase: There is no such case.
        """
        async with self._questions.connect() as connection:
            whole = await casefiles.whole_case(connection, case_no)
            if whole is None:
                raise UnknownCase(case_no)
            contacts = await registry.contacts_of(connection, case_no)
        return case_told(whole, on) | contacts_json(contacts)

    async def possible(self, case_no: str, by: Actor, now: datetime) -> list[dict[str, Any]]:
        """What somebody may do with a case at a business instant.

        Raises:
            UnknownCase: There is no such case.
        """
        async with self._questions.connect() as connection:
            case, rules = await load_with_rules(connection, case_no)
        return possible_json(case, by, rules, now)

    async def cases(
        self, on: date, filters: dict[str, str], after: str | None = None, size: int = 100
    ) -> dict[str, Any]:
        """Cases by number as they stand on a day, from the record; `next` is there when more follow."""
        async with self._questions.connect() as connection:
            found = await casefiles.list_cases(connection, on, filters=filters, after=after, size=size)
        page: dict[str, Any] = {"cases": [case_told(whole, on) for whole in found.rows]}
        return page | {"next": found.more_behind.case.case_no} if found.more_behind else page

    async def calendar(self, since: date) -> Calendar:
        """The calendar that a case carries when it is received then."""
        return await calendar_of(self._engine, since)

    async def forecast(self, case_no: str, now: datetime) -> dict[str, Any]:
        """What will happen to a case, and on which day, if nobody acts; returns `{case_no, as_of, horizon, events}`.

        Raises:
            UnknownCase: There is no such case.
        """
        async with self._questions.connect() as connection:
            case, rules = await load_with_rules(connection, case_no)
        horizon = rules.calendar.horizon
        return {
            "case_no": case_no,
            "as_of": now.isoformat(),
            "calendar": rules.calendar.version,
            "horizon": horizon.isoformat(),
            "suspended": case.suspended,
            "events": forecast_json(forecast(case, rules, now), horizon),
        }

    async def entries(self, stream: str) -> list[journal.Entry]:
        """The journal of a case or batch.

        Raises:
            UnknownCase: There is none of that number.
        """
        async with self._questions.connect() as connection:
            found = await journal.entries(connection, stream=stream)
        if not found:
            raise UnknownCase(stream)
        return found

    async def batch(self, batch_no: str) -> dict[str, Any]:
        """A batch from the record, with who gets how much of it and why; before its cut-off, in `preview`, who would, were it now.
        There `spending` is null where nobody knows whether these bonds may pay for it. Amounts are fen.

        Raises:
            UnknownCase: There is no such batch.
        """
        async with self._questions.connect() as connection:
            batch = await load_batch(connection, batch_no)
            _, left_fen = (await ledger.balances(connection, batch_no))["quota"]
            given = await bonds.allocations(connection, batch_no)
            asked = await bonds.pool(connection, batch.office, batch.kind) if batch.stage == "open" else []
        told = batch.model_dump(mode="json", exclude={"commands", "references", "allocation_order"})
        return told | {
            "included_fen": sum(row.included_fen or 0 for row in given),
            "remaining_fen": left_fen,
            "undistributed_fen": batch.arrived_fen - sum(row.arrived_fen for row in given),
            "allocations": [
                {
                    "case_no": row.case_no,
                    "requested_fen": row.requested_fen,
                    "allocated_fen": row.allocated_fen,
                    "included_fen": row.included_fen,
                    "arrived_fen": row.arrived_fen,
                    "reason": row.reason,
                }
                for row in given
            ],
            "preview": _preview(batch, asked),
        }


def _preview(batch: Batch, asked: Sequence[Request]) -> list[dict[str, Any]]:
    """What the allocation would be, were it made now."""
    spending = {request.case_no: request.spending for request in asked}
    given = allocate(batch.quota_fen, asked, batch.allocation_order)
    return [{**one._asdict(), "spending": spending[one.case_no]} for one in given]


async def documents_of(connection: AsyncConnection, case_no: str) -> list[dict[str, Any]]:
    """The documents of a case, and how each was served, as its journal tells."""
    entries = await journal.of_kinds(connection, [case_no], KINDS)
    return documents_json([entry.event for entry in entries])


def case_told(whole: WholeCase, on: date) -> dict[str, Any]:
    """A case as it stands on a day and as every interface tells it: with what it has issued and was given by then, its `documents` and
    papers, `attachments`, and which papers its steps lack, `missing_evidence`.
    """
    case, rules, on_file = whole
    events = [entry.event for entry in on_file if entry.seq <= case.seq]
    return case_json(case, on) | {
        "documents": documents_json(events),
        "attachments": evidence.attachments_json(events),
        "missing_evidence": evidence.missing_json(case, rules),
    }


async def papers_of(connection: AsyncConnection, case_no: str) -> list[Event]:
    """The entries of a case that tell of its papers (证据材料)."""
    return [entry.event for entry in await journal.of_kinds(connection, [case_no], evidence.KINDS)]


async def attachments_of(connection: AsyncConnection, case_no: str) -> list[dict[str, Any]]:
    """The papers of a case, those that count no longer among them."""
    return evidence.attachments_json(await papers_of(connection, case_no))


async def recorded(connection: AsyncConnection, case_no: str, through_seq: int) -> Case:
    """A case rebuilt from its journal, as it was after an entry."""
    entries = await journal.entries(connection, stream=case_no, seqs=(1, through_seq))
    return begin(case_no, [entry.event for entry in entries])


async def load(connection: AsyncConnection, case_no: str) -> Case:
    """A case as recorded.

    Raises:
        UnknownCase: There is no such case.
    """
    loaded = await casefiles.load_case(connection, case_no)
    if loaded is None:
        raise UnknownCase(case_no)
    return loaded[0]


async def load_with_rules(connection: AsyncConnection, case_no: str) -> tuple[Case, Rules]:
    """A case as recorded, with the rules it carries.

    Raises:
        UnknownCase: There is no such case.
    """
    loaded = await casefiles.case_and_rules(connection, case_no)
    if loaded is None:
        raise UnknownCase(case_no)
    return loaded


async def load_batch(connection: AsyncConnection, batch_no: str) -> Batch:
    """A batch as recorded.

    Raises:
        UnknownCase: There is no such batch.
    """
    loaded = await casefiles.load_batch(connection, batch_no)
    if loaded is None:
        raise UnknownCase(batch_no)
    return loaded[0]
