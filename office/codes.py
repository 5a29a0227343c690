"""Access codes, invitations and recovery codes: sixteen characters that can be read out on the phone. The record keeps their
hashes.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Final

_ALPHABET: Final = "23456789ACDEFGHJKMNPQRTVWXY"
"""Digits and letters that are not mistaken for one another: without 0, O, 1, I and L, and with only the first of 2/Z, 5/S, 8/B and
V/U. Sixteen of them have 76 random bits, so that unlike a password a code needs no slow hash.
"""

_MISREAD: Final = str.maketrans("ZSBU", "258V")
"""The replacements for letters that no code contains."""

_LENGTH: Final = 16


def draw_code() -> str:
    """Draw a random code."""
    return _spelt(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def code_under(secret: str, about: str) -> str:
    """Derive a code from a caller's secret: random to everybody else, and the same for every request with that secret.

    The secret is the token of a session or a program, of which the record has only a hash.
    """
    number = int.from_bytes(hmac.digest(secret.encode(), about.encode(), "sha512"))
    letters = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return _spelt(letters)


def code_hash(code: str) -> str:
    """The hash that the record keeps of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def as_issued(typed: str) -> str:
    """A code in its issued form. Lower case, full width, spaces, missing dashes and misread letters are accepted."""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(_MISREAD)
    return _spelt(letter for letter in plain if letter in _ALPHABET)


def _spelt(letters: Iterable[str]) -> str:
    """Groups of four characters with dashes in between."""
    typed = "".join(letters)
    return "-".join(typed[start : start + 4] for start in range(0, len(typed), 4))
