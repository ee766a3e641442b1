"""Reads of the groups: all of a person's in one statement, or one of them."""

from typing import Any

from sqlalchemy import Select, select

from core.db import db
from core.errors import Missing
from core.permissions import Permission
from core.scope import Viewer
from hr.people.groups.registry import GROUPS, Group
from hr.people.models import Person, PersonBackground


def find_group(code: str) -> Group:
    """The group of this code; Missing when there is none."""
    if code not in GROUPS:
        raise Missing
    return GROUPS[code]


def facts_of(person: Person, viewer: Viewer) -> tuple[PersonBackground | None, list[tuple[Group, Any]]]:
    """The background, and (group, row) of every group that the viewer may read; None where nothing is
    recorded. One statement."""
    groups = [group for group in GROUPS.values() if viewer.can(group.permission_read)]
    tables: list[Any] = [PersonBackground, *(group.table for group in groups)]
    # The key stands first: of an outer join with one table alone, an absent row would be none at all.
    query: Select[Any] = select(Person.id, *tables).select_from(Person)
    for table in tables:
        query = query.outerjoin(table, table.person_id == Person.id)
    _key, background, *found = db.session.execute(query.where(Person.id == person.id)).one()
    return background, list(zip(groups, found, strict=True))


def row_of(person: Person, group: Group) -> Any:
    """The row of one group; None where nothing is recorded or the viewer may not read it."""
    return db.session.scalar(select(group.table).where(group.table.person_id == person.id))


def may_edit(group: Group, viewer: Viewer) -> bool:
    """Whether the viewer may read and change the group."""
    return viewer.can(group.permission_read) and viewer.can(Permission.PERSON_EDIT)
