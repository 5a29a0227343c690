"""Events as sentences for people in both languages: in English here, in Chinese by `domain.telling.in_chinese`."""

from functools import singledispatch
from typing import Any, Final

from domain import facts as e
from domain.duty import DutyKind
from domain.money import format_money
from domain.telling import english
from domain.telling.in_chinese import narrate
from domain.telling.words import Sentence


def sentence(fact: e.CaseFact | e.BatchFact) -> Sentence:
    """What happened, in one line."""
    return narrate(fact), in_english(fact)


@singledispatch
def in_english(fact: Any) -> str:
    """What happened, in one line of English."""
    return _PLAIN[fact.kind]


_PLAIN: Final = {
    "accepted": "Accepted",
    "acknowledged": "Acknowledged by the debtor; verification begins",
    "endorsed": "The enterprise endorses the recognised debt",
    "batch_approved": "Approved by the standing committee; the cases are told",
    "batch_closed": "Closed; what is left goes back",
}


@in_english.register
def _(fact: e.Received) -> str:
    return f"Registered: {fact.receipt.title}, claimed {format_money(fact.receipt.claimed)}"


@in_english.register
def _(fact: e.Refused) -> str:
    return f"Refused: {fact.ground}"


@in_english.register
def _(fact: e.CorrectionRequested) -> str:
    return f"A correction is asked for: {', '.join(fact.items)}"


@in_english.register
def _(fact: e.CorrectionSupplied) -> str:
    return f"The correction is supplied: {fact.note}"


@in_english.register
def _(fact: e.Forwarded) -> str:
    return "Handed to the debtor" if fact.to == "debtor" else f"Handed over to {fact.to}"


@in_english.register
def _(fact: e.Recognised) -> str:
    disputed = f", disputed {format_money(fact.disputed_fen)}" if fact.disputed_fen else ""
    later = f", not yet due {format_money(fact.not_yet_due_fen)}" if fact.not_yet_due_fen else ""
    return (
        f"Recognised: settled {format_money(fact.settled_fen)}, paid {format_money(fact.paid_fen)}, "
        f"undisputed {format_money(fact.undisputed_fen)}{disputed}{later}"
    )


@in_english.register
def _(fact: e.Objected) -> str:
    return f"The enterprise objects to the recognition: {fact.reason}"


@in_english.register
def _(fact: e.FoundUnfounded) -> str:
    return f"Found to be unfounded: {fact.reason}"


@in_english.register
def _(fact: e.Planned) -> str:
    sources = ", ".join(
        f"{english.SOURCES[source.kind]} {format_money(source.planned_fen)}" for source in fact.sources
    )
    revised = f" revised ({fact.reason})" if fact.reason else ""
    return f"Plan{revised}: {sources}; {len(fact.instalments)} instalments"


@in_english.register
def _(fact: e.BondRequested) -> str:
    return f"Bonds are asked for {format_money(fact.amount_fen)}"


@in_english.register
def _(fact: e.BondIncluded) -> str:
    return f"Included in {fact.batch_no}: {format_money(fact.amount_fen)}"


@in_english.register
def _(fact: e.BondIneligible) -> str:
    return f"{fact.batch_no} may not pay for this case: {fact.reason}"


@in_english.register
def _(fact: e.BondFundsArrived) -> str:
    return f"Money of {fact.batch_no} arrived: {format_money(fact.amount_fen)}"


@in_english.register
def _(fact: e.FundsArrived) -> str:
    money = format_money(fact.amount_fen)
    return f"Money arrived ({english.SOURCES[fact.source]}): {money} ({fact.reference})"


@in_english.register
def _(fact: e.FundsReturned) -> str:
    back_to = fact.batch_no or "where it came from"
    return f"{format_money(fact.amount_fen)} ({english.SOURCES[fact.source]}) goes back to {back_to}"


@in_english.register
def _(fact: e.PaymentReported) -> str:
    return f"{format_money(fact.amount_fen)} paid, voucher {fact.voucher}"


@in_english.register
def _(fact: e.ReceiptConfirmed) -> str:
    return f"The enterprise confirms the receipt of {format_money(fact.amount_fen)}"


@in_english.register
def _(fact: e.ReceiptDisputed) -> str:
    return f"The enterprise disputes the receipt of {format_money(fact.amount_fen)}: {fact.reason}"


@in_english.register
def _(fact: e.PaymentBounced) -> str:
    return f"A payment of {format_money(fact.amount_fen)} bounced: {fact.reason}"


@in_english.register
def _(fact: e.DisputeResolved) -> str:
    return (
        f"The disputed part is settled: recognised {format_money(fact.recognised_fen)}, "
        f"rejected {format_money(fact.rejected_fen)} ({fact.reference})"
    )


@in_english.register
def _(fact: e.Rated) -> str:
    return f"The enterprise says: {english.SATISFIED[fact.satisfied]}" + (
        f" ({fact.note})" if fact.note else ""
    )


@in_english.register
def _(fact: e.CalledBack) -> str:
    back = f", back to {english.STAGES[fact.back_to].lower()}" if fact.back_to else ""
    return f"Called back: {english.SATISFIED[fact.satisfied]}{back}"


@in_english.register
def _(fact: e.Closed) -> str:
    return f"Struck off: {fact.report}"


@in_english.register
def _(fact: e.Reopened) -> str:
    return f"Reopened, back to {english.STAGES[fact.back_to].lower()}: {fact.reason}"


@in_english.register
def _(fact: e.Withdrawn) -> str:
    return f"Withdrawn: {fact.reason}"


@in_english.register
def _(fact: e.WentJudicial) -> str:
    return f"Gone to court: {fact.court} ({fact.reference})"


@in_english.register
def _(fact: e.Extended) -> str:
    return f"{english.DUTIES[fact.duty]}: {fact.days} days more: {fact.reason}"


@in_english.register
def _(fact: e.Suspended) -> str:
    until = f" until {fact.until}" if fact.until else ""
    return f"Suspended{until}: {fact.reason}"


@in_english.register
def _(fact: e.Resumed) -> str:
    return f"Resumed{_late(fact)}" + (f": {fact.reason}" if fact.reason else "")


@in_english.register
def _(fact: e.DeadlineNear) -> str:
    return f"Due soon: {_which(fact.duty, fact.subject)}, by {fact.due_on}{_late(fact)}"


@in_english.register
def _(fact: e.DeadlineLapsed) -> str:
    return f"Late: {_which(fact.duty, fact.subject)}, was due by {fact.due_on}{_late(fact)}"


@in_english.register
def _(fact: e.Escalated) -> str:
    because = f"{_which(fact.duty, fact.subject)} is late" if fact.duty else fact.reason or "decided above"
    holder = f", handled by {fact.holder}" if fact.holder else ""
    return f"{english.MODES[fact.mode].capitalize()}: {because}{holder}{_late(fact)}"


@in_english.register
def _(fact: e.StepProposed) -> str:
    return f"Proposed: {english.STEPS[fact.step]}; the head of {fact.office} decides{_late(fact)}"


@in_english.register
def _(fact: e.StepApproved) -> str:
    return f"Approved: {english.STEPS[fact.step]}" + (f": {fact.reason}" if fact.reason else "")


@in_english.register
def _(fact: e.StepDeclined) -> str:
    return f"Declined: {english.STEPS[fact.step]}" + (f": {fact.reason}" if fact.reason else "")


@in_english.register
def _(fact: e.Relieved) -> str:
    return f"No longer {english.MODES[fact.was]}: {fact.reason}"


@in_english.register
def _(fact: e.NoticeIssued) -> str:
    return f"{english.NOTICES[fact.notice].capitalize()} {fact.number} to {fact.addressee}"


@in_english.register
def _(fact: e.Redated) -> str:
    return f"Days counted again by {fact.notice}: {_moves(fact.moved)}"


@in_english.register
def _(fact: e.PolicyAdopted) -> str:
    return f"Lives by {fact.policy}, before by {fact.was}: {fact.reason}; {_moves(fact.moved)}"


@in_english.register
def _(fact: e.BatchOpened) -> str:
    return f"{fact.name}: quota {format_money(fact.quota_fen)}, requests until {fact.allocates_on}"


@in_english.register
def _(fact: e.RequestExcluded) -> str:
    return f"{fact.case_no} is left out: {fact.reason}"


@in_english.register
def _(fact: e.BatchAllocated) -> str:
    return (
        f"Allocated: {fact.requests} requests for {format_money(fact.requested_fen)} "
        f"get {format_money(fact.allocated_fen)}"
    )


@in_english.register
def _(fact: e.BatchDeclined) -> str:
    return f"Not approved; the requests go back: {fact.reason}"


@in_english.register
def _(fact: e.BatchArrived) -> str:
    return f"Bond money arrived: {format_money(fact.amount_fen)} ({fact.reference})"


def _which(duty: DutyKind, subject: str | None) -> str:
    if duty is DutyKind.GATE:
        return f"Decide on {english.STEPS.get(subject or '', subject or '')}"
    return f"{english.DUTIES[duty]} {subject or ''}".rstrip()


def _late(fact: e.OfDuty | e.Resumed) -> str:
    return " (noted later)" if fact.late else ""


def _moves(moved: tuple[e.Moved, ...]) -> str:
    days = [f"{english.DUTIES[one.duty]} {one.was} → {one.due_on}" for one in moved]
    return ", ".join(days) or "no day changes"
