"""What was counted or gathered is kept until something changes: figures, totals, the units.

Every change leaves a row in the log, in the same transaction; the log's head knows the number of the last
row that tells of a change (`AuditHead.changed`), and the statement that reads the sign-in brings it along.
Readings, which leave rows too, move nothing. Kept in memory of the process, never in a header of an answer.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import count
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from flask import g, has_request_context
from sqlalchemy import Engine, ScalarSelect, event, select
from sqlalchemy.orm import Session

from core.audit import AuditHead
from core.db import Base, db
from core.scope import writing_allowed

Made = TypeVar("Made")
Stamp = tuple[int, int]

#: Things kept at once by one process; the one not asked for longest goes first.
KEPT = 200
#: Tables whose rows nothing that is kept is made of: accounts at work write them all the time.
_ASIDE = frozenset(("draft", "login_attempt", "submission", "user", "user_session"))

_own_changes = count(1)
_own: list[int] = [0]
_kept: WeakKeyDictionary[Engine, OrderedDict[Hashable, tuple[Stamp, Any]]] = WeakKeyDictionary()
#: Threads share what is kept; held for a look and for a line, never while something is made.
_lock = Lock()


def last_change() -> ScalarSelect[int]:
    """Number of the log's last row that tells of a change, for the statement that reads the sign-in."""
    return select(AuditHead.changed).where(AuditHead.id == 1).scalar_subquery()


def until_changed(key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` gives, kept for `key` until something is changed. It must follow from the data and
    the key alone: whoever sees less than everything belongs in the key, and so does the day. Inside an
    action nothing is kept: what it has written is nobody else's yet, and may be rolled back."""
    if writing_allowed.get():
        return make()
    known = _kept.setdefault(db.engine, OrderedDict())
    stamp = _stamp()
    with _lock:
        found = known.pop(key, None)
    if found is None or found[0] != stamp:
        found = (stamp, make())
    with _lock:
        known[key] = found  # the youngest again, remade or not
        while len(known) > KEPT:
            known.popitem(last=False)
    made: Made = found[1]
    return made


def _stamp() -> Stamp:
    """The log's number, and this process's own count: a row written past the log is seen at once here."""
    known = g.get("last_change") if has_request_context() else None
    if known is None:
        known = db.session.scalar(select(last_change())) or 0
        if has_request_context():
            g.last_change = known
    return known, _own[0]


def _count(*_args: Any) -> None:
    _own[0] = next(_own_changes)


@event.listens_for(Session, "after_flush")
def _written(session: Session, _context: Any) -> None:
    rows = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, Base) and row.__tablename__ not in _ASIDE for row in rows):
        _count()


# A connection that is made anew may lead to another copy of the file.
event.listen(Engine, "connect", _count)
