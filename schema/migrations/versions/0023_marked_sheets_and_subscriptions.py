"""Sheets in which something is wrong are kept for a day, for a marked copy of them; programs have what changes posted."""

from alembic import op

revision = "0023"
down_revision = "0022"
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

SUBSCRIPTIONS = (
    """
    CREATE TABLE subscription (
        no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, office text NOT NULL, token text NOT NULL, address text NOT NULL,
        kinds text[] NOT NULL, secret text NOT NULL, state text NOT NULL, after bigint NOT NULL, until bigint,
        attempts integer NOT NULL, failing_since timestamptz, next_try_at timestamptz NOT NULL, last_error text,
        created_at timestamptz NOT NULL, UNIQUE (office, token, address))
    """,
    "COMMENT ON TABLE subscription IS 'where programs have what changes posted'",
    "COMMENT ON COLUMN subscription.token IS 'the name of the token; it ends with that'",
    "COMMENT ON COLUMN subscription.address IS 'never logged'",
    "COMMENT ON COLUMN subscription.kinds IS 'of entries; none: all'",
    "COMMENT ON COLUMN subscription.secret IS 'signs what is posted there'",
    "COMMENT ON COLUMN subscription.state IS 'active, failing, ended'",
    "COMMENT ON COLUMN subscription.after IS 'up to which entry it has been told'",
    "COMMENT ON COLUMN subscription.until IS 'the last entry of what is being told, the same in every attempt'",
)


def upgrade() -> None:
    for statement in (*SHEETS, *SUBSCRIPTIONS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
