"""The cells of a sheet in old fonts, read into Unicode before anything else looks at the sheet."""

from dataclasses import replace

from core.tabular import Cell, Sheet
from hr.people.roster.legacy_fonts import Legacy, beyond_latin, converted, doubtful, recognise
from hr.people.roster.problems import Problem, problem
from hr.people.roster.rows import Line

#: (row counted from 1, column from 0) → the cell as it stood, and what it was read as.
Fonts = dict[tuple[int, int], tuple[str, Legacy]]


def in_unicode(grid: Sheet) -> tuple[Sheet, Fonts]:
    """The sheet with its cells of old fonts converted, and which they were. In a column with cells of
    one font, a cell both fonts explain is that font's; one that shows no sign but would read otherwise
    in it is doubted ("Thò" among names in VNI is Thị)."""
    cells = [
        (number, index, cell)
        for number, row in enumerate(grid.rows, 1)
        for index, cell in enumerate(row)
        if isinstance(cell, str) and not cell.isascii()
    ]
    fonts: Fonts = {}
    by_column: dict[int, set[str]] = {}
    for number, index, cell in cells:
        found = recognise(cell)
        if found:
            fonts[number, index] = cell, found
        if found and found.font:
            by_column.setdefault(index, set()).add(found.font)
    for number, index, cell in cells:
        among = by_column.get(index, set())
        if len(among) == 1 and (again := _among(cell, *among)):
            fonts[number, index] = cell, again
    return (_with(grid, fonts) if fonts else grid), fonts


def _among(cell: str, font: str) -> Legacy | None:
    """A cell again, knowing the font of others in its column."""
    found = recognise(cell, font)
    if found or beyond_latin(cell):
        return found
    return Legacy() if converted(cell, font) not in (None, cell) else None


def _with(grid: Sheet, fonts: Fonts) -> Sheet:
    rows: list[list[Cell]] = list(grid.rows)
    for (number, index), (_cell, found) in fonts.items():
        if found.text is not None:
            if rows[number - 1] is grid.rows[number - 1]:
                rows[number - 1] = list(rows[number - 1])
            rows[number - 1][index] = found.text
    return replace(grid, rows=rows)


def remark(line: Line, fonts: Fonts) -> None:
    """The remarks on a person's cells. A name that cannot be read surely is refused for that alone."""
    for name, column in line.columns.items():
        cell, found = fonts.get((line.number, column.index), (line.cell(name), None))
        if found and found.text is not None:
            code, params = "font_read", {"value": found.text[:120], "font": found.font}
        elif isinstance(cell, str) and (found or doubtful(cell)) and name != "full_name":
            code, params = "font_doubt", {}
        elif isinstance(cell, str) and name == "full_name" and (found or doubtful(cell, symbols=True)):
            code, params = "font_unsure", {}
            line.values[name] = None
            line.problems = [item for item in line.problems if item.column != column.letter]
        else:
            continue
        place = {"column": column.letter, "header": column.header}
        line.problems.append(problem(line.sheet, line.number, code, params, raw=cell, **place))


def heading_remarks(sheet: str, number: int, row: list[Cell], fonts: Fonts) -> list[Problem]:
    """The remarks on a line that names the unit or division below it."""
    kept = [fonts.get((number, index)) for index in range(len(row))]
    return [
        problem(sheet, number, "font_read", {"value": found.text[:120], "font": found.font}, raw=cell)
        for cell, found in filter(None, kept)
        if found.text is not None
    ]
