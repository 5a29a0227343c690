"""The second factor: time-based codes from an authenticator app (TOTP, RFC 6238), and recovery codes."""

import unicodedata
from datetime import datetime, timedelta
from secrets import compare_digest
from typing import Final

import pyotp
from sqlalchemy.ext.asyncio import AsyncConnection

from office.codes import as_issued, code_hash, draw_code
from schema.window import factors
from schema.window.people import Doer, StaffFound

ISSUER: Final = "Qingqian"
"""The issuer that apps display. Not all of them display Chinese."""

RECOVERY_CODES: Final = 8

OFFERED_FOR: Final = timedelta(minutes=10)
"""How long a new secret may be confirmed: enough to install an app."""

_DRIFT: Final = (0, -1, 1)
"""The time steps of half a minute by which a telephone's clock may be off."""


async def is_on(connection: AsyncConnection, account: int) -> bool:
    """Whether an account has a second factor."""
    return (await factors.factor_of(connection, account)).secret is not None


async def offer(connection: AsyncConnection, account: int, to: str, now: datetime) -> None:
    """Draw a new secret for an account whose owner has just given the password.

    Args:
        to: The hash of the token of that session. The secret is shown and can be confirmed only there.
    """
    await factors.offer(connection, account, pyotp.random_base32(), to, now)


async def offered(connection: AsyncConnection, account: int, to: str, now: datetime) -> str | None:
    """The secret offered in a session; None if there is none, or it is too old."""
    return await factors.offered(connection, account, to, now - OFFERED_FOR)


def address_of(secret: str, login: str) -> str:
    """The URI with the secret and the login, which apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


async def confirm(
    connection: AsyncConnection, who: Doer, office: str, to: str, typed: str, now: datetime
) -> list[str]:
    """Put the offered secret in force if `typed` is a code of it; returns the recovery codes, which are shown once. Empty if the code
    is wrong.
    """
    assert who.account is not None, "of somebody"
    secret = await offered(connection, who.account, to, now)
    step = _step_of(secret, _plain(typed), now) if secret else None
    if secret is None or step is None:
        return []
    drawn = [draw_code() for _ in range(RECOVERY_CODES)]
    hashes = [code_hash(code) for code in drawn]
    return drawn if await factors.accept(connection, who, office, secret, step, hashes) else []


async def is_shown(connection: AsyncConnection, who: StaffFound, typed: str, now: datetime) -> bool:
    """Whether `typed` is an unused code of the account's second factor, or a recovery code. It cannot be used again."""
    secret, plain = (await factors.factor_of(connection, who.id)).secret, _plain(typed)
    if secret is None:
        return False
    if len(plain) == pyotp.TOTP(secret).digits:
        step = _step_of(secret, plain, now)
        return step is not None and await factors.use_step(connection, who.id, secret, step)
    by = Doer(who.login, who.id)
    return await factors.use_recovery_code(connection, by, who.office, code_hash(as_issued(typed)))


def _plain(typed: str) -> str:
    """The letters and digits of a code, however it is typed."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", typed) if letter.isalnum())


def _step_of(secret: str, plain: str, now: datetime) -> int | None:
    """The time step of a code; None if it is not a code of about now."""
    codes = pyotp.TOTP(secret)
    at = codes.timecode(now)
    return next(
        (
            at + drift
            for drift in _DRIFT
            if compare_digest(codes.generate_otp(at + drift).encode(), plain.encode())
        ),
        None,
    )
