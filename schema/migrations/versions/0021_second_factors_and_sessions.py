"""A second factor beside the password, and sessions that their owners can tell apart."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE session
        ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY,
        ADD COLUMN by_common_account boolean NOT NULL DEFAULT false,
        ADD COLUMN begun_at timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN used_at timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN address text,
        ADD COLUMN browser text
    """,
    """
    CREATE TABLE second_factor (
        staff_id bigint PRIMARY KEY REFERENCES staff ON DELETE CASCADE,
        secret text,
        since timestamptz,
        last_step bigint,
        offered text,
        CHECK ((secret IS NULL) = (since IS NULL)),
        CHECK (secret IS NOT NULL OR offered IS NOT NULL))
    """,
    """
    CREATE TABLE recovery_code (
        staff_id bigint NOT NULL REFERENCES second_factor ON DELETE CASCADE,
        code_hash text NOT NULL,
        PRIMARY KEY (staff_id, code_hash))
    """,
    """
    CREATE TABLE half_way (
        token_hash text PRIMARY KEY,
        staff_id bigint NOT NULL REFERENCES staff ON DELETE CASCADE,
        expires_at timestamptz NOT NULL)
    """,
    "CREATE INDEX half_way_by_age ON half_way (expires_at)",
    "CREATE INDEX half_way_by_staff ON half_way (staff_id)",
    """
    ALTER TABLE staff_change
        DROP CONSTRAINT staff_change_what_check,
        ADD CHECK (what IN ('added', 'invited', 'invitation_used', 'password_changed', 'roles_changed', 'deactivated', 'activated',
            'token_given', 'token_revoked', 'second_factor_set', 'second_factor_removed', 'recovery_code_used'))
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
