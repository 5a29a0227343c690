"""The documents that press for a duty: who issues one, whom it is for, whose channels it goes to, and what it quotes."""

from datetime import date
from typing import Any, Final

from domain.actors import Role
from domain.calendar import term_end
from domain.case.casefile import Case
from domain.case.checks import Moment
from domain.duty import Duty, DutyKind
from domain.facts import NoticeIssued
from domain.rules import Rules, Rung, superior
from domain.telling.terms import SERIES
from domain.value import NoticeKind

_FROM_ABOVE: Final = (NoticeKind.INTERVIEW, NoticeKind.TAKEOVER)


def notice(
    case: Case,
    kind: NoticeKind,
    moment: Moment,
    *,
    duty: Duty | None = None,
    rung: Rung | None = None,
    above: str | None = None,
    late: bool = False,
) -> NoticeIssued:
    """The next document of a case, about a duty or, when a superior office asks for it, about the case as a whole.

    Args:
        above: The office above that acts; the next one, unless given.
    """
    rules, today = moment.rules, moment.today
    above = above or superior(case.holder, rules.offices) or case.holder
    office = _responsible(case, duty)
    owner = duty.owner if duty else Role.DEBTOR
    presses_office = owner not in (Role.DEBTOR, Role.CREDITOR) and kind is NoticeKind.SUPERVISION
    issuer = above if kind in _FROM_ABOVE or presses_office else case.holder
    recipients = (
        (office,) if kind is NoticeKind.PROMPT else tuple(dict.fromkeys((office, case.holder, above)))
    )
    return NoticeIssued(
        number=_number(case, kind, today),
        notice=kind,
        office=issuer,
        office_name=rules.offices[issuer],
        addressee=_addressee(case, owner, kind, rules, office),
        recipients=recipients,
        basis=(rung.basis if rung else None) or (duty.basis if duty else rules.pack),
        reply_by=term_end(rules.calendar, today, rules.reply_within).on,
        deliver_at=rules.office_hours.next_hour(rules.calendar, moment.now),
        **about(duty, rung, late),
    )


def _responsible(case: Case, duty: Duty | None) -> str:
    """The office that answers for a duty: the holder, or for a gate the office whose head decides on it."""
    if duty is None or duty.duty is not DutyKind.GATE:
        return case.holder
    return next(gate.office for gate in case.gates if gate.step == duty.subject)


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
    }


def _number(case: Case, kind: NoticeKind, today: date) -> str:
    """`清欠督〔2023〕620105-2023-0001-3号`: unique without asking anybody, for the case's number is."""
    return f"{SERIES[kind]}〔{today.year}〕{case.case_no.removeprefix('QQ-')}-{case.notices + 1}号"


def _addressee(case: Case, owner: Role, kind: NoticeKind, rules: Rules, office: str) -> str:
    if kind is NoticeKind.TAKEOVER:
        return rules.offices[case.holder]
    if owner is Role.DEBTOR:
        return case.receipt.debtor.name
    if owner is Role.CREDITOR:
        return case.receipt.creditor.name
    return rules.offices[office]
