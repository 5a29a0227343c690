"""The people of the offices and their accounts, those of debtor units among them.

An account is one person of one office, or of a unit that it has invited; its id stands in the journal, so none is ever deleted.
Whatever is done about an account goes on record in `staff_change`, in the same transaction.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import OFFICE_ROLES, Actor, Role, person_key
from domain.names.claims import comparable
from domain.refusal import Code, Refusal
from schema.seen.sight import Sight, Unit
from schema.tables import api_token, notification, second_factor, staff, staff_change
from schema.window.sessions import end_all

LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
"""What a login looks like."""


class StaffFound(NamedTuple):
    """Somebody of an office, or of a debtor unit, whose person may have no name. `id` is the account; the Argon2 hash of the password
    is None until the person has set one.
    """

    id: int
    login: str
    person: str
    office: str
    roles: tuple[str, ...]
    password_hash: str | None
    invited_until: datetime | None
    active: bool
    unit: Unit | None = None


class Among(NamedTuple):
    """Whom a head may change: the people of the offices in sight, or the accounts of the debtor units that these have invited."""

    sight: Sight
    units: bool = False

    def accounts(self) -> ColumnElement[bool]:
        """The condition that a row of `staff` must meet."""
        kind = staff.c.unit.is_not(None) if self.units else staff.c.unit.is_(None)
        return self.sight.offices(staff.c.office) & kind


class Doer(NamedTuple):
    """Who does something about people: somebody of an office, or whoever runs the record."""

    login: str
    account: int | None = None


COMMAND_LINE: Final = Doer("command line")


class Invitation(NamedTuple):
    """What lets a person set a password, once, until some time: of the code only the hash is kept."""

    code_hash: str
    until: datetime


class ChangeFound(NamedTuple):
    """What was done about somebody, or about a token, by whom."""

    at: datetime
    office: str
    what: str
    whom: str
    by: str
    roles: tuple[str, ...] | None


async def staff_by_login(connection: AsyncConnection, login: str) -> StaffFound | None:
    """Somebody by login."""
    if not LOGIN.fullmatch(login):
        return None
    row = (await connection.execute(select(staff).where(staff.c.login == login))).one_or_none()
    return _found(row) if row else None


async def units_invited_by(connection: AsyncConnection, login: str) -> list[Unit]:
    """The debtor units to whose accounts somebody has given a code."""
    of, given = staff.c, staff_change.c
    query = (
        select(of.office, of.unit, of.unit_code)
        .join(staff_change, given.whom == of.login)
        .where(of.unit.is_not(None), given.by == login, given.what.in_(("added", "invited")))
        .distinct()
    )
    return [Unit(*row) for row in await connection.execute(query)]


async def account_of(connection: AsyncConnection, actor: Actor) -> StaffFound | None:
    """The account of somebody of an office who acts in a role: none, when the person has left, never came, or has not that role."""
    if actor.person is None or actor.role not in OFFICE_ROLES:
        return None
    query = select(staff).where(
        staff.c.office == actor.party,
        staff.c.person_key == person_key(actor.person),
        staff.c.active,
        staff.c.invitation_hash.is_(None),
        staff.c.roles.contains([actor.role.value]),
    )
    row = (await connection.execute(query)).one_or_none()
    return _found(row) if row else None


async def staff_seen(connection: AsyncConnection, among: Among) -> list[StaffFound]:
    """The people of an office and of those below it, or the accounts of their debtor units, by office and login."""
    query = select(staff).where(among.accounts()).order_by(staff.c.office, staff.c.login)
    return [_found(row) for row in await connection.execute(query)]


async def colleagues(connection: AsyncConnection, office: str, role: Role | None = None) -> list[str]:
    """The names of those who work at an office now, in any role or in one."""
    here = [staff.c.office == office, staff.c.active, staff.c.unit.is_(None)]
    if role is not None:
        here.append(staff.c.roles.contains([role.value]))
    query = select(staff.c.person).where(*here).order_by(staff.c.login)
    return list((await connection.execute(query)).scalars())


async def everybody(connection: AsyncConnection) -> list[StaffFound]:
    """The people of all offices and units, by office and login: for whoever runs the record."""
    query = select(staff).order_by(staff.c.office, staff.c.login)
    return [_found(row) for row in await connection.execute(query)]


async def changes_seen(connection: AsyncConnection, sight: Sight, most: int) -> list[ChangeFound]:
    """What was done about the people and tokens of an office and of those below it, the latest first."""
    query = (
        select(staff_change)
        .where(sight.offices(staff_change.c.office))
        .order_by(staff_change.c.id.desc())
        .limit(most)
    )
    return [
        ChangeFound(row.at, row.office, row.what, row.whom, row.by, tuple(row.roles) if row.roles else None)
        for row in await connection.execute(query)
    ]


def _found(row: Any) -> StaffFound:
    return StaffFound(
        row.id,
        row.login,
        row.person,
        row.office,
        tuple(row.roles),
        row.password_hash,
        row.invited_until,
        row.active,
        Unit(row.office, row.unit, row.unit_code) if row.unit else None,
    )


async def add_staff(
    connection: AsyncConnection,
    login: str,
    person: str,
    office: str,
    roles: Sequence[str],
    invitation: Invitation | None,
    by: Doer,
    unit: Unit | None = None,
) -> int:
    """An account for somebody, who sets the password by the invitation; without one the person has it from elsewhere.

    Args:
        person: As `domain.actors.PersonName` keeps it. Of a unit it may be empty.
        unit: The debtor unit of which it is.

    Raises:
        Refusal: Who does so is no head any more.
        sqlalchemy.exc.IntegrityError: The login is taken, or the office, or the unit there, has, or had, a person of that name.
    """
    await _one_at_a_time(connection, by)
    values = {
        "login": login,
        "person": person,
        "person_key": (f"{unit.code or comparable(unit.name)}/" if unit else "") + person_key(person),
        "office": office,
        "unit": unit.name if unit else None,
        "unit_code": unit.code if unit else None,
        "roles": list(roles),
        "active": True,
        "notified": select(func.coalesce(func.max(notification.c.id), 0)).scalar_subquery(),
        **_invited(invitation),
    }
    added = await connection.execute(insert(staff).values(values).returning(staff.c.id))
    await note_change(connection, office, "added", login, by, roles)
    account: int = added.scalar_one()
    return account


async def invite(
    connection: AsyncConnection, login: str, invitation: Invitation, by: Doer, among: Among | None = None
) -> bool:
    """Let somebody set another password. The one before, and every session, ends. False: there is nobody among those."""
    changes = {"password_hash": None, **_invited(invitation)}
    return await _change(connection, login, "invited", changes, by, among)


async def change_roles(
    connection: AsyncConnection, login: str, roles: Sequence[str], by: Doer, among: Among | None = None
) -> bool:
    """Other roles for somebody, who signs in again. False: there is nobody among those."""
    return await _change(connection, login, "roles_changed", {"roles": list(roles)}, by, among)


async def change_active(
    connection: AsyncConnection, login: str, active: bool, by: Doer, among: Among | None = None
) -> bool:
    """Let somebody in no longer, or again. Sessions and tokens end at once. False: there is nobody among those."""
    what = "activated" if active else "deactivated"
    return await _change(connection, login, what, {"active": active}, by, among)


async def remove_second_factor(
    connection: AsyncConnection, login: str, by: Doer, among: Among | None = None
) -> bool:
    """Let somebody whose telephone is lost in by the password alone. What the person has open ends. False: there is nobody in sight
    who has a second factor.
    """
    if not LOGIN.fullmatch(login):
        return False
    await _one_at_a_time(connection, by)
    whose = select(staff.c.id, staff.c.office).where(staff.c.login == login)
    if among is not None:
        whose = whose.where(among.accounts())
    found = (await connection.execute(whose)).one_or_none()
    if found is None:
        return False
    theirs = (second_factor.c.staff_id == found.id, second_factor.c.secret.is_not(None))
    if (await connection.execute(delete(second_factor).where(*theirs))).rowcount == 0:
        return False
    await end_all(connection, found.id)
    await note_change(connection, found.office, "second_factor_removed", login, by)
    return True


async def _change(
    connection: AsyncConnection, login: str, what: str, changes: dict[str, Any], by: Doer, among: Among | None
) -> bool:
    """Change somebody, end what the person has open, and note it.

    Raises:
        Refusal: Who does so is no head any more, or the office would be left without one.
    """
    await _one_at_a_time(connection, by)
    if not LOGIN.fullmatch(login):
        return False
    before = await staff_by_login(connection, login)
    query = update(staff).where(staff.c.login == login).values(changes).returning(staff)
    if among is not None:
        query = query.where(among.accounts())
    row = (await connection.execute(query)).one_or_none()
    if before is None or row is None:
        return False
    changed = _found(row)
    await end_all(connection, changed.id)
    await note_change(connection, changed.office, what, login, by, changes.get("roles"))
    if _is_head(before) and not _is_head(changed):
        await _end_tokens(connection, changed.id, by)
        await _keep_a_head(connection, changed.office)
    return True


def _is_head(one: StaffFound) -> bool:
    return one.active and Role.HEAD in one.roles


async def _one_at_a_time(connection: AsyncConnection, by: Doer) -> None:
    """Nobody else changes people until this transaction ends; whoever does so must still be a head then."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('staff'))"))
    if by.account is None:
        return
    query = select(staff.c.id).where(_IS_HEAD, staff.c.id == by.account)
    if (await connection.execute(query)).scalar_one_or_none() is None:
        raise Refusal(Code.NOT_YOURS, "您已不是负责人", "you are no longer a head of the office")


_IS_HEAD: Final = staff.c.active & staff.c.roles.contains([Role.HEAD.value])


async def _keep_a_head(connection: AsyncConnection, office: str) -> None:
    """Refuse what leaves an office without a head: nobody could let others in any more."""
    query = select(func.count()).select_from(staff).where(staff.c.office == office, _IS_HEAD)
    if (await connection.execute(query)).scalar_one() == 0:
        raise Refusal(
            Code.NOT_YOURS,
            "本办公室须保留至少一名负责人,请先增加另一位",
            "an office keeps at least one head: add another first",
        )


async def _end_tokens(connection: AsyncConnection, account: int, by: Doer) -> None:
    """The tokens of somebody who has left, or is no head any more, end."""
    theirs = (api_token.c.owner == account, api_token.c.revoked_at.is_(None))
    ended = update(api_token).where(*theirs).values(revoked_at=func.now())
    for row in await connection.execute(ended.returning(api_token.c.office, api_token.c.name)):
        await note_change(connection, row.office, "token_revoked", row.name, by)


def _invited(invitation: Invitation | None) -> dict[str, Any]:
    code_hash, until = invitation or (None, None)
    return {"invitation_hash": code_hash, "invited_until": until}


def _by_invitation(login: str, code_hash: str, now: datetime) -> ColumnElement[bool]:
    """Who may set a password by that code."""
    is_theirs = (staff.c.login == login) & (staff.c.invitation_hash == code_hash)
    return is_theirs & (staff.c.invited_until > now) & staff.c.active


async def invited(
    connection: AsyncConnection, login: str, code_hash: str, now: datetime
) -> StaffFound | None:
    """Whose invitation this is. None: it is none of this login, or its time is over."""
    if not LOGIN.fullmatch(login):
        return None
    query = select(staff).where(_by_invitation(login, code_hash, now))
    row = (await connection.execute(query)).one_or_none()
    return _found(row) if row else None


async def use_invitation(
    connection: AsyncConnection, login: str, code_hash: str, now: datetime, password_hash: str
) -> StaffFound | None:
    """Set the password by an invitation, which is then used up. None: it is none of this login, or its time is over."""
    values = {"password_hash": password_hash, **_invited(None)}
    query = update(staff).where(_by_invitation(login, code_hash, now)).values(values).returning(staff)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    found = _found(row)
    await note_change(connection, found.office, "invitation_used", login, Doer(login, found.id))
    return found


async def set_password(connection: AsyncConnection, account: int, password_hash: str) -> None:
    """Another password, set by the person. Every session ends."""
    query = update(staff).where(staff.c.id == account).values(password_hash=password_hash)
    row = (await connection.execute(query.returning(staff))).one()
    await end_all(connection, account)
    await note_change(connection, row.office, "password_changed", row.login, Doer(row.login, account))


async def arrive(connection: AsyncConnection, account: int) -> None:
    """Somebody came in by a common account: an invitation that waits is not needed any more."""
    waits = (staff.c.id == account, staff.c.invitation_hash.is_not(None))
    await connection.execute(update(staff).where(*waits).values(_invited(None)))


async def note_change(
    connection: AsyncConnection,
    office: str,
    what: str,
    whom: str,
    by: Doer,
    roles: Sequence[str] | None = None,
) -> None:
    """Note what is done about somebody, or about a token."""
    await connection.execute(
        insert(staff_change).values(
            at=func.now(),
            office=office,
            what=what,
            whom=whom,
            by=by.login,
            account=by.account,
            roles=list(roles) if roles else None,
        )
    )


async def login_of(connection: AsyncConnection, account: int) -> str:
    """The login of an account."""
    return str((await connection.execute(select(staff.c.login).where(staff.c.id == account))).scalar_one())
