"""What a sheet shows is what it means: where a cell holds something else, or a row is not shown, it is said."""

from datetime import date
from typing import Any, Final

import pytest

from domain.sheet.cells import Cell, Importer
from domain.sheet.columns import letters
from domain.sheet.faults import Fault
from domain.sheet.rows import MOST_FAULTS, Hidden, Sheet, read_ledger
from tests.portal.sheets import ROW

HEADERS: Final = tuple(ROW)
IMPORTER: Final = Importer("620105", {"620105": "安宁区清欠办"}, date(2023, 4, 28))
AMOUNT: Final = "欠款金额(万元)"
ALL_HIDDEN: Final = Hidden(rows={2, 3, 4})


def cells(**changes: Any) -> list[Cell]:
    row = ROW | changes
    return [row[name] if isinstance(row[name], Cell) else Cell(row[name]) for name in HEADERS]


def struck(except_for: str = "") -> list[Cell]:
    return [
        cell if name == except_for else cell._replace(struck="all")
        for name, cell in zip(HEADERS, cells(), strict=True)
    ]


def sheet(*rows: list[Cell], hidden: Hidden = Hidden(), all_rows: bool = False) -> Sheet:
    lines = [(1, [Cell(name) for name in HEADERS]), *enumerate(rows, 2)]
    return read_ledger(lines, IMPORTER._replace(all_rows=all_rows), hidden)


def only_fault(**changes: Any) -> Fault:
    (fault,) = sheet(cells(**changes)).faults
    return fault


def only_warning(**changes: Any) -> Fault:
    read = sheet(cells(**changes))
    assert read.faults == []
    (warning,) = read.warnings
    return warning


def test_a_number_that_its_format_scales_is_a_fault_with_both_readings() -> None:
    fault = only_fault(**{AMOUNT: Cell(42160000, number_format='0!.0000,"万元"')})
    assert fault.cell == f"{letters(HEADERS.index(AMOUNT))}2"
    for told in (fault.message, fault.detail):
        assert "42160000万元" in told
        assert "4216万元" in told
        assert '0!.0000,"万元"' in told


def test_a_percentage_is_a_fault() -> None:
    fault = only_fault(**{AMOUNT: Cell(0.5, number_format="0%")})
    assert "百分比 50%" in fault.message
    assert "the percentage 50% and holds 0.5" in fault.detail


@pytest.mark.parametrize(
    ("number_format", "fen"),
    [
        ('#,##0"元"', 42160000 * 100),
        ('0"万元"', 42160000 * 10**6),
        ("#,##0.00", 42160000 * 10**6),
        ('"¥"#,##0', 42160000 * 10**6),
    ],
)
def test_a_unit_that_is_shown_is_the_unit(number_format: str, fen: int) -> None:
    read = sheet(cells(**{AMOUNT: Cell(42160000, number_format=number_format)}))
    assert read.faults == []
    assert [row.receipt.claimed for row in read.rows] == [fen]
    assert ["check its unit" in one.detail for one in read.warnings] == [True] * (fen >= 10**11)


def test_an_amount_that_is_shown_rounded_is_said_with_both_readings() -> None:
    warning = only_warning(**{AMOUNT: Cell(4216.123456, number_format="0.00")})
    assert "显示为 4216.12,实存 4216.123456" in warning.message
    assert "shows 4216.12 and holds 4216.123456" in warning.detail
    assert sheet(cells(**{AMOUNT: Cell(4216.5, number_format="0.00")})).warnings == []


def test_a_day_that_is_not_shown_whole_is_said() -> None:
    warning = only_warning(登记日=Cell(date(2023, 4, 26), "date", 'm"月"d"日"'))
    assert "按 2023-04-26 读取" in warning.message
    assert sheet(cells(登记日=Cell(date(2023, 4, 26), "date", "yyyy-mm-dd"))).warnings == []
    digits = sheet(cells(登记日=Cell(20230426, number_format="0000-00-00")))
    assert [row.receipt.received_on for row in digits.rows] == [date(2023, 4, 26)]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (Cell(123, number_format="000000"), "holds the number 123"),
        (Cell(2023, number_format='0"号工程"'), "holds the number 2023"),
        (Cell(2023, number_format='0"元"'), "holds the number 2023"),
        (Cell("青石沟", number_format=";;;"), "shows something else than the text"),
        (Cell("青石沟", number_format='@"工程"'), "shows something else than the text"),
        (Cell("8:30:00", "time"), "a time of day"),
        (Cell("青石沟", struck="part"), "struck out"),
        (Cell("青石沟", struck="all"), "struck out"),
        (Cell(10**400), "may have lost digits"),
    ],
)
def test_a_text_that_is_not_what_is_shown_is_a_fault(cell: Cell, told: str) -> None:
    assert told in only_fault(项目名称=cell).detail


def test_a_number_beyond_all_numbers_is_no_amount() -> None:
    assert "lost digits" in only_fault(**{AMOUNT: Cell(10**400)}).detail


def test_hidden_and_struck_out_rows_are_said_and_left_out() -> None:
    read = sheet(cells(), cells(), cells(), struck(), cells(), hidden=Hidden(rows={3, 4, 6}))
    assert read.faults == []
    assert [row.number for row in read.rows] == [2]
    assert [(one.cell, one.message) for one in read.warnings] == [
        ("A3:A4", "第 3–4 行是隐藏的,未读入"),
        ("A5", "第 5 行是划掉的,未读入"),
        ("A6", "第 6 行是隐藏的,未读入"),
    ]
    assert [one.detail for one in read.warnings] == [
        "left out, for it is hidden: row 3–4",
        "left out, for it is struck out: row 5",
        "left out, for it is hidden: row 6",
    ]


def test_hidden_and_struck_out_rows_are_read_when_somebody_asks_for_them() -> None:
    read = sheet(cells(), cells(项目名称="乙"), struck(), hidden=Hidden(rows={3}), all_rows=True)
    assert read.faults == []
    assert [row.number for row in read.rows] == [2, 3, 4]


def test_a_row_of_which_only_part_is_struck_out_is_a_fault() -> None:
    read = sheet(struck(except_for="备注"))
    assert read.rows == []
    assert len(read.faults) == len(HEADERS) - 1
    blank = sheet([*struck()[:-1], Cell(" ", struck="all")])
    assert [one.cell for one in blank.warnings] == ["A2"], "a blank cell has nothing to strike out"


def test_a_sheet_of_which_no_row_is_shown_is_told() -> None:
    read = sheet(cells(), cells(), cells(), hidden=ALL_HIDDEN)
    assert [(one.cell, one.detail) for one in read.faults] == [
        ("A2", "all rows below the headers are hidden or struck out")
    ]


def test_hidden_columns_that_are_read_are_said() -> None:
    index = HEADERS.index("备注")
    read = sheet(cells(), hidden=Hidden(columns={index, 99}))
    assert [(one.cell, one.message) for one in read.warnings] == [
        (letters(index), "“备注”列是隐藏的,照样读取")
    ]


def test_doubles_are_found_however_the_names_are_written() -> None:
    read = sheet(
        cells(债权人="某(集团)公司"), cells(债权人="某（集团）\n公司", 项目名称=" 青石沟垃圾场 生态修复")
    )
    assert [one.cell for one in read.warnings] == ["A3"]
    assert [row.receipt.creditor.name for row in read.rows] == ["某(集团)公司", "某（集团）\n公司"], (
        "as written"
    )


def test_after_so_many_faults_nothing_more_is_checked() -> None:
    read = sheet(*[cells(债务人=None, 债权人=None, 项目名称=None) for _ in range(MOST_FAULTS // 2)])
    assert MOST_FAULTS < len(read.faults) <= MOST_FAULTS + 4
    assert "not checked from this row on" in read.faults[-1].detail


def test_a_long_header_is_quoted_in_part() -> None:
    (fault, *_) = read_ledger(
        [(1, [*(Cell(name) for name in HEADERS), Cell("长" * 30_000)])], IMPORTER
    ).faults
    assert len(fault.message) < 100
