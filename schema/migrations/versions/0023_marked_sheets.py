"""Sheets in which something is wrong are kept for a day, for a marked copy of them."""

from alembic import op

revision = "0023"
down_revision = "0020"
branch_labels = None
depends_on = None

SHEETS = (
    """
    CREATE TABLE faulty_sheet (
        login text PRIMARY KEY, office text NOT NULL, digest text NOT NULL, file_name text NOT NULL,
        header_row integer NOT NULL, content bytea NOT NULL, faults jsonb NOT NULL, created_at timestamptz NOT NULL)
    """,
    "COMMENT ON TABLE faulty_sheet IS 'sheets in which something is wrong, for their marked copies'",
    "COMMENT ON COLUMN faulty_sheet.login IS 'who uploaded it; one each'",
    "COMMENT ON COLUMN faulty_sheet.digest IS 'SHA-256 of content'",
    "COMMENT ON COLUMN faulty_sheet.content IS 'personal data: kept for a day'",
    "COMMENT ON COLUMN faulty_sheet.faults IS '[cell, Chinese, English] each'",
)


def upgrade() -> None:
    for statement in SHEETS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
