"""Debtor units have accounts of their own, and cases are found by whom they say owes."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE staff
        ADD COLUMN unit text,
        ADD COLUMN unit_code text,
        DROP CONSTRAINT staff_roles_check,
        ADD CHECK (CASE WHEN unit IS NULL THEN roles <@ ARRAY['clerk', 'head', 'finance'] AND unit_code IS NULL
            ELSE roles = ARRAY['debtor'] END)
    """,
    """
    ALTER TABLE claim
        ADD COLUMN debtor text GENERATED ALWAYS AS (body #>> '{debtor,name}') STORED,
        ADD COLUMN debtor_code text GENERATED ALWAYS AS (body #>> '{debtor,code}') STORED
    """,
    "CREATE INDEX claim_by_debtor ON claim (debtor)",
    "CREATE INDEX claim_by_debtor_code ON claim (debtor_code)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
