"""One order to many cases: each gets a command of its own, and says for itself what came of it."""

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
from portal.forms.bulk import Order, orders_for
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
"""Cases of one order: what a page of the list has."""

_AT_ONCE: Final = 8
_NO_CASE: Final[Sentence] = ("没有此案件", "there is no such case")


class Result(NamedTuple):
    """What came of it in one case.

    Attributes:
        waits: Whether it only waits for its second person.
        why: Why it was not carried out.
    """

    case_no: str
    title: str
    waits: bool = False
    why: Sentence | None = None


async def orders_of(window: Window, staff: Staff) -> list[Order]:
    """What somebody may tell many cases at once."""
    async with window.engine.connect() as connection:
        colleagues = await people.colleagues(connection, staff.office)
    return orders_for(staff, window.pack.offices, colleagues)


@router.post("/desk/bulk")
async def act(request: Request, window: Here, visitor: StaffHere) -> Response:
    """Tell the cases that were chosen the same. A page that is sent twice counts once, for its id is in each command's."""
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


def _order_in(form: FormData, orders: Sequence[Order]) -> Order:
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
    window: Window, staff: Staff, order: Order, titles: Mapping[str, str], command_id: str
) -> list[Result]:
    """What came of it, in the order of the list."""
    few = asyncio.Semaphore(_AT_ONCE)

    async def told(case_no: str, title: str) -> Result:
        written: dict[str, Any] = {**order.fields, "by": order.by, "command_id": _id_in(case_no, command_id)}
        command = read_command(written).model_copy(update={"account": staff.account})
        async with few:
            return await _result(window, staff, Result(case_no, title), command)

    return await asyncio.gather(*(told(case_no, title) for case_no, title in titles.items()))


def _id_in(case_no: str, form_id: str) -> str:
    """The id of a form's command in one of its cases, however long the form's own is and whatever it begins with."""
    return f"bulk-{hashlib.sha256(form_id.encode()).hexdigest()[:32]}-{case_no}"


async def _result(window: Window, staff: Staff, of: Result, command: AnyCommand) -> Result:
    """Have a case carry a command out."""
    try:
        await let_act(window, "login", staff.login)
        after = await window.cases.act(of.case_no, command)
    except NOT_DONE as error:
        return of._replace(why=not_done(error).told)
    return of._replace(waits=is_submitted(after, command))
