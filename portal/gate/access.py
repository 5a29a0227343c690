"""The access codes of enterprises: whether one still opens its case, and another for a case whose code is lost."""

from typing import Final

import structlog

from domain.rights import may_reissue_code
from office.cases import Opened
from office.codes import code_hash, draw_code
from portal.gate.visitors import Staff
from portal.problems import Forbidden, or_not_found
from portal.window import Window
from schema.seen.cases import offices_seen
from schema.window import codes, people

log = structlog.get_logger("security")

NOTED_AS: Final = "access code"
"""What `reading` says was looked at."""


async def opens(window: Window, opened: Opened) -> bool:
    """Whether a code still opens its case: not, when the case was opened before and has been given another since."""
    async with window.questions.connect() as connection:
        known = await codes.access_code_hash(connection, opened.case_no)
    return known == code_hash(opened.access_code)


async def reissue(window: Window, case_no: str, who: Staff) -> str:
    """Another access code, to be shown this once. The one before opens nothing any more, and who came in with it is out.

    Only the office that registered the case or holds it may do so, its clerks and heads: whoever has the code can answer for the
    enterprise. That it was done, and by whom, stays on record.

    Raises:
        NotFound: There is no such case in sight.
        Forbidden: It is another office's to do.
    """
    code = draw_code()
    async with window.engine.begin() as connection:
        offices = or_not_found(await offices_seen(connection, who.sight, case_no))
        if not may_reissue_code(who.office, who.roles, *offices):
            raise Forbidden(
                "只有登记或者承办单位的经办人、负责人可以重新发给查询码",
                "only clerks and heads of the office that registered or holds the case may give another code",
            )
        await codes.reissue(connection, case_no, code_hash(code))
        await people.note_reading(connection, who.login, case_no, NOTED_AS)
    log.info("access_code_given_again", case_no=case_no, account=who.account)
    return code
