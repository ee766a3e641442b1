"""Rewards, mass organisations, planned titles, family; health, personal history, relatives abroad"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    "person_reward",
    "person_membership",
    "person_planned_title",
    "person_family",
    "person_health",
    "person_history",
    "person_relative_abroad",
)


def moment() -> sa.types.TypeEngine[object]:
    """With its zone where the engine keeps one."""
    return sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")


def points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A reference that holds its row."""
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="RESTRICT")


def create(table: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of several rows a person, which are annulled and never deleted."""
    op.create_table(
        table,
        *columns,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        points_to(table, "annulled_by_id", "user"),
        points_to(table, "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{table}_uid")),
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])


def text(name: str, length: int, *, nullable: bool = True, comment: str | None = None) -> sa.Column[str]:
    """A column of text."""
    return sa.Column(name, sa.String(length=length), nullable=nullable, comment=comment)


def day(name: str, *, nullable: bool = True, comment: str | None = None) -> sa.Column[object]:
    """A column of days."""
    return sa.Column(name, sa.Date(), nullable=nullable, comment=comment)


def small(name: str, *, nullable: bool = True, comment: str | None = None) -> sa.Column[int]:
    """A column of years or small numbers."""
    return sa.Column(name, sa.SmallInteger(), nullable=nullable, comment=comment)


def in_order(table: str, name: str, first: str, last: str) -> sa.CheckConstraint:
    """The first does not lie after the last."""
    condition = f"{last} IS NULL OR {first} IS NULL OR {first} <= {last}"
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def born_year(table: str) -> sa.CheckConstraint:
    """The year of a relative's birth."""
    condition = "born_year IS NULL OR born_year BETWEEN 1850 AND 2200"
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_born_year"))


def upgrade() -> None:
    create(
        "person_reward",
        small("year", nullable=False),
        text("reward", 200, nullable=False, comment="its form, as the decision calls it"),
        text("level", 40),
        text("decision_number", 100, comment="number and symbol as issued"),
        day("decided_on"),
        text("decided_by", 200),
        sa.CheckConstraint("year BETWEEN 1900 AND 2200", name=op.f("ck_person_reward_year")),
    )
    create(
        "person_membership",
        text("organisation", 200, nullable=False),
        day("joined_on"),
        day("left_on"),
        text("post", 200),
        in_order("person_membership", "dates", "joined_on", "left_on"),
    )
    create(
        "person_planned_title",
        text("title", 200, nullable=False),
        text("unit", 300),
        day("starts_on"),
        day("ends_on", comment="last day, inclusive"),
        text("decision_number", 100, comment="number and symbol as issued"),
        in_order("person_planned_title", "dates", "starts_on", "ends_on"),
    )
    create(
        "person_family",
        text("side", 40, nullable=False),
        text("relation", 40, nullable=False),
        text("full_name", 200, nullable=False),
        small("born_year"),
        text("native_place", 300),
        text("occupation", 300, comment="work, post and agency"),
        text("residence", 300),
        born_year("person_family"),
    )
    create(
        "person_health",
        day("examined_on", nullable=False),
        text("state", 200),
        small("height", comment="cm"),
        small("weight", comment="kg"),
        text("blood_group", 3),
    )
    create(
        "person_history",
        small("from_year"),
        small("to_year"),
        text("account", 1000, nullable=False),
        in_order("person_history", "years", "from_year", "to_year"),
    )
    create(
        "person_relative_abroad",
        text("relation", 40, nullable=False),
        text("full_name", 200, nullable=False),
        small("born_year"),
        text("country", 100, nullable=False),
        text("occupation", 300),
        born_year("person_relative_abroad"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
