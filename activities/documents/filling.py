"""What a document is filled with: what is on record of its case, and what its notice or step says. All of it is text, but for lists.

Every document has

    number office holder addressee copies              the document: 文号, who issues it, who has the case, for whom, 抄送
    issued_on reply_by basis                           成文日期, the day by which to reply ("": none), the article
    case_no title project creditor debtor received_on mode      the case
    recognised as_of                                   whether the debt is recognised, and as of when
    claimed claimed_as_said settled paid_before undisputed disputed not_yet_due judicial rejected planned included cleared outstanding
                                                       amounts in 万元
    item due_on reason                                 which duty it is about and its last day, why ("": not said)

A notice that presses has besides

    held_on place                                      an interview's day and place
    act days                                           what to do about what is owed, and by how many days it is late (less than 0:
                                                       before)

A letter of a step has besides

    giver approver since                               who took the step, who approved it, from which day it counts
    account account_by                                 by whose word the account stands: in words, and endorsed, deemed, determined,
                                                       judgment or taken_in ("": it does not)
    appeal_by                                          until when there is an appeal against the end ("": it has not ended)
    is_to_debtor is_owed is_revised                    whether it is for the debtor; something is outstanding; there was a plan before
    until extended_by                                  the last day of a suspension; how much more time there is
    reference kind                                     the file's number there, and what kind of authority it is
    items papers                                       lists of text: what to correct; the papers asked for, or missing
    sources (kind amount)  instalments (no due_on amount)  dues (what due_on amount)  promises (no what due_on)
    payments (voucher paid_on form amount)             what has been paid, and counts
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import singledispatch
from typing import Any, Final, NamedTuple

from activities.documents.wording import UNKNOWN, item, line, wan_text, written
from domain import facts as e
from domain.actors import Actor
from domain.calendar import business_date
from domain.case.casefile import Case
from domain.case.handling.review import APPEALED_WITHIN
from domain.duty import Duty, DutyKind
from domain.events import Event
from domain.facts import NoticeIssued
from domain.letters import Issued, Letter
from domain.receipt import Receipt
from domain.telling.amounts import TO_BE_VERIFIED
from domain.telling.punctuation import typeset
from domain.telling.words import ACTS, GROUNDS, HANDED_OUT_TO, MODES, PAYMENT_FORMS, SOURCES
from domain.value import Mode, PartySide

Context = dict[str, Any]

_AS_A_WHOLE: Final = "明确清偿时限和资金来源,抓紧办结"
_ACCOUNTS: Final = {
    "endorsed": "债权人认可债务人所作的欠款陈述",
    "deemed": "债权人经多次联系未答复,按债务人所作的欠款陈述认定",
    "determined": "承办单位核实认定",
    "judgment": "生效裁判文书确定",
}


def of_notice(fact: NoticeIssued, case: Case, on: date, names: Mapping[str, str]) -> Context:
    """What a notice is filled with, on the business date on which it is issued.

    Args:
        names: Of the offices, by their codes.
    """
    text = {
        "reply_by": written(fact.reply_by),
        "item": item(fact.duty, fact.subject),
        "act": typeset(ACTS[fact.duty] if fact.duty else _AS_A_WHOLE),
        "due_on": written(fact.due_on),
        "held_on": written(fact.held_on),
        "place": fact.place or "",
        "reason": typeset(fact.reason or ""),
    }
    return {
        **_of_document(fact, case, on, names),
        **_lines(text),
        "days": (on - fact.due_on).days if fact.due_on else 0,
    }


_REASONS: Final[Mapping[type, str]] = {
    e.Refused: "ground",
    e.FoundUnfounded: "reason",
    e.Determined: "grounds",
    e.Planned: "reason",
    e.Resumed: "reason",
    e.Closed: "report",
}
"""In which field a fact says why."""


class LetterContext(NamedTuple):
    """What a letter tells of: the case before an event and after it, and the duties when all that happened together had happened."""

    was: Case
    event: Event
    case: Case
    duties: Sequence[Duty]

    @property
    def reply_by(self) -> date | None:
        """The last day of what its letter asks for."""
        fact = self.event.fact
        if isinstance(fact, e.CorrectionRequested):
            asked = DutyKind.CORRECTION
        elif isinstance(fact, e.Forwarded):
            asked = DutyKind.RESPONSE if fact.to == "debtor" else DutyKind.VERIFICATION
        else:
            return None
        return next((duty.due_on for duty in self.duties if duty.duty is asked), None)


def of_letter(letter: Letter, step: LetterContext, names: Mapping[str, str]) -> Context:
    """What a letter is filled with: what its event says, and the case after it."""
    event, case = step.event, step.case
    text = {
        "reply_by": written(step.reply_by),
        "since": written(event.on),
        "giver": _person(event.by),
        "approver": _person(event.approved_by),
        "account": typeset(_ACCOUNTS.get(case.account.by, "") if case.account else ""),
        "account_by": case.account.by if case.account else "",
        "appeal_by": written(case.ended_on + APPEALED_WITHIN if case.ended_on else None),
        **dict.fromkeys(("item", "due_on", "reason", "until", "extended_by", "reference", "kind"), ""),
        **_said(event.fact, step),
    }
    text["reason"] = text["reason"].rstrip("。.;\uff1b")
    items = event.fact.items if isinstance(event.fact, e.CorrectionRequested) else ()
    promises = event.fact.promises if isinstance(event.fact, e.InterviewHeld) else ()
    return {
        **_of_document(letter, case, business_date(event.at), names),
        **_lines(text),
        "items": [line(one) for one in items],
        "papers": [line(typeset(one)) for one in letter.papers],
        "promises": [
            {"no": one.no, "what": line(one.what), "due_on": written(one.due_on)} for one in promises
        ],
        "is_to_debtor": PartySide.DEBTOR in letter.sides,
        "is_owed": case.outstanding_fen > 0,
        "is_revised": step.was.plan is not None,
        **_lists(case),
    }


def _of_document(document: Issued, case: Case, on: date, names: Mapping[str, str]) -> Context:
    receipt, known = case.receipt, case.recognition
    offices = (names.get(code, code) for code in document.recipients if code != document.office)
    copies = [name for name in offices if name != document.addressee]
    text = {
        "number": document.number,
        "office": document.office_name,
        "holder": names.get(case.holder, case.holder),
        "addressee": document.addressee,
        "copies": "、".join(copies),
        "issued_on": written(on),
        "basis": typeset(document.basis),
        "case_no": case.case_no,
        "mode": MODES[_told_mode(document, case, names)],
        "as_of": written(known.as_of) if known else UNKNOWN,
        **_of_receipt(receipt),
    }
    return {
        **_lines(text),
        **{name: _known(amount) for name, amount in _amounts(case).items()},
        "planned": wan_text(case.plan.total_fen) if case.plan else UNKNOWN,
        **_claimed(receipt.claimed),
        "recognised": case.account is not None,
    }


def _told_mode(document: Issued, case: Case, names: Mapping[str, str]) -> Mode:
    """Offices alone are told that the discipline organ has the case: neither a party, nor whoever else is called in."""
    is_to_office = any(document.addressee.startswith(name) for name in names.values())
    return case.mode if is_to_office or case.mode is not Mode.REFERRED else Mode.SUPERVISED


def _of_receipt(receipt: Receipt) -> Mapping[str, str]:
    return {
        "title": receipt.title,
        "project": receipt.project,
        "creditor": receipt.creditor.name,
        "debtor": receipt.debtor.name,
        "received_on": written(receipt.received_on),
    }


def _lines(text: Mapping[str, str]) -> Context:
    return {name: line(value) for name, value in text.items()}


def _amounts(case: Case) -> dict[str, int | None]:
    """In fen; none of what is known only once the debtor has said what it owes."""
    known = case.recognition
    return {
        "settled": known.settled_fen if known else None,
        "paid_before": known.paid_fen if known else None,
        "undisputed": known.undisputed_fen if known else None,
        "disputed": known.disputed_fen if known else None,
        "not_yet_due": known.not_yet_due_fen if known else None,
        "judicial": known.judicial_fen if known else None,
        "rejected": known.rejected_fen if known else None,
        "outstanding": case.outstanding_fen if known else None,
        "included": case.in_bonds_fen,
        "cleared": case.cleared_fen,
    }


def _known(fen: int | None) -> str:
    return TO_BE_VERIFIED[0] if fen is None else wan_text(fen)


def _claimed(fen: int | None) -> dict[str, str]:
    """What the creditor says it is owed, as a table and as a sentence say it."""
    return {"claimed": _known(fen), "claimed_as_said": _known(fen) + ("" if fen is None else "万元")}


def _lists(case: Case) -> Context:
    """The parts of the case, in the words and amounts of a document."""
    plan, known = case.plan, case.recognition
    return {
        "sources": [
            {"kind": SOURCES[one.kind], "amount": wan_text(one.planned_fen)}
            for one in (plan.sources if plan else ())
        ],
        "instalments": [
            {"no": one.no, "due_on": written(one.due_on), "amount": wan_text(one.amount_fen)}
            for one in (plan.instalments if plan else ())
        ],
        "dues": [
            {"what": line(one.what), "due_on": written(one.due_on), "amount": wan_text(one.amount_fen)}
            for one in (known.dues if known else ())
        ],
        "payments": [
            {
                "voucher": line(one.voucher),
                "paid_on": written(one.paid_on),
                "form": PAYMENT_FORMS[one.form],
                "amount": wan_text(one.accepted_fen),
            }
            for one in case.payments
            if one.counted
        ],
    }


def _person(actor: Actor | None) -> str:
    return (actor.person or "") if actor else ""


@singledispatch
def _said(fact: Any, step: LetterContext) -> Mapping[str, str]:
    """What the fact of a step says in words of its own: most give a reason."""
    field = _REASONS.get(type(fact))
    return {"reason": typeset(getattr(fact, field) or "")} if field else {}


@_said.register
def _(fact: e.Extended, step: LetterContext) -> Mapping[str, str]:
    duty = next((duty for duty in step.duties if duty.key == fact.key), None)
    working = duty is not None and duty.term is not None and duty.term.working
    return {
        "item": item(fact.duty, fact.subject),
        "due_on": written(duty.due_on if duty else None),
        "extended_by": f"{fact.days}个工作日" if working else f"{fact.days}日",
        "reason": typeset(fact.reason),
    }


@_said.register
def _(fact: e.Suspended, step: LetterContext) -> Mapping[str, str]:
    return {
        "reason": typeset(f"{GROUNDS[fact.ground]}:{fact.reason}"),
        "until": written(fact.until),
    }


@_said.register
def _(fact: e.InterviewHeld, step: LetterContext) -> Mapping[str, str]:
    return {"due_on": written(fact.day)}


@_said.register
def _(fact: e.HandedOut, step: LetterContext) -> Mapping[str, str]:
    return {"reference": fact.reference, "kind": HANDED_OUT_TO[fact.of]}
