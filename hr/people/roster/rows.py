"""One line of the table → one person's values, with a problem for every cell that needs one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.tabular import Cell
from hr.people.roster.cells import (
    as_text,
    read_date,
    read_id_number,
    read_name,
    read_soft_date,
    read_text,
    read_year,
    sex_and_year,
)
from hr.people.roster.layout import Column, Mapping
from hr.people.roster.listed import (
    major_beside_level,
    read_category,
    read_certificate,
    read_coefficient,
    read_ethnicity,
    read_level,
    read_mark,
    read_rank,
    read_sex,
    read_step,
)
from hr.people.roster.problems import Found, Problem, problem
from hr.people.roster.words import exact_level, highest, plain

LEVEL_KINDS = ("education", "political_theory", "state_management")
CERTIFICATE_KINDS = ("it", "foreign_language", "ethnic_language")
#: The values of a row that has been read, in the order of form 2C; the unit's three follow.
FIELDS = (
    "full_name", "other_name", "id_number", "sex", "born_on", "birthplace", "native_place", "ethnicity",
    "religion", "party_joined_on", "party_official_on", "division", "post", "position", "category",
    "recruited_on", "rank_code", "step", "coefficient", "step_since", "education", "major", "issuer",
    "graduated", "political_theory", "state_management", "it", "it_detail", "foreign_language",
    "foreign_language_detail", "ethnic_language", "ethnic_language_detail", "note",
)  # fmt: skip

#: Field → reader, for the fields that one cell decides.
READERS: dict[str, Callable[[Cell], Found]] = {
    "full_name": read_name,
    "id_number": read_id_number,
    "sex": read_sex,
    "ethnicity": read_ethnicity,
    "religion": read_text,
    "party_joined_on": read_soft_date,
    "party_official_on": read_soft_date,
    "recruited_on": read_soft_date,
    "step_since": read_soft_date,
    "rank_code": read_rank,
    "step": read_step,
    "coefficient": read_coefficient,
    "category": read_category,
    **dict.fromkeys(("other_name", "division", "post", "position"), read_text),
    **dict.fromkeys(("major", "issuer", "birthplace", "native_place"), read_text),
    "note": lambda cell: read_text(cell, 1000),
}


@dataclass(slots=True)
class Line:
    """A line being read: its cells, its values so far, its problems."""

    sheet: str
    number: int
    cells: list[Cell]
    columns: dict[str, Column]
    values: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(FIELDS))
    problems: list[Problem] = field(default_factory=list)
    #: Fields whose cell is blank and whose value follows from another one: new people get it, known
    #: people keep what the register has.
    inferred: list[str] = field(default_factory=list)

    def cell(self, name: str) -> Cell:
        column = self.columns.get(name)
        return self.cells[column.index] if column and column.index < len(self.cells) else None

    def note(self, name: str, found: Found) -> Any:
        """Keeps the cell's problem, if any, and gives its value."""
        if found.code:
            column = self.columns.get(name)
            place = {"column": column.letter, "header": column.header} if column else {}
            self.problems.append(
                problem(self.sheet, self.number, found.code, found.params, raw=self.cell(name), **place)
            )
        return found.value

    @property
    def refused(self) -> bool:
        return any(item.severity == "error" for item in self.problems)


def read_line(sheet: str, number: int, cells: list[Cell], mapping: Mapping, this_year: int) -> Line:
    """All fields of a line but its unit, which may stand above it."""
    line = Line(sheet, number, cells, mapping.fields)
    for name, reader in READERS.items():
        if name in line.columns:
            line.values[name] = line.note(name, reader(line.cell(name)))
    if "id_number" not in line.columns:
        line.note("id_number", Found(None, "id_missing"))
    _birth_and_sex(line)
    for kind in LEVEL_KINDS:
        line.values[kind] = _level(line, kind)
    for kind in CERTIFICATE_KINDS:
        _certificate(line, kind)
    line.values["graduated"] = line.note("graduated", read_year(line.cell("graduated"), this_year))
    if not line.values["major"]:
        line.values["major"] = major_beside_level(line.cell("education"))
    line.values["post"] = line.values["post"] or line.values["position"]
    if not line.values["category"]:
        line.values["category"] = infer_category(line.values["post"])
        line.inferred.append("category")
    return line


def _birth_and_sex(line: Line) -> None:
    filled = [name for name in ("born_male", "born_female") if line.cell(name) is not None]
    source = filled[0] if filled else "born_on"
    if len(filled) == 2:
        line.note("born_female", Found(None, "sex_both"))
    born = read_date(line.cell(source))
    if born.code is None and born.value is None:
        # Without a common column the gap is shown at the first of the two.
        source = next(
            (name for name in ("born_on", "born_male", "born_female") if name in line.columns), source
        )
        born = Found(None, "birth_missing")
    line.values["born_on"] = line.note(source, born)
    if filled and not line.values["sex"]:
        line.values["sex"] = filled[0].removeprefix("born_")
    if not line.values["sex"]:
        line.values["sex"] = _marked_sex(line)
    if not line.values["sex"] and "sex_unknown" not in {item.code for item in line.problems}:
        _sex_of_number(line)


def _sex_of_number(line: Line) -> None:
    if line.values["id_number"] is None:
        return  # refused already
    said = sex_and_year(line.values["id_number"])
    if said:
        line.values["sex"] = line.note("id_number", Found(said[0], "sex_from_id"))
        line.inferred.append("sex")
    else:
        line.note("sex", Found(None, "sex_unknown"))


def _marked_sex(line: Line) -> str | None:
    """Sex from marks under Nam and Nữ. A lone column answers for both sexes."""
    marks = {}
    for sex in ("male", "female"):
        if sex in line.columns:
            marks[sex] = line.note(sex, read_mark(line.cell(sex)))
    if None in marks.values() or not marks:
        return None
    if all(marks.values()) and len(marks) == 2:
        line.note("female", Found(None, "sex_both"))
        return None
    if len(marks) == 1:
        ((sex, marked),) = marks.items()
        return sex if marked else {"male": "female", "female": "male"}[sex]
    return next((sex for sex, marked in marks.items() if marked), None)


def _level(line: Line, kind: str) -> str | None:
    """Level from a column of words or from the columns of marks, whichever the file has."""
    value: str | None = None
    if kind in line.columns:
        value = line.note(kind, read_level(kind, line.cell(kind)))
    marked = _marked_levels(line, kind)
    if value or marked is None:
        return value
    if len(marked) > 1:
        line.note(f"{kind}:{marked[0]}", Found(None, "level_highest"))
    if marked:
        return highest(kind, marked)
    if kind != "education":
        return "none"
    first = next(name for name in line.columns if name.startswith("education:"))
    return line.note(first, Found(None, "level_unmarked"))


def _marked_levels(line: Line, kind: str) -> list[str] | None:
    """The levels marked; None when the file has no such columns or a mark cannot be read."""
    names = [name for name in line.columns if name.startswith(f"{kind}:")]
    if not names:
        return None
    marks = {name: line.note(name, read_mark(line.cell(name))) for name in names}
    if None in marks.values():
        return None
    return [name.partition(":")[2] for name, marked in marks.items() if marked]


def _certificate(line: Line, kind: str) -> None:
    cell = line.cell(kind)
    if kind in line.columns:
        line.values[kind] = line.note(kind, read_certificate(kind, cell))
        text = as_text(cell)
        if line.values[kind] and not exact_level(kind, plain(text)) and read_mark(cell).value is None:
            line.values[f"{kind}_detail"] = text
    if line.values[kind] is None and (marked := _marked_levels(line, kind)) is not None:
        line.values[kind] = highest(kind, marked) if marked else "none"


def infer_category(post: str | None) -> str:
    """Chairs and their deputies of People's Committees and Councils and Party secretaries are cadres
    (Law 80/2025/QH15 Art. 1); whoever else a roster lists is a civil servant unless it says so."""
    for part in (post or "").split(","):
        words = plain(part)
        if words.startswith(("chu tich", "pho chu tich", "bi thu", "pho bi thu")):
            return "cadre"
    return "civil_servant"
