"""A report as tables to calculate with: they add up to what the report says, and nothing in them is a zero that is not known."""

from decimal import Decimal

from domain.reports.report import DEFINITIONS, PeriodReport
from domain.reports.tables import Table, tables_of
from domain.reports.text import RATES
from domain.value import Stage
from tests.domain.test_reports import QUARTER, WEEK, YEAR, list_at, report_at


def by_title(tables: list[Table]) -> dict[str, Table]:
    for table in tables:
        assert {len(row) for row in table.rows} <= {len(table.heads)}, table.title
    return {table.title: table for table in tables}


def test_every_figure_is_in_the_tables_by_its_name() -> None:
    report = report_at(YEAR, "2024-01-01")
    tables = by_title(tables_of(report))
    told = {str(row[0]): row[1:] for row in tables["指标"].rows}
    figures = report.figures
    assert told["累计案件"] == (figures.cases.total, "件")
    assert told["反映金额"] == (Decimal(figures.amounts.claimed_fen) / 10**6, "万元")
    assert told["尚未认定"] == (figures.amounts.unrecognised, "件")
    assert figures.amounts.unrecognised > 0
    assert told["累计结束:销号"] == (figures.cases.ended[Stage.CLOSED], "件")
    ends = [row[0] for name, row in told.items() if name.startswith("累计结束:")]
    assert sum(int(str(count)) for count in ends) == sum(figures.cases.ended.values())
    assert {unit for name, (_, unit) in told.items() if name.startswith("文书:")} == {"份"}
    assert {unit for name, (_, unit) in told.items() if name.startswith("升级:")} == {"次"}
    assert len(told) == len(tables["指标"].rows), "no two have one name"
    meaning = [row[0] for row in tables["口径"].rows]
    assert meaning[1:] == list(DEFINITIONS.values())


def test_a_rate_stands_beside_its_numbers_and_is_empty_where_there_is_none() -> None:
    told = {row[0]: row[1:] for row in by_title(tables_of(report_at(QUARTER, "2023-10-01")))["比率"].rows}
    assert list(told) == list(RATES.values())
    above, below, unit, rate = told["清偿率"]
    assert unit == "万元"
    assert isinstance(rate, float)
    assert abs(rate - float(Decimal(str(above)) / Decimal(str(below)))) <= 0.00005
    nothing = {row[0]: row[1:] for row in by_title(tables_of(report_at(WEEK, "2023-05-01")))["比率"].rows}
    assert nothing["清偿率"] == (0, 0, "万元", None)
    assert nothing["按期办结率"] == (0, 0, "项", None)


def test_what_is_not_recognised_yet_is_to_be_verified_in_each_table() -> None:
    tables = by_title(tables_of(report_at(WEEK, "2023-05-01")))
    organ = next(row for row in tables["债务人类型"].rows if row[0] == "机关")
    assert organ[2] == organ[3]
    assert organ[4:] == ("待核实", 0, "待核实")
    platform = next(row for row in tables["债务人类型"].rows if row[0] == "平台公司")
    assert platform[1:] == (0, 0, 0, 0, 0, 0)
    unknown = next(row for row in tables["账龄"].rows if row[0] == "不详")
    assert unknown[3] == "待核实"
    (unit,) = tables["债务单位"].rows
    assert unit[4:] == ("待核实", 0, "待核实", None)
    figures = {name: value for name, value, _ in tables["指标"].rows}
    unknown_yet = {"认定欠款", "无分歧", "有分歧", "未到期", "司法程序中", "未清偿", "未清偿:在办", "应还"}
    assert {name for name, value in figures.items() if value == "待核实"} == unknown_yet


def test_a_claim_of_which_nobody_knows_the_amount_is_to_be_verified() -> None:
    report = report_at(WEEK, "2023-05-01")
    assert isinstance(report, PeriodReport)
    amounts = report.figures.amounts.model_copy(update={"claimed_fen": 0, "unverified": 1})
    figures = report.figures.model_copy(update={"amounts": amounts})
    tables = by_title(tables_of(report.model_copy(update={"figures": figures})))
    assert {name: value for name, value, _ in tables["指标"].rows}["反映金额"] == "待核实"


def test_a_days_list_is_two_tables() -> None:
    tables = by_title(tables_of(list_at("2023-06-28")))
    duty, gate = tables["到期与逾期"].rows
    assert duty[:2] == ("红灯", "QQ-620100-2023-0001")
    assert duty[3:5] == ("核实认定", "经办人")
    assert duty[6] == 23
    assert gate[3] == "约谈审批"
    assert [row[3] for row in tables["待审批"].rows] == ["约谈审批"]
