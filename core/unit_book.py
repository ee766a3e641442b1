"""All units of the register kept in memory: every page names some, and menus are made of them.

Units change a few times in a decade. When anything was changed, a stamp of their tables is asked for (one
cheap statement), and they are read anew when it moved. The stamp is all that the tables hold, put together
by the database: a unit renamed or moved in place moves it as a new one does.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, reduce
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, String, cast, func, select

from core.changes import until_changed
from core.db import Base, db
from core.errors import Missing
from core.ids import Uid
from core.scope import read_rows
from core.text import fold
from core.units import Unit, UnitKind, UnitSuccession, UnitTree

Made = TypeVar("Made")

#: Things made of one book that are kept: menus of so many viewers and days.
MADE_KEPT = 100


class UnitEntry(NamedTuple):
    """One unit as pages need it."""

    id: int
    uid: str
    code: str
    name: str
    name_fold: str
    name_key: str
    kind: UnitKind
    parent_id: int | None
    valid_from: date | None
    valid_to: date | None

    def exists_on(self, day: date) -> bool:
        """Whether the unit stands on `day` (twin of `core.units.standing_on`)."""
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_to is None or day <= self.valid_to)

    def __str__(self) -> str:
        return self.name


@dataclass(eq=False)
class UnitBook:
    """The units as of one stamp, in Vietnamese order, and what was made of them."""

    stamp: tuple[Any, ...]
    units: tuple[UnitEntry, ...]
    #: (old, new) ids of what went into what.
    successions: tuple[tuple[int, int], ...]
    _made: dict[Hashable, Any] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[int, UnitEntry]:
        """Units by key."""
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _by_uid(self) -> dict[str, UnitEntry]:
        return {unit.uid: unit for unit in self.units}

    def find(self, uid: str) -> UnitEntry:
        """The unit with this uid; Missing when there is none."""
        found = self._by_uid.get(uid)
        if found is None:
            raise Missing
        return found

    def name_of(self, key: int | None) -> str | None:
        """The name of the unit with this key."""
        found = self.by_id.get(key) if key is not None else None
        return found.name if found else None

    def successors_of(self, unit: UnitEntry) -> list[UnitEntry]:
        """Units that `unit` went into."""
        return self._sorted(new for old, new in self.successions if old == unit.id)

    def predecessors_of(self, unit: UnitEntry) -> list[UnitEntry]:
        """Former units that went into `unit`."""
        return self._sorted(old for old, new in self.successions if new == unit.id)

    def divisions_of(self, unit: UnitEntry, on: date) -> list[UnitEntry]:
        """Divisions below `unit` on the day, in the order they were set up."""
        found = (
            row
            for row in self.units
            if row.parent_id == unit.id and row.kind is UnitKind.DIVISION and row.exists_on(on)
        )
        return sorted(found, key=lambda row: (row.code, row.id))

    def search(self, words: str, limit: int) -> list[UnitEntry]:
        """Units whose folded name holds every word, or whose code is the text: former units too, after
        those that stand."""
        parts, code = fold(words[:200]).split()[:6], words.strip()
        if not parts:
            return []
        first = parts[0]
        found = [
            unit
            for unit in self.units
            if (first in unit.name_fold and all(part in unit.name_fold for part in parts))
            or unit.code == code
        ]
        listed = [unit for unit in found if unit.kind is not UnitKind.DIVISION]
        return sorted(listed, key=lambda unit: unit.valid_to is not None)[:limit]

    def made(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for `key`; it depends on these units and the key alone."""
        found: Made | None = self._made.get(key)
        if found is None:
            if len(self._made) >= MADE_KEPT:
                self._made.clear()
            found = self._made[key] = make()
        return found

    def _sorted(self, keys: Any) -> list[UnitEntry]:
        return sorted((self.by_id[key] for key in keys), key=lambda unit: unit.name_key)


_books: WeakKeyDictionary[Engine, UnitBook] = WeakKeyDictionary()


def unit_book() -> UnitBook:
    """Every unit there is or was. No statement while nothing changes; one when anything did, two more
    when it was the units."""
    return until_changed("units", _current)


def _current() -> UnitBook:
    stamp = tuple(read_rows(_stamp()).one())
    book = _books.get(db.engine)
    if book is None or book.stamp != stamp:
        book = _books[db.engine] = UnitBook(stamp, _units(), _successions())
    return book


@cache
def _stamp() -> Any:
    newest = select(Unit.uid).order_by(Unit.id.desc()).limit(1).scalar_subquery()
    return select(newest, *(_content(table) for table in (Unit, UnitSuccession, UnitTree)))


def _content(table: type[Base]) -> Any:
    """All rows of `table` as one text, but for uids: they never change, and are no text on SQLite.
    Menus are made of the tree, so it counts although no book holds it."""
    shown = (column for column in table.__table__.columns if not isinstance(column.type, Uid))
    texts: Iterable[ColumnElement[str]] = (func.coalesce(cast(column, String), "") for column in shown)
    row = reduce(lambda text, column: text.concat("|").concat(column), texts)
    return select(func.aggregate_strings(row, "\n")).select_from(table).scalar_subquery()


def _units() -> tuple[UnitEntry, ...]:
    columns: Sequence[Any] = [getattr(Unit, name) for name in UnitEntry._fields]
    found = read_rows(select(*columns).order_by(Unit.name_key, Unit.id))
    return tuple(UnitEntry(*row) for row in found)


def _successions() -> tuple[tuple[int, int], ...]:
    found = read_rows(select(UnitSuccession.old_id, UnitSuccession.new_id))
    return tuple((old, new) for old, new in found)
