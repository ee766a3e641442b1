"""The yearly rating of a person: one valid a year, proposed, then confirmed or sent back."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, SmallInteger, String, and_
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, EnumText, UtcDateTime
from core.permissions import Permission
from core.scope import Viewer
from hr.people.groups.models import Entry
from hr.people.ratings.enums import RatingLevel, RatingSource, RatingState


class YearlyRating(Entry, Base):
    """The level of one year. Until it is confirmed, only who proposes or confirms reads it."""

    __tablename__ = "yearly_rating"

    year: Mapped[int] = mapped_column(SmallInteger)
    level: Mapped[RatingLevel] = mapped_column(EnumText(RatingLevel))
    state: Mapped[RatingState] = mapped_column(EnumText(RatingState))
    source: Mapped[RatingSource] = mapped_column(EnumText(RatingSource))
    rated_by: Mapped[str | None] = mapped_column(String(300), comment="who rated, as people read it")
    proposed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="RESTRICT"), comment="the account that proposed; does not confirm it"
    )
    remark: Mapped[str | None] = mapped_column(String(500), comment="why it was sent back")
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("year BETWEEN 1990 AND 2200", name="year"),)

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        of_person = super().visible_to(viewer)
        if viewer.can(Permission.RATING_PROPOSE) or viewer.can(Permission.RATING_CONFIRM):
            return of_person
        confirmed = cls.state == RatingState.CONFIRMED
        return confirmed if of_person is None else and_(confirmed, of_person)

    def __str__(self) -> str:
        return f"{self.year}: {self.level.value}"


_VALID = YearlyRating.annulled_at.is_(None)
Index(
    "uq_yearly_rating_person_id_year",
    YearlyRating.person_id,
    YearlyRating.year,
    unique=True,
    sqlite_where=_VALID,
    postgresql_where=_VALID,
)
Index("ix_yearly_rating_state", YearlyRating.state)
