"""A sheet of an office's own: other headers, columns that are not ours, amounts in yuan, rows of cases on record, equal faults."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import pytest

from domain.sheet.cells import Cell, Importer
from domain.sheet.columns import letters
from domain.sheet.faults import Fault, grouped
from domain.sheet.on_record import without_known
from domain.sheet.rows import Sheet, read_ledger
from domain.value import LONGEST_TEXT
from tests.portal.sheets import ROW

IMPORTER: Final = Importer("620105", {"620105": "安宁区清欠办"}, date(2023, 4, 28))
AMOUNT: Final = "欠款金额(万元)"
TAKEN_IN: Final = {
    "接入阶段": "资金筹措",
    "接入截止日": date(2023, 4, 27),
    "接入结算额(万元)": 900,
    "接入已付额(万元)": 500,
    "接入无分歧(万元)": 400,
}


def sheet(*rows: Mapping[str, Any], headers: Sequence[str] | None = None) -> Sheet:
    names = headers or list(rows[0])
    lines = [(1, [Cell(name) for name in names])]
    for number, row in enumerate(rows, 2):
        told = [row.get(name) for name in names]
        lines.append((number, [one if isinstance(one, Cell) else Cell(one) for one in told]))
    return read_ledger(lines, IMPORTER)


def renamed(**names: str) -> dict[str, Any]:
    """The row under other headers."""
    return {names.get(name, name): told for name, told in ROW.items()}


def where(header: str, row: Mapping[str, Any], number: int = 2) -> str:
    return f"{letters(list(row).index(header))}{number}"


def several(*claimed: Any, **more: Any) -> Sheet:
    """A sheet of rows that claim so much."""
    return sheet(
        *(
            ROW | {"项目名称": f"第{number}号", AMOUNT: one} | more
            for number, one in enumerate(claimed, start=1)
        )
    )


def test_headers_that_offices_use_are_known() -> None:
    read = sheet(
        renamed(登记日="登记日期", 联系人和电话="联系方式", 债务人="债务人名称", 债权人="债权人名称")
    )
    assert (read.faults, read.warnings) == ([], [])
    assert read.rows[0].receipt.received_on == ROW["登记日"]
    assert read.rows[0].contacts.creditor == ROW["联系人和电话"]


def test_columns_that_are_not_ours_are_named_once_and_kept_as_remarks() -> None:
    more = {
        "拖欠原因": "审计未完",
        "拖欠年数": 2.5,
        "是否重点": True,
        "核实日期": date(2023, 4, 1),
        "包案领导": None,
    }
    row = ROW | more
    read = sheet(row, row | {"项目名称": "另一项目", "备注": None, "拖欠原因": "'=1+1 "})
    assert read.faults == []
    assert [warning.cell for warning in read.warnings] == [where(name, row, 1) for name in more]
    assert [row.receipt.note for row in read.rows] == [
        "垫资承建\n拖欠原因:审计未完\n拖欠年数:2.5\n是否重点:是\n核实日期:2023-04-01",
        "拖欠原因:=1+1\n拖欠年数:2.5\n是否重点:是\n核实日期:2023-04-01",
    ]
    assert "是否重点:否" in str(sheet(row | {"是否重点": False}).rows[0].receipt.note)


def test_rows_may_end_before_the_columns_that_are_not_ours() -> None:
    names = [*ROW, "拖欠原因"]
    lines = [(1, [Cell(name) for name in names]), (2, [Cell(told) for told in ROW.values()])]
    assert read_ledger(lines, IMPORTER).rows[0].receipt.note == "垫资承建"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Cell("=1", "formula"), "is a formula"),
        (Cell("a\x00b"), "control character"),
        ("长" * LONGEST_TEXT, "come to more than"),
    ],
)
def test_what_cannot_be_kept_as_a_remark_is_a_fault_with_its_cell(told: Any, said: str) -> None:
    row = ROW | {"拖欠原因": told}
    (fault,) = sheet(row).faults
    assert fault.cell == where("拖欠原因", row)
    assert said in fault.detail


@pytest.mark.parametrize("header", ["身份证号", "开户账号", "手机号码", "法人联系方式"])
def test_a_column_that_tells_of_people_is_not_read_and_that_is_said(header: str) -> None:
    row = ROW | {header: "620105199001010000"}
    read = sheet(row)
    assert read.faults == []
    assert [(warning.cell, "was not read" in warning.detail) for warning in read.warnings] == [
        (where(header, row, 1), True)
    ]
    assert read.rows[0].receipt.note == ROW["备注"]


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("欠款金额(元)", "欠款金额(万元)"),
        ("欠款金额", "欠款金额(万元)"),
        ("债务人类型", "债务人单位类型"),
        ("接入己清偿(万元)", "接入已清偿(万元)"),
    ],
)
def test_a_header_that_likely_means_one_of_ours_is_a_fault_and_no_remark(header: str, meant: str) -> None:
    absent = {name: told for name, told in ROW.items() if name != meant}
    read = sheet(absent | {header: 1})
    assert [fault.message for fault in read.faults if header in fault.message] == [
        f"未知的表头“{header}”,应为“{meant}”的,请改为此名"
    ]


def test_whatever_was_reached_elsewhere_is_in_a_column_of_ours() -> None:
    row = ROW | {"接入单位的意见": "同意"}
    (fault,) = sheet(row).faults
    assert fault.cell == where("接入单位的意见", row, 1)
    assert "接入阶段、" in fault.message


def test_an_amount_out_of_all_proportion_is_asked_about() -> None:
    assert several(30, 42, 55, 60, 80).warnings == []
    asked = several(30, 42, 55, 60, 420_000)
    assert asked.faults == []
    assert [warning.cell for warning in asked.warnings] == [where(AMOUNT, ROW, 6)]
    assert several(30, 420_00).warnings == [], "of two rows none is in the middle"
    assert [warning.cell for warning in several(None, 420_000).warnings] == [where(AMOUNT, ROW, 3)]


def test_a_claim_of_many_times_its_contract_is_asked_about() -> None:
    row = ROW | {"合同总额(万元)": 421}
    (warning,) = sheet(row).warnings
    assert warning.cell == where(AMOUNT, row)
    assert "10 times the contract's total" in warning.detail
    assert sheet(ROW | {"合同总额(万元)": 5000}).warnings == []
    assert sheet(ROW | {"合同编号": "HT-1"}).warnings == []


def test_what_was_settled_elsewhere_is_asked_about_likewise() -> None:
    assert sheet(ROW | TAKEN_IN).warnings == []
    huge = ROW | TAKEN_IN | {"接入结算额(万元)": 9_000_000, "接入已付额(万元)": 8_999_600}
    (warning,) = sheet(huge).warnings
    assert warning.cell == where("接入结算额(万元)", huge)


def test_a_row_of_a_case_on_record_changes_nothing_and_says_so() -> None:
    known, new = ROW | {"案号": " QQ-620105-2023-0001 ", "债务人": None}, ROW | {"案号": None}
    read = without_known(sheet(known, new), {"QQ-620105-2023-0001"})
    assert read.faults == []
    assert [row.number for row in read.rows] == [3]
    assert [(one.cell, "changes nothing" in one.detail) for one in read.warnings] == [
        (where("案号", known), True)
    ]
    unknown = sheet(known, new)
    assert without_known(unknown, set()) == unknown


def test_a_sheet_of_nothing_but_cases_on_record_has_nothing_to_open() -> None:
    row = ROW | {"案号": "QQ-620105-2023-0001"}
    read = without_known(sheet(row), {"QQ-620105-2023-0001"})
    assert (read.rows, read.warnings) == ([], [])
    assert [(fault.cell, "nothing to open" in fault.detail) for fault in read.faults] == [
        (where("案号", row), True)
    ]


def test_equal_faults_are_one_with_its_first_cells_and_how_many_more() -> None:
    faults = [Fault(f"B{row}", "未填写", "is missing") for row in range(2, 47)]
    first, second = grouped([*faults, Fault("C3", "不是日期", "is no date")])
    assert first.where == (
        "B2、B3、B4、B5、B6、B7、B8、B9 等,另有 37 处",
        "B2, B3, B4, B5, B6, B7, B8, B9 … 37 more",
    )
    assert str(second) == "C3: 不是日期 is no date"
