"""The parties' access codes: whether one is valid, and issuing another. Whoever knows one party's code may not issue the other's."""

from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case.casefile import Case
from domain.commands import AnyCommand
from domain.rights import may_reissue_code
from domain.telling.words import Sentence
from domain.value import PartySide
from office.cases import Opened
from office.codes import code_hash, draw_code
from portal.gate.visitors import Staff
from portal.problems import Forbidden, or_not_found
from portal.window import Window
from schema.seen.cases import case_seen, offices_seen
from schema.seen.sight import Sight, Unit
from schema.window import codes, people, readings
from schema.window.readings import CODE_OF

log = structlog.get_logger("security")

OF_TWO_PERSONS: Final[Sentence] = (
    "您已知道对方的查询码:双方的查询码由两个人分别发给",
    "you know the other party's code: two people give those of the two parties",
)

OF_ANOTHER_HEAD: Final[Sentence] = (
    "您知道该单位案件的企业查询码:单位账号请由另一位负责人开通、重置",
    "you know a creditor's code to a case of this unit: another head gives it an account, or resets it",
)


async def opens(window: Window, opened: Opened) -> bool:
    """Whether the code in an answer is still valid. Not if the answer is an old one, and the case got another code since."""
    async with window.questions.connect() as connection:
        known = await codes.access_code_hash(connection, opened.case_no)
    return known == code_hash(opened.access_code)


async def reissue(window: Window, case_no: str, who: Staff, side: PartySide) -> tuple[Case, str]:
    """Issue another access code for a party; returns the case and the code, which is shown only now. The former code and its sessions
    become invalid.

    Only clerks and heads of the office that registered or holds the case may do this, because the code lets its holder act for the
    party. The act and the actor are recorded.

    Raises:
        NotFound: No such case may be seen.
        Forbidden: The case is another office's; the debtor has not been told of it yet; or this person knows the other party's code.
    """
    code = draw_code()
    async with window.engine.begin() as connection:
        case = or_not_found(await case_seen(connection, who.sight, case_no))
        if not may_reissue_code(who.office, who.roles, case.receipt.office, case.holder):
            raise Forbidden(
                "只有登记或者承办单位的经办人、负责人可以重新发给查询码",
                "only clerks and heads of the office that registered or holds the case may give another code",
            )
        if side is PartySide.DEBTOR and not case.is_known_to_debtor:
            raise Forbidden(
                "转交债务人以后,才能发给债务人查询码",
                "the debtor gets a code once the case has been forwarded to it",
            )
        await codes.reissue(connection, case_no, code_hash(code), side)
        await _must_not_know_the_other(connection, who.login, case_no, side)
        await readings.note(connection, who.login, [case_no], CODE_OF[side])
    log.info("access_code_given_again", case_no=case_no, side=side, account=who.account)
    return case, code


async def issue_to_successor(
    window: Window, case_no: str, who: Staff, command: AnyCommand
) -> tuple[Case, PartySide, str] | None:
    """Issue the code of the party that took another's place by this command; the code is shown only now.

    Returns:
        The case, the side, and the code. None if no party did, it has its code, or this person may not give it: somebody else gives it
        on the page of the case.
    """
    side = await window.cases.successor(case_no, command)
    if side is None:
        return None
    async with window.questions.connect() as connection:
        if await codes.access_code_hash(connection, case_no, side) is not None:
            return None
    try:
        case, code = await reissue(window, case_no, who, side)
    except Forbidden:
        return None
    return case, side, code


async def _must_not_know_the_other(
    connection: AsyncConnection, login: str, case_no: str, side: PartySide
) -> None:
    """Refuse a party's code to whoever knows the other party's code, or has given an account to a unit that is the debtor.

    Raises:
        Forbidden: This person could act for both parties.
    """
    await readings.one_at_a_time(connection, login)
    knows_other = bool(await readings.codes_read(connection, login, case_no) - {side})
    if side is PartySide.CREDITOR and not knows_other:
        sights = [Sight.of_unit(unit) for unit in await people.units_invited_by(connection, login)]
        knows_other = any([await offices_seen(connection, sight, case_no) for sight in sights])
    if knows_other:
        raise Forbidden(*OF_TWO_PERSONS)


async def must_know_no_creditors_code(connection: AsyncConnection, login: str, unit: Unit) -> None:
    """Refuse the account of a debtor unit to whoever knows a creditor's code to one of its cases.

    Raises:
        Forbidden: This person could act for both parties there.
    """
    await readings.one_at_a_time(connection, login)
    if await readings.has_creditors_code(connection, login, Sight.of_unit(unit)):
        raise Forbidden(*OF_ANOTHER_HEAD)


async def note_code(
    window: Window, case_no: str, account: int | None, program: str, side: PartySide = PartySide.CREDITOR
) -> None:
    """Record that a program was given a party's code: under the account it acts for, or under its own name."""
    async with window.engine.begin() as connection:
        who = await people.login_of(connection, account) if account else program
        await readings.note(connection, who, [case_no], CODE_OF[side])
