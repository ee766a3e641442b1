"""Loads what every register stands on, idempotently: units with their history, and the rules in force."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from core import audit
from core.actions import action
from core.db import db, insert_rows, is_sqlite
from core.ids import new_uid
from core.law import load_rules
from core.scope import Viewer, bind_viewer, system_viewer
from core.seed_data import UnitSeed, provincial_units
from core.subjects import registered
from core.text import fold, sort_key
from core.units import Unit, UnitSuccession, UnitTree


def load_law_and_units() -> None:
    """Units, and the rules in force of every subject of the running application."""
    load_reference([subject.law for subject in registered() if subject.law is not None])
    db.session.remove()


def load_reference(law: Iterable[Path]) -> None:
    """Units and rules for an empty register; leaves what is there untouched."""
    viewer = system_viewer("reference data")
    with bind_viewer(viewer):
        if not db.session.scalar(select(func.count()).select_from(Unit)):
            load_units(by=viewer, seeds=provincial_units())
        load_rules(by=viewer, paths=list(law))


@action(None)
def load_units(*, by: Viewer, seeds: list[UnitSeed]) -> int:
    """Writes the tree: units, their closure and what went into what. Parents come before children."""
    ids = {(seed.code, seed.valid_from): number for number, seed in enumerate(seeds, 1)}
    above: dict[int, list[int]] = {}
    for number, seed in enumerate(seeds, 1):
        parent = _parent_of(seed, ids)
        above[number] = [*(above[parent] if parent else []), number]
    insert_rows(db.session, Unit, [_unit_row(n, seed, above[n]) for n, seed in enumerate(seeds, 1)])
    tree = [
        {"ancestor_id": ancestor, "unit_id": number, "block": seed.block}
        for number, seed in enumerate(seeds, 1)
        for ancestor in above[number]
    ]
    if not is_sqlite(db.engine):
        # The keys above were given, not drawn: the next unit is to get the key after them.
        following = "SELECT setval(pg_get_serial_sequence('unit', 'id'), (SELECT max(id) FROM unit))"
        db.session.connection().exec_driver_sql(following)
    insert_rows(db.session, UnitTree, tree)
    insert_rows(db.session, UnitSuccession, _successions(seeds, ids))
    audit.record(audit.AuditType.SEEDED, "unit", values={"units": len(seeds)})
    return len(seeds)


def _unit_row(number: int, seed: UnitSeed, path: list[int]) -> dict[str, object]:
    return {
        "id": number,
        "uid": new_uid(),
        "code": seed.code,
        "name": seed.name,
        "name_fold": fold(seed.name),
        "name_key": unit_key(seed.name),
        "kind": seed.kind,
        "block": seed.block,
        "parent_id": path[-2] if len(path) > 1 else None,
        "valid_from": seed.valid_from,
        "valid_to": seed.valid_to,
    }


def _parent_of(seed: UnitSeed, ids: dict[tuple[str, date | None], int]) -> int | None:
    """Codes are reused: the parent is the bearer of the code on the child's own first day."""
    if seed.parent_code is None:
        return None
    return ids.get((seed.parent_code, seed.valid_from)) or ids[(seed.parent_code, None)]


def _successions(seeds: list[UnitSeed], ids: dict[tuple[str, date | None], int]) -> list[dict[str, object]]:
    return [
        {"old_id": ids[(old, None)], "new_id": ids[(seed.code, seed.valid_from)], "since": seed.valid_from}
        for seed in seeds
        for old in seed.predecessors
    ]


def unit_key(name: str) -> str:
    """Units sort by their name read from the left, after the word for their kind: "Xã Búng Lao"
    stands under B. The sort key puts the last word first, so the words are turned round."""
    words = name.split()
    if words and words[0] in ("Xã", "Phường", "Sở", "Huyện"):
        words = words[1:]
    elif words[:2] in (["Thị", "trấn"], ["Thị", "xã"], ["Thành", "phố"]):
        words = words[2:]
    return sort_key(" ".join([*words[1:], *words[:1]])) if words else ""
