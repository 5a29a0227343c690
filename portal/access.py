"""Another access code for a case whose enterprise has lost the one it was given."""

from typing import Final

from sqlalchemy import select

from domain.actors import Role
from portal.problems import Forbidden, NotFound
from portal.visitors import Staff
from portal.window import Window
from runtime.casework import code_hash, draw_code
from schema import people
from schema.tables import case_file

NOTED_AS: Final = "access code"
"""What `reading` says was looked at."""


async def reissue(window: Window, case_no: str, who: Staff) -> str:
    """Another access code, to be shown this once. The one before opens nothing any more, and who came in with it is out.

    Only the office that registered the case or holds it may do so, its clerks and heads: whoever has the code can answer for the
    enterprise. That it was done, and by whom, stays on record.

    Raises:
        NotFound: There is no such case in sight.
        Forbidden: It is another office's to do.
    """
    query = select(case_file.c.office, case_file.c.holder).where(
        case_file.c.case_no == case_no, who.sight.cases()
    )
    code = draw_code()
    async with window.engine.begin() as connection:
        found = (await connection.execute(query)).one_or_none()
        if found is None:
            raise NotFound
        if who.office not in (found.office, found.holder) or not {Role.CLERK, Role.HEAD} & set(who.roles):
            raise Forbidden(
                "只有登记或者承办单位的经办人、负责人可以重新发给查询码",
                "only clerks and heads of the office that registered or holds the case may give another code",
            )
        await people.reissue(connection, case_no, code_hash(code))
        await people.note_reading(connection, who.login, case_no, NOTED_AS)
    return code
