"""Cells of the workbook of whole files: each is read by the field of the form that also asks for it, so
that a workbook holds nothing that a screen would refuse."""

import json
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.clock import now
from core.errors import Unprocessable
from core.forms import DateField, DecimalField, Form, IntegerField
from core.ids import is_uid
from core.sheets import ColumnKind, Sheet, SheetColumn
from core.tabular import Cell
from core.units import Unit
from core.words import LANGUAGES

#: A reading of a cell: the value, or Unprocessable.
Reader = Callable[[Cell], Any]
#: Units by code and first day.
UnitMarks = Mapping[str, Unit]


def form_for(sheet: Sheet) -> Form:
    """The fields of a sheet as one form."""
    return _form_class(sheet)(formdata=None)


@cache
def _form_class(sheet: Sheet) -> type[Form]:
    fields = {column.code: column.field for column in sheet.columns if column.kind is ColumnKind.FIELD}
    meta = type("Meta", (Form.Meta,), {"csrf": False})
    return type(f"{sheet.code.title()}Cells", (Form,), {"Meta": meta, **fields})


class SheetReader:
    """Reads the cells of one sheet. Most values of a column come again: each is read once. Units are
    given by mark, marks of rows and numbers of people as they were read so far."""

    def __init__(
        self,
        sheet: Sheet,
        places: UnitMarks,
        marks: Mapping[str, Mapping[str, Any]],
        people: Mapping[str, str],
        accounts: Mapping[str, int],
    ):
        self._form = form_for(sheet)
        self._known: dict[str, dict[Any, Any]] = {column.code: {} for column in sheet.columns}
        self._places, self._marks, self._people = places, marks, people
        self._accounts = accounts
        #: Sign-in names that the register does not know.
        self.strangers: set[str] = set()
        self._readers: dict[ColumnKind, Callable[[SheetColumn, Cell], Any]] = {
            ColumnKind.FIELD: self._field,
            ColumnKind.PERSON: self._person,
            ColumnKind.UNIT: self._unit,
            ColumnKind.ROW: self._row,
            ColumnKind.MOMENT: lambda _column, cell: _moment(cell),
            ColumnKind.UID: lambda _column, cell: _mark(cell),
            ColumnKind.ACCOUNT: self._account,
            ColumnKind.JSON: self._parts,
        }

    def known(self, column: SheetColumn) -> dict[Any, Any]:
        """Values of a column that were read, by `key_of` their cells."""
        return self._known[column.code]

    def read(self, column: SheetColumn, cell: Cell) -> Any:
        """The value of a cell; Unprocessable says what is wrong with it and what to do."""
        value = self._read(column, cell)
        self._known[column.code][key_of(cell)] = value
        return value

    def _read(self, column: SheetColumn, cell: Cell) -> Any:
        if cell is not None or column.kind is ColumnKind.FIELD:
            return self._readers[column.kind](column, cell)
        if column.required:
            raise Unprocessable(_l("Enter this field"))
        return None

    def _field(self, column: SheetColumn, cell: Cell) -> Any:
        field: Any = self._form[column.code]
        field.errors, field.process_errors = [], []
        field.process(MultiDict() if cell is None else MultiDict({field.name: _typed(field, cell)}))
        if not field.validate(self._form):
            raise Unprocessable(" ".join(str(error) for error in field.errors))
        value = None if field.data == "" else field.data
        if isinstance(cell, str) and isinstance(value, str) and value != cell:
            # Forms trim and tidy what is typed; a file is not changed behind its sender's back.
            message = _l("Write it without blanks around or doubled: “%(value)s”", value=value)
            raise Unprocessable(message)
        return value

    def _person(self, _column: SheetColumn, cell: Cell) -> Any:
        number = _text(cell)
        if number not in self._people:
            raise Unprocessable(_l("The sheet person has nobody with this number: add the person there"))
        return self._people[number]

    def _unit(self, _column: SheetColumn, cell: Cell) -> int:
        return self._unit_of(_text(cell)).id

    def _unit_of(self, mark: str) -> Unit:
        if mark not in self._places:
            message = _l("No unit has this code and first day: write them as in 03202 2025-07-01")
            raise Unprocessable(message)
        return self._places[mark]

    def _row(self, column: SheetColumn, cell: Cell) -> str:
        mark = _mark(cell)
        if mark not in self._marks[column.refers]:
            message = _l("The sheet %(sheet)s has no row with this mark", sheet=column.refers)
            raise Unprocessable(message)
        return mark

    def _account(self, _column: SheetColumn, cell: Cell) -> int | None:
        name = _text(cell)
        if name not in self._accounts:
            self.strangers.add(name)
        return self._accounts.get(name)

    def _parts(self, column: SheetColumn, cell: Cell) -> Any:
        try:
            value = json.loads(_text(cell))
        except (ValueError, RecursionError) as error:
            message = _l("This is no JSON: copy the cell from the export again")
            raise Unprocessable(message) from error
        if isinstance(value, dict):
            for name in column.units:
                if value.get(name) is not None:
                    value[name] = self._unit_of(str(value[name])).uid
        return value


def key_of(cell: Cell) -> Any:
    """What tells one cell from another: 1, 1.0 and true are three."""
    return cell if cell.__class__ is str else (cell.__class__, cell)


def in_every_language(ask: Callable[[], Any]) -> dict[str, str] | None:
    """Language → what a refused reading says in it; None when nothing is refused."""
    told: dict[str, str] = {}
    for language in LANGUAGES:
        with force_locale(language):
            try:
                ask()
            except Unprocessable as refusal:
                told[language] = str(refusal.message)
    return told or None


def _typed(field: Any, cell: Cell) -> str:
    """A cell as it would be typed into the field."""
    if isinstance(cell, bool):
        raise Unprocessable(_l("This is no value for this column: format the cell as text, enter it again"))
    if isinstance(field, DateField):
        return _typed_day(cell)
    if isinstance(cell, int | float):
        if isinstance(field, IntegerField) and (isinstance(cell, int)):
            return str(cell)
        if isinstance(field, DecimalField) and math.isfinite(cell):
            return str(Decimal(repr(cell)))
        message = _l("A number stands here, its zeros may be lost: format the cell as text, enter it again")
        raise Unprocessable(message)
    return str(cell)


def _typed_day(cell: Cell) -> str:
    """A day of the spreadsheet arrives as ISO text; a typed one as it stands."""
    if not isinstance(cell, str):
        raise Unprocessable(_l("A number stands here, no date: enter it as dd/mm/yyyy"))
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return cell
    return f"{day:%d/%m/}{day.year:04d}" if len(cell) == 10 else cell


def _text(cell: Cell) -> str:
    if not isinstance(cell, str):
        message = _l("A number stands here, its zeros may be lost: format the cell as text, enter it again")
        raise Unprocessable(message)
    return cell


def _mark(cell: Cell) -> str:
    text = _text(cell)
    if not is_uid(text):
        raise Unprocessable(_l("A mark has 26 characters: copy it from the export, or leave it empty"))
    return text


def _moment(cell: Cell) -> datetime:
    message = _l("Write the time as in 2026-07-15T08:30:00+00:00")
    try:
        moment = datetime.fromisoformat(_text(cell))
    except ValueError as error:
        raise Unprocessable(message) from error
    # Before 1900 nothing was entered, and the first days of the calendar have no moment in UTC.
    if moment.tzinfo is None or moment.year < 1900 or moment > now():
        raise Unprocessable(message)
    return moment
