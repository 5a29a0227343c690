"""Reading an uploaded workbook safely: in a child process with limited resources, which is killed if it exceeds them.

Each office has one file read at a time, and few are read at once in all, so that an office that sends many files waits for its own.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from weakref import WeakValueDictionary

import structlog

from domain.sheet.cells import BLANK, Cell
from domain.sheet.rows import Hidden

_CHILD: Final = Path(__file__).with_name("child.py")
_WITHIN: Final = 90.0
"""The seconds of real time that reading may take, generous because the machine may be busy."""

_MOST_TOLD: Final = 48 * 2**20
_CHUNK: Final = 2**18
_AT_ONCE: Final = 3

_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
_places = asyncio.Semaphore(_AT_ONCE)
_log = structlog.get_logger()


class Unreadable(Exception):  # noqa: N818 - it is told to a person
    """A file that cannot be read.

    Attributes:
        code: Why, as `office.sheets.child` reports it.
        cell: The cell at fault, if there is one.
    """

    def __init__(self, code: str, cell: str = "") -> None:
        super().__init__(code)
        self.code, self.cell = code, cell


class Extract(NamedTuple):
    """The content of a sheet.

    Attributes:
        lines: The rows that are not blank, with their numbers.
        merged: The ranges of merged cells, such as `E2:E3`.
        unread_sheets: The names of hidden sheets that were skipped.
    """

    lines: list[tuple[int, Sequence[Cell]]]
    hidden: Hidden
    merged: list[str]
    unread_sheets: list[str]


async def read_sheet(file: IO[bytes], office: str, title: str) -> Extract:
    """Read the visible sheet with that title, or the only visible one.

    Args:
        file: The workbook, a file on disk.
        office: The office that uploaded it, which has one file read at a time.

    Raises:
        Unreadable: It is not a workbook, has several such sheets, or exceeds the limits.
    """
    async with _turn(office):
        told = await _run(file, title)
    return await asyncio.to_thread(_extract, told)


@asynccontextmanager
async def _turn(office: str) -> AsyncIterator[None]:
    turn = _turns.setdefault(office, asyncio.Lock())
    async with turn, _places:
        yield


async def _run(file: IO[bytes], title: str) -> bytes:
    """The output of the child process, which has ended when this returns, even if the task was cancelled."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_CHILD),
        title,
        stdin=file,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"OPENPYXL_LXML": "False"},
    )
    assert process.stdout is not None
    told = bytearray()
    try:
        async with asyncio.timeout(_WITHIN):
            while chunk := await process.stdout.read(_CHUNK):
                told += chunk
                if len(told) > _MOST_TOLD:
                    raise Unreadable("too_much")
            await process.wait()
    except TimeoutError as error:
        raise Unreadable("too_much") from error
    finally:
        if process.returncode is None:
            process.kill()
        await asyncio.shield(process.communicate())
        _log.info("sheet_read", exit_code=process.returncode, told=len(told))
    return bytes(told)


def _extract(told: bytes) -> Extract:
    """Parse the child's output. Incomplete output means that the child was killed for exceeding its limits."""
    *lines, last = told.splitlines() or [b""]
    if not told.endswith(b"\n"):
        raise Unreadable("too_much")
    kind, *rest = json.loads(last)
    if kind == "refused":
        raise Unreadable(*rest)
    if kind != "end":
        raise Unreadable("too_much")
    merged, hidden_columns, unread = rest
    rows = [json.loads(line) for line in lines]
    hidden_rows = {number for _, number, is_hidden, _ in rows if is_hidden}
    return Extract(
        [(number, _cells(told)) for _, number, _, told in rows],
        Hidden(hidden_rows, hidden_columns),
        merged,
        unread,
    )


def _cells(told: list[Any]) -> Sequence[Cell]:
    cells = [BLANK] * (max(cell[0] for cell in told) + 1)
    for index, kind, value, *look in told:
        cells[index] = Cell(_value(kind, value), kind, *look)
    return cells


def _value(kind: str, value: Any) -> Any:
    if kind != "date":
        return value
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
