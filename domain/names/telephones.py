"""Normalising telephone numbers that are written with a country code, separators, or an extension."""

import re
import unicodedata
from typing import Final

_SIGNS: Final = re.compile(r"[ .()\-\u2010-\u2015]")
_TELEPHONE: Final = re.compile(r"[ .()+\-\u2010-\u20150-9]{7,40}")
_EXTENSION: Final = re.compile(r" ?(转|分机|ext\.?|x) ?[0-9]{1,6}", re.IGNORECASE)
_COUNTRY: Final = re.compile(r"(\+|00)?86(?=[0-9]{10,11}$)")
_MOBILE: Final = re.compile("1[0-9]{10}")


def number_meant(written: str) -> str | None:
    """The digits of a telephone number as dialled within the country, without a marked extension; None if it is no such number.

    `+86 138-0931-5678` is `13809315678`, and `+86 931 8765432` is `09318765432`.
    """
    plain = unicodedata.normalize("NFKC", written).strip()
    if extension := _EXTENSION.search(plain):
        plain = plain[: extension.start()] if extension.end() == len(plain) else ""
    if not _TELEPHONE.fullmatch(plain):
        return None
    digits = _SIGNS.sub("", plain)
    if country := _COUNTRY.match(digits):
        number = digits[country.end() :]
        return number if _MOBILE.fullmatch(number) or number.startswith("0") else f"0{number}"
    return digits if re.fullmatch("[0-9]{7,15}", digits) else None
