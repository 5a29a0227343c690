"""Number formats of spreadsheets: a format may display another number, another text or part of a date than is stored."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | [\\!](?P<escaped>.) | (?P<padding>[_*].)
    | \[(?P<bracket>[^\]]*)\] | (?P<general>General) | (?P<digits>[0#?.,]+) | (?P<end>;) | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_COLOURS = re.compile(
    "black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]+|dbnum[0-9]", re.IGNORECASE
)
_PLACES = re.compile(r"(?P<whole>[0#?](?:[0#?,]*[0#?])?)?(?:\.(?P<decimals>[0#?]*))?")
_DAY = re.compile("(?<!d)d{1,2}(?!d)")
_UNITS: Final = {"": "", "万": "万元", "万元": "万元", "元": "元", "圆": "元", "亿": "亿元", "亿元": "亿元"}
_YUAN: Final = frozenset({"", "¥", "\uffe5", "RMB", "CNY", "人民币"})


_KNOWN: Final = 256
"""The size of the cache: a sheet has few formats and many cells."""


class Display(NamedTuple):
    """How a format displays a number without changing it.

    Attributes:
        unit: The unit after it: 元, 万元, 亿元, or none.
        decimals: The decimals it is rounded to; None if it is not rounded.
        least_digits: The least number of digits before the point, filled up with zeros.
    """

    unit: str = ""
    decimals: int | None = None
    least_digits: int = 1


_Token = tuple[str, str]
"""What it is, by the groups of `_TOKEN`, and what it says."""


def _sections(number_format: str) -> list[list[_Token]]:
    """The sections of a format: for positive numbers, negative ones, zero, and texts."""
    sections: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(number_format):
        kind = match.lastgroup or ""
        if kind == "end":
            sections.append([])
        elif kind == "bracket" and match[kind].startswith("$"):
            sections[-1].append(("quoted", match[kind][1:].partition("-")[0]))
        elif kind != "padding" and not (kind == "bracket" and _COLOURS.fullmatch(match[kind])):
            sections[-1].append((kind, match[kind]))
    return sections


@lru_cache(_KNOWN)
def display_of(number_format: str) -> Display | None:
    """How a format displays an amount; None if what is displayed may differ from the stored number."""
    section = _sections(number_format)[0]
    numbers = [index for index, (kind, _) in enumerate(section) if kind in ("digits", "general")]
    if _words(section) == "@":
        return Display()
    if len(numbers) != 1 or any(kind == "bracket" for kind, _ in section):
        return None
    before, after = _words(section[: numbers[0]]), _words(section[numbers[0] + 1 :])
    if before not in _YUAN or after not in _UNITS:
        return None
    kind, said = section[numbers[0]]
    if kind == "general":
        return Display(_UNITS[after])
    places = _PLACES.fullmatch(said)
    if places is None:
        return None
    return Display(_UNITS[after], len(places["decimals"] or ""), (places["whole"] or "").count("0"))


def _words(tokens: Sequence[_Token]) -> str:
    return "".join("".join(said for _, said in tokens).split())


@lru_cache(_KNOWN)
def is_percent(number_format: str) -> bool:
    """Whether the format displays a number as a percentage."""
    return ("sign", "%") in _sections(number_format)[0]


@lru_cache(_KNOWN)
def shows_text_as_it_is(number_format: str) -> bool:
    """Whether the format displays a text as it is stored."""
    sections = _sections(number_format)
    section = sections[3:4] or [section for section in sections if ("sign", "@") in section]
    return not section or _words(section[-1]) in ("@", "General")


@lru_cache(_KNOWN)
def shows_whole_day(number_format: str) -> bool:
    """Whether the format displays the year, month and day of a date."""
    written = "".join(said for kind, said in _sections(number_format)[0] if kind == "sign").lower()
    is_whole = bool(_DAY.search(written)) and "m" in written and ("y" in written or "e" in written)
    return is_whole or not re.search("[ymd]", written)
