"""A case's journal as its enterprise may read it: in words, in both languages, without what offices weigh among themselves.

Left out are proposed steps and what became of them, the referral, notices, and the duties of superior offices. Of the rest, what
an office writes for itself is left out: why it raised or relieved a case, the note of a call-back, the report of striking off.
"""

from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any, Final, NamedTuple

from domain import events as e
from domain.actors import OFFICE_ROLES, Actor, Role
from domain.events import Event
from domain.money import format_money
from domain.value import Mode, Stage
from domain.words import DUTIES, ROLES, STAGES
from portal import english
from runtime.narration import narrate

HIDDEN_DUTIES: Final = frozenset({"gate"})
"""Duties that an enterprise does not see: what a superior office weighs is not for it to know."""

_HIDDEN: Final = frozenset({"step_proposed", "step_approved", "step_declined", "notice_issued"})

Offices = Mapping[str, str]
Said = tuple[str, str]
"""A sentence in Chinese, and in English."""


class Told(NamedTuple):
    """A line of the story: the business date, what happened, and which office or party did it; None: it came by itself."""

    on: str
    kind: str
    what: Said
    who: Said | None


def told(events: Sequence[Event], offices: Offices) -> list[Told]:
    """The story of a case, from the beginning."""
    return [
        Told(event.on.isoformat(), event.kind, said, _who(event.by, offices))
        for event in events
        if (said := _said(event, offices)) is not None
    ]


def _said(event: Event, offices: Offices) -> Said | None:
    fact = event.fact
    if event.kind in _HIDDEN or getattr(fact, "duty", None) in HIDDEN_DUTIES:
        return None
    if isinstance(fact, e.Escalated):
        return _raised(fact, offices)
    masked = _MASKED.get(event.kind)
    return masked(fact, offices) if masked else (narrate(fact), _english(fact))


def _who(by: Actor, offices: Offices) -> Said | None:
    """The office or the party; never a person."""
    if by.role is Role.SYSTEM:
        return None
    if by.role in OFFICE_ROLES and by.party is not None:
        office = offices.get(by.party, by.party)
        return (f"{office}{ROLES[by.role]}", f"{office}, {english.ROLES[by.role]}")
    return (ROLES[by.role], english.ROLES[by.role])


def _raised(fact: e.Escalated, offices: Offices) -> Said | None:
    """That a case is supervised, and by whom; not how far the ladder has been climbed."""
    if fact.mode is Mode.REFERRED:
        return None
    if fact.holder is not None:
        office = offices.get(fact.holder, fact.holder)
        return (f"提级办理,由{office}直接办理", f"Taken over by {office}")
    if fact.was is Mode.TRANSFERRED:
        return ("列入督办", "Put under supervision")
    return None


def _forwarded(fact: e.Forwarded, offices: Offices) -> Said:
    if fact.to == "debtor":
        return ("转交债务人办理", "Handed to the debtor")
    office = offices.get(fact.to, fact.to)
    return (f"转办至{office}", f"Handed down to {office}")


def _disputed(fact: e.ReceiptDisputed, offices: Offices) -> Said:
    amount = format_money(fact.amount_fen)
    if fact.was_cleared:
        return (f"已确认的到账 {amount} 重新核对", f"The confirmed receipt of {amount} is looked at again")
    return (narrate(fact), f"The enterprise disputes the receipt of {amount}: {fact.reason}")


def _reopened(fact: e.Reopened, offices: Offices) -> Said:
    stage = Stage(fact.back_to)
    return (f"重新办理,退回{STAGES[stage]}", f"Reopened, back to {english.STAGES[stage].lower()}")


def _moved(fact: e.Redated | e.PolicyAdopted, offices: Offices) -> Said:
    seen = [one for one in fact.moved if one.duty not in HIDDEN_DUTIES]
    days = [(f"{one.was} → {one.due_on}", one.duty) for one in seen]
    chinese = "、".join(f"{DUTIES[duty]} {move}" for move, duty in days) or "期限不变"
    plain = ", ".join(f"{english.DUTIES[duty]} {move}" for move, duty in days) or "no day changes"
    if isinstance(fact, e.Redated):
        return (f"按《{fact.notice}》重新计算期限:{chinese}", f"Days counted again by {fact.notice}: {plain}")
    return (f"适用规则更新:{chinese}", f"Other rules apply: {plain}")


_MASKED: Final[Mapping[str, Any]] = {
    "forwarded": _forwarded,
    "receipt_disputed": _disputed,
    "reopened": _reopened,
    "redated": _moved,
    "policy_adopted": _moved,
    "closed": lambda fact, offices: ("销号,案件办结", "Struck off: the case is done"),
    "relieved": lambda fact, offices: ("解除督办", "No longer under supervision"),
}


@singledispatch
def _english(fact: Any) -> str:
    return _PLAIN[fact.kind]


_PLAIN: Final = {
    "accepted": "Accepted",
    "acknowledged": "Acknowledged by the debtor; verification begins",
    "endorsed": "The enterprise endorses the recognised debt",
}


@_english.register
def _(fact: e.Received) -> str:
    return f"Registered; claimed {format_money(fact.receipt.claimed)}"


@_english.register
def _(fact: e.Refused) -> str:
    return f"Refused: {fact.ground}"


@_english.register
def _(fact: e.CorrectionRequested) -> str:
    return f"A correction is asked for: {', '.join(fact.items)}"


@_english.register
def _(fact: e.CorrectionSupplied) -> str:
    return f"The correction is supplied: {fact.note}"


@_english.register
def _(fact: e.Recognised) -> str:
    return (
        f"Recognised: settled {format_money(fact.settled_fen)}, paid {format_money(fact.paid_fen)}, "
        f"undisputed {format_money(fact.undisputed_fen)}, disputed {format_money(fact.disputed_fen)}"
    )


@_english.register
def _(fact: e.Objected) -> str:
    return f"The enterprise objects to the recognition: {fact.reason}"


@_english.register
def _(fact: e.FoundUnfounded) -> str:
    return f"Found to be unfounded: {fact.reason}"


@_english.register
def _(fact: e.Planned) -> str:
    sources = ", ".join(
        f"{english.SOURCES[source.kind]} {format_money(source.planned_fen)}" for source in fact.sources
    )
    return f"{'Plan revised' if fact.reason else 'Plan'}: {sources}; {len(fact.instalments)} instalments"


@_english.register
def _(fact: e.BondRequested) -> str:
    return f"Bonds are asked for {format_money(fact.amount_fen)}"


@_english.register
def _(fact: e.BondIncluded) -> str:
    return f"Included in {fact.batch_no}: {format_money(fact.amount_fen)}"


@_english.register
def _(fact: e.BondIneligible) -> str:
    return f"{fact.batch_no} may not pay for this case: {fact.reason}"


@_english.register
def _(fact: e.BondFundsArrived) -> str:
    return f"Money of {fact.batch_no} arrived: {format_money(fact.amount_fen)}"


@_english.register
def _(fact: e.FundsArrived) -> str:
    return f"Money arrived ({english.SOURCES[fact.source]}): {format_money(fact.amount_fen)}"


@_english.register
def _(fact: e.PaymentReported) -> str:
    return f"{format_money(fact.amount_fen)} paid, voucher {fact.voucher}"


@_english.register
def _(fact: e.ReceiptConfirmed) -> str:
    return f"The enterprise confirms the receipt of {format_money(fact.amount_fen)}"


@_english.register
def _(fact: e.PaymentBounced) -> str:
    return f"A payment of {format_money(fact.amount_fen)} bounced: {fact.reason}"


@_english.register
def _(fact: e.DisputeResolved) -> str:
    return (
        f"The disputed part is settled: recognised {format_money(fact.recognised_fen)}, "
        f"rejected {format_money(fact.rejected_fen)} ({fact.reference})"
    )


@_english.register
def _(fact: e.Rated) -> str:
    return f"The enterprise says: {english.SATISFIED[fact.satisfied]}" + (
        f" ({fact.note})" if fact.note else ""
    )


@_english.register
def _(fact: e.CalledBack) -> str:
    back = f", back to {english.STAGES[fact.back_to].lower()}" if fact.back_to else ""
    return f"Called back: {english.SATISFIED[fact.satisfied]}{back}"


@_english.register
def _(fact: e.Withdrawn) -> str:
    return f"Withdrawn: {fact.reason}"


@_english.register
def _(fact: e.WentJudicial) -> str:
    return f"Gone to court: {fact.court} ({fact.reference})"


@_english.register
def _(fact: e.Extended) -> str:
    return f"{english.DUTIES[fact.duty]}: {fact.days} days more: {fact.reason}"


@_english.register
def _(fact: e.Suspended) -> str:
    until = f" until {fact.until}" if fact.until else ""
    return f"Suspended{until}: {fact.reason}"


@_english.register
def _(fact: e.Resumed) -> str:
    return "Resumed" + (f": {fact.reason}" if fact.reason else "")


@_english.register
def _(fact: e.DeadlineNear) -> str:
    return f"Due soon: {_duty(fact)}, by {fact.due_on}"


@_english.register
def _(fact: e.DeadlineLapsed) -> str:
    return f"Late: {_duty(fact)}, was due by {fact.due_on}"


def _duty(fact: e.OfDuty) -> str:
    return f"{english.DUTIES[fact.duty or '']} {fact.subject or ''}".rstrip()
