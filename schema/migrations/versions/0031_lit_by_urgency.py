"""Cases with a light by their last day: few among many that have ended, whose line need not be read to its end."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE INDEX sighting_lit_by_urgency ON sighting
            (office, urgency, received_on, sequence, red_on, yellow_on, blue_on, stage, mode, is_own)
            WHERE lit_on < 'infinity'
        """
    )


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
