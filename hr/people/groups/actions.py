"""The writer of the groups: one group of one person replaced as a whole."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core import audit
from core.actions import action, lock
from core.db import db
from core.errors import Denied, Unprocessable
from core.permissions import Permission
from core.scope import Viewer
from hr.people.actions import changed_file
from hr.people.groups.queries import may_edit, row_of
from hr.people.groups.registry import Group
from hr.people.models import Person


@action(Permission.PERSON_EDIT)
def edit_group(
    *, by: Viewer, person: Person, group: Group, values: Mapping[str, Any], version: int | None = None
) -> Person:
    """Replaces the facts of one group; what is left out is emptied. The log keeps what stood there."""
    if not may_edit(group, by):
        raise Denied(_l("Your role does not allow this"))
    if not set(values) <= set(group.names):
        raise ValueError(f"not of the group: {sorted(set(values) - set(group.names))}")
    person = lock(person, version)
    check_days(group, values, person, by.today)
    row = row_of(person, group)
    if row is None:
        row = group.table(person_id=person.id)
        db.session.add(row)
    for name in group.names:
        if getattr(row, name) != values.get(name):
            setattr(row, name, values.get(name))
    changed = audit.changes(row)
    changed.pop("person_id", None)
    return changed_file(person, {group.code: changed} if changed else {})


def check_days(group: Group, values: Mapping[str, Any], person: Person, today: date) -> None:
    """Days lie in the life of the person and have come; two that are ordered stand in their order."""
    for name, value in values.items():
        if isinstance(value, date) and not person.born_on < value <= today:
            raise Unprocessable(_l("Enter a day after the birth and not after today"), field=name)
    if group.ordered is None:
        return
    first, last = (values.get(name) for name in group.ordered)
    if first and last and last < first:
        raise Unprocessable(_l("The last day lies before the first: check both days"), field=group.ordered[1])
