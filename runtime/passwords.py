"""Passwords of the people of the offices: what the record keeps of them, and which are too weak."""

import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST: Final = 10
"""Characters of a password, at the least."""

MOST: Final = 200

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


def initial() -> str:
    """A password for somebody new, or who has lost the old one: 96 random bits."""
    return secrets.token_urlsafe(12)


def weakness(login: str, password: str) -> tuple[str, str] | None:
    """Why a password may not be used, in Chinese and English; none, when it may."""
    if len(password) < LEAST:
        return f"密码至少 {LEAST} 个字符", f"a password has at least {LEAST} characters"
    if len(password) > MOST:
        return f"密码至多 {MOST} 个字符", f"a password has at most {MOST} characters"
    if password.strip().casefold() == login.casefold():
        return "密码不能与登录名相同", "a password is not the login"
    return None
