"""核实: the debtor states the debt, and the creditor endorses it; what remains disputed is settled separately.

条例 (2025) Art 15: the undisputed part is paid on time, whatever becomes of the rest. Art 25: the result is due 30 days after the
handling side has the material, at most 90 days in all.
"""

from datetime import date
from typing import Any

from domain import commands as c
from domain import facts as e
from domain.calendar import Pause
from domain.case.account import cut, cut_plan, moved_parts, stated
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, attempted, not_both_sides, wrong_stage
from domain.case.contents import Account, Counted, Recognition
from domain.case.handling.interest import all_waived
from domain.case.handling.payment import property_due
from domain.duty import DutyKind
from domain.events import Event
from domain.facts import Amounts
from domain.money import format_money
from domain.refusal import Code, Refusal
from domain.value import AdjustedWhy


def recognise(case: Case, command: c.Recognise, moment: Moment) -> Facts:
    """Record the debtor's statement: `settled − paid = undisputed + disputed + not_yet_due + judicial`. It is the creditor's turn
    then, and the office's term pauses.
    """
    if case.recognition_stands:
        raise wrong_stage(case, "已有欠款认定,等待债权人确认", "a recognition awaits the creditor already")
    return [e.Recognised(**dict(stated(case, command, moment)))]


def endorse(case: Case, command: c.Endorse, moment: Moment) -> Facts:
    _awaits_creditor(case)
    assert case.recognition is not None, "what stands is there"
    not_both_sides(command, case.recognition.entered_by)
    return [e.Endorsed(interest_waived=command.interest_waived)]


def object_to(case: Case, command: c.Object, moment: Moment) -> Facts:
    """Object to the statement, before the account is established; or once to an account that is established because the creditor kept
    silent. That account remains valid meanwhile.
    """
    is_late = case.account is not None and case.account.by == "deemed" and not case.has_objected_late
    if not is_late:
        _awaits_creditor(case)
    return [e.Objected(reason=command.reason)]


def _awaits_creditor(case: Case) -> None:
    if not case.recognition_stands or case.account is not None:
        raise wrong_stage(case, "尚无待确认的欠款认定", "no recognition awaits the creditor")


def unfounded(case: Case, command: c.Unfounded, moment: Moment) -> Facts:
    """Find that nothing is owed. Not possible once money was cleared or is in transit, for what was paid was owed."""
    if paid_fen := case.cleared_fen + case.in_transit_fen:
        raise wrong_stage(case, "本案已有付款", f"{format_money(paid_fen)} has been paid")
    return [e.FoundUnfounded(reason=command.reason)]


def deem_endorsed(case: Case, command: c.DeemEndorsed, moment: Moment) -> Facts:
    """Deem the statement endorsed, because the creditor keeps silent although it was contacted on two days. Not possible for a
    statement that nothing is owed: the office determines that.
    """
    _awaits_creditor(case)
    assert case.recognition is not None, "what stands is there"
    if case.recognition.silent_on is None:
        raise wrong_stage(case, "债权人确认期限未过", "the creditor still has time to endorse it")
    if case.recognition.undisputed_fen == 0:
        raise Refusal(
            Code.NOT_ELIGIBLE,
            "无分歧金额为零的,不得视为确认",
            "that nothing is owed is not deemed to be endorsed",
        )
    attempted(case, command.attempts, case.recognition.on, moment)
    return [e.EndorsementDeemed(attempts=command.attempts)]


def determine(case: Case, command: c.Determine, moment: Moment) -> Facts:
    """条例 (2025) Art 25: the office that handles a complaint reaches the result, whether or not the parties cooperate."""
    is_due = case.response_since is None or case.unanswered_on is not None
    if case.account is not None:
        is_due = case.disputed_fen > 0 or case.objection_since is not None
    if not is_due:
        raise wrong_stage(case, "债务人答复期限未过", "the debtor still has time to state what it owes")
    amounts = stated(case, command, moment)
    less, instalments = cut(case, amounts.undisputed_fen)
    determined = e.Determined(
        **dict(amounts), grounds=command.grounds, sources=less.sources, instalments=instalments
    )
    return [*less.returned, determined, *less.requested(case)]


def resolve_dispute(case: Case, command: c.ResolveDispute, moment: Moment) -> Facts:
    """Resolve disputed money: the recognised part becomes undisputed, the rejected part is no longer counted as settled."""
    resolved_fen = command.recognised + command.rejected
    if resolved_fen == 0:
        raise Refusal(Code.MALFORMED, "认可与驳回金额不能都为零", "nothing is resolved", "recognised")
    if not case.recognition_stands or resolved_fen > case.disputed_fen:
        raise Refusal(
            Code.EXCEEDS_OWED,
            f"分歧金额只有 {format_money(case.disputed_fen)}",
            f"only {format_money(case.disputed_fen)} is disputed",
            "recognised",
        )
    return [
        e.DisputeResolved(
            recognised_fen=command.recognised,
            rejected_fen=command.rejected,
            reference=command.reference,
        )
    ]


def adjust(case: Case, command: c.Adjust, moment: Moment) -> Facts:
    """核减、折让、更正: restate the whole account. An increase has to be planned, a decrease cuts the plan, and surplus money goes
    back.

    条例 (2025) Art 15 leaves a discount (折让) to both parties: it needs the agreement of both.
    """
    if command.why is AdjustedWhy.DISCOUNT and not command.agreed_by_both:
        raise Refusal(
            Code.NOT_ELIGIBLE,
            "折让须经双方书面同意",
            "a discount counts only where both parties have agreed to it",
            "agreed_by_both",
        )
    assert case.recognition is not None, "what stands is there"
    now = stated(case, command, moment)
    less, instalments = cut(case, now.undisputed_fen)
    adjusted = e.Adjusted(
        why=command.why,
        agreed_by_both=command.agreed_by_both,
        reference=command.reference,
        was=Amounts(**_amounts(case.recognition)),
        now=now,
        sources=less.sources,
        instalments=instalments,
    )
    return [*less.returned, adjusted, *less.requested(case)]


@change.register
def _(fact: e.Recognised, case: Case, event: Event) -> Change:
    recognition = Recognition(on=event.on, entered_by=event.entered_by, **_amounts(fact))
    return {
        "recognition": recognition,
        "recognition_stands": True,
        "response_since": None,
        "unanswered_on": None,
        **_restated(case, fact),
    }


@change.register
def _(fact: e.Endorsed, case: Case, event: Event) -> Change:
    as_of = case.recognition.as_of if case.recognition else event.on
    account = Account(by="endorsed", on=event.on, as_of=as_of)
    waived = all_waived(case, event) if fact.interest_waived else {}
    return {"account": account, "was_dissatisfied": False, **waived}


@change.register
def _(fact: e.EndorsementDeemed, case: Case, event: Event) -> Change:
    as_of = case.recognition.as_of if case.recognition else event.on
    return {"account": Account(by="deemed", on=event.on, as_of=as_of), "was_dissatisfied": False}


@change.register
def _(fact: e.Determined, case: Case, event: Event) -> Change:
    before = case.recognition or Recognition(on=event.on, **_amounts(fact))
    return {
        "recognition": before.model_copy(update=_amounts(fact) | {"on": event.on}),
        "recognition_stands": True,
        "account": Account(by="determined", on=event.on, as_of=fact.as_of),
        "is_determined_anew": case.was_dissatisfied,
        "objection_since": None,
        **_restated(case, fact),
        **cut_plan(case, fact.sources, fact.instalments),
    }


@change.register
def _(fact: e.Objected, case: Case, event: Event) -> Change:
    if case.account is not None:
        return {"objection_since": event.on, "has_objected_late": True}
    return {"recognition_stands": False}


@change.register
def _(fact: e.DisputeResolved, case: Case, event: Event) -> Change:
    """Both parties have signed, which meets what the creditor objected to."""
    return {"objection_since": None} | moved_parts(
        case,
        disputed_fen=-fact.recognised_fen - fact.rejected_fen,
        undisputed_fen=fact.recognised_fen,
        settled_fen=-fact.rejected_fen,
        rejected_fen=fact.rejected_fen,
    )


@change.register
def _(fact: e.FellDue, case: Case, event: Event) -> Change:
    if fact.voucher is not None:
        return property_due(case, fact.voucher, event.on)
    fallen = (*case.fallen, Counted(on=fact.due_on, fen=fact.amount_fen))
    return {"fallen": fallen} | moved_parts(
        case,
        dues=tuple(part for part in case.dues if part.no != fact.part),
        not_yet_due_fen=-fact.amount_fen,
        undisputed_fen=fact.amount_fen,
    )


@change.register
def _(fact: e.Adjusted, case: Case, event: Event) -> Change:
    fallen_fen = max(fact.was.settled_fen - fact.now.settled_fen, 0)
    kept = {
        AdjustedWhy.DISCOUNT: {"discounted_fen": fallen_fen},
        AdjustedWhy.DEDUCTION: {"deducted_fen": fallen_fen},
    }
    if case.recognition is None:
        return {}
    apart = {name: getattr(case.recognition, name) + fen for name, fen in kept.get(fact.why, {}).items()}
    return {
        "recognition": case.recognition.model_copy(update=_amounts(fact.now) | apart),
        "objection_since": None,
        **_restated(case, fact.now),
        **cut_plan(case, fact.sources, fact.instalments),
    }


def _amounts(stated: Amounts) -> dict[str, Any]:
    return {name: getattr(stated, name) for name in Amounts.model_fields}


def _restated(case: Case, stated: Amounts) -> Change:
    """The numbers of the dated parts and the amounts that have fallen due after a restatement. If undisputed money is not yet due
    after all, it is taken from the latest fallen amounts first.
    """
    again_fen = min(
        stated.not_yet_due_fen - case.not_yet_due_fen, case.undisputed_fen - stated.undisputed_fen
    )
    fallen = list[Counted]()
    for part in reversed(case.fallen):
        less = min(max(again_fen, 0), part.fen)
        again_fen -= less
        if less < part.fen:
            fallen.append(part._replace(fen=part.fen - less))
    return {
        "dated_parts": max([case.dated_parts, *(part.no for part in stated.dues)]),
        "fallen": tuple(reversed(fallen)),
    }


def unanswered(fact: e.DeadlineLapsed, case: Case, on: date) -> Change:
    """Note that a party has let its term lapse, so that the office may decide without it; or that the verification's ceiling has
    passed, which ends every pause.
    """
    if fact.duty is DutyKind.VERIFICATION and fact.at_ceiling:
        return {"ceiling_lapsed_on": on}
    if fact.duty is DutyKind.RESPONSE:
        return {"unanswered_on": on}
    if fact.duty is DutyKind.CORRECTION and case.correction_since is not None:
        corrections = (*case.corrections, Pause(case.correction_since, on))
        return {"correction_since": None, "corrections": corrections}
    if fact.duty is DutyKind.ENDORSEMENT and case.recognition is not None:
        return {"recognition": case.recognition.model_copy(update={"silent_on": on})}
    return {}
