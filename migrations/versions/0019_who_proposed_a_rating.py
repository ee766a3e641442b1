"""Who proposed a rating"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("yearly_rating", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "proposed_by_id",
                sa.Integer(),
                nullable=True,
                comment="the account that proposed; does not confirm it",
            )
        )
        batch_op.create_foreign_key(
            "fk_yearly_rating_proposed_by_id", "user", ["proposed_by_id"], ["id"], ondelete="RESTRICT"
        )


def downgrade() -> None:
    with op.batch_alter_table("yearly_rating", schema=None) as batch_op:
        batch_op.drop_constraint("fk_yearly_rating_proposed_by_id", type_="foreignkey")
        batch_op.drop_column("proposed_by_id")
