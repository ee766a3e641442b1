"""The roster of a unit as its chair confirmed it, a row for each person and quarter.

Rows are never overwritten: another word on the same person annuls the first and stands beside it.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Annullable, Base, EnumText, Identified, KeyText, Recorded
from core.permissions import Permission, Realm
from core.scope import Scoped, Viewer, units_in_scope
from core.units import Unit
from hr.people.confirmations.enums import Verdict


class RosterLine(Identified, Recorded, Annullable, Scoped, Base):
    """The chair's word on one person of the unit in one quarter, with the name and post as they stood."""

    __tablename__ = "roster_line"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    quarter: Mapped[str] = mapped_column(KeyText(7), comment="2026-Q3")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    person_name: Mapped[str] = mapped_column(String(200), comment="full name as of the confirmation")
    name_key: Mapped[str] = mapped_column(KeyText(800), comment="Vietnamese order of person_name")
    post: Mapped[str] = mapped_column(String(200), comment="post as of the confirmation")
    verdict: Mapped[Verdict] = mapped_column(EnumText(Verdict))
    note: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        Index("ix_roster_line_quarter", "quarter", "unit_id"),
        Index("ix_roster_line_person_id", "person_id"),
        CheckConstraint("verdict = 'correct' OR note IS NOT NULL", name="not_correct_with_note"),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if not viewer.can(Permission.ROSTER_READ):
            return false()
        if viewer.sees_everything(cls.realm):
            return None
        return cls.unit_id.in_(units_in_scope(viewer, cls.realm))

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Unit, self.unit_id),)

    def __str__(self) -> str:
        return self.person_name


#: One valid word on a person of a unit in a quarter, held by the database too.
_VALID = RosterLine.annulled_at.is_(None)
Index(
    "uq_roster_line_valid",
    RosterLine.unit_id,
    RosterLine.quarter,
    RosterLine.person_id,
    unique=True,
    sqlite_where=_VALID,
    postgresql_where=_VALID,
)
