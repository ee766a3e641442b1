"""A letter to an issuer with the papers it asks about. It may name people of two units, so only who
answers for the whole province reads it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, EnumText, Identified, KeyText, Recorded, UtcDateTime, Versioned
from core.files import Document
from core.ids import Uid
from core.permissions import Realm
from core.scope import Scoped, Viewer
from hr.people.checks.models import open_to
from hr.people.letters import rules
from hr.people.letters.enums import LetterState, Reply
from hr.people.models import Qualification

Parents = Iterable[tuple[type[Any], int | None]]


class IssuerLetter(Identified, Recorded, Versioned, Scoped, Base):
    """One letter; number and symbol are those of the office. `point`: the point to check it is to settle,
    `seen`: what that point compared when the letter was written."""

    __tablename__ = "issuer_letter"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    issuer: Mapped[str] = mapped_column(String(300), comment="addressee, as it stands on the letter")
    point: Mapped[str | None] = mapped_column(Uid)
    seen: Mapped[str | None] = mapped_column(KeyText(64))
    number: Mapped[str | None] = mapped_column(String(60))
    sent_on: Mapped[date | None]
    answer_number: Mapped[str | None] = mapped_column(String(60))
    answered_on: Mapped[date | None]
    answer_note: Mapped[str | None] = mapped_column(String(1000))
    answer_document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="RESTRICT"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    withdrawn_reason: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        Index("ix_issuer_letter_point", "point"),
        CheckConstraint("(number IS NULL) = (sent_on IS NULL)", name="sent"),
        CheckConstraint("answered_on IS NULL OR sent_on <= answered_on", name="answer_after_letter"),
        CheckConstraint("answered_on IS NULL OR withdrawn_at IS NULL", name="answered_or_withdrawn"),
    )

    papers: Mapped[list["IssuerLetterPaper"]] = relationship(
        lazy="raise", order_by="IssuerLetterPaper.id", back_populates="letter"
    )
    answer_document: Mapped[Document | None] = relationship(lazy="raise")

    @property
    def state(self) -> LetterState:
        """How far it has come."""
        return rules.state_of(
            sent_on=self.sent_on, answered_on=self.answered_on, withdrawn=self.withdrawn_at is not None
        )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return None if open_to(viewer) else false()

    def scope_parents(self) -> Parents:
        return ()

    def __str__(self) -> str:
        return self.issuer


class IssuerLetterPaper(Scoped, Base):
    """One paper a letter asks about, and the reply."""

    __tablename__ = "issuer_letter_paper"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("issuer_letter.id", ondelete="RESTRICT"))
    qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id", ondelete="RESTRICT"))
    reply: Mapped[Reply | None] = mapped_column(EnumText(Reply))

    __table_args__ = (
        Index("uq_issuer_letter_paper", "letter_id", "qualification_id", unique=True),
        Index("ix_issuer_letter_paper_qualification_id", "qualification_id"),
    )

    letter: Mapped[IssuerLetter] = relationship(lazy="raise", back_populates="papers")
    qualification: Mapped[Qualification] = relationship(lazy="raise")

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return None if open_to(viewer) else false()

    def scope_parents(self) -> Parents:
        return ((Qualification, self.qualification_id),)
