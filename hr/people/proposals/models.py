"""A change proposed by a commune: its reason, and a line for each field with what became of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, EnumText, Identified, JsonText, KeyText, Recorded, UtcDateTime, Versioned
from core.permissions import Permission, Realm
from core.scope import Scoped, Viewer
from hr.people.models import Person, of_visible_person
from hr.people.proposals.enums import LineState, Part


class _OfTheFile(Scoped):
    """For who proposes or answers, as far as they see the person."""

    realm: ClassVar[Realm] = Realm.PERSONNEL
    person_id: Mapped[int]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if not viewer.can(Permission.PROPOSAL_READ):
            return false()
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.person_id),)


class Proposal(Identified, Versioned, Recorded, _OfTheFile, Base):
    """Lines sent together, of one part of one person's file, for one reason."""

    __tablename__ = "proposal"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    part: Mapped[Part] = mapped_column(EnumText(Part))
    reason: Mapped[str] = mapped_column(String(500))
    file_version: Mapped[int] = mapped_column(comment="version of the file it was made against")

    __table_args__ = (Index("ix_proposal_person_id", "person_id"),)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")

    def __str__(self) -> str:
        return self.person.full_name


class ProposalLine(Identified, _OfTheFile, Base):
    """One field with the value proposed; a qualification and a place are one line each."""

    __tablename__ = "proposal_line"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    part: Mapped[Part] = mapped_column(EnumText(Part))
    field: Mapped[str] = mapped_column("field_name", KeyText(80))
    value: Mapped[Any] = mapped_column("value_json", JsonText, nullable=True)
    seen: Mapped[str | None] = mapped_column(
        KeyText(64), comment="digest of what the file held; NULL where the sender may not read it"
    )
    state: Mapped[LineState] = mapped_column(EnumText(LineState), default=LineState.SENT)
    answer: Mapped[str | None] = mapped_column(String(500))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))

    __table_args__ = (
        Index("ix_proposal_line_proposal_id", "proposal_id"),
        Index("ix_proposal_line_state", "state", "proposal_id"),
        CheckConstraint("(state = 'sent') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("state <> 'refused' OR answer IS NOT NULL", name="refused_with_reason"),
    )


#: One open line a person and field, held by the database too.
_OPEN = ProposalLine.state == LineState.SENT
Index(
    "uq_proposal_line_open",
    ProposalLine.person_id,
    ProposalLine.part,
    ProposalLine.field,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
