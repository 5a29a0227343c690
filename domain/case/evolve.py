"""What each event makes of a case. Total: no event can fail here, and nothing is computed that could come out otherwise later."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce, singledispatch
from typing import Any

from domain import facts as e
from domain.calendar import Pause, business_date
from domain.case.casefile import Case, Gate, Payment, PaymentState, Plan, Recognition, Suspension
from domain.case.stages import advanced
from domain.duty import DutyKind
from domain.events import ENDS, Event
from domain.value import Mode, SourceKind, Step


def evolve(case: Case, event: Event) -> Case:
    """The case after an event: the fact applied, stages and open duties carried forward."""
    change = _change(event.fact, case, event)
    if event.fact.kind in ENDS:
        change |= {
            "ended": ENDS[event.fact.kind],
            "ended_on": event.on,
            "gates": (),
            **_resumed(case, event),
        }
    if event.key and event.digest:
        change["commands"] = {**case.commands, known_as(event.key): event.digest}
        change["times"] = {**case.times, event.kind: case.times.get(event.kind, 0) + 1}
    case = with_duties(_with(case, **change, seq=case.seq + 1), event)
    return _with(case, **_since(case, event.on), stages=advanced(case, event.on))


def known_as(key: str) -> str:
    """What is kept of a command's key: 16 hexadecimal digits of its hash, so that it takes the same room however long it is."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def with_duties(case: Case, event: Event) -> Case:
    """The case, evolved by an event that did not say yet what it did to the duties, now that it does."""
    return _with(case, **_carried(case, event))


def _carried(case: Case, event: Event) -> dict[str, Any]:
    """The duties carried forward, and for how long those that come back counted as done."""
    redated = {duty.key: duty for duty in event.redated}
    kept = (redated.get(duty.key, duty) for duty in case.duties if duty.key not in event.met)
    carried: dict[str, Any] = {"duties": (*kept, *event.opened)}
    back = {str(duty.key) for duty in event.opened} & case.met_on.keys()
    if back or event.met:
        met_on = {key: on for key, on in case.met_on.items() if key not in back}
        carried["met_on"] = met_on | {str(key): event.on for key in event.met}
    if back:
        rests = {key: (*case.rests.get(key, ()), Pause(case.met_on[key], event.on)) for key in sorted(back)}
        carried["rests"] = {**case.rests, **rests}
    return carried


def begin(case_no: str, event: Event) -> Case:
    """The case that a `received` event begins."""
    assert isinstance(event.fact, e.Received), "a journal begins with the receipt"
    fact = event.fact
    case = Case(
        case_no=case_no,
        policy=fact.policy,
        calendar=fact.calendar,
        receipt=fact.receipt,
        route=(fact.receipt.office,),
    )
    return evolve(case, event)


def fold(case: Case, events: Iterable[Event]) -> Case:
    """The case after several events."""
    return reduce(evolve, events, case)


def _with(case: Case, **changes: Any) -> Case:
    return case.model_copy(update=changes)


def _since(case: Case, on: date) -> dict[str, date | None]:
    """Day zero of what follows from amounts: begun on this day, going on, or over."""

    def since(going: bool, began: date | None) -> date | None:
        return (began or on) if going else None

    return {
        "dispute_since": since(case.endorsed_on is not None and case.disputed_fen > 0, case.dispute_since),
        "funding_since": since(case.unplanned_fen > 0, case.funding_since),
        "bonding_since": since(case.bond_wanted_fen + case.bond_awaited_fen > 0, case.bonding_since),
        "review_since": since(case.is_clear, case.review_since),
    }


@singledispatch
def _change(fact: Any, case: Case, event: Event) -> dict[str, Any]:
    """The fields a fact changes. A fact without a rule of its own changes none: ending, mode and duties are common to all."""
    return {}


@_change.register
def _(fact: e.Accepted, case: Case, event: Event) -> dict[str, Any]:
    return {"accepted_on": event.on, "correction_since": None}


@_change.register
def _(fact: e.CorrectionRequested, case: Case, event: Event) -> dict[str, Any]:
    return {"correction_since": event.on}


@_change.register
def _(fact: e.CorrectionSupplied, case: Case, event: Event) -> dict[str, Any]:
    pause = Pause(case.correction_since or event.on, event.on)
    return {"correction_since": None, "corrections": (*case.corrections, pause)}


@_change.register
def _(fact: e.Forwarded, case: Case, event: Event) -> dict[str, Any]:
    if fact.to == "debtor":
        return {"forwarded_on": event.on}
    return {"route": (*case.route, fact.to)}


@_change.register
def _(fact: e.Acknowledged, case: Case, event: Event) -> dict[str, Any]:
    return {"acknowledged_on": event.on, "verification_since": event.on}


@_change.register
def _(fact: e.Recognised, case: Case, event: Event) -> dict[str, Any]:
    recognition = Recognition(on=event.on, entered_by=event.entered_by, **fact.model_dump(exclude={"kind"}))
    return {"recognition": recognition, "recognition_stands": True}


@_change.register
def _(fact: e.Objected, case: Case, event: Event) -> dict[str, Any]:
    return {"recognition_stands": False}


@_change.register
def _(fact: e.Endorsed, case: Case, event: Event) -> dict[str, Any]:
    return {"endorsed_on": event.on}


@_change.register
def _(fact: e.Planned, case: Case, event: Event) -> dict[str, Any]:
    """The days of the instalments are the plan's own: what was granted for those of an earlier plan, and how far they had climbed,
    is over. Those of a plan of the same day have the same keys, and keep their levels.
    """
    plan = Plan(
        on=event.on,
        sources=fact.sources,
        instalments=fact.instalments,
        cleared_before_fen=case.cleared_fen,
    )
    others = {key: days for key, days in case.extensions.items() if not key.startswith(DutyKind.INSTALMENT)}
    return {
        "plan": plan,
        "extensions": others,
        "levels": _of_plan(case.levels, event.on),
        "met_on": _of_plan(case.met_on, event.on),
        "rests": _of_plan(case.rests, event.on),
    }


def _of_plan(by_duty: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What is known by the duties' keys, without the instalments of plans of earlier days: those never come back."""
    return {
        key: known
        for key, known in by_duty.items()
        if not key.startswith(DutyKind.INSTALMENT) or key.endswith(f"/{on}")
    }


@_change.register
def _(fact: e.BondIncluded, case: Case, event: Event) -> dict[str, Any]:
    return {
        "included_fen": case.included_fen + fact.amount_fen,
        "batches": _of_batch(case, fact.batch_no, fact.amount_fen),
    }


def _of_batch(case: Case, batch_no: str, fen: int) -> dict[str, int]:
    """What is awaited of each batch, so much more of this one."""
    awaited = {**case.batches, batch_no: case.batches.get(batch_no, 0) + fen}
    return {number: fen for number, fen in awaited.items() if fen != 0}


@_change.register
def _(fact: e.BondIneligible, case: Case, event: Event) -> dict[str, Any]:
    return {"bond_ineligible": True}


@_change.register
def _(fact: e.BondFundsArrived, case: Case, event: Event) -> dict[str, Any]:
    return {
        "bond_arrived_fen": case.bond_arrived_fen + fact.amount_fen,
        "batches": _of_batch(case, fact.batch_no, -fact.amount_fen),
        **_arrived(case, SourceKind.BOND, fact.amount_fen),
    }


@_change.register
def _(fact: e.FundsArrived, case: Case, event: Event) -> dict[str, Any]:
    return {
        "references": (*case.references, fact.reference),
        **_arrived(case, fact.source, fact.amount_fen),
    }


@_change.register
def _(fact: e.FundsReturned, case: Case, event: Event) -> dict[str, Any]:
    if fact.batch_no is not None:
        return {"batches": _of_batch(case, fact.batch_no, -fact.amount_fen)}
    return _arrived(case, fact.source, -fact.amount_fen)


def _arrived(case: Case, kind: SourceKind, amount_fen: int) -> dict[str, Any]:
    """So much more of a source is available; below zero, so much less."""
    change: dict[str, Any] = {"available_fen": case.available_fen + amount_fen}
    if case.plan:
        sources = tuple(
            source.model_copy(update={"arrived_fen": source.arrived_fen + amount_fen})
            if source.kind is kind
            else source
            for source in case.plan.sources
        )
        change["plan"] = case.plan.model_copy(update={"sources": sources})
    return change


@_change.register
def _(fact: e.PaymentReported, case: Case, event: Event) -> dict[str, Any]:
    payment = Payment(
        voucher=fact.voucher,
        amount_fen=fact.amount_fen,
        paid_on=fact.paid_on,
        state="reported",
        since=event.on,
        entered_by=event.entered_by,
    )
    return {
        "payments": (*case.payments, payment),
        "available_fen": case.available_fen - fact.amount_fen,
        "in_transit_fen": case.in_transit_fen + fact.amount_fen,
    }


@_change.register
def _(fact: e.ReceiptConfirmed, case: Case, event: Event) -> dict[str, Any]:
    return {
        "payments": _turned(case, fact.voucher, "confirmed", event.on),
        "in_transit_fen": case.in_transit_fen - fact.amount_fen,
        "cleared_fen": case.cleared_fen + fact.amount_fen,
    }


@_change.register
def _(fact: e.ReceiptDisputed, case: Case, event: Event) -> dict[str, Any]:
    undone_fen = fact.amount_fen if fact.was_cleared else 0
    return {
        "payments": _turned(case, fact.voucher, "disputed", event.on),
        "in_transit_fen": case.in_transit_fen + undone_fen,
        "cleared_fen": case.cleared_fen - undone_fen,
    }


@_change.register
def _(fact: e.PaymentBounced, case: Case, event: Event) -> dict[str, Any]:
    return {
        "payments": _turned(case, fact.voucher, "bounced", event.on),
        "in_transit_fen": case.in_transit_fen - fact.amount_fen,
        "available_fen": case.available_fen + fact.amount_fen,
    }


def _turned(case: Case, voucher: str, state: PaymentState, on: date) -> tuple[Payment, ...]:
    return tuple(
        payment.model_copy(update={"state": state, "since": on}) if payment.voucher == voucher else payment
        for payment in case.payments
    )


@_change.register
def _(fact: e.DisputeResolved, case: Case, event: Event) -> dict[str, Any]:
    if case.recognition is None:
        return {}
    settled = {
        "disputed_fen": case.recognition.disputed_fen - fact.recognised_fen - fact.rejected_fen,
        "undisputed_fen": case.recognition.undisputed_fen + fact.recognised_fen,
    }
    return {"recognition": case.recognition.model_copy(update=settled)}


@_change.register
def _(fact: e.CalledBack, case: Case, event: Event) -> dict[str, Any]:
    if fact.back_to is None:
        accounts = (*case.called_back_accounts, event.account) if event.account else case.called_back_accounts
        return {"called_back_by": (*case.called_back_by, event.by), "called_back_accounts": accounts}
    return _put_back(fact.back_to, event.on)


@_change.register
def _(fact: e.Reopened, case: Case, event: Event) -> dict[str, Any]:
    return {"ended": None, "ended_on": None, **_put_back(fact.back_to, event.on)}


def _put_back(stage: str, on: date) -> dict[str, Any]:
    change: dict[str, Any] = {"called_back_by": (), "called_back_accounts": ()}
    if stage == "verification":
        change |= {"recognition_stands": False, "endorsed_on": None, "verification_since": on}
    return change


@_change.register
def _(fact: e.Extended, case: Case, event: Event) -> dict[str, Any]:
    key = str(fact.key)
    return {"extensions": {**case.extensions, key: case.extensions.get(key, 0) + fact.days}}


@_change.register
def _(fact: e.Suspended, case: Case, event: Event) -> dict[str, Any]:
    return {"suspension": Suspension(since=event.on, until=fact.until)}


@_change.register
def _(fact: e.Resumed, case: Case, event: Event) -> dict[str, Any]:
    return _resumed(case, event)


def _resumed(case: Case, event: Event) -> dict[str, Any]:
    if case.suspension is None:
        return {}
    pause = Pause(case.suspension.since, event.on)
    return {"suspension": None, "suspensions": (*case.suspensions, pause)}


@_change.register
def _(fact: e.OfDuty, case: Case, event: Event) -> dict[str, Any]:
    """A reminder, or a lapse."""
    return _climbed(fact, case)


def _climbed(fact: e.OfDuty, case: Case) -> dict[str, Any]:
    if fact.key is None or fact.level is None:
        return {}
    return {"levels": {**case.levels, str(fact.key): fact.level}}


@_change.register
def _(fact: e.Escalated, case: Case, event: Event) -> dict[str, Any]:
    change = _climbed(fact, case) | {"mode": fact.mode}
    return change | {"route": (*case.route, fact.holder)} if fact.holder else change


@_change.register
def _(fact: e.StepProposed, case: Case, event: Event) -> dict[str, Any]:
    """One gate a step: its head has the whole term from the day on which the proposal was made."""
    change = _climbed(fact, case)
    if any(gate.step is fact.step for gate in case.gates):
        return change
    gate = Gate(step=fact.step, office=fact.office, since=business_date(event.at))
    return change | {"gates": (*case.gates, gate)}


@_change.register
def _(fact: e.StepApproved, case: Case, event: Event) -> dict[str, Any]:
    return {"gates": _without(case.gates, fact.step)}


@_change.register
def _(fact: e.StepDeclined, case: Case, event: Event) -> dict[str, Any]:
    return {"gates": _without(case.gates, fact.step)}


def _without(gates: tuple[Gate, ...], step: Step) -> tuple[Gate, ...]:
    return tuple(gate for gate in gates if gate.step is not step)


@_change.register
def _(fact: e.Relieved, case: Case, event: Event) -> dict[str, Any]:
    return {"mode": Mode.TRANSFERRED}


@_change.register
def _(fact: e.NoticeIssued, case: Case, event: Event) -> dict[str, Any]:
    return {"notices": case.notices + 1}


@_change.register
def _(fact: e.Redated, case: Case, event: Event) -> dict[str, Any]:
    return {"calendar": fact.notice}


@_change.register
def _(fact: e.PolicyAdopted, case: Case, event: Event) -> dict[str, Any]:
    return {"policy": fact.policy, "calendar": fact.calendar}
