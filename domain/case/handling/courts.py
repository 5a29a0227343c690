"""司法: the part of a debt that goes to court or arbitration, and the judgment on it.

条例 (2025) Art 15: the undisputed part is paid whatever becomes of the rest. So a disputed part may go to court alone, and the case
goes on.
"""

from domain import commands as c
from domain import facts as e
from domain.case.account import covers_what_moves, cut, cut_plan, moved_parts
from domain.case.casefile import Case
from domain.case.change import LIVES_AGAIN, Change, change
from domain.case.checks import Facts, Moment, wrong_stage
from domain.case.contents import Account, Court, Recognition
from domain.events import Event
from domain.money import format_money
from domain.refusal import Code, Refusal
from domain.value import InCourt, Stage


def go_judicial(case: Case, command: c.GoJudicial, moment: Moment) -> Facts:
    """Send all of the debt to court, which ends the case, or the disputed part of an account. The ledger keeps the debt."""
    if command.part is InCourt.DISPUTED and (case.account is None or case.disputed_fen == 0):
        raise wrong_stage(
            case, "账目成立后才有有分歧部分可转司法", "no disputed part of an account that stands"
        )
    return [
        e.WentJudicial(
            court=command.court,
            reference=command.reference,
            part=command.part,
            hearing_on=command.hearing_on,
        )
    ]


def judgment(case: Case, command: c.Judgment, moment: Moment) -> Facts:
    """Record a judgment: what the court recognised is owed again, what it rejected is removed. It establishes the account if there was
    none.
    """
    decided_fen = command.recognised + command.rejected
    if decided_fen == 0:
        raise Refusal(Code.MALFORMED, "认可与驳回金额不能都为零", "nothing is decided", "recognised")
    in_court_fen = _in_court_fen(case)
    if case.account is not None and decided_fen > in_court_fen:
        raise Refusal(
            Code.EXCEEDS_OWED,
            f"司法程序中的金额只有 {format_money(in_court_fen)}",
            f"only {format_money(in_court_fen)} is in court",
            "recognised",
        )
    undisputed_fen = _undisputed_after(case, command.recognised)
    covers_what_moves(case, undisputed_fen)
    less, instalments = cut(case, undisputed_fen)
    entered = e.JudgmentEntered(
        recognised_fen=command.recognised,
        rejected_fen=command.rejected,
        reference=command.reference,
        pay_by=command.pay_by,
        sources=less.sources,
        instalments=instalments,
    )
    return [*less.returned, entered, *less.requested(case)]


def _in_court_fen(case: Case) -> int:
    """The part in court; all that was open, if going to court ended the case."""
    if case.ended is not Stage.JUDICIAL:
        return case.judicial_fen
    return case.outstanding_fen + case.disputed_fen + case.not_yet_due_fen + case.judicial_fen


def _undisputed_after(case: Case, recognised_fen: int) -> int:
    before = case.cleared_fen if case.ended is Stage.JUDICIAL else case.undisputed_fen
    return before + recognised_fen


@change.register
def _(fact: e.WentJudicial, case: Case, event: Event) -> Change:
    court = Court(court=fact.court, reference=fact.reference, hearing_on=fact.hearing_on, on=event.on)
    if fact.part is InCourt.ALL:
        return {"court": court}
    moved = moved_parts(case, disputed_fen=-case.disputed_fen, judicial_fen=case.disputed_fen)
    return {"court": court, "court_since": event.on, **moved}


@change.register
def _(fact: e.JudgmentEntered, case: Case, event: Event) -> Change:
    plan = cut_plan(case, fact.sources, fact.instalments)
    changed: Change = {"pay_by": fact.pay_by, "objection_since": None, **plan}
    if case.ended is Stage.JUDICIAL:
        changed["reopened_on"] = event.on
    if case.account is None or case.recognition is None:
        return changed | _account_by_judgment(fact, case, event)
    if case.ended is not Stage.JUDICIAL:
        return changed | moved_parts(
            case,
            judicial_fen=-fact.recognised_fen - fact.rejected_fen,
            undisputed_fen=fact.recognised_fen,
            settled_fen=-fact.rejected_fen,
            rejected_fen=fact.rejected_fen,
        )
    left_fen = _in_court_fen(case) - fact.recognised_fen - fact.rejected_fen
    recognition = case.recognition.model_copy(
        update={
            "settled_fen": case.recognition.settled_fen - fact.rejected_fen,
            "undisputed_fen": _undisputed_after(case, fact.recognised_fen),
            "disputed_fen": 0,
            "not_yet_due_fen": 0,
            "judicial_fen": left_fen,
            "dues": (),
            "rejected_fen": case.recognition.rejected_fen + fact.rejected_fen,
        }
    )
    return changed | {
        "recognition": recognition,
        **LIVES_AGAIN,
    }


def _account_by_judgment(fact: e.JudgmentEntered, case: Case, event: Event) -> Change:
    """The account that a judgment establishes. What was cleared earlier counts on top of what the court recognised."""
    undisputed_fen = case.cleared_fen + fact.recognised_fen
    return {
        "recognition": Recognition(
            on=event.on,
            as_of=event.on,
            settled_fen=undisputed_fen,
            paid_fen=0,
            undisputed_fen=undisputed_fen,
            rejected_fen=fact.rejected_fen,
        ),
        "recognition_stands": True,
        "account": Account(by="judgment", on=event.on, as_of=event.on),
        **LIVES_AGAIN,
    }
