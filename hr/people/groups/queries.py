"""Reads of the groups: what a person's page shows of them in two statements, or one of them."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, String, bindparam, cast, literal, null, select, true, union_all

from core.db import UtcDateTime, db
from core.errors import Missing
from core.files import Document
from core.ids import Uid
from core.marks import RegisterSetting, mark
from core.permissions import Permission
from core.scope import Viewer, read_rows
from hr.people.groups.models import ON
from hr.people.groups.registry import GROUPS, Group
from hr.people.models import Person, PersonBackground
from hr.people.photos.models import PersonPhoto

#: The kinds of field that share a column where rows of several groups are read at once.
_TYPES = {"text": String, "day": Date, "whole": Integer}
_COLUMNS = {"day": "day", "year": "whole", "number": "whole"}


class Listed(NamedTuple):
    """A row of a group as lists show it: its values in words, in the order of the fields."""

    uid: str
    is_annulled: bool
    texts: tuple[str | None, ...]


def is_on(group: Group) -> bool:
    """Whether the group is part of the file, from the start or since it was switched on."""
    return group.enabled or mark(group.table.switch) == ON


def find_group(code: str, *, many: bool, closed: bool | None = None) -> Group:
    """The group of this code that is written here; Missing when there is none of the kind or it is off."""
    group = GROUPS.get(code)
    if group is None or group.many is not many or closed not in (None, group.closed):
        raise Missing
    if not group.plain or not is_on(group):
        raise Missing
    return group


class Facts(NamedTuple):
    """What a person's file holds once, None where nothing is recorded or the viewer may not read it."""

    background: PersonBackground | None
    photo: Document | None
    groups: list[tuple[Group, Any]]


def facts_of(person: Person, viewer: Viewer) -> Facts:
    """The background, the photograph, and (group, row) of every group of one row that the viewer may read.
    One statement."""
    groups = [group for group in GROUPS.values() if not group.many and viewer.can(group.permission_read)]
    tables: list[Any] = [PersonBackground, *(group.table for group in groups)]
    # The key stands first: of an outer join with one table alone, an absent row would be none at all.
    query: Select[Any] = select(Person.id, Document, *tables).select_from(Person)
    for table in (PersonPhoto, *tables):
        query = query.outerjoin(table, table.person_id == Person.id)
    query = query.outerjoin(Document, Document.id == PersonPhoto.document_id)
    _key, photo, background, *found = db.session.execute(query.where(Person.id == person.id)).one()
    return Facts(background, photo, list(zip(groups, found, strict=True)))


def rows_of(person: Person, viewer: Viewer) -> tuple[list[tuple[Group, list[Listed]]], list[Group]]:
    """Of the groups of many rows that the viewer may read: (group, rows) of those that stand open on the
    page, annulled rows last, and those that open by a click of their own. One statement."""
    groups = [group for group in GROUPS.values() if group.many and viewer.can(group.permission_read)]
    found: dict[str, list[Listed]] = {group.code: [] for group in groups if not group.closed}
    on = {group.code for group in groups if group.enabled}
    rows = read_rows(_rows_of_groups(tuple(found)), {"person_id": person.id})
    for row in rows.mappings():
        code = row["code"]
        if code in found:
            values = [row[column] for column in _columns(code).values()]
            found[code].append(_listed(GROUPS[code], row["uid"], row["annulled_at"], values))
        else:
            on.add(code)
    lists = [(group, found[group.code]) for group in groups if group.code in found]
    return lists, [group for group in groups if group.closed and group.code in on]


def entries_of(person: Person, group: Group) -> list[Listed]:
    """Every row of one group of a person, annulled ones last. One statement."""
    query = _in_order(select(group.table).where(group.table.person_id == person.id), group)
    return [
        _listed(group, row.uid, row.annulled_at, [getattr(row, name) for name in group.names])
        for row in db.session.scalars(query)
    ]


def find_entry(person: Person, group: Group, uid: str) -> Any:
    """A row of the group that belongs to `person`; Missing when it is not one of theirs."""
    row = db.session.scalar(
        select(group.table).where(group.table.uid == uid, group.table.person_id == person.id)
    )
    if row is None:
        raise Missing
    return row


def row_of(person: Person, group: Group) -> Any:
    """The row of a group of one row; None where nothing is recorded or the viewer may not read it."""
    return db.session.scalar(select(group.table).where(group.table.person_id == person.id))


def may_edit(group: Group, viewer: Viewer) -> bool:
    """Whether the viewer may read and change the group with the actions of this package."""
    return group.plain and viewer.can(group.permission_read) and viewer.can(Permission.PERSON_EDIT)


def _listed(group: Group, uid: str, annulled_at: Any, values: Sequence[Any]) -> Listed:
    texts = (field.show(value) for field, value in zip(group.fields, values, strict=True))
    return Listed(uid, annulled_at is not None, tuple(texts))


def _in_order(query: Select[Any], group: Group) -> Select[Any]:
    table = group.table
    newest = () if group.newest is None else (getattr(table, group.newest).desc().nulls_last(),)
    return query.order_by(table.annulled_at.is_not(None), *newest, table.id)


@cache
def _rows_of_groups(codes: tuple[str, ...]) -> Any:
    """The rows of these groups of one person in one statement, each field in a column of its type, and
    a row for each group that was switched on."""
    widest: dict[str, Any] = {}
    for code in codes:
        for column in _columns(code).values():
            widest.setdefault(column, _TYPES[column.partition("_")[0]])
    parts = [_part(GROUPS[code], widest) for code in codes]
    parts += [_switched(group, widest) for group in GROUPS.values() if not group.enabled]
    rows = union_all(*parts).subquery()
    return select(rows).order_by(rows.c.valid.desc(), rows.c.newest.desc().nulls_last(), rows.c.row_id)


@cache
def _columns(code: str) -> dict[str, str]:
    """Field → column of the joined statement."""
    found: dict[str, str] = {}
    for field in GROUPS[code].fields:
        family = _COLUMNS.get(field.kind, "text")
        found[field.name] = f"{family}_{sum(name.startswith(family) for name in found.values())}"
    return found


def _part(group: Group, widest: dict[str, Any]) -> Select[Any]:
    table, filled = group.table, {column: name for name, column in _columns(group.code).items()}
    values = [_value(table, filled.get(column), kind).label(column) for column, kind in widest.items()]
    newest = cast(getattr(table, group.newest) if group.newest else null(), String)
    valid = table.annulled_at.is_(None)
    head = _head(group.code, table.id, table.uid, table.annulled_at, newest, valid)
    return select(*head, *values).where(table.person_id == bindparam("person_id", type_=Integer()))


def _switched(group: Group, widest: dict[str, Any]) -> Select[Any]:
    nothing = (cast(null(), Integer), cast(null(), Uid), cast(null(), UtcDateTime), cast(null(), String))
    values = [_value(None, None, kind).label(column) for column, kind in widest.items()]
    setting = (RegisterSetting.key == group.table.switch, RegisterSetting.value == ON)
    return select(*_head(group.code, *nothing, true()), *values).select_from(RegisterSetting).where(*setting)


def _head(code: str, *columns: Any) -> list[Any]:
    names = ("row_id", "uid", "annulled_at", "newest", "valid")
    named = [column.label(name) for name, column in zip(names, columns, strict=True)]
    return [literal(code).label("code"), *named]


def _value(table: Any, name: str | None, kind: Any) -> Any:
    """A field's column. Only texts are cast, codes to plain text: SQLite would make a number of a day."""
    if name is None:
        return cast(null(), kind)
    column = getattr(table, name)
    return cast(column, String) if kind is String else column
