"""How long a subscription waits follows from since when it has failed: how often it was tried is not counted any more."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE subscription DROP COLUMN attempts")


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
