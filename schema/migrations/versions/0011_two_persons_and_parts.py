"""Who approved what another person had submitted; and the part of a debt that is in court."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE event ADD COLUMN approved_by text")
    op.execute("ALTER TABLE case_file ADD COLUMN judicial_fen bigint NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE case_file ALTER COLUMN judicial_fen DROP DEFAULT")


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
