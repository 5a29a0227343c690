"""What is told to the people of an office, and up to where each has read it."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE notification (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            office text NOT NULL, role text, person_key text,
            case_no text NOT NULL, seq int NOT NULL, account bigint)
    """)
    op.execute("COMMENT ON TABLE notification IS 'what is told to people of an office'")
    op.execute("COMMENT ON COLUMN notification.account IS 'who did it, and is not told'")
    op.execute("CREATE INDEX notification_to_role ON notification (office, role, id)")
    op.execute("CREATE INDEX notification_to_person ON notification (office, person_key, id)")
    op.execute("ALTER TABLE staff ADD COLUMN notified bigint NOT NULL DEFAULT 0")
    op.execute("COMMENT ON COLUMN staff.notified IS 'up to which notification this person has read'")


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
