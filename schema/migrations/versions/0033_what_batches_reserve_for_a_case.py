"""What batches have reserved for a case is found by the case: the pool asks that for each of its requests."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX bond_allocation_unanswered ON bond_allocation (case_no) WHERE included_fen IS NULL"
    )


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
