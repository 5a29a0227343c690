"""统一社会信用代码 (GB 32100-2015): eighteen characters, the last of which is a check digit."""

import re
import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field

from domain.value import fault

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and capital letters without I, O, S, V and Z, which are easily misread. A character's value is its index."""

LENGTH: Final = 18

_LONGEST_WRITTEN: Final = 40
"""The most characters of a code with spaces and hyphens in between."""

_REGISTERED = re.compile(r"[1-9ANY].[1-9][0-9]{5}")
"""The beginning of a code: the registering department (never 0), the kind of body, and a division code (GB/T 2260)."""


def tidy(written: str) -> str:
    """A code normalised to half-width capitals without spaces and hyphens."""
    narrow = unicodedata.normalize("NFKC", written).upper()
    return "".join(narrow.split()).replace("-", "")


def check_digit(first: str) -> str:
    """The check digit of the first seventeen characters: the sum of all values, weighted by the powers of 3, is 0 modulo 31.

    Raises:
        ValueError: A character cannot occur in such a code.
    """
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first))
    return ALPHABET[-total % 31]


def fault_in(code: str) -> tuple[str, str] | None:
    """Why a normalised code is invalid, in Chinese and in English; None if it is valid."""
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
    if not _REGISTERED.match(code):
        return (
            "统一社会信用代码的登记管理部门或行政区划不存在,请勿填写占位代码",
            "the code names no registering department and division: a placeholder such as zeros is no code",
        )
    return None


def _read(written: Any) -> Any:
    return tidy(written) if isinstance(written, str) and len(written) <= _LONGEST_WRITTEN else written


def _is_right(code: str) -> str:
    if wrong := fault_in(code):
        raise fault(*wrong)
    return code


CreditCode = Annotated[
    str, Field(max_length=_LONGEST_WRITTEN), BeforeValidator(_read), AfterValidator(_is_right)
]
"""A code as people write it, normalised, with its check digit verified. Every interface uses this type."""
