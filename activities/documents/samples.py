"""What a template is tried with (样张)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from activities.documents.filling import LetterContext
from domain import facts as e
from domain.actors import SYSTEM
from domain.calendar import business_instant
from domain.case.casefile import Case
from domain.duty import DutyKind
from domain.events import Event
from domain.letters import Letter
from domain.receipt import Creditor, Debtor, Receipt
from domain.value import Ground, HandOutTo, LetterKind, NoticeKind, SourceKind

NUMBER: Final = "样张〔2023〕1号"
OFFICE: Final = "某办"
ADDRESSEE: Final = "某单位"
DAY: Final = date(2023, 4, 26)

_SAID: Final = "样张"
_CODE: Final = "620105"

CASE: Final = Case(
    case_no="QQ-620105-2023-0001",
    policy=_SAID,
    calendar=_SAID,
    receipt=Receipt(
        title=_SAID,
        project=_SAID,
        creditor=Creditor(name="某公司", size="small", ownership="private"),
        debtor=Debtor(name="某局", kind="organ"),
        office=_CODE,
        channel="platform",
        kind="goods",
        claimed=10**6,
        received_on=DAY,
    ),
    entered_on=DAY,
    route=(_CODE,),
    region=_CODE,
)

_ISSUED: Final[Mapping[str, Any]] = {
    "number": NUMBER,
    "office": _CODE,
    "office_name": OFFICE,
    "addressee": ADDRESSEE,
    "recipients": (_CODE, "620100"),
    "basis": _SAID,
    "deliver_at": business_instant(DAY, 9),
}
_AMOUNTS: Final = e.Amounts(settled_fen=10**6, paid_fen=0, undisputed_fen=10**6, as_of=DAY)
_STEPS: Final[Mapping[LetterKind, Sequence[e.CaseFact]]] = {
    LetterKind.ACCEPTANCE: [e.Accepted()],
    LetterKind.REFUSAL: [e.Refused(ground=_SAID)],
    LetterKind.CORRECTION: [e.CorrectionRequested(items=(_SAID,))],
    LetterKind.FORWARDING: [e.Forwarded(to="debtor"), e.Forwarded(to=_CODE)],
    LetterKind.CONFIRMATION: [e.Endorsed(), e.Determined(grounds=_SAID, **dict(_AMOUNTS))],
    LetterKind.OUTCOME: [e.Endorsed(), e.FoundUnfounded(reason=_SAID)],
    LetterKind.PLAN: [
        e.Planned(
            sources=(e.Source(kind=SourceKind.BUDGET, planned_fen=10**6),),
            instalments=(e.Instalment(no=1, due_on=DAY, amount_fen=10**6),),
        )
    ],
    LetterKind.EXTENSION: [
        e.Extended(duty=DutyKind.VERIFICATION, subject=None, opened_on=DAY, days=1, reason=_SAID)
    ],
    LetterKind.SUSPENSION: [e.Suspended(ground=Ground.COURT, until=DAY, reason=_SAID)],
    LetterKind.RESUMPTION: [e.Resumed(), e.Resumed(reason=_SAID)],
    LetterKind.MINUTES: [
        e.InterviewHeld(day=DAY),
        e.InterviewHeld(day=DAY, promises=(e.Promise(no=1, what=_SAID, due_on=DAY, made_on=DAY),)),
    ],
    LetterKind.HANDING_OUT: [e.HandedOut(to=_SAID, of=HandOutTo.OTHER, reference=_SAID)],
    LetterKind.CLOSING: [e.Closed(report=_SAID)],
}


def steps(kind: LetterKind) -> Iterator[LetterContext]:
    """What a letter of that kind may tell of: each fact that may write one."""
    for fact in _STEPS[kind]:
        yield LetterContext(CASE, Event(at=business_instant(DAY, 9), on=DAY, by=SYSTEM, fact=fact), CASE, ())


def letter(kind: LetterKind) -> Letter:
    """A letter of that kind."""
    return Letter(letter=kind, papers=(_SAID,), **_ISSUED)


def notices(kind: NoticeKind) -> Iterator[e.NoticeIssued]:
    """A notice of that kind as it presses for a duty, and for the case as a whole."""
    of_case = e.NoticeIssued(notice=kind, reply_by=DAY, **_ISSUED)
    yield of_case.model_copy(
        update={"duty": DutyKind.INSTALMENT, "subject": "1", "opened_on": DAY, "due_on": DAY}
    )
    yield of_case
