"""Limits on guessing: so many failures for one subject within a while, and nobody may try it for as long.

What is tried is a login, its second factor or a case, from an address. Failures are counted for the two together, so that nobody can
lock somebody else out from elsewhere; for the address, whatever is tried from it; and for the login or case from wherever, so that a
guess shared among a thousand addresses is stopped as well. That last limit does not hold where the right secret was shown before:
whoever is at home at an address comes in while the whole world guesses.

The record keeps only hashes. Limits hold across processes and restarts, because they are rows. A try counts as a failure before it
is answered, one try of a subject after the other, so that a thousand tries at once are stopped like a thousand in a row; a success
takes it back.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from secrets import compare_digest, token_hex
from typing import Final, NamedTuple

import structlog
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.value import PartySide
from office.codes import as_issued, code_hash
from portal.problems import TooMany
from portal.window import Window
from schema.window import codes, limits

log = structlog.get_logger("security")

CASE_NO: Final = re.compile(r"QQ-[0-9]{6}-[0-9]{4}-[0-9]{4,7}")

WHILE: Final = timedelta(minutes=15)
MOST_HERE: Final = {"login": 5, "code": 5, "case": 10, "contact": 5}
MOST_IN_ALL: Final = {"login": 100, "code": 20, "case": 1000, "contact": 20}
MOST_FROM: Final = 50
"""Failures within `WHILE` after which one has to wait who tries one login or case from one address; who tries it from an address
where nobody has had success with it; and who tries anything at all from one address.

Of a second factor's codes, a million, three are right: they are counted apart from the login, whose right password would forgive what
failed, and few guesses pass in all. An access code has 76 random bits, so that its limits are there for the load rather than for the
secret.
"""

KNOWN_FOR: Final = timedelta(days=90)
"""How long it is remembered that the right secret was shown at an address."""


def address_of(request: Request) -> str:
    """Where a request comes from: of IPv6 the network, of which one household has 2^64 addresses.

    A proxy is believed where the server is told to (`portal.serve`), and nowhere else.
    """
    host = request.client.host if request.client else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address.packed, 64), strict=False))
    return host


class _Subject(NamedTuple):
    """What failures are counted by: hashed, as the record has it, how many it may have, and whether it is one thing at one place."""

    name: str
    most: int
    is_here: bool


def _hashed(kind: str, name: str) -> str:
    return kind + ":" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]


async def _subjects(
    connection: AsyncConnection, address: str, names: Mapping[str, str], now: datetime
) -> list[_Subject]:
    """What one try is counted by, in the order in which everybody takes hold of it."""
    found = [_Subject(_hashed("address", address), MOST_FROM, is_here=False)]
    for kind, name in names.items():
        here = _Subject(_hashed(f"{kind} here", f"{name} {address}"), MOST_HERE[kind], is_here=True)
        found.append(here)
        if not await limits.is_known(connection, here.name, now - KNOWN_FOR):
            found.append(_Subject(_hashed(kind, name), MOST_IN_ALL[kind], is_here=False))
    return sorted(found)


async def let_try(window: Window, *, address: str, **names: str) -> None:
    """Let somebody try, and count it as a failure until `note_success`.

    Args:
        address: From where.
        names: What is tried, by kind: a `login`, the `code` of a login's second factor, a `case`, the
            `contact` of somebody, or nothing in particular.

    Raises:
        TooMany: It has failed too often of late.
    """
    now = datetime.now(UTC)
    async with window.engine.begin() as connection:
        tried = await _subjects(connection, address, names, now)
        for subject in tried:
            failures = await limits.recent_attempts(connection, subject.name, now - WHILE, subject.most)
            if len(failures) >= subject.most:
                log.warning("locked_out", kind=subject.name.partition(":")[0], subject=subject.name)
                raise TooMany(ceil((failures[-1] + WHILE - now).total_seconds()))
        await limits.note_attempts(connection, [subject.name for subject in tried], now, now - WHILE)


async def note_success(window: Window, *, address: str, **names: str) -> None:
    """Forget what failed before at this place, which is known from now on.

    Of what may be many people's, an address or a login from wherever, only the latest try is taken back.
    """
    now = datetime.now(UTC)
    async with window.engine.begin() as connection:
        for subject in await _subjects(connection, address, names, now):
            await limits.forgive(connection, subject.name, only_latest=not subject.is_here)
            if subject.is_here:
                await limits.remember(connection, subject.name, now, now - KNOWN_FOR)


async def whose_code(
    window: Window, address: str, case_no: str, code: str, sides: Collection[PartySide] = tuple(PartySide)
) -> PartySide | None:
    """To which of these parties that code opens that case. A case that does not exist is answered like a wrong code.

    Raises:
        TooMany: It was tried too often.
    """
    await let_try(window, address=address, case=case_no)
    typed, found = code_hash(as_issued(code)), None
    async with window.engine.connect() as connection:
        for side in sides:
            known = (
                await codes.access_code_hash(connection, case_no, side)
                if CASE_NO.fullmatch(case_no)
                else None
            )
            if compare_digest(typed, known or token_hex(32)):
                found = side
    if found is not None:
        await note_success(window, address=address, case=case_no)
    return found
