"""The letters (文书) that the steps of a case cause: to whom each goes, who may read it, and the article it rests on.

条例 (2025) Art 25: whoever complained is told whether its complaint is taken up and what came of it, and so is the office that had
received it.
"""

from collections.abc import Iterator
from functools import singledispatch
from typing import Any, Final, NamedTuple

from domain import facts as e
from domain.basis import Bases
from domain.case.casefile import Case
from domain.case.checks import Moment
from domain.case.evidence import lacking, wanted
from domain.case.notices import Between, issuing, of_interviews
from domain.case.numbering import number
from domain.duty import DutyKind
from domain.events import Event
from domain.facts.fact import Fact
from domain.letters import Letter
from domain.rules import Rules
from domain.value import LetterKind, PartySide

_CREDITOR, _DEBTOR = (PartySide.CREDITOR,), (PartySide.DEBTOR,)
_BOTH = (PartySide.CREDITOR, PartySide.DEBTOR)


class _Draft(NamedTuple):
    """A letter before it is numbered.

    Attributes:
        sides: The parties to whom it is addressed, and who may read it.
        duty: The duty whose article it cites. Without one it cites the first of `bases` that applies, or the rule pack.
        to: The addressee, if it is not those parties.
        office: The office that writes it; by default the one that held the case before the event.
        recipients: The offices to whose channels it is sent.
    """

    letter: LetterKind
    sides: tuple[PartySide, ...] = ()
    duty: DutyKind | None = None
    to: str | None = None
    office: str | None = None
    recipients: tuple[str, ...] = ()
    bases: Bases | None = None


def letters(was: Case, event: Event, case: Case, moment: Moment) -> tuple[Letter, ...]:
    """The letters that an event causes, numbered after the documents that the case has issued.

    Args:
        was: The case before the event. Its holder writes them.
    """
    written: list[Letter] = []
    for draft in _drafts(was, event, case, moment.rules):
        numbered = number(case, draft.letter, moment.today, ahead=len(written))
        written.append(_letter(draft, was, case, moment, numbered))
    return tuple(written)


def _letter(draft: _Draft, was: Case, case: Case, moment: Moment, numbered: str) -> Letter:
    rules = moment.rules
    rule = rules.duties.get(draft.duty) if draft.duty is not None else None
    addressee = draft.to or "、".join(_name(case, side) for side in draft.sides)
    between = Between(draft.office or was.holder, addressee, draft.recipients, draft.sides)
    return Letter(
        number=numbered,
        letter=draft.letter,
        papers=_papers(draft, case, rules),
        **issuing(case, between, rule.basis if rule else draft.bases, moment),
    )


def _papers(draft: _Draft, case: Case, rules: Rules) -> tuple[str, ...]:
    """The papers that a letter asks the debtor for; in a closing report, those that are missing."""
    if draft.letter is LetterKind.CLOSING:
        return tuple(one.told[0] for one in lacking(case, "close", rules))
    if draft.letter is LetterKind.FORWARDING and draft.sides:
        return wanted(("recognise", "plan", "report_payment"), rules)
    return ()


def _name(case: Case, side: PartySide) -> str:
    return (case.receipt.creditor if side is PartySide.CREDITOR else case.receipt.debtor).name


def _drafts(was: Case, event: Event, case: Case, rules: Rules) -> Iterator[_Draft]:
    yield from _of(event.fact, was, rules)
    if isinstance(event.fact, e.InterviewHeld):
        yield _minutes(was, event, rules)
    is_decided = case.account != was.account or isinstance(event.fact, e.Determined)
    if case.account is not None and is_decided:
        yield _Draft(LetterKind.CONFIRMATION, _BOTH, DutyKind.VERIFICATION)
        yield _outcome(was)


def _outcome(was: Case) -> _Draft:
    """To the complainant, and to the office that received the complaint if another one has handled it (Art 25)."""
    received_by = was.receipt.office
    copy = (received_by,) if received_by != was.holder else ()
    return _Draft(LetterKind.OUTCOME, _CREDITOR, DutyKind.VERIFICATION, recipients=copy)


def _minutes(was: Case, event: Event, rules: Rules) -> _Draft:
    """Written by the office whose head held the interview, for whoever was called: by default the debtor."""
    called = was.called_in
    sides, to = (called.sides, called.addressee) if called else (_DEBTOR, None)
    by = event.by.party if event.by.party in rules.offices else None
    return _Draft(LetterKind.MINUTES, sides, to=to, office=by, bases=of_interviews(rules))


def _reached(was: Case) -> tuple[PartySide, ...]:
    """The parties that know of the case."""
    return _BOTH if was.is_known_to_debtor else _CREDITOR


@singledispatch
def _of(fact: Any, was: Case, rules: Rules) -> Iterator[_Draft]:
    """The letters of a fact. By default none."""
    yield from ()


@_of.register
def _(fact: e.Accepted, was: Case, rules: Rules) -> Iterator[_Draft]:
    yield _Draft(LetterKind.ACCEPTANCE, _CREDITOR, DutyKind.INTAKE)


@_of.register
def _(fact: e.Refused, was: Case, rules: Rules) -> Iterator[_Draft]:
    yield _Draft(LetterKind.REFUSAL, _CREDITOR, DutyKind.INTAKE)


@_of.register
def _(fact: e.CorrectionRequested, was: Case, rules: Rules) -> Iterator[_Draft]:
    yield _Draft(LetterKind.CORRECTION, _CREDITOR, DutyKind.CORRECTION)


@_of.register
def _(fact: e.Forwarded, was: Case, rules: Rules) -> Iterator[_Draft]:
    if fact.to == "debtor":
        yield _Draft(LetterKind.FORWARDING, _DEBTOR, DutyKind.TRANSFER)
    else:
        name = rules.offices[fact.to]
        yield _Draft(LetterKind.FORWARDING, duty=DutyKind.TRANSFER, to=name, recipients=(fact.to,))


@_of.register
def _(fact: e.FoundUnfounded, was: Case, rules: Rules) -> Iterator[_Draft]:
    yield _outcome(was)


@_of.register
def _(fact: e.Planned, was: Case, rules: Rules) -> Iterator[_Draft]:
    yield _Draft(LetterKind.PLAN, _BOTH, DutyKind.FUNDING)


@_of.register
def _(fact: e.Extended, was: Case, rules: Rules) -> Iterator[_Draft]:
    yield _Draft(LetterKind.EXTENSION, duty=fact.duty, to=rules.offices[was.holder])


@_of.register
def _(fact: e.Suspended, was: Case, rules: Rules) -> Iterator[_Draft]:
    yield _Draft(LetterKind.SUSPENSION, _reached(was))


@_of.register
def _(fact: e.Resumed, was: Case, rules: Rules) -> Iterator[_Draft]:
    yield _Draft(LetterKind.RESUMPTION, _reached(was))


@_of.register
def _(fact: e.HandedOut, was: Case, rules: Rules) -> Iterator[_Draft]:
    yield _Draft(LetterKind.HANDING_OUT, _CREDITOR, DutyKind.TRANSFER, to=fact.to)


@_of.register
def _(fact: e.Closed, was: Case, rules: Rules) -> Iterator[_Draft]:
    yield _Draft(LetterKind.CLOSING, duty=DutyKind.STRIKE_OFF, to=rules.offices[was.holder])


KINDS: Final = (
    *(fact.model_fields["kind"].default for fact in _of.registry if issubclass(fact, Fact)),
    *("interview_held", "endorsed", "endorsement_deemed", "determined", "judgment_entered"),
)
"""The kinds of journal entries that may have letters: those with a letter of their own, interviews, and those that may establish an
account.
"""
