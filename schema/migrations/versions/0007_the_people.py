"""Who somebody is: one account a person and office, invitations, tokens that end with their owner, and what heads did about people."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE event ADD COLUMN entered_by text, ADD COLUMN account bigint",
    """
    ALTER TABLE staff
        ADD COLUMN person_key text,
        ADD COLUMN invitation_hash text UNIQUE,
        ADD COLUMN invited_until timestamptz,
        ALTER COLUMN password_hash DROP NOT NULL,
        ADD CHECK ((invitation_hash IS NULL) = (invited_until IS NULL))
    """,
    "UPDATE staff SET person_key = lower(regexp_replace(normalize(person, NFKC), '[[:space:][:punct:]]', '', 'g'))",
    # Whoever has two accounts in an office keeps the first.
    """
    UPDATE staff SET active = false, person_key = person_key || '/' || id
        WHERE id NOT IN (SELECT min(id) FROM staff GROUP BY office, person_key)
    """,
    "ALTER TABLE staff ALTER COLUMN person_key SET NOT NULL, ADD UNIQUE (office, person_key)",
    """
    ALTER TABLE session
        ADD COLUMN for_program boolean NOT NULL DEFAULT false,
        ADD CHECK (NOT for_program OR case_no IS NOT NULL)
    """,
    """
    ALTER TABLE api_token
        ADD COLUMN owner bigint REFERENCES staff,
        DROP CONSTRAINT api_token_scopes_check,
        ADD CHECK (scopes <@ ARRAY['read', 'open', 'act', 'parties', 'batches'])
    """,
    "UPDATE api_token SET owner = staff.id FROM staff WHERE staff.login = created_by",
    "UPDATE api_token SET revoked_at = now() WHERE owner IS NULL AND revoked_at IS NULL",
    "ALTER TABLE api_token ADD CHECK (owner IS NOT NULL OR revoked_at IS NOT NULL)",
    """
    CREATE TABLE staff_change (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        office text NOT NULL,
        what text NOT NULL CHECK (what IN ('added', 'invited', 'invitation_used', 'password_changed', 'roles_changed',
            'deactivated', 'activated', 'token_given', 'token_revoked')),
        whom text NOT NULL,
        by text NOT NULL,
        account bigint,
        roles text[])
    """,
    "CREATE INDEX staff_change_by_office ON staff_change (office text_pattern_ops, id)",
    """
    CREATE TRIGGER staff_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_change
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
