"""The reports that offices are given: of each day, week, month, quarter and year, once."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REPORTS = (
    """
    CREATE TABLE report (
        number text PRIMARY KEY,
        office text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('day', 'week', 'month', 'quarter', 'year')),
        period_start date NOT NULL, period_end date NOT NULL CHECK (period_end >= period_start),
        as_of date NOT NULL,
        body jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (office, kind, period_start))
    """,
    "CREATE TRIGGER report_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON report "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    for statement in REPORTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
