"""The office above every province sees every case."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ABOVE = (
    """
    CREATE OR REPLACE FUNCTION offices_above(route text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT array_agg(DISTINCT code ORDER BY code)
        FROM unnest(route) office,
            unnest(ARRAY[office, left(office, 4) || '00', left(office, 2) || '0000', '100000']) code
    $$
    """,
    # Whoever sees a case is stored with it, and is found anew when its row is written.
    "UPDATE case_file SET seq = seq",
)


def upgrade() -> None:
    for statement in ABOVE:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
