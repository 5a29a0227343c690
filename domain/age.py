"""账龄: how long a debt has been owed, in the bands that offices publish.

It runs from the day after the time to pay was over (`domain.contract.owed_since`), not from the day of the complaint. Where that
day is not known, because no contract or no delivery is on record, the age is 不详 and counted as such, never guessed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from domain.telling.terms import Sentence

AGES: Final = ("under_1", "1_to_3", "over_3")
"""Less than a year, what is not owed yet included; up to three years, the third anniversary included; more."""

UNKNOWN: Final = "unknown"

AGE_WORDS: Final[Mapping[str, Sentence]] = {
    "under_1": ("不满一年", "under a year"),
    "1_to_3": ("一至三年", "1 to 3 years"),
    "over_3": ("三年以上", "over 3 years"),
    UNKNOWN: ("不详", "not known"),
}


def age_on(day: date, since: date | None) -> str:
    """The band of what has been owed since a day; `UNKNOWN` where that is not known."""
    if since is None:
        return UNKNOWN
    if since > years_before(day, 1):
        return AGES[0]
    return AGES[1] if since >= years_before(day, 3) else AGES[2]


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; the 28th for a 29 February that it has not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
