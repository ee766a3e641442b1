"""Merged files and look-alikes"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def key_text(length: int) -> sa.types.TypeEngine[str]:
    """Text in byte order on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def moment() -> sa.types.TypeEngine[object]:
    """A moment in UTC; SQLite keeps no zone."""
    return sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "different_people",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_different_people_order")),
        sa.ForeignKeyConstraint(
            ["annulled_by_id"],
            ["user.id"],
            name=op.f("fk_different_people_annulled_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user.id"],
            name=op.f("fk_different_people_created_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["one_id"], ["person.id"], name=op.f("fk_different_people_one_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["person.id"], name=op.f("fk_different_people_other_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_different_people")),
        sa.UniqueConstraint("uid", name=op.f("uq_different_people_uid")),
    )
    with op.batch_alter_table("different_people", schema=None) as batch_op:
        batch_op.create_index("ix_different_people_other_id", ["other_id"], unique=False)
        batch_op.create_index(
            "uq_different_people_one_id_other_id",
            ["one_id", "other_id"],
            unique=True,
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )

    op.create_table(
        "person_merge",
        sa.Column("person_id", sa.Integer(), nullable=False, comment="the file that stays"),
        sa.Column(
            "merged_uid", sa.LargeBinary(length=16), nullable=False, comment="of the file that went in"
        ),
        sa.Column("id_number", key_text(12), nullable=False, comment="former number; never in a URL"),
        sa.Column("fact_json", sa.Text(), nullable=False, comment="the person's own row as it stood"),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(id_number) = 12", name=op.f("ck_person_merge_id_number")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_person_merge_created_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_merge_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
        sa.UniqueConstraint("id_number", name=op.f("uq_person_merge_id_number")),
        sa.UniqueConstraint("merged_uid", name=op.f("uq_person_merge_merged_uid")),
        sa.UniqueConstraint("uid", name=op.f("uq_person_merge_uid")),
    )
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.create_index("ix_person_merge_person_id", ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.drop_index("ix_person_merge_person_id")

    op.drop_table("person_merge")
    with op.batch_alter_table("different_people", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_different_people_one_id_other_id",
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )
        batch_op.drop_index("ix_different_people_other_id")

    op.drop_table("different_people")
