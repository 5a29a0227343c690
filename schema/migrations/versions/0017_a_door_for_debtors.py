"""A debtor comes in with a code of its own; a session is of one of the parties of its case."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE registration ADD COLUMN debtor_code_hash text")
    op.execute(
        "COMMENT ON COLUMN registration.debtor_code_hash IS 'of the code that opens the case to its debtor'"
    )
    op.execute("ALTER TABLE session ADD COLUMN side text")
    op.execute("UPDATE session SET side = 'creditor' WHERE case_no IS NOT NULL")
    op.execute("ALTER TABLE session ADD CHECK ((side IS NULL) = (case_no IS NULL))")


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
