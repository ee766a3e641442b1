"""What home shows: the tasks of every subject in one statement, and the figures of the area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from core.db import db
from core.scope import Viewer
from core.subjects import Figure, registered, union_of

#: Rows of "My work" on home; "all" opens the whole list.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what, about whom or which unit, by when, and where it is done."""

    on: date | None
    kind: str
    title: str
    unit: str
    endpoint: str
    uid: str | None
    days_left: int | None


def tasks(viewer: Viewer, limit: int | None = SHOWN) -> Sequence[Task]:
    """The viewer's tasks, late first; one more than `limit`, so that the page knows there are more."""
    providers = [subject.tasks(viewer) for subject in registered() if subject.tasks is not None]
    union = union_of(providers)
    if union is None:
        return []
    rows = union.subquery()
    query = select(rows).order_by(rows.c.on.is_(None), rows.c.on, rows.c.kind, rows.c.title)
    found = db.session.execute(query.limit(limit + 1) if limit else query)
    return [_task(row, viewer.today) for row in found]


def figures(viewer: Viewer) -> list[Figure]:
    """The figures of the viewer's area, each with the way to the rows behind it."""
    asked = (subject.figures for subject in registered() if subject.figures is not None)
    return [figure for ask in asked for figure in ask(viewer)]


def _task(row: Any, today: date) -> Task:
    left = (row.on - today).days if row.on else None
    return Task(row.on, row.kind, row.title, row.unit or "", row.endpoint, row.uid, left)
