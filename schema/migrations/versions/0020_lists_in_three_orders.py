"""Lists are sorted by last day and by amount as well, kept by name, and cases are found by the end of their number."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SIGHT = (
    "ALTER TABLE sighting ADD COLUMN urgency integer, ADD COLUMN outstanding_fen bigint",
    # A later day is a smaller number, and no day is 0: then every order is from the greatest, and one index reads it both ways.
    # Where terms stand still no day comes nearer, so none counts.
    """
    CREATE FUNCTION urgency(due_on date, suspended boolean) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN suspended OR due_on IS NULL THEN 0 ELSE date '9999-12-31' - due_on END
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION sightings(seen case_file) RETURNS SETOF sighting LANGUAGE sql STABLE AS $$
        SELECT code, seen.received_on, seen.sequence, code IN (seen.office, seen.holder), seen.stage, seen.mode,
            coalesce(seen.blue_on, 'infinity'), coalesce(seen.yellow_on, 'infinity'), coalesce(seen.red_on, 'infinity'),
            coalesce(least(seen.blue_on, seen.yellow_on, seen.red_on), 'infinity'),
            coalesce(seen.due_on, 'infinity'), code = ANY (seen.awaited),
            urgency(seen.due_on, seen.suspended), seen.outstanding_fen
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
            due_on = excluded.due_on, is_awaited = excluded.is_awaited,
            urgency = excluded.urgency, outstanding_fen = excluded.outstanding_fen
        WHERE known IS DISTINCT FROM excluded;
        RETURN NULL;
    END $$
    """,
    """
    UPDATE sighting SET urgency = urgency(seen.due_on, seen.suspended), outstanding_fen = seen.outstanding_fen
    FROM case_file seen WHERE seen.sequence = sighting.sequence
    """,
    "ALTER TABLE sighting ALTER COLUMN urgency SET NOT NULL, ALTER COLUMN outstanding_fen SET NOT NULL",
    "COMMENT ON COLUMN sighting.urgency IS 'greater is earlier: days of the last day before the end of 9999; 0 where none runs'",
    """
    CREATE INDEX sighting_by_urgency ON sighting
        (office, urgency, received_on, sequence, stage, mode, red_on, yellow_on, blue_on, is_own, outstanding_fen)
    """,
    """
    CREATE INDEX sighting_by_amount ON sighting
        (office, outstanding_fen, received_on, sequence, stage, mode, red_on, yellow_on, blue_on, is_own, urgency)
    """,
)

SEARCH = (
    "CREATE FUNCTION number_of(case_no text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS "
    "$$ SELECT substring(case_no FROM '[0-9]+$')::bigint $$",
    "CREATE INDEX case_file_by_end ON case_file (number_of(case_no))",
)

VIEWS = (
    """
    CREATE TABLE list_view (
        account bigint NOT NULL REFERENCES staff (id) ON DELETE CASCADE, name text NOT NULL, query text NOT NULL,
        PRIMARY KEY (account, name))
    """,
    "COMMENT ON TABLE list_view IS 'lists of the desk that somebody keeps by a name'",
    "COMMENT ON COLUMN list_view.query IS 'the filters, as an address writes them'",
)


def upgrade() -> None:
    for statement in (*SIGHT, *SEARCH, *VIEWS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
