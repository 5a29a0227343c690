"""A subscription that is asked for anew is another generation, each attempt tells the same entries, and what went wrong is a code."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE subscription ADD COLUMN generation bigint NOT NULL DEFAULT 1,"
        " ADD COLUMN telling bigint[] NOT NULL DEFAULT '{}'"
    )
    op.execute("COMMENT ON COLUMN subscription.generation IS 'how often it was asked for'")
    op.execute(
        "COMMENT ON COLUMN subscription.telling IS 'the entries of what is being told, the same in every attempt'"
    )
    op.execute(
        "COMMENT ON COLUMN subscription.until IS 'up to which entry it has been told once that is taken'"
    )
    op.execute("COMMENT ON COLUMN subscription.last_error IS 'a code'")
    op.execute("UPDATE subscription SET last_error = NULL, until = NULL")


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
