"""Who has lost sight of a case is asked only where that may have changed: with hardly any command."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SIGHT = (
    "DROP TRIGGER lose_sight ON case_file",
    "DROP TRIGGER lose_deleted ON case_file",
    "DROP FUNCTION lose_sight",
    """
    CREATE FUNCTION lose_sight() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM sighting known USING unnest(OLD.seen_by) code
        WHERE (known.office, known.received_on, known.sequence) = (code, OLD.received_on, OLD.sequence)
            AND (TG_OP = 'DELETE' OR NEW.received_on <> OLD.received_on OR code <> ALL (NEW.seen_by));
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER lose_sight AFTER UPDATE ON case_file FOR EACH ROW
        WHEN ((OLD.seen_by, OLD.received_on) IS DISTINCT FROM (NEW.seen_by, NEW.received_on))
        EXECUTE FUNCTION lose_sight()
    """,
    "CREATE TRIGGER lose_deleted AFTER DELETE ON case_file FOR EACH ROW EXECUTE FUNCTION lose_sight()",
)


def upgrade() -> None:
    for statement in SIGHT:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
