"""The references of a case or batch are found by its number, to be compared with its journal."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX money_reference_by_stream ON money_reference (stream)")


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
