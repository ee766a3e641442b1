"""What became of a file that was merged into another, and pairs of people who only look alike."""

from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Annullable, Base, Identified, JsonText, KeyText, Recorded
from core.ids import Uid
from core.permissions import Realm
from core.scope import Scoped, Viewer
from hr.people.models import Person, of_visible_person


class PersonMerge(Identified, Recorded, Scoped, Base):
    """A file that went into another one: its address leads there, its number is a former number."""

    __tablename__ = "person_merge"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="RESTRICT"), comment="the file that stays"
    )
    merged_uid: Mapped[str] = mapped_column(Uid, unique=True, comment="of the file that went in")
    id_number: Mapped[str] = mapped_column(KeyText(12), unique=True, comment="former number; never in a URL")
    facts: Mapped[Any] = mapped_column("fact_json", JsonText, comment="the person's own row as it stood")
    note: Mapped[str] = mapped_column(String(1000))

    __table_args__ = (
        Index("ix_person_merge_person_id", "person_id"),
        CheckConstraint("length(id_number) = 12", name="id_number"),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.person_id),)


class DifferentPeople(Identified, Recorded, Annullable, Scoped, Base):
    """Two people who look alike and are not the same, with how that was found out. The lower key first."""

    __tablename__ = "different_people"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    one_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    note: Mapped[str] = mapped_column(String(1000))

    __table_args__ = (
        Index("ix_different_people_other_id", "other_id"),
        CheckConstraint("one_id < other_id", name="order"),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        one, other = of_visible_person(cls.one_id, viewer), of_visible_person(cls.other_id, viewer)
        return None if one is None or other is None else and_(one, other)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.one_id), (Person, self.other_id))


_VALID = DifferentPeople.annulled_at.is_(None)
Index(
    "uq_different_people_one_id_other_id",
    DifferentPeople.one_id,
    DifferentPeople.other_id,
    unique=True,
    sqlite_where=_VALID,
    postgresql_where=_VALID,
)
