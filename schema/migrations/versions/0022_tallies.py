"""Overviews add up tallies, which follow cases by themselves, instead of reading every case; since when a debt is owed, and if it is
known.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OWED_SINCE = (
    """
    ALTER TABLE case_file
        ADD COLUMN owed_since date,
        ADD COLUMN verified boolean NOT NULL
            GENERATED ALWAYS AS (coalesce(state -> 'recognition' <> 'null', false) OR stage = 'unfounded') STORED
    """,
    "COMMENT ON COLUMN case_file.owed_since IS 'the first day on which the price was owed and late; none where that is not known'",
    """
    UPDATE case_file SET owed_since = since.began + since.term + 1
    FROM (
        SELECT case_no, began,
            CASE WHEN signed >= '2020-09-01' AND is_governed THEN
                CASE
                    WHEN is_organ THEN least(coalesce(agreed, 30), 60)
                    WHEN signed >= '2025-06-01' THEN coalesce(agreed, 60)
                    ELSE agreed
                END
            ELSE agreed END AS term
        FROM (
            SELECT case_no,
                (contract ->> 'signed_on')::date AS signed,
                (contract ->> 'agreed_term_days')::integer AS agreed,
                coalesce(contract ->> 'settled_on', contract ->> 'accepted_on', contract ->> 'delivered_on')::date AS began,
                debtor_kind IN ('organ', 'institution') AS is_organ,
                debtor_kind IN ('organ', 'institution', 'soe', 'platform', 'large_enterprise')
                    AND size IN ('micro', 'small', 'medium') AS is_governed
            FROM (
                SELECT case_no, debtor_kind, state #> '{receipt,contract}' AS contract,
                    coalesce(state #>> '{first_creditor,size}', state #>> '{receipt,creditor,size}') AS size
                FROM case_file
            ) AS told
        ) AS known
    ) AS since
    WHERE since.case_no = case_file.case_no AND began + term IS NOT NULL
    """,
)

TALLIES = (
    # The sum of all rows of a kind is what all cases are. Whatever changes a case adds rows and changes none: what no longer counts
    # is there again with the opposite sign. So commands never wait for each other here, and a reader sees what is committed.
    """
    CREATE TABLE tally (
        holder text NOT NULL, kind text NOT NULL, stage text, debtor_kind text, band text,
        blue_on date, yellow_on date, red_on date, day date,
        cases bigint NOT NULL, claimed_fen bigint NOT NULL, unverified bigint NOT NULL,
        unrecognised bigint NOT NULL, recognised_fen bigint NOT NULL,
        undisputed_fen bigint NOT NULL, cleared_fen bigint NOT NULL, confirmed_fen bigint NOT NULL
    )
    """,
    "CREATE INDEX tally_by_kind ON tally (kind, holder)",
    """
    CREATE FUNCTION tallies(counted case_file) RETURNS SETOF tally LANGUAGE sql STABLE AS $$
        WITH told AS (
            SELECT
                CASE WHEN counted.stage = 'merged' THEN 0 ELSE counted.claimed_fen END AS claimed,
                CASE WHEN counted.stage IN ('merged', 'unfounded') THEN counted.cleared_fen
                    ELSE counted.undisputed_fen END AS undisputed,
                CASE WHEN counted.stage IN ('merged', 'unfounded') THEN counted.cleared_fen
                    ELSE counted.undisputed_fen + counted.disputed_fen + counted.not_yet_due_fen + counted.judicial_fen
                    END AS recognised
        ), sums AS (
            SELECT coalesce(claimed, 0) AS claimed, (claimed IS NULL)::int AS unverified,
                (counted.ended_on IS NULL AND NOT counted.verified)::int AS unrecognised, recognised, undisputed,
                CASE WHEN recognised > 0 THEN recognised WHEN counted.stage <> 'merged' THEN claimed END AS size
            FROM told
        )
        SELECT counted.holder, 'standing', counted.stage, counted.debtor_kind,
            CASE WHEN size <= 50000000 THEN 'to_50' WHEN size < 500000000 THEN 'under_500'
                WHEN size <= 2000000000 THEN 'to_2000' WHEN size IS NOT NULL THEN 'over_2000' END,
            NULL::date, NULL::date, NULL::date, NULL::date,
            1, claimed, unverified, unrecognised, recognised, undisputed, counted.cleared_fen, 0
        FROM sums
        UNION ALL
        SELECT counted.holder, 'light', NULL, NULL, NULL, counted.blue_on, counted.yellow_on, counted.red_on, NULL,
            1, claimed, unverified, unrecognised, recognised, undisputed, counted.cleared_fen, 0
        FROM sums WHERE counted.ended_on IS NULL
        UNION ALL
        SELECT counted.holder, 'age', NULL, NULL, NULL, NULL, NULL, NULL, counted.owed_since,
            1, claimed, unverified, unrecognised, recognised, undisputed, counted.cleared_fen, 0
        FROM sums WHERE counted.ended_on IS NULL
        UNION ALL
        SELECT counted.holder, 'month', NULL, NULL, NULL, NULL, NULL, NULL, date_trunc('month', counted.received_on)::date,
            1, claimed, 0, 0, 0, 0, 0, 0
        FROM sums
        UNION ALL
        SELECT counted.holder, 'month', NULL, NULL, NULL, NULL, NULL, NULL, date_trunc('month', confirmed.day)::date,
            0, 0, 0, 0, 0, 0, 0, confirmed.fen
        FROM unnest(counted.confirmed_on, counted.confirmed_fen) AS confirmed (day, fen) WHERE counted.cleared_fen > 0
    $$
    """,
    """
    CREATE FUNCTION tally_case() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO tally
        SELECT holder, kind, stage, debtor_kind, band, blue_on, yellow_on, red_on, day,
            sum(sign) * cases, sum(sign) * claimed_fen, sum(sign) * unverified, sum(sign) * unrecognised,
            sum(sign) * recognised_fen, sum(sign) * undisputed_fen, sum(sign) * cleared_fen, sum(sign) * confirmed_fen
        FROM (
            SELECT 1 AS sign, NEW AS file WHERE TG_OP <> 'DELETE' UNION ALL SELECT -1, OLD WHERE TG_OP <> 'INSERT'
        ) AS side, tallies(side.file)
        GROUP BY holder, kind, stage, debtor_kind, band, blue_on, yellow_on, red_on, day,
            cases, claimed_fen, unverified, unrecognised, recognised_fen, undisputed_fen, cleared_fen, confirmed_fen
        HAVING sum(sign) <> 0;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER tally_case AFTER INSERT OR DELETE ON case_file FOR EACH ROW EXECUTE FUNCTION tally_case()
    """,
    """
    CREATE TRIGGER tally_change AFTER UPDATE ON case_file FOR EACH ROW WHEN (
        (OLD.holder, OLD.stage, OLD.ended_on, OLD.debtor_kind, OLD.received_on, OLD.owed_since, OLD.verified,
            OLD.blue_on, OLD.yellow_on, OLD.red_on, OLD.claimed_fen, OLD.undisputed_fen, OLD.disputed_fen,
            OLD.not_yet_due_fen, OLD.judicial_fen, OLD.cleared_fen, OLD.confirmed_on, OLD.confirmed_fen)
        IS DISTINCT FROM
        (NEW.holder, NEW.stage, NEW.ended_on, NEW.debtor_kind, NEW.received_on, NEW.owed_since, NEW.verified,
            NEW.blue_on, NEW.yellow_on, NEW.red_on, NEW.claimed_fen, NEW.undisputed_fen, NEW.disputed_fen,
            NEW.not_yet_due_fen, NEW.judicial_fen, NEW.cleared_fen, NEW.confirmed_on, NEW.confirmed_fen))
        EXECUTE FUNCTION tally_case()
    """,
    # One at a time: two would each add all cases. What is recorded meanwhile is neither taken away nor counted here.
    """
    CREATE FUNCTION tally_anew() RETURNS void LANGUAGE sql AS $$
        SELECT pg_advisory_xact_lock(hashtext('tally_anew'));
        WITH gone AS (DELETE FROM tally)
        INSERT INTO tally
        SELECT told.holder, kind, told.stage, told.debtor_kind, band, told.blue_on, told.yellow_on, told.red_on, day,
            sum(cases), sum(told.claimed_fen), sum(unverified), sum(unrecognised), sum(recognised_fen), sum(told.undisputed_fen),
            sum(told.cleared_fen), sum(told.confirmed_fen)
        FROM case_file, tallies(case_file) told
        GROUP BY told.holder, kind, told.stage, told.debtor_kind, band, told.blue_on, told.yellow_on, told.red_on, day
        ORDER BY kind, told.holder
    $$
    """,
    "SELECT tally_anew()",
)


def upgrade() -> None:
    for statement in (*OWED_SINCE, *TALLIES):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
