"""Loading a holiday notice: which open duties get another last day, and making open cases count by the new calendar."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.actors import SYSTEM
from domain.case.casefile import Case
from domain.case.duties import moved
from domain.command_base import REDATES
from domain.commands import Redate
from domain.facts import Moved
from domain.refusal import Refusal
from domain.rules import Rules
from office.calendar.files import NoticeFile
from office.calendar.loading import LoadedCalendar, load
from office.cases import Casework
from office.faults import Faults
from office.gone import WorkflowGone
from schema import calendars, casefiles

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 20


class Move(NamedTuple):
    """An open duty whose last day the notice changes."""

    case_no: str
    title: str
    duty: Moved

    def is_into_the_past(self, today: date) -> bool:
        """Whether what is still in time now would have lapsed."""
        return self.duty.was >= today > self.duty.due_on

    def to_json(self) -> dict[str, Any]:
        """`{case_no, title, duty, subject, was, due_on}`."""
        return {"case_no": self.case_no, "title": self.title, **self.duty.model_dump(mode="json")}


class Outdated(NamedTuple):
    """An open case that counts by another calendar than the latest, and the rules with the latest."""

    case: Case
    rules: Rules


async def outdated(connection: AsyncConnection) -> AsyncIterator[Outdated]:
    """The open cases that count by an older calendar, by number."""
    latest: dict[int, Any] = {}
    after = ""
    while page := await casefiles.open_cases(connection, after):
        for case, rules in page:
            since = case.receipt.received_on
            if since.year not in latest:
                latest[since.year] = await calendars.current(connection, since)
            calendar = latest[since.year]
            if calendar is not None and calendar.version != case.calendar:
                yield Outdated(case, rules.model_copy(update={"calendar": calendar}))
        after = page[-1][0].case_no


class Loading(NamedTuple):
    """A notice as it was loaded, or would be, and the open duties that it moves."""

    calendar: LoadedCalendar
    moves: list[Move]


async def load_notice(
    engine: AsyncEngine, file: NoticeFile, today: date, *, keep: bool = True, yes: bool = False
) -> Loading:
    """Make a notice the next version of the calendar; `redate_all` then brings it to the open cases.

    Args:
        keep: Whether it stays. Otherwise the answer is the same, and nothing has changed.
        yes: Whether it is loaded even if a deadline is then past that is still to come now.

    Raises:
        Faults: The notice does not fit what has been loaded before, or would move a deadline into the past.
    """
    async with engine.connect() as connection:
        calendar = await load(connection, file)
        found = [
            Move(one.case.case_no, one.case.receipt.title, duty)
            async for one in outdated(connection)
            for duty in moved(one.case, one.rules)
        ]
        past = [one for one in found if one.is_into_the_past(today)]
        if keep and past and not yes:
            await connection.rollback()
            raise Faults(file.source, [_into_the_past(one) for one in past])
        await (connection.commit() if keep else connection.rollback())
    return Loading(calendar, found)


def _into_the_past(move: Move) -> str:
    return (
        f"yes: {move.case_no} {move.duty.duty}: {move.duty.was} would become {move.duty.due_on}, "
        "which is past 期限将落在过去; add --yes if that is right"
    )


async def waiting(engine: AsyncEngine) -> list[Outdated]:
    """The open cases to which the latest calendar has not been brought yet."""
    async with engine.connect() as connection:
        return [one async for one in outdated(connection)]


class Brought(NamedTuple):
    """To how many open cases the latest calendar was brought, and those whose workflows are gone."""

    cases: int
    unreached: list[WorkflowGone]

    def to_json(self) -> dict[str, Any]:
        """`{cases, unreached}`: of each that was not reached `{case_no, message, detail}`."""
        unreached = [
            {"case_no": one.stream, "message": one.message, "detail": one.detail} for one in self.unreached
        ]
        return {"cases": self.cases, "unreached": unreached}


async def redate_all(cases: Casework, outdated_cases: Sequence[Outdated]) -> Brought:
    """Bring the latest calendar to open cases. Interrupted, or where one was not reached, it is simply done again.

    A case that cannot take it is named in the log and in the incidents; the others do not wait for it.
    """
    room = asyncio.Semaphore(_AT_ONCE)

    async def redate(one: Outdated) -> WorkflowGone | Refusal | None:
        notice = one.rules.calendar.version
        command = Redate(command_id=REDATES + notice, by=SYSTEM, notice=notice)
        async with room:
            try:
                await cases.redate(one.case.case_no, command, one.rules)
            except WorkflowGone as gone:
                return gone
            except Refusal as refusal:
                log.error("not_redated", case_no=one.case.case_no, reason=refusal.detail)
                return refusal
        return None

    told = await asyncio.gather(*(redate(one) for one in outdated_cases))
    unreached = [gone for gone in told if isinstance(gone, WorkflowGone)]
    return Brought(told.count(None), unreached)
