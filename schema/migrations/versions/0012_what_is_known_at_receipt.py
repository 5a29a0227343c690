"""A claim may have no amount yet; how to reach the debtor is known, and kept apart like how to reach the creditor."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE case_file ALTER COLUMN claimed_fen DROP NOT NULL",
    "ALTER TABLE registration ADD COLUMN debtor_contact text",
    "ALTER TABLE import_row ADD COLUMN debtor_contact text CHECK (state <> 'opened' OR debtor_contact IS NULL)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
