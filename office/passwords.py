"""Passwords of the people of the offices: what the record keeps of them, which are too weak, and how the first one is set."""

import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from office.codes import code_hash, draw_code
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


def weakness(login: str, password: str) -> tuple[str, str] | None:
    """Why a password may not be used, in Chinese and English; none, when it may."""
    if len(password) < LEAST:
        return f"密码至少 {LEAST} 个字符", f"a password has at least {LEAST} characters"
    if len(password) > MOST:
        return f"密码至多 {MOST} 个字符", f"a password has at most {MOST} characters"
    if password.strip().casefold() == login.casefold():
        return "密码不能与登录名相同", "a password is not the login"
    return None
