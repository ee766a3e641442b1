"""From when to when, and in which form, a programme was studied"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added as they are on both engines: no table is rebuilt.
    for name in ("studied_from", "studied_to"):
        op.add_column(
            "qualification", sa.Column(name, sa.Date(), nullable=True, comment="first day of the month")
        )
    op.add_column("qualification", sa.Column("study_form", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("qualification") as qualification:
        for name in ("study_form", "studied_to", "studied_from"):
            qualification.drop_column(name)
