"""A delivery says whether it is under way, refused for good, or of unknown outcome; a claim lasts longer than a connection."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE delivery ADD COLUMN claimed_until timestamptz",
    "ALTER TABLE delivery DROP CONSTRAINT delivery_state_check",
    """
    ALTER TABLE delivery ADD CONSTRAINT delivery_state_check CHECK (
        state IN ('waiting', 'sending', 'delivered', 'failing', 'unknown', 'refused', 'given_up'))
    """,
    "ALTER TABLE delivery DROP CONSTRAINT delivery_check",
    # What is unknown is tried again after a while, or only when somebody says so: with and without a next try.
    """
    ALTER TABLE delivery ADD CONSTRAINT delivery_check CHECK (
        state = 'unknown' OR (next_try_at IS NULL) = (state IN ('delivered', 'refused', 'given_up')))
    """,
    "ALTER TABLE delivery ADD CHECK (state <> 'sending' OR claimed_until IS NOT NULL)",
    "DROP INDEX delivery_open",
    "CREATE INDEX delivery_open ON delivery (next_try_at) WHERE next_try_at IS NOT NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
