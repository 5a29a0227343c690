"""Interest as it is computed: simple, by day, in exact fractions, and how a rate is written."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.basis import Governed, quoted
from domain.interest import BASES, InterestRule, half_up, is_governed, lines
from domain.rate import Rate, per_day
from tests.domain.story import WAN

RATE: TypeAdapter[str] = TypeAdapter(Rate)
NEW_YEAR = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("written", "daily"),
    [
        ("0.05%/d", Fraction(5, 10_000)),
        ("3.45%/y", Fraction(345, 10_000) / 365),
        ("3.45 % /y", Fraction(345, 10_000) / 365),
        ("18.25%/y", Fraction(5, 10_000)),
        ("100%/y", Fraction(1, 365)),
    ],
)
def test_a_rate_is_so_many_per_cent_a_year_or_a_day(written: str, daily: Fraction) -> None:
    assert per_day(RATE.validate_python(written)) == daily


@pytest.mark.parametrize(
    "written",
    [
        "",
        "3.45",
        "3.45%",
        "3.45%/m",
        "-1%/y",
        "0%/y",
        "0.000%/d",
        "100.01%/y",
        "0.3%/d",
        ".5%/y",
        "5.%/y",
        "三%/y",
    ],
)
def test_what_is_no_rate_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match=r"3\.45%/y or 0\.05%/d"):
        RATE.validate_python(written)


@pytest.mark.parametrize("written", [3.45, None, True, "0." + "0" * 30 + "1%/y"])
def test_a_rate_is_a_short_text(written: object) -> None:
    with pytest.raises(ValidationError):
        RATE.validate_python(written)


def test_the_day_of_payment_bears_no_interest_and_the_first_day_does() -> None:
    """Sixty days of 0.05 % on a million are 3 %."""
    paid_on = NEW_YEAR + timedelta(days=60)
    (line,) = lines([(date.min, 100 * WAN), (paid_on, -100 * WAN)], "0.05%/d", NEW_YEAR, date(2026, 1, 1))
    assert (line.since, line.until, line.days, line.interest_fen) == (NEW_YEAR, paid_on, 60, 3 * WAN)


def test_a_leap_year_has_no_day_for_nothing() -> None:
    (line,) = lines([(date.min, 365 * WAN)], "3.65%/y", date(2024, 1, 1), date(2025, 1, 1))
    assert (line.days, line.interest_fen) == (366, 366 * WAN * 365 // 10_000)


def test_there_is_a_line_for_each_change_of_the_principal() -> None:
    changes = [(date.min, 100 * WAN), (date(2025, 1, 11), -40 * WAN), (date(2025, 1, 11), 40 * WAN)]
    changes += [(date(2025, 1, 21), -60 * WAN), (date(2025, 1, 31), -60 * WAN), (date(2025, 2, 10), 30 * WAN)]
    told = [
        (line.since, line.days, line.principal_fen // WAN)
        for line in lines(changes, "0.05%/d", NEW_YEAR, date(2025, 2, 20))
    ]
    assert told == [
        (NEW_YEAR, 20, 100),
        (date(2025, 1, 21), 10, 40),
        (date(2025, 2, 10), 10, 10),
    ]


@pytest.mark.parametrize("as_of", [NEW_YEAR, date(2024, 12, 31)])
def test_nothing_has_accrued_before_the_first_day_is_over(as_of: date) -> None:
    assert lines([(date.min, 100 * WAN)], "0.05%/d", NEW_YEAR, as_of) == ()


@pytest.mark.parametrize(
    ("fen", "rounded"),
    [(Fraction(1, 2), 1), (Fraction(49, 100), 0), (Fraction(3, 2), 2), (Fraction(7), 7), (Fraction(0), 0)],
)
def test_half_a_fen_is_one(fen: Fraction, rounded: int) -> None:
    assert half_up(fen) == rounded


CHANGES = st.lists(st.tuples(st.integers(-30, 120), st.integers(-(10**9), 10**9)), max_size=8)
RATES = st.sampled_from(["0.05%/d", "3.45%/y", "18.25%/y", "0.000001%/d"])


@given(first_fen=st.integers(0, 10**10), moves=CHANGES, rate=RATES, days=st.integers(0, 120))
def test_the_lines_are_what_counting_day_by_day_comes_to(
    first_fen: int, moves: list[tuple[int, int]], rate: str, days: int
) -> None:
    changes = [(date.min, first_fen), *((NEW_YEAR + timedelta(days=day), fen) for day, fen in moves)]
    by_day = {}
    for number in range(days):
        day = NEW_YEAR + timedelta(days=number)
        by_day[day] = max(sum(fen for on, fen in changes if on <= day), 0)
    found = lines(changes, rate, NEW_YEAR, NEW_YEAR + timedelta(days=days))
    counted = {
        line.since + timedelta(days=number): line.principal_fen
        for line in found
        for number in range(line.days)
    }
    assert counted == {day: fen for day, fen in by_day.items() if fen}
    exact = sum(by_day.values()) * per_day(rate)
    assert abs(sum(line.interest_fen for line in found) - exact) <= Fraction(len(found), 2)
    for line in found:
        naive = sum((line.principal_fen * per_day(rate) for _ in range(line.days)), Fraction())
        assert line.interest_fen == half_up(naive)


@pytest.mark.parametrize(
    ("governed", "signed_on", "governs"),
    [
        (("governed",), "2020-09-01", True),
        (("governed", "organ"), "2024-01-10", True),
        (("governed",), "2020-08-31", False),
        (("governed",), None, False),
        (("organ",), "2024-01-10", False),
        ((), "2024-01-10", False),
    ],
)
def test_the_regulation_governs_what_was_signed_since_it_is_in_force(
    governed: tuple[Governed, ...], signed_on: str | None, governs: bool
) -> None:
    day = date.fromisoformat(signed_on) if signed_on else None
    assert is_governed(governed, day) is governs


@pytest.mark.parametrize(
    ("signed_on", "article"), [("2024-01-10", "(2020)第十五条"), ("2025-06-01", "(2025)第十七条")]
)
def test_the_article_is_that_of_the_version_in_force_at_the_signing(signed_on: str, article: str) -> None:
    said = quoted(BASES[InterestRule.STATUTORY], ["governed"], date.fromisoformat(signed_on))
    assert article in said
    assert set(BASES) == set(InterestRule)
