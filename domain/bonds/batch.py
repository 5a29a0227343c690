"""A bond batch (债券批次): where it stands, and the decider that says what its commands make happen.

预算法 Art 69-70: a county's standing committee approves the adjustment before money may be used, and may decline it; the sitting is
outside anyone's control. So an allocation only reserves; approval tells the cases, and declining returns the requests to the pool.
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
"""Stages in which nothing more can happen."""

BATCH_NO = re.compile("BB-[0-9]{6}-[0-9]{4}-[0-9]{2,7}")


class Batch(Value):
    """What the rules need to know of a batch. Requests and allocations are rows of the record, not part of it."""

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


class Order(NamedTuple):
    """Who in the batch's office may give a command, in which stages, and what handles it."""

    role: Role
    stages: tuple[BatchStage, ...]
    handle: Callable[[Any, Batch], e.BatchFact]


ORDERS: Final[Mapping[type[CommandBase], Order]] = {
    Exclude: Order(Role.FINANCE, ("open",), _exclude),
    Approve: Order(Role.HEAD, ("allocated",), _approve),
    Decline: Order(Role.HEAD, ("allocated",), _decline),
    Arrive: Order(Role.FINANCE, ("approved",), _arrive),
    CloseBatch: Order(Role.FINANCE, ("approved",), _close),
}
"""The table, in the order of a batch's life."""


def decide_batch(batch: Batch, command: AnyBatchCommand, now: datetime) -> list[Event]:
    """What a command makes happen at a business instant: nothing, when the batch has carried it out already.

    Raises:
        Refusal: It may not be carried out; nothing changes.
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
    """The pool has no request of that case that this batch could serve."""
    return Refusal(
        Code.MALFORMED,
        f"{case_no} 没有待本批次满足的债券申请",
        f"{case_no} has no request that this batch could serve",
        "case_no",
    )


def refuses_money(fact: e.CaseFact | e.BatchFact, awaited_fen: int) -> Refusal | None:
    """Why money may not arrive, or the batch not be closed, while its cases await so many fen.

    No more arrives than cases have taken, and a batch stays until they have it: money that nobody gets, or that a case
    awaits for ever, would be lost.
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
    """Money may not arrive, nor the batch be closed, before every case has answered."""
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
    """The first event of a batch, by whoever opens it; `account` is theirs, where it is known."""
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
    """The batch that the events of a journal tell, which begins with its opening."""
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
    """The batch after an event. Total, like the evolution of a case."""
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
