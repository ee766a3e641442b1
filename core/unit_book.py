"""All units of the register kept in memory: menus of every page are made of them.

Units change a few times in a decade. Each use asks the database for a stamp of the table (one cheap
statement) and reads it anew when the stamp moved or the copy is a minute old; no date is kept with it.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select

from core.db import db
from core.units import Unit, UnitKind

Made = TypeVar("Made")

#: A unit renamed in place moves no stamp; the name is seen after so many seconds at the latest.
KEPT_SECONDS = 60
#: Things made of one book that are kept: menus of so many viewers and days.
MADE_KEPT = 100


class UnitEntry(NamedTuple):
    """One unit as menus need it."""

    id: int
    uid: str
    code: str
    name: str
    kind: UnitKind
    parent_id: int | None
    valid_from: date | None
    valid_to: date | None

    def exists_on(self, day: date) -> bool:
        """Whether the unit stands on `day` (twin of `core.units.standing_on`)."""
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_to is None or day <= self.valid_to)


@dataclass(slots=True, eq=False)
class UnitBook:
    """The units as of one stamp, in Vietnamese order, and what was made of them."""

    stamp: tuple[Any, ...]
    read_at: float
    units: tuple[UnitEntry, ...]
    _made: dict[Hashable, Any] = field(default_factory=dict)

    def made(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for `key`; it depends on these units and the key alone."""
        found: Made | None = self._made.get(key)
        if found is None:
            if len(self._made) >= MADE_KEPT:
                self._made.clear()
            found = self._made[key] = make()
        return found


_books: WeakKeyDictionary[Engine, UnitBook] = WeakKeyDictionary()


def unit_book() -> UnitBook:
    """Every unit there is or was. One statement, a second one when something changed."""
    stamp, moment = tuple(db.session.execute(_stamp()).one()), time.monotonic()
    book = _books.get(db.engine)
    if book is None or book.stamp != stamp or moment - book.read_at > KEPT_SECONDS:
        rows = db.session.execute(_all_units())
        book = _books[db.engine] = UnitBook(stamp, moment, tuple(UnitEntry(*row) for row in rows))
    return book


@cache
def _stamp() -> Any:
    ends = func.count(Unit.valid_to), func.max(Unit.valid_to)
    return select(func.count(Unit.id), func.max(Unit.uid), func.max(Unit.valid_from), *ends)


@cache
def _all_units() -> Any:
    columns = (
        Unit.id,
        Unit.uid,
        Unit.code,
        Unit.name,
        Unit.kind,
        Unit.parent_id,
        Unit.valid_from,
        Unit.valid_to,
    )
    return select(*columns).order_by(Unit.name_key, Unit.code, Unit.id)
