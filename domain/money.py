"""Money in integer fen (分), and the ways people write it.

Internally an amount is an `int` of fen. People write `"4216万元"`, `"8.044亿元"`, `"42160000.00"`, or `42160000` for yuan; these are
accepted only if the validation context is `PEOPLE`. An amount with a fraction of a fen is rejected, never rounded.
"""

import re
from fractions import Fraction
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, ValidationInfo

PEOPLE: Final = {"written_by": "people"}
"""The validation context for input from a person or another program, whose amounts are in yuan, 万元 or 亿元."""

FEN_MAX: Final = 10**16
"""One hundred 万亿 yuan: more than the yearly GDP, and far below the limit of a 64-bit integer."""

_LONGEST = 60
_UNITS = {"": 100, "元": 100, "万": 10**6, "万元": 10**6, "亿": 10**10, "亿元": 10**10}
_WRITTEN = re.compile(
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)(?P<unit>亿元|万元|亿|万|元|)"
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,", " \u3000")


def parse_money(written: str | int | float) -> int:
    """Convert an amount as a person writes it to fen.

    Full-width digits and thousands separators are accepted. A bare number is yuan.

    Raises:
        ValueError: It is not an amount, is negative, or has a fraction of a fen.
    """
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        raise ValueError(f"not an amount: {written!r}")
    text = str(written).translate(_FULL_WIDTH)
    match = _WRITTEN.fullmatch(text)
    if match is None or len(text) > _LONGEST:
        raise ValueError(f"not an amount: {written!r}; write it like 4216万元, 8.044亿元 or 42160000.00")
    fen = Fraction(match["number"].replace(",", "")) * _UNITS[match["unit"]]
    if fen.denominator != 1:
        raise ValueError(f"{written!r} is not a whole number of fen (分); amounts are never rounded")
    if fen > FEN_MAX:
        raise ValueError(f"{written!r} is more money than there is")
    return int(fen)


def format_money(fen: int) -> str:
    """Format an amount for people, exact to the fen: `4216.00万元`; below 10,000 yuan `9,999.00元`."""
    if fen < 0:
        return "-" + format_money(-fen)
    if fen < _UNITS["万"]:
        return f"{fen // 100:,}.{fen % 100:02d}元"
    whole, rest = divmod(fen, _UNITS["万"])
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}万元"


def _read(value: Any, info: ValidationInfo) -> Any:
    return parse_money(value) if info.context == PEOPLE else value


Fen = Annotated[int, Field(ge=0, le=FEN_MAX, strict=True), BeforeValidator(_read)]
"""An amount in fen, 0 or more."""

PositiveFen = Annotated[int, Field(gt=0, le=FEN_MAX, strict=True), BeforeValidator(_read)]
"""An amount in fen, more than 0."""
