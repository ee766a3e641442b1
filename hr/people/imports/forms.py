"""Forms of an import: the upload, the columns and unit of a file, the decision on it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.forms import CodeField, FileField, Form, Length, TextAreaField, required
from core.text import clean
from hr.people.imports.enums import MissingAnswer
from hr.people.imports.words import REQUIRED, field_choices, field_label

#: What the browser offers; what a file is, its bytes tell.
KINDS = ("xlsx", "xls", "ods", "csv", "zip")
AS_FILE = _l("as the file says")
REASON_LIMIT = 500


class _WithUnit(Form):
    """A form with the unit for lines that name none."""

    unit = CodeField(_l("Unit"), blank=AS_FILE, description=_l("For people whose line names no unit"))

    def offer_units(self, units: Sequence[tuple[str, Any]]) -> None:
        """Sets the units to choose from."""
        self.unit.choices = [("", AS_FILE), *units]


class UploadForm(_WithUnit):
    """A workbook, and the unit for lines that name none."""

    file = FileField(
        _l("Workbook"),
        validators=[required(_l("Choose the file to import"))],
        kinds=KINDS,
        description=_l("One file: .xlsx, .xls, .ods or .csv, without a password; or the .zip of whole files"),
    )


class DecisionForm(Form):
    """Confirm, discard or read again: only the version the page was shown with."""


class UndoForm(Form):
    """Why a confirmed import is taken back."""

    reason = TextAreaField(
        _l("Reason"),
        [required(_l("Enter the reason")), Length(max=500)],
        description=_l("For example: the commune sent the roster of last year"),
    )


@dataclass(frozen=True, slots=True)
class MissingAnswers:
    """Why people are missing, as it was sent: by key what is complete, by uid what was typed and what is
    wrong with it."""

    answers: dict[int, tuple[MissingAnswer, str]]
    typed: dict[str, tuple[str, str]]
    wrong: dict[str, str]


def missing_answers(people: Sequence[Any], sent: Mapping[str, str]) -> MissingAnswers:
    """The answers for the people a page shows ("answer-UID", "reason-UID"); one left blank says nothing."""
    answers: dict[int, tuple[MissingAnswer, str]] = {}
    typed: dict[str, tuple[str, str]] = {}
    wrong: dict[str, str] = {}
    for person in people:
        answer = sent.get(f"answer-{person.uid}", "")
        reason = clean(sent.get(f"reason-{person.uid}", "")).strip()
        if not answer and not reason:
            continue
        typed[person.uid] = (answer, reason)
        if answer not in set(MissingAnswer):
            wrong[person.uid] = _("Choose why this person is not in the file")
        elif not reason or len(reason) > REASON_LIMIT:
            wrong[person.uid] = _("Enter the reason in at most %(limit)s characters", limit=REASON_LIMIT)
        else:
            answers[person.id] = (MissingAnswer(answer), reason)
    return MissingAnswers(answers, typed, wrong)


class MappingForm(_WithUnit):
    """Which column holds what. Sheets of the same shape are one table, as they are remembered."""

    tables: Sequence[Mapping[str, Any]] = ()

    def columns_of(self, number: int) -> Iterator[tuple[Mapping[str, Any], Any]]:
        """Each named column of a table with its field."""
        for column in self.tables[number]["columns"]:
            if column["header"]:
                yield column, self._fields[f"c{number}_{column['letter']}"]

    def mapping(self) -> dict[str, dict[str, str | None]]:
        """The choice by shape of sheet: column letter → field, or None for not read."""
        return {
            table["shape"]: {column["letter"]: field.data for column, field in self.columns_of(number)}
            for number, table in enumerate(self.tables)
        }

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        for number in range(len(self.tables)):
            fields = [field for _column, field in self.columns_of(number) if field.data]
            times = Counter(field.data for field in fields)
            for field in fields:
                if times[field.data] > 1:
                    field.errors = [*field.errors, _("Two columns for the same thing: choose one")]
                    valid = False
            missing = [names for names in REQUIRED if times.keys().isdisjoint(names)]
            if missing:
                named = ", ".join(field_label(names[0]) for names in missing)
                self.form_message = _("Choose the column of: %(names)s", names=named)
                valid = False
        return valid


def mapping_form(sheets: Sequence[Mapping[str, Any]], units: Sequence[tuple[str, Any]]) -> MappingForm:
    """The form for these sheets: one choice per named column of each shape."""
    tables: dict[str, dict[str, Any]] = {}
    for sheet in sheets:
        table = tables.setdefault(sheet["shape"], {**sheet, "names": []})
        table["names"].append(sheet["name"])
    fields: dict[str, Any] = {"tables": list(tables.values())}
    choices = field_choices()
    for number, table in enumerate(tables.values()):
        for column in table["columns"]:
            if column["header"]:
                fields[f"c{number}_{column['letter']}"] = CodeField(
                    f"{column['letter']} · {column['header']}",
                    choices=choices,
                    blank=_l("not read"),
                    default=column["field"],
                )
    made: type[MappingForm] = type("ColumnsForm", (MappingForm,), fields)
    form = made()
    form.offer_units(units)
    return form
