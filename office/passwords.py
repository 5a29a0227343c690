"""Passwords of accounts: their hashes, which ones are too weak, and setting the first one by an invitation."""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.actors import person_key
from domain.telling.words import Sentence
from office.codes import code_hash, draw_code
from office.typed_words import as_typed, typed_words
from schema.window.people import Invitation

LEAST: Final = 10
"""The fewest characters of a password."""

MOST: Final = 200

INVITED: Final = timedelta(days=7)
"""How long an invitation is valid."""

_hasher: Final = PasswordHasher()


def kept_of(password: str) -> str:
    """The Argon2id hash of a password. It takes a quarter of a second of CPU time."""
    return _hasher.hash(password)


def is_right(kept: str | None, password: str) -> bool:
    """Whether a password has this hash. Without a hash it takes as long, so that nobody can find out which logins exist."""
    try:
        return _hasher.verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return kept_of(secrets.token_hex())


def draw_invitation(now: datetime) -> tuple[str, Invitation]:
    """Draw an invitation, by which a new person or one who has lost the password sets a password; returns the code, and what the
    record keeps.

    Whoever hands the code over never knows the password: the code is used up when the person sets one.
    """
    code = draw_code()
    return code, Invitation(code_hash(code), now + INVITED)


class Owner(NamedTuple):
    """The owner of a new password, which must not contain the login or the name. The name of the office, `unit`, is easily guessed."""

    login: str
    person: str
    office: str
    unit: str = ""


def weakness(password: str, owner: Owner) -> Sentence | None:
    """Why a password is too weak; None if it is not. It takes up to a second of CPU time, so it is only for a visitor who has proved
    to be the owner.
    """
    if len(password) < LEAST:
        return f"密码至少 {LEAST} 个字符", f"A password has at least {LEAST} characters"
    if len(password) > MOST:
        return f"密码至多 {MOST} 个字符", f"A password has at most {MOST} characters"
    written, name = person_key(password), _named(owner.person)
    for own, said in (
        (owner.login, ("密码不能含有登录名", "A password does not contain the login")),
        (name, ("密码不能含有本人姓名", "A password does not contain your name")),
        (
            as_typed(name),
            ("密码不能含有本人姓名的拼音", "A password does not contain your name by its sound"),
        ),
        (owner.office, ("密码不能含有本办公室的代码", "A password does not contain the code of your office")),
    ):
        if _contains(written, person_key(own)):
            return said
    return GUESSABLE if _is_guessable(password, owner) else None


def _named(person: str) -> str:
    """A name without the note that tells namesakes apart."""
    return _NOTE.sub("", person) or person


def _contains(written: str, own: str) -> bool:
    """Whether a password contains the owner's name. A short Latin name, which occurs in many words, has to be the whole password."""
    return own in written if len(own) >= _TELLING or not own.isascii() else own == written


GUESSABLE: Final[Sentence] = (
    "密码太常见,容易被猜中:不能用常见密码,也不能只在常见密码、词语和姓名的拼音、键盘顺序、日期、重复的字符上稍作变化",
    "This password is common or easily guessed: take none that many people use, and none made of such a one, of common words or "
    "names by their pinyin, of keys in a row, of a date or of repetitions",
)

_TELLING: Final = 4
"""The fewest Latin letters or digits that identify an owner within a longer password."""

_NOTE: Final = re.compile("[(\uff08][^)\uff09]*[)\uff09]?")
"""A note in brackets that tells namesakes apart."""

_GUESSES: Final = 100_000_000
"""The guesses that a password has to withstand, as zxcvbn estimates them, regardless of case."""


def _is_guessable(password: str, owner: Owner) -> bool:
    """Whether a password is common, a variant of a common one, or made of what guessers try first."""
    from zxcvbn import zxcvbn

    small = unicodedata.normalize("NFKC", password).casefold()
    letters = "".join(letter for letter in small if letter.isalpha())
    known = [owner.login.casefold(), *_names_of(owner.unit), *typed_words()]
    return letters in _common() or zxcvbn(small[:_LOOKED_AT], user_inputs=known)["guesses"] < _GUESSES


def _names_of(unit: str) -> list[str]:
    """The ways in which people type the name of an office: 安宁区清欠办 gives `anningquqingqianban`, `anningqu` and `anning`."""
    place = unit.removesuffix("清欠办")
    return [as_typed(name) for name in (unit, place, place[:-1]) if name]


_LOOKED_AT: Final = 36
"""How many characters of a password are examined. A longer one is strong by its length, and zxcvbn takes five seconds for 72
characters that may each stand for several letters.
"""


@cache
def _common() -> frozenset[str]:
    """The thirty thousand most frequent leaked passwords."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
