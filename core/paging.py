"""Paging by key: a page starts after a row, not after a number of rows, so its cost does not grow
with the page's place, and a row added meanwhile shifts nothing.

A cursor is the uid of the row a page starts after or ends before; integer keys never leave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, literal, or_, select

from core.db import db
from core.errors import Missing
from core.ids import is_uid
from core.text import word_key

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
    the cursor's key, the rows, the count. A cursor no longer in view starts at the beginning."""
    args = request.args
    after, before = _cursor(query, keyset, args.get("after")), _cursor(query, keyset, args.get("before"))
    total, exact = count_up_to(query, None if args.get("count") == "all" else EXACT_LIMIT)
    initial = args.get("from") if letters and args.get("from") in INITIALS else None
    backwards = before is not None and after is None
    page = query.order_by(None)
    if after is not None:
        page = page.where(_beyond(keyset, after, forward=True))
    elif before is not None:
        page = page.where(_beyond(keyset, before, forward=False))
    elif initial:
        page = page.where(keyset.columns[0] >= word_key(initial).split(" ")[0])
    page = page.order_by(*_order(keyset, backwards)).limit(size + 1)
    found = list(db.session.execute(page))
    more = len(found) > size
    rows = found[:size]
    if backwards:
        rows.reverse()
    started_inside = after is not None or bool(initial) or (backwards and more)
    return Page(
        rows=rows,
        first_url=_url() if started_inside else None,
        prev_url=_url(before=_uid(rows[0])) if rows and started_inside else None,
        next_url=_url(after=_uid(rows[-1])) if rows and (backwards or more) else None,
        total_text=_total(total, exact),
        count_url=None if exact else _url(count="all"),
        letters=tuple(Letter(x, _url(**{"from": x}), x == initial) for x in INITIALS) if letters else (),
    )


def count_up_to(query: Select[Any], limit: int | None) -> tuple[int, bool]:
    """Rows of `query`, and whether the number is exact; stops counting one above `limit`."""
    inner = query.order_by(None)
    if limit is not None:
        inner = inner.limit(limit + 1)
    total = db.session.scalar(select(func.count()).select_from(inner.subquery())) or 0
    if limit is not None and total > limit:
        return limit, False
    return total, True


def _cursor(query: Select[Any], keyset: Keyset, uid: str | None) -> Sequence[Any] | None:
    if uid is None:
        return None
    if not is_uid(uid):
        raise Missing
    row = db.session.execute(
        query.with_only_columns(*keyset.columns).where(keyset.uid == uid).order_by(None)
    ).first()
    return None if row is None else tuple(row)


def _beyond(keyset: Keyset, key: Sequence[Any], *, forward: bool) -> ColumnElement[bool]:
    """Rows after (or before) `key`, written out so that both engines use the index: the first
    column bounds the range, the rest break ties."""
    upwards = forward != keyset.descending
    first, bound = keyset.columns[0], literal(key[0])
    ties: ColumnElement[bool] | None = None
    for column, value in reversed(list(zip(keyset.columns, key, strict=True))):
        step = column > value if upwards else column < value
        ties = step if ties is None else or_(step, and_(column == value, ties))
    assert ties is not None
    return and_(first >= bound if upwards else first <= bound, ties)


def _order(keyset: Keyset, backwards: bool) -> list[ColumnElement[Any]]:
    if keyset.descending != backwards:
        return [column.desc() for column in keyset.columns]
    return [column.asc() for column in keyset.columns]


def _uid(row: Any) -> str:
    """The uid of a result row: a mapped object in the first place, or a column named uid."""
    mapping: Mapping[str, Any] = row._mapping
    found: str = mapping["uid"] if "uid" in mapping else row[0].uid
    return found


def _url(**cursor: str) -> str:
    """This list with another cursor; filters stay. Not through `url_for`: a parameter may have any name."""
    kept = {
        name: values
        for name, values in request.args.lists()
        if name not in ("after", "before", "from") and not (name == "count" and cursor)
    }
    query = urlencode({**kept, **cursor}, doseq=True)
    return request.path + (f"?{query}" if query else "")


def _total(total: int, exact: bool) -> str:
    from flask_babel import format_decimal

    number = format_decimal(total)
    return _("%(number)s rows", number=number) if exact else _("more than %(number)s rows", number=number)
