"""Rates of interest, as people write them: per cent a year or per cent a day."""

import re
from fractions import Fraction
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from domain.value import fault

DAYS_OF_A_YEAR: Final = 365
"""The divisor of a yearly rate, also in leap years."""

_WRITTEN: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?%/[yd]")
_MOST: Final = Fraction(1, DAYS_OF_A_YEAR)


def _read_rate(written: str) -> str:
    rate = "".join(written.split())
    match = _WRITTEN.fullmatch(rate)
    if match is None or not 0 < per_day(rate) <= _MOST:
        raise fault(
            "利率写作 3.45%/y(年利率)或 0.05%/d(日利率),折合年利率不超过 100%",
            "a rate is written 3.45%/y or 0.05%/d, is above zero, and not above 100 % a year",
        )
    return rate


Rate = Annotated[str, StringConstraints(max_length=20), AfterValidator(_read_rate)]
"""A rate as people write it: per cent a year (`3.45%/y`) or a day (`0.05%/d`)."""


def per_day(rate: str) -> Fraction:
    """The interest on one fen for one day, at a valid rate."""
    number, _, per = rate.partition("%/")
    return Fraction(number) / 100 / (DAYS_OF_A_YEAR if per == "y" else 1)
