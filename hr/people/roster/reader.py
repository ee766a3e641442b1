"""A roster file → rows for the register, problems with their cells, what was left out and why.

`read` is what the child process runs; `apply` reads one sheet with a mapping. Section lines name the
unit of the lines below them; totals, signatures and repeated headers are recognised and recorded.
"""

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from core.child import Refused, progress
from core.tabular import Cell, Sheet, column_letter
from core.text import digits
from core.text import marked as _
from hr.people.roster.cells import as_text
from hr.people.roster.checks import check
from hr.people.roster.headings import is_numbering, is_ordinal, is_signature, is_total
from hr.people.roster.layout import Mapping, suggest_mapping
from hr.people.roster.problems import Found, Problem, problem
from hr.people.roster.rows import Line, read_line
from hr.people.roster.sheet_fonts import Fonts, heading_remarks, in_unicode, read_sheets, remark
from hr.people.roster.synonyms import BORN
from hr.people.roster.unitnames import UnitTable, looks_like_division, looks_like_unit, without_ordinal
from hr.people.roster.words import plain

#: More problems than anybody reads; the summary counts them all.
MAX_PROBLEMS = 10_000
NO_HEADER = _("No row of column names was found: the table needs a column “Họ và tên”")
_AS_OF = re.compile(
    r"(?:thời điểm|tính đến|đến ngày|đến hết)\D{0,25}"
    r"([0-9]{1,2})\s*(?:[/.-]|tháng)\s*([0-9]{1,2})\s*(?:[/.-]|năm)\s*([0-9]{4})"
)


@dataclass(slots=True)
class Reading:
    """What one sheet, or a whole file, gave. `rows` are good; `refused` have an error in `problems`."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    skipped: list[dict[str, Any]] = field(default_factory=list)
    as_of: str | None = None

    def add(self, other: "Reading") -> None:
        for name in ("rows", "refused", "problems", "notes", "skipped"):
            getattr(self, name).extend(getattr(other, name))
        self.as_of = self.as_of or other.as_of


def read(payload: dict[str, Any]) -> dict[str, Any]:
    """Entry for the child. `payload`: path, filename, units (plain dicts), today (ISO), and optionally
    mapping ({shape: {column letter: field or None}}) and unit (code for lines that name none)."""
    sheets = read_sheets(payload["path"], payload.get("filename", ""))
    table, today = UnitTable.of(payload["units"]), date.fromisoformat(payload["today"])
    whole, described = Reading(), []
    total = sum(len(sheet.rows) for sheet in sheets)
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        if done % 500 == 0:
            progress({"done": done, "total": total})

    for sheet, fonts in map(in_unicode, sheets):
        mapping = None if sheet.hidden else suggest_mapping(sheet)
        if mapping is None:
            reason = "hidden_sheet" if sheet.hidden else "no_header"
            if sheet.rows:
                whole.notes.append(problem(sheet.name, None, reason, {}))
            continue
        mapping = mapping.chosen((payload.get("mapping") or {}).get(mapping.shape, {}))
        reading = _read_sheet(sheet, fonts, mapping, table, today, payload.get("unit"), tick)
        described.append(_described(sheet, mapping))
        whole.add(reading)
    if not described:
        raise Refused("no_header", NO_HEADER)
    _refuse_twice(whole)
    progress({"done": total, "total": total})
    return {"filename": payload.get("filename", ""), "sheets": described, **_told(whole)}


def _described(sheet: Sheet, mapping: Mapping) -> dict[str, Any]:
    """What was recognised, as JSON; each column with the first cell below its header."""
    told: dict[str, Any] = {"name": sheet.name, **asdict(mapping), "missing": mapping.missing}
    first = mapping.header_row + mapping.header_rows - 1
    for column in told["columns"]:
        index = column["index"]
        cells = (as_text(row[index]) for row in sheet.rows[first : first + 50] if index < len(row))
        column["sample"] = next(filter(None, cells), "")[:60]
    return told


def _told(whole: Reading) -> dict[str, Any]:
    """The reading as JSON, with its counts."""
    good, refused = len(whole.rows), len(whole.refused)
    return {
        "rows": whole.rows,
        "refused": whole.refused,
        "problems": [item.as_dict() for item in whole.problems[:MAX_PROBLEMS]],
        "notes": [item.as_dict() for item in whole.notes],
        "skipped": whole.skipped,
        "as_of": whole.as_of,
        "summary": summary(whole.problems),
        "counts": {"read": good + refused, "good": good, "refused": refused},
    }


def apply(
    grid: Sheet,
    mapping: Mapping,
    *,
    units: Iterable[Dictionary[str, Any]],
    today: date,
    unit: str | None = None,
) -> Reading:
    """Reads one sheet with a mapping."""
    reading = _read_sheet(*in_unicode(grid), mapping, UnitTable.of(units), today, unit, lambda: None)
    _refuse_twice(reading)
    return reading


def summary(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems of one kind in one column together: how many, and the first row."""
    groups: dict[tuple[str, str | None, str], dict[str, Any]] = {}
    for item in problems:
        key = (item.sheet, item.column, item.code)
        if key not in groups:
            groups[key] = {**item.as_dict(), "count": 0}
        groups[key]["count"] += 1
    return list(groups.values())


# --- one sheet ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """The walk down a sheet: the section it is in, and what it has gathered."""

    grid: Sheet
    fonts: Fonts
    mapping: Mapping
    table: UnitTable
    today: date
    reading: Reading = field(default_factory=Reading)
    section: Found = field(default_factory=Found)
    section_text: str = ""
    division: str | None = None
    sections: int = 0
    #: Place, date and signers stand above: names without a number are theirs.
    signed: bool = False

    def text(self, row: list[Cell], name: str) -> str:
        column = self.mapping.fields.get(name)
        return as_text(row[column.index]) if column and column.index < len(row) else ""

    def skip(self, number: int, reason: str, row: list[Cell]) -> None:
        text = " · ".join(filter(None, map(as_text, row)))[:200]
        self.reading.skipped.append({"sheet": self.grid.name, "row": number, "reason": reason, "text": text})


def _read_sheet(
    grid: Sheet,
    fonts: Fonts,
    mapping: Mapping,
    table: UnitTable,
    today: date,
    unit: str | None,
    tick: Callable[[], None],
) -> Reading:
    walk = _Walk(grid, fonts, mapping, table, today)
    _title(walk)
    if mapping.missing:
        for label in mapping.missing:
            walk.reading.problems.append(problem(grid.name, None, "column_missing", {"value": label}))
        return walk.reading
    header = {plain(as_text(cell)) for row in _header_rows(walk) for cell in row} - {""}
    lines: list[Line] = []
    for number, row in enumerate(grid.rows[mapping.header_row + mapping.header_rows - 1 :], 1):
        number += mapping.header_row + mapping.header_rows - 1
        tick()
        if row and not _heading(walk, number, row, header):
            lines.append(_line(walk, number, row))
    _default_unit(walk, lines, unit)
    for line in lines:
        walk.reading.problems.extend(line.problems)
        target = walk.reading.refused if line.refused else walk.reading.rows
        inferred = {"inferred": line.inferred} if line.inferred else {}
        target.append({"sheet": grid.name, "row": line.number, **line.values, **inferred})
    return walk.reading


def _header_rows(walk: _Walk) -> list[list[Cell]]:
    first = walk.mapping.header_row - 1
    return walk.grid.rows[first : first + walk.mapping.header_rows]


def _title(walk: _Walk) -> None:
    """The day of the figures, from the lines above the header; columns that are not read."""
    reading, name = walk.reading, walk.grid.name
    for row in walk.grid.rows[: walk.mapping.header_row - 1]:
        for cell in row:
            match = _AS_OF.search(as_text(cell).casefold())
            if match and reading.as_of is None:
                try:
                    day = date(int(match[3]), int(match[2]), int(match[1]))
                except ValueError:
                    continue
                reading.as_of = day.isoformat()
                reading.notes.append(problem(name, None, "as_of", {"value": day.strftime("%d/%m/%Y")}))
    for letter in walk.mapping.duplicates:
        reading.notes.append(problem(name, None, "duplicate_column", {"value": letter}))
    if "id_number" not in walk.mapping.fields:
        reading.notes.append(problem(name, None, "no_numbers", {}))
    unread = [
        c.header for c in walk.mapping.columns if not c.field and c.header and plain(c.header) not in _INDEX
    ]
    if unread:
        reading.notes.append(problem(name, None, "columns_unread", {"value": ", ".join(unread)[:300]}))


_INDEX = frozenset(("tt", "stt", "so tt", "so thu tu"))


def _heading(walk: _Walk, number: int, row: list[Cell], header: set[str]) -> bool:
    """Whether a line is no person's: it is then put to use (a section) or recorded as left out."""
    texts = [text for text in map(as_text, row) if text]
    if not texts:
        return True
    evidence = _evidence(walk, row)
    if _repeated(walk.text(row, "full_name"), texts, header):
        reason = "header"
    elif is_numbering(texts):
        reason = "numbering"
    elif not evidence and any(is_total(text) for text in texts[:2]):
        reason = "total"
    elif evidence:
        walk.signed = False
        return False
    elif is_signature(texts):
        reason, walk.signed = "signature", True
    elif _section(walk, number, row, texts):
        return True
    elif walk.signed and len(texts) <= 3 and not is_ordinal(texts[0]):
        reason = "signature"
    else:
        return False
    walk.skip(number, reason, row)
    return True


def _repeated(name: str, texts: list[str], header: set[str]) -> bool:
    """A header printed again on a new page."""
    if name and plain(name) not in header:
        return False
    known = sum(plain(text) in header for text in texts)
    return known >= 3 and known >= 0.6 * len(texts)


def _evidence(walk: _Walk, row: list[Cell]) -> bool:
    """Something that only a person's line has: a number, or a name with digits in the columns of number
    or date of birth. A sum, a count by sex or a day of signature beside no name is nobody's."""
    number, name = walk.text(row, "id_number"), walk.text(row, "full_name")
    figures = 0 if is_signature([number]) else len(digits(number))
    if figures >= 9:
        return True
    if not name or is_total(name) or is_signature([name]):
        return False
    births = [walk.text(row, column) for column in BORN]
    return figures >= 4 or any(digits(text) and len(text) <= 30 for text in births)


def _section(walk: _Walk, number: int, row: list[Cell], texts: list[str]) -> bool:
    """A line of one text names the unit or the division below it. False: it is a person's after all,
    one whose number and date of birth are missing."""
    words = [text for text in texts if not is_ordinal(text)]
    if not words:
        return True
    text = words[0] if len(words) == 1 else walk.text(row, "full_name")
    found = walk.table.resolve(text) if text else Found()
    if len(words) > 1 and text and not (found.value and looks_like_unit(text)):
        return False
    if found.value or (text and looks_like_unit(text)):
        walk.section, walk.section_text, walk.division = found, text, None
        walk.sections += 1
        if found.code:
            letter = column_letter(next(n for n, cell in enumerate(row) if as_text(cell) == text))
            walk.reading.problems.append(
                problem(walk.grid.name, number, found.code, found.params, column=letter, raw=text)
            )
        reason = "section"
    elif text and looks_like_division(text):
        walk.division = without_ordinal(text)
        reason = "section"
    elif len(texts) > len(words) and walk.text(row, "full_name") and len(words) == 1:
        return False
    else:
        reason = "text"
    if reason == "section":
        walk.reading.problems += heading_remarks(walk.grid.name, number, row, walk.fonts)
    walk.signed = walk.signed and reason == "text"
    walk.skip(number, reason, row)
    return True


def _line(walk: _Walk, number: int, row: list[Cell]) -> Line:
    line = read_line(walk.grid.name, number, row, walk.mapping, walk.today.year)
    for name, found in check(line.values, walk.today):
        place = name if name in line.columns else _born_column(line)
        line.note(place, found)
    line.values["division"] = line.values["division"] or walk.division
    code, text = _unit(walk, line)
    line.values |= {"unit": code, "unit_text": text}
    remark(line, walk.fonts)
    return line


def _born_column(line: Line) -> str:
    filled = (name for name in ("born_male", "born_female") if line.cell(name) is not None)
    return next(filled, "born_on")


def _unit(walk: _Walk, line: Line) -> tuple[str | None, str | None]:
    """The unit of a line: its own code or name, else the section's. A section whose unit is unknown
    has its own problem; the lines below it are refused with it."""
    for name, resolve in (("unit_code", walk.table.by_code), ("unit", walk.table.resolve)):
        text = as_text(line.cell(name))
        if text:
            return line.note(name, resolve(line.cell(name))), text
    if walk.section_text and walk.section.value is None:
        code, params = walk.section.code or "unit_unknown", walk.section.params
        line.problems.append(problem(line.sheet, line.number, code, params, raw=walk.section_text))
    return walk.section.value, walk.section_text or None


def _default_unit(walk: _Walk, lines: list[Line], given: str | None) -> None:
    """Lines that name no unit take the one given, else the one that the title or the sheet's name
    tells when the file has no sections."""
    bare = [line for line in lines if line.values["unit"] is None and not line.values["unit_text"]]
    if not bare:
        return
    code, name = given, walk.grid.name
    if code is None and not walk.sections:
        titles = [as_text(cell) for row in walk.grid.rows[: walk.mapping.header_row - 1] for cell in row]
        for text in [*filter(None, reversed(titles)), name]:
            code = walk.table.mentioned(text)
            if code:
                params = {"value": text[:80], "unit": walk.table.names[code]}
                walk.reading.notes.append(problem(name, None, "unit_from_title", params))
                break
    if code is None:
        told = {"count": len(bare), "row": bare[0].number}
        walk.reading.notes.append(problem(name, None, "unit_not_named", told))
    for line in bare:
        line.values["unit"] = code


def _refuse_twice(reading: Reading) -> None:
    """A number that stands twice in the file refuses both lines, each naming the other."""
    by_number: dict[str, list[dict[str, Any]]] = {}
    for row in [*reading.rows, *reading.refused]:
        if row["id_number"]:
            by_number.setdefault(row["id_number"], []).append(row)
    twice = [rows for rows in by_number.values() if len(rows) > 1]
    for rows in twice:
        for row in rows:
            other = next(item for item in rows if item is not row)
            params = {"row": other["row"], "sheet": other["sheet"]}
            reading.problems.append(
                problem(row["sheet"], row["row"], "id_twice", params, raw=row["id_number"])
            )
    doubled = {id(row) for rows in twice for row in rows}
    reading.refused += [row for row in reading.rows if id(row) in doubled]
    reading.rows = [row for row in reading.rows if id(row) not in doubled]
