"""An annex → the people it names, as written there. Pure: no database, no Flask. A workbook is read in
the child process only (`read`); pasted text is read where it arrives (`read_text`)."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from core.child import Refused
from core.tabular import Cell, Sheet, column_letter
from core.text import clean, digits, fold
from core.text import marked as _
from hr.decisions.annex.columns import Columns, columns_of
from hr.people.roster.cells import as_text, read_date, read_id_number, read_name
from hr.people.roster.headings import is_numbering, is_ordinal, is_signature, is_total
from hr.people.roster.legacy_fonts import doubtful
from hr.people.roster.problems import Found, Problem, problem
from hr.people.roster.sheet_fonts import SOFT_HYPHEN, Fonts, in_unicode, read_sheets, without_types
from hr.people.roster.synonyms import match_header
from hr.people.roster.unitnames import looks_like_unit, without_ordinal

#: More people than one decision has ever named.
MAX_LINES = 1000
#: How the lines above a list begin, folded.
_TITLES = ("danh sach", "phu luc", "kem theo", "(kem theo")
NOBODY = _("The annex names nobody: each line needs a name or a personal identification number")
TOO_MANY = _("An annex names at most %(limit)s people")


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """A column beside who is meant: the field of a roster it names ("new_" before it where the header says
    what is to come, "" where it says nothing known), its header, its text."""

    field: str
    header: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexLine:
    """One person of an annex as written. `row` counts from 1 as pasted or as Excel shows it. Values
    that are missing or could not be read are None; `problems` tell which and why."""

    sheet: str
    row: int
    text: str
    name: str | None = None
    id_number: str | None = None
    born_on: date | None = None
    born_year: int | None = None
    unit: str = ""
    further: tuple[Further, ...] = ()
    problems: tuple[Problem, ...] = ()

    def value(self, field: str) -> str:
        """The text of a further column, "" when the annex has none of this field."""
        return next((item.text for item in self.further if item.field == field), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A line that names nobody, and as what: title, header, numbering, section, total, signature, text."""

    sheet: str
    row: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Annex:
    """What was read: people in the order of the annex, and the lines left out."""

    lines: tuple[AnnexLine, ...]
    left_out: tuple[LeftOut, ...]


def read(payload: dict[str, Any]) -> dict[str, Any]:
    """Entry for the child: {"path", "filename"} → the annex as JSON, for `from_json`. Unreadable (a
    Refused) says why a file is none."""
    sheets = read_sheets(payload["path"], payload.get("filename", ""))
    told = asdict(_read_sheets(sheet for sheet in sheets if not sheet.hidden))
    for line in told["lines"]:
        line["born_on"] = line["born_on"].isoformat() if line["born_on"] else None
    return told


def from_json(told: Mapping[str, Any]) -> Annex:
    """The annex that `read` has told."""
    lines = (
        AnnexLine(
            **{
                **line,
                "born_on": date.fromisoformat(line["born_on"]) if line["born_on"] else None,
                "further": tuple(Further(**item) for item in line["further"]),
                "problems": tuple(Problem(**item) for item in line["problems"]),
            }
        )
        for line in told["lines"]
    )
    return Annex(tuple(lines), tuple(LeftOut(**item) for item in told["left_out"]))


def read_text(text: str) -> Annex:
    """Lines divided by tabs, else by semicolons. Refused when they name nobody, or too many."""
    return _read_sheets([without_types(Sheet("", _rows(clean(text, kept=SOFT_HYPHEN))))])


def _rows(text: str) -> list[list[Cell]]:
    """Excel puts cells with a line break in quotation marks; a lone one is a sign like any other."""
    delimiter = "\t" if "\t" in text else ";"
    rows = [line.split(delimiter) for line in text.split("\n")]
    if '"' in text and text.count('"') % 2 == 0:
        with suppress(csv.Error):
            rows = [*csv.reader(io.StringIO(text), delimiter=delimiter)]
    return [[cell if cell.strip() else None for cell in row] for row in rows]


def _read_sheets(sheets: Iterable[Sheet]) -> Annex:
    walks = [walk for sheet in sheets for walk in _walks(sheet)]
    lines = tuple(line for walk in walks for line in walk.lines)
    if not lines:
        raise Refused("annex_empty", NOBODY)
    if len(lines) > MAX_LINES:
        raise Refused("annex_long", TOO_MANY, {"limit": MAX_LINES})
    return Annex(lines, tuple(item for walk in walks for item in walk.left_out))


def _walks(sheet: Sheet) -> Iterator["_Walk"]:
    grid, fonts = in_unicode(sheet)
    columns = columns_of(grid)
    if columns is not None:
        walk = _Walk(grid, fonts, columns)
        for number, row in enumerate(grid.rows, 1):
            walk.take(number, row)
        yield walk


@dataclass(slots=True)
class _Walk:
    """The walk down a sheet: the unit of the section it is in, and what it has gathered."""

    grid: Sheet
    fonts: Fonts
    columns: Columns
    section: str = ""
    lines: list[AnnexLine] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def take(self, number: int, row: list[Cell]) -> None:
        texts = [text for text in map(as_text, row) if text]
        if not texts:
            return
        reason = self.reason_against(number, row, texts)
        if reason is None:
            self.lines.append(self.line(number, row, texts))
            return
        if reason == "section":
            self.section = without_ordinal(next(text for text in texts if not is_ordinal(text)))
        if reason == "signature":
            self.section = ""  # who signs stands below, and is not of the last unit
        shown = " · ".join(texts)[:200]
        self.left_out.append(LeftOut(sheet=self.grid.name, row=number, reason=reason, text=shown))

    def reason_against(self, number: int, row: list[Cell], texts: list[str]) -> str | None:
        """As what a line is left out; None when it names a person."""
        if number < self.columns.first:
            return "header" if number >= self.columns.header else "title"
        if not self.lines and fold(texts[0]).startswith(_TITLES):
            return "title"
        name = self.name(row)
        if name and match_header([name])[0] == "full_name":
            return "header"
        if is_numbering(texts) and sum(char.isalpha() for char in name) < 2:
            return "numbering"
        if len(digits(self.text(row, self.columns.number))) >= 9:
            return None
        if any(is_total(text) for text in texts[:2]):
            return "total"
        words = [text for text in texts if not is_ordinal(text)]
        if len(words) == 1 and looks_like_unit(without_ordinal(words[0])):
            return "section"
        if is_signature([name] if name else texts):
            return "signature"
        return None if name and (len(texts) > 1 or self.columns.width == 1) else "text"

    def line(self, number: int, row: list[Cell], texts: list[str]) -> AnnexLine:
        problems: list[Problem] = []

        def keep(index: int | None, found: Found) -> Any:
            if found.code:
                column = column_letter(index) if index is not None else None
                raw = row[index] if index is not None and index < len(row) else None
                problems.append(
                    problem(self.grid.name, number, found.code, found.params, column=column, raw=raw)
                )
            return found.value

        birth = next((index for index in self.columns.births if self.text(row, index)), None)
        born = read_date(row[birth]) if birth is not None else Found()
        return AnnexLine(
            sheet=self.grid.name,
            row=number,
            text=" · ".join(texts)[:200],
            name=keep(*self.read_name(number, row)),
            id_number=keep(*self.read_number(row)),
            born_on=date.fromisoformat(born.value) if keep(birth, born) else None,
            born_year=_year(row[birth]) if birth is not None and born.code == "date_year_only" else None,
            unit=self.text(row, self.columns.unit) or self.section,
            further=tuple(
                Further(field=name, header=header, text=text)
                for index, name, header in self.columns.further
                if (text := self.text(row, index))
            ),
            problems=tuple(problems),
        )

    def read_name(self, number: int, row: list[Cell]) -> tuple[int | None, Found]:
        """Where the name stands, and what it is; nothing where the annex lists numbers only."""
        name = self.name(row)
        if not name:
            return None, Found()
        index = self.columns.names[0]
        kept = [self.fonts.get((number, place)) for place in self.columns.names]
        converted = [found for _cell, found in filter(None, kept)]
        if any(found.text is None for found in converted) or doubtful(name, symbols=True):
            return index, Found(None, "font_unsure")
        found = read_name(name)
        if converted and not found.refused:
            return index, Found(found.value, "font_read", {"value": name, "font": converted[0].font})
        return index, found

    def read_number(self, row: list[Cell]) -> tuple[int | None, Found]:
        index = self.columns.number
        found = read_id_number(row[index]) if index is not None and index < len(row) else Found()
        return index, Found() if found.code == "id_missing" else found

    def name(self, row: list[Cell]) -> str:
        return " ".join(filter(None, (self.text(row, index) for index in self.columns.names)))

    def text(self, row: list[Cell], index: int | None) -> str:
        return as_text(row[index]) if index is not None and index < len(row) else ""


def _year(cell: Cell) -> int:
    return int(digits(as_text(cell))[:4])
