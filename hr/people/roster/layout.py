"""Where the table begins and what its columns are.

The header is the block of one to three rows that names the most fields, "Họ và tên" among them;
merged group headings ("Ngạch, bậc lương" over "Mã ngạch, Bậc, Hệ số") are read downwards.
`shape` is the fingerprint of the column names: the application remembers a user's choice by it.
"""

import hashlib
import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, replace

from core.tabular import Cell, Sheet, column_letter
from hr.people.roster.cells import as_text, read_date
from hr.people.roster.listed import read_mark
from hr.people.roster.synonyms import BORN, REQUIRED, match_header
from hr.people.roster.words import plain

SEARCHED_ROWS, TALLEST = 40, 3
#: Below this a guess is not worth proposing.
LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its letter, its header read downwards, the field proposed and how sure."""

    index: int
    letter: str
    header: str
    field: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where the header stands (row as Excel counts, height) and what each column means."""

    shape: str
    header_row: int
    header_rows: int
    columns: tuple[Column, ...]
    duplicates: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns if column.field}

    @property
    def missing(self) -> list[str]:
        """Names of the columns no row can do without that are not mapped."""
        present = self.fields
        return [
            label
            for field, label in REQUIRED.items()
            if field not in present and not (field == "born_on" and any(born in present for born in BORN))
        ]

    def chosen(self, choice: Dictionary[str, str | None]) -> "Mapping":
        """The mapping with a user's choice: column letter → field, or None for "not read"."""
        columns = tuple(
            replace(column, field=choice[column.letter] or None, confidence=1.0)
            if column.letter in choice
            else column
            for column in self.columns
        )
        return replace(self, columns=columns, duplicates=())


def suggest_mapping(grid: Sheet, fewest: int = 3) -> Mapping | None:
    """The header of a sheet with a field for each column, or None when no row looks like one: it names
    people and `fewest` fields."""
    best: tuple[float, int, int, list[Column]] | None = None
    for start, height in _candidates(grid):
        columns = _columns(grid, start, height)
        score = _score(columns, fewest) - 0.4 * (height - 1)
        if score > 0 and (best is None or score > best[0]):
            best = (score, start, height, columns)
    if best is None:
        return None
    _score_of_best, start, height, columns = best
    columns = [_by_content(grid, start + height, column) for column in columns]
    columns, duplicates = _one_each(columns)
    text = "\n".join(plain(column.header) for column in columns)
    shape = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Mapping(shape, start + 1, height, tuple(columns), tuple(duplicates))


def _candidates(grid: Sheet) -> list[tuple[int, int]]:
    """Blocks around each row that holds a cell named like "Họ và tên"."""
    found = set()
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        if any(isinstance(cell, str) and _is_name_header(cell) for cell in row):
            for start in range(max(0, index - TALLEST + 1), index + 1):
                for height in range(index - start + 1, TALLEST + 1):
                    if start + height <= len(grid.rows):
                        found.add((start, height))
    return sorted(found)


def _is_name_header(cell: str) -> bool:
    field, confidence = match_header([cell])
    return field == "full_name" and confidence >= LEAST and len(cell) < 60


def _columns(grid: Sheet, start: int, height: int) -> list[Column]:
    block = [_filled(grid, start + offset, offset < height - 1) for offset in range(height)]
    width = max((len(row) for row in block), default=0)
    columns = []
    for index in range(width):
        parts: list[str] = []
        for row in block:
            text = as_text(row[index]) if index < len(row) else ""
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        field, confidence = match_header(parts)
        known = field if field not in ("", "index") and confidence >= LEAST else None
        columns.append(Column(index, column_letter(index), " › ".join(parts)[:200], known, confidence))
    return columns


def _filled(grid: Sheet, number: int, above: bool) -> list[Cell]:
    """A header row with its merged headings spread over their columns. Where a file kind does not
    tell what is merged, a heading reaches right over blanks that have something below them."""
    row = list(grid.rows[number])
    if grid.merged:
        for top, left, _bottom, right in grid.merged:
            if top == number and right > left and left < len(row):
                right = min(right, 300)
                row += [None] * (right + 1 - len(row))
                row[left : right + 1] = [row[left]] * (right + 1 - left)
    elif above and number + 1 < len(grid.rows):
        below = grid.rows[number + 1]
        row += [None] * (len(below) - len(row))
        for index in range(1, len(below)):
            if row[index] is None and below[index] is not None:
                row[index] = row[index - 1]
    return row


def _score(columns: list[Column], fewest: int) -> float:
    """Sum of confidences, each field once; a level column counts less. 0 without a name column
    or with fewer fields."""
    sure: dict[str, float] = {}
    for column in columns:
        if column.field:
            weight = column.confidence * (0.8 if ":" in column.field else 1)
            sure[column.field] = max(sure.get(column.field, 0), weight)
    plain_fields = [field for field in sure if ":" not in field]
    return sum(sure.values()) if "full_name" in sure and len(plain_fields) >= fewest else 0


def _by_content(grid: Sheet, first: int, column: Column) -> Column:
    """ "Nam" and "Nữ" hold birth dates in some offices' files and marks in others'."""
    if column.field not in ("male", "female"):
        return column
    marks = dates = 0
    for row in grid.rows[first : first + 200]:
        cell = row[column.index] if column.index < len(row) else None
        if cell is not None:
            marks += read_mark(cell).value is True
            dates += bool(read_date(cell).value) or bool(re.search(r"\d{4}", str(cell)))
    return replace(column, field=f"born_{column.field}") if dates > marks else column


def _one_each(columns: list[Column]) -> tuple[list[Column], list[str]]:
    """Each field once: the surest column keeps it, the first of equals."""
    keeper: dict[str, Column] = {}
    for column in columns:
        if (
            column.field
            and column.confidence > keeper.get(column.field, replace(column, confidence=0)).confidence
        ):
            keeper[column.field] = column
    duplicates, result = [], []
    for column in columns:
        if column.field and keeper[column.field] is not column:
            duplicates.append(keeper[column.field].letter)
            column = replace(column, field=None)
        result.append(column)
    return result, duplicates
