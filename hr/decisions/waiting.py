"""What falls due, for the pages of others: a line of My work, and the dates of one person."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, Select, String, cast, literal, null, select

from core.changes import until_changed
from core.ids import Uid
from core.permissions import Permission, Realm
from core.scope import Viewer
from core.subjects import DueDate, union_of
from core.words import show_date, show_number
from hr.decisions import rules
from hr.decisions.issuing import queries as issuing
from hr.decisions.lines import detail_of, rule_of
from hr.decisions.queries import DueFilter, list_due

#: How long ahead the page of a person tells.
NOTICE = timedelta(days=180)
#: Words of the kind of task below, for the registry.
KINDS = {"due_dates": _l("due dates")}


def due_of(viewer: Viewer, person: str) -> Iterator[DueDate]:
    """What of the person's (a uid) is late or falls due within `NOTICE`."""
    for due in list_due(viewer, DueFilter(last=viewer.today + NOTICE, person=person)):
        yield DueDate(due.on, due.kind.label, detail_of(due), rule_of(due))


def tasks(viewer: Viewer) -> Select[Any] | None:
    """What is due, and the decisions on their way, in the registry's columns."""
    waiting = union_of((_due_dates(viewer), issuing.tasks(viewer)))
    return None if waiting is None else select(waiting.subquery())


def _due_dates(viewer: Viewer) -> Select[Any] | None:
    """One row while something is late or falls due in the running quarter, as the list shows it: by the
    first of these days, in the registry's columns."""
    if not viewer.can(Permission.PERSON_EDIT):
        return None
    last = rules.quarter_end(viewer.today)
    days = _days(viewer, last)
    if not days:
        return None
    late = sum(day < viewer.today for day in days)
    title = _(
        "%(late)s late, %(soon)s due by %(date)s",
        late=show_number(late),
        soon=show_number(len(days) - late),
        date=show_date(last),
    )
    return select(
        literal(days[0], Date).label("on"),
        literal("due_dates").label("kind"),
        literal(title).label("title"),
        cast(null(), String).label("unit"),
        literal("due.index").label("endpoint"),
        cast(null(), Uid).label("uid"),
    )


def _days(viewer: Viewer, last: date) -> list[date]:
    """The day of each row of the list, the first first; kept until something changes."""
    key = ("due dates", viewer.scope(Realm.PERSONNEL), viewer.today, last)
    found: list[date] = until_changed(key, lambda: [due.on for due in list_due(viewer, DueFilter(last=last))])
    return found
