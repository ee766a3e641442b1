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
from core.words import show_date
from hr.people.codes import ETHNICITY, RANKS
from hr.people.enums import ProofState
from hr.people.listing import PeopleFilter, PersonRow, list_people, list_rows
from hr.people.models import Person

Permissions = frozenset[Permission]
#: People read at once while a file is written.
BATCH = 500


@dataclass(frozen=True, slots=True, eq=False)
class ListColumn:
    """One column: how it is called in addresses and on the page, what is read from a row, and how
    that is put into words (as it is when left out)."""

    key: str
    label: Any
    read: Callable[[PersonRow], Any]
    words: Callable[[Any], str | None] | None = None
    width: int = 14
    optional: bool = False
    #: Read and exported by those who may read the background only.
    background: bool = False

    def value(self, row: PersonRow) -> Any:
        """What stands in this column of `row`; None for nothing."""
        found = self.read(row)
        return found if self.words is None or found is None else self.words(found)

    def texts(self, rows: Sequence[PersonRow]) -> list[str]:
        """What the page shows of each row. Most columns hold few different values: each is put into
        words once."""
        known: dict[Any, str] = {None: "–", "": "–"}
        found = []
        for row in rows:
            value = self.read(row)
            text = known.get(value)
            if text is None:
                text = known[value] = self._text(value)
            found.append(text)
        return found

    def _text(self, value: Any) -> str:
        if isinstance(value, date):
            return show_date(value)
        text = value if self.words is None else self.words(value)
        return "–" if text in (None, "") else str(text)


def _label(value: Any) -> str:
    return str(value.label)


def _place(row: PersonRow) -> str:
    return f"{row.unit}, {row.division}" if row.unit and row.division else row.unit or row.division


def _rank(row: PersonRow) -> tuple[str, int | None] | None:
    return None if row.rank_code is None else (row.rank_code, row.step)


def _rank_words(rank: tuple[str, int | None]) -> str:
    code, step = rank
    return _("%(rank)s, step %(step)s", rank=RANKS[code].name if code in RANKS else code, step=step)


def _proof_words(states: tuple[tuple[ProofState, int], ...]) -> str | None:
    return ", ".join(f"{state.label}: {count}" for state, count in states) or None


COLUMNS: tuple[ListColumn, ...] = (
    ListColumn("name", _l("Full name"), lambda row: row.person.full_name, width=26),
    ListColumn("born", _l("Born"), lambda row: row.person.born_on, width=12),
    ListColumn("category", _l("Category"), lambda row: row.category, _label, 16),
    ListColumn("post", _l("Post"), lambda row: row.post or None, width=28),
    ListColumn("unit", _l("Unit, division"), lambda row: _place(row) or None, width=36),
    ListColumn("education", _l("Education"), lambda row: row.education, _label, 16),
    ListColumn("political_theory", _l("Political theory"), lambda row: row.political_theory, _label, 16),
    ListColumn("state_management", _l("State management"), lambda row: row.state_management, _label, 20),
    ListColumn("status", _l("Status"), lambda row: row.person.status, _label, 16),
    ListColumn("sex", _l("Sex"), lambda row: row.person.sex, _label, 8, optional=True),
    ListColumn(
        "ethnicity",
        _l("Ethnicity"),
        lambda row: row.ethnicity,
        lambda code: ETHNICITY.get(code),
        12,
        optional=True,
        background=True,
    ),
    ListColumn(
        "religion", _l("Religion"), lambda row: row.religion, width=12, optional=True, background=True
    ),
    ListColumn(
        "party",
        _l("Joined the Party"),
        lambda row: row.party_joined_on,
        width=12,
        optional=True,
        background=True,
    ),
    ListColumn("rank", _l("Rank and step"), _rank, _rank_words, 22, optional=True),
    ListColumn("id", _l("ID (last 4)"), lambda row: f"…{row.id_last_4}", width=10, optional=True),
    ListColumn("proof", _l("Proof states"), lambda row: row.proof_states, _proof_words, 24, optional=True),
)
OPTIONAL = tuple(column.key for column in COLUMNS if column.optional)


def offered_columns(permissions: Permissions) -> tuple[ListColumn, ...]:
    """The optional columns that who holds these permissions may switch on."""
    may = Permission.PERSON_READ_BACKGROUND in permissions
    return tuple(column for column in COLUMNS if column.optional and (may or not column.background))


def shown_columns(permissions: Permissions, chosen: Iterable[str]) -> tuple[ListColumn, ...]:
    """The fixed columns and those chosen, in the order of the list; what is not offered is left out."""
    wanted = set(chosen) & {column.key for column in offered_columns(permissions)}
    return tuple(column for column in COLUMNS if not column.optional or column.key in wanted)


def rows_for(people: Sequence[Any], columns: Sequence[ListColumn], as_of: date) -> list[PersonRow]:
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
