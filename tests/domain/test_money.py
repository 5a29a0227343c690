"""Money is read as people write it, to the fen, and never rounded."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.money import FEN_MAX, PEOPLE, Fen, PositiveFen, format_money, parse_money

amounts = st.integers(0, FEN_MAX)
FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("4216万元", 4_216_000_000),
        ("4220.77万元", 4_220_770_000),
        ("8.044亿元", 80_440_000_000),
        ("42160000.00", 4_216_000_000),
        (42160000, 4_216_000_000),
        (42160000.5, 4_216_000_050),
        ("4216.123万元", 4_216_123_000),
        ("4216.123456万元", 4_216_123_456),
        ("4216万", 4_216_000_000),
        ("8亿", 80_000_000_000),
        ("9,999.00元", 999_900),
        ("42,160,000", 4_216_000_000),
        ("4,216万元", 4_216_000_000),
        ("４２１６万元", 4_216_000_000),
        ("４２，１６０，０００．００元", 4_216_000_000),
        (" 4216 万元 ", 4_216_000_000),
        (".5", 50),
        ("0.01", 1),
        ("0", 0),
        (0, 0),
        ("100000000000000", FEN_MAX),
    ],
)
def test_every_written_form_is_read(written: str | float, fen: int) -> None:
    assert parse_money(written) == fen


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("4216.1234567万元", "whole number of fen"),
        ("0.001", "whole number of fen"),
        ("1.005元", "whole number of fen"),
        (0.125, "whole number of fen"),
        ("0.00000000001亿元", "whole number of fen"),
        ("-1", "not an amount"),
        ("-4216万元", "not an amount"),
        (-1, "not an amount"),
        (True, "not an amount"),
        (False, "not an amount"),
        (None, "not an amount"),
        ([], "not an amount"),
        (Decimal("4216"), "not an amount"),
        ("", "not an amount"),
        ("万元", "not an amount"),
        ("一百万元", "not an amount"),
        ("4216万元整", "not an amount"),
        ("4216千元", "not an amount"),
        ("4216万万元", "not an amount"),
        ("1.2.3", "not an amount"),
        ("1,2345", "not an amount"),
        ("1.", "not an amount"),
        ("1e5", "not an amount"),
        ("NaN", "not an amount"),
        (float("inf"), "not an amount"),
        ("100000000000000.01", "more money than there is"),
        ("1000001亿元", "more money than there is"),
    ],
)
def test_what_is_no_amount_is_refused(written: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_money(written)


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "0.00元"),
        (1, "0.01元"),
        (999_900, "9,999.00元"),
        (999_999, "9,999.99元"),
        (1_000_000, "1.00万元"),
        (4_216_000_000, "4216.00万元"),
        (4_220_770_000, "4220.77万元"),
        (4_216_123_000, "4216.123万元"),
        (4_216_123_456, "4216.123456万元"),
        (80_440_000_000, "80440.00万元"),
        (-999_900, "-9,999.00元"),
        (-4_216_000_000, "-4216.00万元"),
    ],
)
def test_amounts_are_written_for_people(fen: int, written: str) -> None:
    assert format_money(fen) == written


@given(amounts)
def test_what_is_written_is_read_back(fen: int) -> None:
    assert parse_money(format_money(fen)) == fen


@given(amounts)
def test_yuan_are_read_in_every_script(fen: int) -> None:
    yuan = f"{fen // 100:,}.{fen % 100:02d}"
    assert parse_money(yuan) == parse_money(yuan.translate(FULL_WIDTH)) == fen
    assert parse_money(yuan.replace(",", "") + "元") == fen


@given(st.integers(0, 10**8))
def test_units_are_a_matter_of_zeros(yuan: int) -> None:
    assert parse_money(yuan) == yuan * 100
    assert parse_money(f"{yuan}万元") == parse_money(yuan) * 10**4
    if yuan <= 10**6:
        assert parse_money(f"{yuan}亿元") == parse_money(f"{yuan}万元") * 10**4


@given(amounts, st.integers(1, 999), st.sampled_from(["", "元"]))
def test_a_fraction_of_a_fen_is_refused(fen: int, thousandths: int, unit: str) -> None:
    with pytest.raises(ValueError, match="whole number of fen"):
        parse_money(f"{fen // 100}.{fen % 100:02d}{thousandths:03d}{unit}")


@pytest.mark.parametrize("kind", [Fen, PositiveFen])
def test_people_write_yuan_and_programs_write_fen(kind: Any) -> None:
    field: TypeAdapter[int] = TypeAdapter(kind)
    assert field.validate_python("4216万元", context=PEOPLE) == 4_216_000_000
    assert field.validate_python(4216, context=PEOPLE) == 421_600
    assert field.validate_python(4216) == 4216


@pytest.mark.parametrize("written", ["4216", "4216万元", 42.0, True, -1, FEN_MAX + 1])
def test_programs_write_nothing_but_whole_fen(written: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Fen).validate_python(written)


def test_zero_is_no_positive_amount() -> None:
    assert TypeAdapter(Fen).validate_python("0元", context=PEOPLE) == 0
    with pytest.raises(ValidationError):
        TypeAdapter(PositiveFen).validate_python("0元", context=PEOPLE)
