"""Reports (日清单、周报、月报、季报、年报) of an office and of those below it: their content, and the cases they cover.

A case counts once, for the office that held it at the end of the period. So each figure of a city's report is the sum of those of its
districts and of the cases that the city holds itself.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import Field, TypeAdapter

from domain.reports.agenda import LISTED, Agenda, Items, together
from domain.reports.figures import Figures, total
from domain.reports.periods import Period, ReportKind
from domain.reports.units import LISTED as MOST_UNITS
from domain.reports.units import Unit, Units, most_outstanding
from domain.rules import subtree
from domain.value import Value

DAY_DEFINITIONS: Final[Mapping[str, str]] = {
    "agenda.due_today": "今日到期:今日为最后一日的事项",
    "agenda.lapsed": "已逾期:最后一日已过、尚未办理的事项",
    "agenda.red": "红灯:亮红灯的事项(与逾期有重合,合计时不重复计数)",
    "agenda.suspended": "中止案件:中止办理的案件,其事项不计时、不列入清单",
    "agenda.duties": f"事项清单:以上事项各列一次,最紧急的在前;超过 {LISTED} 项时列前 {LISTED} 项,数目为全部",
    "gates": "待审批:待本办公室负责人审批的事项,不论是否到期",
}
"""The meaning of each part of a day's list, by its path in the report."""

DEFINITIONS: Final[Mapping[str, str]] = {
    "cases.received": "登记:本期登记的案件,以记入系统的时间为准",
    "cases.accepted": "受理:本期正式受理的案件",
    "cases.ended_in_period": "本期结束:本期结束且期末仍为结束状态的案件,按结束方式分列",
    "cases.total": "累计案件:截至期末登记的全部案件,为在办与已结束之和",
    "cases.open": "在办:期末在办的案件;按阶段、处置方式、红黄蓝灯分列,各列之和均等于总数",
    "cases.suspended": "中止:期末在办案件中处于中止状态的",
    "cases.ended": "累计结束:截至期末已结束的案件,按结束方式分列",
    "amounts.claimed_fen": "反映金额:企业反映的金额,含已结束的案件;已并案的计入所并入的案件",
    "amounts.unverified": "待核实:反映金额尚待核实的案件,不计入反映金额",
    "amounts.unrecognised": "尚未认定:期末在办、欠款尚未认定的案件,金额待核实,不计入以下各项",
    "amounts.recognised_fen": (
        "认定欠款:认定的欠款,以最近一次认定为准,为无分歧、有分歧、未到期、司法程序中四项之和;"
        "不属实的案件只计已清偿部分,已并案的计入所并入的案件"
    ),
    "amounts.undisputed_fen": "无分歧:认定欠款中的无分歧部分",
    "amounts.disputed_fen": "有分歧:认定欠款中仍有分歧的部分",
    "amounts.not_yet_due_fen": "未到期:认定欠款中尚未到期的部分",
    "amounts.judicial_fen": "司法程序中:认定欠款中由法院或者仲裁机构处理的部分,不含整案转司法的案件",
    "amounts.included_fen": "纳入债券:截至期末纳入各批债券的金额",
    "amounts.taken_in_in_period_fen": "本期接入时已清偿:接入前在别处已清偿的金额,计入累计清偿,不计入本期清偿",
    "amounts.cleared_in_period_fen": "本期清偿:本期经债权人确认到账的金额,减去本期被否认的此前确认",
    "amounts.cleared_fen": "累计清偿:截至期末经债权人确认到账的金额,与资金台账已到账余额相符",
    "amounts.payable_fen": "应还:累计清偿与截至期末已应清偿而未清偿的部分之和",
    "amounts.outstanding_fen": "未清偿:无分歧欠款减去累计清偿,为在办、撤回、转司法、移送四项之和",
    "rates.cleared_of_undisputed": "无分歧清偿率:累计清偿 ÷ 无分歧欠款",
    "rates.cleared_of_owed": "清偿率:累计清偿 ÷ 认定欠款(含有分歧、未到期和司法程序中部分)",
    "rates.cleared_of_payable": (
        "应还尽还率:累计清偿 ÷ 截至期末应还;有分歧、未到期、司法程序中的部分(含整案转司法的),"
        "以及清偿计划约定期末以后支付的,期末尚不应还;撤回、移送的仍应还"
    ),
    "rates.transferred_in_time": "按期转办率:本期按期转办 ÷ 本期按期转办与本期逾期之和;一项只计一次,逾期的计入逾期当期",
    "rates.verified_in_time": "按期办结率:本期按期核实 ÷ 本期按期核实与本期逾期之和;一项只计一次,逾期的计入逾期当期",
    "rates.lapsed": "逾期率:本期逾期事项 ÷ 本期按期办理与本期逾期事项之和;不含债权人自己的事项",
    "escalations": "升级:本期升级的次数,按升至的处置方式分列",
    "notices": "文书:本期发出的文书,按文种分列",
    "by_debtor": "债务人类型:期末全部案件,按债务人类型分列",
    "by_age": (
        "账龄:期末在办案件,自应付款期满次日起算至期末;尚未期满的计入不满一年,三年整计入一至三年,"
        "合同、交付或者期限不明的为不详"
    ),
    "units": f"债务单位:期末全部案件,按债务单位合计,未清偿多的在前;超过 {MOST_UNITS} 个时列前 {MOST_UNITS} 个,数目为全部",
}
"""The meaning of each figure, by its path in the report."""


class Definition(Value):
    """The meaning of a figure; `figure` is its path in the report."""

    figure: str
    sentence: str


class Scope(Value):
    """The offices whose cases a report covers."""

    office: str
    name: str
    sentence: str


class Heading(Value):
    """The common beginning of all reports. Figures are as of the end of the day `as_of`; a day's list is as of that day's morning."""

    number: str
    kind: ReportKind
    scope: Scope
    period_start: date
    period_end: date
    as_of: date
    definitions: tuple[Definition, ...]

    @property
    def period(self) -> Period:
        """The period that the report covers."""
        return Period(self.kind, self.period_start, self.period_end)


class DayReport(Heading):
    """The day's list. `gates` wait for the head of this office, whichever office holds the case."""

    kind: Literal[ReportKind.DAY]
    agenda: Agenda
    gates: Items


class PeriodReport(Heading):
    """The report of a week, month, quarter or year."""

    kind: Literal[ReportKind.WEEK, ReportKind.MONTH, ReportKind.QUARTER, ReportKind.YEAR]
    figures: Figures
    units: Units = Units()


Report = DayReport | PeriodReport

_REPORT: Final[TypeAdapter[Report]] = TypeAdapter(Annotated[Report, Field(discriminator="kind")])


class DayParts(NamedTuple):
    """The data of day's lists by office: what each office holds, and what waits for its head."""

    held: Mapping[str, Agenda]
    gates: Mapping[str, Items]


def report_on(
    office: str, name: str, period: Period, held: Mapping[str, Figures], units: Mapping[str, Sequence[Unit]]
) -> PeriodReport | None:
    """An office's report of a period, from the figures and debtors of each office's own cases. None if there is no case."""
    known = _below(office, held)
    if not known:
        return None
    return PeriodReport.model_validate(
        _heading(office, name, period, DEFINITIONS)
        | {
            "figures": total(held[code] for code in known),
            "units": most_outstanding(unit for code in known for unit in units.get(code, ())),
        }
    )


def day_list(office: str, name: str, period: Period, parts: DayParts) -> DayReport | None:
    """An office's list of a day. None if neither it nor an office below it has a case."""
    known = _below(office, parts.held)
    if not known and office not in parts.gates:
        return None
    return DayReport.model_validate(
        _heading(office, name, period, DAY_DEFINITIONS)
        | {
            "agenda": together(parts.held[code] for code in known),
            "gates": parts.gates.get(office, Items()),
        }
    )


def _below(office: str, held: Mapping[str, Any]) -> list[str]:
    """The offices that hold cases, among an office itself and those below it."""
    own = subtree(office)
    return sorted(code for code in held if own.fullmatch(code))


def _heading(office: str, name: str, period: Period, definitions: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": period.number(office),
        "kind": period.kind,
        "scope": Scope(
            office=office,
            name=name,
            sentence=f"{name}({office})及其下级办公室截至统计时点承办的案件,含提级承办的,一案一计",
        ),
        "period_start": period.start,
        "period_end": period.end,
        "as_of": period.end,
        "definitions": tuple(
            Definition(figure=figure, sentence=sentence) for figure, sentence in definitions.items()
        ),
    }


def read_report(body: Any) -> Report:
    """Read a stored report."""
    return _REPORT.validate_python(body)


def report_json(report: Report) -> dict[str, Any]:
    """A report as every interface shows it: as stored, with a `rate` for display in each share and each debtor; null if it is of
    nothing.
    """
    shown = report.model_dump(mode="json")
    for share in shown.get("figures", {}).get("rates", {}).values():
        share["rate"] = percent(*share.values())
    for unit in shown.get("units", {}).get("units", []):
        unit["rate"] = percent(unit["cleared_fen"], unit["recognised_fen"])
    return shown


def percent(numerator: int, denominator: int) -> str | None:
    """A rate for display, such as `98.53%`. It is rounded to 0 or 100 only if it is exactly that. None if the denominator is 0."""
    if denominator == 0:
        return None
    hundredths = (numerator * 20_000 + denominator) // (denominator * 2)
    if 0 < numerator < denominator:
        hundredths = min(max(hundredths, 1), 9_999)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
