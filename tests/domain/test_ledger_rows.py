"""The 台账: what is read of a row, every fault with its cell, and what goes out comes in."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.calendar import business_instant
from domain.case.decider import begin, receive
from domain.contract import Contract
from domain.doubles import Candidate
from domain.money import parse_money
from domain.names.credit_code import check_digit
from domain.receipt import NO_CONTACTS, Debtor, Receipt
from domain.sheet.cells import BLANK, Cell, Importer, as_written, neutral, wan_cell
from domain.sheet.columns import AT_RECEIPT, COLUMNS, MOST_ROWS, STATE, letters
from domain.sheet.faults import Fault
from domain.sheet.lines import ledger_line
from domain.sheet.on_record import doubles_of_cases
from domain.sheet.rows import LedgerRow, Sheet, is_late_on_entry, read_ledger, set_apart
from domain.value import Stage
from office.calendar.loading import published_calendar
from office.packs import load_pack
from tests.domain.story import story_at

TODAY = date(2023, 4, 28)
RULES = load_pack("gansu").for_case(published_calendar(date(2000, 1, 1)))
OFFICES = {
    "620000": "甘肃省清欠办",
    "620100": "兰州市清欠办",
    "620105": "安宁区清欠办",
    "620200": "同名",
    "620300": "同名",
}
IMPORTER = Importer("620105", OFFICES, TODAY)
CODE = "91620105MA71234567"[:17]
CODE += check_digit(CODE)

TERM = {f"contract.{name}" for name in ("delivered_on", "accepted_on", "settled_on", "agreed_term_days")}
ROW: dict[str, Any] = {
    "登记办公室": "安宁区清欠办",
    "来源": "热线电话",
    "登记日": date(2023, 4, 26),
    "案由": "工程款",
    "债务人": "安宁区环卫局",
    "债务人统一社会信用代码": CODE,
    "债务人单位类型": "机关",
    "债权人": "八冶集团",
    "债权人规模": "小型",
    "债权人所有制": "民营",
    "联系人和电话": "王经理",
    "债务人联系人和电话": "杨科长",
    "项目名称": "青石沟",
    "合同编号": "HT-2018-7",
    "合同签订日": date(2018, 11, 1),
    "交付日": None,
    "验收日": None,
    "结算确认日": None,
    "约定付款期限(日)": None,
    "合同总额(万元)": "8436.77",
    "款项类型": "工程",
    "欠款金额(万元)": 4216,
    "涉农民工工资": "是",
    "农民工工资金额(万元)": None,
    "涉民生": "否",
    "备注": "垫资",
}


def cell(value: Any) -> Cell:
    return value if isinstance(value, Cell) else Cell(value)


def sheet(
    *rows: dict[str, Any], importer: Importer = IMPORTER, headers: Sequence[str] | None = None
) -> Sheet:
    """A sheet with the headers in its first row."""
    names = list(headers or ROW)
    lines = [(1, [Cell(name) for name in names])]
    lines += [(number, [cell(row.get(name)) for name in names]) for number, row in enumerate(rows, 2)]
    return read_ledger(lines, importer)


def where(header: str, row: int = 2) -> str:
    return f"{letters(list(ROW).index(header))}{row}"


def only_fault(**changes: Any) -> Fault:
    read = sheet(ROW | changes)
    assert read.rows == []
    (fault,) = read.faults
    return fault


def test_a_row_is_a_receipt() -> None:
    (row,) = sheet(ROW).rows
    assert row.number == 2
    assert row.contacts == ("王经理", "杨科长")
    receipt = row.receipt
    assert (receipt.office, receipt.channel, receipt.kind) == ("620105", "hotline", "works")
    assert (receipt.debtor.kind, receipt.debtor.code) == ("organ", CODE)
    assert (receipt.creditor.size, receipt.creditor.ownership, receipt.creditor.code) == (
        "small",
        "private",
        None,
    )
    assert receipt.claimed == 4216 * 10**6
    assert receipt.received_on == date(2023, 4, 26)
    assert receipt.contract == Contract(no="HT-2018-7", signed_on=date(2018, 11, 1), total=8_436_770_000)
    assert (receipt.migrant_wages, receipt.wage_amount, receipt.livelihood) == (True, None, False)
    assert receipt.note == "垫资"


def test_what_may_be_left_out_is_the_importers_office_and_the_projects_name() -> None:
    required = {column.header for column in AT_RECEIPT if column.required}
    (row,) = sheet({name: value for name, value in ROW.items() if name in required}).rows
    assert (row.receipt.office, row.receipt.title, row.contacts) == ("620105", "青石沟", NO_CONTACTS)


def test_of_wages_the_amount_may_be_said() -> None:
    (row,) = sheet(ROW | {"农民工工资金额(万元)": 30}).rows
    assert row.receipt.wage_amount == 30 * 10**6
    faults = sheet(ROW | {"农民工工资金额(万元)": 30, "涉农民工工资": "否"}).faults
    assert [fault.cell for fault in faults] == [where("农民工工资金额(万元)")]


@pytest.mark.parametrize(
    ("written", "days"), [(60, 60), (60.0, 60), ("６０天", 60), ("0", 0), (3650, 3650), (None, None)]
)
def test_a_term_and_the_days_from_which_it_runs_come_in_and_go_out(written: Any, days: int | None) -> None:
    contract = {
        "交付日期": date(2019, 6, 30),
        "验收日期": "2019-08-30",
        "结算日期": None,
        "约定付款期限": written,
    }
    headers = [column.header for column in AT_RECEIPT if column.field in TERM]
    told = {name: value for name, value in ROW.items() if name not in headers} | contract
    (row,) = read_ledger([(1, [*map(Cell, told)]), (2, [*map(cell, told.values())])], IMPORTER).rows
    assert row.receipt.contract is not None
    assert row.receipt.contract.agreed_term_days == days
    case = begin("QQ-1", receive("QQ-1", row.receipt, RULES, business_instant(TODAY, 9)))
    line = dict(zip((column.header for column in COLUMNS), ledger_line(case, 1, TODAY, OFFICES), strict=True))
    assert [line[header] for header in headers] == [date(2019, 6, 30), date(2019, 8, 30), None, days]
    assert line["拖欠起始日"] == (None if days is None else date(2019, 8, 31) + timedelta(days))


@pytest.mark.parametrize("written", [None, 0, "0元", "待核实", " 待核实 "])
def test_an_amount_may_be_to_be_verified_and_goes_out_as_it_came_in(written: Any) -> None:
    row = ROW | {"欠款金额(万元)": written, "债权人规模": "待核实", "债权人所有制": None}
    read = sheet(row, ROW | {"项目名称": "另一项目"})
    assert (read.faults, read.claimed_fen, read.unverified) == ([], 4216 * 10**6, 1)
    receipt = read.rows[0].receipt
    assert (receipt.claimed, receipt.creditor.size, receipt.creditor.ownership) == (
        None,
        "unknown",
        "unknown",
    )
    case = begin("QQ-1", receive("QQ-1", receipt, RULES, business_instant(TODAY, 9)))
    told = dict(zip((column.header for column in COLUMNS), ledger_line(case, 1, TODAY, OFFICES), strict=True))
    assert [told[name] for name in ("欠款金额(万元)", "债权人规模", "债权人所有制")] == ["待核实"] * 3


def test_the_header_may_stand_below_a_title_and_blank_rows_are_passed_over() -> None:
    lines = [(1, [Cell("二〇二三年台账")]), (2, ()), (3, [Cell(name) for name in ROW])]
    lines += [(4, [BLANK]), (5, [cell(value) for value in ROW.values()])]
    read = read_ledger(lines, IMPORTER)
    assert (read.faults, [row.number for row in read.rows], read.header_row) == ([], [5], 3)
    assert read.claimed_fen == 4216 * 10**6


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        (4216, 4216 * 10**6),
        (4216.000001, 4216 * 10**6 + 1),
        (0.1 + 0.2, 300_000),
        ("4216", 4216 * 10**6),
        ("４２１６．５", 42165 * 10**5),
        ("４,２１６万元", 4216 * 10**6),
        ("8.044亿元", 804_400_000_00),
        ("42160000.01元", 42160000_01),
        (" 4216 万元 ", 4216 * 10**6),
    ],
)
def test_amounts_are_read_as_people_write_them(written: Any, fen: int) -> None:
    (row,) = sheet(ROW | {"欠款金额(万元)": written}).rows
    assert row.receipt.claimed == fen


@pytest.mark.parametrize(
    "written",
    [
        date(2023, 4, 26),
        datetime(2023, 4, 26, 10, 30),  # noqa: DTZ001 - a spreadsheet's instant has no zone
        "2023-04-26",
        "2023/4/26",
        "2023.4.26",
        "２０２３年４月２６日",
        20230426,
    ],
)
def test_dates_are_read_as_people_write_them(written: Any) -> None:
    (row,) = sheet(ROW | {"登记日": written}).rows
    assert row.receipt.received_on == date(2023, 4, 26)


@pytest.mark.parametrize(
    ("header", "written", "told"),
    [
        ("债务人", None, "debtor is missing"),
        ("债务人", "   ", "debtor is missing"),
        ("债务人", True, "must be text"),
        ("债务人", "长" * 201, "longer than 200 "),
        ("债务人", "环卫\x00局", "control character"),
        ("联系人和电话", "9" * 201, "longer than 200"),
        ("备注", 1.5, "is a number that may have lost digits"),
        ("备注", float("inf"), "is a number that may have lost digits"),
        ("债务人统一社会信用代码", 916201050000000000, "is a number that may have lost digits"),
        ("债务人统一社会信用代码", CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), "check digit"),
        ("债务人单位类型", "街道", "is one of organ"),
        ("涉农民工工资", "大概", "must be 是"),
        ("欠款金额(万元)", "约四千万", "not an amount"),
        ("欠款金额(万元)", "0.0000001", "not a whole number of fen"),
        ("欠款金额(万元)", 1 / 3, "not a whole number of fen"),
        ("欠款金额(万元)", -5, "not an amount"),
        ("农民工工资金额(万元)", 0, "above zero"),
        ("农民工工资金额(万元)", 4217, "not above it"),
        ("欠款金额(万元)", True, "must be text"),
        ("登记日", 45042, "is no date"),
        ("登记日", "2023-02-30", "is no date"),
        ("登记日", "去年", "is no date"),
        ("登记日", "2023-04-29", "is after today"),
        ("登记日", date(1900, 1, 1), "check the year"),
        ("合同签订日", date(1900, 1, 1), "check the year"),
        ("合同签订日", date(2023, 4, 27), "signed on is after the day on which the case was received"),
        ("交付日", date(2023, 4, 27), "delivered on is after the day on which the case was received"),
        ("验收日", date(2023, 4, 27), "accepted on is after"),
        ("结算确认日", date(2023, 4, 27), "settled on is after"),
        ("约定付款期限(日)", "30个工作日", "number of calendar days"),
        ("约定付款期限(日)", 3651, "number of calendar days"),
        ("约定付款期限(日)", -1, "number of calendar days"),
        ("约定付款期限(日)", 1.5, "lost digits"),
        ("登记办公室", "天水市清欠办", "has no office"),
        ("登记办公室", "同名", "has no office"),
        ("登记办公室", "620100", "neither 620105 nor below it"),
        ("备注", Cell("=1+1", "formula"), "is a formula"),
        ("债权人", Cell("#REF!", "error"), "error value"),
    ],
)
def test_every_fault_is_told_with_its_cell(header: str, written: Any, told: str) -> None:
    fault = only_fault(**{header: written})
    assert fault.cell == where(header)
    assert told in fault.detail
    assert fault.message
    assert str(fault).startswith(f"{where(header)}: ")


def test_words_may_be_written_as_the_interface_calls_them_and_answers_as_ticks() -> None:
    (row,) = sheet(ROW | {"来源": "inspection", "涉民生": True, "项目名称": 2023}).rows
    assert (row.receipt.channel, row.receipt.livelihood, row.receipt.project) == ("inspection", True, "2023")


def test_a_superior_imports_for_offices_below_it() -> None:
    (row,) = sheet(ROW | {"登记办公室": 620105}, importer=IMPORTER._replace(office="620100")).rows
    assert row.receipt.office == "620105"


def test_all_faults_of_all_rows_are_told_at_once() -> None:
    read = sheet(ROW | {"债务人": None, "登记日": "?"}, ROW | {"欠款金额(万元)": "?"})
    assert [fault.cell for fault in read.faults] == [
        where("登记日"),
        where("债务人"),
        where("欠款金额(万元)", 3),
    ]


def test_missing_and_doubled_headers_are_told() -> None:
    headers = ["债务人", "债务人", "拖欠原因", "", "债权人", "项目名称"]
    read = sheet(ROW, headers=headers)
    told = [(fault.cell, fault.message) for fault in read.faults]
    assert ("B1", "表头“债务人”重复,已见于 A1") in told
    assert ("A1", "缺少表头“登记日”") in told
    assert read.rows == []


def test_a_value_under_no_header_is_told_and_a_row_of_totals_is_not_a_case() -> None:
    names = list(ROW)
    lines = [(1, [Cell(name) for name in names]), (2, [*(cell(value) for value in ROW.values()), Cell("余")])]
    lines += [(3, [Cell("合计"), Cell(4216)]), (4, [cell(value) for value in ROW.values()][:-1])]
    read = read_ledger(lines, IMPORTER)
    assert [(fault.cell, fault.message) for fault in read.faults] == [
        (f"{letters(len(names))}2", "此列没有表头"),
        ("A3", "合计行请删除"),
    ]
    assert [row.number for row in read.rows] == [4]


def test_a_file_without_headers_or_rows_is_told() -> None:
    assert read_ledger([], IMPORTER).faults[0].message == "没有表头"
    assert read_ledger([(number, [Cell(1)]) for number in range(1, 30)], IMPORTER).header_row == 0
    assert [fault.cell for fault in sheet().faults] == ["A2"]


def test_more_rows_than_are_allowed_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.sheet.rows.MOST_ROWS", allowed := MOST_ROWS // 100)
    lines = [(1, [Cell(name) for name in ROW])]
    row = [cell(value) for value in ROW.values()]
    lines += [(number, row) for number in range(2, allowed + 3)]
    read = read_ledger(lines, IMPORTER)
    assert [fault.cell for fault in read.faults] == [f"A{allowed + 2}"]
    assert len(read.rows) == allowed


def test_doubled_rows_are_warned_of_and_set_apart_by_whoever_confirms_that() -> None:
    again = ROW | {"备注": "又一次", "欠款金额(万元)": 4217}
    read = sheet(
        ROW,
        again,
        ROW | {"欠款金额(万元)": 30, "合同编号": None},
        again | {"另案登记": "是"},
        headers=[*ROW, "另案登记"],
    )
    assert read.faults == []
    assert [(warning.cell, warning.detail[:16]) for warning in read.warnings] == [("A3", "looks like row 2")]
    assert [row.receipt.distinct for row in read.rows] == [False, False, False, True]
    assert [row.receipt.distinct for row in set_apart(read.rows)] == [True, True, False, True]


def test_a_row_that_is_on_record_already_is_a_fault_with_its_candidates() -> None:
    known = Candidate("QQ-620105-2023-0007", TODAY, Stage.INTAKE, "620105")
    (fault,) = doubles_of_cases({4: [known]})
    assert fault.cell == "A4"
    assert "QQ-620105-2023-0007(受理,620105)" in fault.message
    assert "“另案登记”" in fault.message


def test_a_case_that_was_received_long_ago_was_late_before_it_is_entered() -> None:
    (row,) = sheet(ROW).rows
    assert not is_late_on_entry(row.receipt, RULES, business_instant(TODAY, 9))
    assert is_late_on_entry(row.receipt, RULES, business_instant(date(2023, 12, 28), 9))


def test_columns_are_called_as_a_sheet_calls_them() -> None:
    assert [letters(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "　=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "'=1",
    "''",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_spreadsheet_runs_a_text(text: str) -> None:
    assert neutral(text)[0] == "'"
    assert as_written(neutral(text)) == text.replace("\r", "\n")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_a_neutral_text_gives_back_what_was_there(text: str) -> None:
    assert as_written(neutral(text)) == text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def test_what_a_cell_cannot_hold_is_shown() -> None:
    assert neutral("a\x00b") == "a\ufffdb"
    assert neutral("长" * 40_000) == "长" * 32_766 + "…"
    assert as_written("'ordinary") == "'ordinary"


@given(st.integers(1, 10**16))
@example(10**15)
def test_an_amount_goes_out_exactly(fen: int) -> None:
    told = wan_cell(fen)
    read = (
        parse_money(told)
        if isinstance(told, str)
        else sheet(ROW | {"欠款金额(万元)": float(told)}).rows[0].receipt.claimed
    )
    assert read == fen


texts = (
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
        max_size=30,
    )
    .map(str.strip)
    .filter(bool)
)
codes = st.none() | st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9).map(
    lambda whose: f"91620105{whose}{check_digit(f'91620105{whose}')}"
)
receipts = st.fixed_dictionaries(
    {
        "title": texts,
        "project": texts,
        "creditor": st.fixed_dictionaries(
            {
                "name": texts,
                "code": codes,
                "size": st.sampled_from(["micro", "small", "medium", "large", "unknown"]),
                "ownership": st.sampled_from(["private", "state", "foreign", "individual", "unknown"]),
            }
        ),
        "debtor": st.fixed_dictionaries(
            {
                "name": texts,
                "code": codes,
                "kind": st.sampled_from(get_args(Debtor.model_fields["kind"].annotation)),
            }
        ),
        "office": st.just("620105"),
        "channel": st.sampled_from(
            ["hotline", "platform", "letter", "visit", "inspection", "transfer", "self_report"]
        ),
        "kind": st.sampled_from(["goods", "works", "services"]),
        "contract": st.none()
        | st.builds(
            Contract,
            no=texts,
            signed_on=st.none() | st.just(date(2000, 1, 1)),
            total=st.none() | st.integers(1, 10**16),
        ),
        "claimed": st.none() | st.integers(1, 10**16),
        "received_on": st.dates(date(2000, 1, 1), TODAY),
        "migrant_wages": st.booleans(),
        "livelihood": st.booleans(),
        "note": st.none() | texts,
        "distinct": st.booleans(),
    }
).map(Receipt.model_validate)


@given(receipts)
def test_what_goes_out_comes_in(receipt: Receipt) -> None:
    case = begin(
        "QQ-620105-2023-0001", receive("QQ-620105-2023-0001", receipt, RULES, business_instant(TODAY, 9))
    )
    told = ledger_line(case, 1, TODAY, OFFICES)
    line = [Cell(float(value) if not isinstance(value, str | date | None) else value) for value in told]
    lines = [(1, [Cell(column.header) for column in COLUMNS]), (2, line)]
    read = read_ledger(lines, IMPORTER)
    assert read.faults == []
    assert read.rows == [LedgerRow(2, receipt, NO_CONTACTS)]


def test_an_export_says_how_a_case_stands() -> None:
    (row,) = sheet(ROW).rows
    case = begin(
        "QQ-620105-2023-0001", receive("QQ-620105-2023-0001", row.receipt, RULES, business_instant(TODAY, 9))
    )
    told = dict(zip((column.header for column in COLUMNS), ledger_line(case, 7, TODAY, OFFICES), strict=True))
    assert told["序号"] == "7"
    assert [told[column.header] for column in STATE] == [
        "QQ-620105-2023-0001",
        "受理",
        "转办",
        "正常",
        "安宁区清欠办",
        *(None, "不详"),
        *("待核实", "待核实", "待核实", None, "待核实", 0, "待核实"),
        date(2023, 5, 12),
    ]
    assert (told["联系人和电话"], told["债务人联系人和电话"]) == (None, None)


def test_an_export_says_what_of_a_debt_is_owed_now_and_what_is_not_yet() -> None:
    told_of = ledger_line(story_at("brought_in").case, 1, TODAY, OFFICES)
    told = dict(zip((column.header for column in COLUMNS), told_of, strict=True))
    assert [told[header] for header in ("无分歧(万元)", "有分歧(万元)", "司法程序中(万元)")] == [391, 0, 0]
    assert [told[header] for header in ("未到期(万元)", "未到期款到期日")] == [9, date(2024, 3, 1)]
