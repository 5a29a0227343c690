"""统一社会信用代码: one slip of a character, or two neighbours swapped, is always noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.names.credit_code import ALPHABET, check_digit, fault_in, tidy

PUBLISHED = ["91350100M000100Y43", "9144030071526726XG", "914403001922038216", "91330100799655058B"]
"""Codes of companies, as they print them."""

FIRST = st.builds(
    "".join,
    st.tuples(
        st.sampled_from("123456789ANY"),
        st.sampled_from(ALPHABET),
        st.integers(100000, 999999).map(str),
        st.text(ALPHABET, min_size=9, max_size=9),
    ),
)
"""A department that registers, a kind of body, a division, and whose code it is."""


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_are_right(code: str) -> None:
    assert fault_in(code) is None


def test_a_code_is_tidied_as_people_write_it() -> None:
    assert tidy(" ９１３５０１００-m000 100y43\u3000") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("91350100M000100Y4", "现为 17 位"),
        ("", "现为 0 位"),
        ("91350100O000100Y43", "没有字符“O”"),
        ("91350100M000100Y44", "校验位不符"),
        ("91350100M000100沪43", "没有字符“沪”"),
        ("0" * 18, "占位代码"),
        ("01350100000000000T", "占位代码"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(code: str, message: str) -> None:
    found = fault_in(code)
    assert found is not None
    assert message in found[0]
    assert found[1].isascii() or "沪" in found[1]


def test_what_is_no_character_of_a_code_has_no_check_digit() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        check_digit("I" * 17)


@given(FIRST, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(first: str, place: int, other: str) -> None:
    code = first + check_digit(first)
    assert fault_in(code) is None
    slipped = code[:place] + other + code[place + 1 :]
    assert (fault_in(slipped) is None) == (slipped == code)


@given(FIRST, st.integers(0, 15))
def test_two_neighbours_swapped_are_noticed(first: str, place: int) -> None:
    code = first + check_digit(first)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (fault_in(swapped) is None) == (swapped == code)
