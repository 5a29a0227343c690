"""账龄: how long a debt has been owed, in the bands that offices publish.

It is counted from the day after the term of payment ended (`domain.contract.owed_since`), not from the complaint. If that day is
unknown, because no contract or delivery is on record, the age is 不详: it is never guessed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from domain.telling.terms import Sentence

AGES: Final = ("under_1", "1_to_3", "over_3")
"""Under one year, including what is not owed yet; up to three years, including the third anniversary; more."""

UNKNOWN: Final = "unknown"

AGE_WORDS: Final[Mapping[str, Sentence]] = {
    "under_1": ("不满一年", "under a year"),
    "1_to_3": ("一至三年", "1 to 3 years"),
    "over_3": ("三年以上", "over 3 years"),
    UNKNOWN: ("不详", "not known"),
}


def age_on(day: date, since: date | None) -> str:
    """The band of a debt owed since a day; `UNKNOWN` if that day is unknown."""
    if since is None:
        return UNKNOWN
    if since > years_before(day, 1):
        return AGES[0]
    return AGES[1] if since >= years_before(day, 3) else AGES[2]


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 28 February for a leap day that the year does not have."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
