"""Authorised absences: that and when somebody is away, and in a table of its own why.

Who sees the person may read the days, with the right to it; the reason (illness, maternity) has a right
of its own, so that lists and packs for others can be made from the first table alone.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Annullable, Base, EnumText, Identified, Recorded, Versioned
from core.permissions import Permission, Realm
from core.scope import Scoped, Viewer
from hr.people.absences.enums import AbsenceKind, HalfDay
from hr.people.models import Person, of_visible_person


class Absence(Identified, Versioned, Recorded, Annullable, Scoped, Base):
    """Somebody is away with leave from a half of one day to a half of another, both included."""

    __tablename__ = "absence"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    starts_on: Mapped[date]
    starts_half: Mapped[HalfDay] = mapped_column(EnumText(HalfDay))
    ends_on: Mapped[date]
    ends_half: Mapped[HalfDay] = mapped_column(EnumText(HalfDay))

    __table_args__ = (
        Index("ix_absence_person_id_starts_on", "person_id", "starts_on"),
        Index("ix_absence_days", "ends_on", "starts_on"),
        CheckConstraint("starts_half IN ('morning', 'afternoon')", name="starts_half"),
        CheckConstraint("ends_half IN ('morning', 'afternoon')", name="ends_half"),
        CheckConstraint(
            "starts_on < ends_on OR"
            " (starts_on = ends_on AND NOT (starts_half = 'afternoon' AND ends_half = 'morning'))",
            name="dates",
        ),
    )

    person: Mapped[Person] = relationship(lazy="raise_on_sql")

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if not viewer.can(Permission.ABSENCE_READ):
            return false()
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.person_id),)

    def __str__(self) -> str:
        return self.person.full_name


class AbsenceReason(Scoped, Base):
    """Why: kind, number of the slip, note. As private as illness is."""

    __tablename__ = "absence_reason"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id", ondelete="RESTRICT"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    kind: Mapped[AbsenceKind] = mapped_column(EnumText(AbsenceKind))
    slip_number: Mapped[str | None] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (Index("ix_absence_reason_person_id", "person_id"),)

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if not viewer.can(Permission.ABSENCE_READ_REASON):
            return false()
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.person_id),)
