"""One row a person for each group of facts of the form 2C; the log keeps what stood there before."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, SmallInteger, String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, KeyText
from core.permissions import Permission, Realm
from core.scope import Scoped, Viewer
from hr.people.models import Person, of_visible_person


class PersonContact(Scoped, Base):
    """Phone, addresses and numbers of papers: for those who keep the file only, as the full ID number."""

    __tablename__ = "person_contact"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True)
    phone: Mapped[str | None] = mapped_column(String(30))
    registered_address: Mapped[str | None] = mapped_column(String(300))
    current_address: Mapped[str | None] = mapped_column(String(300))
    id_issued_on: Mapped[date | None]
    id_issued_by: Mapped[str | None] = mapped_column(String(200))
    social_insurance_number: Mapped[str | None] = mapped_column(KeyText(20))
    health_insurance_number: Mapped[str | None] = mapped_column(KeyText(20))

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if not viewer.can(Permission.PERSON_EDIT):
            return false()
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.person_id),)


class PersonOrigin(Scoped, Base):
    """Where a person comes from and what the agency uses them for: family origin and policy group are as
    private as ethnicity and Party."""

    __tablename__ = "person_origin"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True)
    class_origin: Mapped[str | None] = mapped_column(String(100))
    job_before: Mapped[str | None] = mapped_column(String(200))
    joined_agency_on: Mapped[date | None]
    strength: Mapped[str | None] = mapped_column(String(300))
    main_duty: Mapped[str | None] = mapped_column(String(300))
    general_education: Mapped[str | None] = mapped_column(KeyText(10), comment="12/12 or 10/10")
    academic_title: Mapped[str | None] = mapped_column(String(100))
    academic_title_year: Mapped[int | None] = mapped_column(SmallInteger)
    policy_group: Mapped[str | None] = mapped_column(String(200))
    war_invalid_class: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (
        CheckConstraint(
            "academic_title_year IS NULL OR academic_title_year BETWEEN 1900 AND 2200", name="title_year"
        ),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if not viewer.can(Permission.PERSON_READ_BACKGROUND):
            return false()
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.person_id),)


class PersonMilitary(Scoped, Base):
    """Service in the armed forces."""

    __tablename__ = "person_military"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True)
    enlisted_on: Mapped[date | None]
    discharged_on: Mapped[date | None]
    top_rank: Mapped[str | None] = mapped_column(String(100))

    __table_args__ = (
        CheckConstraint(
            "discharged_on IS NULL OR enlisted_on IS NULL OR enlisted_on <= discharged_on", name="dates"
        ),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.person_id),)
