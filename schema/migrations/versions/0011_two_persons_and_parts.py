"""Who approved what another person had submitted; the part of a debt that is in court; how much of a request is wages."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


CASES = (
    "ALTER TABLE event ADD COLUMN approved_by text",
    "ALTER TABLE case_file ADD COLUMN judicial_fen bigint NOT NULL DEFAULT 0",
    "ALTER TABLE case_file ALTER COLUMN judicial_fen DROP DEFAULT",
)

WAGES = (
    "ALTER TABLE bond_request ADD COLUMN wage_fen bigint CHECK (wage_fen >= 0)",
    "UPDATE bond_request SET wage_fen = CASE WHEN migrant_wages THEN wanted_fen ELSE 0 END",
    # What a request had before others is kept with its share, so that anybody can allocate the batch again and compare.
    """
    ALTER TABLE bond_allocation
        ADD COLUMN wage_fen bigint CHECK (wage_fen >= 0), ADD COLUMN livelihood boolean, ADD COLUMN received_on date
    """,
    """
    UPDATE bond_allocation share SET
        wage_fen = CASE WHEN request.migrant_wages THEN share.requested_fen ELSE 0 END,
        livelihood = request.livelihood, received_on = request.received_on
    FROM bond_request request WHERE request.case_no = share.case_no
    """,
    "ALTER TABLE bond_request ALTER COLUMN wage_fen SET NOT NULL, DROP COLUMN migrant_wages",
    """
    ALTER TABLE bond_allocation ALTER COLUMN wage_fen SET NOT NULL, ALTER COLUMN livelihood SET NOT NULL,
        ALTER COLUMN received_on SET NOT NULL
    """,
)


def upgrade() -> None:
    for statement in (*CASES, *WAGES):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
