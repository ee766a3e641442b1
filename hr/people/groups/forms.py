"""The form of a group, made from its fields."""

from functools import cache
from typing import Any

from core.forms import CodeField, DateField, IntegerField, Length, StringField
from hr.people.forms.fields import PartForm
from hr.people.groups.registry import GROUPS, Field


def _field(field: Field, length: int | None) -> Any:
    if field.kind == "day":
        return DateField(field.label)
    if field.kind == "year":
        return IntegerField(field.label, low=1900, high=2200)
    if field.kind == "choice":
        return CodeField(field.label, choices=[(option, option) for option in field.options])
    return StringField(field.label, [Length(max=length or 300)])


def _length(table: Any, name: str) -> int | None:
    """How long a text the column holds."""
    return getattr(getattr(table, name).type, "length", None)


@cache
def form_of(code: str) -> type[PartForm]:
    """The form class of a group."""
    group = GROUPS[code]
    fields = {field.name: _field(field, _length(group.table, field.name)) for field in group.fields}
    return type(f"{code.title()}Form", (PartForm,), fields)
