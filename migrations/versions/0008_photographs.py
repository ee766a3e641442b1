"""Photographs of people"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def points_to(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A reference that holds its row."""
    name = op.f(f"fk_person_photo_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "person_photo",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "document_id",
            sa.Integer(),
            nullable=True,
            comment="portrait of 4 by 6 cm; NULL: taken out. The log names those before",
        ),
        points_to("person_id", "person"),
        points_to("document_id", "document"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_photo")),
    )


def downgrade() -> None:
    op.drop_table("person_photo")
