"""A contract is found by its debtor's name as well as its credit code: of two cases that share it, one may not know the code."""

from alembic import op
from sqlalchemy import text

from domain.names.claims import contract_keys
from domain.receipt import Receipt

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_SHARING = text(
    """
    SELECT case_no, state -> 'receipt' AS receipt FROM case_file
    WHERE contract_key IS NOT NULL AND case_no > :after ORDER BY case_no LIMIT 500
    """
)
_KNOWN = text("UPDATE case_file SET contract_keys = :keys WHERE case_no = :case_no")


def upgrade() -> None:
    op.execute("ALTER TABLE case_file ADD COLUMN contract_keys text[]")
    connection, after = op.get_bind(), ""
    while rows := connection.execute(_SHARING, {"after": after}).all():
        for row in rows:
            receipt = Receipt.model_validate(row.receipt)
            assert receipt.contract is not None and receipt.contract.no is not None  # noqa: PT018
            keys = list(contract_keys(receipt.debtor, receipt.contract.no))
            connection.execute(_KNOWN, {"case_no": row.case_no, "keys": keys})
        after = rows[-1].case_no
    op.execute("ALTER TABLE case_file DROP COLUMN contract_key")
    op.execute("CREATE INDEX case_file_by_contract ON case_file USING gin (contract_keys)")


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
