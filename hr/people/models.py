"""The personnel file: person, background, assignments, ranks, qualifications, search tokens.

Everything dated is a row of its own and never overwritten. Who sees a person follows from the
assignments running today (`visible_to`); what is more private than the file lies in its own table.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    Select,
    SmallInteger,
    String,
    false,
    inspect,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from accounts.models import User
from core.db import Annullable, Base, EnumText, Identified, KeyText, UtcDateTime, Versioned
from core.files import Document
from core.permissions import Permission, Realm
from core.scope import Scoped, Viewer, units_in_scope
from core.units import Unit
from hr.people.enums import (
    HOME_KINDS,
    AssignmentKind,
    Category,
    ManagementTier,
    ProofState,
    QualificationKind,
    ServiceStatus,
    Sex,
)

Parents = Iterable[tuple[type[Any], int | None]]


class Hundredths(TypeDecorator[Decimal]):
    """A Decimal of two places, stored as a whole number: exact on both engines."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((value * 100).to_integral_exact())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class Person(Identified, Versioned, Scoped, Base):
    """One person of the register, in service or not."""

    __tablename__ = "person"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    id_number: Mapped[str] = mapped_column(KeyText(12), unique=True, comment="12 digits; never in a URL")
    full_name: Mapped[str] = mapped_column(String(200))
    other_name: Mapped[str | None] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(KeyText(800), comment="Vietnamese order of full_name")
    sex: Mapped[Sex] = mapped_column(EnumText(Sex))
    born_on: Mapped[date]
    birthplace: Mapped[str | None] = mapped_column(String(300))
    native_place: Mapped[str | None] = mapped_column(String(300))
    recruited_on: Mapped[date | None]
    recruited_by: Mapped[str | None] = mapped_column(String(300))
    status: Mapped[ServiceStatus] = mapped_column(EnumText(ServiceStatus), default=ServiceStatus.WORKING)
    status_since: Mapped[date | None]
    status_reason: Mapped[str | None] = mapped_column(String(500))
    ended_on: Mapped[date | None] = mapped_column(comment="last day of service, inclusive")

    __table_args__ = (
        Index("ix_person_name_key_id", "name_key", "id"),
        CheckConstraint("length(id_number) = 12", name="id_number"),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
        CheckConstraint("recruited_on IS NULL OR born_on < recruited_on", name="recruited_after_birth"),
        CheckConstraint("ended_on IS NULL OR born_on < ended_on", name="ended_after_birth"),
        CheckConstraint(
            "(status IN ('left', 'retired', 'dismissed', 'recalled', 'moved_out', 'deceased'))"
            " = (ended_on IS NOT NULL)",
            name="ended_with_status",
        ),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return of_visible_person(cls.id, viewer)

    def scope_parents(self) -> Parents:
        # A new person has no unit yet: the first assignment, in the same action, is checked.
        return ((Person, self.id),) if inspect(self).has_identity else ()

    def __str__(self) -> str:
        return self.full_name


class PersonBackground(Scoped, Base):
    """Ethnicity, religion and Party of a person: read with a permission of its own only."""

    __tablename__ = "person_background"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True)
    ethnicity: Mapped[str | None] = mapped_column(KeyText(2), comment="code of the 1979 list, 01-54")
    religion: Mapped[str | None] = mapped_column(String(100), comment='"Không": none')
    party_joined_on: Mapped[date | None]
    party_official_on: Mapped[date | None]
    party_post: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint(
            "party_official_on IS NULL OR party_joined_on IS NULL OR party_joined_on <= party_official_on",
            name="party_dates",
        ),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if not viewer.can(Permission.PERSON_READ_BACKGROUND):
            return false()
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Parents:
        return ((Person, self.person_id),)


class PersonToken(Scoped, Base):
    """One folded word of a person's name, for search by the beginning of words."""

    __tablename__ = "person_token"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    token: Mapped[str] = mapped_column(KeyText(60), primary_key=True)
    name_key: Mapped[str] = mapped_column(KeyText(800), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True)

    __table_args__ = (Index("ix_person_token_person_id", "person_id"), {"sqlite_with_rowid": False})

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Parents:
        return ((Person, self.person_id),)


class Assignment(Identified, Annullable, Scoped, Base):
    """A person in a unit, on a post, for a period. Headline figures count the HOME_KINDS rows that
    run on the day. The name is kept as it was, so that the history of a unit can be read by those
    who may no longer open the file."""

    __tablename__ = "assignment"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    person_name: Mapped[str] = mapped_column(String(200), comment="full name as of the assignment")
    name_key: Mapped[str] = mapped_column(KeyText(800), comment="Vietnamese order of person_name")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    post: Mapped[str] = mapped_column(String(200))
    post_fold: Mapped[str] = mapped_column(KeyText(200), comment="folded post, for search")
    kind: Mapped[AssignmentKind] = mapped_column(EnumText(AssignmentKind))
    category: Mapped[Category] = mapped_column(EnumText(Category))
    managing_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    management_tier: Mapped[ManagementTier | None] = mapped_column(EnumText(ManagementTier))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(comment="last day, inclusive; NULL: open")
    decision_note: Mapped[str | None] = mapped_column(String(200), comment="number and symbol as issued")

    __table_args__ = (
        # Covers the scope's subquery: unit, dates, annulled, and the person it answers with.
        Index("ix_assignment_scope", "unit_id", "starts_on", "ends_on", "annulled_at", "person_id"),
        Index("ix_assignment_person_id_starts_on", "person_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="dates"),
        CheckConstraint(
            "kind IN ('main', 'concurrent', 'acting_head', 'in_charge', 'probation', 'seconded')", name="kind"
        ),
    )

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="raise")
    division: Mapped[Unit | None] = relationship(foreign_keys=[division_id], lazy="raise")

    @property
    def is_home(self) -> bool:
        """Whether the row is the person's own place, the one that is counted."""
        return self.kind in HOME_KINDS

    def runs_on(self, day: date) -> bool:
        """Whether the assignment holds on `day`."""
        within = self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
        return within and self.annulled_at is None

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        of_person = of_visible_person(cls.person_id, viewer)
        if of_person is None:
            return None
        # The history of a unit is open to who may see the unit, also after the person has left it.
        return or_(cls.unit_id.in_(units_in_scope(viewer, Realm.PERSONNEL)), of_person)

    def scope_parents(self) -> Parents:
        # A new person is not yet visible when the first assignment is written; an old row may lie in
        # a unit out of reach and still be closed by who may see the person.
        of_unit = ((Unit, self.unit_id),)
        state = inspect(self)
        if not state.has_identity:
            return of_unit
        moved = state.attrs.unit_id.history.has_changes()
        return (*(of_unit if moved else ()), (Person, self.person_id))

    def __str__(self) -> str:
        return self.post


#: One open place of one's own per person, held by the database too.
_OPEN_HOME = Assignment.kind.in_(HOME_KINDS) & Assignment.ends_on.is_(None) & Assignment.annulled_at.is_(None)
Index(
    "uq_assignment_open_home",
    Assignment.person_id,
    unique=True,
    sqlite_where=_OPEN_HOME,
    postgresql_where=_OPEN_HOME,
)


class RankStep(Identified, Annullable, Scoped, Base):
    """Rank, step and coefficient from a date, until the next row."""

    __tablename__ = "rank_step"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    rank_code: Mapped[str] = mapped_column(KeyText(20))
    step: Mapped[int] = mapped_column(SmallInteger)
    coefficient: Mapped[Decimal] = mapped_column(Hundredths)
    starts_on: Mapped[date]
    decision_note: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint("coefficient > 0", name="coefficient"),
        CheckConstraint("step > 0", name="step"),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Parents:
        return ((Person, self.person_id),)

    def __str__(self) -> str:
        return f"{self.rank_code}, {self.step}"


_VALID_RANK = RankStep.annulled_at.is_(None)
Index(
    "uq_rank_step_person_id_starts_on",
    RankStep.person_id,
    RankStep.starts_on,
    unique=True,
    sqlite_where=_VALID_RANK,
    postgresql_where=_VALID_RANK,
)


class Qualification(Identified, Annullable, Scoped, Base):
    """A diploma or certificate, and how far it has been proved."""

    __tablename__ = "qualification"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    kind: Mapped[QualificationKind] = mapped_column(EnumText(QualificationKind))
    level: Mapped[str] = mapped_column(KeyText(20), comment="code of hr.people.codes.LEVELS")
    major: Mapped[str | None] = mapped_column(String(200))
    issuer: Mapped[str | None] = mapped_column(String(300))
    serial: Mapped[str | None] = mapped_column(String(60))
    awarded_on: Mapped[date | None]
    awarded_year: Mapped[int | None] = mapped_column(SmallInteger, comment="when only the year is known")
    expires_on: Mapped[date | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="RESTRICT"))
    proof_state: Mapped[ProofState] = mapped_column(EnumText(ProofState), default=ProofState.CLAIMED)
    proof_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    proof_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    document: Mapped[Document | None] = relationship(foreign_keys=[document_id], lazy="raise")
    proof_by: Mapped[User | None] = relationship(foreign_keys=[proof_by_id], lazy="raise")

    __table_args__ = (
        Index("ix_qualification_kind_level_person_id", "kind", "level", "person_id"),
        Index("ix_qualification_person_id", "person_id"),
        CheckConstraint("awarded_on IS NULL OR awarded_year IS NULL", name="one_award_date"),
        CheckConstraint("awarded_year IS NULL OR awarded_year BETWEEN 1900 AND 2200", name="awarded_year"),
        CheckConstraint(
            "expires_on IS NULL OR awarded_on IS NULL OR awarded_on <= expires_on", name="expires_after_award"
        ),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Parents:
        return ((Person, self.person_id),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.level}"


_VALID_SERIAL = Qualification.serial.is_not(None) & Qualification.annulled_at.is_(None)
Index(
    "uq_qualification_person_id_kind_serial",
    Qualification.person_id,
    Qualification.kind,
    Qualification.serial,
    unique=True,
    sqlite_where=_VALID_SERIAL,
    postgresql_where=_VALID_SERIAL,
)


def people_in_reach(viewer: Viewer) -> Select[int]:
    """Ids of the people with an assignment running today in a unit that `viewer` reaches: sending
    and receiving units alike. Built on the plain table: the mapped class would be filtered by its
    own criterion once more, which holds this subquery in turn."""
    row: Any = Assignment.__table__.alias("reach")
    return select(row.c.person_id).where(
        row.c.unit_id.in_(units_in_scope(viewer, Realm.PERSONNEL)),
        row.c.starts_on <= viewer.today,
        or_(row.c.ends_on.is_(None), row.c.ends_on >= viewer.today),
        row.c.annulled_at.is_(None),
    )


def of_visible_person(column: Any, viewer: Viewer) -> ColumnElement[bool] | None:
    if viewer.sees_everything(Realm.PERSONNEL):
        return None
    return column.in_(people_in_reach(viewer))
