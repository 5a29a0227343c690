"""A claim may have no amount yet; how to reach the debtor is kept apart, like the creditor; doubles are found, and merged."""

import json

from alembic import op
from sqlalchemy import text

from domain.receipt import Receipt
from schema.claims import claim_row

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE case_file ALTER COLUMN claimed_fen DROP NOT NULL",
    "ALTER TABLE registration ADD COLUMN debtor_contact text, ADD COLUMN merged_into text",
    "ALTER TABLE import_row ADD COLUMN debtor_contact text CHECK (state <> 'opened' OR debtor_contact IS NULL)",
    """
    CREATE TABLE claim (
        case_no text PRIMARY KEY REFERENCES registration,
        known_by text[] NOT NULL, body jsonb NOT NULL, received_on date NOT NULL,
        registered_at timestamptz NOT NULL DEFAULT now())
    """,
    "CREATE INDEX claim_known_by ON claim USING gin (known_by)",
    # Doubles were looked for by it.
    "DROP INDEX case_file_open_by_debtor",
)

_RECEIPTS = text(
    """
    SELECT case_no, state -> 'receipt' AS receipt FROM case_file
    WHERE case_no > :after AND case_no IN (SELECT case_no FROM registration) ORDER BY case_no LIMIT 500
    """
)
_CLAIM = text(
    "INSERT INTO claim (case_no, known_by, body, received_on) "
    "VALUES (:case_no, :known_by, CAST(:body AS jsonb), :received_on)"
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    connection, after = op.get_bind(), ""
    while rows := connection.execute(_RECEIPTS, {"after": after}).all():
        known = [(row.case_no, claim_row(Receipt.model_validate(row.receipt))) for row in rows]
        connection.execute(
            _CLAIM,
            [{"case_no": number, **row, "body": json.dumps(row["body"])} for number, row in known],
        )
        after = rows[-1].case_no


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
