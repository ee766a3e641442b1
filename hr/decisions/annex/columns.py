"""Which column of an annex holds what: by its header, else by what stands in it. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.tabular import Cell, Sheet
from core.text import digits
from hr.people.roster.cells import as_text, read_date, read_name
from hr.people.roster.headings import is_ordinal
from hr.people.roster.layout import LEAST, Column, suggest_mapping
from hr.people.roster.synonyms import BORN, match_header
from hr.people.roster.unitnames import looks_like_unit
from hr.people.roster.words import plain

#: Words of a header that speak of what the decision brings, not of what is.
_NEW = re.compile(
    r"\b(?:moi|bo nhiem|dieu dong|chuyen den|noi den|noi nhan|tiep nhan|duoc|de nghi|xep|sau khi)\b"
)
#: Fields that no text of an annex is kept for.
_NOT_FURTHER = frozenset(("index", "male", "female"))


@dataclass(frozen=True, slots=True)
class Columns:
    """Places counted from 0; rows from 1: `header` the first of the header, `first` the first below it.
    `further`: (place, field or "", header)."""

    header: int
    first: int
    width: int
    names: tuple[int, ...]
    number: int | None = None
    births: tuple[int, ...] = ()
    unit: int | None = None
    further: tuple[tuple[int, str, str], ...] = ()


def columns_of(grid: Sheet) -> Columns | None:
    """The columns of a sheet; None when none holds names or numbers of people."""
    width = max((len(row) for row in grid.rows), default=0)
    mapping = suggest_mapping(grid, fewest=1)
    if mapping is None:
        return _by_content(grid, width)
    first = mapping.header_row + mapping.header_rows
    said = [_said(column) for column in mapping.columns]
    places: dict[str, list[int]] = {}
    for index, name in enumerate(said):
        places.setdefault(name, []).append(index)
    number = next(iter(places.get("id_number", ())), None)
    if number is None:
        free = [index for index in range(width) if index >= len(said) or said[index] == ""]
        number = _mostly(grid.rows[first - 1 :], free, _is_number)
    unit = next((places[name][0] for name in ("unit_code", "unit") if name in places), None)
    names = _neighbours(places.get("full_name", []))
    births = tuple(index for name in BORN for index in places.get(name, ()))
    taken = {number, unit, *names, *births}
    further = tuple(
        (index, name, mapping.columns[index].header)
        for index, name in enumerate(said)
        if index not in taken and name not in _NOT_FURTHER
    )
    return Columns(mapping.header_row, first, width, names, number, births, unit, further)


def _said(column: Column) -> str:
    """The field a header names, "new_" before it where it speaks of what is to come; "" for none."""
    if column.field in BORN:
        return str(column.field)
    name, sure = match_header(column.header.split(" › "))
    if not name or sure < LEAST:
        return ""
    to_come = name not in ("full_name", "id_number", "index") and _NEW.search(plain(column.header))
    return f"new_{name}" if to_come else name


def _neighbours(places: Sequence[int]) -> tuple[int, ...]:
    """A name cut in two stands in columns side by side."""
    return tuple(place for count, place in enumerate(places) if place == places[0] + count)


# --- without a header -----------------------------------------------------------------------------------
def _by_content(grid: Sheet, width: int) -> Columns | None:
    """Each column by what most of its cells are; the first of its kind counts, as annexes are laid out."""
    rows, free = grid.rows, list(range(width))

    def take(fits: Callable[[str], bool]) -> int | None:
        found = _mostly(rows, free, fits)
        if found is not None:
            free.remove(found)
        return found

    number = take(_is_number)
    if 0 in free and _mostly(rows, (0,), is_ordinal) is not None:
        free.remove(0)
    birth = take(_is_day)
    name = take(_is_name)
    unit = take(looks_like_unit)
    if name is None and number is None:
        return None
    names, births = (() if place is None else (place,) for place in (name, birth))
    return Columns(1, 1, width, names, number, births, unit, tuple((index, "", "") for index in free))


def _mostly(rows: Sequence[Sequence[Cell]], places: Sequence[int], fits: Callable[[str], bool]) -> int | None:
    """The first column in which at least half of what is filled fits."""
    for index in places:
        texts = [text for row in rows if index < len(row) and (text := as_text(row[index]))]
        if texts and 2 * sum(map(fits, texts)) >= len(texts):
            return index
    return None


def _is_number(text: str) -> bool:
    return 9 <= len(digits(text)) <= 13 and len(text) <= 20 and not read_date(text).value


def _is_day(text: str) -> bool:
    found = read_date(text)
    return found.value is not None or found.code in ("date_absent", "date_short_year")


def _is_name(text: str) -> bool:
    return not read_name(text).refused and 2 <= len(text.split()) <= 6 and not looks_like_unit(text)
