"""How fast each party goes, and from where somebody has shown the right secret."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE TABLE pace (party text PRIMARY KEY, due_at timestamptz NOT NULL)",
    "CREATE TABLE known_place (subject text PRIMARY KEY, at timestamptz NOT NULL)",
    "CREATE INDEX known_place_by_age ON known_place (at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
