"""The documents that press for a duty: who issues them, to whom they are addressed and sent, and which article they cite."""

import re
from typing import Any, Final, NamedTuple

from domain.actors import PARTIES, Role, folded
from domain.basis import Bases, quoted
from domain.calendar import term_end
from domain.case.casefile import Case
from domain.case.checks import Moment
from domain.case.contents import Gate
from domain.case.numbering import number
from domain.duty import Duty, DutyKind
from domain.facts import NoticeIssued, Summoned
from domain.rules import Rules, Rung, climbed, overseer, superior
from domain.value import NoticeKind, PartySide, Step


class Between(NamedTuple):
    """The issuing office, the addressee, the offices to whose channels a document is sent (parties have none), and the parties that
    may read it.
    """

    issuer: str
    addressee: str
    recipients: tuple[str, ...]
    sides: tuple[PartySide, ...] = ()


def notice(
    case: Case,
    kind: NoticeKind,
    moment: Moment,
    *,
    duty: Duty | None = None,
    rung: Rung | None = None,
    gate: Gate | None = None,
    above: str | None = None,
    left: str | None = None,
) -> NoticeIssued | None:
    """The next document of a case, dated today: about a duty, about a proposed step, or at the order of an office above about the case
    as a whole.

    Args:
        above: The superior office that acts; by default the next one above.
        left: The office from which the case was taken over.

    Returns:
        None if there is nobody to send it: no office writes to itself, nor to one that the rules no longer have.
    """
    rules = moment.rules
    if kind is NoticeKind.TAKEOVER:
        between = _office(case, left, case.holder, rules)
    elif gate is not None:
        between = _called(case, gate, rules)
    else:
        between = _pressed(case, duty, above, rules)
    if between is None:
        return None
    bases = of_interviews(rules) if gate is not None else _bases(duty, rung, rules)
    return _document(case, kind, between, bases, moment, **about(duty, rung) | {"unwritten": False})


def summons(case: Case, summoned: Summoned, office: str, moment: Moment) -> NoticeIssued:
    """约谈通知书: the document by which a head calls somebody to an interview."""
    recipients = tuple(dict.fromkeys((case.holder, office)))
    said = {"held_on": summoned.day, "place": summoned.place, "reason": summoned.reason}
    between = Between(office, summoned.whom, recipients, _side_named(case, summoned.whom))
    return _document(case, NoticeKind.INTERVIEW, between, of_interviews(moment.rules), moment, **said)


def _side_named(case: Case, whom: str) -> tuple[PartySide, ...]:
    """The party that is called, or whose 负责人 or other officer is, such as 张局长(环卫局). Other units' names may begin alike."""
    names = {PartySide.DEBTOR: case.receipt.debtor.name, PartySide.CREDITOR: case.receipt.creditor.name}
    return tuple(side for side, name in names.items() if _is_of(folded(name), folded(whom)))


_ANOTHER: Final = re.compile("公司|集团|中心|学[校院]|医院|合作社|分局|委员会|[所站厂店](?!长)")
"""Words that turn a longer name into that of another unit, rather than of a person at this one."""


def _is_of(name: str, whom: str) -> bool:
    """Whether `whom` is the party, a person there by post or name, or a person with the party's name in brackets."""
    if whom.startswith(name):
        return _ANOTHER.search(whom.removeprefix(name)) is None
    return whom.endswith(f"({name})")


def circular(case: Case, reason: str, moment: Moment) -> NoticeIssued:
    """通报: the holder names the debtor in a circular. It cites what the 督办书 cites."""
    between = _party(case, Role.DEBTOR, moment.rules)
    ladder = climbed(moment.rules.ladder, "debtor")
    order = next((rung for rung in ladder if rung.notice is NoticeKind.SUPERVISION), None)
    bases = order.basis if order else None
    return _document(case, NoticeKind.CIRCULAR, between, bases, moment, reason=reason)


def _document(
    case: Case, kind: NoticeKind, between: Between, bases: Bases | None, moment: Moment, **said: Any
) -> NoticeIssued:
    rules, today = moment.rules, moment.today
    if kind is NoticeKind.PROMPT:
        between = between._replace(recipients=between.recipients[:1])
    return NoticeIssued(
        number=number(case, kind, today),
        notice=kind,
        reply_by=term_end(rules.calendar, today, rules.reply_within).on,
        **issuing(case, between, bases, moment),
        **said,
    )


def issuing(case: Case, between: Between, bases: Bases | None, moment: Moment) -> dict[str, Any]:
    """The fields of every document except its number. A document without an article of its own cites the rule pack."""
    rules = moment.rules
    return {
        "office": between.issuer,
        "office_name": rules.offices[between.issuer],
        "addressee": between.addressee,
        "sides": between.sides,
        "recipients": between.recipients,
        "basis": quoted(bases, case.governed, moment.today) if bases else rules.title,
        "deliver_at": rules.office_hours.next_hour(rules.calendar, moment.now),
    }


def _bases(duty: Duty | None, rung: Rung | None, rules: Rules) -> Bases | None:
    """The articles of the rung, or else of the duty."""
    if rung is not None and rung.basis:
        return rung.basis
    return rules.duties[duty.duty].basis if duty is not None else None


def of_interviews(rules: Rules) -> Bases | None:
    """The articles of the rung that proposes an interview."""
    return next((rung.basis for rung in rules.ladder if rung.proposes is Step.INTERVIEW), None)


def _pressed(case: Case, duty: Duty | None, above: str | None, rules: Rules) -> Between | None:
    """To whoever owes the duty; about the case as a whole, to the office that holds it."""
    if duty is not None and duty.owner in PARTIES:
        return _party(case, duty.owner, rules)
    office = responsible(case, duty)
    return _office(case, office, above or superior(office, rules.offices), rules)


def _office(case: Case, office: str | None, above: str | None, rules: Rules) -> Between | None:
    """From the office `above` to an office that owes; None if that one no longer exists or would write to itself."""
    if office is None or above is None or office == above or office not in rules.offices:
        return None
    recipients = tuple(dict.fromkeys((office, case.holder, above)))
    return Between(above, rules.offices[office], recipients)


def _party(case: Case, owner: Role, rules: Rules) -> Between:
    """From the holder to a party that owes, with a copy to the office above."""
    receipt = case.receipt
    side = PartySide(owner.value)
    party = receipt.debtor if side is PartySide.DEBTOR else receipt.creditor
    above = overseer(case.holder, rules.offices)
    return Between(case.holder, party.name, tuple(dict.fromkeys((case.holder, above))), (side,))


def _called(case: Case, gate: Gate, rules: Rules) -> Between | None:
    """From the office whose head decided to whoever the step is against."""
    if gate.against is not None:
        return _office(case, gate.against, gate.office, rules)
    recipients = tuple(dict.fromkeys((case.holder, gate.office)))
    return Between(gate.office, case.receipt.debtor.name, recipients, (PartySide.DEBTOR,))


def responsible(case: Case, duty: Duty | None) -> str:
    """The office that answers for a duty: the holder, or for a head's decision that head's office."""
    if duty is not None and duty.duty is DutyKind.GATE:
        return next(gate.office for gate in case.gates if gate.step == duty.subject)
    if duty is not None and duty.duty is DutyKind.APPEAL and case.appeal is not None:
        return case.appeal.office
    if duty is not None and duty.duty is DutyKind.APPROVAL:
        return next((one.office for one in case.waiting if str(one.no) == duty.subject), None) or case.holder
    return case.holder


def about(duty: Duty | None, rung: Rung | None, late: bool = False) -> dict[str, Any]:
    """The fields of `OfDuty` for a duty on a rung."""
    if duty is None:
        return {}
    return {
        "duty": duty.duty,
        "subject": duty.subject,
        "opened_on": duty.opened_on,
        "due_on": duty.due_on,
        "level": rung.level if rung else None,
        "late": late,
        "unwritten": duty.provisional and rung is not None and rung.notice is not None,
    }
