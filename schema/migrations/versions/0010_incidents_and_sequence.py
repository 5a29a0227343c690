"""What could not be recorded is on record itself; and numbers are compared as numbers: the 10,000th comes after the 9,999th."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INCIDENTS = (
    """
    CREATE TABLE incident (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        stream text NOT NULL, subject text NOT NULL, what text NOT NULL, reason text NOT NULL,
        UNIQUE (stream, subject))
    """,
    "CREATE INDEX incident_by_age ON incident (at)",
    """
    CREATE TRIGGER incident_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON incident
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)

SEQUENCE = (
    # The running number with twelve digits, whatever its length: `QQ-620105-2023-000000010000`.
    """
    CREATE FUNCTION in_sequence(number text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN coalesce(substring(number FROM '^.*-') || lpad(substring(number FROM '[0-9]+$'), 12, '0'), number)
    """,
    "ALTER TABLE case_file ADD COLUMN sequence text GENERATED ALWAYS AS (in_sequence(case_no)) STORED",
    "CREATE UNIQUE INDEX case_file_sequence ON case_file (sequence)",
    "DROP INDEX case_file_by_holder",
    "CREATE INDEX case_file_by_holder ON case_file (holder, sequence)",
    "ALTER TABLE bond_batch ADD COLUMN sequence text GENERATED ALWAYS AS (in_sequence(batch_no)) STORED",
    "CREATE UNIQUE INDEX bond_batch_sequence ON bond_batch (sequence)",
)

SIGHT = (
    # The lists of the desk follow the index of `sighting`, which therefore knows a case by its place in the sequence.
    "ALTER TABLE sighting RENAME COLUMN case_no TO sequence",
    "UPDATE sighting SET sequence = in_sequence(sequence) WHERE sequence <> in_sequence(sequence)",
    """
    CREATE OR REPLACE FUNCTION sightings(seen case_file) RETURNS SETOF sighting LANGUAGE sql STABLE AS $$
        SELECT code, seen.received_on, seen.sequence, code IN (seen.office, seen.holder), seen.stage, seen.mode,
            coalesce(seen.blue_on, 'infinity'), coalesce(seen.yellow_on, 'infinity'), coalesce(seen.red_on, 'infinity'),
            coalesce(least(seen.blue_on, seen.yellow_on, seen.red_on), 'infinity'),
            coalesce(seen.due_on, 'infinity'), code = ANY (seen.awaited)
        FROM unnest(seen.seen_by) code
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION sight_case() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO sighting AS known SELECT seen.* FROM written, sightings(written) seen
        ON CONFLICT (office, received_on, sequence) DO UPDATE SET
            is_own = excluded.is_own, stage = excluded.stage, mode = excluded.mode, blue_on = excluded.blue_on,
            yellow_on = excluded.yellow_on, red_on = excluded.red_on, lit_on = excluded.lit_on,
            due_on = excluded.due_on, is_awaited = excluded.is_awaited
        WHERE known IS DISTINCT FROM excluded;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION lose_sight() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM sighting known USING was, unnest(was.seen_by) code
        WHERE (known.office, known.received_on, known.sequence) = (code, was.received_on, was.sequence)
            AND NOT EXISTS (
                SELECT FROM case_file now
                WHERE (now.case_no, now.received_on) = (was.case_no, was.received_on) AND now.seen_by @> ARRAY[code]);
        RETURN NULL;
    END $$
    """,
)


def upgrade() -> None:
    for statement in (*INCIDENTS, *SEQUENCE, *SIGHT):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
