"""Sheets as they came from the field, each with what was wrong with how it was read."""

from datetime import date
from pathlib import Path
from typing import Final

import pytest

from domain.names.credit_code import fault_in
from domain.sheet.cells import Importer
from domain.sheet.rows import Sheet
from office.packs import load_pack
from office.sheets.reading import check_ledger

FOLDER: Final = Path(__file__).with_name("sheets_from_the_field")
IMPORTER: Final = Importer("620105", load_pack("gansu").offices, date(2026, 11, 25))


async def read(name: str) -> Sheet:
    with (FOLDER / f"x-{name}.xlsx").open("rb") as file:
        return (await check_ledger(file, IMPORTER)).sheet


@pytest.mark.parametrize(
    ("name", "told"),
    [("format-wan", ("42160000万元", "4216万元")), ("percent", ("50%", "0.5"))],
)
async def test_an_amount_that_shows_another_is_a_fault_with_both_readings(
    name: str, told: tuple[str, ...]
) -> None:
    (fault,) = (await read(name)).faults
    assert fault.cell == "K2"
    assert all(reading in fault.message and reading in fault.detail for reading in told)


@pytest.mark.parametrize(("name", "read_rows"), [("hidden-row", [2, 4]), ("strike", [2])])
async def test_a_row_that_is_hidden_or_struck_out_is_left_out_and_said(
    name: str, read_rows: list[int]
) -> None:
    sheet = await read(name)
    assert sheet.faults == []
    assert [row.number for row in sheet.rows] == read_rows
    assert [warning.cell for warning in sheet.warnings] == ["A3"]


async def test_brackets_do_not_hide_doubles() -> None:
    sheet = await read("dup-brackets")
    assert [warning.cell for warning in sheet.warnings] == ["A3", "A4"]
    assert len({row.receipt.creditor.name for row in sheet.rows}) == 3, "kept as written"


@pytest.mark.long
async def test_breaks_in_a_name_do_not_make_another_name() -> None:
    (row,) = (await read("newline")).rows
    (plain,) = (await read("strict")).rows
    assert row.receipt.debtor.name != plain.receipt.debtor.name
    assert row.claim == plain.claim


async def test_a_code_is_checked_in_a_sheet_by_the_same_rule_as_everywhere() -> None:
    wrong = fault_in("0" * 18)
    told = [(fault.cell, fault.message, fault.detail) for fault in (await read("code-zeros")).faults]
    assert told == ([("F2", *wrong)] if wrong else [])


async def test_the_strict_form_of_the_standard_is_read() -> None:
    sheet = await read("strict")
    assert (sheet.faults, len(sheet.rows)) == ([], 1)
