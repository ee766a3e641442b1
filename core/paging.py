"""Paging by key: a page starts after a row, not after a number of rows, so its cost does not grow
with the page's place, and a row added meanwhile shifts nothing.

A cursor is the uid of the row a page starts after or ends before; integer keys never leave.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode
from weakref import WeakKeyDictionary

from flask import request
from flask_babel import gettext as _
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from core.changes import until_changed
from core.db import db
from core.errors import Missing
from core.ids import Uid, is_uid
from core.scope import current_viewer, read_rows
from core.text import word_key
from core.words import show_number

PAGE_SIZE = 50
#: Totals are exact up to here; above, "3.000+" with a link that counts.
EXACT_LIMIT = 3000
#: Vietnamese initials of given names.
INITIALS = ("A", "B", "C", "D", "Đ", "E", "G", "H", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T",
            "U", "V", "X", "Y")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """One initial to jump to."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows with where to go from it."""

    rows: Sequence[Any]
    first_url: str | None
    prev_url: str | None
    next_url: str | None
    total_text: str
    count_url: str | None
    letters: tuple[Letter, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyset:
    """What a list is ordered by: columns (each with its direction), the last of them unique."""

    columns: tuple[SQLColumnExpression[Any], ...]
    uid: SQLColumnExpression[str]
    descending: bool = False


def paginate(query: Select[Any], keyset: Keyset, *, letters: bool = False, size: int = PAGE_SIZE) -> Page:
    """One page of `query` by the request's `after`, `before` or `from`. Three statements at most:
    the cursor's key, the rows, the count. A cursor no longer in view starts at the beginning.

    What is made of a query is kept with it: a query that is kept itself is compiled once."""
    args, shapes = request.args, _Shapes.of(query, keyset)
    after, before = shapes.cursor(args.get("after")), shapes.cursor(args.get("before"))
    total, exact = shapes.count(None if args.get("count") == "all" else EXACT_LIMIT)
    initial = args.get("from") if letters and args.get("from") in INITIALS else None
    backwards = before is not None and after is None
    if after is not None:
        found = shapes.rows("after", size, after)
    elif before is not None:
        found = shapes.rows("before", size, before)
    elif initial:
        found = shapes.rows("from", size, [word_key(initial).split(" ")[0]])
    else:
        found = shapes.rows("start", size, ())
    more = len(found) > size
    rows = found[:size]
    if backwards:
        rows.reverse()
    started_inside = after is not None or bool(initial) or (backwards and more)
    here, first = _address(), _address(keep_count=True)
    return Page(
        rows=rows,
        first_url=first if started_inside else None,
        prev_url=_with(here, "before", _uid(rows[0])) if rows and started_inside else None,
        next_url=_with(here, "after", _uid(rows[-1])) if rows and (backwards or more) else None,
        total_text=_total(total, exact),
        count_url=None if exact else _with(here, "count", "all"),
        letters=_letters(here, initial) if letters else (),
    )


def page_of(rows: Sequence[Any], size: int = PAGE_SIZE) -> Page:
    """One page of rows that were found already, each with a uid, by the request's `after` or `before`.
    A cursor no longer in view starts at the beginning."""
    places = {row.uid: place for place, row in enumerate(rows)}
    after, before = places.get(request.args.get("after")), places.get(request.args.get("before"))
    start = after + 1 if after is not None else max(0, before - size) if before is not None else 0
    shown = rows[start : before if after is None and before is not None else start + size]
    here, beyond = _address(), start + len(shown) < len(rows)
    return Page(
        rows=shown,
        first_url=here if start else None,
        prev_url=_with(here, "before", shown[0].uid) if shown and start else None,
        next_url=_with(here, "after", shown[-1].uid) if shown and beyond else None,
        total_text=_total(len(rows), True),
        count_url=None,
    )


def count_up_to(query: Select[Any], limit: int | None) -> tuple[int, bool]:
    """Rows of `query`, and whether the number is exact; stops counting one above `limit`."""
    return _told(db.session.scalar(_counting(query, limit)) or 0, limit)


class _Shapes:
    """The statements made of one query: its count, and its pages by where they start. The places
    themselves are parameters."""

    _of: WeakKeyDictionary[Select[Any], "_Shapes"] = WeakKeyDictionary()

    def __init__(self, query: Select[Any], keyset: Keyset):
        self.keyset = keyset
        plain = query.order_by(None)
        self.start = plain
        self.key = plain.with_only_columns(*keyset.columns).where(keyset.uid == bindparam("uid", type_=Uid()))
        self.narrow = plain.with_only_columns(keyset.columns[-1])
        self.of_columns = all(part["expr"] is not part["entity"] for part in query.column_descriptions)
        self.made: dict[Any, Select[Any]] = {}
        self.is_kept = False

    @classmethod
    def of(cls, query: Select[Any], keyset: Keyset) -> "_Shapes":
        found = cls._of.get(query)
        if found is None or found.keyset is not keyset:
            found = cls._of[query] = cls(query, keyset)
        else:
            found.is_kept = True
        return found

    def cursor(self, uid: str | None) -> Sequence[Any] | None:
        """The key of the row a page starts after or ends before."""
        if uid is None:
            return None
        if not is_uid(uid):
            raise Missing
        row = read_rows(self.key, {"uid": uid}).first()
        return None if row is None else tuple(row)

    def count(self, limit: int | None) -> tuple[int, bool]:
        """The number of rows; of a query that comes again it is kept until something changes."""
        statement = self._kept(("count", limit), lambda: _counting(self.narrow, limit))

        def ask() -> int:
            return read_rows(statement).scalar() or 0

        key = ("count", statement, current_viewer())
        return _told(until_changed(key, ask) if self.is_kept else ask(), limit)

    def rows(self, place: str, size: int, key: Sequence[Any]) -> list[Any]:
        """At most one row more than `size` from that place on."""
        statement = self._kept((place, size), lambda: self._page(place, size))
        values = {f"key_{number}": value for number, value in enumerate(key)}
        if not self.of_columns:
            return list(db.session.execute(statement, values))

        def ask() -> list[Any]:
            return list(read_rows(statement, values).all())

        # Rows of columns hold nothing of a session: who comes back to a list finds it as it was.
        return list(
            until_changed(("rows", statement, *key, current_viewer()), ask) if self.is_kept else ask()
        )

    def _page(self, place: str, size: int) -> Select[Any]:
        page, columns = self.start, self.keyset.columns
        if place == "from":
            page = page.where(columns[0] >= _parameter(columns, 0))
        elif place != "start":
            page = page.where(_beyond(self.keyset, forward=place == "after"))
        return page.order_by(*_order(self.keyset, place == "before")).limit(size + 1)

    def _kept(self, key: Any, make: Callable[[], Select[Any]]) -> Select[Any]:
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]


def _counting(query: Select[Any], limit: int | None) -> Select[Any]:
    inner = query.order_by(None)
    if limit is not None:
        inner = inner.limit(limit + 1)
    return select(func.count()).select_from(inner.subquery())


def _told(total: int, limit: int | None) -> tuple[int, bool]:
    return (limit, False) if limit is not None and total > limit else (total, True)


def _parameter(columns: Sequence[SQLColumnExpression[Any]], number: int) -> BindParameter[Any]:
    column: Any = columns[number]
    return bindparam(f"key_{number}", type_=column.type)


def _beyond(keyset: Keyset, *, forward: bool) -> ColumnElement[bool]:
    """Rows after (or before) the key, written out so that both engines use the index: the first
    column bounds the range, the rest break ties."""
    upwards = forward != keyset.descending
    columns = keyset.columns
    ties: ColumnElement[bool] | None = None
    for number in reversed(range(len(columns))):
        column, value = columns[number], _parameter(columns, number)
        step = column > value if upwards else column < value
        ties = step if ties is None else or_(step, and_(column == value, ties))
    assert ties is not None
    bound = _parameter(columns, 0)
    return and_(columns[0] >= bound if upwards else columns[0] <= bound, ties)


def _order(keyset: Keyset, backwards: bool) -> list[ColumnElement[Any]]:
    if keyset.descending != backwards:
        return [column.desc() for column in keyset.columns]
    return [column.asc() for column in keyset.columns]


def _uid(row: Any) -> str:
    """The uid of a result row: a mapped object in the first place, or a column named uid."""
    mapping: Mapping[str, Any] = row._mapping
    found: str = mapping["uid"] if "uid" in mapping else row[0].uid
    return found


def _address(*, keep_count: bool = False) -> str:
    """This list without its place in it; filters stay. Not through `url_for`: a parameter may have
    any name."""
    left_out = ("after", "before", "from") if keep_count else ("after", "before", "from", "count")
    kept = {name: values for name, values in request.args.lists() if name not in left_out}
    return request.path + (f"?{urlencode(kept, doseq=True)}" if kept else "")


def _with(address: str, name: str, value: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{name}={quote_plus(value)}"


@lru_cache(maxsize=64)
def _letters(address: str, initial: str | None) -> tuple[Letter, ...]:
    return tuple(Letter(x, _with(address, "from", x), x == initial) for x in INITIALS)


def _total(total: int, exact: bool) -> str:
    number = show_number(total)
    return _("%(number)s rows", number=number) if exact else _("more than %(number)s rows", number=number)
