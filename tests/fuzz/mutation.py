"""Right input made wrong: in its bytes, in its values, in the parts and cells of a sheet, and as JSON of any shape."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any, Final

from openpyxl import load_workbook

from tests.portal.sheets import part_of, repacked, saved

STRINGS: Final = (
    *(
        "",
        " ",
        "\u3000",
        "李敏",
        "x" * 3_000,
        "长" * 90_000,
        "0",
        "-1",
        "1e999",
        "NaN",
        "４００万元",
        "0.001元",
        "-5元",
    ),
    *("9" * 400, "99999999999999999999万元", "4216.1234567万元", "١٢٣", "±0", "1_000", "0x10", "2023-02-29"),
    *(
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "2023-04-26T25:00:00",
        "2023-04-26..2023-04-20",
        "30d",
        "-9wd",
    ),
    *("999999999999wd", "clerk:李敏@620105", "head@620105", "system", "creditor", "clerk:李\u200b敏@620105"),
    *(
        "李\x01敏",
        "李\u202e敏",
        "\ufeff",
        "\x00",
        "\ud800",
        "[/附件]",
        "[bold]",
        "\x1b[2J",
        "=1+1",
        "' OR 1=1 --",
    ),
    *("{{ 7 * 7 }}", "../../etc/passwd", "QQ-620105-2023-0001", "ZQ-2023-001", "gansu", "CON", "%s%n", "🏗️"),
)
"""What people and programs have written where something else was asked for."""

_NUMBERS: Final = (0, -1, 1, 0.1, 1e308, 2**31, 2**63, 2**64, -(10**30), 10**400)
_TOKEN: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|\b\d[\w.:-]*|\btrue\b|\bfalse\b|\bnull\b')
_NOISE: Final = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b"[" * 500,
    b"{",
    b"]",
    b"\n",
    b"=",
    b"&",
    b"<",
    b"9" * 5_000,
)


def any_json(chance: Random, depth: int = 3) -> Any:
    """JSON of any shape."""
    kind = chance.randrange(8 if depth else 5)
    if kind < 2:
        return chance.choice(STRINGS)
    if kind == 2:
        return chance.choice(_NUMBERS)
    if kind < 5:
        return chance.choice((None, True, False))
    if kind < 7:
        return [any_json(chance, depth - 1) for _ in range(chance.randrange(5))]
    names = ("role", "person", "party", "by", "do", "0", *STRINGS[:6])
    return {chance.choice(names): any_json(chance, depth - 1) for _ in range(chance.randrange(4))}


def of_bytes(content: bytes, chance: Random) -> bytes:
    """A file with some bytes lost, doubled, or others among them."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        first = chance.randrange(len(changed) + 1)
        last = min(len(changed), first + chance.choice((0, 1, 1, 9, 200)))
        changed[first:last] = chance.choice((*_NOISE, bytes(changed[first:last]) * 2, chance.randbytes(3)))
    return bytes(changed[: chance.randrange(len(changed) + 1)] if chance.random() < 0.1 else changed)


def of_text(content: bytes, chance: Random) -> bytes:
    """TOML, JSON or CSV with other values, and lines lost, doubled or moved; sometimes with other bytes."""
    if chance.random() < 0.2:
        return of_bytes(content, chance)
    text = content.decode()
    for _ in range(chance.choice((1, 1, 1, 2, 6))):
        places = list(_TOKEN.finditer(text))
        if chance.random() < 0.75 and places:
            place = chance.choice(places)
            text = text[: place.start()] + _literal(chance) + text[place.end() :]
        else:
            lines = text.splitlines(keepends=True) or [""]
            line = lines.pop(chance.randrange(len(lines)))
            for _ in range(chance.choice((0, 1, 2, 300))):
                lines.insert(chance.randrange(len(lines) + 1), line)
            text = "".join(lines)
    return text.encode("utf-8", "surrogatepass")


def _literal(chance: Random) -> str:
    """Text that stands for a value, mostly in TOML and JSON alike."""
    return json.dumps(any_json(chance, depth=2), ensure_ascii=chance.random() < 0.5)


def of_sheet(content: bytes, chance: Random) -> bytes:
    """A workbook with other cells, other bytes in one of its parts, parts lost or doubled, or a broken archive."""
    change: Callable[[bytes, Random], bytes] = chance.choice((_cells, _cells, _part, _part, of_bytes))
    return change(content, chance)


def _cells(content: bytes, chance: Random) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    sheet = workbook.worksheets[0]
    for _ in range(chance.choice((1, 1, 3, 20))):
        cell = sheet.cell(chance.randrange(1, sheet.max_row + 3), chance.randrange(1, sheet.max_column + 3))
        written = chance.choice((*STRINGS, *_NUMBERS, None, True))
        if isinstance(written, str):
            written = re.sub("[\x00-\x1f\ud800-\udfff]", "?", written)[:32_000]  # No sheet can hold these.
        cell.value = written if not isinstance(written, int) or abs(written) < 10**300 else str(written)
        cell.number_format = chance.choice(
            ("General", "0.00%", "yyyy-mm-dd", "@", "#,##0万", "[h]:mm", ";;;")
        )
    return saved(workbook)


def _part(content: bytes, chance: Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = chance.choice(archive.namelist())
    part = part_of(content, name)
    return repacked(content, {name: chance.choice((None, b"", part * 2, *[of_bytes(part, chance)] * 5))})
