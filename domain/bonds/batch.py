"""A bond batch (债券批次): its state, its decider, and the evolution by its events.

预算法 Art 69-70: a county's standing committee approves the adjustment before money may be used, and may decline it; nobody can say
when it meets. So an allocation only reserves money; approval informs the cases, and declining returns the requests to the pool.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from typing import Any, Final, Literal, NamedTuple

from domain import facts as e
from domain.actors import Role
from domain.bonds.commands import AnyBatchCommand, Approve, Arrive, BatchOpening, CloseBatch, Decline, Exclude
from domain.calendar import business_date
from domain.command_base import CommandBase, is_repeated, known_as
from domain.events import Event
from domain.limits import MOST_OF_BATCH, used_up
from domain.money import format_money
from domain.refusal import Code, Refusal, reference_reused
from domain.rules import OrderKey
from domain.telling.terms import BATCH_STAGES
from domain.value import BondKind, Value

BatchStage = Literal["open", "allocated", "approved", "declined", "closed"]

ENDED: Final[tuple[BatchStage, ...]] = ("declined", "closed")
"""The stages in which nothing more can happen."""

BATCH_NO = re.compile("BB-[0-9]{6}-[0-9]{4}-[0-9]{2,7}")


class Batch(Value):
    """The state of a batch, as far as its rules need it. Requests and allocations are rows of the record, not part of it."""

    batch_no: str
    name: str
    office: str
    kind: BondKind = BondKind.GENERAL
    quota_fen: int
    opens_on: date
    allocates_on: date
    allocation_order: tuple[OrderKey, ...]
    stage: BatchStage = "open"
    requests: int = 0
    requested_fen: int = 0
    allocated_fen: int = 0
    arrived_fen: int = 0
    resolution: str | None = None
    references: tuple[str, ...] = ()
    commands: Mapping[str, str] = {}
    seq: int = 0


def _exclude(command: Exclude, batch: Batch) -> e.BatchFact:
    return e.RequestExcluded(case_no=command.case_no, reason=command.reason)


def _approve(command: Approve, batch: Batch) -> e.BatchFact:
    return e.BatchApproved(resolution=command.resolution)


def _decline(command: Decline, batch: Batch) -> e.BatchFact:
    return e.BatchDeclined(reason=command.reason)


def _arrive(command: Arrive, batch: Batch) -> e.BatchFact:
    if command.reference in batch.references:
        raise reference_reused(command.reference)
    open_fen = batch.allocated_fen - batch.arrived_fen
    if command.amount > open_fen:
        raise _too_much(open_fen)
    return e.BatchArrived(amount_fen=command.amount, reference=command.reference)


def _close(command: CloseBatch, batch: Batch) -> e.BatchFact:
    return e.BatchClosed()


class BatchOrder(NamedTuple):
    """A row of the table of commands: the role that may give the command, the stages in which it is possible, and its handler."""

    role: Role
    stages: tuple[BatchStage, ...]
    handle: Callable[[Any, Batch], e.BatchFact]


ORDERS: Final[Mapping[type[CommandBase], BatchOrder]] = {
    Exclude: BatchOrder(Role.FINANCE, ("open",), _exclude),
    Approve: BatchOrder(Role.HEAD, ("allocated",), _approve),
    Decline: BatchOrder(Role.HEAD, ("allocated",), _decline),
    Arrive: BatchOrder(Role.FINANCE, ("approved",), _arrive),
    CloseBatch: BatchOrder(Role.FINANCE, ("approved",), _close),
}
"""The commands of a batch, in the order of its life."""


def decide_batch(batch: Batch, command: AnyBatchCommand, now: datetime) -> list[Event]:
    """Decide a command at a business instant; returns no events if the batch has carried it out already.

    Raises:
        Refusal: The command is not allowed; nothing changes.
    """
    if is_repeated(batch.commands, command):
        return []
    if batch.stage in ENDED:
        raise Refusal(Code.CASE_ENDED, "本批次已结束", f"the batch has ended: {batch.stage}")
    role, stages, handle = ORDERS[type(command)]
    if (command.by.role, command.by.party) != (role, batch.office):
        raise Refusal(
            Code.NOT_YOURS,
            "您无权对本批次办理此项",
            f"{command.by} may not {command.do} this batch: that is for {role}@{batch.office}",
            "by",
        )
    if batch.stage not in stages:
        zh, en = BATCH_STAGES[batch.stage]
        raise Refusal(
            Code.WRONG_STAGE,
            f"本批次现在为“{zh}”,不能办理此项",
            f"{command.do} is not possible now; the batch is {en}",
        )
    if isinstance(command, Exclude | Arrive) and len(batch.commands) >= MOST_OF_BATCH:
        raise used_up("本批次", "a batch", MOST_OF_BATCH)
    return [
        Event(
            at=now,
            on=business_date(now),
            by=command.by,
            fact=handle(command, batch),
            account=command.account,
            command_id=command.command_id,
            digest=command.digest(),
        )
    ]


def no_request(case_no: str) -> Refusal:
    """The refusal of a case that has no request which this batch could serve."""
    return Refusal(
        Code.MALFORMED,
        f"{case_no} 没有待本批次满足的债券申请",
        f"{case_no} has no request that this batch could serve",
        "case_no",
    )


def refuses_money(fact: e.CaseFact | e.BatchFact, awaited_fen: int) -> Refusal | None:
    """Refuse money beyond what the cases still await, and the closing of a batch while they await any.

    Money that no case gets, or that a case awaits for ever, would be lost.

    Args:
        awaited_fen: What the cases have taken and not received yet.

    Returns:
        None if the fact is acceptable, or is of another kind.
    """
    if isinstance(fact, e.BatchArrived):
        return _too_much(awaited_fen) if fact.amount_fen > awaited_fen else None
    if awaited_fen == 0 or not isinstance(fact, e.BatchClosed):
        return None
    return Refusal(
        Code.WRONG_STAGE,
        f"尚有 {format_money(awaited_fen)} 未到位,不能办结",
        f"{format_money(awaited_fen)} has not arrived yet; the batch may not be closed",
    )


def unanswered(cases: int) -> Refusal:
    """The refusal of money, or of closing, while some cases have not answered their inclusion yet."""
    return Refusal(
        Code.WRONG_STAGE,
        f"尚有 {cases} 件案件未登记本批次的纳入,请稍后再试,仍不行请告知管理员",
        f"{cases} cases have not taken their inclusion in this batch yet; try again later, or tell the operators",
    )


def _too_much(awaited_fen: int) -> Refusal:
    return Refusal(
        Code.EXCEEDS_PLAN,
        f"本批次待到位资金只有 {format_money(awaited_fen)}",
        f"only {format_money(awaited_fen)} of this batch is still to arrive",
        "amount",
    )


def open_batch(
    opening: BatchOpening, order: tuple[OrderKey, ...], now: datetime, account: int | None = None
) -> Event:
    """The event that opens a batch. `account` is that of its opener, if known."""
    fact = e.BatchOpened(
        name=opening.name,
        office=opening.office,
        of=opening.kind,
        quota_fen=opening.quota,
        opens_on=opening.opens_on,
        allocates_on=opening.allocates_on,
        allocation_order=order,
    )
    return Event(at=now, on=business_date(now), by=opening.opener, account=account, fact=fact)


def begin_batch(batch_no: str, events: Iterable[Event]) -> Batch:
    """The batch that results from a journal's events, the first of which is its opening."""
    first, *others = events
    assert isinstance(first.fact, e.BatchOpened), "a batch's journal begins with its opening"
    told = first.fact.model_dump(exclude={"kind", "of"})
    batch = Batch(batch_no=batch_no, kind=first.fact.of, seq=1, **told)
    return fold_batch(batch, others)


_STAGE_AFTER: dict[str, BatchStage] = {
    "batch_allocated": "allocated",
    "batch_approved": "approved",
    "batch_declined": "declined",
    "batch_closed": "closed",
}


def fold_batch(batch: Batch, events: Iterable[Event]) -> Batch:
    """The batch after several events."""
    return reduce(evolve_batch, events, batch)


def evolve_batch(batch: Batch, event: Event) -> Batch:
    """Apply an event to a batch. Total, like the evolution of a case."""
    change: dict[str, Any] = {"seq": batch.seq + 1, "stage": _STAGE_AFTER.get(event.kind, batch.stage)}
    if event.key and event.digest:
        change["commands"] = {**batch.commands, known_as(event.key): event.digest}
    if isinstance(event.fact, e.BatchAllocated):
        change |= event.fact.model_dump(exclude={"kind"})
    elif isinstance(event.fact, e.BatchApproved):
        change["resolution"] = event.fact.resolution
    elif isinstance(event.fact, e.BatchArrived):
        change["arrived_fen"] = batch.arrived_fen + event.fact.amount_fen
        change["references"] = (*batch.references, event.fact.reference)
    return batch.model_copy(update=change)
