"""An import on its way: the file's batch, its lines as read, its problems; remembered column choices.

For Home Affairs only: rows are visible to a viewer of the whole province, else to nobody.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.db import Base, EnumText, Identified, JsonText, KeyText, Recorded, UtcDateTime, Versioned
from core.ids import Uid
from core.permissions import Permission, Realm
from core.scope import Scoped, Viewer
from hr.people.imports.enums import ImportStatus, LineOutcome


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
    def read(self) -> int:
        """Lines of people in the file."""
        return self.new + self.changed + self.unchanged + self.conflicting + self.refused

    def __str__(self) -> str:
        return self.filename


class ImportLine(Identified, _OfTheProvince, Base):
    """One line of the file as it was read, and what it would do."""

    __tablename__ = "import_line"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="RESTRICT"))
    sheet: Mapped[str] = mapped_column(String(100))
    row: Mapped[int] = mapped_column("row_number")
    name: Mapped[str] = mapped_column(String(200))
    values: Mapped[Any] = mapped_column("value_json", JsonText)
    outcome: Mapped[LineOutcome] = mapped_column(EnumText(LineOutcome))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    changes: Mapped[Any] = mapped_column("change_json", JsonText, nullable=True, comment="field: [old, new]")

    __table_args__ = (
        Index("ix_import_line_batch_id", "batch_id", "outcome", "id"),
        Index("ix_import_line_person_id", "person_id"),
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


class ImportMapping(Identified, _OfTheProvince, Base):
    """What columns a user chose for files of one shape; the next file of that shape is read so."""

    __tablename__ = "import_mapping"

    shape: Mapped[str] = mapped_column(KeyText(80), unique=True)
    columns: Mapped[Any] = mapped_column(JsonText, comment="column letter: field, or null for not read")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
