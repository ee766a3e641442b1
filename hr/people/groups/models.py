"""The groups of facts of the form 2C: one row a person, of which the log keeps what stood there before, or
several rows a person (`Entry`), annulled and never deleted."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, SmallInteger, String, and_, false, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from core.db import Annullable, Base, EnumText, Identified, KeyText
from core.marks import RegisterSetting
from core.permissions import Permission, Realm
from core.scope import Scoped, Viewer
from hr.people.groups.enums import FamilySide, Relation, RewardLevel
from hr.people.models import Person, of_visible_person

#: What the setting of a group says; without a setting it is off.
ON, OFF = "on", "off"


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


class Entry(Identified, Annullable, Scoped):
    """One of several rows a person. `permission` is what reading asks for beside the person; `switch` names
    the setting of the register without which nobody reads a row, the program included."""

    realm: ClassVar[Realm] = Realm.PERSONNEL
    permission: ClassVar[Permission] = Permission.PERSON_READ
    switch: ClassVar[str | None] = None

    @declared_attr
    def person_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if not viewer.can(cls.permission):
            return false()
        of_person = of_visible_person(cls.person_id, viewer)
        if cls.switch is None:
            return of_person
        setting = select(RegisterSetting.value).where(RegisterSetting.key == cls.switch).scalar_subquery()
        return setting == ON if of_person is None else and_(setting == ON, of_person)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.person_id),)


class Reward(Entry, Base):
    """A reward: which, year, level, decision, by whom."""

    __tablename__ = "person_reward"

    year: Mapped[int] = mapped_column(SmallInteger)
    reward: Mapped[str] = mapped_column(String(200), comment="its form, as the decision calls it")
    level: Mapped[RewardLevel | None] = mapped_column(EnumText(RewardLevel))
    decision_number: Mapped[str | None] = mapped_column(String(100), comment="number and symbol as issued")
    decided_on: Mapped[date | None]
    decided_by: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (CheckConstraint("year BETWEEN 1900 AND 2200", name="year"),)


class Membership(Entry, Base):
    """Membership of a mass organisation: as private as the Party."""

    __tablename__ = "person_membership"
    permission: ClassVar[Permission] = Permission.PERSON_READ_BACKGROUND

    organisation: Mapped[str] = mapped_column(String(200))
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    post: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint("left_on IS NULL OR joined_on IS NULL OR joined_on <= left_on", name="dates"),
    )


class PlannedTitle(Entry, Base):
    """A title the person is planned for (quy hoạch): for those who keep the file only."""

    __tablename__ = "person_planned_title"
    permission: ClassVar[Permission] = Permission.PERSON_EDIT

    title: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str | None] = mapped_column(String(300))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None] = mapped_column(comment="last day, inclusive")
    decision_number: Mapped[str | None] = mapped_column(String(100), comment="number and symbol as issued")

    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", name="dates"),
    )


class FamilyMember(Entry, Base):
    """A relative, on the own side or the spouse's: others' data too, so each opening is logged."""

    __tablename__ = "person_family"
    permission: ClassVar[Permission] = Permission.PERSON_READ_FAMILY

    side: Mapped[FamilySide] = mapped_column(EnumText(FamilySide))
    relation: Mapped[Relation] = mapped_column(EnumText(Relation))
    full_name: Mapped[str] = mapped_column(String(200))
    born_year: Mapped[int | None] = mapped_column(SmallInteger)
    native_place: Mapped[str | None] = mapped_column(String(300))
    occupation: Mapped[str | None] = mapped_column(String(300), comment="work, post and agency")
    residence: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (
        CheckConstraint("born_year IS NULL OR born_year BETWEEN 1850 AND 2200", name="born_year"),
    )


class HealthCheck(Entry, Base):
    """The state of health found on a day. Off until switched on."""

    __tablename__ = "person_health"
    permission: ClassVar[Permission] = Permission.PERSON_READ_HEALTH
    switch: ClassVar[str | None] = "group.health"

    examined_on: Mapped[date]
    state: Mapped[str | None] = mapped_column(String(200))
    height: Mapped[int | None] = mapped_column(SmallInteger, comment="cm")
    weight: Mapped[int | None] = mapped_column(SmallInteger, comment="kg")
    blood_group: Mapped[str | None] = mapped_column(String(3))


class PersonalHistory(Entry, Base):
    """Personal history (form 2C-BNV/2008 item 29). Off until switched on."""

    __tablename__ = "person_history"
    permission: ClassVar[Permission] = Permission.PERSON_READ_HISTORY
    switch: ClassVar[str | None] = "group.history"

    from_year: Mapped[int | None] = mapped_column(SmallInteger)
    to_year: Mapped[int | None] = mapped_column(SmallInteger)
    account: Mapped[str] = mapped_column(String(1000))

    __table_args__ = (
        CheckConstraint("to_year IS NULL OR from_year IS NULL OR from_year <= to_year", name="years"),
    )


class RelativeAbroad(Entry, Base):
    """A relative living abroad (form 2C-BNV/2008 item 30). Off until switched on."""

    __tablename__ = "person_relative_abroad"
    permission: ClassVar[Permission] = Permission.PERSON_READ_RELATIVES_ABROAD
    switch: ClassVar[str | None] = "group.relatives_abroad"

    relation: Mapped[Relation] = mapped_column(EnumText(Relation))
    full_name: Mapped[str] = mapped_column(String(200))
    born_year: Mapped[int | None] = mapped_column(SmallInteger)
    country: Mapped[str] = mapped_column(String(100))
    occupation: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (
        CheckConstraint("born_year IS NULL OR born_year BETWEEN 1850 AND 2200", name="born_year"),
    )
