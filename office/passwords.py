"""Passwords of the people of the offices: what the record keeps of them, which are too weak, and how the first one is set."""

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
"""Characters of a password, at the least."""

MOST: Final = 200

INVITED: Final = timedelta(days=7)
"""How long an invitation waits."""

_hasher: Final = PasswordHasher()


def kept_of(password: str) -> str:
    """What the record keeps of a password: an Argon2id hash. It takes a quarter of a second of a core."""
    return _hasher.hash(password)


def is_right(kept: str | None, password: str) -> bool:
    """Whether this is the password of which `kept` was kept. It takes as long when nothing was: nobody learns which logins exist."""
    try:
        return _hasher.verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return kept_of(secrets.token_hex())


def draw_invitation(now: datetime) -> tuple[str, Invitation]:
    """A code for somebody new, or who has lost the password, to set one by; and what the record keeps of it.

    Whoever hands it over knows no password: the code is used up by the person's own.
    """
    code = draw_code()
    return code, Invitation(code_hash(code), now + INVITED)


class Owner(NamedTuple):
    """Whose password it is to be: nothing of this may stand in it, and the name of the office, `unit`, is easily guessed."""

    login: str
    person: str
    office: str
    unit: str = ""


def weakness(password: str, owner: Owner) -> Sentence | None:
    """Why a password may not be used; none, when it may. It takes up to a second of a core: for whoever is known to be the owner."""
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
    """A name without what says which namesake it is, wherever that stands."""
    return _NOTE.sub("", person) or person


def _contains(written: str, own: str) -> bool:
    """Whether one's own name is in a password. Of one or two Latin letters, which many words have, it must be the whole."""
    return own in written if len(own) >= _TELLING or not own.isascii() else own == written


GUESSABLE: Final[Sentence] = (
    "密码太常见,容易被猜中:不能用常见密码,也不能只在常见密码、词语和姓名的拼音、键盘顺序、日期、重复的字符上稍作变化",
    "This password is common or easily guessed: take none that many people use, and none made of such a one, of common words or "
    "names by their pinyin, of keys in a row, of a date or of repetitions",
)

_TELLING: Final = 4
"""As many Latin letters or digits of a login make it one's own."""

_NOTE: Final = re.compile("[(\uff08][^)\uff09]*[)\uff09]?")
"""Says which namesake somebody is."""

_GUESSES: Final = 100_000_000
"""As many guesses a password withstands, by the estimate of zxcvbn, whatever is capital or small in it."""


def _is_guessable(password: str, owner: Owner) -> bool:
    """Whether it is a common password, one in disguise, or made of what guessers try first."""
    from zxcvbn import zxcvbn

    small = unicodedata.normalize("NFKC", password).casefold()
    letters = "".join(letter for letter in small if letter.isalpha())
    known = [owner.login.casefold(), *_names_of(owner.unit), *typed_words()]
    return letters in _common() or zxcvbn(small[:_LOOKED_AT], user_inputs=known)["guesses"] < _GUESSES


def _names_of(unit: str) -> list[str]:
    """What of the name of an office people type: 安宁区清欠办 is `anningquqingqianban`, `anningqu` and `anning`."""
    place = unit.removesuffix("清欠办")
    return [as_typed(name) for name in (unit, place, place[:-1]) if name]


_LOOKED_AT: Final = 36
"""As much of a password is looked at. What is longer is good by that alone, and zxcvbn takes five seconds for 72 signs that may each
stand for several letters.
"""


@cache
def _common() -> frozenset[str]:
    """The thirty thousand passwords that were found most often among those that have leaked."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
