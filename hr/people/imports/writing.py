"""From plans to rows: what a confirmed import writes for people already there, in few statements.

Everything is made ready before the gate; inside it only statements run (lock of at most a second).
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam

from core import audit
from core.audit import AuditType
from core.db import Base, db, insert_rows
from core.ids import new_uid
from core.scope import Viewer
from hr.people import entry, load
from hr.people.imports.matching import Held, Plan
from hr.people.models import Assignment, Person, PersonBackground, PersonToken, Qualification, RankStep

Columns = dict[str, Any]


@dataclass(slots=True)
class Prepared:
    """What confirming writes: new files, and rows of people already there with the version they had."""

    register: load.Prepared
    versions: dict[int, int] = field(default_factory=dict)
    inserts: dict[type[Base], list[Columns]] = field(default_factory=dict)
    #: (class, names of the columns) → values with the row's key under "key".
    updates: dict[tuple[type[Base], tuple[str, ...]], list[Columns]] = field(default_factory=dict)
    renamed: list[int] = field(default_factory=list)
    logged: list[tuple[Held, str, dict[str, Any]]] = field(default_factory=list)

    def insert(self, cls: type[Base], row: Columns) -> None:
        """Adds a new row."""
        self.inserts.setdefault(cls, []).append(row)

    def update(self, cls: type[Base], key: int, values: Columns) -> None:
        """Sets columns of a row."""
        self.updates.setdefault((cls, tuple(sorted(values))), []).append({"key": key, **values})


def prepare(by: Viewer, plans: list[Plan]) -> Prepared:
    """Checks the new files and makes every row ready; outside the gate."""
    seeds = [plan.seed for plan in plans if plan.seed is not None]
    prepared = Prepared(register=load.prepare_register(by, seeds))
    for plan in plans:
        if plan.person is not None and plan.changes:
            _prepare_change(prepared, plan, plan.person)
    return prepared


def write_changes(by: Viewer, prepared: Prepared) -> None:
    """Runs the prepared statements inside the gate, one row in the log per person."""
    for (cls, names), rows in prepared.updates.items():
        _update(cls, names, rows)
    _forget_tokens(prepared.renamed)
    for cls, rows in prepared.inserts.items():
        insert_rows(db.session, cls, rows)
    for held, name, changes in prepared.logged:
        audit.record(AuditType.PERSON_CHANGED, Person(uid=held.uid, full_name=name), values=changes)


def _prepare_change(prepared: Prepared, plan: Plan, held: Held) -> None:
    prepared.versions[held.id] = held.version
    name = plan.facts.get("full_name", held.facts["full_name"])
    facts: Columns = {**plan.facts, "version": held.version + 1}
    if "full_name" in plan.facts:
        facts |= entry.name_columns(plan.facts["full_name"])
        name = facts["full_name"]
        prepared.renamed.append(held.id)
        for token in entry.token_columns(name):
            prepared.insert(PersonToken, {**token, "person_id": held.id})
    prepared.update(Person, held.id, facts)
    if plan.background:
        _prepare_background(prepared, plan, held)
    if plan.place is not None and held.place is not None:
        prepared.update(Assignment, held.place.id, {"ends_on": plan.place.starts_on - timedelta(days=1)})
        row = entry.assignment_columns(plan.place, name)
        prepared.insert(Assignment, {"uid": new_uid(), "person_id": held.id, **row})
    if plan.rank is not None:
        prepared.insert(RankStep, {"uid": new_uid(), "person_id": held.id, **entry.plain_columns(plan.rank)})
    for paper in plan.papers:
        prepared.insert(Qualification, {"uid": new_uid(), "person_id": held.id, **entry.plain_columns(paper)})
    for key, values in plan.fills:
        prepared.update(Qualification, key, values)
    prepared.logged.append((held, name, plan.changes))


def _prepare_background(prepared: Prepared, plan: Plan, held: Held) -> None:
    if any(held.background.values()):
        prepared.update(PersonBackground, held.id, plan.background)
    else:
        empty = dict.fromkeys(("ethnicity", "religion", "party_joined_on", "party_official_on", "party_post"))
        prepared.insert(PersonBackground, {**empty, **plan.background, "person_id": held.id})


def _update(cls: type[Base], names: tuple[str, ...], rows: list[Columns]) -> None:
    table: Any = cls.__table__
    key = table.c.person_id if cls is PersonBackground else table.c.id
    values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    statement = table.update().where(key == bindparam("key")).values(values)
    given = [{"key": row["key"], **{f"new_{name}": row[name] for name in names}} for row in rows]
    db.session.connection().execute(statement, given, execution_options={"unscoped": True})


def _forget_tokens(people: list[int]) -> None:
    table: Any = PersonToken.__table__
    for start in range(0, len(people), 500):
        statement = table.delete().where(table.c.person_id.in_(people[start : start + 500]))
        db.session.execute(statement, execution_options={"unscoped": True})
