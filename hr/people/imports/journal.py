"""The journal of an import: rows as they stood and as they were written, in the shape of `ImportChange`.

Search words of names are left out: they follow from the names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, and_, select

from core import audit
from core.db import Base, UtcDateTime, db
from hr.people.imports.models import ImportChange
from hr.people.load import CHILDREN
from hr.people.models import Assignment, Hundredths, Person, PersonBackground, PersonToken
from hr.people.seeds import PersonSeed

Columns = dict[str, Any]
_FILE: tuple[type[Base], ...] = (Person, *CHILDREN)
#: The tables a file is made of, by name.
PARTS: dict[str, Any] = {cls.__tablename__: cls for cls in _FILE}
#: Values in one statement.
CHUNK = 1000
#: Columns that are no facts of their own; the version stands in a column of the journal.
_NOT_KEPT = ("uid", "person_id")


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the journal as it is read. `row`: uid, as `ImportChange` has it; `version`: of a person, the
    file's since then; `before`: columns, None where there was no row; `after`: columns, None of a new
    file, which is long and stays unread."""

    table: str
    row: str
    version: int | None
    before: Any = None
    after: Any = None

    @property
    def is_new_file(self) -> bool:
        """Whether a file with all its parts was entered."""
        return self.table == Person.__tablename__ and self.before is None


def of_batch(batch_id: int) -> list[Change]:
    """The journal of an import in the order of writing: new files are written first. Two statements."""
    is_new_file = and_(ImportChange.table == Person.__tablename__, ImportChange.before.is_(None))
    short = (ImportChange.table, ImportChange.row, ImportChange.version)
    found: list[Change] = []
    for columns, part in (
        (short, is_new_file),
        ((*short, ImportChange.before, ImportChange.after), ~is_new_file),
    ):
        query = select(*columns).where(ImportChange.batch_id == batch_id, part).order_by(ImportChange.id)
        found += [Change(*row) for row in db.session.execute(query)]
    return found


def rows_named(batch_id: int, *tables: str) -> Any:
    """Select of the uids that an import's journal names in these tables: no list of values has to travel."""
    return select(ImportChange.row).where(ImportChange.batch_id == batch_id, ImportChange.table.in_(tables))


def of_new_file(uid: str, seed: PersonSeed) -> Columns:
    """A new file with all its parts, as it was entered."""
    return _entry(Person, uid, None, _plain(asdict(seed)), version=1)


def of_updates(cls: type[Base], names: Sequence[str], rows: Sequence[Columns]) -> list[Columns]:
    """What `rows` (columns, with the row's key under "key") are about to change. One statement a
    thousand rows."""
    given = {row["key"]: row for row in rows}
    found = []
    for key, uid, *values in _standing(cls, names, sorted(given)):
        before = dict(zip(names, values, strict=True))
        after = {name: given[key][name] for name in names if name != "version"}
        found.append(_entry(cls, uid, before, after, version=given[key].get("version")))
    return found


def of_names(renamed: Sequence[Columns], running: Any) -> list[Columns]:
    """The running assignments (`running`: a criterion) into which new names are about to be carried."""
    names = {row["key"]: {"person_name": row["new_name"], "name_key": row["new_key"]} for row in renamed}
    found = []
    for keys in pieces(sorted(names)):
        columns = (Assignment.uid, Assignment.person_id, Assignment.person_name, Assignment.name_key)
        for uid, key, *now in db.session.execute(
            select(*columns).where(Assignment.person_id.in_(keys), running)
        ):
            before = dict(zip(("person_name", "name_key"), now, strict=True))
            found.append(_entry(Assignment, uid, before, names[key]))
    return found


def of_inserts(cls: type[Base], rows: Iterable[Columns], uids: Mapping[int, str]) -> list[Columns]:
    """New rows of known people; `uids` names the people by key."""
    if cls is PersonToken:
        return []
    return [_entry(cls, row.get("uid") or uids[row["person_id"]], None, row) for row in rows]


def revived(cls: type[Base], values: Mapping[str, Any]) -> Columns:
    """Values of the journal as the columns take them."""
    columns: Any = cls.__mapper__.columns
    return {name: _revived(columns[name].type, value) for name, value in values.items()}


def pieces(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Keys as many as one statement takes."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def runs(keys: Iterable[int]) -> list[dict[str, int]]:
    """Keys as runs without a gap, {"first", "last"}: the rows of one import have one run, or a few where
    others wrote at the same time."""
    found: list[dict[str, int]] = []
    for key in sorted(keys):
        if found and key == found[-1]["last"] + 1:
            found[-1]["last"] = key
        else:
            found.append({"first": key, "last": key})
    return found


def _entry(
    cls: type[Base], uid: str, before: Columns | None, after: Columns, *, version: int | None = None
) -> Columns:
    return {
        "table_name": cls.__tablename__,
        "row_uid": uid,
        "before_json": None if before is None else _kept(before),
        "after_json": _kept(after),
        "version": version,
    }


def _kept(values: Columns) -> Columns:
    return {name: _plain(value) for name, value in values.items() if name not in _NOT_KEPT}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return audit.plain(value)


def _standing(cls: Any, names: Sequence[str], keys: Sequence[int]) -> Iterator[Any]:
    """Rows (key, uid, columns) as they stand; of a table with one row a person, the person's."""
    columns = [getattr(cls, name) for name in names]
    for chunk in pieces(keys):
        if cls is PersonBackground:
            query = select(cls.person_id, Person.uid, *columns).join(Person, Person.id == cls.person_id)
            yield from db.session.execute(query.where(cls.person_id.in_(chunk)))
        else:
            yield from db.session.execute(select(cls.id, cls.uid, *columns).where(cls.id.in_(chunk)))


def _revived(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Hundredths) else value
