"""Two versions of a form side by side: what a 409 shows."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, SelectField
from wtforms.form import BaseForm

from core.clock import local
from core.errors import Conflict


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else changed meanwhile."""

    label: Any
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a 409 shows: who changed the row, when, and both versions of what differs."""

    by: str
    at: str
    rows: tuple[Difference, ...]
    #: What was done last, and where all of it can be read.
    what: Any = None
    url: str | None = None


def differences(form: BaseForm, theirs: BaseForm) -> tuple[Difference, ...]:
    """The fields in which two versions of a form differ; what no one sees is left out."""
    return tuple(
        Difference(field.label.text, shown(theirs[name]), shown(field))
        for name, field in form._fields.items()
        if not isinstance(field, HiddenField)
        and name in theirs._fields
        and shown(theirs[name]) != shown(field)
    )


def compared(conflict: Conflict, rows: tuple[Difference, ...], url: str | None = None) -> Comparison:
    """What a 409 shows of a conflict; `url`: where the changes of the row can be read."""
    at = local(conflict.at).strftime("%H:%M") if conflict.at else ""
    return Comparison(conflict.by or _("Somebody else"), at, rows, conflict.what, url)


def shown(field: Field) -> str:
    """A field's value as people read it."""
    if isinstance(field, SelectField):
        for value, label, *_rest in field.iter_choices():
            if str(value) == str(field.data if field.data is not None else ""):
                return str(label)
        return ""
    if isinstance(field.data, bool):
        return _("yes") if field.data else _("no")
    if isinstance(field, FileField):
        return (field.data.filename or "") if isinstance(field.data, FileStorage) else ""
    reader = getattr(field, "_value", None)
    return str(reader()) if reader else str(field.data or "")
