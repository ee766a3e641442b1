"""Row scope: every read of a scoped table is filtered in the session by what the viewer may see.

Views never filter by unit themselves; forgetting is impossible because there is nothing to
remember. Statements the session cannot filter (raw SQL, core tables, bulk writes) are refused.
A scoped table without a bound viewer raises. Hidden and absent rows answer alike.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    Table,
    TextClause,
    event,
    false,
    select,
)
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import TextualSelect

from core.clock import today
from core.db import Base, db
from core.errors import ScopeError
from core.permissions import Permission, Realm, Role
from core.units import Block, Unit, UnitTree


class Everything(Enum):
    """The scope of a grant at the province's root: no unit criterion at all."""

    EVERYTHING = "everything"


EVERYTHING = Everything.EVERYTHING
#: What a grant reaches: everything, or root units, each with the block it was granted for.
Reach = Everything | frozenset[tuple[int, Block]]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, in one role, today. A value: equal viewers share their cached criteria."""

    user_id: int | None
    user_uid: str | None
    name: str
    person_id: int | None
    role: Role | None
    acting_for: str | None
    permissions: frozenset[Permission]
    scopes: tuple[tuple[Realm, Reach], ...]
    today: date
    unit_label: str = field(default="", compare=False)
    session_id: int | None = field(default=None, compare=False)

    def can(self, permission: Permission) -> bool:
        """Whether the role held now carries `permission`."""
        return permission in self.permissions

    def scope(self, realm: Realm) -> Reach:
        """What the viewer reaches in `realm`; nothing is an empty frozenset."""
        return dict(self.scopes).get(realm, frozenset())

    def sees_everything(self, realm: Realm) -> bool:
        """Whether no unit criterion applies in `realm`."""
        return self.scope(realm) is EVERYTHING


#: Begins the name of a viewer that is the program itself.
PROGRAM = "system: "


def system_viewer(reason: str, day: date | None = None) -> Viewer:
    """The viewer of work done by the program itself; `reason` stands in the log as its name."""
    everything: tuple[tuple[Realm, Reach], ...] = tuple((realm, EVERYTHING) for realm in Realm)
    return Viewer(
        user_id=None,
        user_uid=None,
        name=f"{PROGRAM}{reason}",
        person_id=None,
        role=None,
        acting_for=None,
        permissions=frozenset(Permission),
        scopes=everything,
        today=day or today(),
    )


_viewer: ContextVar[Viewer | None] = ContextVar("viewer", default=None)
_in_flush: ContextVar[bool] = ContextVar("in_flush", default=False)
#: Set by `core.actions` while a write is under way; the flush refuses without it.
writing_allowed: ContextVar[bool] = ContextVar("writing_allowed", default=False)


def current_viewer() -> Viewer | None:
    """The viewer bound to this request or command, if any."""
    return _viewer.get()


@contextmanager
def bind_viewer(viewer: Viewer | None) -> Iterator[None]:
    """Binds `viewer` for the block; every read from here is filtered for it."""
    reset = _viewer.set(viewer)
    try:
        yield
    finally:
        _viewer.reset(reset)


@contextmanager
def system_scope(reason: str) -> Iterator[Session]:
    """A session of its own that sees everything, for reads the program needs beyond the viewer
    (uniqueness, numbering). Its own session, because rows loaded under a wider scope would stay
    in the request's identity map. Uses are counted by name in a test."""
    with bind_viewer(system_viewer(reason)), Session(db.engine) as session:
        yield session


class Scoped:
    """Mixin of every mapped class whose rows are not for everyone."""

    realm: ClassVar[Realm]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        """The rows `viewer` may see; None: all of them."""
        raise NotImplementedError(cls.__name__)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        """(class, id) pairs a viewer must reach to write this row; `Unit` means the unit itself."""
        raise NotImplementedError(type(self).__name__)


def units_in_scope(viewer: Viewer, realm: Realm) -> Select[int]:
    """Ids of the units a restricted viewer reaches in `realm`: the subtree of each granted root,
    within the block of the grant."""
    reach = viewer.scope(realm)
    if reach is EVERYTHING:
        raise ValueError("no unit criterion applies")
    roots_of: dict[Block, list[int]] = {}
    for root, block in sorted(reach):
        roots_of.setdefault(block, []).append(root)
    query = select(UnitTree.unit_id)
    if not roots_of:
        return query.where(false())
    if len(roots_of) > 1:
        raise ValueError("one role at a time: the grants of a viewer share their block")
    ((block, roots),) = roots_of.items()
    return query.where(UnitTree.ancestor_id.in_(roots), UnitTree.block == block)


def scoped_classes() -> list[type[Any]]:
    """Every mapped class that carries the mixin."""
    return [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Scoped)]


@lru_cache(maxsize=1)
def _scoped_tables() -> frozenset[str]:
    return frozenset(cls.__tablename__ for cls in scoped_classes())


@lru_cache(maxsize=512)
def options_for(viewer: Viewer) -> tuple[ORMOption, ...]:
    """The loader criteria of one viewer, built once and shared by equal viewers."""
    found = []
    for cls in scoped_classes():
        criterion = cls.visible_to(viewer)
        if criterion is not None:
            # Relationship loads pass the hook themselves; propagating would filter them twice.
            found.append(
                with_loader_criteria(cls, criterion, include_aliases=True, propagate_to_loaders=False)
            )
    return tuple(found)


#: What was found in a statement, and what became of it for a viewer. Statements never change once they
#: are built, and those of the busiest pages are built once a process: they are looked through once.
_touching: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()
_with_text: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()
_narrowed: WeakKeyDictionary[Any, dict[Viewer, Any]] = WeakKeyDictionary()
#: Viewers whose version of one statement is kept.
_VIEWERS_KEPT = 64
_BY_SCOPE = {"_scoped": True}


def _touches_scoped(statement: Any) -> bool:
    found = _touching.get(statement)
    if found is None:
        tables = _scoped_tables()
        found = any(isinstance(part, Table) and part.name in tables for part in visitors.iterate(statement))
        _touching[statement] = found
    return found


def _has_text(statement: Any) -> bool:
    found = _with_text.get(statement)
    if found is None:
        found = any(isinstance(part, TextClause | TextualSelect) for part in visitors.iterate(statement))
        _with_text[statement] = found
    return found


def _narrow(statement: Any, viewer: Viewer) -> Any:
    """`statement` with the criteria of `viewer`."""
    options = options_for(viewer)
    if not options:
        return statement
    kept = _narrowed.setdefault(statement, {})
    found = kept.get(viewer)
    if found is None:
        if len(kept) >= _VIEWERS_KEPT:
            kept.clear()
        found = kept[viewer] = statement.options(*options)
    return found


def read_rows(statement: Any, values: dict[str, Any] | None = None) -> Any:
    """The rows of a select of columns, within the viewer's scope, as `db.session.execute` gives them.

    For statements that are built once and run at every page: the criteria are put on as the hook
    below does, and SQLAlchemy's way from a session to rows, as long again as the statement, is left out."""
    viewer, session = current_viewer(), db.session()
    if not statement.is_select or _has_text(statement):
        raise ScopeError("only a select is read past the session")
    filtered = viewer is not None and statement._propagate_attrs.get("compile_state_plugin") == "orm"
    if not filtered and _touches_scoped(statement):
        raise ScopeError("scoped rows read with no viewer bound, or from their table: use the mapped class")
    if viewer is not None and filtered:
        statement = _narrow(statement, viewer)
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, values, execution_options=_BY_SCOPE)


@event.listens_for(Session, "do_orm_execute")
def _filter(state: ORMExecuteState) -> None:
    if state.execution_options.get("unscoped"):
        return
    viewer = current_viewer()
    state.update_execution_options(_scoped=True)
    if state.is_orm_statement:
        _filter_orm(state, viewer)
    elif _has_text(state.statement) or _touches_scoped(state.statement):
        raise ScopeError("a core or raw statement on scoped rows: use the mapped class")


def _filter_orm(state: ORMExecuteState, viewer: Viewer | None) -> None:
    if viewer is None:
        if _touches_scoped(state.statement) or _has_text(state.statement):
            raise ScopeError("scoped rows read with no viewer bound")
        return
    if state.is_column_load:
        return
    if state.is_insert or state.is_update or state.is_delete:
        if _touches_scoped(state.statement):
            raise ScopeError("bulk write on scoped rows: change them one by one, or core.db.insert_rows")
        return
    if state.is_from_statement and _has_text(state.statement):
        raise ScopeError("raw SQL on scoped rows")
    state.statement = _narrow(state.statement, viewer)


@event.listens_for(Engine, "before_execute")
def _backstop(conn, clause, _multiparams, _params, execution_options):  # type: ignore[no-untyped-def]
    options = {**conn.get_execution_options(), **execution_options}
    if options.get("_scoped") or options.get("unscoped") or _in_flush.get():
        return
    if getattr(clause, "is_ddl", False) or getattr(clause, "__visit_name__", "") == "sequence":
        return
    if (isinstance(clause, TextClause) or _touches_scoped(clause)) and current_viewer() is not None:
        raise ScopeError("a statement went around the session")
    if current_viewer() is None and not isinstance(clause, TextClause) and _touches_scoped(clause):
        raise ScopeError("scoped rows touched with no viewer bound")


@event.listens_for(Session, "before_flush")
def _check_writes(session: Session, _context: Any, _instances: Any) -> None:
    changed = [*session.new, *(row for row in session.dirty if session.is_modified(row)), *session.deleted]
    if changed and not writing_allowed.get():
        raise ScopeError(f"{type(changed[0]).__name__} written outside an action")
    scoped = [row for row in changed if isinstance(row, Scoped)]
    viewer = current_viewer()
    if scoped and viewer is None:
        raise ScopeError("scoped rows written with no viewer bound")
    with session.no_autoflush:
        for row in scoped:
            assert viewer is not None
            _check_parents(session, viewer, row)
    for row in session.dirty:
        if hasattr(row, "version") and session.is_modified(row):
            row.version += 1
    _in_flush.set(True)


def _check_parents(session: Session, viewer: Viewer, row: Scoped) -> None:
    if viewer.sees_everything(row.realm):
        return
    for parent, key in row.scope_parents():
        if parent is Unit:
            found = session.scalar(units_in_scope(viewer, row.realm).where(UnitTree.unit_id == key).limit(1))
        else:
            found = session.scalar(select(parent.id).where(parent.id == key))
        if found is None:
            raise ScopeError(f"{type(row).__name__} written outside the viewer's scope")


def _flush_over(*_args: Any) -> None:
    _in_flush.set(False)


event.listen(Session, "after_flush_postexec", _flush_over)
event.listen(Session, "after_soft_rollback", _flush_over)
