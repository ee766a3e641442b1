"""The form of a group, made from its fields."""

from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l

from core.forms import CodeField, DateField, EnumField, Form, IntegerField, Length, StringField
from hr.people.forms.fields import Filled, PartForm
from hr.people.groups.models import OFF, ON
from hr.people.groups.registry import GROUPS, Field


def _field(field: Field, length: int | None) -> Any:
    checks: list[Any] = [Filled(_l("Enter this field"))] if field.required else []
    if field.kind == "day":
        return DateField(field.label, checks)
    if field.kind in ("year", "number"):
        return IntegerField(field.label, checks, low=field.low, high=field.high)
    if field.kind == "code":
        return EnumField(field.enum, field.label, checks)
    if field.kind == "choice":
        return CodeField(field.label, checks, choices=[(option, option) for option in field.options])
    return StringField(field.label, [*checks, Length(max=length or 300)])


def _length(table: Any, name: str) -> int | None:
    """How long a text the column holds."""
    return getattr(getattr(table, name).type, "length", None)


class SwitchForm(Form):
    """Which group is switched on or off, and why."""

    group = CodeField(_l("Part of the file"), [Filled(_l("Choose the part of the file"))])
    state = CodeField(
        _l("Status"),
        [Filled(_l("Choose on or off"))],
        choices=[(ON, _l("switched on")), (OFF, _l("switched off"))],
    )
    reason = StringField(
        _l("Decision or reason"),
        [Filled(_l("Enter the reason")), Length(max=500)],
        description=_l("On what the office may hold these data; it stands in the log"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.group.choices += [(group.code, group.label) for group in GROUPS.values() if not group.enabled]


@cache
def form_of(code: str) -> type[PartForm]:
    """The form class of a group."""
    group = GROUPS[code]
    fields = {field.name: _field(field, _length(group.table, field.name)) for field in group.fields}
    return type(f"{code.title()}Form", (PartForm,), fields)
