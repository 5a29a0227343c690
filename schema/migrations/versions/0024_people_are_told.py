"""People leave addresses at which they are told what is new: people of the offices, and the parties of a case."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

CONTACTS = (
    """
    CREATE TABLE contact (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account bigint REFERENCES staff ON DELETE CASCADE,
        case_no text, side text, way text NOT NULL, address text NOT NULL, language text NOT NULL, state text NOT NULL,
        left_at timestamptz NOT NULL, code_hash text, code_until timestamptz, after bigint NOT NULL, attempts integer NOT NULL,
        claimed_until timestamptz, next_try_at timestamptz, failing_since timestamptz, last_error text,
        CHECK ((account IS NULL) <> (case_no IS NULL)), UNIQUE (account, way), UNIQUE (case_no, side, way))
    """,
    "CREATE INDEX notification_by_office ON notification (office, id)",
    "COMMENT ON TABLE contact IS 'where people have asked to be told what is new'",
    "COMMENT ON COLUMN contact.account IS 'of somebody of an office'",
    "COMMENT ON COLUMN contact.case_no IS 'of a party of a case'",
    "COMMENT ON COLUMN contact.way IS 'mail, sms, wechat'",
    "COMMENT ON COLUMN contact.address IS 'personal data: never logged'",
    "COMMENT ON COLUMN contact.state IS 'asked, sent (a code), active, refused'",
    "COMMENT ON COLUMN contact.code_hash IS 'of the code that was sent there'",
    "COMMENT ON COLUMN contact.after IS 'up to which notification, or entry of the case, it has been told'",
    "COMMENT ON COLUMN contact.attempts IS 'names the latest claim'",
    "COMMENT ON COLUMN contact.next_try_at IS 'of an active one none while there is nothing to tell'",
)


def upgrade() -> None:
    for statement in CONTACTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
