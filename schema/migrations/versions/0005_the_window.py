"""The window: who signs in, with what, who tried, who read personal data; and which offices see a case."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PEOPLE = (
    """
    CREATE TABLE staff (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        login text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
        person text NOT NULL,
        office text NOT NULL,
        roles text[] NOT NULL CHECK (roles <@ ARRAY['clerk', 'head', 'finance']),
        password_hash text NOT NULL,
        active boolean NOT NULL DEFAULT true)
    """,
    """
    CREATE TABLE session (
        token_hash text PRIMARY KEY,
        staff_id bigint REFERENCES staff ON DELETE CASCADE,
        case_no text,
        csrf text NOT NULL,
        expires_at timestamptz NOT NULL,
        CHECK ((staff_id IS NULL) <> (case_no IS NULL)))
    """,
    "CREATE INDEX session_by_age ON session (expires_at)",
    "CREATE INDEX session_by_staff ON session (staff_id)",
    "CREATE INDEX session_by_case ON session (case_no)",
    """
    CREATE TABLE api_token (
        token_hash text PRIMARY KEY,
        name text NOT NULL,
        office text NOT NULL,
        scopes text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'open', 'act', 'batches']),
        created_by text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        revoked_at timestamptz,
        UNIQUE (office, name))
    """,
    # What programs asked to be opened under a key of theirs: asked again, it is the same case or batch.
    """
    CREATE TABLE opening_key (
        office text NOT NULL, key text NOT NULL, digest text NOT NULL, stream text NOT NULL,
        PRIMARY KEY (office, key))
    """,
    """
    CREATE TABLE attempt (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        subject text NOT NULL,
        at timestamptz NOT NULL DEFAULT now())
    """,
    "CREATE INDEX attempt_by_subject ON attempt (subject, at)",
    "CREATE INDEX attempt_by_age ON attempt (at)",
    """
    CREATE TABLE reading (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        who text NOT NULL, case_no text NOT NULL, what text NOT NULL)
    """,
    "CREATE INDEX reading_by_case ON reading (case_no, id)",
    """
    CREATE TRIGGER reading_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reading
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)

CASES = (
    # What lists, searches and overviews go by stands in columns of its own; the state, by far the largest, is kept apart.
    """
    ALTER TABLE case_file
        ADD COLUMN creditor text, ADD COLUMN creditor_code text,
        ADD COLUMN debtor text, ADD COLUMN debtor_code text, ADD COLUMN debtor_kind text,
        ADD COLUMN channel text, ADD COLUMN migrant_wages boolean, ADD COLUMN livelihood boolean,
        ADD COLUMN claimed_fen bigint, ADD COLUMN undisputed_fen bigint, ADD COLUMN disputed_fen bigint,
        ADD COLUMN not_yet_due_fen bigint, ADD COLUMN included_fen bigint,
        ADD COLUMN confirmed_on date[], ADD COLUMN confirmed_fen bigint[], ADD COLUMN awaited text[]
    """,
    "ALTER TABLE case_file SET (toast_tuple_target = 1024)",
    """
    UPDATE case_file SET
        creditor = state #>> '{receipt,creditor,name}', creditor_code = state #>> '{receipt,creditor,code}',
        debtor = state #>> '{receipt,debtor,name}', debtor_code = state #>> '{receipt,debtor,code}',
        debtor_kind = state #>> '{receipt,debtor,kind}', channel = state #>> '{receipt,channel}',
        migrant_wages = (state #> '{receipt,migrant_wages}')::boolean,
        livelihood = (state #> '{receipt,livelihood}')::boolean,
        claimed_fen = (state #> '{receipt,claimed}')::bigint,
        undisputed_fen = coalesce((state #>> '{recognition,undisputed_fen}')::bigint, 0),
        disputed_fen = coalesce((state #>> '{recognition,disputed_fen}')::bigint, 0),
        not_yet_due_fen = coalesce((state #>> '{recognition,not_yet_due_fen}')::bigint, 0),
        included_fen = (state #> '{included_fen}')::bigint,
        confirmed_on = ARRAY(
            SELECT (payment ->> 'since')::date FROM jsonb_array_elements(state -> 'payments')
            WITH ORDINALITY AS known (payment, place) WHERE payment ->> 'state' = 'confirmed' ORDER BY place),
        confirmed_fen = ARRAY(
            SELECT (payment -> 'amount_fen')::bigint FROM jsonb_array_elements(state -> 'payments')
            WITH ORDINALITY AS known (payment, place) WHERE payment ->> 'state' = 'confirmed' ORDER BY place),
        awaited = ARRAY(
            SELECT DISTINCT gate ->> 'office' FROM jsonb_array_elements(state -> 'gates') gate ORDER BY 1)
    """,
    """
    ALTER TABLE case_file
        ALTER COLUMN creditor SET NOT NULL, ALTER COLUMN debtor SET NOT NULL,
        ALTER COLUMN debtor_kind SET NOT NULL, ALTER COLUMN channel SET NOT NULL,
        ALTER COLUMN migrant_wages SET NOT NULL, ALTER COLUMN livelihood SET NOT NULL,
        ALTER COLUMN claimed_fen SET NOT NULL, ALTER COLUMN undisputed_fen SET NOT NULL,
        ALTER COLUMN disputed_fen SET NOT NULL, ALTER COLUMN not_yet_due_fen SET NOT NULL,
        ALTER COLUMN included_fen SET NOT NULL,
        ALTER COLUMN confirmed_on SET NOT NULL, ALTER COLUMN confirmed_fen SET NOT NULL,
        ALTER COLUMN awaited SET NOT NULL
    """,
)

SIGHT = (
    # The offices of a route and all above them, in whatever province.
    """
    CREATE FUNCTION offices_above(route text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT array_agg(DISTINCT code ORDER BY code)
        FROM unnest(route) office, unnest(ARRAY[office, left(office, 4) || '00', left(office, 2) || '0000']) code
    $$
    """,
    "ALTER TABLE case_file ADD COLUMN seen_by text[] GENERATED ALWAYS AS (offices_above(route)) STORED",
    # A row for each case and office that sees it, with what lists filter by, so that every list of an office is a stretch of an
    # index in the order of the list, however rare what it filters by. `infinity` stands for a light that no day will bring.
    """
    CREATE TABLE sighting (
        office text, received_on date, case_no text,
        is_own boolean NOT NULL, stage text NOT NULL, mode text NOT NULL,
        blue_on date NOT NULL, yellow_on date NOT NULL, red_on date NOT NULL, lit_on date NOT NULL,
        due_on date NOT NULL, is_awaited boolean NOT NULL,
        PRIMARY KEY (office, received_on, case_no))
    """,
    """
    CREATE INDEX sighting_own ON sighting (office, received_on, case_no, stage, mode, red_on, yellow_on, blue_on)
        WHERE is_own
    """,
    """
    CREATE INDEX sighting_by_stage ON sighting
        (office, stage, received_on, case_no, mode, red_on, yellow_on, blue_on, is_own)
    """,
    """
    CREATE INDEX sighting_by_mode ON sighting
        (office, mode, received_on, case_no, stage, red_on, yellow_on, blue_on, is_own) WHERE mode <> 'transferred'
    """,
    """
    CREATE INDEX sighting_lit ON sighting
        (office, received_on, case_no, red_on, yellow_on, blue_on, stage, mode, is_own) WHERE lit_on < 'infinity'
    """,
    "CREATE INDEX sighting_due ON sighting (office, due_on) WHERE is_own AND due_on < 'infinity'",
    "CREATE INDEX sighting_awaited ON sighting (office) WHERE is_awaited",
    """
    CREATE FUNCTION sightings(seen case_file) RETURNS SETOF sighting LANGUAGE sql STABLE AS $$
        SELECT code, seen.received_on, seen.case_no, code IN (seen.office, seen.holder), seen.stage, seen.mode,
            coalesce(seen.blue_on, 'infinity'), coalesce(seen.yellow_on, 'infinity'), coalesce(seen.red_on, 'infinity'),
            coalesce(least(seen.blue_on, seen.yellow_on, seen.red_on), 'infinity'),
            coalesce(seen.due_on, 'infinity'), code = ANY (seen.awaited)
        FROM unnest(seen.seen_by) code
    $$
    """,
    """
    CREATE FUNCTION sight_case() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO sighting AS known SELECT seen.* FROM written, sightings(written) seen
        ON CONFLICT (office, received_on, case_no) DO UPDATE SET
            is_own = excluded.is_own, stage = excluded.stage, mode = excluded.mode, blue_on = excluded.blue_on,
            yellow_on = excluded.yellow_on, red_on = excluded.red_on, lit_on = excluded.lit_on,
            due_on = excluded.due_on, is_awaited = excluded.is_awaited
        WHERE known IS DISTINCT FROM excluded;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION lose_sight() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM sighting known USING was, unnest(was.seen_by) code
        WHERE (known.office, known.received_on, known.case_no) = (code, was.received_on, was.case_no)
            AND NOT EXISTS (
                SELECT FROM case_file now
                WHERE (now.case_no, now.received_on) = (was.case_no, was.received_on) AND now.seen_by @> ARRAY[code]);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER sight_new_case AFTER INSERT ON case_file REFERENCING NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION sight_case()
    """,
    """
    CREATE TRIGGER sight_case AFTER UPDATE ON case_file REFERENCING NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION sight_case()
    """,
    """
    CREATE TRIGGER lose_sight AFTER UPDATE ON case_file REFERENCING OLD TABLE AS was
        FOR EACH STATEMENT EXECUTE FUNCTION lose_sight()
    """,
    """
    CREATE TRIGGER lose_deleted AFTER DELETE ON case_file REFERENCING OLD TABLE AS was
        FOR EACH STATEMENT EXECUTE FUNCTION lose_sight()
    """,
    """
    INSERT INTO sighting SELECT seen.* FROM case_file, sightings(case_file) seen
    """,
)

SEARCH = (
    # What a case is found by: each character of its title and parties and each two that stand together, the parties' codes, and
    # who sees it. Neither an extension nor a superuser is needed, and one index answers "these words, among what we see".
    """
    CREATE FUNCTION grams(written text, shortest int) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(DISTINCT substr(lower(written), place, size)), '{}')
        FROM generate_series(1, length(written)) place, generate_series(shortest, 2) size
        WHERE place + size - 1 <= length(written)
    $$
    """,
    """
    CREATE FUNCTION search_terms(
        seen_by text[], title text, creditor text, creditor_code text, debtor text, debtor_code text)
    RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000
    RETURN grams(title, 1) || grams(creditor, 1) || grams(debtor, 1)
        || ARRAY(SELECT '#' || upper(code) FROM unnest(ARRAY[creditor_code, debtor_code]) code WHERE code <> '')
        || ARRAY(SELECT '@' || office FROM unnest(seen_by) office)
    """,
    """
    CREATE INDEX case_file_search ON case_file
        USING gin (search_terms(seen_by, title, creditor, creditor_code, debtor, debtor_code))
    """,
    "CREATE INDEX case_file_number ON case_file (case_no text_pattern_ops)",
)

NEWS = (
    # Whoever listens on `journal` is told which case or batch has a new entry.
    """
    CREATE FUNCTION tell_of_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('journal', NEW.stream);
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER tell_of_entry AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION tell_of_entry()",
)


def upgrade() -> None:
    for statement in (*PEOPLE, *CASES, *SIGHT, *SEARCH, *NEWS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
