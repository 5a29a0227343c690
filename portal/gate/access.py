"""The access codes of the parties: whether one still opens its case, and another for whom has none or has lost it."""

from typing import Final

import structlog

from domain.case.casefile import Case
from domain.rights import may_reissue_code
from domain.telling.words import Sentence
from domain.value import PartySide
from office.cases import Opened
from office.codes import code_hash, draw_code
from portal.gate.visitors import Staff
from portal.problems import Forbidden, or_not_found
from portal.window import Window
from schema.seen.cases import case_seen
from schema.window import codes, people, readings
from schema.window.readings import CODE_OF

log = structlog.get_logger("security")

OF_TWO_PERSONS: Final[Sentence] = (
    "您已知道对方的查询码:双方的查询码由两个人分别发给",
    "you know the other party's code: two people give those of the two parties",
)


async def opens(window: Window, opened: Opened) -> bool:
    """Whether a code still opens its case: not, when the case was opened before and has been given another since."""
    async with window.questions.connect() as connection:
        known = await codes.access_code_hash(connection, opened.case_no)
    return known == code_hash(opened.access_code)


async def reissue(window: Window, case_no: str, who: Staff, side: PartySide) -> tuple[Case, str]:
    """Another access code for a party, to be shown this once, and its case. The one before opens nothing any more, and who came in
    with it is out.

    Only the office that registered the case or holds it may do so, its clerks and heads: whoever has the code can answer for the
    party. That it was done, and by whom, stays on record.

    Raises:
        NotFound: There is no such case in sight.
        Forbidden: It is another office's to do; the debtor has not been told of the case yet; or this person knows the other party's
            code, and could answer for both.
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
        if await readings.codes_read(connection, who.login, case_no) - {side}:
            raise Forbidden(*OF_TWO_PERSONS)
        await readings.note(connection, who.login, [case_no], CODE_OF[side])
    log.info("access_code_given_again", case_no=case_no, side=side, account=who.account)
    return case, code


async def note_code(window: Window, case_no: str, account: int | None, program: str) -> None:
    """Note that a program was told the creditor's code, for whoever of the office it speaks for, or for itself."""
    async with window.engine.begin() as connection:
        who = await people.login_of(connection, account) if account else program
        await readings.note(connection, who, [case_no], CODE_OF[PartySide.CREDITOR])
