"""Everything that a person at a desk has to do: as a list, and as a calendar of last days."""

from calendar import monthcalendar, monthrange
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response

from domain.telling.words import Sentence
from domain.value import FIRST_DAY, LAST_DAY
from office.calendar.loading import calendar_of
from portal.filters import dues, span_of
from portal.gate.router import PageRouter
from portal.gate.visitors import Staff, StaffHere
from portal.inputs import InAddress, key_in_address
from portal.reading import PAGE, owing
from portal.templating import page
from portal.window import Here, Window
from schema.seen.duties import DutiesAsked, duties_by_day, duties_listed

router = PageRouter()

WHOSE: Final[dict[str, Sentence]] = {
    "own": ("由我办理", "mine"),
    "parties": ("等当事人", "wait for the parties"),
}

_NO_MONTH: Final[Sentence] = ("没有这个月份,现在显示本月", "there is no such month: this is the present one")


@router.get("/desk/work")
async def show(
    request: Request,
    window: Here,
    visitor: StaffHere,
    whose: InAddress = "",
    due: InAddress = "",
    after: InAddress = "",
) -> Response:
    """List the duties of this person's roles, the earliest last day first; or the duties of the parties whose answers are entered
    here.
    """
    today, faults = window.today(), list[Sentence]()
    first, last = span_of(due, today, faults)
    asked = DutiesAsked(whose == "parties", first or date.min, last or LAST_DAY)
    address = {name: value for name, value in (("whose", whose), ("due", due)) if value}
    async with window.engine.connect() as connection:
        who = await owing(connection, window, visitor)
        with key_in_address():
            duties, further = await duties_listed(connection, who, asked, after=after or None, size=PAGE)
    shown = {
        "visitor": visitor,
        "duties": duties,
        "faults": faults,
        "whose": "parties" if asked.of_parties else "own",
        "whoses": WHOSE,
        "due": due,
        "dues": dues(due),
        "further": f"/desk/work?{urlencode(address | {'after': further})}" if further else None,
        "first": f"/desk/work?{urlencode(address)}" if after else None,
        "today": today,
    }
    return page(request, "desk/duties.html", shown)


@router.get("/desk/calendar")
async def calendar(request: Request, window: Here, visitor: StaffHere, month: InAddress = "") -> Response:
    """Show a month of last days: the number of duties on each day, of this person and of the parties, and the days on which nobody
    works.
    """
    today = window.today()
    first = _month_of(month)
    faults = [_NO_MONTH] if month and first is None else []
    begun = first or today.replace(day=1)
    shown = {
        "visitor": visitor,
        "faults": faults,
        "weeks": await _weeks(window, visitor, begun),
        "month": begun,
        "before": _month_beside(begun, -1),
        "behind": _month_beside(begun, 1),
        "today": today,
    }
    return page(request, "desk/calendar.html", shown)


async def _weeks(window: Window, visitor: Staff, first: date) -> list[list[dict[str, Any] | None]]:
    """The days of a month in weeks from Monday. None is a day of another month."""
    days = monthrange(first.year, first.month)[1]
    async with window.engine.connect() as connection:
        who = await owing(connection, window, visitor)
        counts = await duties_by_day(connection, who, first, first.replace(day=days))
    working = await calendar_of(window.engine, first)

    def told(day: int) -> dict[str, Any] | None:
        if not day:
            return None
        on = first.replace(day=day)
        own, parties = counts.get(on, (0, 0))
        return {"on": on, "own": own, "parties": parties, "rests": not working.is_working(on)}

    return [[told(day) for day in week] for week in monthcalendar(first.year, first.month)]


def _month_of(written: str) -> date | None:
    """The first day of a month such as `2026-11`; None if it is malformed or out of range."""
    try:
        first = date.fromisoformat(f"{written}-01")
    except ValueError:
        return None
    return first if FIRST_DAY <= first <= LAST_DAY else None


def _month_beside(first: date, step: int) -> str | None:
    """The month `step` before or after one, as an address writes it; None if it is out of range."""
    beside = (first + timedelta(days=31) if step > 0 else first - timedelta(days=1)).replace(day=1)
    return f"{beside:%Y-%m}" if FIRST_DAY <= beside <= LAST_DAY else None
