"""Two kinds of bonds, each with its pool; and what is looked up across cases: references to money, and contracts that cases share."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BONDS = (
    "ALTER TABLE bond_batch ADD COLUMN kind text NOT NULL DEFAULT 'general' CHECK (kind IN ('general', 'special'))",
    "ALTER TABLE bond_batch ALTER COLUMN kind DROP DEFAULT",
    """
    ALTER TABLE bond_request
        ADD COLUMN kind text NOT NULL DEFAULT 'general' CHECK (kind IN ('general', 'special')),
        ADD COLUMN spending text,
        DROP CONSTRAINT bond_request_pkey, ADD PRIMARY KEY (case_no, kind)
    """,
    "ALTER TABLE bond_request ALTER COLUMN kind DROP DEFAULT",
    """
    UPDATE bond_request request SET spending = file.state -> 'receipt' ->> 'spending'
    FROM case_file file WHERE file.case_no = request.case_no
    """,
)

REFERENCES = (
    "CREATE TABLE money_reference (reference text PRIMARY KEY, stream text NOT NULL, seq integer NOT NULL)",
    """
    INSERT INTO money_reference
    SELECT DISTINCT ON (data ->> 'reference') data ->> 'reference', stream, seq FROM event
    WHERE kind IN ('funds_arrived', 'batch_arrived') ORDER BY data ->> 'reference', id
    """,
    """
    CREATE TRIGGER money_reference_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON money_reference
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)

CONTRACTS = (
    """
    ALTER TABLE case_file
        ADD COLUMN contract_key text, ADD COLUMN contract_settled_fen bigint, ADD COLUMN contract_total_fen bigint
    """,
    "CREATE INDEX case_file_by_contract ON case_file (contract_key) WHERE contract_key IS NOT NULL",
)


def upgrade() -> None:
    for statement in (*BONDS, *REFERENCES, *CONTRACTS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
