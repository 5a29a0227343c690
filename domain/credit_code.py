"""统一社会信用代码 (GB 32100-2015): eighteen characters, of which the last one checks the others."""

import unicodedata
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and capital letters without I, O, S, V and Z, which are easily misread. A character's place is its value."""

LENGTH: Final = 18


def tidy(written: str) -> str:
    """A code as people write it, in its one form: half-width capitals without spaces and hyphens."""
    narrow = unicodedata.normalize("NFKC", written).upper()
    return "".join(narrow.split()).replace("-", "")


def check_digit(first: str) -> str:
    """The character that checks the seventeen before it: their values, weighted by the powers of 3, and it are 0 modulo 31.

    Raises:
        ValueError: One of them is no character of such a code.
    """
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first))
    return ALPHABET[-total % 31]


def fault_in(code: str) -> tuple[str, str] | None:
    """Why a tidy code is none, in Chinese and in English; None if it is one."""
    if len(code) != LENGTH:
        return (
            f"统一社会信用代码为 {LENGTH} 位,现为 {len(code)} 位",
            f"the code has {LENGTH} characters, not {len(code)}",
        )
    for character in code:
        if character not in ALPHABET:
            return (
                f"统一社会信用代码中没有字符“{character}”(不用 I、O、S、V、Z)",
                f"{character!r} is no character of such a code: it has no I, O, S, V or Z",
            )
    if check_digit(code[:-1]) != code[-1]:
        return (
            "统一社会信用代码的校验位不符,请核对是否录错",
            "the code's check digit does not fit: look for a slip",
        )
    return None
