"""The form of a group, made from its fields."""

from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l

from core.forms import CodeField, DateField, EnumField, IntegerField, Length, StringField
from hr.people.forms.fields import Filled, PartForm
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


@cache
def form_of(code: str) -> type[PartForm]:
    """The form class of a group."""
    group = GROUPS[code]
    fields = {field.name: _field(field, _length(group.table, field.name)) for field in group.fields}
    return type(f"{code.title()}Form", (PartForm,), fields)
