"""What is owed in a case stands beside its state, so that a day's work is read without the whole of every case."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

COLUMN = (
    """
    CREATE FUNCTION open_duties(state jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'duty', duty -> 'duty', 'subject', duty -> 'subject', 'owner', duty -> 'owner', 'due_on', duty -> 'due_on')), '[]')
        FROM jsonb_array_elements(state -> 'duties') duty)
    """,
    "ALTER TABLE case_file ADD COLUMN open_duties jsonb NOT NULL GENERATED ALWAYS AS (open_duties(state)) STORED",
    "COMMENT ON COLUMN case_file.open_duties IS 'who owes what until when'",
)


def upgrade() -> None:
    for statement in COLUMN:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
