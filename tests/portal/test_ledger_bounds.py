"""What a file makes its reader do is bounded: it is refused in a sentence, soon, at nobody else's cost."""

import asyncio
import io
import os
import re
import time
from collections.abc import Callable
from datetime import date

import psutil
import pytest

from domain.sheet.cells import Importer
from domain.sheet.rows import MOST_FAULTS
from office.packs import load_pack
from office.sheets.reading import Checked, check_ledger
from tests.portal import sheets
from tests.portal.sheets import file_of, part_of, repacked
from tests.stack import eventually

SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
OFFICES = load_pack("gansu").offices
MEGABYTE = 2**20
ROW = {header: told for header, told in sheets.ROW.items() if header != "登记办公室"}
"""A row of whichever office sends it."""


async def check(content: bytes, office: str = "620105") -> Checked:
    return await check_ledger(io.BytesIO(content), Importer(office, OFFICES, date(2023, 4, 28)))


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    content = file_of(ROW)
    return repacked(content, {name: change(part_of(content, name))})


def bomb_of_styles() -> bytes:
    """0.4 MB, which openpyxl takes minutes and gigabytes for: each font is another one."""
    fonts = b"".join(b'<font><sz val="%d"/></font>' % size for size in range(160_000))
    made = with_part(STYLES, lambda part: re.sub(rb"<font>.*</font>(?=</fonts>)", fonts, part, flags=re.S))
    assert len(made) < MEGABYTE // 2
    return made


def bomb_of_cells() -> bytes:
    """One row of a million cells, unpacked a hundred times as large."""
    row = b'<row r="9">' + b'<c r="A9"><v>1</v></c>' * 1_000_000 + b"</row>"
    return with_part(SHEET, lambda part: part.replace(b"</sheetData>", row + b"</sheetData>"))


def bomb_of_text() -> bytes:
    """One cell with 150 MB of text."""
    cell = b'<row r="9"><c r="A9" t="inlineStr"><is><t>%s</t></is></c></row>' % bytes([65] * 150 * MEGABYTE)
    return with_part(SHEET, lambda part: part.replace(b"</sheetData>", cell + b"</sheetData>"))


def children() -> list[psutil.Process]:
    """The processes of ours that read a sheet now."""
    return [child for child in psutil.Process().children() if _reads_a_sheet(child)]


def _reads_a_sheet(child: psutil.Process) -> bool:
    try:
        return any(part.endswith("sheets/child.py") for part in child.cmdline())
    except psutil.NoSuchProcess:
        return False


@pytest.mark.long
async def test_a_bomb_of_styles_is_refused_soon_while_another_office_is_served() -> None:
    bomb, right = bomb_of_styles(), file_of(ROW)
    before = psutil.Process().memory_info().rss
    exploding = asyncio.create_task(check(bomb, "620105"))

    async def is_under_way() -> bool:
        return bool(children())

    await eventually(is_under_way)
    assert len((await check(right, "620102")).sheet.rows) == 1
    assert not exploding.done(), "the other office has not waited for it"
    (fault,) = (await exploding).sheet.faults
    assert "copy the values into a fresh sheet" in fault.detail
    assert "复制到新建的表格" in fault.message
    assert psutil.Process().memory_info().rss - before < 50 * MEGABYTE
    assert children() == []


@pytest.mark.long
@pytest.mark.parametrize("bomb", [bomb_of_cells, bomb_of_text])
async def test_other_bombs_are_refused_likewise(bomb: Callable[[], bytes]) -> None:
    (fault,) = (await check(bomb())).sheet.faults
    assert "copy the values into a fresh sheet" in fault.detail


@pytest.mark.long
async def test_an_office_has_one_file_read_at_a_time_and_a_bomb_of_its_own_goes_by() -> None:
    bomb, right = bomb_of_styles(), file_of(ROW)
    tasks = [asyncio.create_task(check(content)) for content in (bomb, right, right)]
    most = 0
    while not all(task.done() for task in tasks):
        most = max(most, len(children()))
        await asyncio.sleep(0.02)
    assert most == 1
    assert [len(task.result().sheet.rows) for task in tasks] == [0, 1, 1]


async def test_whoever_goes_away_leaves_no_process_behind_and_his_office_free() -> None:
    waiting = asyncio.create_task(check(bomb_of_styles()))

    async def is_under_way() -> bool:
        return bool(children())

    await eventually(is_under_way)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert children() == []
    assert len((await check(file_of(ROW))).sheet.rows) == 1


async def test_a_part_that_no_sheet_is_read_from_does_no_harm_whatever_it_holds() -> None:
    idle = repacked(file_of(ROW), {"xl/media/picture.png": bytes(50 * MEGABYTE)})
    assert len((await check(idle)).sheet.rows) == 1


@pytest.mark.long
async def test_a_sheet_of_nothing_but_faults_is_not_checked_to_its_end() -> None:
    cells = b"".join(b'<c r="%sROW"><v>1</v></c>' % name.encode() for name in ("Q", "R", "S", "ZZ"))
    made = b"".join(
        b'<row r="%d">' % row + cells.replace(b"ROW", b"%d" % row) + b"</row>" for row in range(9, 3000)
    )
    content = with_part(SHEET, lambda part: part.replace(b"</sheetData>", made + b"</sheetData>"))
    started = time.perf_counter()
    faults = (await check(content)).sheet.faults
    assert len(faults) < MOST_FAULTS + 100
    assert "not checked from this row on" in faults[-1].detail
    assert time.perf_counter() - started < 60


async def test_the_child_knows_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGQIAN_DATABASE_URL", "postgresql://secret")
    waiting = asyncio.create_task(check(bomb_of_styles()))

    async def is_under_way() -> bool:
        return bool(children())

    await eventually(is_under_way)
    (child,) = children()
    assert "QINGQIAN_DATABASE_URL" not in child.environ()
    assert child.ppid() == os.getpid()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
