"""The workbook of whole personnel files: which sheets it has, which columns, how a row is checked.

A package names its sheets in `Subject.sheets`; the sheets of all packages together are the workbook,
for writing it and for reading it again. Whoever adds a table that belongs to people, or that such
rows point at, adds a sheet here and nothing elsewhere:

    def sheets() -> tuple[Sheet, ...]:
        return (
            Sheet("absence", _l("Authorised absences"), Absence, (
                SheetColumn("uid", ColumnKind.UID),
                SheetColumn("id_number", ColumnKind.PERSON),
                SheetColumn("starts_on", field=AbsenceForm.starts_on),
                …
            ), permission=Permission.ABSENCE_READ),
        )

What must never leave the register in bulk (health, personal history, relatives abroad) has no sheet.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from core.audit_types import AuditType
from core.errors import Unprocessable
from core.permissions import Permission


class ColumnKind(StrEnum):
    """What stands in the cells of a column."""

    #: A value of the table, read as the form's field of that name reads it.
    FIELD = "field"
    #: The personal identification number of the row's person; the table's column is `person_id`.
    PERSON = "person"
    #: A unit by code and first day ("03202 2025-07-01"); the table's column is the code with `_id`.
    UNIT = "unit"
    #: The uid of a row of the sheet `refers`; the table's column is the code with `_id`.
    ROW = "row"
    #: A moment in UTC, as ISO text.
    MOMENT = "moment"
    #: A uid; of the column of that name the row's own, drawn anew where the cell is empty.
    UID = "uid"
    #: An account by its sign-in name; the table's column is the code with `_id`. Empty where the
    #: register does not know the name.
    ACCOUNT = "account"
    #: A value of several parts, as JSON text.
    JSON = "json"


#: Headings of the columns that have no field and no label of their own.
LABELS: dict[ColumnKind, Any] = {
    ColumnKind.PERSON: _l("Personal identification number"),
    ColumnKind.UID: _l("Mark of the row"),
}


_KEYS = (ColumnKind.UNIT, ColumnKind.ROW, ColumnKind.ACCOUNT)


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column. `code` stands in the second row of the sheet. `field`: the form's field (unbound)
    that names and reads it. `label` where there is no field. `refers`: code of a sheet before this
    one, or this one's own package's. `column`: the table's, where the kind does not tell it."""

    code: str
    kind: ColumnKind = ColumnKind.FIELD
    field: Any = None
    label: Any = None
    refers: str = ""
    required: bool = False
    column: str = ""
    #: Of JSON: parts that hold units by uid, written by code and first day; and parts that stay behind.
    units: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()

    @property
    def attribute(self) -> str:
        """The column of the table."""
        if self.column:
            return self.column
        if self.kind is ColumnKind.PERSON:
            return "person_id"
        return f"{self.code}_id" if self.kind in _KEYS else self.code


@dataclass(slots=True, eq=False)
class SheetRow:
    """One row as it was read: its number in the sheet, the values of the table's columns. Units stand
    as keys, persons and other rows as the marks they are known by in the workbook."""

    sheet: str
    number: int
    values: dict[str, Any]
    #: Something in it was refused.
    wrong: bool = False

    @property
    def annulled(self) -> bool:
        """Whether it is a mistake that was kept."""
        return self.values.get("annulled_at") is not None


@dataclass(slots=True, eq=False)
class PersonFile:
    """One person of a workbook with every row of theirs, by sheet."""

    person: SheetRow
    rows: dict[str, list[SheetRow]] = field(default_factory=dict)

    def valid(self, sheet: str) -> list[SheetRow]:
        """Rows of a sheet that were read and are not annulled."""
        return [row for row in self.rows.get(sheet, ()) if not (row.wrong or row.annulled)]


@dataclass(slots=True, eq=False)
class CheckedBook:
    """What a row is checked against: the day, the whole workbook by sheet and mark, the files beside
    it (sha256 → bytes), the units by key."""

    today: date
    rows: Mapping[str, Mapping[str, SheetRow]]
    files: Mapping[str, int]
    units: Mapping[int, Any]
    #: Digests of files that were missing where the workbook was written.
    missing: frozenset[str] = frozenset()
    #: What a check has asked for, so that each is read once.
    known: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, read: Callable[[], Any]) -> Any:
        """What `read` answers, asked once a workbook."""
        if key not in self.known:
            self.known[key] = read()
        return self.known[key]

    def check_first(self, row: SheetRow, *key: Any, field: str) -> None:
        """Unprocessable when an earlier row of the sheet was given the same key."""
        first = self.known.setdefault((row.sheet, *key), row.number)
        if first != row.number:
            message = _l("The same stands in row %(number)s: keep one of them", number=first)
            raise Unprocessable(message, field=field)


#: Raises Unprocessable whose field is the code of a column; `file` is None for rows of nobody.
RowCheck = Callable[[SheetRow, PersonFile | None, CheckedBook], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a table and what of it is written. `permission`: who may take it out of the register
    (besides the permission of the export). Without a PERSON column it holds the rows that other sheets
    point at."""

    code: str
    label: Any
    table: Any
    columns: tuple[SheetColumn, ...]
    permission: Permission | None = None
    #: Rows that are left out of the file: a criterion for those that stay.
    only: Any = None
    check: RowCheck | None = None
    #: Columns that follow from others, for rows that passed the check.
    derive: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    #: At most one row a person.
    single: bool = False
    #: (ids of people) → criterion of the rows that go with them, where the columns do not tell it.
    within: Callable[[Any], Any] | None = None
    #: Two columns of keys of which the lower comes first.
    ascending: tuple[str, str] | None = None
    #: What the log says of a row that came in: (values of the row) → kind of event and the row.
    log: Callable[[Mapping[str, Any]], tuple[AuditType, Any]] | None = None

    @property
    def owner(self) -> str | None:
        """The table's column with the person that a row belongs to."""
        people = (column.attribute for column in self.columns if column.kind is ColumnKind.PERSON)
        return next(people, None)

    @property
    def marked(self) -> bool:
        """Whether its rows have uids, by which others point at them."""
        return any(column.kind is ColumnKind.UID and column.code == "uid" for column in self.columns)


Sheets = Callable[[], Iterable[Sheet]]


# --- columns that many sheets have ------------------------------------------------------------------------
UID = SheetColumn("uid", ColumnKind.UID)
PERSON = SheetColumn("id_number", ColumnKind.PERSON, required=True)


def fields_of(form: Any, *names: str) -> tuple[SheetColumn, ...]:
    """Columns that the fields of a form name and read."""
    return tuple(SheetColumn(name, field=getattr(form, name)) for name in names)


def by_whom(code: str, when: Any, who: Any, *, required: bool = False) -> tuple[SheetColumn, ...]:
    """When something was done (`code` with `_at`) and by which account (`code` with `_by`)."""
    return (
        SheetColumn(f"{code}_at", ColumnKind.MOMENT, label=when, required=required),
        SheetColumn(f"{code}_by", ColumnKind.ACCOUNT, label=who),
    )


ANNULLED = by_whom("annulled", _l("Annulled (UTC)"), _l("Annulled by"))
ENTERED = by_whom("created", _l("Entered (UTC)"), _l("Entered by"), required=True)
