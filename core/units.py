"""Units: the province, its departments, communes and divisions, with dates, blocks and former units.

Codes are reused from one merged unit each (Resolution 1661/NQ-UBTVQH15), so a code identifies a
unit only together with a date. Units are no secret: every signed-in account may read them.
"""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, String, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, EnumText, Identified, KeyText, db
from core.errors import Missing
from core.labels import LabelledEnum
from core.text import fold


class UnitKind(LabelledEnum):
    """Kind of unit."""

    PROVINCE = "province", _l("province")
    DEPARTMENT = "department", _l("department")
    SERVICE_UNIT = "service_unit", _l("public service unit")
    COMMUNE = "commune", _l("commune")
    WARD = "ward", _l("ward")
    DIVISION = "division", _l("division")
    FORMER_COMMUNE = "former_commune", _l("former commune")
    FORMER_DISTRICT = "former_district", _l("former district")


#: The commune level of the two-level local government (from 01/07/2025).
COMMUNE_LEVEL = (UnitKind.COMMUNE, UnitKind.WARD)
#: Units that people are assigned to directly; divisions stand below them.
MAIN_KINDS = (UnitKind.DEPARTMENT, UnitKind.SERVICE_UNIT, *COMMUNE_LEVEL)


class Block(LabelledEnum):
    """Block (khối) of the political system a unit belongs to."""

    PARTY = "party", _l("Party")
    GOVERNMENT = "government", _l("government")
    FRONT = "front", _l("Fatherland Front")


class Unit(Identified, Base):
    """One unit between two dates."""

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(KeyText(20))
    name: Mapped[str] = mapped_column(String(200))
    name_fold: Mapped[str] = mapped_column(KeyText(200), comment="folded name, for search and matching")
    name_key: Mapped[str] = mapped_column(KeyText(600), comment="Vietnamese order of the name")
    kind: Mapped[UnitKind] = mapped_column(EnumText(UnitKind))
    block: Mapped[Block] = mapped_column(EnumText(Block), default=Block.GOVERNMENT)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None] = mapped_column(comment="last day, inclusive; NULL: still there")

    __table_args__ = (
        Index("ix_unit_code_valid_from", "code", "valid_from"),
        Index("ix_unit_parent_id", "parent_id"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="dates"),
    )

    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id", lazy="raise")

    def exists_on(self, day: date) -> bool:
        """Whether the unit stands on `day`."""
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_to is None or day <= self.valid_to)

    def __str__(self) -> str:
        return self.name


class UnitTree(Base):
    """Closure of the tree: one row per unit and ancestor, itself among them, so that "a unit with
    its subtree" is one indexed IN-subquery."""

    __tablename__ = "unit_tree"

    ancestor_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"), primary_key=True)
    block: Mapped[Block] = mapped_column(EnumText(Block), comment="block of unit_id, for the scope")


class UnitSuccession(Base):
    """An old unit that went into a new one on a date."""

    __tablename__ = "unit_succession"

    old_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"), primary_key=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"), primary_key=True)
    on: Mapped[date] = mapped_column("since")


def standing_on(day: date) -> ColumnElement[bool]:
    """Criterion: units that stand on `day`."""
    return and_(
        or_(Unit.valid_from.is_(None), Unit.valid_from <= day),
        or_(Unit.valid_to.is_(None), Unit.valid_to >= day),
    )


def find_unit(uid: str) -> Unit:
    """The unit with this uid; Missing when there is none."""
    unit = db.session.scalar(select(Unit).where(Unit.uid == uid))
    if unit is None:
        raise Missing
    return unit


def unit_by_code(code: str, on: date) -> Unit | None:
    """The unit that bears `code` on the day; codes are reused, so the day decides."""
    return db.session.scalar(select(Unit).where(Unit.code == code, standing_on(on)))


def parent_of(unit: Unit) -> Unit | None:
    """The unit above `unit`; None for the province."""
    return db.session.get(Unit, unit.parent_id) if unit.parent_id else None


def province() -> Unit:
    """The root of the tree; Missing while units are not loaded."""
    unit = db.session.scalar(select(Unit).where(Unit.kind == UnitKind.PROVINCE))
    if unit is None:
        raise Missing
    return unit


def main_units(on: date) -> Select[Unit]:
    """Departments, service units, communes and wards that stand on `on`, in Vietnamese order."""
    return select(Unit).where(Unit.kind.in_(MAIN_KINDS), standing_on(on)).order_by(Unit.name_key, Unit.id)


def divisions_of(unit: Unit, on: date) -> Sequence[Unit]:
    """Divisions below `unit` on the day, in the order they were set up."""
    query = select(Unit).where(Unit.parent_id == unit.id, Unit.kind == UnitKind.DIVISION, standing_on(on))
    return db.session.scalars(query.order_by(Unit.code, Unit.id)).all()


def predecessors_of(unit: Unit) -> Sequence[Unit]:
    """Former units that went into `unit`."""
    query = select(Unit).join(UnitSuccession, UnitSuccession.old_id == Unit.id)
    return db.session.scalars(query.where(UnitSuccession.new_id == unit.id).order_by(Unit.name_key)).all()


def successors_of(unit: Unit) -> Sequence[Unit]:
    """Units that `unit` went into."""
    query = select(Unit).join(UnitSuccession, UnitSuccession.new_id == Unit.id)
    return db.session.scalars(query.where(UnitSuccession.old_id == unit.id).order_by(Unit.name_key)).all()


def search_units(words: str, limit: int = 20) -> Sequence[Unit]:
    """Units whose folded name holds every word, or whose code is the text: former units too."""
    words = words[:200]  # SQLite refuses patterns of tens of thousands of characters
    parts = [part for part in fold(words).split() if part][:6]
    if not parts:
        return []
    names = and_(*(Unit.name_fold.contains(part, autoescape=True) for part in parts))
    query = select(Unit).where(or_(names, Unit.code == words.strip()), Unit.kind != UnitKind.DIVISION)
    # Units that stand come before former ones, then Vietnamese order.
    query = query.order_by(Unit.valid_to.is_not(None), Unit.name_key, Unit.id).limit(limit)
    return db.session.scalars(query).all()
