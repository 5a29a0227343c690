"""A sheet of an office's own: other headers, columns that are not ours, amounts in yuan, rows of cases on record, equal faults."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
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
        (Cell(12_345_678_901_234_567), "may have lost digits"),
        ("长" * LONGEST_TEXT, "come to more than"),
    ],
)
def test_what_cannot_be_kept_as_a_remark_is_a_fault_with_its_cell(told: Any, said: str) -> None:
    row = ROW | {"拖欠原因": told}
    (fault,) = sheet(row).faults
    assert fault.cell == where("拖欠原因", row)
    assert said in fault.detail


@pytest.mark.parametrize(
    "header",
    [
        *(
            "身份证号",
            "开户账号",
            "手机号码",
            "法人联系方式",
            "收款账户",
            "联络方式",
            "账户",
            "开户银行及账户",
        ),
        *(
            "通讯方式",
            "邮箱",
            "微信",
            "传真",
            "住址",
            "Tel",
            "Ｔｅｌ.",
            "Phone",
            "E-mail",
            "QQ号",
            "证件号码",
        ),
    ],
)
def test_a_column_that_tells_of_people_is_not_read_and_that_is_said(header: str) -> None:
    row = ROW | {header: "620105199001010000"}
    read = sheet(row)
    assert read.faults == []
    assert [(warning.cell, "was not read" in warning.detail) for warning in read.warnings] == [
        (where(header, row, 1), True)
    ]
    assert read.rows[0].receipt.note == ROW["备注"]


def test_a_column_that_only_sounds_like_one_that_tells_of_people_is_kept() -> None:
    row = ROW | {"Hotel": "维修", "项目地址": "青石沟", "Faxian": "是"}
    note = str(sheet(row).rows[0].receipt.note)
    assert note.endswith("Hotel:维修\n项目地址:青石沟\nFaxian:是")


@pytest.mark.parametrize(
    "told",
    [
        *("王经理 13900000000", 13900000000, "+86 139-0000-0000", "１３９００００００００", "0931-8123456"),
        *("620105199001010010", "62010519900101001X", "6222 0212 3456 7890 123", "账:270123456789"),
    ],
)
def test_a_cell_with_a_number_of_people_is_not_kept_and_that_is_said(told: Any) -> None:
    row = ROW | {"说明一": told, "说明二": "审计未完"}
    read = sheet(row)
    assert read.faults == []
    assert read.rows[0].receipt.note == "垫资承建\n说明二:审计未完"
    (warning,) = [one for one in read.warnings if one.cell == where("说明一", row)]
    assert "was not kept" in warning.detail
    assert str(told) not in str(warning)


@pytest.mark.parametrize(
    "told",
    [
        *("2023-04-26 至 2023-05-26", "HT-2018-7", "91620105MA71234567", "123456789012.50元", "20230426001"),
        *("3.1415926535", "兰清欠〔2023〕12号"),
    ],
)
def test_other_numbers_are_kept(told: str) -> None:
    assert sheet(ROW | {"说明": told}).rows[0].receipt.note == f"垫资承建\n说明:{told}"


@pytest.mark.parametrize(
    ("cell", "kept", "doubt"),
    [
        (Cell(0.35, number_format="0%"), "35%", ""),
        (Cell(0.354, number_format="0%"), "35.4%", ""),
        (
            Cell(datetime.fromisoformat("2026-03-02 09:30"), "date", "yyyy-mm-dd hh:mm"),
            "2026-03-02 09:30",
            "",
        ),
        (
            Cell(datetime.fromisoformat("2026-03-02 09:30:05"), "date", "yyyy-mm-dd hh:mm:ss"),
            "2026-03-02 09:30:05",
            "",
        ),
        (Cell(datetime.fromisoformat("2026-03-02"), "date", "yyyy-mm-dd"), "2026-03-02", ""),
        (Cell(date(2026, 3, 2), "date", "mm-dd"), "2026-03-02", "does not show the whole day"),
        (Cell(2.5), "2.5", ""),
        (Cell(0.00000015), "0.00000015", ""),
        (Cell(7, number_format="000"), "007", ""),
        (Cell(-7.5, number_format='0.0"万元"'), "-7.5万元", ""),
        (Cell(12.345, number_format="0.0"), "12.345", "it is read as what it holds"),
        (Cell(12.5, number_format='0.0,"千"'), "12.5", "shows something else than it holds"),
    ],
)
def test_a_remark_says_what_the_sheet_shows_or_is_asked_about(cell: Cell, kept: str, doubt: str) -> None:
    row = ROW | {"说明": cell}
    read = sheet(row)
    assert read.rows[0].receipt.note == f"垫资承建\n说明:{kept}"
    asked = [one.detail for one in read.warnings if one.cell == where("说明", row)]
    assert len(asked) == bool(doubt)
    assert all(doubt in one for one in asked)


@pytest.mark.parametrize(
    "header", ["备注二\x01", "债务人单位类\x02型", "备注\x00二", "备注\ufffd二", "a\x7f"]
)
def test_a_header_that_cannot_be_written_is_a_fault_of_its_own(header: str) -> None:
    row = ROW | {header: "审计未完"}
    read = sheet(row)
    assert where(header, row, 1) in {fault.cell for fault in read.faults}
    assert not set("\x00\x01\x02\x7f") & set(str([*read.faults, *read.warnings]))


@pytest.mark.parametrize("told", ["a\x7fb", "a\x00b", "a\ufffdb"])
@pytest.mark.parametrize("header", ["债务人", "备注", "案号", "说明"])
def test_a_text_that_cannot_be_written_is_a_fault_of_its_cell(header: str, told: str) -> None:
    row = ROW | {header: told}
    assert [fault.cell for fault in sheet(row).faults] == [where(header, row)]
    formatted = ROW | {header: Cell(told, number_format="0;0;0;"), "案由": Cell(told, number_format="0;0;0;")}
    assert "\x00" not in str(sheet(formatted).faults)


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


def test_a_row_with_a_number_of_its_own_is_a_new_case_and_keeps_the_number() -> None:
    rows = [
        ROW | {"案号": "兰清欠〔2023〕12号"},
        ROW | {"案号": 1203, "备注": None, "项目名称": "另一项目"},
        ROW | {"案号": None, "项目名称": "第三个项目"},
        ROW | {"案号": "QQ-620105-2023-0001"},
    ]
    read = without_known(sheet(*rows), {"QQ-620105-2023-0001"})
    assert [(row.number, row.receipt.note) for row in read.rows] == [
        (2, "垫资承建\n案号:兰清欠〔2023〕12号"),
        (3, "案号:1203"),
        (4, "垫资承建"),
    ]
    asked = {one.cell: "no case of this number" in one.detail for one in read.warnings}
    assert asked == {where("案号", rows[0], number): number < 4 for number in (2, 3, 5)}


def test_a_number_of_a_case_must_be_one_and_leave_room_for_the_note() -> None:
    row = ROW | {"案号": Cell("=A1", "formula")}
    (fault,) = sheet(row).faults
    assert (fault.cell, "is a formula" in fault.detail) == (where("案号", row), True)
    full = ROW | {"案号": "1203", "备注": "长" * LONGEST_TEXT}
    (fault,) = without_known(sheet(full), set()).faults
    assert (fault.cell, "come to more than" in fault.detail) == (where("案号", full), True)


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
    assert second.where == ("C3", "C3")
    assert str(second) == "C3: 不是日期 is no date"
    every = ", ".join(f"B{row}" for row in range(2, 47))
    assert str(first) == f"{every}: 未填写 is missing", "only a page has no room for all"
