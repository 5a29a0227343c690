"""A secret that is offered for a second factor is known to belong to one browser, and since when."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

OFFERS = (
    "ALTER TABLE second_factor ADD COLUMN offered_at timestamptz, ADD COLUMN offered_to text",
    "COMMENT ON COLUMN second_factor.offered_at IS 'it is offered for some minutes'",
    "COMMENT ON COLUMN second_factor.offered_to IS 'the hash of the token of the session that showed the password'",
)


def upgrade() -> None:
    for statement in OFFERS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
