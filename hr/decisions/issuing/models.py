"""A personnel decision, one line for each of its people, and what each line left in the register.

The tables of the personnel file know nothing of decisions: the link stands here, with what stood in
a row before, so that revoking gives back exactly that.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    and_,
    false,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import (
    Annullable,
    Base,
    EnumText,
    Identified,
    JsonText,
    KeyText,
    Recorded,
    UtcDateTime,
    Versioned,
)
from core.files import Document
from core.permissions import Permission, Realm
from core.scope import Scoped, Viewer
from hr.decisions.issuing.enums import PUBLISHED, DecisionKind, DecisionState, Effect
from hr.people.enums import AssignmentKind, ManagementTier, ServiceStatus
from hr.people.models import Hundredths, Person, of_visible_person, people_in_reach

Parents = Iterable[tuple[type[Any], int | None]]


def records(viewer: Viewer) -> bool:
    """Whether the viewer records decisions: with the permission, and for the whole province, since one
    decision may name people of any unit."""
    return viewer.can(Permission.DECISION_RECORD) and viewer.sees_everything(Realm.PERSONNEL)


class Decision(Identified, Versioned, Recorded, Annullable, Scoped, Base):
    """One decision of one office. Annulled: a draft that was discarded."""

    __tablename__ = "decision"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    kind: Mapped[DecisionKind] = mapped_column(EnumText(DecisionKind))
    state: Mapped[DecisionState] = mapped_column(EnumText(DecisionState), default=DecisionState.DRAFT)
    office: Mapped[str] = mapped_column(String(200), comment="who issues it, as it signs")
    office_key: Mapped[str] = mapped_column(KeyText(200), comment="folded office")
    reference: Mapped[str | None] = mapped_column(
        String(80), comment="number and symbol as the office gave them"
    )
    reference_key: Mapped[str | None] = mapped_column(KeyText(80), comment="folded, no blanks")
    year: Mapped[int | None] = mapped_column(SmallInteger, comment="of signed_on")
    signed_on: Mapped[date | None]
    signer: Mapped[str | None] = mapped_column(String(200))
    effective_on: Mapped[date]
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id", ondelete="RESTRICT"), comment="signed copy"
    )
    left_out: Mapped[Any] = mapped_column(
        JsonText, nullable=True, comment="lines of the annex that name nobody: text and reason"
    )
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    note: Mapped[str | None] = mapped_column(String(1000), comment="why it was sent back or revoked")

    document: Mapped[Document | None] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_decision_effective_on_id", "effective_on", "id"),
        Index("ix_decision_state", "state", "id"),
        CheckConstraint("(year IS NULL) = (signed_on IS NULL)", name="year"),
        CheckConstraint("(reference IS NULL) = (reference_key IS NULL)", name="reference"),
        CheckConstraint("(state IN ('issued', 'revoked')) = (issued_at IS NOT NULL)", name="issued"),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked"),
        CheckConstraint(
            "issued_at IS NULL OR (reference IS NOT NULL AND signed_on IS NOT NULL AND signer IS NOT NULL)",
            name="signed",
        ),
        CheckConstraint("annulled_at IS NULL OR state = 'draft'", name="only_drafts_annulled"),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if records(viewer):
            return None
        if not viewer.can(Permission.DECISION_READ):
            return false()
        published = cls.state.in_(PUBLISHED)
        if viewer.sees_everything(Realm.PERSONNEL):
            return published
        return and_(published, cls.id.in_(_decisions_of_people_in_reach(viewer)))

    def scope_parents(self) -> Parents:
        return ()

    def __str__(self) -> str:
        return self.reference or str(self.kind.label)


_NUMBERED = Decision.annulled_at.is_(None)
Index(
    "uq_decision_office_key_reference_key_year",
    Decision.office_key,
    Decision.reference_key,
    Decision.year,
    unique=True,
    sqlite_where=_NUMBERED,
    postgresql_where=_NUMBERED,
)


class DecisionLine(Identified, Scoped, Base):
    """One person of a decision with what its kind needs; what is left empty follows from the file. A
    line that was refused when the decision was issued says why and has no effect."""

    __tablename__ = "decision_line"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    person_name: Mapped[str] = mapped_column(String(200), comment="full name as of the decision")
    name_key: Mapped[str] = mapped_column(KeyText(800), comment="Vietnamese order of person_name")
    place_in_list: Mapped[int] = mapped_column(SmallInteger, comment="from 1, as in the annex")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    post: Mapped[str | None] = mapped_column(String(200))
    management_tier: Mapped[ManagementTier | None] = mapped_column(EnumText(ManagementTier))
    assignment_kind: Mapped[AssignmentKind | None] = mapped_column(
        EnumText(AssignmentKind), comment="of an acting post: acting head or in charge"
    )
    rank_code: Mapped[str | None] = mapped_column(KeyText(20))
    step: Mapped[int | None] = mapped_column(SmallInteger)
    coefficient: Mapped[Decimal | None] = mapped_column(Hundredths)
    starts_on: Mapped[date | None] = mapped_column(comment="NULL: the decision's effective date")
    ends_on: Mapped[date | None]
    status: Mapped[ServiceStatus | None] = mapped_column(EnumText(ServiceStatus))
    reason: Mapped[str | None] = mapped_column(String(500))
    remarks: Mapped[Any] = mapped_column(
        JsonText, nullable=True, comment="what of the annex is not as in the register: messages"
    )
    #: Where the person stood when the decision was issued.
    old_post: Mapped[str | None] = mapped_column(String(200))
    old_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    refusal: Mapped[str | None] = mapped_column(String(500), comment="why the line has no effect")

    __table_args__ = (
        Index("uq_decision_line_decision_id_person_id", "decision_id", "person_id", unique=True),
        Index("ix_decision_line_person_id", "person_id", "decision_id"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", name="dates"),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if records(viewer):
            return None
        if not viewer.can(Permission.DECISION_READ):
            return false()
        row: Any = Decision.__table__.alias("published")
        published = cls.decision_id.in_(select(row.c.id).where(row.c.state.in_(PUBLISHED)))
        of_person = of_visible_person(cls.person_id, viewer)
        return published if of_person is None else and_(published, of_person)

    def scope_parents(self) -> Parents:
        return ((Decision, self.decision_id), (Person, self.person_id))

    def __str__(self) -> str:
        return self.person_name


#: How many rows an effect points at.
_ROWS = " + ".join(
    f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in ("assignment_id", "rank_step_id", "reward_id")
)


class DecisionEffect(Identified, Scoped, Base):
    """What a line did to one row: made it, ended it, or ended the person's service. `before` holds the
    columns as they stood, `after` as the decision left them: both by their names."""

    __tablename__ = "decision_effect"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    line_id: Mapped[int] = mapped_column(ForeignKey("decision_line.id", ondelete="RESTRICT"))
    effect: Mapped[Effect] = mapped_column(EnumText(Effect))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id", ondelete="RESTRICT"))
    rank_step_id: Mapped[int | None] = mapped_column(ForeignKey("rank_step.id", ondelete="RESTRICT"))
    reward_id: Mapped[int | None] = mapped_column(ForeignKey("person_reward.id", ondelete="RESTRICT"))
    before: Mapped[Any] = mapped_column("before_json", JsonText, nullable=True)
    after: Mapped[Any] = mapped_column("after_json", JsonText)

    __table_args__ = (
        Index("ix_decision_effect_line_id", "line_id", "id"),
        Index("ix_decision_effect_assignment_id", "assignment_id"),
        Index("ix_decision_effect_rank_step_id", "rank_step_id"),
        Index("ix_decision_effect_reward_id", "reward_id"),
        CheckConstraint(f"{_ROWS} <= 1", name="one_row"),
        CheckConstraint(f"(effect = 'service_ended') = ({_ROWS} = 0)", name="row"),
        CheckConstraint("(effect = 'made') = (before_json IS NULL)", name="before"),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return None if records(viewer) else false()

    def scope_parents(self) -> Parents:
        return ((DecisionLine, self.line_id),)


def _decisions_of_people_in_reach(viewer: Viewer) -> Any:
    """On the plain table: the mapped class would be filtered by its own criterion once more."""
    row: Any = DecisionLine.__table__.alias("of_people_in_reach")
    return select(row.c.decision_id).where(row.c.person_id.in_(people_in_reach(viewer)))
