"""Who owes a case what, and by when. What is owed follows from the facts alone, so no state of a case leaves everyone idle."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from domain.calendar import Due, Pause, add_working_days, term_end
from domain.casefile import Case
from domain.events import Duty, DutyKey
from domain.rules import DutyKind, Rules
from domain.value import Light


class Owed(NamedTuple):
    """A duty before its dates are computed: `since` is day zero; an instalment brings its own last day."""

    kind: DutyKind
    since: date
    subject: str | None = None
    due: date | None = None


def owed(case: Case) -> Iterator[Owed]:
    """What a case waits for now. Nothing, once it has ended; otherwise at least one duty."""
    if case.ended is None:
        yield from _until_verified(case)
        yield from _until_planned(case)
        yield from _until_paid(case)
        if case.review_since:
            yield Owed(DutyKind.REVIEW, case.review_since)


def _until_verified(case: Case) -> Iterator[Owed]:
    if case.accepted_on is None:
        if case.correction_since is None:
            yield Owed(DutyKind.INTAKE, case.receipt.received_on)
        else:
            yield Owed(DutyKind.CORRECTION, case.correction_since)
    elif case.forwarded_on is None:
        yield Owed(DutyKind.TRANSFER, case.accepted_on)
    elif case.verification_since is None:
        yield Owed(DutyKind.ACKNOWLEDGEMENT, case.forwarded_on)
    elif not case.recognition_stands:
        yield Owed(DutyKind.VERIFICATION, case.verification_since)
    elif case.endorsed_on is None and case.recognition is not None:
        yield Owed(DutyKind.ENDORSEMENT, case.recognition.on)


def _until_planned(case: Case) -> Iterator[Owed]:
    if case.dispute_since:
        yield Owed(DutyKind.DISPUTE, case.dispute_since)
    if case.funding_since:
        yield Owed(DutyKind.FUNDING, case.funding_since)


def _until_paid(case: Case) -> Iterator[Owed]:
    for payment in case.payments:
        if payment.state == "reported":
            yield Owed(DutyKind.CONFIRMATION, payment.since, payment.voucher)
        elif payment.state == "disputed":
            yield Owed(DutyKind.ANSWER, payment.since, payment.voucher)
    if case.bonding_since:
        yield Owed(DutyKind.BONDING, case.bonding_since)
    if case.plan:
        for instalment in case.plan.instalments:
            if case.cleared_of(instalment) < instalment.amount_fen:
                yield Owed(DutyKind.INSTALMENT, case.plan.on, str(instalment.no), instalment.due_on)


def dated(owing: Owed, rules: Rules, pauses: Iterable[Pause] = ()) -> Duty:
    """The duty with its last day and the days on which its light changes, by the rules the case carries."""
    rule, calendar = rules.duties[owing.kind], rules.calendar
    if owing.due is not None:
        due = Due(owing.due, owing.due)
    else:
        assert rule.term is not None, "a rule pack gives every duty but the instalment a term"
        due = term_end(calendar, owing.since, rule.term, pauses)
    lights: dict[Light, date] = {}
    for rung in rules.rungs(owing.kind):
        if rung.at.working:
            lights[rung.light] = add_working_days(calendar, due.on, rung.at.days)
        else:
            lights[rung.light] = due.on + timedelta(days=rung.at.days)
    return Duty(
        duty=owing.kind,
        subject=owing.subject,
        owner=rule.owner,
        opened_on=owing.since,
        due_on=due.on,
        due_raw=due.raw,
        provisional=calendar.is_provisional(due.on),
        basis=rule.basis,
        calendar=calendar.version,
        blue_on=lights.get(Light.BLUE),
        yellow_on=lights.get(Light.YELLOW),
        red_on=lights.get(Light.RED),
    )


def key_of(duty: Duty) -> DutyKey:
    """What tells this duty from the others of its case."""
    return DutyKey(duty=duty.duty, subject=duty.subject, opened_on=duty.opened_on, due_on=duty.due_on)


def changes(case: Case, rules: Rules) -> tuple[tuple[Duty, ...], tuple[DutyKey, ...]]:
    """What the latest facts opened and met: the difference between what is owed now and the duties that were open."""
    owing = [
        dated(owing, rules, case.corrections if owing.kind is DutyKind.INTAKE else ()) for owing in owed(case)
    ]
    was, now = {key_of(duty) for duty in case.duties}, {key_of(duty) for duty in owing}
    opened = tuple(duty for duty in owing if key_of(duty) not in was)
    met = tuple(key_of(duty) for duty in case.duties if key_of(duty) not in now)
    return opened, met


def light_of(duty: Duty, today: date) -> Light:
    """The duty's light on a day. A duty due on the 12th turns yellow when the 13th begins."""
    for light, since in (
        (Light.RED, duty.red_on),
        (Light.YELLOW, duty.yellow_on),
        (Light.BLUE, duty.blue_on),
    ):
        if since is not None and today >= since:
            return light
    return Light.NONE


def worst_light(duties: Iterable[Duty], today: date) -> Light:
    """The light of a case: the worst light of its duties."""
    return max(
        (light_of(duty, today) for duty in duties), key=lambda light: light.severity, default=Light.NONE
    )


def next_change(duties: Iterable[Duty], today: date) -> date | None:
    """The next day on which a light changes by itself."""
    days = (day for duty in duties for day in (duty.blue_on, duty.yellow_on, duty.red_on))
    return min((day for day in days if day is not None and day > today), default=None)
