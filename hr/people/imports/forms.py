"""Forms of an import: the upload, the columns and unit of a file, the decision on it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from core.forms import CodeField, FileField, Form, required
from hr.people.imports.words import FIELD_LABELS

#: What the browser offers; what a file is, its bytes tell.
KINDS = (".xlsx", ".xls", ".ods", ".csv")


class UploadForm(Form):
    """A workbook, and the unit for lines that name none."""

    file = FileField(
        _l("Workbook"), kinds=KINDS, description=_l("One file: .xlsx, .xls, .ods or .csv, without a password")
    )
    unit = CodeField(
        _l("Unit"), blank=_l("as the file says"), description=_l("For people whose line names no unit")
    )

    def offer_units(self, units: Sequence[tuple[str, Any]]) -> None:
        """Sets the units to choose from."""
        self.unit.choices = [("", _l("as the file says")), *units]

    def validate_file(self, field: Any) -> None:
        required(_l("Choose the file to import"))(self, field)


class DecisionForm(Form):
    """Confirm or discard: only the version the page was shown with."""


def mapping_form(sheets: Sequence[Mapping[str, Any]], units: Sequence[tuple[str, Any]]) -> "MappingForm":
    """A form with one choice per column of each sheet that was recognised."""
    fields: dict[str, Any] = {}
    for number, sheet in enumerate(sheets):
        for column in sheet["columns"]:
            fields[f"c{number}_{column['letter']}"] = CodeField(
                f"{column['letter']} · {column['header'] or '–'}",
                choices=tuple(FIELD_LABELS.items()),
                blank=_l("not read"),
                default=column["field"],
            )
    made = type("ColumnsForm", (MappingForm,), fields)
    form: MappingForm = made()
    form.sheets = sheets
    form.unit.choices = [("", _l("as the file says")), *units]
    return form


class MappingForm(Form):
    """Which column holds what, and the unit for lines that name none."""

    unit = CodeField(_l("Unit"), blank=_l("as the file says"))
    sheets: Sequence[Mapping[str, Any]] = ()

    def columns_of(self, number: int) -> list[Any]:
        """The fields of one sheet's columns."""
        return [field for name, field in self._fields.items() if name.startswith(f"c{number}_")]

    def mapping(self) -> dict[str, dict[str, str | None]]:
        """The choice by shape of sheet: column letter → field, or None for not read."""
        return {
            sheet["shape"]: {
                column["letter"]: self._fields[f"c{number}_{column['letter']}"].data for column in sheet["columns"]
            }
            for number, sheet in enumerate(self.sheets)
        }
