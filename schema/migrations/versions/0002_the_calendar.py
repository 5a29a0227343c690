"""The calendar: the days that each notice sets, version upon version."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CALENDAR = (
    """
    CREATE TABLE calendar_version (
        version integer PRIMARY KEY CHECK (version > 0),
        notice text NOT NULL UNIQUE,
        amends text REFERENCES calendar_version (notice),
        horizon date NOT NULL CHECK (extract(month FROM horizon) = 12 AND extract(day FROM horizon) = 31),
        loaded_at timestamptz NOT NULL DEFAULT now())
    """,
    """
    CREATE TABLE calendar_day (
        version integer REFERENCES calendar_version,
        day date,
        kind text NOT NULL CHECK (kind IN ('off', 'work')),
        PRIMARY KEY (version, day))
    """,
)

GUARDS = tuple(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    for table in ("calendar_version", "calendar_day")
)


def upgrade() -> None:
    for statement in (*CALENDAR, *GUARDS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
