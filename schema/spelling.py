"""By what cases are found beside their names, said of rows that were written without it."""

from typing import Final

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from domain.names.claims import comparable
from domain.names.spelling import spelt

_AT_A_TIME: Final = 5000

_SOME: Final = text(
    """
    SELECT case_no, title, creditor, debtor, jsonb_path_query_array(state, '$.payments[*].voucher') AS vouchers
    FROM case_file WHERE case_no > :after ORDER BY case_no LIMIT :size
    """
)
_FOUND_BY: Final = text(
    """
    UPDATE case_file SET spelt = told.spelt, vouchers = ARRAY(SELECT jsonb_array_elements_text(told.vouchers))
    FROM jsonb_to_recordset(:told) AS told (case_no text, spelt text, vouchers jsonb) WHERE told.case_no = case_file.case_no
    """
).bindparams(bindparam("told", type_=JSONB))


def spell(connection: Connection, after: str = "") -> None:
    """Spell the names of every case behind a number, and list the vouchers of its payments."""
    while rows := connection.execute(_SOME, {"after": after, "size": _AT_A_TIME}).all():
        told = [
            {
                "case_no": row.case_no,
                "spelt": spelt(row.title, row.creditor, row.debtor),
                "vouchers": [comparable(voucher) for voucher in row.vouchers],
            }
            for row in rows
        ]
        connection.execute(_FOUND_BY, {"told": told})
        after = rows[-1].case_no
