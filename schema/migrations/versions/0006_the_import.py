"""Sheets of cases that are imported, and their rows."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE import (
        digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
        office text NOT NULL,
        login text NOT NULL,
        person text NOT NULL,
        file_name text NOT NULL,
        policy text NOT NULL,
        warnings jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        confirmed_at timestamptz,
        codes_at timestamptz)
    """,
    """
    CREATE TABLE import_row (
        digest text NOT NULL REFERENCES import ON DELETE CASCADE,
        row integer NOT NULL CHECK (row > 0),
        receipt jsonb NOT NULL,
        contact text,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'opened', 'failed')),
        case_no text UNIQUE,
        code_hash text,
        reason text,
        PRIMARY KEY (digest, row),
        CHECK ((state = 'opened') = (case_no IS NOT NULL)),
        CHECK ((state = 'failed') = (reason IS NOT NULL)),
        CHECK (state <> 'opened' OR contact IS NULL))
    """,
    "CREATE INDEX import_by_office ON import (office text_pattern_ops, created_at)",
    # Names may be longer than an ordered index takes.
    "CREATE INDEX case_file_open_by_debtor ON case_file USING hash (debtor) WHERE ended_on IS NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
