"""The escalation ladder (督办阶梯): what happens to a case by itself as a deadline approaches, lapses, and stays lapsed.

Each duty reaches each level once. If no worker ran when a level was due, it is recorded afterwards, in order, dated by its own day and
marked late. A suspension stops the ladder, except for the lapse of a ceiling; the case resumes by itself on the day set for that. An
ended case goes on climbing while an appeal waits for its answer.
"""

import zlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from domain import facts as e
from domain.calendar import business_date, business_instant
from domain.case.casefile import Case
from domain.case.checks import Facts, Moment
from domain.case.contents import Payment
from domain.case.happening import Happened, happen
from domain.case.lastday import ceiling, dated
from domain.case.notices import about, notice
from domain.case.owing import verification
from domain.duty import Duty, DutyKind
from domain.events import Event
from domain.facts import DatedPart
from domain.rules import Rules, Rung, overseer, superior
from domain.value import Ground, Mode, NoticeKind, Step


class Coming(NamedTuple):
    """What will happen at an instant unless somebody acts before: a duty reaches a rung, a part falls due, a suspended case resumes.

    Attributes:
        at_ceiling: Whether this is the lapse of a verification's ceiling.
        part: The dated part that falls due.
        payment: The bill or property whose day comes.
        is_paper: Whether only the document of a rung is still to be issued; the rung itself was reached on a provisional day.
    """

    at: datetime
    duty: Duty | None = None
    rung: Rung | None = None
    at_ceiling: bool = False
    part: DatedPart | None = None
    payment: Payment | None = None
    is_paper: bool = False


def next_at(case: Case, rules: Rules) -> datetime | None:
    """When the next thing happens to a case by itself; None if nothing will."""
    coming = _next(case, rules)
    return coming.at if coming else None


def fallen_due(case: Case, rules: Rules, now: datetime) -> Happened:
    """Everything that happens to a case by itself up to a business instant.

    If a duty passes several rungs at once, only the highest issues a document, dated by the day on which it is issued.
    """
    moment = Moment(rules, now)
    happened: list[Event] = []
    while (coming := _next(case, rules)) is not None and coming.at <= now:
        events, case = _come(case, coming, moment)
        happened += events
    return Happened(happened, case)


def forecast(case: Case, rules: Rules, now: datetime) -> list[Event]:
    """The future events of a case if nobody acts, made by the same code, each at its own instant."""
    happens, case = fallen_due(case, rules, now)
    while (coming := _next(case, rules)) is not None:
        now = max(now, coming.at)
        events, case = _come(case, coming, Moment(rules, now))
        happens += events
    return happens


def _come(case: Case, coming: Coming, moment: Moment) -> Happened:
    """Turn what was coming into events: the facts are dated by their own day, the document they cause by the day of the moment."""
    happened, after = list[Event](), case
    if not coming.is_paper:
        on = business_date(coming.at)
        facts = _facts(case, coming, moment, late=on < moment.today)
        happened, after = happen(case, facts, moment, on=on)
    if (written := _written(case, after, coming, moment)) is None:
        return Happened(happened, after)
    events, after = happen(after, [written], moment)
    return Happened([*happened, *events], after)


def _next(case: Case, rules: Rules) -> Coming | None:
    coming: list[Coming] = []
    if case.ended is None:
        coming += _at_ceiling(case, rules)
        coming += (
            _falling(case) if case.suspension is None else [Coming(business_instant(case.suspension.until))]
        )
    if case.suspension is None:
        coming += (level for duty in case.duties if (level := _next_level(case, duty, rules)))
        coming += _papers(case, rules)
    return min(coming, key=lambda one: one.at, default=None)


def _at_ceiling(case: Case, rules: Rules) -> Iterator[Coming]:
    """The lapse of a verification's ceiling. It comes once, even while the verification is paused or the case suspended, but not while
    a court has the case. An office that gets the case after the ceiling is late from the next day on.
    """
    if case.account is not None or case.verification_since is None or case.ceiling_lapsed_on is not None:
        return
    last, rung = ceiling(case, rules), rules.lapse(DutyKind.VERIFICATION)
    is_in_court = case.suspension is not None and case.suspension.ground is Ground.COURT
    if last is not None and rung is not None and not is_in_court:
        owing = verification(case)
        duty = next((one for one in case.duties if one.key == owing.key()), None) or dated(owing, case, rules)
        due = duty.model_copy(update={"due_on": last, "due_raw": last})
        on = max(last, due.opened_on) + timedelta(days=1)
        yield Coming(business_instant(on), due, rung, at_ceiling=True)


def _falling(case: Case) -> Iterator[Coming]:
    """The parts that fall due: on their day, or later when the account is established or the suspension ends after that day."""
    stood_on = case.account.on if case.account else date.min
    awake_on = max((pause.until for pause in case.suspensions), default=date.min)
    for part in case.dues:
        yield Coming(business_instant(max(part.due_on, stood_on, awake_on)), part=part)
    for payment in case.payments:
        if payment.state == "maturing" and payment.matures_on is not None:
            yield Coming(business_instant(max(payment.matures_on, awake_on)), payment=payment)


def _next_level(case: Case, duty: Duty, rules: Rules) -> Coming | None:
    above = _above(case, duty, rules)
    for stone in duty.milestones:
        rung = above.get(stone.level)
        if rung is not None and _does_something(case, duty, rung, rules):
            return Coming(business_instant(stone.on, stone.hour), duty, rung)
    return None


def _papers(case: Case, rules: Rules) -> Iterator[Coming]:
    """The documents that waited for a calendar and whose duties are no longer provisional, each due on the day of its rung."""
    settled = (duty for duty in case.duties if str(duty.key) in case.unwritten and not duty.provisional)
    for duty in settled:
        rungs = {rung.level: rung for rung in rules.rungs(duty.duty)}
        for stone in duty.milestones:
            at = business_instant(stone.on, stone.hour)
            is_waiting = stone.level == case.unwritten[str(duty.key)]
            if is_waiting and _paper(case, duty, rungs[stone.level], Moment(rules, at)) is not None:
                yield Coming(at, duty, rungs[stone.level], is_paper=True)


def _paper(case: Case, duty: Duty, rung: Rung, moment: Moment) -> e.NoticeIssued | None:
    """The document of a rung that was reached before."""
    if rung.notice is None:
        return None
    return notice(case, rung.notice, moment, duty=duty, rung=rung, left=case.taken_over_from)


def _above(case: Case, duty: Duty, rules: Rules) -> dict[str, Rung]:
    """The rungs above the one that the duty has reached, by level. A reached level that the rules do not know counts as none."""
    rungs, reached = rules.rungs(duty.duty), case.levels.get(str(duty.key))
    passed = next((no for no, rung in enumerate(rungs, 1) if rung.level == reached), 0)
    return {rung.level: rung for rung in rungs[passed:]}


def _reached(case: Case, duty: Duty, rung: Rung, rules: Rules) -> bool:
    """Whether the duty has reached that rung, or one above it."""
    return rung.level not in _above(case, duty, rules)


def _does_something(case: Case, duty: Duty, rung: Rung, rules: Rules) -> bool:
    """Whether a rung has any effect here: a takeover needs an office above, and a proposal a debtor to whom it applies."""
    if rung.mode is Mode.TAKEN_OVER:
        return superior(case.holder, rules.offices) is not None
    return rung.proposes is None or _proposed(case, duty, rung.proposes, rules) is not None


def _proposed(case: Case, duty: Duty, step: Step, rules: Rules) -> Step | None:
    """条例 (2025) Art 26: the discipline organs are responsible for public bodies; a large enterprise is entered in the record of the
    untrustworthy, and nobody else is.
    """
    debtor, against_debtor = case.receipt.debtor, rules.duties[duty.duty].against == "debtor"
    if step is not Step.REFERRED or not against_debtor or debtor.is_public:
        return step
    return Step.CREDIT_RECORD if debtor.kind == "large_enterprise" else None


def _facts(case: Case, coming: Coming, moment: Moment, late: bool) -> Facts:
    """The facts of what was coming. A rung causes up to three: the reminder or lapse, the escalation, and the proposed step."""
    _, duty, rung, at_ceiling, part, payment, _ = coming
    if payment is not None:
        return [_matured(payment, late)]
    if part is not None:
        fallen = part.model_dump(include={"amount_fen", "due_on"})
        return [e.FellDue(part=part.no, late=late, **fallen)]
    if duty is None or rung is None:
        return [e.Resumed(late=late)]
    of_duty, rules = about(duty, rung, late), moment.rules
    if at_ceiling:
        was_late = _reached(case, duty, rung, rules)
        return [e.DeadlineLapsed(**of_duty | ({"level": None} if was_late else {}), at_ceiling=True)]
    facts: Facts = []
    if rung.is_before:
        facts.append(e.DeadlineNear(**of_duty))
    elif rung == rules.lapse(duty.duty) or (rung.mode is None and rung.proposes is None):
        facts.append(e.DeadlineLapsed(**of_duty))
    if rung.mode is not None:
        mode = max(rung.mode, case.mode, key=lambda one: one.rank)
        facts.append(e.Escalated(mode=mode, was=case.mode, holder=_taker(case, rung, rules), **of_duty))
    if rung.proposes is not None and (step := _proposed(case, duty, rung.proposes, rules)):
        office = overseer(case.holder, rules.offices)
        facts.append(
            e.StepProposed(step=step, office=office, against=_in_whose_hands(case, duty, rules), **of_duty)
        )
    return facts


def _in_whose_hands(case: Case, duty: Duty, rules: Rules) -> str | None:
    """The office that held the case when a duty of an office lapsed; None for a duty of the debtor."""
    if rules.duties[duty.duty].against == "debtor":
        return None
    return case.lapsed_with.get(str(duty.key), case.holder)


def _written(was: Case, case: Case, coming: Coming, moment: Moment) -> e.NoticeIssued | None:
    """The document of a rung that the duty has reached; None if the duty has also passed a higher rung that issues one."""
    _, duty, rung, at_ceiling, _, _, is_paper = coming
    if duty is None or rung is None or rung.notice is None or duty.provisional:
        return None
    if is_paper:
        return _paper(case, duty, rung, moment)
    if at_ceiling and _reached(was, duty, rung, moment.rules):
        return None
    if rung.notice is NoticeKind.TAKEOVER and case.holder == was.holder:
        return None
    still_open = next((one for one in case.duties if one.key == duty.key), duty)
    if case.suspension is None and _writes_later(case, still_open, moment):
        return None
    return notice(case, rung.notice, moment, duty=duty, rung=rung, left=was.holder)


def _writes_later(case: Case, duty: Duty, moment: Moment) -> bool:
    """Whether the duty has already passed a higher rung that issues a document, and that is still to be recorded."""
    above = _above(case, duty, moment.rules)
    passed = (
        above[stone.level]
        for stone in duty.milestones
        if stone.level in above and business_instant(stone.on, stone.hour) <= moment.now
    )
    return any(
        rung.notice is not None
        and (rung.mode is not Mode.TAKEN_OVER or _taker(case, rung, moment.rules) is not None)
        for rung in passed
    )


def _matured(payment: Payment, late: bool) -> e.CaseFact:
    """The day of a bill or of property has come: a bill counts now, unless somebody denies it; for property the creditor is asked."""
    fen, interest_fen = payment.awaited_fen, payment.interest_in_transit_fen
    if payment.is_to_mature:
        return e.PaymentHonoured(
            voucher=payment.voucher, amount_fen=fen, interest_fen=interest_fen, late=late
        )
    assert payment.matures_on is not None, "what matures has its day"
    return e.FellDue(voucher=payment.voucher, amount_fen=fen, due_on=payment.matures_on, late=late)


def _taker(case: Case, rung: Rung, rules: Rules) -> str | None:
    """The office that takes the case over; None if the rung causes no takeover, or the case has already been taken over."""
    if rung.mode is not Mode.TAKEN_OVER or case.mode.rank >= Mode.TAKEN_OVER.rank:
        return None
    return superior(case.holder, rules.offices)


def spread(case_no: str, rules: Rules) -> float:
    """The delay, in seconds, after which this case wakes when many are due at the same instant. Always the same for one case."""
    return zlib.crc32(case_no.encode()) % (rules.spread * 60) if rules.spread else 0
