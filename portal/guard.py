"""Limits on guessing: so many failures for one subject within a while, and nobody may try it for as long.

A subject is a login, the address of whoever asks, or both a case number and that address; the record keeps only its hash. Limits
hold across processes and restarts, because they are rows. A try counts as a failure before it is answered, one try of a subject
after the other, so that a thousand tries at once are stopped like a thousand in a row; a success takes it back.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from secrets import compare_digest, token_hex
from typing import Final

from fastapi import Request

from portal.problems import TooMany
from portal.window import Window
from runtime.casework import CODE_ALPHABET, as_code, code_hash
from schema import people

CASE_NO: Final = re.compile(r"QQ-[0-9]{6}-[0-9]{4}-[0-9]{4,7}")

WHILE: Final = timedelta(minutes=15)
MOST: Final = {"login": 5, "case": 10, "address": 50}
"""Failures within `WHILE` after which a login, an address, or an address about one case has to wait.

Nobody can lock an enterprise out of its case from elsewhere: a debtor knows the number, and a code of 79 random bits needs no more.
"""


def address_of(request: Request) -> str:
    """Where a request comes from: of IPv6 the network, of which one household has 2^64 addresses.

    Behind a proxy the server is told to trust its headers.
    """
    host = request.client.host if request.client else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address.packed, 64), strict=False))
    return host


def _subject(kind: str, name: str) -> str:
    return kind + ":" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]


async def let_try(window: Window, **names: str) -> None:
    """Let somebody try, and count it as a failure until `note_success`.

    Args:
        names: What is tried, by kind: `login`, `case`, `address`.

    Raises:
        TooMany: One of them has failed too often of late.
    """
    now = datetime.now(UTC)
    subjects = {_subject(kind, name): MOST[kind] for kind, name in names.items()}
    async with window.engine.begin() as connection:
        for subject, most in sorted(subjects.items()):
            failures = await people.recent_attempts(connection, subject, now - WHILE, most)
            if len(failures) >= most:
                raise TooMany(ceil((failures[-1] + WHILE - now).total_seconds()))
        await people.note_attempts(connection, list(subjects), now, now - WHILE)


async def note_success(window: Window, **names: str) -> None:
    """Forget what failed before. Of an address only the latest try is taken back: it may be many people's."""
    async with window.engine.begin() as connection:
        for kind, name in names.items():
            await people.forgive(connection, _subject(kind, name), only_latest=kind == "address")


async def is_right_code(window: Window, address: str, case_no: str, code: str) -> bool:
    """Whether that is the access code of that case. A case that does not exist is answered like a wrong code.

    Raises:
        TooMany: It was tried too often.
    """
    names = {"case": f"{case_no} {address}", "address": address}
    await let_try(window, **names)
    async with window.engine.connect() as connection:
        known = await people.access_code_hash(connection, case_no) if CASE_NO.fullmatch(case_no) else None
    if compare_digest(code_hash(_as_issued(code)), known or token_hex(32)):
        await note_success(window, **names)
        return True
    return False


def _as_issued(code: str) -> str:
    """A code as it was given, four characters and a dash, however it is typed: small letters, spaces, no dashes."""
    return as_code(letter for letter in code.upper() if letter in CODE_ALPHABET)
