"""What of a line in an annex is not as in the register"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added as it is on both engines: no table is rebuilt.
    op.add_column(
        "decision_line",
        sa.Column(
            "remarks",
            sa.Text(),
            nullable=True,
            comment="what of the annex is not as in the register: messages",
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("decision_line") as line:
        line.drop_column("remarks")
