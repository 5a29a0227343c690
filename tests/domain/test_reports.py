"""Reports add up: by hand for a few stories, by chance for many of them together; and nothing that happens later changes them."""

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.age import age_on, years_before
from domain.contract import Contract
from domain.reports.agenda import LISTED, Agenda, Items, agenda_of, gates_of, together, worst
from domain.reports.figures import Figures, Past, figures_of, past, total
from domain.reports.periods import Period, ReportKind, period_of
from domain.reports.report import (
    DAY_DEFINITIONS,
    DEFINITIONS,
    DayParts,
    DayReport,
    PeriodReport,
    day_list,
    percent,
    read_report,
    report_json,
    report_on,
)
from domain.reports.text import as_text, title_of
from domain.reports.units import Unit, most_outstanding, unit_of
from domain.rules import subtree, superior
from domain.value import Light, Mode, NoticeKind, Stage
from office.packs import load_pack
from tests.domain.climbing import papers_of
from tests.domain.story import ASIDE, LIFE, OTHERWISE, UNDECIDED, WAN, Story, story_at
from tests.known import there

OFFICES: Final = load_pack("gansu").offices
POINTS: Final = ("received", *(step.point for step in LIFE), *ASIDE, *UNDECIDED, *OTHERWISE)
DAY, WEEK, MONTH, QUARTER, YEAR = ReportKind


@cache
def story(point: str) -> Story:
    """A story that nobody changes."""
    return story_at(point)


def told(of: Story, period: Period) -> Past:
    """A case as it stood when a period closed."""
    found = past(of.case.case_no, of.journal, period)
    assert found is not None
    return found


def figures(point: str, kind: ReportKind, as_of: str) -> Figures:
    """The figures of a story at a point."""
    period = period_of(kind, date.fromisoformat(as_of))
    return figures_of(told(story(point), period), period)


def some(counts: Any) -> dict[str, Any]:
    """What is not zero."""
    shown = counts if isinstance(counts, dict) else counts.model_dump(mode="json")
    return {name: count for name, count in shown.items() if count}


@pytest.mark.parametrize(
    ("kind", "on", "start", "end", "code"),
    [
        (DAY, "2026-11-23", "2026-11-23", "2026-11-23", "2026-11-23"),
        (WEEK, "2026-11-23", "2026-11-16", "2026-11-22", "2026-W47"),
        (WEEK, "2026-11-22", "2026-11-09", "2026-11-15", "2026-W46"),
        (WEEK, "2027-01-04", "2026-12-28", "2027-01-03", "2026-W53"),
        (MONTH, "2024-03-01", "2024-02-01", "2024-02-29", "2024-M02"),
        (MONTH, "2027-01-31", "2026-12-01", "2026-12-31", "2026-M12"),
        (QUARTER, "2026-04-01", "2026-01-01", "2026-03-31", "2026-Q1"),
        (QUARTER, "2026-12-31", "2026-07-01", "2026-09-30", "2026-Q3"),
        (QUARTER, "2027-01-01", "2026-10-01", "2026-12-31", "2026-Q4"),
        (YEAR, "2027-01-01", "2026-01-01", "2026-12-31", "2026"),
    ],
)
def test_a_report_is_of_the_latest_period_that_has_ended(
    kind: ReportKind, on: str, start: str, end: str, code: str
) -> None:
    period = period_of(kind, date.fromisoformat(on))
    assert (str(period.start), str(period.end), period.code) == (start, end, code)
    assert period.number("620105") == f"RB-620105-{code}"


def test_a_period_closes_with_its_last_day_and_a_list_at_eight() -> None:
    week, day = (period_of(kind, date(2026, 11, 23)) for kind in (WEEK, DAY))
    assert week.begins.isoformat() == "2026-11-16T00:00:00+08:00"
    assert week.closes.isoformat() == "2026-11-23T00:00:00+08:00"
    assert day.closes.isoformat() == "2026-11-23T08:00:00+08:00"


def test_the_usual_case_in_its_first_quarter() -> None:
    found = figures("closed", QUARTER, "2023-07-01")
    assert (found.cases.received, found.cases.accepted, found.cases.total, found.cases.open) == (1, 1, 1, 1)
    assert some(found.cases.open_by_stage) == {Stage.PAYMENT: 1}
    assert some(found.cases.open_by_light) == {Light.NONE: 1}
    assert some(found.cases.ended) == {}
    assert some(found.amounts) == {
        "claimed_fen": 450 * WAN,
        "recognised_fen": 400 * WAN,
        "undisputed_fen": 400 * WAN,
        "outstanding_fen": 400 * WAN,
        "outstanding_open_fen": 400 * WAN,
    }
    assert found.rates.model_dump() == {
        "cleared_of_undisputed": {"numerator_fen": 0, "denominator_fen": 400 * WAN},
        "cleared_of_owed": {"numerator_fen": 0, "denominator_fen": 400 * WAN},
        "cleared_of_payable": {"numerator_fen": 0, "denominator_fen": 0},
        "transferred_in_time": {"numerator": 1, "denominator": 1},
        "verified_in_time": {"numerator": 1, "denominator": 1},
        # intake, transfer, acknowledgement, response, verification, funding; to endorse was the creditor's own
        "lapsed": {"numerator": 0, "denominator": 6},
    }
    assert some(found.notices) == {NoticeKind.PROMPT: 2}
    assert some(found.by_debtor["organ"]) == {
        "cases": 1,
        "open": 1,
        "claimed_fen": 450 * WAN,
        "undisputed_fen": 400 * WAN,
        "outstanding_fen": 400 * WAN,
    }


def test_the_usual_case_in_the_quarter_in_which_it_is_paid_and_closed() -> None:
    found = figures("closed", QUARTER, "2023-10-01")
    assert (found.cases.received, found.cases.accepted, found.cases.total, found.cases.open) == (0, 0, 1, 0)
    assert some(found.cases.ended_in_period) == some(found.cases.ended) == {Stage.CLOSED: 1}
    assert (found.amounts.cleared_in_period_fen, found.amounts.cleared_fen) == (400 * WAN, 400 * WAN)
    assert found.amounts.outstanding_fen == 0
    assert found.rates.cleared_of_undisputed.numerator_fen == 400 * WAN
    # the instalment, the review, and the strike-off
    assert (found.rates.lapsed.numerator, found.rates.lapsed.denominator) == (0, 3)
    nothing_more = figures("closed", QUARTER, "2024-01-01")
    assert some(nothing_more.cases.ended_in_period) == {}
    assert (nothing_more.amounts.cleared_in_period_fen, nothing_more.amounts.cleared_fen) == (0, 400 * WAN)


def test_an_office_that_does_not_decide() -> None:
    """Due on 5 June: lapsed on the 6th, supervised on the 8th, more on the 19th, taken over on 4 July."""
    may, june, july = (figures("referral", MONTH, on) for on in ("2023-06-01", "2023-07-01", "2023-08-01"))
    assert some(may.cases.open_by_light) == {Light.BLUE: 1}
    assert some(may.rates.verified_in_time) == {}
    assert (june.rates.verified_in_time.numerator, june.rates.verified_in_time.denominator) == (0, 1)
    # the verification, and the gate, which the head was to decide until 27 June
    assert (june.rates.lapsed.numerator, june.rates.lapsed.denominator) == (2, 2)
    assert some(june.escalations) == {Mode.SUPERVISED: 1, Mode.KEY_SUPERVISED: 1}
    assert some(june.notices) == {
        NoticeKind.PROMPT: 1,
        NoticeKind.URGING: 2,
        NoticeKind.SUPERVISION_LETTER: 1,
    }
    assert some(june.cases.open_by_light) == {Light.RED: 1}
    assert some(july.escalations) == {Mode.TAKEN_OVER: 1}
    assert some(july.rates.lapsed) == {}, "what lapsed in June is not counted again"
    assert some(july.cases.open_by_mode) == {Mode.TAKEN_OVER: 1}


def test_what_lapsed_before_and_is_done_late_is_counted_once() -> None:
    late = story_at("objected")
    late.until("2023-07-03")
    late.approved("determine")
    june, july = (period_of(MONTH, date(2023, month, 1)) for month in (7, 8))
    assert some(figures_of(told(late, june), june).rates.verified_in_time) == {"denominator": 1}
    assert some(figures_of(told(late, july), july).rates.verified_in_time) == {}


def test_what_is_done_late_with_no_lapse_on_record_is_late() -> None:
    """News of a bond batch can overtake the case's own clock on the night of the deadline."""
    late = story_at("objected").unwatched().on("2023-06-06")
    late.approved("determine")
    june = period_of(MONTH, date(2023, 7, 1))
    assert some(figures_of(told(late, june), june).rates.verified_in_time) == {"denominator": 1}


def test_a_duty_that_the_end_of_the_case_voids_is_neither_kept_nor_lapsed() -> None:
    done = figures("planned", YEAR, "2024-01-01").rates.lapsed
    assert figures("withdrawn", YEAR, "2024-01-01").rates.lapsed == done
    paid = figures("reported", YEAR, "2024-01-01").rates.lapsed
    assert figures("judicial", YEAR, "2024-01-01").rates.lapsed == paid


def test_what_is_outstanding_stays_in_the_account_when_a_case_is_withdrawn_or_goes_to_court() -> None:
    for point, part in (("withdrawn", "outstanding_withdrawn_fen"), ("judicial", "outstanding_judicial_fen")):
        amounts = figures(point, YEAR, "2024-01-01").amounts.model_dump()
        assert (amounts["outstanding_fen"], amounts[part]) == (400 * WAN, 400 * WAN)
        assert amounts["outstanding_open_fen"] == 0


def test_an_unfounded_case_owes_nothing() -> None:
    amounts = figures("unfounded", YEAR, "2024-01-01").amounts
    assert some(amounts) == {"claimed_fen": 450 * WAN}


def test_what_nobody_has_stated_is_counted_and_no_amount_of_it_is_zero() -> None:
    found = figures("forwarded", YEAR, "2024-01-01")
    assert some(found.amounts) == {"claimed_fen": 450 * WAN, "unrecognised": 1}
    period = period_of(YEAR, date(2024, 1, 1))
    unit = unit_of(told(story("forwarded"), period), period.end)
    report = report_on("620105", "安宁区清欠办", period, {"620105": found}, {"620105": [unit]})
    assert report is not None
    text = as_text(report)
    for line in (
        "  认定欠款 待核实 1 件\n",
        "  未清偿 待核实 1 件:在办 待核实 1 件,撤回",
        "无分歧 待核实 1 件,已清偿 0.00元,未清偿 待核实 1 件",
        "  应还尽还率:–(0.00元 ÷ 0.00元)",
        "  不详:在办 1 件,未清偿 待核实 1 件",
        f"  1. {unit.name}:1 件,认定 待核实 1 件,已清偿 0.00元,未清偿 待核实 1 件,清偿率 –",
    ):
        assert line in text, line


def test_what_the_plan_promises_for_later_is_not_to_be_paid_yet() -> None:
    """The instalment is of 30 September: until then 应还尽还率 has nothing to ask for, 清偿率 has all."""
    august, september = (period_of(MONTH, date(2023, month, 1)) for month in (9, 10))
    planned = story("planned")
    due_on = there(planned.case.plan).instalments[0].due_on
    assert august.end < due_on <= september.end
    rates = figures_of(told(planned, august), august).rates
    assert some(rates.cleared_of_payable) == {}
    assert rates.cleared_of_owed.denominator_fen == 400 * WAN
    assert figures_of(told(planned, september), september).amounts.payable_fen == 400 * WAN


def test_what_a_court_decides_on_altogether_is_not_to_be_paid_yet_and_what_was_withdrawn_is() -> None:
    court, withdrawn = (figures(point, YEAR, "2024-01-01").amounts for point in ("judicial", "withdrawn"))
    assert (court.payable_fen, court.outstanding_judicial_fen) == (0, 400 * WAN)
    assert withdrawn.payable_fen == 400 * WAN


def test_a_debt_is_as_old_as_its_time_to_pay_is_over() -> None:
    contract = Contract(accepted_on=date(2022, 11, 29), agreed_term_days=30)
    case = story("endorsed").case
    receipt = case.receipt.model_copy(update={"contract": contract})
    dated = Past(case.model_copy(update={"receipt": receipt}))
    for on, age in (("2023-12-31", "under_1"), ("2024-02-01", "1_to_3"), ("2027-01-01", "over_3")):
        period = period_of(MONTH, date.fromisoformat(on))
        assert some(figures_of(dated, period).by_age[age]) == {"open": 1, "outstanding_fen": 400 * WAN}
    since = date(2024, 2, 29)
    assert [age_on(day, since) for day in (date(2025, 2, 27), date(2025, 2, 28), date(2025, 3, 1))] == [
        "under_1",
        "under_1",
        "1_to_3",
    ]
    assert [age_on(day, since) for day in (date(2027, 2, 28), date(2027, 3, 1))] == ["1_to_3", "over_3"]
    assert years_before(date(2028, 2, 29), 1) == date(2027, 2, 28)


def test_a_debtor_is_listed_once_by_its_code_or_the_one_that_goes_with_its_name_and_the_most_outstanding_first() -> (
    None
):
    def unit(name: str, code: str | None, outstanding_fen: int) -> Unit:
        return Unit(
            name=name,
            code=code,
            cases=1,
            unrecognised=0,
            recognised_fen=outstanding_fen,
            cleared_fen=0,
            outstanding_fen=outstanding_fen,
        )

    found = most_outstanding(
        [unit("乙局", "B", 5), unit("甲局", None, 7), unit("乙", "B", 3), unit("甲局", "A", 7)]
        + [unit("丙局", code, 2) for code in ("C", "D", None)]
        + [unit(f"局{number}", None, 1) for number in range(200)]
    )
    assert found.count == 205
    assert len(found.units) == 100
    told_first = [(one.name, one.cases, one.outstanding_fen) for one in found.units[:3]]
    assert told_first == [("甲局", 2, 14), ("乙", 2, 8), ("丙局", 1, 2)]
    assert [(one.name, one.code) for one in found.units[2:5]] == [
        ("丙局", None),
        ("丙局", "C"),
        ("丙局", "D"),
    ]
    made = report_at(YEAR, "2024-01-01").model_copy(update={"units": found})
    assert "七、债务单位(共 205 个)" in as_text(made)
    assert "  另有 105 个单位未列" in as_text(made)
    assert report_json(made)["units"]["units"][0]["rate"] == "0.00%"


def test_what_is_disputed_is_owed_but_not_undisputed() -> None:
    found = figures("partly_disputed", YEAR, "2024-01-01")
    assert found.rates.cleared_of_undisputed.denominator_fen == 390 * WAN
    assert found.rates.cleared_of_owed.denominator_fen == 400 * WAN


def test_a_receipt_that_is_denied_again_is_taken_back_in_its_own_month() -> None:
    denied = story_at("cleared")
    denied.on("2023-08-02").do("call_back", satisfied="no", note="未收到", voucher="PZ-1")
    july, august = (period_of(MONTH, date(2023, month, 1)) for month in (8, 9))
    assert figures_of(told(denied, july), july).amounts.cleared_in_period_fen == 400 * WAN
    taken_back = figures_of(told(denied, august), august).amounts
    assert (taken_back.cleared_in_period_fen, taken_back.cleared_fen) == (-400 * WAN, 0)


def test_a_suspended_case_keeps_the_light_it_had() -> None:
    found = figures("suspended", YEAR, "2024-01-01")
    assert (found.cases.open, found.cases.suspended) == (1, 1)
    assert some(found.cases.open_by_light) == {Light.NONE: 1}


def test_what_is_recorded_late_counts_when_it_is_recorded() -> None:
    """Nobody was there in June: the lapse of 6 June stands in the journal of 3 July, and a report of June stays what it was."""
    away = story_at("objected")
    away.away_until("2023-07-03")
    june, july = (period_of(MONTH, date(2023, month, 1)) for month in (7, 8))
    assert some(figures_of(told(away, june), june).rates.lapsed) == {}
    assert some(figures_of(told(away, july), july).rates.lapsed) == {"numerator": 1, "denominator": 1}


def test_a_case_that_was_received_later_is_not_there() -> None:
    before = period_of(MONTH, date(2023, 4, 30))
    assert past("QQ", story("closed").journal, before) is None


def parts_add_up(found: Figures) -> None:
    """Every total is the sum of its parts."""
    cases, amounts, rates = found.cases, found.amounts, found.rates
    assert cases.total == cases.open + sum(cases.ended.values())
    for parts in (cases.open_by_stage, cases.open_by_mode, cases.open_by_light):
        assert cases.open == sum(parts.values())
    assert sum(cases.ended_in_period.values()) <= sum(cases.ended.values())
    parts_fen = (
        amounts.undisputed_fen,
        amounts.disputed_fen,
        amounts.not_yet_due_fen,
        amounts.judicial_fen,
    )
    assert amounts.recognised_fen == sum(parts_fen)
    assert amounts.outstanding_fen == amounts.undisputed_fen - amounts.cleared_fen
    of_ends = (
        amounts.outstanding_open_fen,
        amounts.outstanding_withdrawn_fen,
        amounts.outstanding_judicial_fen,
    )
    assert amounts.outstanding_fen == sum(of_ends)
    for name, in_all in (("cases", cases.total), ("open", cases.open)):
        assert sum(getattr(one, name) for one in found.by_debtor.values()) == in_all
    for name in ("claimed_fen", "unrecognised", "undisputed_fen", "cleared_fen", "outstanding_fen"):
        assert sum(getattr(one, name) for one in found.by_debtor.values()) == getattr(amounts, name)
    ages = found.by_age.values()
    assert sum(one.open for one in ages) == cases.open
    assert sum(one.outstanding_fen for one in ages) == amounts.outstanding_open_fen
    assert sum(one.unrecognised for one in ages) == amounts.unrecognised
    assert amounts.cleared_fen <= amounts.payable_fen <= amounts.undisputed_fen
    assert rates.cleared_of_payable.denominator_fen == amounts.payable_fen
    assert rates.cleared_of_undisputed.denominator_fen == amounts.undisputed_fen
    assert rates.cleared_of_owed.denominator_fen == amounts.recognised_fen
    for share in (rates.transferred_in_time, rates.verified_in_time, rates.lapsed):
        assert 0 <= share.numerator <= share.denominator


DAYS: Final = st.dates(date(2023, 4, 27), date(2024, 2, 1))
HELD: Final = st.lists(
    st.tuples(st.sampled_from(POINTS), st.sampled_from(["620000", "620100", "620105", "620104", "620302"])),
    max_size=6,
)


@settings(max_examples=60)
@given(kind=st.sampled_from([WEEK, MONTH, QUARTER, YEAR]), on=DAYS, cases=HELD)
def test_parts_add_up_and_an_office_is_the_sum_of_those_below_it_and_its_own(
    kind: ReportKind, on: date, cases: Sequence[tuple[str, str]]
) -> None:
    period = period_of(kind, on)
    held: dict[str, Figures] = {}
    units: dict[str, list[Unit]] = {}
    for point, office in cases:
        found = past("QQ", story(point).journal, period)
        if found is not None:
            held[office] = total([held.get(office, Figures()), figures_of(found, period)])
            units.setdefault(office, []).append(unit_of(found, period.end))
    reports = {code: report_on(code, name, period, held, units) for code, name in OFFICES.items()}
    for code, report in reports.items():
        if report is None:
            assert not any(subtree(code).fullmatch(holder) for holder in held)
            continue
        parts_add_up(report.figures)
        amounts, listed = report.figures.amounts, report.units.units
        assert report.units.count == len(listed)
        for name in ("unrecognised", "recognised_fen", "cleared_fen", "outstanding_fen"):
            assert sum(getattr(one, name) for one in listed) == getattr(amounts, name)
        below = [
            one for other, one in reports.items() if one is not None and superior(other, OFFICES) == code
        ]
        own = held.get(code, Figures())
        assert report.figures == total([own, *(one.figures for one in below)])
        assert read_report(json.loads(report.model_dump_json())) == report


@settings(max_examples=20)
@given(point=st.sampled_from(POINTS))
def test_what_happened_in_the_months_is_all_that_has_happened(point: str) -> None:
    months = [period_of(MONTH, date(2023, month, 1)) for month in range(5, 13)]
    found = [figures_of(told(story(point), month), month) for month in months]
    assert sum(one.cases.received for one in found) == 1
    assert sum(one.amounts.cleared_in_period_fen for one in found) == story(point).case.cleared_fen
    assert sum(sum(one.notices.values()) for one in found) == len(papers_of(story(point).journal))
    assert sum(sum(one.cases.ended_in_period.values()) for one in found) == (
        story(point).case.ended is not None
    )


@settings(max_examples=40)
@given(kind=st.sampled_from(list(ReportKind)), on=DAYS, point=st.sampled_from(POINTS))
def test_nothing_that_happens_later_changes_a_report(kind: ReportKind, on: date, point: str) -> None:
    period, journal = period_of(kind, on), story(point).journal
    known = [event for event in journal if event.at < period.closes]
    assert past("QQ", journal, period) == past("QQ", known, period)


def listed(point: str, day: str) -> tuple[Agenda, dict[str, Items]]:
    """What a story puts on the day's list, and on which head's desk."""
    period = period_of(DAY, date.fromisoformat(day))
    case = told(story(point), period).case
    gates = {gate.office: gate.items for gate in gates_of(case, period.start, OFFICES)}
    return agenda_of(case, period.start, OFFICES), gates


def test_the_list_of_a_quiet_day_is_empty() -> None:
    assert listed("referral", "2023-06-02") == (Agenda(), {})


def test_a_duty_is_on_the_list_from_its_last_day_on() -> None:
    due, _ = listed("referral", "2023-06-05")
    (item,) = due.duties.items
    assert (due.due_today, due.lapsed, due.red) == (1, 0, 0)
    assert (item.duty, item.owner, item.days_late, item.light) == ("verification", "clerk", 0, Light.BLUE)
    assert (item.holder, item.holder_name, item.title) == ("620105", "安宁区清欠办", "道路维修工程款")
    lapsed, _ = listed("referral", "2023-06-06")
    assert (lapsed.due_today, lapsed.lapsed, lapsed.red) == (0, 1, 0)
    red, _ = listed("referral", "2023-06-08")
    assert (red.due_today, red.lapsed, red.red, red.duties.items[0].days_late) == (0, 1, 1, 3)


def test_a_gate_waits_for_the_head_who_decides() -> None:
    agenda, gates = listed("referral", "2023-06-20")
    assert agenda.duties.count == 1, "the gate is not due yet"
    (item,) = gates.pop("620100").items
    assert (item.subject, item.due_on, item.days_late) == ("interview", date(2023, 6, 27), 0)
    assert gates == {}
    agenda, _ = listed("referral", "2023-06-28")
    assert [item.duty for item in agenda.duties.items] == ["verification", "gate"], "the worst first"


def test_a_suspended_case_is_on_no_list() -> None:
    assert listed("suspended", "2023-12-29") == (Agenda(suspended=1), {})


def test_a_long_list_names_the_worst_and_counts_all() -> None:
    (item,) = listed("referral", "2023-06-08")[0].duties.items
    others = [
        item.model_copy(update={"case_no": f"QQ-{late}", "days_late": late}) for late in range(LISTED + 5)
    ]
    merged = worst([Items(count=1, items=(one,)) for one in others])
    assert (merged.count, len(merged.items)) == (LISTED + 5, LISTED)
    assert merged.items[0].days_late == LISTED + 4
    assert merged.items[-1].days_late == 5
    assert together([]) == Agenda()


def report_at(kind: ReportKind, as_of: str, office: str = "620100") -> PeriodReport:
    """A report on one case of every sort, all held by the same district."""
    period = period_of(kind, date.fromisoformat(as_of))
    held = total(figures_of(told(story(point), period), period) for point in POINTS)
    units = [unit_of(told(story(point), period), period.end) for point in POINTS]
    report = report_on(office, OFFICES[office], period, {"620105": held}, {"620105": units})
    assert report is not None
    return report


def list_at(day: str, office: str = "620100") -> DayReport:
    """A day's list of one case that nobody verifies."""
    agenda, gates = listed("referral", day)
    period = period_of(DAY, date.fromisoformat(day))
    made = day_list(office, OFFICES[office], period, DayParts({"620105": agenda}, gates))
    assert made is not None
    return made


def test_every_figure_of_a_report_is_defined() -> None:
    made = report_at(YEAR, "2024-01-01").model_dump()
    report = made["figures"] | {"units": made["units"]}
    told_of = {path.split(".")[0] for path in DEFINITIONS}
    assert told_of == set(report)
    for path in DEFINITIONS:
        found: Any = report
        for name in path.split("."):
            found = found[name]
    assert {f"rates.{name}" for name in report["rates"]} <= set(DEFINITIONS)
    made = list_at("2023-06-08").model_dump()
    for path in DAY_DEFINITIONS:
        found = made
        for name in path.split("."):
            found = found[name]


def test_a_day_without_cases_below_an_office_has_no_list() -> None:
    period = period_of(DAY, date(2023, 6, 8))
    assert day_list("620302", OFFICES["620302"], period, DayParts({"620105": Agenda()}, {})) is None
    waits = DayParts({}, {"620302": Items()})
    assert day_list("620302", OFFICES["620302"], period, waits) is not None


def test_a_stored_report_is_shown_with_its_rates() -> None:
    shown = report_json(report_at(YEAR, "2024-01-01"))
    assert shown["number"] == "RB-620100-2023"
    owed = shown["figures"]["rates"]["cleared_of_undisputed"]
    assert owed["rate"] == percent(owed["numerator_fen"], owed["denominator_fen"])
    nothing = report_json(report_at(WEEK, "2023-05-01"))["figures"]["rates"]["cleared_of_owed"]
    assert nothing == {"numerator_fen": 0, "denominator_fen": 0, "rate": None}
    assert "rates" not in report_json(list_at("2023-06-08"))


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (1494406260, 1516739260, "98.53%"),
        (1549700, 1549700, "100.00%"),
        (7789, 14682, "53.05%"),
        (789, 2435, "32.40%"),
        (1, 10**9, "0.01%"),
        (10**9 - 1, 10**9, "99.99%"),
        (0, 7, "0.00%"),
        (0, 0, None),
    ],
)
def test_a_rate_is_rounded_on_paper_alone_and_never_to_all_or_nothing(
    numerator: int, denominator: int, shown: str | None
) -> None:
    assert percent(numerator, denominator) == shown


def test_a_report_on_paper() -> None:
    text = as_text(report_at(QUARTER, "2023-10-01", "620000"))
    for line in (
        "甘肃省清欠办2023年第三季度清欠季报",
        "编号 RB-620000-2023-Q3",
        "统计期间 2023-07-01 至 2023-09-30,截至 2023-09-30 24:00(北京时间)",
        "  本期结束:合计 3 件(销号 2、不予受理 0、不属实 0、撤回 0、转司法 1、并案 0、移送 0)",
        "  无分歧清偿率:",
        "  文书:合计 ",
        "  升级:合计 ",
        "  平台公司:0 件(在办 0 件),反映 0.00元,无分歧 0.00元,已清偿 0.00元,未清偿 0.00元",
        "  清偿率:累计清偿 ÷ 认定欠款(含有分歧、未到期和司法程序中部分)",
    ):
        assert line in text
    assert "按期转办率:–(0 项 ÷ 0 项)" in as_text(report_at(MONTH, "2024-01-01"))


def test_a_list_on_paper() -> None:
    text = as_text(list_at("2023-06-28"))
    for line in (
        "兰州市清欠办2023年6月28日清欠日清单",
        "截至 2023-06-28 08:00(北京时间)",
        "今日到期 0 项,已逾期 2 项,红灯 1 项,待负责人审批 1 项,中止案件 0 件",
        "  1. 【红灯】QQ-620100-2023-0001 道路维修工程款;核实认定,经办人,应于 2023-06-05 前办理,逾期 23 日;承办 安宁区清欠办",
        "  2. 【黄灯】QQ-620100-2023-0001 道路维修工程款;约谈审批,负责人,应于 2023-06-27 前办理,逾期 1 日;承办 安宁区清欠办",
    ):
        assert line in text
    assert "  无\n" in as_text(list_at("2023-06-02"))


def test_a_list_on_paper_says_what_it_leaves_out_and_what_is_provisional() -> None:
    made = list_at("2023-06-05")
    (item,) = made.agenda.duties.items
    items = Items(count=3, items=(item.model_copy(update={"provisional": True}),))
    text = as_text(made.model_copy(update={"agenda": made.agenda.model_copy(update={"duties": items})}))
    assert "应于 2023-06-05(暂定) 前办理,未逾期" in text
    assert "  另有 2 项未列" in text


def test_each_kind_has_a_title() -> None:
    titles = [title_of(report_at(kind, "2024-01-01")) for kind in (WEEK, MONTH, QUARTER, YEAR)]
    assert titles == [
        "兰州市清欠办2023年第52周清欠周报",
        "兰州市清欠办2023年12月清欠月报",
        "兰州市清欠办2023年第四季度清欠季报",
        "兰州市清欠办2023年清欠年报",
    ]
