"""The ladder (督办阶梯): what happens to a case by itself when a deadline comes near, lapses, and stays lapsed.

Each level is reached once by each duty. Whoever was away when it fell due finds it done on return: in order, each dated by its own
day and marked late. A suspended case stands still, and resumes by itself on its day.
"""

import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from domain import facts as e
from domain.calendar import business_date, business_instant
from domain.case.casefile import Case
from domain.case.checks import Facts, Moment
from domain.case.contents import Payment
from domain.case.happening import Happened, happen
from domain.case.notices import about, notice
from domain.duty import Duty
from domain.events import Event
from domain.facts import DatedPart
from domain.rules import Rules, Rung, superior
from domain.value import Mode, NoticeKind


class Coming(NamedTuple):
    """What happens at an instant, unless somebody acts before: a duty reaches a rung, a part falls due, a suspended case resumes."""

    at: datetime
    duty: Duty | None = None
    rung: Rung | None = None
    part: DatedPart | None = None
    payment: Payment | None = None


def next_at(case: Case, rules: Rules) -> datetime | None:
    """When something happens to a case by itself. Never, when it has ended, or is suspended without a last day."""
    coming = _next(case, rules)
    return coming.at if coming else None


def fallen_due(case: Case, rules: Rules, now: datetime) -> Happened:
    """Everything that has happened by itself up to a business instant and is not on record yet."""
    moment = Moment(rules, now)
    happened: list[Event] = []
    while (coming := _next(case, rules)) is not None and coming.at <= now:
        on = business_date(coming.at)
        facts = _facts(case, coming, moment, late=on < moment.today)
        events, case = happen(case, facts, moment, on=on)
        happened += events
    return Happened(happened, case)


def forecast(case: Case, rules: Rules, now: datetime) -> list[Event]:
    """The dated future of a case if nobody acts: the same decisions, each taken at its own instant."""
    happens, case = fallen_due(case, rules, now)
    while (at := next_at(case, rules)) is not None:
        events, case = fallen_due(case, rules, at)
        happens += events
    return happens


def _next(case: Case, rules: Rules) -> Coming | None:
    if case.ended is not None:
        return None
    if case.suspension is not None:
        until = case.suspension.until
        return Coming(business_instant(until)) if until else None
    levels = (_next_level(case, duty, rules) for duty in case.duties)
    return min(
        (*_falling(case), *(level for level in levels if level)),
        key=lambda coming: coming.at,
        default=None,
    )


def _falling(case: Case) -> Iterator[Coming]:
    """The parts that fall due. One whose day came before the account stood, or while the case was suspended, does so then."""
    stood_on = case.account.on if case.account else date.min
    awake_on = max((pause.until for pause in case.suspensions), default=date.min)
    for part in case.dues:
        yield Coming(business_instant(max(part.due_on, stood_on, awake_on)), part=part)
    for payment in case.payments:
        if payment.state == "maturing" and payment.matures_on is not None:
            yield Coming(business_instant(max(payment.matures_on, awake_on)), payment=payment)


def _next_level(case: Case, duty: Duty, rules: Rules) -> Coming | None:
    rungs = rules.rungs(duty.duty)
    reached = case.levels.get(str(duty.key))
    above = next((index for index, rung in enumerate(rungs, 1) if rung.level == reached), 0)
    for rung, stone in zip(rungs[above:], duty.milestones[above:], strict=True):
        if rung.mode is not Mode.TAKEN_OVER or superior(case.holder, rules.offices):
            return Coming(business_instant(stone.on, stone.hour), duty, rung)
    return None


def _facts(case: Case, coming: Coming, moment: Moment, late: bool) -> Facts:
    """What happens. How reaching a rung is called depends on what the rung does."""
    _, duty, rung, part, payment = coming
    if payment is not None:
        return [_matured(payment, late)]
    if part is not None:
        fallen = part.model_dump(include={"amount_fen", "due_on"})
        return [e.FellDue(part=part.no, late=late, **fallen)]
    if duty is None or rung is None:
        return [e.Resumed(late=late)]
    of_duty = about(duty, rung, late)
    taker = _taker(case, rung, moment.rules)
    facts: Facts = []
    if rung.mode is not None:
        mode = max(rung.mode, case.mode, key=lambda one: one.rank)
        facts.append(e.Escalated(mode=mode, was=case.mode, holder=taker, **of_duty))
    if rung.proposes is not None:
        office = superior(case.holder, moment.rules.offices) or case.holder
        facts.append(e.StepProposed(step=rung.proposes, office=office, **of_duty))
    if not facts:
        facts.append(e.DeadlineNear(**of_duty) if rung.is_before else e.DeadlineLapsed(**of_duty))
    if rung.notice is not None and (taker or rung.notice is not NoticeKind.TAKEOVER):
        facts.append(notice(case, rung.notice, moment, duty=duty, rung=rung, late=late))
    return facts


def _matured(payment: Payment, late: bool) -> e.CaseFact:
    """A bill counts on its day, unless somebody says that it was not honoured; of property the creditor is asked again."""
    fen = payment.in_transit_fen
    if payment.is_to_mature:
        return e.PaymentHonoured(voucher=payment.voucher, amount_fen=fen, late=late)
    assert payment.matures_on is not None, "what matures has its day"
    return e.FellDue(voucher=payment.voucher, amount_fen=fen, due_on=payment.matures_on, late=late)


def _taker(case: Case, rung: Rung, rules: Rules) -> str | None:
    """The office that takes the case over. A case that has been taken over is not lifted once more by the next duty."""
    if rung.mode is not Mode.TAKEN_OVER or case.mode.rank >= Mode.TAKEN_OVER.rank:
        return None
    return superior(case.holder, rules.offices)


def spread(case_no: str, rules: Rules) -> float:
    """Seconds by which a case wakes later than others that have something due at the same instant: always the same for it."""
    return zlib.crc32(case_no.encode()) % (rules.spread * 60) if rules.spread else 0
