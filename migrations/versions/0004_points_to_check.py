"""What was settled about points to check"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def key_text(length: int) -> sa.types.TypeEngine[str]:
    """Text in byte order on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def moment() -> sa.types.TypeEngine[object]:
    """With its zone where the engine keeps one."""
    return sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")


def points_to(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A reference that holds its row."""
    name = op.f(f"fk_check_point_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "check_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "point",
            sa.LargeBinary(length=16),
            nullable=False,
            comment="made of the kind and what it is about",
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True, comment="the paper it was compared with"),
        sa.Column("seen", key_text(64), nullable=False, comment="digest of what was compared, as it stood"),
        sa.Column("note", sa.String(length=1000), nullable=False),
        points_to("created_by_id", "user"),
        points_to("annulled_by_id", "user"),
        points_to("person_id", "person"),
        points_to("qualification_id", "qualification"),
        points_to("other_id", "qualification"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_point")),
        sa.UniqueConstraint("uid", name=op.f("uq_check_point_uid")),
    )
    valid = sa.text("annulled_at IS NULL")
    op.create_index(
        "uq_check_point_point_seen",
        "check_point",
        ["point", "seen"],
        unique=True,
        sqlite_where=valid,
        postgresql_where=valid,
    )


def downgrade() -> None:
    op.drop_index("uq_check_point_point_seen", table_name="check_point")
    op.drop_table("check_point")
