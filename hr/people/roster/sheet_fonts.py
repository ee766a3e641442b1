"""The cells of a sheet in old fonts, read into Unicode before anything else looks at the sheet."""

from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

from core.tabular import Cell, Sheet, read_workbook
from core.text import clean
from hr.people.roster.cells import untyped
from hr.people.roster.legacy_fonts import (
    Legacy,
    beyond_latin,
    converted,
    doubtful,
    in_syllables,
    of_single_bytes,
    recognise,
)
from hr.people.roster.problems import Problem, problem
from hr.people.roster.rows import Line

#: (row counted from 1, column from 0) → the cell as it stood, and what it was read as.
Fonts = dict[tuple[int, int], tuple[str, Legacy]]

#: TCVN3's place of "ư", a soft hyphen elsewhere: the one letter of the fonts that clean text loses.
SOFT_HYPHEN = "\u00ad"


def read_sheets(path: str | Path, filename: str) -> list[Sheet]:
    """The sheets of a file with every sign of an old font in its cells, for `in_unicode`."""
    tidy = partial(clean, kept=SOFT_HYPHEN)
    sheets = read_workbook(path, filename, tidy=tidy, single_bytes=of_single_bytes)
    return [sheet if sheet.typed else without_types(sheet) for sheet in sheets]


def without_types(sheet: Sheet) -> Sheet:
    """A sheet whose cells are all text, with its long numbers as numbers."""
    return replace(sheet, rows=[[untyped(cell) for cell in row] for row in sheet.rows])


def in_unicode(grid: Sheet) -> tuple[Sheet, Fonts]:
    """The sheet with its cells of old fonts converted, and which they were. In a column with cells of
    one font, a cell both fonts explain is that font's; one that shows no sign but would read otherwise
    in it is doubted ("Thò" among names in VNI is Thị), though not refused where Unicode prevails."""
    cells = [
        (number, index, cell)
        for number, row in enumerate(grid.rows, 1)
        for index, cell in enumerate(row)
        if isinstance(cell, str) and not cell.isascii()
    ]
    fonts: Fonts = {}
    old: dict[int, list[str]] = {}
    modern: Counter[int] = Counter()
    for number, index, cell in cells:
        found = recognise(cell)
        if found:
            fonts[number, index] = cell, found
        if found and found.font:
            old.setdefault(index, []).append(found.font)
        modern[index] += beyond_latin(cell)
    mixed_rows = {number for number, _index in fonts}
    for number, index, cell in cells:
        among = old.get(index, [])
        if len(set(among)) == 1 and (again := _among(cell, among[0])):
            if again == Legacy() and modern[index] > 2 * len(among) and number not in mixed_rows:
                again = Legacy(stands=in_syllables(cell))
            fonts[number, index] = cell, again
    return _with(grid, cells, fonts), fonts


def _among(cell: str, font: str) -> Legacy | None:
    """A cell again, knowing the font of others in its column."""
    found = recognise(cell, font)
    if found or beyond_latin(cell):
        return found
    other = converted(cell, font)
    return Legacy() if other not in (None, cell) or (other is None and not in_syllables(cell)) else None


def _with(grid: Sheet, cells: list[tuple[int, int, str]], fonts: Fonts) -> Sheet:
    """The sheet with what was read; elsewhere a soft hyphen is none of the text."""
    rows: list[list[Cell]] = list(grid.rows)
    for number, index, cell in cells:
        found = fonts.get((number, index))
        text = found[1].text if found else None
        if text is None:
            text = clean(cell)
        if text != cell:
            if rows[number - 1] is grid.rows[number - 1]:
                rows[number - 1] = list(rows[number - 1])
            rows[number - 1][index] = text
    return replace(grid, rows=rows)


def remark(line: Line, fonts: Fonts) -> None:
    """The remarks on a person's cells. A name that cannot be read surely is refused for that alone."""
    for name, column in line.columns.items():
        cell, found = fonts.get((line.number, column.index), (line.cell(name), None))
        code = _remark_on(name, cell, found)
        if code is None:
            continue
        params = {"value": found.text[:120], "font": found.font} if found and found.text else {}
        if code == "font_unsure":
            line.values[name] = None
            line.problems = [item for item in line.problems if item.column != column.letter]
        place = {"column": column.letter, "header": column.header}
        line.problems.append(problem(line.sheet, line.number, code, params, raw=cell, **place))


def _remark_on(name: str, cell: Cell, found: Legacy | None) -> str | None:
    """The code of the remark on a person's cell of the field `name`. A word of a name that is no syllable
    although it shows no sign has lost one ("Th" was Thư)."""
    if not isinstance(cell, str):
        return None
    is_name = name == "full_name"
    if found and found.text is not None:
        return "font_unsure" if is_name and not in_syllables(found.text) else "font_read"
    if found and (found.stands or not is_name):
        return "font_doubt"
    if found or doubtful(cell, symbols=is_name):
        return "font_unsure" if is_name else "font_doubt"
    return None


def heading_remarks(sheet: str, number: int, row: list[Cell], fonts: Fonts) -> list[Problem]:
    """The remarks on a line that names the unit or division below it."""
    kept = [fonts.get((number, index)) for index in range(len(row))]
    return [
        problem(sheet, number, "font_read", {"value": found.text[:120], "font": found.font}, raw=cell)
        for cell, found in filter(None, kept)
        if found.text is not None
    ]
