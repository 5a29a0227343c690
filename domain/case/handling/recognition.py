"""核实: what is owed is recognised by the debtor and endorsed by the creditor; what stays disputed runs beside.

条例 (2025) Art 15: the undisputed part is paid on time, whatever becomes of the rest. Art 25: the result is due 30 days after the
handling side has the material, at most 90 days in all.
"""

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case, Recognition
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, not_both_sides, not_in_future, wrong_stage
from domain.events import Event
from domain.money import format_money
from domain.refusal import Code, Refusal


def recognise(case: Case, command: c.Recognise, moment: Moment) -> Facts:
    """The amounts must add up: `settled − paid = undisputed + disputed + not_yet_due`."""
    if case.recognition_stands:
        raise wrong_stage(case, "已有欠款认定,等待债权人确认", "a recognition awaits the creditor already")
    not_in_future(command.as_of, moment, "as_of")
    signed_on = case.receipt.contract_signed_on
    if signed_on is not None and command.as_of < signed_on:
        raise Refusal(
            Code.DATE_BEFORE_CASE,
            f"截止日 {command.as_of} 早于合同签订日",
            f"{command.as_of} is before the contract was signed, {signed_on}",
            "as_of",
        )
    owed_fen = command.settled - command.paid
    parts_fen = command.undisputed + command.disputed + command.not_yet_due
    if owed_fen != parts_fen:
        raise Refusal(
            Code.AMOUNTS_DO_NOT_ADD_UP,
            f"结算额减已付额为 {format_money(owed_fen)},各部分合计为 {format_money(parts_fen)}",
            f"settled − paid is {format_money(owed_fen)}, but the parts add up to {format_money(parts_fen)}",
            "undisputed",
        )
    if command.undisputed < case.cleared_fen:
        raise Refusal(
            Code.AMOUNTS_DO_NOT_ADD_UP,
            f"本案已清偿 {format_money(case.cleared_fen)},无分歧金额不得更少",
            f"{format_money(case.cleared_fen)} has been cleared already; undisputed may not be less",
            "undisputed",
        )
    return [
        e.Recognised(
            settled_fen=command.settled,
            paid_fen=command.paid,
            undisputed_fen=command.undisputed,
            disputed_fen=command.disputed,
            not_yet_due_fen=command.not_yet_due,
            as_of=command.as_of,
        )
    ]


def endorse(case: Case, command: c.Endorse, moment: Moment) -> Facts:
    _awaits_creditor(case)
    assert case.recognition is not None, "what stands is there"
    not_both_sides(command, case.recognition.entered_by)
    return [e.Endorsed()]


def object_to(case: Case, command: c.Object, moment: Moment) -> Facts:
    _awaits_creditor(case)
    return [e.Objected(reason=command.reason)]


def _awaits_creditor(case: Case) -> None:
    if not case.recognition_stands:
        raise wrong_stage(case, "尚无待确认的欠款认定", "no recognition awaits the creditor")


def unfounded(case: Case, command: c.Unfounded, moment: Moment) -> Facts:
    """What has been paid was owed: a case with cleared money is not unfounded."""
    if case.cleared_fen:
        raise wrong_stage(case, "本案已有清偿款项", f"{format_money(case.cleared_fen)} has been cleared")
    return [e.FoundUnfounded(reason=command.reason)]


def resolve_dispute(case: Case, command: c.ResolveDispute, moment: Moment) -> Facts:
    """Move disputed money: the recognised part joins the undisputed, the rejected part is gone."""
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


@change.register
def _(fact: e.Recognised, case: Case, event: Event) -> Change:
    recognition = Recognition(on=event.on, entered_by=event.entered_by, **fact.model_dump(exclude={"kind"}))
    return {"recognition": recognition, "recognition_stands": True}


@change.register
def _(fact: e.Endorsed, case: Case, event: Event) -> Change:
    return {"endorsed_on": event.on}


@change.register
def _(fact: e.Objected, case: Case, event: Event) -> Change:
    return {"recognition_stands": False}


@change.register
def _(fact: e.DisputeResolved, case: Case, event: Event) -> Change:
    if case.recognition is None:
        return {}
    settled = {
        "disputed_fen": case.recognition.disputed_fen - fact.recognised_fen - fact.rejected_fen,
        "undisputed_fen": case.recognition.undisputed_fen + fact.recognised_fen,
    }
    return {"recognition": case.recognition.model_copy(update=settled)}
