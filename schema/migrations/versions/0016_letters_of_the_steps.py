"""Letters of the steps are documents too: not every one of them asks for an answer."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE document ALTER COLUMN reply_by DROP NOT NULL")
    op.execute("CREATE INDEX document_by_day ON document (issued_on)")


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
