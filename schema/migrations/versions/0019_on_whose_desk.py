"""The cases on somebody's desk are listed."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE case_file ADD COLUMN assigned_to text")
    op.execute(
        "COMMENT ON COLUMN case_file.assigned_to IS 'on whose desk it is: the letters of the name, as `staff.person_key`'"
    )
    op.execute("""
        UPDATE case_file SET assigned_to =
            lower(regexp_replace(normalize(state ->> 'assigned_to', NFKC), '[[:space:][:punct:]·]', '', 'g'))
        WHERE state ->> 'assigned_to' <> ''
    """)
    op.execute("""
        CREATE INDEX case_file_on_desk ON case_file (holder, assigned_to, received_on, sequence)
        WHERE assigned_to IS NOT NULL
    """)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
