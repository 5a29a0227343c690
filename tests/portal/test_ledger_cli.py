"""`qingqian import` and `qingqian export`, as their users call them."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from domain.calendar import SHANGHAI
from runtime.working import worker_for
from schema.tables import ledger_import, registration
from tests.cli.commands import Said, call
from tests.portal.sheets import ROW, changed, file_of, read_back, rows

Call = Callable[..., Coroutine[Any, Any, Said]]
CLERK = "clerk:李敏@620105"


@pytest.fixture
def qingqian(client: Client, engine: AsyncEngine) -> Call:
    """The command on the servers of this test."""
    servers = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "TEMPORAL_ADDRESS": client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": client.namespace,
    }

    async def called(*arguments: str) -> Said:
        return await asyncio.to_thread(call, *arguments, **servers)

    return called


def sheet(folder: Path, content: bytes) -> str:
    path = folder / "台账.xlsx"
    path.write_bytes(content)
    return str(path)


async def test_a_sheet_is_imported_once_and_its_cases_are_exported(
    client: Client, qingqian: Call, tmp_path: Path
) -> None:
    path = sheet(tmp_path, file_of(*rows(3, 登记日=datetime.now(SHANGHAI).date())))
    codes = tmp_path / "codes.xlsx"
    async with worker_for(client):
        dry = await qingqian("import", path, "--by", CLERK, "--dry-run", "--json")
        assert (dry.code, dry.json["rows"], dry.json["claimed_fen"]) == (0, 3, 3 * 4216 * 10**6)
        for _ in range(2):
            said = await qingqian("import", path, "--by", CLERK, "--codes", str(codes), "--json")
            assert (said.code, said.json["opened"], said.json["failed"]) == (0, 3, 0), said.err
    assert said.json["codes"] is None
    out = tmp_path / "out.xlsx"
    said = await qingqian("export", str(out), "--office", "620105", "--json")
    assert (said.code, said.json["cases"]) == (0, 3), said.err
    _, found = read_back(out.read_bytes())
    assert {row["项目名称"].value for row in found} == {"第1号工程", "第2号工程", "第3号工程"}
    elsewhere = await qingqian("export", str(out), "--office", "620102", "--json")
    assert elsewhere.json["cases"] == 0


async def test_faults_are_told_by_cell_and_nothing_starts(qingqian: Call, tmp_path: Path) -> None:
    path = sheet(tmp_path, file_of(ROW | {"债务人": None, "欠款金额(万元)": "?"}))
    said = await qingqian("import", path, "--by", CLERK, "--json")
    assert said.code == 2
    assert [fault.partition(":")[0] for fault in said.json["faults"]] == ["E2", "M2"]
    assert "E2" in said.err


@pytest.mark.long
async def test_every_cell_is_named_where_there_is_room_for_all(qingqian: Call, tmp_path: Path) -> None:
    every = ", ".join(f"E{row}" for row in range(2, 47))
    path = sheet(tmp_path, file_of(*rows(45, 债务人=None)))
    said = await qingqian("import", path, "--by", CLERK, "--json")
    assert said.json["faults"] == [f"{every}: 债务人未填写 debtor is missing"]
    wanted = await qingqian("import", path, "--by", CLERK)
    assert "E46" in wanted.err


@pytest.mark.long
async def test_doubles_need_yes(client: Client, qingqian: Call, tmp_path: Path) -> None:
    row = ROW | {"登记日": datetime.now(SHANGHAI).date()}
    path = sheet(tmp_path, file_of(row, row))
    async with worker_for(client):
        said = await qingqian("import", path, "--by", CLERK, "--json")
        assert (said.code, said.json["refused"]["field"]) == (1, "warnings")
        assert "A3" in said.err
        said = await qingqian("import", path, "--by", CLERK, "--yes", "--json")
        assert (said.code, said.json["opened"]) == (0, 2), said.err


@pytest.mark.long
async def test_a_superior_s_clerk_does_not_carry_out_the_import_of_an_office_below(
    client: Client, engine: AsyncEngine, qingqian: Call, tmp_path: Path
) -> None:
    """The very same file, given again by somebody above, is not confirmed by that."""
    row = ROW | {"登记日": datetime.now(SHANGHAI).date()}
    path = sheet(tmp_path, file_of(row, row))
    async with worker_for(client):
        assert (await qingqian("import", path, "--by", CLERK, "--json")).code == 1, "doubles wait for --yes"
        said = await qingqian("import", path, "--by", "clerk:高@620100", "--yes", "--json")
        assert (said.code, said.json["refused"]["code"]) == (1, "not_yours"), said.err
    async with engine.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(registration))).scalar_one() == 0
        kept = (await connection.execute(select(ledger_import.c.office, ledger_import.c.confirmed_at))).all()
    assert kept == [("620105", None)]


@pytest.mark.long
async def test_rows_that_nobody_sees_are_said_and_left_out_unless_asked_for(
    client: Client, qingqian: Call, tmp_path: Path
) -> None:
    def hide(made: Workbook) -> None:
        made.worksheets[0].row_dimensions[3].hidden = True
        for cell in made.worksheets[0][4]:
            cell.font = Font(strike=True)

    path = sheet(tmp_path, changed(hide, *rows(3, 登记日=datetime.now(SHANGHAI).date())))
    said = await qingqian("import", path, "--by", CLERK, "--dry-run", "--json")
    assert [said.json["rows"], *(told.partition(":")[0] for told in said.json["warnings"])] == [1, "A3", "A4"]
    said = await qingqian("import", path, "--by", CLERK, "--dry-run", "--all-rows", "--json")
    assert (said.json["rows"], said.json["warnings"]) == (3, [])
    async with worker_for(client):
        said = await qingqian("import", path, "--by", CLERK, "--json")
        assert (said.code, said.json["refused"]["field"]) == (1, "warnings")
        said = await qingqian("import", path, "--by", CLERK, "--yes", "--json")
        assert (said.code, said.json["opened"]) == (0, 1), said.err


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((), "by"),
        (("--by", "head:孙@620105"), "by"),
        (("--by", "nobody"), "by"),
        (("--by", "clerk:李敏@999999"), "by"),
    ],
)
async def test_wrong_usage_is_told(
    qingqian: Call, tmp_path: Path, arguments: tuple[str, ...], field: str
) -> None:
    said = await qingqian("import", sheet(tmp_path, b"x"), *arguments, "--json")
    assert said.code == 2
    assert said.json["faults"][0].startswith(f"{field}: ")


async def test_a_file_that_is_not_there_and_an_office_that_is_none_are_told(
    qingqian: Call, tmp_path: Path
) -> None:
    said = await qingqian("import", str(tmp_path / "none.xlsx"), "--by", CLERK, "--json")
    assert (said.code, said.json["faults"][0][:6]) == (2, "file: ")
    said = await qingqian("export", str(tmp_path / "out.xlsx"), "--office", "999999", "--json")
    assert said.code == 2


@pytest.mark.long
async def test_a_faulty_sheet_is_marked_as_the_window_marks_it(
    client: Client, qingqian: Call, tmp_path: Path
) -> None:
    copy = tmp_path / "标注.xlsx"
    path = sheet(tmp_path, file_of(*rows(2), ROW | {"登记日": "去年"}))
    said = await qingqian("import", path, "--by", CLERK, "--marked", str(copy))
    assert (said.code, "C4" in said.err, str(copy) in said.err) == (2, True, True), said.err
    assert copy.stat().st_mode & 0o077 == 0
    made = load_workbook(copy).worksheets[0]
    assert made["C4"].fill.fgColor.rgb == "FFFFC7CE"
    assert "C4 不是日期" in str([cell.value for cell in made[4]])
    copy.unlink()
    said = await qingqian("import", sheet(tmp_path, b"%PDF"), "--by", CLERK, "--marked", str(copy))
    assert (said.code, copy.exists()) == (2, False)
