"""From plans to rows: what a confirmed import writes for people already there, in few statements.

Everything is made ready before the gate; inside it only statements run (lock of at most a second).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select

from core import audit
from core.audit import AuditType
from core.db import Base, db, insert_rows
from core.ids import new_uid
from core.scope import Viewer
from core.subjects import Act
from hr.people import entry, load
from hr.people.imports import journal
from hr.people.imports.checking import acts_of
from hr.people.imports.enums import LineOutcome
from hr.people.imports.models import ImportLine
from hr.people.imports.plans import DETAILS, Held, Plan
from hr.people.models import Assignment, Person, PersonBackground, PersonToken, Qualification, RankStep

Columns = dict[str, Any]
#: Passes by the unit of work; whoever confirms an import answers for the whole province.
AROUND = {"unscoped": True}


@dataclass(frozen=True, slots=True)
class Logged:
    """What the log says of one person changed."""

    type: AuditType
    person: Person
    values: Columns
    unit_id: int | None


@dataclass(slots=True)
class Prepared:
    """What confirming writes: new files, and rows of people already there with the version they had."""

    register: load.Prepared
    versions: dict[int, int] = field(default_factory=dict)
    acts: list[tuple[int, Act, date]] = field(default_factory=list)
    inserts: dict[type[Base], list[Columns]] = field(default_factory=dict)
    #: (class, names of the columns) → values with the row's key under "key".
    updates: dict[tuple[type[Base], tuple[str, ...]], list[Columns]] = field(default_factory=dict)
    #: The journal's rows of the new files, and the uids of the people changed by key.
    created: list[Columns] = field(default_factory=list)
    uids: dict[int, str] = field(default_factory=dict)
    #: New names, with the key of the person under "key".
    renamed: list[Columns] = field(default_factory=list)
    logged: list[Logged] = field(default_factory=list)

    def insert(self, cls: type[Base], row: Columns) -> None:
        """Adds a new row."""
        self.inserts.setdefault(cls, []).append(row)

    def update(self, cls: type[Base], key: int, values: Columns) -> None:
        """Sets columns of a row."""
        self.updates.setdefault((cls, tuple(sorted(values))), []).append({"key": key, **values})


# --- before the gate --------------------------------------------------------------------------------
def prepare(by: Viewer, plans: list[Plan]) -> Prepared:
    """Checks the new files and makes every row ready."""
    seeds = [plan.seed for plan in plans if plan.seed is not None]
    prepared = Prepared(register=load.prepare_register(by, seeds))
    for (person, *_rest), seed in zip(prepared.register.logged, seeds, strict=True):
        prepared.created.append(journal.of_new_file(person.uid, seed))
    for plan in plans:
        if plan.person is not None and plan.changes:
            _prepare_change(prepared, plan, plan.person)
    return prepared


def _prepare_change(prepared: Prepared, plan: Plan, held: Held) -> None:
    prepared.versions[held.id], prepared.uids[held.id] = held.version, held.uid
    prepared.acts += acts_of(plan)
    facts: Columns = {**plan.facts, "version": held.version + 1}
    if "full_name" in plan.facts:
        facts |= _prepare_name(prepared, plan.facts["full_name"], held)
    name: str = facts.get("full_name") or held.facts["full_name"]
    prepared.update(Person, held.id, facts)
    if plan.background:
        _prepare_background(prepared, plan, held)
    if plan.place is not None and held.place is not None:
        prepared.update(Assignment, held.place.id, {"ends_on": plan.place.starts_on - timedelta(days=1)})
        _prepare_part(prepared, Assignment, held, entry.assignment_columns(plan.place, name))
    if plan.rank is not None:
        _prepare_part(prepared, RankStep, held, entry.plain_columns(plan.rank))
    for paper in plan.papers:
        _prepare_part(prepared, Qualification, held, entry.plain_columns(paper))
    for paper_there, details in plan.fills:
        prepared.update(Qualification, paper_there.id, details)
    place = plan.place or held.place
    kind = AuditType.PERSON_MOVED if plan.place is not None else AuditType.PERSON_CHANGED
    person = Person(uid=held.uid, full_name=name)
    prepared.logged.append(Logged(kind, person, logged_values(plan, held), place.unit_id if place else None))


def _prepare_part(prepared: Prepared, cls: type[Base], held: Held, columns: Columns) -> None:
    prepared.insert(cls, {"uid": new_uid(), "person_id": held.id, **columns})


def _prepare_name(prepared: Prepared, full_name: str, held: Held) -> Columns:
    """A new name is carried into the search words and the running assignments."""
    columns = entry.name_columns(full_name)
    prepared.renamed.append(
        {"key": held.id, "new_name": columns["full_name"], "new_key": columns["name_key"]}
    )
    for token in entry.token_columns(columns["full_name"]):
        prepared.insert(PersonToken, {**token, "person_id": held.id})
    return columns


def _prepare_background(prepared: Prepared, plan: Plan, held: Held) -> None:
    if held.background:
        prepared.update(PersonBackground, held.id, plan.background)
    else:
        empty = dict.fromkeys(("ethnicity", "religion", "party_joined_on", "party_official_on"))
        prepared.insert(PersonBackground, {**empty, **plan.background, "person_id": held.id})


def logged_values(plan: Plan, held: Held) -> Columns:
    """The change as the log of a personnel file tells it, in the shapes of the other writers. What
    only some may read is nested, so that screens can leave it out."""
    values = _differences({**held.facts, "id_number": held.number}, plan.facts)
    if plan.background:
        values["background"] = _differences(held.background, plan.background)
    if plan.place is not None and held.place is not None:
        last_day = plan.place.starts_on - timedelta(days=1)
        values["from"] = [held.place.post, last_day.isoformat()]
        values["to"] = [plan.place.post, plan.place.starts_on.isoformat()]
        if plan.place.category is not held.place.category:
            values["category"] = [held.place.category.value, plan.place.category.value]
    if plan.rank is not None:
        old = f"{held.rank.code}, {held.rank.step}" if held.rank else None
        values["rank"] = [old, f"{plan.rank.rank_code}, {plan.rank.step}"]
    for paper in plan.papers:
        details = {name: getattr(paper, name) for name in ("level", *DETAILS)}
        given = {name: value for name, value in details.items() if value is not None}
        values[f"{paper.kind}: {paper.level}"] = _differences({}, given)
    for there, details in plan.fills:
        values[f"{there.kind}: {there.level}"] = _differences({}, details)
    return values


def _differences(now: Any, new: Columns) -> Columns:
    return {name: [audit.plain(now.get(name)), audit.plain(value)] for name, value in new.items()}


# --- inside the gate --------------------------------------------------------------------------------
def write_changes(prepared: Prepared, today: date) -> list[Columns]:
    """Runs the prepared statements, one row in the log per person. Returns the rows of the journal."""
    written = list(prepared.created)
    for (cls, names), rows in prepared.updates.items():
        written += journal.of_updates(cls, names, rows)
        update_rows(cls, names, rows)
    written += _carry_names(prepared.renamed, today)
    for cls, rows in prepared.inserts.items():
        written += journal.of_inserts(cls, rows, prepared.uids)
        insert_rows(db.session, cls, rows)
    for item in prepared.logged:
        audit.record(item.type, item.person, values=item.values, unit_id=item.unit_id)
    return written


def link_new_people(batch_id: int) -> None:
    """The accepted lines of new people, pointed at the people just entered. One statement."""
    lines: Any = ImportLine.__table__
    people: Any = Person.__table__
    entered = select(people.c.id).where(people.c.id_number == lines.c.id_number).scalar_subquery()
    statement = lines.update().where(
        lines.c.batch_id == batch_id, lines.c.outcome == LineOutcome.NEW, lines.c.accepted
    )
    db.session.connection().execute(statement.values(person_id=entered), execution_options=AROUND)


def unlink_people(keys: Sequence[int]) -> None:
    """Lines of imports that point at these people point at nobody. One statement, none for no keys."""
    if keys:
        lines: Any = ImportLine.__table__
        of_them = lines.c.person_id.between(bindparam("first"), bindparam("last"))
        statement = lines.update().where(of_them).values(person_id=None)
        db.session.connection().execute(statement, journal.runs(keys), execution_options=AROUND)


def update_rows(cls: type[Base], names: tuple[str, ...], rows: list[Columns]) -> None:
    """Sets the columns `names` of each row, its key under "key". One statement, none for no rows."""
    if not rows:
        return
    table: Any = cls.__table__
    key = table.c.person_id if cls is PersonBackground else table.c.id
    values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    statement = table.update().where(key == bindparam("key")).values(values)
    given = [{"key": row["key"], **{f"new_{name}": row[name] for name in names}} for row in rows]
    db.session.connection().execute(statement, given, execution_options=AROUND)


def remove_rows(cls: type[Base], name: str, keys: Sequence[int]) -> None:
    """Takes the rows whose column `name` holds one of `keys` out of the register. One statement, none for
    no keys."""
    if keys:
        table: Any = cls.__table__
        statement = table.delete().where(table.c[name].between(bindparam("first"), bindparam("last")))
        db.session.connection().execute(statement, journal.runs(keys), execution_options=AROUND)


def _carry_names(renamed: list[Columns], today: date) -> list[Columns]:
    """Ended assignments keep the name they had; the old search words go, the new ones are inserted.
    Returns the rows of the journal."""
    if not renamed:
        return []
    places: Any = Assignment.__table__
    tokens: Any = PersonToken.__table__
    running = or_(places.c.ends_on.is_(None), places.c.ends_on >= today)
    written = journal.of_names(renamed, running)
    carry = places.update().where(places.c.person_id == bindparam("key"), running)
    carry = carry.values(person_name=bindparam("new_name"), name_key=bindparam("new_key"))
    forget = tokens.delete().where(tokens.c.person_id == bindparam("key"))
    connection = db.session.connection()
    connection.execute(carry, renamed, execution_options=AROUND)
    connection.execute(forget, [{"key": row["key"]} for row in renamed], execution_options=AROUND)
    return written
