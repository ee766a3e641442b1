"""Yearly ratings of people"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def moment() -> sa.types.TypeEngine[object]:
    """With its zone where the engine keeps one."""
    return sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")


def points_to(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A reference that holds its row."""
    name = op.f(f"fk_yearly_rating_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "yearly_rating",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("rated_by", sa.String(length=300), nullable=True, comment="who rated, as people read it"),
        sa.Column("remark", sa.String(length=500), nullable=True, comment="why it was sent back"),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", moment(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("year BETWEEN 1990 AND 2200", name=op.f("ck_yearly_rating_year")),
        points_to("settled_by_id", "user"),
        points_to("annulled_by_id", "user"),
        points_to("person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_rating")),
        sa.UniqueConstraint("uid", name=op.f("uq_yearly_rating_uid")),
    )
    op.create_index(op.f("ix_yearly_rating_person_id"), "yearly_rating", ["person_id"])
    op.create_index("ix_yearly_rating_state", "yearly_rating", ["state"])
    valid = sa.text("annulled_at IS NULL")
    op.create_index(
        "uq_yearly_rating_person_id_year",
        "yearly_rating",
        ["person_id", "year"],
        unique=True,
        sqlite_where=valid,
        postgresql_where=valid,
    )


def downgrade() -> None:
    op.drop_table("yearly_rating")
