"""An import on its way: the file's batch, its lines as read and as accepted, its problems, who is
missing from it; remembered column choices.

For Home Affairs only: rows are visible to a viewer of the whole province, else to nobody. That a unit's
roster was taken in, and when, stands in a table of its own, which whoever sees the unit may read.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.db import Base, EnumText, Identified, JsonText, KeyText, Recorded, UtcDateTime, Versioned
from core.ids import Uid
from core.permissions import Permission, Realm
from core.scope import Scoped, Viewer, units_in_scope
from core.units import Unit
from hr.people.imports.enums import ImportContent, ImportStatus, LineOutcome, MissingAnswer


class _OfTheProvince(Scoped):
    """Lines of a file may name people of any unit, so only who answers for all of them reads them."""

    realm: ClassVar[Realm] = Realm.PERSONNEL

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        if viewer.sees_everything(cls.realm) and viewer.can(Permission.PERSON_IMPORT):
            return None
        return false()

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((ImportBatch, getattr(self, "batch_id", None)),)


class ImportBatch(Identified, Versioned, Recorded, _OfTheProvince, Base):
    """One uploaded file: read, looked at, confirmed or discarded; a confirmed one may be taken back."""

    __tablename__ = "import_batch"

    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(KeyText(64))
    size: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit.id", ondelete="RESTRICT"), comment="for lines that name no unit"
    )
    content: Mapped[ImportContent] = mapped_column(
        EnumText(ImportContent), default=ImportContent.ROSTER, server_default=ImportContent.ROSTER.value
    )
    status: Mapped[ImportStatus] = mapped_column(EnumText(ImportStatus), default=ImportStatus.READING)
    as_of: Mapped[date | None] = mapped_column(comment="day of the figures, from the title of the file")
    done: Mapped[int] = mapped_column(default=0, comment="rows read so far")
    total: Mapped[int] = mapped_column(default=0, comment="rows to read")
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="last sign of the reader")
    failure: Mapped[Any] = mapped_column(JsonText, nullable=True, comment="message and parameters")
    sheets: Mapped[Any] = mapped_column(JsonText, nullable=True, comment="what was recognised, per sheet")
    notes: Mapped[Any] = mapped_column(JsonText, nullable=True, comment="remarks on the whole file")
    mapping: Mapped[Any] = mapped_column(JsonText, nullable=True, comment="columns chosen by shape")
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    conflicting: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    changed_here: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="the register moved, the file did not"
    )
    proposed: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="perhaps somebody already there"
    )
    missing: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="in the units of the file, not in the file"
    )
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    undo_reason: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        Index("ix_import_batch_status", "status", "id"),
        CheckConstraint("(status IN ('confirmed', 'undone')) = (confirmed_at IS NOT NULL)", name="confirmed"),
        CheckConstraint("(status = 'undone') = (undone_at IS NOT NULL)", name="undone"),
    )

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ()

    @property
    def is_workbook(self) -> bool:
        """Whether comments can be written into the file: a roster in a workbook of today's kind."""
        return not self.is_whole_files and self.filename.lower().endswith(".xlsx")

    @property
    def is_whole_files(self) -> bool:
        """Whether the file holds people with everything about them: taken whole or not at all."""
        return self.content is ImportContent.WHOLE_FILES

    @property
    def read(self) -> int:
        """Lines of people in the file."""
        return sum(getattr(self, outcome.value) for outcome in LineOutcome)

    def __str__(self) -> str:
        return self.filename


class ImportLine(Identified, _OfTheProvince, Base):
    """One line of the file as it was read, what it means, and what was decided about it. The accepted
    lines of a confirmed import are what the next file of the unit is compared with."""

    __tablename__ = "import_line"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="RESTRICT"))
    sheet: Mapped[str] = mapped_column(String(100))
    row: Mapped[int] = mapped_column("row_number")
    name: Mapped[str] = mapped_column(String(200))
    values: Mapped[Any] = mapped_column("value_json", JsonText)
    outcome: Mapped[LineOutcome] = mapped_column(EnumText(LineOutcome))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit.id", ondelete="RESTRICT"), comment="the unit the file names for the line"
    )
    id_number: Mapped[str | None] = mapped_column(KeyText(12), comment="as the file has it")
    changes: Mapped[Any] = mapped_column("change_json", JsonText, nullable=True, comment="field: [old, new]")
    kinds: Mapped[Any] = mapped_column(
        "kind_json", JsonText, nullable=True, comment="field: [kind, value of the last import]"
    )
    accepted: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="confirming takes the line"
    )
    choices: Mapped[Any] = mapped_column("choice_json", JsonText, nullable=True, comment="field: whose value")
    candidates: Mapped[Any] = mapped_column(
        "candidate_json", JsonText, nullable=True, comment="keys of the people it may be"
    )
    by_hand: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="a person said who it is"
    )

    __table_args__ = (
        Index("ix_import_line_batch_id", "batch_id", "outcome", "id"),
        Index("ix_import_line_person_id", "person_id"),
        Index("ix_import_line_unit_id", "unit_id", "person_id"),
    )


class ImportProblem(Identified, _OfTheProvince, Base):
    """One cell that was refused or read with a remark: row and column as Excel shows them."""

    __tablename__ = "import_problem"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="RESTRICT"))
    sheet: Mapped[str] = mapped_column(String(100))
    row: Mapped[int | None] = mapped_column("row_number")
    column: Mapped[str | None] = mapped_column("column_letter", String(4))
    header: Mapped[str | None] = mapped_column(String(300))
    raw: Mapped[str | None] = mapped_column(String(200), comment="the cell as it stood")
    code: Mapped[str] = mapped_column(String(60))
    severity: Mapped[str] = mapped_column(String(10), comment="error: the row is not taken; note: it is")
    message: Mapped[str] = mapped_column(String(300), comment="English msgid, translated where shown")
    params: Mapped[Any] = mapped_column(JsonText)

    __table_args__ = (Index("ix_import_problem_batch_id", "batch_id", "severity", "id"),)


class ImportChange(_OfTheProvince, Base):
    """One row that confirming an import wrote: what stood there before and what was written, so that
    it can be taken back. Of a new file one row holds all its parts."""

    __tablename__ = "import_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="RESTRICT"))
    table: Mapped[str] = mapped_column("table_name", KeyText(40))
    row: Mapped[str] = mapped_column(
        "row_uid", Uid, comment="of the row, or of the person where a person has one row; no foreign key"
    )
    before: Mapped[Any] = mapped_column(
        "before_json", JsonText, nullable=True, comment="columns as they stood; NULL: there was no row"
    )
    after: Mapped[Any] = mapped_column("after_json", JsonText, comment="columns as written")
    version: Mapped[int | None] = mapped_column(comment="of a person: the file's version since then")

    __table_args__ = (
        Index("ix_import_change_batch_id", "batch_id", "id"),
        Index("ix_import_change_row", "table_name", "row_uid"),
    )


class ImportMissing(Identified, Versioned, Recorded, _OfTheProvince, Base):
    """Why somebody of a unit does not stand in its file, as a person said. Who is missing is asked of the
    register as it is now: who has been moved or has left since is no longer."""

    __tablename__ = "import_missing"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    answer: Mapped[MissingAnswer] = mapped_column(EnumText(MissingAnswer))
    reason: Mapped[str] = mapped_column(String(500))

    __table_args__ = (
        UniqueConstraint("batch_id", "person_id"),
        Index("ix_import_missing_person_id", "person_id"),
    )


class ImportedUnit(Scoped, Base):
    """That a confirmed import held the roster of a unit, for whoever sees the unit. An import that is
    no longer confirmed tells nothing."""

    __tablename__ = "imported_unit"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    lines: Mapped[int] = mapped_column(comment="lines of the unit that were taken")
    left_out: Mapped[int] = mapped_column(comment="lines of the unit that were not")
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("batch_id", "unit_id"),
        Index("ix_imported_unit_unit_id", "unit_id", "confirmed_at"),
    )

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        batch: Any = ImportBatch.__table__
        confirmed = select(batch.c.id).where(batch.c.status == ImportStatus.CONFIRMED)
        standing = cls.batch_id.in_(confirmed)
        if viewer.sees_everything(cls.realm):
            return standing
        return standing & cls.unit_id.in_(units_in_scope(viewer, cls.realm))

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Unit, self.unit_id),)


class ImportMapping(Identified, _OfTheProvince, Base):
    """What columns a user chose for files of one shape; the next file of that shape is read so."""

    __tablename__ = "import_mapping"

    shape: Mapped[str] = mapped_column(KeyText(80), unique=True)
    columns: Mapped[Any] = mapped_column(JsonText, comment="column letter: field, or null for not read")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
