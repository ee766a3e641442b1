"""The canonical dump: what the register holds, the same text for the same contents on either engine.

Register tables only, ordered by natural key; no ids, times of entry, batches or trail. Two
registers are "the same" when their dumps are equal (backup, restore, move and import tests).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.audit import plain
from core.db import db, to_json
from core.files import Document
from core.law import RuleInForce
from core.scope import bind_viewer, system_viewer
from core.subjects import registered
from core.units import Unit, UnitSuccession

Rows = Iterable[Mapping[str, Any]]


def canonical_lines() -> Iterator[str]:
    """One JSON line per row: first the kernel's tables, then each subject's in the order of imports."""
    with bind_viewer(system_viewer("canonical dump")):
        for table, rows in (*kernel_tables(), *_of_subjects()):
            yield from sorted(line(table, row) for row in rows)
        db.session.rollback()


def line(table: str, row: Mapping[str, Any]) -> str:
    """A row as text. The natural key stands first in the row, so sorting lines orders by it: the
    order of columns is kept, unlike in other JSON of this program."""
    columns = ",".join(f"{to_json(name)}:{to_json(plain(value))}" for name, value in row.items())
    return f'{{"table":{to_json(table)},{columns}}}'


def kernel_tables() -> list[tuple[str, Rows]]:
    """Units, what became of them, the rules in force and the files."""
    return [
        ("unit", _units()),
        ("unit_succession", _successions()),
        ("rule_in_force", _rules()),
        ("document", _documents()),
    ]


def _of_subjects() -> Iterator[tuple[str, Rows]]:
    for subject in registered():
        if subject.dump is not None:
            yield from subject.dump()


def _units() -> Rows:
    parent = aliased(Unit)
    query = select(Unit, parent.code, parent.valid_from).outerjoin(parent, Unit.parent_id == parent.id)
    return [
        {
            "code": unit.code,
            "valid_from": unit.valid_from,
            "name": unit.name,
            "kind": unit.kind,
            "block": unit.block,
            "parent": code,
            "parent_from": since,
            "valid_to": unit.valid_to,
        }
        for unit, code, since in db.session.execute(query)
    ]


def _successions() -> Rows:
    old, new = aliased(Unit), aliased(Unit)
    query = (
        select(old.code, old.valid_from, new.code, new.valid_from, UnitSuccession.on)
        .join(old, UnitSuccession.old_id == old.id)
        .join(new, UnitSuccession.new_id == new.id)
    )
    names = ("old", "old_from", "new", "new_from", "on")
    return [dict(zip(names, row, strict=True)) for row in db.session.execute(query)]


def _rules() -> Rows:
    names = ("code", "categories", "valid_from", "valid_to", "value", "legal_basis", "certainty", "note")
    return [{name: getattr(rule, name) for name in names} for rule in db.session.scalars(select(RuleInForce))]


def _documents() -> Rows:
    names = ("sha256", "name", "size", "media_type")
    return [{name: getattr(row, name) for name in names} for row in db.session.scalars(select(Document))]
