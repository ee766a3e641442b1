"""The number of the last change, for what pages keep until then"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added as it is on both engines: no table is rebuilt. A register with rows in its log has changed.
    changed = sa.Column(
        "changed",
        sa.BigInteger(),
        server_default="0",
        nullable=False,
        comment="last row that is no reading; outside the chain",
    )
    op.add_column("audit_head", changed)
    op.execute("UPDATE audit_head SET changed = seq")


def downgrade() -> None:
    with op.batch_alter_table("audit_head") as head:
        head.drop_column("changed")
