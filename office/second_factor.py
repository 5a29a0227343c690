"""The second factor beside a password: codes that a telephone computes from a secret and the time (TOTP, RFC 6238)."""

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
"""As the application on the telephone calls us: not every one shows Chinese."""

RECOVERY_CODES: Final = 8

OFFERED_FOR: Final = timedelta(minutes=10)
"""In which a code of a new secret is shown: time to install an application on the telephone."""

_DRIFT: Final = (0, -1, 1)
"""Steps of half a minute by which a telephone's clock may differ."""


async def is_on(connection: AsyncConnection, account: int) -> bool:
    """Whether somebody has a second factor in force."""
    return (await factors.factor_of(connection, account)).secret is not None


async def offer(connection: AsyncConnection, account: int, to: str, now: datetime) -> None:
    """Draw a secret for somebody who has shown the password, and wants a second factor, or another.

    Args:
        to: The hash of the token of the session in which that was done: nowhere else is it shown, or put in force.
    """
    await factors.offer(connection, account, pyotp.random_base32(), to, now)


async def offered(connection: AsyncConnection, account: int, to: str, now: datetime) -> str | None:
    """The secret that is offered in a session; none, when that was too long ago."""
    return await factors.offered(connection, account, to, now - OFFERED_FOR)


def address_of(secret: str, login: str) -> str:
    """What the application is told by a QR code: the secret, and whose it is."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


async def confirm(
    connection: AsyncConnection, who: Doer, office: str, to: str, typed: str, now: datetime
) -> list[str]:
    """Put the secret that is offered in a session in force, once a code of it is shown; returns the recovery codes, which nobody is
    told again. None of them: that is no code of it.
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
    """Whether somebody shows a code of the second factor that was not taken before, or a recovery code. It is used up by that."""
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
    """Of which half minute this is the code, if it is one of about now."""
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
