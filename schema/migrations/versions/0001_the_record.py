"""The record: journal, ledger, read model, and the guards that keep them honest."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JOURNAL = (
    """
    CREATE TABLE event (
        id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        stream text, seq integer CHECK (seq > 0),
        kind text NOT NULL, at timestamptz NOT NULL, on_date date NOT NULL, by text NOT NULL,
        data jsonb NOT NULL, hash text NOT NULL,
        PRIMARY KEY (stream, seq))
    """,
    """
    CREATE TABLE effect (
        effect_key text PRIMARY KEY, stream text NOT NULL,
        command_id text, digest text, last_seq integer NOT NULL, run_id text NOT NULL,
        UNIQUE (stream, command_id),
        CHECK ((command_id IS NULL) = (digest IS NULL)))
    """,
)

LEDGER = (
    """
    CREATE TABLE account (
        id text PRIMARY KEY,
        debits_fen bigint NOT NULL DEFAULT 0 CHECK (debits_fen >= 0),
        credits_fen bigint NOT NULL DEFAULT 0 CHECK (credits_fen >= 0),
        debits_pending_fen bigint NOT NULL DEFAULT 0 CHECK (debits_pending_fen >= 0),
        credits_pending_fen bigint NOT NULL DEFAULT 0 CHECK (credits_pending_fen >= 0),
        CONSTRAINT never_below_zero CHECK (
            starts_with(id, 'outside:') OR credits_fen - debits_fen - debits_pending_fen >= 0))
    """,
    """
    CREATE TABLE transfer (
        id text PRIMARY KEY,
        debit text NOT NULL REFERENCES account, credit text NOT NULL REFERENCES account,
        fen bigint NOT NULL,
        phase text NOT NULL CHECK (phase IN ('single', 'pending', 'post', 'void')),
        settles text UNIQUE REFERENCES transfer,
        reference text,
        UNIQUE (credit, reference),
        CHECK (debit <> credit),
        CHECK (CASE phase WHEN 'post' THEN fen >= 0 WHEN 'void' THEN fen = 0 ELSE fen > 0 END),
        CHECK ((phase IN ('post', 'void')) = (settles IS NOT NULL)))
    """,
    "CREATE INDEX transfer_by_debit ON transfer (debit)",
    # The accounts of a transfer come into being with the first one that names them.
    """
    CREATE FUNCTION open_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO account (id) VALUES (NEW.debit), (NEW.credit) ON CONFLICT DO NOTHING;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION move_money() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE reserved transfer;
    BEGIN
        IF NEW.phase = 'single' THEN
            UPDATE account SET debits_fen = debits_fen + NEW.fen WHERE id = NEW.debit;
            UPDATE account SET credits_fen = credits_fen + NEW.fen WHERE id = NEW.credit;
        ELSIF NEW.phase = 'pending' THEN
            UPDATE account SET debits_pending_fen = debits_pending_fen + NEW.fen WHERE id = NEW.debit;
            UPDATE account SET credits_pending_fen = credits_pending_fen + NEW.fen WHERE id = NEW.credit;
        ELSE
            SELECT * INTO STRICT reserved FROM transfer WHERE id = NEW.settles;
            IF reserved.phase <> 'pending' OR NEW.fen > reserved.fen
               OR (NEW.debit, NEW.credit) IS DISTINCT FROM (reserved.debit, reserved.credit) THEN
                RAISE EXCEPTION 'transfer % does not settle %', NEW.id, NEW.settles
                    USING ERRCODE = 'check_violation';
            END IF;
            UPDATE account SET debits_pending_fen = debits_pending_fen - reserved.fen,
                debits_fen = debits_fen + NEW.fen WHERE id = NEW.debit;
            UPDATE account SET credits_pending_fen = credits_pending_fen - reserved.fen,
                credits_fen = credits_fen + NEW.fen WHERE id = NEW.credit;
        END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER open_accounts BEFORE INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION open_accounts()",
    "CREATE TRIGGER move_money AFTER INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION move_money()",
)

READ_MODEL = (
    "CREATE TABLE rules (digest text PRIMARY KEY, body jsonb NOT NULL)",
    """
    CREATE TABLE registration (
        case_no text PRIMARY KEY,
        office text NOT NULL, year integer NOT NULL, number integer NOT NULL CHECK (number > 0),
        rules_digest text NOT NULL REFERENCES rules,
        access_code_hash text NOT NULL, contact text,
        UNIQUE (office, year, number))
    """,
    """
    CREATE TABLE case_file (
        case_no text PRIMARY KEY, title text NOT NULL,
        office text NOT NULL, holder text NOT NULL, route text[] NOT NULL,
        stage text NOT NULL, mode text NOT NULL, suspended boolean NOT NULL,
        received_on date NOT NULL, ended_on date,
        due_on date, blue_on date, yellow_on date, red_on date,
        outstanding_fen bigint NOT NULL, cleared_fen bigint NOT NULL CHECK (cleared_fen >= 0),
        seq integer NOT NULL, head text NOT NULL, state jsonb NOT NULL)
    """,
    "CREATE INDEX case_file_by_holder ON case_file (holder, case_no)",
    """
    CREATE TABLE bond_batch (
        batch_no text PRIMARY KEY, office text NOT NULL, stage text NOT NULL,
        seq integer NOT NULL, head text NOT NULL, state jsonb NOT NULL)
    """,
    """
    CREATE TABLE batch_number (
        batch_no text PRIMARY KEY,
        office text NOT NULL, year integer NOT NULL, number integer NOT NULL CHECK (number > 0),
        UNIQUE (office, year, number))
    """,
    """
    CREATE TABLE bond_request (
        case_no text PRIMARY KEY, office text NOT NULL,
        wanted_fen bigint NOT NULL CHECK (wanted_fen >= 0),
        migrant_wages boolean NOT NULL, livelihood boolean NOT NULL, received_on date NOT NULL)
    """,
    "CREATE INDEX bond_request_open ON bond_request (office) WHERE wanted_fen > 0",
    """
    CREATE TABLE bond_allocation (
        batch_no text REFERENCES bond_batch, case_no text,
        rank integer NOT NULL, requested_fen bigint NOT NULL,
        allocated_fen bigint NOT NULL CHECK (allocated_fen BETWEEN 0 AND requested_fen),
        included_fen bigint CHECK (included_fen BETWEEN 0 AND allocated_fen),
        arrived_fen bigint NOT NULL DEFAULT 0 CHECK (arrived_fen BETWEEN 0 AND coalesce(included_fen, 0)),
        reason text NOT NULL,
        PRIMARY KEY (batch_no, case_no))
    """,
    """
    CREATE TABLE bond_news (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        news_id text NOT NULL UNIQUE, batch_no text NOT NULL REFERENCES bond_batch, case_no text NOT NULL,
        news text NOT NULL CHECK (news IN ('included', 'arrived', 'ineligible')),
        amount_fen bigint NOT NULL CHECK (amount_fen >= 0), transfer_id text, reason text,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'told', 'taken', 'returned')))
    """,
    "CREATE INDEX bond_news_open ON bond_news (batch_no, id) WHERE state IN ('waiting', 'told')",
)

GUARDS = (
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in ("event", "effect", "transfer", "rules")
    ),
    # A balance changes inside the transfers' trigger, which is depth 2, or not at all.
    *(
        f"CREATE TRIGGER account_{event.split()[0].lower()} BEFORE {event} ON account "
        "FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change()"
        for event in ("INSERT OR UPDATE OR DELETE", "TRUNCATE")
    ),
)


def upgrade() -> None:
    for statement in (*JOURNAL, *LEDGER, *READ_MODEL, *GUARDS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
