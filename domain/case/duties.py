"""Who owes a case what, and by when. What is owed follows from the facts alone, so no state of a case leaves everyone idle."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from domain.actors import OFFICE_ROLES
from domain.basis import quoted
from domain.calendar import (
    Due,
    Pause,
    Term,
    add_calendar_days,
    add_days,
    add_working_days,
    counting,
    joined,
    term_end,
)
from domain.case.casefile import Case
from domain.case.contents import Payment
from domain.duty import Duty, DutyKey, DutyKind, Milestone
from domain.facts import Moved
from domain.rules import Rules
from domain.value import Light


class Owed(NamedTuple):
    """A duty before its dates are computed: `since` is day zero; an instalment brings its own last day."""

    kind: DutyKind
    since: date
    subject: str | None = None
    due: date | None = None

    def key(self) -> DutyKey:
        """Which duty it is."""
        return DutyKey(self.kind, self.subject, self.since)


def owed(case: Case) -> Iterator[Owed]:
    """What a case waits for now: at least one duty, unless it has ended. What a submission would meet is not owed while its approval
    is, but at a ceiling all rest ends.
    """
    resting = {key for one in case.waiting if not one.is_late for key in one.rests}
    for one in _owed(case):
        begun = _not_before(one, case.reopened_on)
        is_at_ceiling = one.kind is DutyKind.VERIFICATION and case.ceiling_lapsed_on is not None
        if is_at_ceiling or str(begun.key()) not in resting:
            yield begun
    if case.appeal:
        yield Owed(DutyKind.APPEAL, case.appeal.since)
    for submission in case.waiting:
        yield Owed(DutyKind.APPROVAL, submission.on, str(submission.no))


def _not_before(owing: Owed, reopened_on: date | None) -> Owed:
    """No term of a case that goes on where it had stood began before that; what has a day of its own keeps it."""
    if reopened_on is None or owing.due is not None:
        return owing
    return owing._replace(since=max(owing.since, reopened_on))


def _owed(case: Case) -> Iterator[Owed]:
    if case.ended is None:
        yield from _until_verified(case)
        yield from _until_planned(case)
        yield from _until_paid(case)
        if case.review_since:
            yield Owed(DutyKind.REVIEW, case.review_since)
        for gate in case.gates:
            yield Owed(DutyKind.GATE, gate.since, gate.step)


def owed_under(case: Case, rules: Rules) -> Iterator[Owed]:
    """What a case waits for, of the kinds that its rules know: a pack may be older than a kind of duty."""
    return (one for one in owed(case) if one.kind in rules.duties)


def _until_verified(case: Case) -> Iterator[Owed]:
    if case.accepted_on is None:
        if case.correction_since is None:
            yield Owed(DutyKind.INTAKE, case.receipt.received_on)
        else:
            yield Owed(DutyKind.CORRECTION, case.correction_since)
    elif case.forwarded_on is None and case.verification_since is None:
        yield Owed(DutyKind.TRANSFER, case.transfer_since or case.accepted_on)
    elif case.account is None:
        yield from _until_account(case)


def _until_account(case: Case) -> Iterator[Owed]:
    """条例 (2025) Art 25: the office that handles the case owes its result, whatever the parties do; the debtor owes its answer."""
    if case.verification_since and not case.verification_rests:
        yield Owed(DutyKind.VERIFICATION, case.verification_since)
    if case.forwarded_on and case.acknowledged_on is None:
        yield Owed(DutyKind.ACKNOWLEDGEMENT, case.forwarded_on)
    if case.response_since:
        yield Owed(DutyKind.RESPONSE, case.response_since)
    if case.recognition_stands and case.recognition is not None:
        yield Owed(DutyKind.ENDORSEMENT, case.recognition.on)


def verification(case: Case) -> Owed:
    """The verification of a case that has begun one, whether it is owed now or rests."""
    assert case.verification_since is not None, "a verification has begun"
    return _not_before(Owed(DutyKind.VERIFICATION, case.verification_since), case.reopened_on)


def _until_planned(case: Case) -> Iterator[Owed]:
    if case.objection_since:
        yield Owed(DutyKind.OBJECTION, case.objection_since)
    if case.dispute_since:
        yield Owed(DutyKind.DISPUTE, case.dispute_since)
    if case.court_since:
        yield Owed(DutyKind.FOLLOW_UP, case.court_since)
    if case.dating_since:
        yield Owed(DutyKind.DATING, case.dating_since)
    for part in case.dues:
        assert case.account is not None, "a part is due once the account stands"
        yield Owed(DutyKind.FALLING_DUE, case.account.on, f"#{part.no}", part.due_on)
    if case.funding_since:
        yield Owed(DutyKind.FUNDING, case.funding_since)


def _until_paid(case: Case) -> Iterator[Owed]:
    for payment in case.payments:
        yield from _until_counted(payment)
    if case.bonding_since:
        yield Owed(DutyKind.BONDING, case.bonding_since)
    if case.plan:
        for instalment, _, covered_fen in case.instalments:
            if covered_fen < instalment.amount_fen:
                yield Owed(DutyKind.INSTALMENT, case.plan.on, str(instalment.no), instalment.due_on)


def _until_counted(payment: Payment) -> Iterator[Owed]:
    """The creditor's word; where it is silent, or the debtor has answered it, the office's."""
    if payment.state == "reported":
        yield Owed(DutyKind.CONFIRMATION, payment.since, payment.voucher)
    elif payment.state == "disputed" and payment.answered_on is None:
        yield Owed(DutyKind.ANSWER, payment.since, payment.voucher)
    elif payment.state == "maturing":
        yield Owed(DutyKind.FALLING_DUE, payment.since, payment.voucher, payment.matures_on)
    unsettled_on = payment.answered_on or payment.silent_on
    if unsettled_on is not None and payment.state in ("reported", "disputed"):
        yield Owed(DutyKind.ATTESTATION, unsettled_on, payment.voucher)


def dated(owing: Owed, case: Case, rules: Rules, back: tuple[Pause, ...] = ()) -> Duty:
    """The duty with its last day, how that day was computed, and the days of its ladder, by the rules the case carries.

    Args:
        back: The time during which it counted as done, for a duty that comes back on this day.
    """
    rule, calendar = rules.duties[owing.kind], rules.calendar
    corrections = case.corrections if owing.kind is DutyKind.INTAKE else ()
    pauses = joined((*case.suspensions, *corrections))
    key = str(owing.key())
    rests = (*case.rests.get(key, ()), *back)
    more = case.extensions.get(key, 0)
    term = Term(rule.term.days + more, rule.term.working) if rule.term else None
    due = _last_day(owing, case, rules, term, more, pauses)
    if term is not None:
        due = _at_least(due, owing, rules, rests)
    if owing.kind is DutyKind.VERIFICATION:
        due = _under_ceiling(due, case, rules)
    explained = counting(calendar, owing.since, term is not None and term.working, due, pauses)
    return Duty(
        duty=owing.kind,
        subject=owing.subject,
        owner=rule.owner,
        opened_on=owing.since,
        due_on=due.on,
        due_raw=due.raw,
        provisional=calendar.is_provisional(due.on),
        term=term,
        basis=quoted(rule.basis, case.receipt.governed, owing.since),
        rules=rules.pack,
        calendar=calendar.version,
        skipped=explained.skipped,
        worked=explained.worked,
        milestones=_milestones(owing, due.on, rules, case.entered_on, pauses, rests),
    )


def ceiling(case: Case, rules: Rules) -> date | None:
    """The last day of a verification, whoever has had the case and whatever was suspended or extended: a court alone moves it.

    It is a bound and no term: it does not roll (条例 2025 Art 25: 最长不得超过九十日).
    """
    rule = rules.duties.get(DutyKind.VERIFICATION)
    most = rule.ceiling if rule else None
    if most is None or case.ceiling_since is None:
        return None
    if most.working:
        return add_working_days(rules.calendar, case.ceiling_since, most.days, case.court_stays)
    return add_days(case.ceiling_since, most.days, case.court_stays)


def _under_ceiling(due: Due, case: Case, rules: Rules) -> Due:
    last = ceiling(case, rules)
    if last is None or (due.on <= last and case.ceiling_lapsed_on is None):
        return due
    return Due(last, last)


def verification_ends(case: Case, rules: Rules) -> Due:
    """When the term of the verification ends, had it no ceiling."""
    owing = verification(case)
    more = case.extensions.get(str(owing.key()), 0)
    term = rules.duties[owing.kind].term
    assert term is not None, "a verification has a term"
    return term_end(rules.calendar, owing.since, Term(term.days + more, term.working), case.suspensions)


def _last_day(
    owing: Owed, case: Case, rules: Rules, term: Term | None, more: int, pauses: tuple[Pause, ...]
) -> Due:
    """By the term of its kind, or by its own day: an instalment's is the plan's (民法典 Art 203 where that is no working day), and
    that of a part comes whatever has been suspended.
    """
    if term is not None:
        due = term_end(rules.calendar, owing.since, term, pauses)
        is_earlier = owing.kind is DutyKind.FUNDING and case.pay_by is not None and case.pay_by < due.on
        return Due(case.pay_by, case.pay_by) if is_earlier and case.pay_by else due
    assert owing.due is not None, "what has no term has a day of its own"
    if owing.kind is DutyKind.FALLING_DUE:
        return Due(owing.due, owing.due)
    return add_calendar_days(rules.calendar, owing.since, (owing.due - owing.since).days + more, pauses)


def _at_least(due: Due, owing: Owed, rules: Rules, rests: tuple[Pause, ...]) -> Due:
    """What an office owes comes back with some days left, when it had to wait for another's word: unless it was late before."""
    if rules.duties[owing.kind].owner in OFFICE_ROLES:
        for rest in rests:
            if due.on >= rest.since:
                back = term_end(rules.calendar, rest.until, rules.least)
                due = max(due, back, key=lambda one: one.on)
    return due


def _milestones(
    owing: Owed,
    due_on: date,
    rules: Rules,
    entered_on: date,
    pauses: tuple[Pause, ...],
    rests: tuple[Pause, ...],
) -> tuple[Milestone, ...]:
    """The rungs on their days: none that reminds before the day after the duty began, nor before the case was entered, and whatever
    the holidays, none before the one below it.

    A duty that counted as done and comes back keeps its last day, but climbs on from where it stood: nobody was late meanwhile. Nor
    is an office before it got the case, if that was after the ceiling.
    """
    stones: list[Milestone] = []
    earliest = (owing.since, 0)
    for rung in rules.rungs(owing.kind):
        uncounted = pauses if rung.is_before else (*pauses, *rests)
        base = due_on if rung.is_before else max(due_on, owing.since)
        if rung.at.working:
            day = add_working_days(rules.calendar, base, rung.at.days, uncounted)
        else:
            day = add_days(base, rung.at.days, uncounted)
        day = next((rest.until for rest in rests if rest.since < day <= rest.until), day)
        if rung.is_before and (day <= owing.since or day < entered_on):
            continue
        earliest = max((day, rung.hour), earliest)
        stones.append(Milestone(rung.level, *earliest, rung.light))
    return tuple(stones)


class Changes(NamedTuple):
    """What the latest facts did to the duties: opened, met, or given another last day."""

    opened: tuple[Duty, ...]
    met: tuple[DutyKey, ...]
    redated: tuple[Duty, ...]


def changes(case: Case, rules: Rules, on: date, *, anew: bool = True) -> Changes:
    """The difference between what is owed now and the duties that were open.

    Args:
        on: The day.
        anew: Whether the days of open duties may have changed: they are counted again then.
    """
    was = {duty.key for duty in case.duties}
    owing = {one.key(): one for one in owed_under(case, rules)}
    return Changes(
        opened=tuple(
            dated(one, case, rules, _rest(case, key, on)) for key, one in owing.items() if key not in was
        ),
        met=tuple(duty.key for duty in case.duties if duty.key not in owing),
        redated=recounted(case, rules) if anew else (),
    )


def _rest(case: Case, key: DutyKey, on: date) -> tuple[Pause, ...]:
    """How long a duty that comes back counted as done."""
    since = case.met_on.get(str(key))
    return (Pause(since, on),) if since else ()


def recounted(case: Case, rules: Rules) -> tuple[Duty, ...]:
    """The open duties that are still owed and that these rules, or the latest facts, have changed."""
    was = {duty.key: duty for duty in case.duties}
    anew = {one.key(): dated(one, case, rules) for one in owed_under(case, rules) if one.key() in was}
    return tuple(duty for key, duty in anew.items() if was[key] != duty)


def moved(case: Case, rules: Rules) -> tuple[Moved, ...]:
    """The open duties to which other rules, or another calendar, give another last day."""
    was = {duty.key: duty.due_on for duty in case.duties}
    return tuple(
        Moved(duty=duty.duty, subject=duty.subject, was=was[duty.key], due_on=duty.due_on)
        for duty in recounted(case, rules)
        if duty.due_on != was[duty.key]
    )


def light_of(duty: Duty, today: date) -> Light:
    """The duty's light on a day. A duty due on the 12th turns yellow when the 13th begins."""
    return next((stone.light for stone in reversed(duty.milestones) if today >= stone.on), Light.NONE)


def light_of_case(case: Case, today: date) -> Light:
    """The light of a case: the worst light of its duties."""
    lights = (light_of(duty, case.lit_on(duty.duty, today)) for duty in case.duties)
    return max(lights, key=lambda light: light.severity, default=Light.NONE)
