"""What may be wrong with a cell, a row or a file: code → severity and message.

A message is an English msgid with parameters, translated where it is shown. "error": the row is not
taken. "note": it is taken, and the note says how it was read or what to check.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.tabular import Cell
from core.text import marked as _

MESSAGES: dict[str, tuple[str, str]] = {
    "name_missing": ("error", _("Enter the full name")),
    "name_characters": ("error", _("A name holds letters only; this one holds “%(found)s”")),
    "text_long": ("error", _("At most %(limit)s characters; this has %(count)s")),
    "font_unsure": (
        "error", _("Perhaps text of an old font (TCVN3, VNI), not to be read surely: type it in Unicode"),
    ),
    "id_missing": ("error", _("Enter the personal identification number")),
    "id_length": ("error", _("The personal identification number has 12 digits; this one has %(count)s")),
    "id_characters": ("error", _("The personal identification number holds digits only")),
    "id_shortened": ("error", _("Excel has shortened this number: enter all 12 digits as text")),
    "id_twice": ("error", _("The same number stands in row %(row)s of sheet “%(sheet)s” too: keep one")),
    "birth_missing": ("error", _("Enter the date of birth")),
    "date_format": ("error", _("Enter a date as dd/mm/yyyy, for example 05/09/2026")),
    "date_absent": ("error", _("There is no such day: %(value)s")),
    "date_range": ("error", _("The year must lie between 1900 and 2100")),
    "date_short_year": ("error", _("Write the year with four digits")),
    "date_future": ("error", _("The date cannot be after today")),
    "date_year_only": ("error", _("Only the year is given: enter day, month and year")),
    "date_month_only": ("error", _("Only month and year are given: enter day, month and year")),
    "sex_unknown": ("error", _("Enter Nam or Nữ")),
    "sex_both": ("error", _("Both the column Nam and the column Nữ are filled: leave one empty")),
    "mark_unknown": ("error", _("Mark with x or leave empty")),
    "ethnicity_unknown": ("error", _("“%(value)s” is not on the list of ethnic groups of 1979")),
    "level_unknown": ("error", _("“%(value)s” is not a level of this kind")),
    "rank_unknown": ("error", _("“%(value)s” is not a rank: enter its code, for example 01.003")),
    "step_unknown": ("error", _("Enter the step as a whole number, for example 3")),
    "coefficient_unknown": ("error", _("Enter the coefficient as a number, for example 3,33")),
    "year_unknown": ("error", _("Enter a year with four digits, not after this year")),
    "category_unknown": ("error", _("“%(value)s” is not a category of person")),
    "unit_unknown": ("error", _("The register has no unit “%(value)s”: enter its name or code of today")),
    "unit_ambiguous": ("error", _("“%(value)s” may be %(units)s: enter the code")),
    "unit_disagrees": ("error", _("The code %(code)s belongs to %(unit)s, not to “%(value)s”")),
    "name_case": ("note", _("Read as %(value)s")),
    "font_read": ("note", _("Read as %(value)s: text of the old font %(font)s is converted")),
    "font_doubt": ("note", _("Perhaps text of an old font (TCVN3, VNI): check")),
    "id_zero": ("note", _("The leading zero that Excel dropped is restored: %(value)s")),
    "id_sex": ("note", _("The number says another sex: check")),
    "id_year": ("note", _("The number says born in %(year)s: check")),
    "sex_from_id": ("note", _("The sex is taken from the personal identification number")),
    "date_serial": ("note", _("Excel's day number is read as %(value)s")),
    "date_incomplete": ("note", _("The full date is not given: left empty")),
    "ethnicity_read": ("note", _("Read as %(value)s")),
    "level_highest": ("note", _("Several levels are given: the highest is taken")),
    "level_marked": ("note", _("Marked without a level: the lowest is taken")),
    "level_unmarked": ("note", _("No level is marked: left empty")),
    "level_kept": ("note", _("No level is named: taken as a certificate, the words are kept")),
    "rank_read": ("note", _("Read as %(value)s")),
    "rank_kept": ("note", _("This rank has no pay table here: kept as written")),
    "coefficient_step": (
        "note", _("Step %(step)s of rank %(rank)s has the coefficient %(expected)s: check both"),
    ),
    "coefficient_off": ("note", _("The pay table of rank %(rank)s has no coefficient %(value)s: check")),
    "step_off": ("note", _("The pay table of rank %(rank)s has no step %(step)s: check")),
    "unit_former": ("note", _("“%(value)s” is today %(unit)s")),
    "unit_trap": ("note", _("Taken as today's %(unit)s; the former unit of this name is today %(other)s")),
    "recruited_young": ("note", _("Recruited at the age of %(age)s: check this date and the date of birth")),
    "born_late": ("note", _("Under 18 today: check the date of birth")),
    "graduated_early": ("note", _("Graduated before the age of 16: check")),
    "party_early": ("note", _("Joined the Party before the age of 18: check")),
    "column_missing": ("error", _("No column for “%(value)s” was found: choose it")),
    "no_numbers": (
        "note",
        _(
            "No column of personal identification numbers: people of the register are proposed by name and "
            "date of birth. Choose the column if there is one; new people need their number"
        ),
    ),
    "no_header": ("note", _("This sheet has no row of column names with “Họ và tên”: it is left out")),
    "hidden_sheet": ("note", _("This sheet is hidden: it is left out")),
    "as_of": ("note", _("Figures as of %(value)s")),
    "unit_from_title": ("note", _("The unit is taken from “%(value)s”: %(unit)s")),
    "unit_not_named": (
        "note",
        _("The file names no unit for %(count)s people (first in row %(row)s): choose it"),
    ),
    "columns_unread": ("note", _("Columns not read: %(value)s")),
    "duplicate_column": ("note", _("Two columns for the same thing: only column %(value)s is read")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What a cell reader made of a cell: a value, and a problem's code when there is one."""

    value: Any = None
    code: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return self.code is not None and MESSAGES[self.code][0] == "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem at its place: the row and column letter as Excel shows them, the cell as it stood."""

    sheet: str
    row: int | None
    column: str | None
    header: str | None
    raw: Cell
    code: str
    severity: str
    message: str
    params: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The fields as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def problem(
    sheet: str,
    row: int | None,
    code: str,
    params: Mapping[str, Any],
    *,
    column: str | None = None,
    header: str | None = None,
    raw: Cell = None,
) -> Problem:
    """A problem with the severity and message of its code. A long text is shown by its beginning."""
    severity, message = MESSAGES[code]
    shown = raw[:120] if isinstance(raw, str) else raw
    return Problem(sheet, row, column, header, shown, code, severity, message, dict(params))
