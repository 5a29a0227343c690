"""法定节假日: the days off that the law fixes for every year, before a notice of the State Council arranges the days around them.

全国年节及纪念日放假办法 Art 2, as in force since 2025.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final

from borax.calendars.lunardate import LunarDate, TermUtils

LAW: Final = "全国年节及纪念日放假办法"

YEARS_FORESEEN: Final = 12
"""A plan's last instalment is due within eleven years, and notices come every year."""

_LAST_YEAR: Final = 2099
"""The last for which the lunar calendar is tabulated."""


@cache
def foreseen(horizon: date) -> frozenset[date]:
    """The weekdays after the published calendar on which no office works, because the law says so."""
    years = range(horizon.year + 1, min(horizon.year + YEARS_FORESEEN, _LAST_YEAR) + 1)
    return frozenset(day for year in years for day in _days_off(year) if day.weekday() < 5)


def _days_off(year: int) -> Iterator[date]:
    """元旦, 春节 from its eve on, 清明, 劳动节, 端午, 中秋, 国庆."""
    spring: date = LunarDate(year, 1, 1).to_solar_date()
    yield date(year, 1, 1)
    yield from (spring + timedelta(days=number) for number in range(-1, 3))
    yield TermUtils.nth_term_day(year, TermUtils.name2index("清明"))
    yield from (date(year, 5, 1), date(year, 5, 2))
    yield LunarDate(year, 5, 5).to_solar_date()
    yield LunarDate(year, 8, 15).to_solar_date()
    yield from (date(year, 10, number) for number in (1, 2, 3))
