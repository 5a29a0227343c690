"""Bond batches: opened by finance, previewed before the cut-off, approved by the head, and paid out as money arrives."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from domain.bonds.batch import Batch
from domain.bonds.commands import OPENERS, BatchOpening, read_batch_command
from domain.money import PEOPLE
from domain.telling import english, words
from domain.telling.terms import BOND_KINDS, SPENDING
from domain.value import BondKind
from office.enquiries import Enquiries
from portal.forms.acting import GOES_ON, NOT_DONE, Action, NotDone, Sent, actions_on_batch, actor_of, not_done
from portal.forms.commands import OF_BATCH
from portal.forms.fields import Field, Form, Option, money, of_words, with_options
from portal.forms.form import Malformed, faults_in, fresh_id, id_of, nested, ordered
from portal.gate.pace import let_act
from portal.gate.router import PageRouter
from portal.gate.visitors import Staff, StaffHere
from portal.outcome import Outcome, led_to, outcome_of
from portal.problems import Forbidden
from portal.reading import PAGE, batch_of
from portal.showing.timeline import lines
from portal.templating import page
from portal.window import Here, Window
from schema.seen.batches import batches_seen
from schema.window.openings import Key

router = PageRouter()


SHOWN: Final = 500
"""The most requests that a preview lists. Its sums cover all of them."""

OPENING: Final = Form(
    "open_batch",
    "新建批次",
    "Open a batch",
    (
        Field("name", "名称", "Name"),
        Field(
            "kind",
            "债券种类",
            "Kind of bonds",
            "choice",
            required=False,
            hint=("不选为一般债券", "general bonds, unless chosen"),
            options=of_words(words.BOND_KINDS, english.BOND_KINDS),
        ),
        money("quota", "额度", "Quota"),
        Field("opens_on", "开始申请", "Requests from", "date"),
        Field(
            "allocates_on", "截止日", "Cut-off", "date", hint=("当日结束时自动分配", "allocated when it ends")
        ),
    ),
)


@router.get("/desk/batches")
async def show_all(
    request: Request,
    window: Here,
    visitor: StaffHere,
    after: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """List the batches of the office and of those below it."""
    return await _list(request, window, visitor, after)


async def _list(
    request: Request,
    window: Window,
    staff: Staff,
    after: str = "",
    sent: Sent | None = None,
    why: NotDone = GOES_ON,
) -> Response:
    async with window.engine.connect() as connection:
        found = await batches_seen(connection, staff.sight, before=after or None, size=PAGE)
    last = found.more_behind
    further = urlencode({"after": last.batch_no}) if last else None
    shown = {
        "visitor": staff,
        "batches": found.rows,
        "kinds": BOND_KINDS,
        "further": f"/desk/batches?{further}" if further else None,
        "opening": _opening(window, staff, sent) if may_open(staff) else None,
        "fault": why.told,
        "here": "/desk/batches",
    }
    return page(request, "desk/batches.html", shown, status=why.status, headers=why.headers)


def may_open(staff: Staff) -> bool:
    """Whether somebody may open batches of the office: finance and the head may."""
    return not set(OPENERS).isdisjoint(staff.roles)


def _opening(window: Window, staff: Staff, sent: Sent | None) -> Action:
    role = staff.roles[0].value
    if sent is None:
        return Action(OPENING, role, fresh_id(), {"opens_on": window.today().isoformat()})
    return Action(OPENING, role, sent.command_id or fresh_id(), sent.typed, sent.faults, is_open=True)


@router.post("/desk/batches")
async def open_one(request: Request, window: Here, visitor: StaffHere) -> Response:
    """Open a batch of the visitor's office. The same form sent twice opens one batch.

    Raises:
        Forbidden: The visitor is neither finance nor a head.
    """
    if not may_open(visitor):
        raise Forbidden("只有财政人员和负责人可以新建批次", "only finance and heads open batches")
    form = await request.form()
    command_id = id_of(form)
    try:
        opening = read(form, window, visitor)
        await let_act(window, "login", visitor.login)
        order = window.pack.allocation_order
        key = Key.of(visitor.office, command_id, opening.model_dump(mode="json"))
        batch_no = await window.batches.open(opening, order, key=key, account=visitor.account)
    except NOT_DONE as error:
        return await _list(request, window, visitor, "", Sent.of(form, error), not_done(error))
    return led_to(window, f"/desk/batches/{batch_no}", Outcome(OPENING.do, command_id=command_id))


def read(form: FormData, window: Window, staff: Staff) -> BatchOpening:
    """Read the batch that a form describes, opened by whoever sent it.

    Raises:
        Malformed: It describes none; has every fault with its input.
    """
    written = {name: value for name, value in nested(form).items() if name != "do"}
    by = next(actor for actor in staff.actors() if actor.role in OPENERS)
    try:
        opening = BatchOpening.model_validate(written | {"office": staff.office, "by": by}, context=PEOPLE)
    except ValidationError as error:
        raise Malformed(faults_in(error)) from error
    if opening.allocates_on < max(opening.opens_on, window.today()):
        fault = (
            "截止日不得早于开始申请之日和今天",
            "the cut-off is neither before the first day nor before today",
        )
        raise Malformed({"allocates_on": fault})
    return opening


@router.get("/desk/batches/{batch_no}")
async def show(request: Request, window: Here, visitor: StaffHere, batch_no: str) -> Response:
    """Show a batch; before its cut-off, with what its allocation would be today."""
    done = {OPENING.do: OPENING, **OF_BATCH}.get(outcome_of(request).done)
    return page(request, "desk/batch.html", await batch_page(window, visitor, batch_no) | {"done": done})


async def batch_page(window: Window, staff: Staff, batch_no: str, sent: Sent | None = None) -> dict[str, Any]:
    """The variables of the page of a batch.

    Raises:
        NotFound: No such batch may be seen.
    """
    batch = await batch_of(window, staff.sight, batch_no)
    told = await Enquiries(window.engine).batch(batch_no)
    given = told["allocations"]
    awaited_fen = sum((row["included_fen"] or 0) - row["arrived_fen"] for row in given)
    preview = told["preview"]
    is_general = batch.kind is BondKind.GENERAL
    entries = await window.cases.entries(batch_no)
    return {
        "visitor": staff,
        "batch": told,
        "awaited_fen": awaited_fen,
        "kind": BOND_KINDS[batch.kind],
        "preview": preview[:SHOWN],
        "unknown": sum(one["spending"] is None for one in preview) if is_general else 0,
        "spending": SPENDING,
        "asked": len(preview),
        "asked_fen": sum(one["requested_fen"] for one in preview),
        "would_get_fen": sum(one["allocated_fen"] for one in preview),
        "order": batch.allocation_order,
        "actions": _actions(window, staff, batch, awaited_fen, preview, sent),
        "timeline": lines([entry.event for entry in reversed(entries)], window.offices),
        "today": window.today(),
        "here": f"/desk/batches/{batch_no}",
    }


def _actions(
    window: Window,
    staff: Staff,
    batch: Batch,
    awaited_fen: int,
    preview: Sequence[Mapping[str, Any]],
    sent: Sent | None,
) -> list[Action]:
    """The commands that somebody may give to the batch now. Without a request there is none to exclude."""
    options = [Option(*(one["case_no"],) * 3) for one in preview]
    found = actions_on_batch(staff, batch, awaited_fen, window.clock(), sent)
    return [
        action._replace(form=with_options(action.form, "case_no", options))
        for action in found
        if options or action.form.do != "exclude"
    ]


@router.post("/desk/batches/{batch_no}/commands")
async def act(request: Request, window: Here, visitor: StaffHere, batch_no: str) -> Response:
    """Give a batch a command: exclude, approve, decline, arrive, close. If it is refused, the form is shown again as it was sent."""
    form = await request.form()
    await batch_of(window, visitor.sight, batch_no)
    try:
        command = ordered(form, actor_of(visitor.actors(), form), read_batch_command)
        command = command.model_copy(update={"account": visitor.account})
        await let_act(window, "login", visitor.login)
        await window.batches.carry_out(batch_no, command)
    except NOT_DONE as error:
        why = not_done(error)
        shown = await batch_page(window, visitor, batch_no, Sent.of(form, error)) | {"fault": why.told}
        return page(request, "desk/batch.html", shown, status=why.status, headers=why.headers)
    outcome = Outcome(command.do, command_id=command.command_id)
    return led_to(window, f"/desk/batches/{batch_no}", outcome)
