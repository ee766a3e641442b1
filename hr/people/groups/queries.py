"""Reads of the groups: all of a person's in one statement, or one of them."""

from typing import Any

from sqlalchemy import Select, select

from core.db import db
from core.errors import Missing
from core.permissions import Permission
from core.scope import Viewer
from hr.people.groups.registry import GROUPS, Group
from hr.people.models import Person


def find_group(code: str) -> Group:
    """The group of this code; Missing when there is none."""
    if code not in GROUPS:
        raise Missing
    return GROUPS[code]


def groups_of(person: Person, viewer: Viewer) -> list[tuple[Group, Any]]:
    """(group, row or None) of every group that the viewer may read. One statement."""
    groups = [group for group in GROUPS.values() if viewer.can(group.permission_read)]
    # The key stands first: of an outer join with one table alone, an absent row would be none at all.
    query: Select[Any] = select(Person.id, *(group.table for group in groups)).select_from(Person)
    for group in groups:
        query = query.outerjoin(group.table, group.table.person_id == Person.id)
    _key, *found = db.session.execute(query.where(Person.id == person.id)).one()
    return list(zip(groups, found, strict=True))


def row_of(person: Person, group: Group) -> Any:
    """The row of one group; None where nothing is recorded or the viewer may not read it."""
    return db.session.scalar(select(group.table).where(group.table.person_id == person.id))


def may_edit(group: Group, viewer: Viewer) -> bool:
    """Whether the viewer may read and change the group."""
    return viewer.can(group.permission_read) and viewer.can(Permission.PERSON_EDIT)
