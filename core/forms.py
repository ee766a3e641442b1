"""Forms: one base class and the fields of this house.

Every create form carries a one-time submission token, every edit form the version it was opened
with. Text is cleaned at the edge (NFC, no control characters). WTForms' own messages come from
our catalogue, for neither WTForms nor Flask-WTF has Vietnamese.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask import request
from flask_babel import get_translations, gettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField as BaseFileField
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import Choice
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from core.comparing import Comparison, compared, differences, shown
from core.drafts import Draft, find_draft
from core.errors import Conflict, Unprocessable
from core.scope import Viewer
from core.text import clean, digits, tidy_name

__all__ = ["InputRequired", "Length", "Optional", "SelectField", "StringField", "TextAreaField"]

_DECIMAL = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,12})?")
_WHOLE = re.compile(r"[0-9]{1,18}")
OWN_FIELDS = ("csrf_token", "submission", "version")


class _Catalogue:
    """WTForms' messages through Flask-Babel."""

    def gettext(self, text: str) -> str:
        return gettext(text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        # WTForms puts the values in itself; flask_babel.ngettext would want them here.
        return get_translations().ngettext(singular, plural, n)


class Form(FlaskForm):
    """Base of every form that changes something."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Catalogue:
            return _Catalogue()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound_field.field_class, StringField):
                own = unbound_field.kwargs.get("filters", ())
                options = {**options, "filters": [_clean_text, *own]}
            return unbound_field.bind(form=form, **options)

    submission = HiddenField()
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.conflict: Comparison | None = None
        self.links: dict[str, str] = {}
        self.form_message: Any = None
        self.draft: Draft | None = None
        current = kwargs.get("obj")
        self.was_sent = self.is_submitted()
        if self.was_sent:
            # A field that is left out falls back to the row's own value: that would match any change.
            self.version.data = str((self.version.raw_data or [""])[0])
        if not self.was_sent or not 0 < len(self.submission.data or "") <= 64:
            self.submission.data = secrets.token_urlsafe(24)
        if not self.is_submitted() and current is not None and hasattr(current, "version"):
            self.version.data = str(current.version)

    def values(self) -> dict[str, Any]:
        """The declared fields' data, without the form's own marks."""
        return {name: field.data for name, field in self._fields.items() if name not in OWN_FIELDS}

    @property
    def opened_version(self) -> int | None:
        """The version the form was opened with; one that is broken or left out can match none."""
        text = self.version.data or ""
        if not text:
            return -1 if self.was_sent else None
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    @property
    def failed(self) -> bool:
        """Whether the page must show the form again."""
        return bool(self.errors or self.form_message or self.conflict)

    def summary(self) -> list[tuple[str, Any, Any]]:
        """(field id, label, message) of every error, in the order of the fields."""
        return [
            (field.id, field.label.text, message)
            for field in self
            for message in field.errors
            if isinstance(message, str) or not isinstance(message, dict | list)
        ]

    def typed(self) -> list[tuple[Any, str]]:
        """(label, words) of every field that was filled in, to be shown where the form is no longer open."""
        fields = (field for field in self if not isinstance(field, HiddenField))
        return [(field.label.text, words) for field in fields if (words := shown(field))]

    def attempt(self, act: Callable[..., Any], **details: Any) -> Any:
        """Calls an action with the form's token; its refusal becomes an error of the form (None is
        returned then) and a conflict both versions, with what was typed kept."""
        try:
            return act(token=self.submission.data, **details)
        except Unprocessable as refusal:
            self.refuse(refusal)
        except Conflict as conflict:
            self._compare(conflict)
        return None

    def refuse(self, refusal: Unprocessable) -> None:
        """Shows an action's refusal at its field, or above the form."""
        if refusal.field and refusal.field in self._fields:
            field = self._fields[refusal.field]
            field.errors = [*field.errors, refusal.message]
            if refusal.link:
                self.links[field.id] = refusal.link
        else:
            self.form_message = refusal.message
            if refusal.link:
                self.links[""] = refusal.link

    def offer_draft(self, viewer: Viewer) -> None:
        """On opening: finds the viewer's draft of this form; `?draft=1` fills it in."""
        if self.is_submitted():
            return
        self.draft = find_draft(viewer, request.path)
        if self.draft is not None and request.args.get("draft"):
            token, version = self.submission.data, self.version.data
            self.process(self.draft.values())
            self.submission.data, self.version.data = token, version

    def _compare(self, conflict: Conflict) -> None:
        current: Any = conflict.current
        theirs = type(self)(formdata=None, obj=current, meta={"csrf": False})
        self.conflict = compared(conflict, differences(self, theirs))
        # Saving again now means: I have seen the other version and mine is right.
        self.version.data = str(current.version) if current is not None else ""


class DateField(Field):
    """dd/mm/yyyy, typed by hand: the machines' own pickers disagree on the order."""

    from wtforms.widgets import TextInput as _TextInput

    widget = _TextInput()
    placeholder = "dd/mm/yyyy"

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, **kwargs: Any):
        super().__init__(label, validators, **kwargs)
        self.raw = ""

    def _value(self) -> str:
        if self.raw:
            return self.raw
        return self.data.strftime("%d/%m/%Y") if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = clean(valuelist[0]).strip() if valuelist else ""
        self.raw, self.data = text[:40], None
        if text:
            self.data = read_date(text)


def read_date(text: str) -> date:
    """dd/mm/yyyy (also with - or .) as a date from 1900 to 2100; ValueError with what to do."""
    parts = text.replace("-", "/").replace(".", "/").split("/")
    wrong = ValueError(_("Enter a date as dd/mm/yyyy, for example 05/09/2026"))
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise wrong
    if len(parts[2]) != 4 or len(parts[0]) > 2 or len(parts[1]) > 2:
        raise wrong
    day, month, year = (int(part) for part in parts)
    if not 1900 <= year <= 2100:
        raise ValueError(_("The year must lie between 1900 and 2100"))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(_("There is no such day: check day and month")) from None


class DecimalField(Field):
    """A decimal number with comma or point."""

    from wtforms.widgets import TextInput as _TextInput

    widget = _TextInput()

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, *, places: int = 2,
                 **kw: Any):  # fmt: skip
        super().__init__(label, validators, **kw)
        self.places, self.raw = places, ""

    def _value(self) -> str:
        if self.raw:
            return self.raw
        return "" if self.data is None else f"{self.data:.{self.places}f}".replace(".", ",")

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = clean(valuelist[0]).strip() if valuelist else ""
        self.raw, self.data = text[:20], None
        if not text:
            return
        # Decimal itself takes more: 1e5, 1_000, digits of other scripts.
        value = Decimal(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None
        if value is None or abs(value) > 10**9 or round(value, self.places) != value:
            raise ValueError(_("Enter a number, for example 3,33"))
        self.data = value


class IntegerField(Field):
    """A whole number in a range."""

    from wtforms.widgets import TextInput as _TextInput

    widget = _TextInput()

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, *, low: int = 0,
                 high: int = 10**9, **kw: Any):  # fmt: skip
        super().__init__(label, validators, **kw)
        self.low, self.high, self.raw = low, high, ""

    def _value(self) -> str:
        return self.raw or ("" if self.data is None else str(self.data))

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = clean(valuelist[0]).strip() if valuelist else ""
        self.raw, self.data = text[:20], None
        if not text:
            return
        if not _WHOLE.fullmatch(text) or not self.low <= int(text) <= self.high:
            raise ValueError(_("Enter a whole number from %(low)s to %(high)s", low=self.low, high=self.high))
        self.data = int(text)


class CodeField(SelectField):
    """One code of a list; `choices` are (code, label) pairs, a blank first unless required."""

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, *,
                 choices: Iterable[tuple[str, Any]] = (), blank: Any = "–", **kwargs: Any):  # fmt: skip
        super().__init__(label, validators, coerce=lambda value: value or None, **kwargs)
        self.choices = [("", blank), *choices] if blank is not None else list(choices)

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """The pairs to choose from; views may set them."""
        return self._choices

    @choices.setter
    def choices(self, pairs: Iterable[tuple[str, Any]]) -> None:
        self._choices = list(pairs)

    def has_groups(self) -> bool:
        return False

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in {value for value, _label in self.choices}:
            raise ValidationError(_("Choose one of the list"))

    def iter_choices(self) -> Any:
        for value, label in self.choices:
            yield Choice(value=value, label=label, selected=(self.data or "") == value, render_kw={})


class EnumField(CodeField):
    """One member of a StrEnum; `.data` is the member."""

    def __init__(self, enum: type[StrEnum], label: Any = None, validators: Sequence[Any] | None = None, *,
                 only: Iterable[StrEnum] | None = None, **kwargs: Any):  # fmt: skip
        self.enum = enum
        members = list(only) if only is not None else list(enum)
        super().__init__(label, validators, choices=[(m.value, m.label) for m in members], **kwargs)  # type: ignore[attr-defined]

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = None
        if not text:
            return
        if text not in {value for value, _label in self.choices}:
            raise ValueError(_("Choose one of the list"))
        self.data = self.enum(text)

    def process_data(self, value: Any) -> None:
        self.data = None if value in (None, "") else self.enum(value)


class NameField(StringField):
    """A person's name: letters, spaces, hyphen and apostrophe; tidied, accents composed."""

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, **kwargs: Any):
        super().__init__(label, [*(validators or ()), Length(max=120)], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = tidy_name(valuelist[0]) if valuelist else None

    def pre_validate(self, form: Any) -> None:
        if self.data and not all(char.isalpha() or char in " -'’." for char in self.data):
            raise ValidationError(_("A name holds letters only: remove digits and signs"))


class IdNumberField(StringField):
    """The 12-digit personal identification number (Decree 27/2026); blanks and points are dropped."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean(valuelist[0]).replace(" ", "").replace(".", "")[:40] if valuelist else None

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        found = digits(self.data)
        if found != self.data:
            raise ValidationError(_("The personal identification number holds digits only"))
        if len(found) != 12:
            raise ValidationError(
                _(
                    "The personal identification number has 12 digits; this one has %(count)s",
                    count=len(found),
                )
            )


class FileField(BaseFileField):
    """An upload; `kinds` are the extensions offered by the browser (the server looks inside)."""

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, *,
                 kinds: Sequence[str] = (), **kwargs: Any):  # fmt: skip
        super().__init__(label, validators, **kwargs)
        self.kinds = tuple(kinds)


class _Required(InputRequired):
    """Asks what is left after cleaning: blanks and control characters fill nothing in."""

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors or field.data not in (None, "", []):
            return
        raise StopValidation(self.message)


def required(message: Any = None) -> InputRequired:
    """The field must be filled in; `message` says what to enter."""
    return _Required(message or _l("Enter this field"))


def _clean_text(value: Any) -> Any:
    return clean(value).strip() if isinstance(value, str) else value
