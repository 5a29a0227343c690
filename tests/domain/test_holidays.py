"""The days off that the law fixes, behind the published calendar."""

from datetime import date

import pytest

from domain.holidays import YEARS_FORESEEN, foreseen

END_OF_2026 = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("year", "off"),
    [
        (2027, ["01-01", "02-05", "02-08", "04-05", "06-09", "09-15", "10-01"]),
        (2028, ["01-25", "01-26", "01-27", "01-28", "04-04", "05-01", "05-02", "10-02", "10-03"]),
        (
            2029,
            [
                "01-01",
                "02-12",
                "02-13",
                "02-14",
                "02-15",
                "04-04",
                "05-01",
                "05-02",
                "10-01",
                "10-02",
                "10-03",
            ],
        ),
    ],
)
def test_the_law_fixes_the_days_of_every_year(year: int, off: list[str]) -> None:
    """In 2028 中秋 is a day of 国庆; 端午 is a Sunday in 2028 and a Saturday in 2029, as is 中秋 then."""
    found = sorted(day for day in foreseen(END_OF_2026) if day.year == year)
    assert [f"{day:%m-%d}" for day in found] == off


def test_they_are_foreseen_for_as_long_as_a_plan_may_take_and_the_lunar_calendar_is_known() -> None:
    assert {day.year for day in foreseen(END_OF_2026)} == set(range(2027, 2027 + YEARS_FORESEEN))
    assert {day.year for day in foreseen(date(2097, 12, 31))} == {2098, 2099}
    assert foreseen(date(2099, 12, 31)) == frozenset()
