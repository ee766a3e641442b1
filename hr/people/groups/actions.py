"""The writers of the groups: a group of one row replaced as a whole, rows added, corrected, annulled."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.errors import Conflict, Denied, Unprocessable
from core.marks import put_mark
from core.permissions import Permission, Realm, Role
from core.scope import Viewer
from hr.people.actions import changed_file
from hr.people.groups.models import OFF, ON
from hr.people.groups.queries import find_entry, is_on, may_edit, row_of
from hr.people.groups.registry import Group
from hr.people.models import Person


@action(Permission.PERSON_EDIT)
def edit_group(
    *, by: Viewer, person: Person, group: Group, values: Mapping[str, Any], version: int | None = None
) -> Person:
    """Replaces the facts of a group of one row; what is left out is emptied. The log keeps the old."""
    _check_may(group, values, by)
    person = lock(person, version)
    group.check(values, person.born_on, by.today)
    row = row_of(person, group)
    if row is None:
        row = group.table(person_id=person.id)
        db.session.add(row)
    changed = _fill(row, group, values)
    return changed_file(person, {group.code: changed} if changed else {})


@action(Permission.PERSON_EDIT)
def add_entry(
    *, by: Viewer, person: Person, group: Group, values: Mapping[str, Any], version: int | None = None
) -> Any:
    """A further row of a group of many; refused when a valid one of the same key is there."""
    _check_may(group, values, by)
    person = lock(person, version)
    group.check(values, person.born_on, by.today)
    _refuse_known(person, group, values)
    row = group.table(person_id=person.id)
    changed = _fill(row, group, values)
    db.session.add(row)
    changed_file(person, _logged(group, changed, "recorded"))
    return row


@action(Permission.PERSON_EDIT)
def edit_entry(
    *,
    by: Viewer,
    person: Person,
    group: Group,
    entry: Any,
    values: Mapping[str, Any],
    version: int | None = None,
) -> Any:
    """Corrects a row. The log keeps what stood there; of a group whose values no log may hold, an annulled
    row does."""
    _check_may(group, values, by)
    person = lock(person, version)
    row = find_entry(person, group, entry.uid)
    _check_not_annulled(row)
    group.check(values, person.born_on, by.today)
    _refuse_known(person, group, values, row)
    before = {name: getattr(row, name) for name in group.names}
    changed = _fill(row, group, values)
    if changed and not group.enabled:
        former = group.table(person_id=person.id, **before)
        former.annulled_at, former.annulled_by_id = now(), by.user_id
        db.session.add(former)
    changed_file(person, _logged(group, changed, "corrected"))
    return row


@action(Permission.PERSON_EDIT)
def annul_entry(
    *, by: Viewer, person: Person, group: Group, entry: Any, reason: str, version: int | None = None
) -> Any:
    """Annuls a row entered by mistake."""
    _check_may(group, {}, by)
    person = lock(person, version)
    row = find_entry(person, group, entry.uid)
    _check_not_annulled(row)
    if not reason.strip():
        raise Unprocessable(_l("Enter the reason"), field="reason")
    row.annulled_at, row.annulled_by_id = now(), by.user_id
    stood = {name: [audit.plain(getattr(row, name)), None] for name in group.names}
    stood = {name: pair for name, pair in stood.items() if pair[0] is not None}
    changed_file(person, _logged(group, stood, "annulled"), reason=reason)
    return row


@action(Permission.GROUP_SWITCH)
def switch_group(*, by: Viewer, group: Group, on: bool, reason: str) -> None:
    """Makes a group that is off from the start a part of the files, or takes it out again: what was entered
    stays, read by nobody. For who answers for the whole province, and the administrator."""
    if not by.sees_everything(Realm.PERSONNEL) and by.role is not Role.ADMINISTRATOR:
        raise Denied(_l("Your role does not allow this"))
    if group.enabled:
        raise ValueError(f"always on: {group.code}")
    if not reason.strip():
        raise Unprocessable(_l("Enter the reason"), field="reason")
    if is_on(group) is on:
        raise Unprocessable(_l("It is so already: look again"), field="state")
    put_mark(group.table.switch, ON if on else OFF)
    values = {group.code: [not on, on]}
    audit.record(AuditType.GROUP_SWITCHED, "register_setting", values=values, reason=reason)
    try:
        db.session.flush()
    except IntegrityError as error:
        # Two first switches at once: the second finds the row of the first.
        raise Conflict(None) from error


def _check_may(group: Group, values: Mapping[str, Any], by: Viewer) -> None:
    if not may_edit(group, by) or not is_on(group):
        raise Denied(_l("Your role does not allow this"))
    if not set(values) <= set(group.names):
        raise ValueError(f"not of the group: {sorted(set(values) - set(group.names))}")


def _check_not_annulled(row: Any) -> None:
    if row.annulled_at is not None:
        raise Denied(_l("This entry was annulled"))


def _refuse_known(person: Person, group: Group, values: Mapping[str, Any], itself: Any = None) -> None:
    table = group.table
    query = select(table.id).where(
        table.person_id == person.id,
        table.annulled_at.is_(None),
        table.id != (itself.id if itself is not None else 0),
        *(getattr(table, name) == values.get(name) for name in group.key),
    )
    if db.session.scalar(query.limit(1)) is not None:
        raise Unprocessable(_l("The same entry is already there"), field=group.key[0])
    _refuse_second(person, group, values, itself)


def _refuse_second(person: Person, group: Group, values: Mapping[str, Any], itself: Any) -> None:
    """Of some entries there is only one: nobody has two fathers on one side."""
    names = group.shared_by_none(values)
    if not names:
        return
    table = group.table
    query = select(table.id).where(
        table.person_id == person.id,
        table.annulled_at.is_(None),
        table.id != (itself.id if itself is not None else 0),
        *(getattr(table, name) == values.get(name) for name in names),
    )
    if db.session.scalar(query.limit(1)) is not None:
        message = _l("There is one already: correct or annul that entry")
        raise Unprocessable(message, field=names[-1])


def _fill(row: Any, group: Group, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Sets the facts and returns what changed, [old, new] of each."""
    for name in group.names:
        if getattr(row, name) != values.get(name):
            setattr(row, name, values.get(name))
    changed = audit.changes(row)
    changed.pop("person_id", None)
    return changed


def _logged(group: Group, changed: dict[str, list[Any]], what: str) -> dict[str, Any]:
    """What the log holds of a changed row, under the group's name, so that screens can leave it out for who
    may not read the group; of a group that is off from the start only that something was done."""
    if not changed:
        return {}
    return {group.code: changed if group.enabled else what}
