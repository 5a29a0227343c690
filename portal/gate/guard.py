"""Limits on guessing: after a number of failures within a while, a subject is blocked for as long.

What is tried is a login, its second factor or a case, from an address. Failures are counted by both together, so that nobody can lock
somebody else out from elsewhere; by address alone, whatever is tried from it; and by login or case alone, so that guesses spread over
many addresses are stopped as well. The last limit does not apply at an address where the right secret was given before: its owner gets
in even during an attack.

The record stores hashes only. Because the limits are rows, they hold across processes and restarts. An attempt counts as a failure
before it is answered, and attempts on one subject are serialised, so that a thousand at once are stopped like a thousand in a row. A
success takes its own count back.
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
"""How many failures within `WHILE` block an attempt: on one login or case from one address (`MOST_HERE`), on one login or case from
all addresses where it has had no success (`MOST_IN_ALL`), and on anything from one address (`MOST_FROM`).

Of the million codes of a second factor three are right at a time. They are counted apart from the login, because the right password
would reset the count; so few guesses succeed. An access code has 76 random bits: there the limits protect the load rather than the
secret.
"""

KNOWN_FOR: Final = timedelta(days=90)
"""How long an address is remembered at which the right secret was given."""


def address_of(request: Request) -> str:
    """The address of a client. For IPv6 it is the network, because one household has 2^64 addresses.

    A proxy's information is used only if the server trusts that proxy (`portal.serve`).
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
    """A counter of failures: its hashed name, its limit, and whether it is for one login or case at one address."""

    name: str
    most: int
    is_here: bool


def _hashed(kind: str, name: str) -> str:
    return kind + ":" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]


async def _subjects(
    connection: AsyncConnection, address: str, names: Mapping[str, str], now: datetime
) -> list[_Subject]:
    """The counters of an attempt, in the order in which everybody locks them."""
    found = [_Subject(_hashed("address", address), MOST_FROM, is_here=False)]
    for kind, name in names.items():
        here = _Subject(_hashed(f"{kind} here", f"{name} {address}"), MOST_HERE[kind], is_here=True)
        found.append(here)
        if not await limits.is_known(connection, here.name, now - KNOWN_FOR):
            found.append(_Subject(_hashed(kind, name), MOST_IN_ALL[kind], is_here=False))
    return sorted(found)


async def let_try(window: Window, *, address: str, **names: str) -> None:
    """Admit an attempt, and count it as a failure until `note_success`.

    Args:
        address: The client's address.
        names: What is tried, by kind: a `login`, the `code` of a login's second factor, a `case`, somebody's `contact`, or nothing in
            particular.

    Raises:
        TooMany: It has failed too often recently.
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
    """Reset the failures of this login or case at this address, and remember the address.

    The counters that many people may share, of an address or of a login from everywhere, are only reduced by this attempt.
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
    """The party to whom a code opens a case; None if it opens none. An unknown case is answered like a wrong code.

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
