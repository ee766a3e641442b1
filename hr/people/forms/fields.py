"""Fields of the personnel forms: units and divisions of today, and levels, in groups."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import Choice
from wtforms.validators import StopValidation

from core.comparing import compared, differences
from core.errors import Conflict
from core.forms import (
    CodeField,
    DateField,
    Form,
    read_date,
)
from core.text import clean
from core.unit_book import UnitEntry
from core.units import MAIN_KINDS, UnitKind
from hr.people.codes import LEVELS
from hr.people.enums import QualificationKind

Group = tuple[Any, Sequence[tuple[str, Any]]]


class GroupedField(CodeField):
    """One code of a long list that is shown in named groups."""

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] | None = None,
        *,
        groups: Iterable[Group] = (),
        blank: Any = "–",
        **kwargs: Any,
    ):
        super().__init__(label, validators, blank=None, **kwargs)
        self.offer(groups, blank)

    def offer(self, groups: Iterable[Group], blank: Any = "–") -> None:
        """Sets the options; only what is offered is accepted."""
        self.groups: list[tuple[str | None, list[tuple[str, Any]]]] = [(None, [("", blank)])]
        self.groups += [(str(group), list(options)) for group, options in groups]
        self.choices = [option for _group, options in self.groups for option in options]

    def has_groups(self) -> bool:
        return True

    def iter_groups(self) -> Any:
        chosen = self.data or ""
        for group, options in self.groups:
            yield group, [Choice(value, label, chosen == value, {}) for value, label in options]


class MonthField(DateField):
    """mm/yyyy, as programmes of study are dated; `.data` is the first day of the month."""

    placeholder = "mm/yyyy"

    def _value(self) -> str:
        return self.raw or (f"{self.data:%m/%Y}" if self.data else "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = clean(valuelist[0]).strip() if valuelist else ""
        self.raw, self.data = text[:40], None
        if text:
            self.data = read_month(text)


def read_month(text: str) -> date:
    """mm/yyyy, or its first day as workbooks have it, as that day, from 1900 to 2100; ValueError with
    what to do."""
    parts = text.replace("-", "/").replace(".", "/").split("/")
    try:
        day = read_date("/".join(["01", *parts] if len(parts) == 2 else parts))
    except ValueError:
        day = None
    if day is None or day.day != 1:
        raise ValueError(_("Enter a month as mm/yyyy, for example 09/2019"))
    return day


class PartForm(Form):
    """A form about a part of a personnel file: its version is the file's, its values are the part's.

    `theirs` opens the form anew on the part as it stands now; without it (something is added) a conflict
    tells what was changed meanwhile, by whom and where to read it, and shows no values side by side."""

    theirs: Callable[[], Form] | None = None
    #: Where the changes of the row can be read.
    changes_url: str | None = None

    def _compare(self, conflict: Conflict) -> None:
        rows = differences(self, self.theirs()) if self.theirs else ()
        self.conflict = compared(conflict, rows, self.changes_url)
        # Sending again now means: I have seen what was changed.
        person: Any = conflict.current
        self.version.data = str(person.version)


@dataclass(frozen=True, eq=False)
class UnitMenu:
    """The main units and divisions that the viewer reaches and that stand on a day."""

    units: tuple[UnitEntry, ...]
    divisions: tuple[UnitEntry, ...]

    @classmethod
    def of(cls, rows: Iterable[UnitEntry]) -> "UnitMenu":
        """The menu of units and divisions in one list; others are left out."""
        listed = tuple(rows)
        main = tuple(unit for unit in listed if unit.kind in MAIN_KINDS)
        divisions = (unit for unit in listed if unit.kind is UnitKind.DIVISION)
        # By code: the order in which they were set up, the head's office first.
        return cls(main, tuple(sorted(divisions, key=lambda unit: unit.code)))

    @cached_property
    def _by_uid(self) -> dict[str, UnitEntry]:
        return {unit.uid: unit for unit in (*self.units, *self.divisions)}

    @cached_property
    def _below(self) -> dict[int | None, list[tuple[str, Any]]]:
        """Key of a unit → (uid, name) of its divisions."""
        found: dict[int | None, list[tuple[str, Any]]] = {}
        for row in self.divisions:
            found.setdefault(row.parent_id, []).append((row.uid, row.name))
        return found

    def unit_groups(self) -> list[Group]:
        """Units by kind: departments first, then communes, wards, service units."""
        titles = (
            (UnitKind.DEPARTMENT, _l("Departments")),
            (UnitKind.COMMUNE, _l("Rural communes")),
            (UnitKind.WARD, _l("Wards")),
            (UnitKind.SERVICE_UNIT, _l("Public service units")),
        )
        groups = [
            (title, [(unit.uid, unit.name) for unit in self.units if unit.kind is kind])
            for kind, title in titles
        ]
        return [group for group in groups if group[1]]

    def division_groups(self, unit_uid: str | None = None) -> list[Group]:
        """Divisions by unit; those of one unit when it is known."""
        chosen = [unit for unit in self.units if unit_uid in (None, "", unit.uid)]
        return [(unit.name, self._below[unit.id]) for unit in chosen if unit.id in self._below]

    def id_of(self, uid: str | None) -> int | None:
        """The key of an offered unit or division."""
        found = self._by_uid.get(uid or "")
        return found.id if found else None

    def uid_of(self, key: int | None) -> str | None:
        """The uid of an offered unit or division."""
        return next((row.uid for row in (*self.units, *self.divisions) if row.id == key), None)

    def belongs(self, division_uid: str, unit_uid: str | None) -> bool:
        """Whether the division stands below the unit."""
        below = self._below.get(self.id_of(unit_uid), ())
        return any(uid == division_uid for uid, _name in below)


def level_groups() -> list[Group]:
    """Every level, under its kind of qualification; the value names both."""
    return [
        (kind.label, [(f"{kind.value}.{level.code}", level.label) for level in levels.values()])
        for kind, levels in LEVELS.items()
    ]


def split_level(value: str) -> tuple[QualificationKind, str]:
    """Kind and level code of a value of `level_groups`."""
    kind, _, level = value.partition(".")
    return QualificationKind(kind), level


class Filled:
    """Validator: something stands in the field once blanks are trimmed."""

    field_flags = {"required": True}

    def __init__(self, message: Any):
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if field.errors:
            raise StopValidation
        if field.data is None or field.data == "":
            raise StopValidation(self.message)
