"""Access codes, invitations, recovery codes: sixteen characters that people read out on the phone. The record keeps a hash of each."""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Final

_ALPHABET: Final = "23456789ACDEFGHJKMNPQRTVWXY"
"""Without 0 and O, 1, I and L, and of 2 and Z, 5 and S, 8 and B, V and U the first alone: what people take one for the other. Sixteen
of them are 76 random bits: unlike a password somebody chose, such a code needs no slow hash to withstand guessing."""

_MISREAD: Final = str.maketrans("ZSBU", "258V")
"""As what a letter was meant that no code has."""

_LENGTH: Final = 16


def draw_code() -> str:
    """A code, drawn at random."""
    return _spelt(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def code_under(secret: str, about: str) -> str:
    """The code that belongs to what somebody with a secret sends: random for everybody else, and the same when it is sent again.

    Of the secret, a session's or a program's token, the record has only a hash.
    """
    number = int.from_bytes(hmac.digest(secret.encode(), about.encode(), "sha512"))
    letters = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return _spelt(letters)


def code_hash(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def as_issued(typed: str) -> str:
    """A code as it was given, however it is typed: small letters, full width, spaces, no dashes, letters that no code has for those
    that they look like.
    """
    plain = unicodedata.normalize("NFKC", typed).upper().translate(_MISREAD)
    return _spelt(letter for letter in plain if letter in _ALPHABET)


def _spelt(letters: Iterable[str]) -> str:
    """Four characters and a dash, four characters and a dash."""
    typed = "".join(letters)
    return "-".join(typed[start : start + 4] for start in range(0, len(typed), 4))
