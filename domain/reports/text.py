"""A report as plain text in Chinese. Only here are figures rounded; every rate stands beside its two numbers."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from domain.age import AGE_WORDS
from domain.duty import DutyKind
from domain.money import format_money
from domain.reports.agenda import Item, Items
from domain.reports.figures import Amounts, CaseCounts, MoneyShare, OfAge, OfDebtors, Share
from domain.reports.periods import Period, ReportKind
from domain.reports.report import DayReport, PeriodReport, Report, percent
from domain.reports.units import Unit, Units
from domain.telling.amounts import amount_in_all
from domain.telling.words import COLOURS, DEBTOR_KINDS, DUTIES, MODES, NOTICES, ROLES, STAGES, STEPS

KINDS: Final = {
    ReportKind.DAY: "日清单",
    ReportKind.WEEK: "周报",
    ReportKind.MONTH: "月报",
    ReportKind.QUARTER: "季报",
    ReportKind.YEAR: "年报",
}

RATES: Final = {
    "cleared_of_undisputed": "无分歧清偿率",
    "cleared_of_owed": "清偿率",
    "cleared_of_payable": "应还尽还率",
    "transferred_in_time": "按期转办率",
    "verified_in_time": "按期办结率",
    "lapsed": "逾期率",
}


def title_of(report: Report) -> str:
    """The title, such as `安宁区清欠办2026年第47周清欠周报`."""
    return f"{report.scope.name}{_span(report.period)}清欠{KINDS[report.kind]}"


def _span(period: Period) -> str:
    year, month = period.start.year, period.start.month
    match period.kind:
        case ReportKind.DAY:
            return f"{year}年{month}月{period.start.day}日"
        case ReportKind.WEEK:
            return f"{period.start.isocalendar().year}年第{period.start.isocalendar().week}周"
        case ReportKind.MONTH:
            return f"{year}年{month}月"
        case ReportKind.QUARTER:
            return f"{year}年第{'一二三四'[(month - 1) // 3]}季度"
        case _:
            return f"{year}年"


def as_text(report: Report) -> str:
    """The whole report, for mail and for a terminal."""
    if isinstance(report, DayReport):
        until, body = "08:00", _list(report)
    else:
        until, body = "24:00", _figures(report)
    parts = [
        title_of(report),
        f"编号 {report.number}",
        f"统计期间 {report.period_start} 至 {report.period_end},截至 {report.as_of} {until}(北京时间)",
        f"统计范围 {report.scope.sentence}",
        "",
        *body,
        "",
        "统计口径",
        *(f"  {definition.sentence}" for definition in report.definitions),
    ]
    return "\n".join(parts) + "\n"


def _list(report: DayReport) -> Iterator[str]:
    agenda = report.agenda
    yield (
        f"今日到期 {agenda.due_today} 项,已逾期 {agenda.lapsed} 项,红灯 {agenda.red} 项,"
        f"待负责人审批 {report.gates.count} 项,中止案件 {agenda.suspended} 件"
    )
    for name, items in (("一、到期与逾期事项", agenda.duties), ("二、待负责人审批事项", report.gates)):
        yield ""
        yield name
        yield from _lines(items)


def _lines(items: Items) -> Iterator[str]:
    for number, item in enumerate(items.items, 1):
        late = f"逾期 {item.days_late} 日" if item.days_late else "未逾期"
        provisional = "(暂定)" if item.provisional else ""
        yield (
            f"  {number}. 【{COLOURS[item.light]}】{item.case_no} {item.title};{what_is_due(item)},{ROLES[item.owner]},"
            f"应于 {item.due_on}{provisional} 前办理,{late};承办 {item.holder_name}"
        )
    if not items.items:
        yield "  无"
    if left := items.count - len(items.items):
        yield f"  另有 {left} 项未列"


def what_is_due(item: Item) -> str:
    """The name of a duty on the list."""
    if item.duty is DutyKind.GATE:
        return STEPS.get(item.subject or "", item.subject or "") + DUTIES[item.duty]
    return f"{DUTIES[item.duty]} {item.subject or ''}".rstrip()


def _figures(report: PeriodReport) -> Iterator[str]:
    figures = report.figures
    yield "一、案件"
    yield from _cases(figures.cases)
    yield ""
    yield "二、金额"
    yield from _amounts(figures.amounts)
    yield ""
    yield "三、比率"
    for name, share in figures.rates:
        yield f"  {RATES[name]}:{_share(share)}"
    yield ""
    yield "四、督办"
    yield f"  升级:{_counts(figures.escalations, MODES, '次')}"
    yield f"  文书:{_counts(figures.notices, NOTICES, '份')}"
    yield ""
    yield "五、债务人类型"
    for kind, one in figures.by_debtor.items():
        yield (
            f"  {DEBTOR_KINDS[kind]}:{one.cases} 件(在办 {one.open} 件),反映 {amount_in_all(one.claimed_fen, one.unverified)[0]},"
            f"无分歧 {_known(one.undisputed_fen, one)},已清偿 {format_money(one.cleared_fen)},"
            f"未清偿 {_known(one.outstanding_fen, one)}"
        )
    yield ""
    yield "六、账龄"
    for age, of_age in figures.by_age.items():
        yield f"  {AGE_WORDS[age][0]}:在办 {of_age.open} 件,未清偿 {_known(of_age.outstanding_fen, of_age)}"
    yield ""
    yield f"七、债务单位(共 {report.units.count} 个)"
    yield from _units(report.units)


def _units(units: Units) -> Iterator[str]:
    for number, unit in enumerate(units.units, 1):
        yield (
            f"  {number}. {unit.name}:{unit.cases} 件,认定 {_known(unit.recognised_fen, unit)},"
            f"已清偿 {format_money(unit.cleared_fen)},未清偿 {_known(unit.outstanding_fen, unit)},"
            f"清偿率 {percent(unit.cleared_fen, unit.recognised_fen) or '–'}"
        )
    if left := units.count - len(units.units):
        yield f"  另有 {left} 个单位未列"


def _cases(cases: CaseCounts) -> Iterator[str]:
    yield f"  本期登记 {cases.received} 件,受理 {cases.accepted} 件"
    yield f"  本期结束:{_counts(cases.ended_in_period, STAGES, '件')}"
    yield f"  累计 {cases.total} 件,在办 {cases.open} 件(其中中止 {cases.suspended} 件)"
    yield f"  在办按阶段:{_counts(cases.open_by_stage, STAGES, '件')}"
    yield f"  在办按处置方式:{_counts(cases.open_by_mode, MODES, '件')}"
    yield f"  在办按灯色:{_counts(cases.open_by_light, COLOURS, '件')}"
    yield f"  累计结束:{_counts(cases.ended, STAGES, '件')}"


def _amounts(amounts: Amounts) -> Iterator[str]:
    yield f"  反映金额 {amount_in_all(amounts.claimed_fen, amounts.unverified)[0]}"
    yield f"  认定欠款 {_known(amounts.recognised_fen, amounts)}{_parts(amounts)}"
    yield f"  纳入债券 {format_money(amounts.included_fen)}"
    yield (
        f"  清偿:本期 {format_money(amounts.cleared_in_period_fen)},累计 {format_money(amounts.cleared_fen)}"
    )
    yield (
        f"  未清偿 {_known(amounts.outstanding_fen, amounts)}:在办 {_known(amounts.outstanding_open_fen, amounts)},"
        f"撤回 {format_money(amounts.outstanding_withdrawn_fen)},"
        f"转司法 {format_money(amounts.outstanding_judicial_fen)},"
        f"移送 {format_money(amounts.outstanding_handed_out_fen)}"
    )


def _parts(amounts: Amounts) -> str:
    """The parts of the recognised amount; empty if nothing has been recognised yet."""
    if amounts.unrecognised and not amounts.recognised_fen:
        return ""
    return (
        f":无分歧 {format_money(amounts.undisputed_fen)},有分歧 {format_money(amounts.disputed_fen)},"
        f"未到期 {format_money(amounts.not_yet_due_fen)},司法程序中 {format_money(amounts.judicial_fen)}"
    )


def _known(fen: int, of: Amounts | OfDebtors | OfAge | Unit) -> str:
    """A sum of recognised amounts, and the number of cases without any."""
    return amount_in_all(fen, of.unrecognised)[0]


def _counts(counts: Mapping[Any, int], names: Mapping[Any, str], unit: str) -> str:
    """The count of every kind by its name, including zeros."""
    parts = "、".join(f"{names[kind]} {count}" for kind, count in counts.items())
    return f"合计 {sum(counts.values())} {unit}({parts})"


def _share(share: Share | MoneyShare) -> str:
    if isinstance(share, MoneyShare):
        numbers = share.numerator_fen, share.denominator_fen
        told = f"{format_money(numbers[0])} ÷ {format_money(numbers[1])}"
    else:
        numbers = share.numerator, share.denominator
        told = f"{numbers[0]} 项 ÷ {numbers[1]} 项"
    return f"{percent(*numbers) or '–'}({told})"
