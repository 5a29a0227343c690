"""A report as tables for further calculation: exact amounts, and an empty cell in the place of an undefined rate."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.age import AGE_WORDS
from domain.reports.agenda import Item, Items
from domain.reports.figures import Amounts, MoneyShare, OfAge, OfDebtors, Share
from domain.reports.report import DEFINITIONS, DayReport, PeriodReport, Report, percent
from domain.reports.text import RATES, what_is_due
from domain.reports.units import Unit
from domain.sheet.cells import wan_cell
from domain.telling.amounts import TO_BE_VERIFIED
from domain.telling.words import COLOURS, DEBTOR_KINDS, MODES, NOTICES, ROLES, STAGES

Cell = str | int | float | Decimal | date | None
"""A float is a rate as a fraction of 1. An amount is in 万元: a number, or a text with its unit if a sheet's number has too few
digits.
"""


class Table(NamedTuple):
    """A table with its headings."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


_NAMES: Final[Mapping[str, Mapping[Any, str]]] = {
    "ended_in_period": STAGES,
    "open_by_stage": STAGES,
    "open_by_mode": MODES,
    "open_by_light": COLOURS,
    "ended": STAGES,
    "escalations": MODES,
    "notices": NOTICES,
}
_BY_PARTS: Final = {
    "open_by_stage": "在办按阶段",
    "open_by_mode": "在办按处置方式",
    "open_by_light": "在办按灯色",
    "outstanding_open_fen": "未清偿:在办",
    "outstanding_withdrawn_fen": "未清偿:撤回",
    "outstanding_judicial_fen": "未清偿:转司法",
    "outstanding_handed_out_fen": "未清偿:移送",
}
"""The figures that are parts of others, and that `DEFINITIONS` explains there."""

_RECOGNISED: Final = frozenset(
    {
        *("recognised_fen", "undisputed_fen", "disputed_fen", "not_yet_due_fen", "judicial_fen"),
        *("outstanding_fen", "outstanding_open_fen", "payable_fen"),
    }
)
"""The sums to which a case contributes only once its debt has been stated."""


def tables_of(report: Report) -> list[Table]:
    """The complete content of a report, with its definitions at the end."""
    if isinstance(report, DayReport):
        tables = [_duties("到期与逾期", report.agenda.duties), _duties("待审批", report.gates)]
    else:
        tables = [_figures(report), _rates(report), _debtors(report), _ages(report), _units(report)]
    meaning = [(one.sentence,) for one in report.definitions]
    scope = f"{report.scope.sentence};统计期间 {report.period_start} 至 {report.period_end}"
    return [*tables, Table("口径", ["统计口径"], [(scope,), *meaning])]


def _figures(report: PeriodReport) -> Table:
    figures = report.figures
    counted: dict[str, Any] = {f"cases.{name}": value for name, value in figures.cases}
    counted |= {"escalations": figures.escalations, "notices": figures.notices}
    rows = [row for path, value in counted.items() for row in _counts(path, value)]
    for name, value in figures.amounts:
        said = value if not name.endswith("_fen") else _sum(name, value, figures.amounts)
        rows.append((_name(f"amounts.{name}"), said, "万元" if name.endswith("_fen") else "件"))
    return Table("指标", ["指标", "数值", "单位"], rows)


def _sum(name: str, fen: int, amounts: Amounts) -> Cell:
    if name == "claimed_fen" and amounts.unverified and not fen:
        return TO_BE_VERIFIED[0]
    return _known(fen, amounts) if name in _RECOGNISED else wan_cell(fen)


def _counts(path: str, value: int | Mapping[Any, int]) -> Iterator[tuple[Cell, ...]]:
    if isinstance(value, int):
        yield _name(path), value, "件"
        return
    names = _NAMES[path.rpartition(".")[2]]
    for kind, count in value.items():
        yield f"{_name(path)}:{names[kind]}", count, {"escalations": "次", "notices": "份"}.get(path, "件")


def _name(path: str) -> str:
    """The name of a figure: the beginning of its definition."""
    return _BY_PARTS.get(path.rpartition(".")[2]) or DEFINITIONS[path].partition(":")[0]


def _rates(report: PeriodReport) -> Table:
    rows = [(RATES[name], *_share(share)) for name, share in report.figures.rates]
    return Table("比率", ["比率", "分子", "分母", "单位", "比率值"], rows)


def _share(share: Share | MoneyShare) -> tuple[Cell, ...]:
    if isinstance(share, MoneyShare):
        above, below = share.numerator_fen, share.denominator_fen
        return wan_cell(above), wan_cell(below), "万元", _rate(above, below)
    return share.numerator, share.denominator, "项", _rate(share.numerator, share.denominator)


def _rate(numerator: int, denominator: int) -> float | None:
    """A rate rounded as it is displayed, so that a sheet does not round differently; None if it is undefined."""
    said = percent(numerator, denominator)
    return float(Decimal(said.removesuffix("%")) / 100) if said else None


def _debtors(report: PeriodReport) -> Table:
    rows = [
        (
            *(DEBTOR_KINDS[kind], of.cases, of.open, of.unrecognised),
            *(_known(of.undisputed_fen, of), wan_cell(of.cleared_fen), _known(of.outstanding_fen, of)),
        )
        for kind, of in report.figures.by_debtor.items()
    ]
    heads = ["债务人类型", "案件", "在办", "尚未认定", "无分歧(万元)", "已清偿(万元)", "未清偿(万元)"]
    return Table("债务人类型", heads, rows)


def _ages(report: PeriodReport) -> Table:
    rows = [
        (AGE_WORDS[age][0], of.open, of.unrecognised, _known(of.outstanding_fen, of))
        for age, of in report.figures.by_age.items()
    ]
    return Table("账龄", ["账龄", "在办案件", "尚未认定", "未清偿(万元)"], rows)


def _units(report: PeriodReport) -> Table:
    rows = [
        (
            *(of.name, of.code, of.cases, of.unrecognised),
            *(_known(of.recognised_fen, of), wan_cell(of.cleared_fen), _known(of.outstanding_fen, of)),
            _rate(of.cleared_fen, of.recognised_fen),
        )
        for of in report.units.units
    ]
    heads = [
        "债务单位",
        "统一社会信用代码",
        "案件",
        "尚未认定",
        "认定(万元)",
        "已清偿(万元)",
        "未清偿(万元)",
        "清偿率",
    ]
    return Table("债务单位", heads, rows)


def _known(fen: int, of: Amounts | OfDebtors | OfAge | Unit) -> Cell:
    """A sum of recognised amounts; 待核实 if nothing has been recognised yet."""
    return TO_BE_VERIFIED[0] if of.unrecognised and not fen else wan_cell(fen)


def _duties(title: str, items: Items) -> Table:
    heads = ["灯", "案号", "案由", "事项", "责任人", "最后一日", "逾期天数", "承办"]
    return Table(title, heads, [_duty(item) for item in items.items])


def _duty(item: Item) -> tuple[Cell, ...]:
    what = (item.case_no, item.title, what_is_due(item), ROLES[item.owner])
    return (COLOURS[item.light], *what, item.due_on, item.days_late, item.holder_name)
