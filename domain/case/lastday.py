"""The last day of a duty, how it is computed, and the days on which the duty climbs the ladder."""

from datetime import date
from typing import Final, NamedTuple

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
from domain.case.owing import Owed, verification
from domain.duty import Duty, DutyKind, Milestone
from domain.rules import Rules

ON_ENTRY: Final = Term(10, working=True)
"""The term of an instalment that was late before the case was entered here, or before the present debtor owed it."""


def dated(owing: Owed, case: Case, rules: Rules, back: tuple[Pause, ...] = ()) -> Duty:
    """The duty with its last day, the explanation of that day, and its milestones, by the rules that the case carries.

    Args:
        back: The time during which the duty had counted as met, if it is re-opened on this day.
    """
    rule, calendar = rules.duties[owing.kind], rules.calendar
    pauses = _pauses(owing, case)
    rests = _ended_at_ceiling((*case.rests.get(str(owing.key()), ()), *back), owing, case, rules)
    counted = _counted(owing, case, rules, pauses, rests)
    due = _under_ceiling(counted.due, case, rules) if owing.kind is DutyKind.VERIFICATION else counted.due
    term = counted.term
    since = owing.since if counted.was_due_on is None else _taken_up(owing, case)
    explained = counting(calendar, since, term is not None and term.working, due, pauses)
    return Duty(
        duty=owing.kind,
        subject=owing.subject,
        owner=rule.owner,
        opened_on=owing.since,
        due_on=due.on,
        due_raw=due.raw,
        was_due_on=counted.was_due_on,
        provisional=calendar.is_provisional(due.on),
        term=term,
        basis=quoted(rule.basis, case.governed, owing.since),
        rules=rules.pack,
        calendar=calendar.version,
        skipped=explained.skipped,
        worked=explained.worked,
        milestones=_milestones(_begun(owing, case), due.on, rules, case, pauses, rests),
    )


def _ended_at_ceiling(rests: tuple[Pause, ...], owing: Owed, case: Case, rules: Rules) -> tuple[Pause, ...]:
    """The pauses of a verification, cut off at its ceiling: the next day counts."""
    last = _passed_ceiling(owing, case, rules)
    if last is None:
        return rests
    return tuple(Pause(one.since, max(one.since, min(one.until, last))) for one in rests)


def _passed_ceiling(owing: Owed, case: Case, rules: Rules) -> date | None:
    """The ceiling of a verification that has passed it. None before that, and for every other duty."""
    has_passed = owing.kind is DutyKind.VERIFICATION and case.ceiling_lapsed_on is not None
    return ceiling(case, rules) if has_passed else None


def ceiling(case: Case, rules: Rules) -> date | None:
    """The last possible day of a verification (the ceiling). It is the same for every office, and neither extensions nor suspensions
    move it, except those by a court.

    It is a limit and not a term, so it is not moved to a working day (条例 2025 Art 25: 最长不得超过九十日).
    """
    rule = rules.duties.get(DutyKind.VERIFICATION)
    most = rule.ceiling if rule else None
    if most is None or case.ceiling_since is None:
        return None
    if most.working:
        return add_working_days(rules.calendar, case.ceiling_since, most.days, case.court_stays)
    return add_days(case.ceiling_since, most.days, case.court_stays)


def _under_ceiling(due: Due, case: Case, rules: Rules) -> Due:
    """The last day, but not after the ceiling. A duty that was not late when the case was suspended keeps the ceiling once that has
    passed; its own last day would come later.
    """
    last = ceiling(case, rules)
    has_passed = (
        case.ceiling_lapsed_on is not None and case.suspension is not None and case.suspension.since <= due.on
    )
    return due if last is None or (due.on <= last and not has_passed) else Due(last, last)


def verification_ends(case: Case, rules: Rules) -> Due:
    """The end of the verification's term without regard to the ceiling."""
    owing = verification(case)
    rests = case.rests.get(str(owing.key()), ())
    return _counted(owing, case, rules, _pauses(owing, case), rests).due


class _Counted(NamedTuple):
    """A last day without regard to the ceiling, its term, and the last day before the entry of the case that it replaces."""

    due: Due
    term: Term | None
    was_due_on: date | None = None


def _pauses(owing: Owed, case: Case) -> tuple[Pause, ...]:
    corrections = case.corrections if owing.kind is DutyKind.INTAKE else ()
    return joined((*case.suspensions, *corrections))


def _counted(
    owing: Owed, case: Case, rules: Rules, pauses: tuple[Pause, ...], rests: tuple[Pause, ...]
) -> _Counted:
    """The last day by the duty's term or its given day, moved by rests and extensions in the order in which they happened; replaced by
    a new term if it had passed when the duty was taken up.
    """
    term, calendar = rules.duties[owing.kind].term, rules.calendar
    due, was_due_on = _last_day(owing, case, rules, pauses), None
    taken_up = _taken_up(owing, case)
    extensions = case.extensions.get(str(owing.key()), ())
    before = tuple(one for one in extensions if one.on < taken_up)
    for extension in before:
        due = _longer(due, extension.days, owing, rules, pauses)
    if due.on < taken_up and owing.kind is not DutyKind.FALLING_DUE:
        term = term or ON_ENTRY
        was_due_on, due = due.on, term_end(calendar, taken_up, term, pauses)
    extensions = extensions[len(before) :]
    is_office_s = rules.duties[owing.kind].owner in OFFICE_ROLES and term is not None
    turns: list[tuple[date, int, Pause | None]] = [(rest.until, 0, rest) for rest in rests if is_office_s]
    turns += [(extension.on, extension.days, None) for extension in extensions]
    for _, days, rest in sorted(turns, key=lambda turn: turn[:2]):
        due = _with_some_days_left(due, rest, rules) if rest else _longer(due, days, owing, rules, pauses)
    if term is not None:
        term = Term(term.days + sum(extension.days for extension in extensions), term.working)
    return _Counted(due, term, was_due_on)


def _taken_up(owing: Owed, case: Case) -> date:
    """The day on which it was taken up here: when the case was entered, or when the present debtor took another's place."""
    is_renewed = (
        owing.kind is DutyKind.INSTALMENT and case.plan is not None and case.plan.taken_on is not None
    )
    return max(case.entered_on, owing.since) if is_renewed else case.entered_on


def _last_day(owing: Owed, case: Case, rules: Rules, pauses: tuple[Pause, ...]) -> Due:
    """The end of the duty's term, or its given day: an instalment's day is the plan's, moved to a working day (民法典 Art 203); a
    dated part falls due whether or not the case was suspended.
    """
    term = rules.duties[owing.kind].term
    if term is not None:
        due = term_end(rules.calendar, owing.since, term, pauses)
        is_earlier = owing.kind is DutyKind.FUNDING and case.pay_by is not None and case.pay_by < due.on
        return Due(case.pay_by, case.pay_by) if is_earlier and case.pay_by else due
    assert owing.due is not None, "what has no term has a day of its own"
    if owing.kind is DutyKind.FALLING_DUE:
        return Due(owing.due, owing.due)
    return add_calendar_days(rules.calendar, owing.since, (owing.due - owing.since).days, pauses)


def _longer(due: Due, days: int, owing: Owed, rules: Rules, pauses: tuple[Pause, ...]) -> Due:
    """The last day with an extension of `days`, in the unit of the duty's term."""
    term = rules.duties[owing.kind].term
    if term is not None and term.working:
        on = add_working_days(rules.calendar, due.on, days, pauses)
        return Due(on, on)
    return add_calendar_days(rules.calendar, due.raw, days, pauses)


def _with_some_days_left(due: Due, rest: Pause, rules: Rules) -> Due:
    """The last day after a rest. An office that had to wait for somebody else gets the least time of the rule pack, unless it was late
    before.
    """
    if due.on < rest.since:
        return due
    return max(due, term_end(rules.calendar, rest.until, rules.least), key=lambda one: one.on)


def _begun(owing: Owed, case: Case) -> Owed:
    """The verification as it began for its present office. An office that serves a case late has its term from the acceptance on, but
    its lateness begins with the service.
    """
    if owing.kind is not DutyKind.VERIFICATION or case.verification_begun_on is None:
        return owing
    return owing._replace(since=max(owing.since, case.verification_begun_on))


def _milestones(
    owing: Owed,
    due_on: date,
    rules: Rules,
    case: Case,
    pauses: tuple[Pause, ...],
    rests: tuple[Pause, ...],
) -> tuple[Milestone, ...]:
    """The rungs with their days. No reminder comes before the day after the duty began or before the case was entered, and no rung
    before the one below it, whatever the holidays.

    A duty that counted as done and comes back keeps its last day, but climbs on from where it stood: nobody was late meanwhile. Nor
    is an office before it got the case, if that was after the ceiling. That lapses on its day, also in a case that is suspended.
    What falls due does so on its day, whatever is suspended: nobody is reminded of it during a suspension, nor after that day.
    """
    comes_anyway = owing.kind is DutyKind.FALLING_DUE
    if comes_anyway:
        pauses, rests = (), (*rests, *pauses)
    stones: list[Milestone] = []
    earliest = (owing.since, 0)
    at_ceiling = _lapsed_at_ceiling(owing, due_on, case, rules)
    for rung in rules.rungs(owing.kind):
        uncounted = pauses if rung.is_before else (*pauses, *rests)
        base = due_on if rung.is_before else max(due_on, owing.since)
        if rung.at.working:
            day = add_working_days(rules.calendar, base, rung.at.days, uncounted)
        else:
            day = add_days(base, rung.at.days, uncounted)
        day = next((rest.until for rest in rests if rest.since < day <= rest.until), day)
        if rung.is_before and (
            day <= owing.since or day < case.entered_on or (comes_anyway and day > due_on)
        ):
            continue
        if at_ceiling is not None and rung == rules.lapse(owing.kind):
            day = at_ceiling
        earliest = max((day, rung.hour), earliest)
        stones.append(Milestone(rung.level, *earliest, rung.light))
    return tuple(stones)


def _lapsed_at_ceiling(owing: Owed, due_on: date, case: Case, rules: Rules) -> date | None:
    """The day on which a verification whose last day is its ceiling lapsed, in the hands of whoever has it now."""
    lapsed_on = case.ceiling_lapsed_on
    if lapsed_on is None or owing.since >= lapsed_on or due_on != _passed_ceiling(owing, case, rules):
        return None
    return lapsed_on
