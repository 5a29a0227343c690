"""Who approved what another person had submitted."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE event ADD COLUMN approved_by text")


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: there is no way back")
