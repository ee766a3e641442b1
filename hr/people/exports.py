"""Columns of the list of people, and its export: what the page shows is what the file holds."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, or_

from core import audit
from core.actions import action
from core.db import db
from core.paging import count_up_to
from core.permissions import Permission
from core.scope import Viewer
from core.tabular import Column, write_workbook
from hr.people.codes import ETHNICITY, RANKS, Level
from hr.people.listing import PeopleFilter, PersonRow, list_people, list_rows
from hr.people.models import Person

#: People read at once while a file is written.
BATCH = 500


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: how it is called in addresses and on the page, and what stands in it."""

    key: str
    label: Any
    value: Callable[[PersonRow], Any]
    width: int = 14
    optional: bool = False
    #: Read and exported by those who may read the background only.
    background: bool = False


def _label(value: Any) -> str | None:
    return None if value is None else str(value.label)


def _level(level: Level | None) -> str | None:
    return None if level is None else str(level.label)


def _place(row: PersonRow) -> str | None:
    return ", ".join(part for part in (row.unit, row.division) if part) or None


def _rank(row: PersonRow) -> str | None:
    if row.rank_code is None:
        return None
    name = RANKS[row.rank_code].name if row.rank_code in RANKS else row.rank_code
    return _("%(rank)s, step %(step)s", rank=name, step=row.step)


def _proof(row: PersonRow) -> str | None:
    return ", ".join(f"{state.label}: {count}" for state, count in row.proof_states) or None


COLUMNS: tuple[ListColumn, ...] = (
    ListColumn("name", _l("Full name"), lambda row: row.person.full_name, 26),
    ListColumn("born", _l("Born"), lambda row: row.person.born_on, 12),
    ListColumn("category", _l("Category"), lambda row: _label(row.category), 16),
    ListColumn("post", _l("Post"), lambda row: row.post or None, 28),
    ListColumn("unit", _l("Unit, division"), _place, 36),
    ListColumn("education", _l("Education"), lambda row: _level(row.education), 16),
    ListColumn("political_theory", _l("Political theory"), lambda row: _level(row.political_theory), 16),
    ListColumn("state_management", _l("State management"), lambda row: _level(row.state_management), 20),
    ListColumn("status", _l("Status"), lambda row: _label(row.person.status), 16),
    ListColumn("sex", _l("Sex"), lambda row: _label(row.person.sex), 8, optional=True),
    ListColumn(
        "ethnicity",
        _l("Ethnicity"),
        lambda row: ETHNICITY.get(row.ethnicity or ""),
        12,
        optional=True,
        background=True,
    ),
    ListColumn("religion", _l("Religion"), lambda row: row.religion, 12, optional=True, background=True),
    ListColumn(
        "party", _l("Joined the Party"), lambda row: row.party_joined_on, 12, optional=True, background=True
    ),
    ListColumn("rank", _l("Rank and step"), _rank, 22, optional=True),
    ListColumn("id", _l("ID (last 4)"), lambda row: f"…{row.id_last_4}", 10, optional=True),
    ListColumn("proof", _l("Proof states"), _proof, 24, optional=True),
)
OPTIONAL = tuple(column.key for column in COLUMNS if column.optional)


def offered_columns(viewer: Viewer) -> tuple[ListColumn, ...]:
    """The optional columns this viewer may switch on."""
    may = viewer.can(Permission.PERSON_READ_BACKGROUND)
    return tuple(column for column in COLUMNS if column.optional and (may or not column.background))


def shown_columns(viewer: Viewer, chosen: Iterable[str]) -> tuple[ListColumn, ...]:
    """The fixed columns and those chosen, in the order of the list; what is not offered is left out."""
    wanted = set(chosen) & {column.key for column in offered_columns(viewer)}
    return tuple(column for column in COLUMNS if not column.optional or column.key in wanted)


def rows_for(people: Sequence[Person], columns: Sequence[ListColumn], as_of: date) -> list[PersonRow]:
    """The lines for these columns; reads ranks and background only where a column shows them."""
    keys = {column.key for column in columns}
    background = any(column.background for column in columns)
    return list_rows(people, as_of, ranks="rank" in keys, background=background)


@action(Permission.PERSON_EXPORT)
def record_export(
    *, by: Viewer, described: Mapping[str, str], columns: Sequence[str], rows: int, as_of: date, purpose: str
) -> None:
    """Logs an export before its file is made: what was asked, how many rows leave, what for."""
    values = {"filters": dict(described), "columns": list(columns), "rows": rows, "as_of": as_of.isoformat()}
    audit.record(audit.AuditType.PEOPLE_EXPORTED, "people", values=values, reason=purpose)


def export_people(
    *,
    by: Viewer,
    filters: PeopleFilter,
    described: Mapping[str, str],
    columns: Sequence[ListColumn],
    as_of: date,
    purpose: str,
    title: str,
) -> io.BytesIO:
    """The list as a workbook; the writing of it happens outside the gate, for it may take a while."""
    may = by.can(Permission.PERSON_READ_BACKGROUND)
    allowed = [column for column in columns if may or not column.background]
    query = list_people(filters, as_of)
    rows, _exact = count_up_to(query, None)
    keys = [column.key for column in allowed]
    record_export(by=by, described=described, columns=keys, rows=rows, as_of=as_of, purpose=purpose)
    heads = [Column(str(column.label), column.width) for column in allowed]
    return write_workbook(heads, _lines(query, allowed, as_of), title=title, sheet=_("People"))


def _lines(query: Select[Person], columns: Sequence[ListColumn], as_of: date) -> Iterator[list[object]]:
    last: Person | None = None
    while True:
        page = query if last is None else query.where(_after(last))
        people = db.session.scalars(page.limit(BATCH)).all()
        for row in rows_for(people, columns, as_of):
            yield [column.value(row) for column in columns]
        if len(people) < BATCH:
            return
        last = people[-1]


def _after(last: Person) -> Any:
    later = or_(Person.name_key > last.name_key, and_(Person.name_key == last.name_key, Person.id > last.id))
    return and_(Person.name_key >= last.name_key, later)
