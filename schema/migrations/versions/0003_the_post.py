"""The post: documents as issued, the outbox, and what became of each letter at each address."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

POST = (
    """
    CREATE TABLE document (
        id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        number text PRIMARY KEY,
        case_no text NOT NULL, notice text NOT NULL, issued_on date NOT NULL, office text NOT NULL,
        addressee text NOT NULL, reply_by date NOT NULL,
        docx bytea NOT NULL, sha256 text NOT NULL CHECK (sha256 = encode(sha256(docx), 'hex')))
    """,
    "CREATE INDEX document_by_case ON document (case_no)",
    """
    CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        ref text NOT NULL, kind text NOT NULL CHECK (kind IN ('notice', 'report')), office text NOT NULL,
        subject text NOT NULL, body text NOT NULL,
        deliver_at timestamptz NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent')),
        UNIQUE (ref, office))
    """,
    "CREATE INDEX outbox_open ON outbox (deliver_at) WHERE state = 'waiting'",
    """
    CREATE TABLE delivery (
        ref text, office text NOT NULL,
        channel text CHECK (channel IN ('inbox', 'email', 'webhook')), address text,
        digest_id text NOT NULL,
        state text NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'delivered', 'failing', 'given_up')),
        attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        since timestamptz NOT NULL, next_try_at timestamptz, last_error text, delivered_at timestamptz,
        PRIMARY KEY (ref, channel, address),
        FOREIGN KEY (ref, office) REFERENCES outbox (ref, office),
        CHECK ((next_try_at IS NULL) = (state IN ('delivered', 'given_up'))),
        CHECK ((delivered_at IS NOT NULL) = (state = 'delivered')))
    """,
    "CREATE INDEX delivery_by_digest ON delivery (digest_id)",
    "CREATE INDEX delivery_open ON delivery (next_try_at) WHERE state IN ('waiting', 'failing')",
)

GUARDS = (
    "CREATE TRIGGER document_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON document "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    for statement in (*POST, *GUARDS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
