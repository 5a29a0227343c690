"""One order to many cases: each case gets a command of its own and answers for itself."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from fastapi import Request, Response
from starlette.datastructures import FormData

from domain.case.view import is_submitted
from domain.commands import AnyCommand, read_command
from domain.telling.words import Sentence
from portal.forms.acting import NOT_DONE, not_done
from portal.forms.bulk import BulkOrder, orders_for
from portal.forms.form import id_of
from portal.gate.pace import let_act
from portal.gate.router import PageRouter
from portal.gate.visitors import Staff, StaffHere
from portal.problems import Problem
from portal.reading import PAGE
from portal.templating import page
from portal.window import Here, Window
from schema.seen.cases import titles_seen
from schema.window import people

router = PageRouter()

MOST: Final = PAGE
"""The most cases of one order: as many as a page of the list has."""

_AT_ONCE: Final = 8
_NO_CASE: Final[Sentence] = ("没有此案件", "there is no such case")


class Result(NamedTuple):
    """The answer of one case.

    Attributes:
        waits: Whether the command waits for its second person.
        why: Why it was not carried out; None if it was.
    """

    case_no: str
    title: str
    waits: bool = False
    why: Sentence | None = None


async def orders_of(window: Window, staff: Staff) -> list[BulkOrder]:
    """The orders that somebody may give to many cases."""
    async with window.engine.connect() as connection:
        colleagues = await people.colleagues(connection, staff.office)
    return orders_for(staff, window.pack.offices, colleagues)


@router.post("/desk/bulk")
async def act(request: Request, window: Here, visitor: StaffHere) -> Response:
    """Give the same order to all chosen cases. Each command's id contains the form's, so that a page sent twice counts once."""
    form = await request.form()
    order = _order_in(form, await orders_of(window, visitor))
    numbers = _numbers_in(form)
    async with window.engine.connect() as connection:
        titles = await titles_seen(connection, visitor.sight, numbers)
    command_id = id_of(form)
    results = await _carried_out(window, visitor, order, titles, command_id)
    results += [Result(case_no, "", why=_NO_CASE) for case_no in numbers if case_no not in titles]
    shown = {
        "visitor": visitor,
        "here": "/desk",
        "order": order,
        "command_id": command_id,
        "results": results,
        "submitted": sum(one.waits for one in results),
        "not_done": [one.case_no for one in results if one.why],
    }
    return page(request, "desk/bulk.html", shown)


def _order_in(form: FormData, orders: Sequence[BulkOrder]) -> BulkOrder:
    found = next((one for one in orders if one.value == form.get("order")), None)
    if found is None:
        raise Problem(422, "请选择要办理的事项", "choose what is to be done")
    return found


def _numbers_in(form: FormData) -> list[str]:
    numbers = list(dict.fromkeys(value for value in form.getlist("case_no") if isinstance(value, str)))
    if not 1 <= len(numbers) <= MOST:
        raise Problem(422, f"请选中 1 至 {MOST} 件案件", f"choose 1 to {MOST} cases")
    return numbers


async def _carried_out(
    window: Window, staff: Staff, order: BulkOrder, titles: Mapping[str, str], command_id: str
) -> list[Result]:
    """Give each case its command; returns the answers in the order of the list."""
    few = asyncio.Semaphore(_AT_ONCE)

    async def told(case_no: str, title: str) -> Result:
        written: dict[str, Any] = {**order.fields, "by": order.by, "command_id": _id_in(case_no, command_id)}
        command = read_command(written).model_copy(update={"account": staff.account})
        async with few:
            return await _result(window, staff, Result(case_no, title), command)

    return await asyncio.gather(*(told(case_no, title) for case_no, title in titles.items()))


def _id_in(case_no: str, form_id: str) -> str:
    """The command id for one case of a form. It is valid whatever the form's own id is."""
    return f"bulk-{hashlib.sha256(form_id.encode()).hexdigest()[:32]}-{case_no}"


async def _result(window: Window, staff: Staff, of: Result, command: AnyCommand) -> Result:
    """Give one case its command."""
    try:
        await let_act(window, "login", staff.login)
        after = await window.cases.act(of.case_no, command)
    except NOT_DONE as error:
        return of._replace(why=not_done(error).told)
    return of._replace(waits=is_submitted(after, command))
