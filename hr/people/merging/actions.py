"""Writes of merging: two files become one; two people are marked as different, or the mark taken back."""

from collections.abc import Mapping, Set
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect, or_, select
from sqlalchemy.exc import IntegrityError

from accounts.actions import follow_person
from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import Base, db
from core.errors import Denied, Unprocessable
from core.permissions import Permission, Realm
from core.scope import Viewer
from core.subjects import registered
from hr.people import rules as people_rules
from hr.people.actions import carry_name, changed_file
from hr.people.enums import HOME_KINDS
from hr.people.merging import queries, rules
from hr.people.merging.enums import Standing
from hr.people.merging.models import DifferentPeople, PersonMerge
from hr.people.models import Assignment, Person, PersonToken
from hr.people.rules import overlaps

Columns = dict[str, Any]


@action(Permission.PERSON_MERGE)
def merge(
    *,
    by: Viewer,
    kept: Person,
    other: Person,
    taken: Set[str],
    standing: Mapping[str, Standing],
    note: str,
    version: int | None = None,
    other_version: int | None = None,
) -> Person:
    """Makes one file of two. `taken`: keys of `queries.choices` whose value comes from `other`;
    `standing`: key of each of `queries.clashes` → what becomes of the two entries. Every entry of
    `other` goes into `kept`, and its number becomes a former one."""
    kept, other = _locked(by, kept, other, version, other_version)
    _check_pair(kept, other)
    note = _note(note)
    told = _settle(by, kept, other, standing)
    left = _left_behind(kept, other, taken)
    facts = {column.key: audit.plain(getattr(other, column.key)) for column in other.__mapper__.columns}
    told |= _take_facts(kept, other, taken)
    merged, passed_over = _merge_sections(kept, other, taken)
    told, left = told | merged, left | passed_over
    gone = Person(uid=other.uid, full_name=other.full_name)
    try:
        _move_entries(by, kept, other)
        _drop(other)
    except IntegrityError as error:
        message = _l("Entries of the two files exclude one another, or something else names the second one")
        raise Unprocessable(message) from error
    number = _keep_numbers(kept, facts["id_number"], taken)
    carry_name(kept, by.today)
    _check_whole(kept)
    row = PersonMerge(person_id=kept.id, merged_uid=gone.uid, id_number=number, facts=facts, note=note)
    row.created_by_id = by.user_id
    db.session.add(row)
    told["former_number"] = number[-4:]
    changed_file(kept, told, type=AuditType.PERSON_MERGED, reason=note)
    audit.record(AuditType.PERSON_MERGED_AWAY, gone, values=left, reason=note)
    return kept


@action(Permission.PERSON_MERGE)
def tell_apart(*, by: Viewer, one: Person, other: Person, note: str) -> DifferentPeople:
    """Marks two people as different: they are no possible duplicate any more, and cannot be merged."""
    one, other = _locked(by, one, other, None, None)
    _check_pair(one, other)
    low, high = sorted((one.id, other.id))
    row = DifferentPeople(one_id=low, other_id=high, note=_note(note), created_by_id=by.user_id)
    db.session.add(row)
    for person in (one, other):
        audit.record(AuditType.PEOPLE_TOLD_APART, person, reason=row.note)
    return row


@action(Permission.PERSON_MERGE)
def take_mark_back(*, by: Viewer, one: Person, other: Person, note: str) -> DifferentPeople:
    """Takes the mark back; who set it and what they noted stays."""
    one, other = _locked(by, one, other, None, None)
    mark = queries.mark_of(one, other)
    if mark is None:
        raise Unprocessable(_l("These two are not marked as different: open the list"))
    row = db.session.scalars(select(DifferentPeople).where(DifferentPeople.uid == mark.uid)).one()
    row.annulled_at, row.annulled_by_id = now(), by.user_id
    for person in (one, other):
        audit.record(AuditType.PEOPLE_MARK_TAKEN_BACK, person, reason=_note(note))
    return row


# --- checks -----------------------------------------------------------------------------------------
def _locked(
    by: Viewer, one: Person, other: Person, version: int | None, other_version: int | None
) -> tuple[Person, Person]:
    """Both under lock, the lower key first, so that two merges never wait for each other. Missing when one
    was merged away meanwhile: the keys are asked of the session, for the rows may be gone."""
    rules.check_whole_province(by.sees_everything(Realm.PERSONNEL))
    states: Any = inspect(one), inspect(other)
    (first,), (second,) = (state.identity for state in states)
    if first == second:
        raise Unprocessable(_l("These are one file already: choose another person"))
    asked = {first: (one, version), second: (other, other_version)}
    found = {key: lock(*asked[key]) for key in sorted(asked)}
    return found[first], found[second]


def _check_pair(one: Person, other: Person) -> None:
    if queries.mark_of(one, other) is not None:
        raise Denied(_l("These two are marked as different people: take the mark back first"))


def _note(note: str) -> str:
    if not note.strip():
        raise Unprocessable(_l("Enter what was found and on what it rests"), field="note")
    return note.strip()


def _check_whole(person: Person) -> None:
    """One own place at a time, one of them open in service and none after it; Unprocessable names them."""
    people_rules.check_status_pair(person.status, person.ended_on)
    query = select(Assignment).where(
        Assignment.person_id == person.id, Assignment.kind.in_(HOME_KINDS), Assignment.annulled_at.is_(None)
    )
    places = db.session.scalars(query.order_by(Assignment.starts_on, Assignment.id)).all()
    for number, place in enumerate(places):
        for later in places[number + 1 :]:
            if overlaps(later.starts_on, later.ends_on, place):
                message = _l(
                    "Two own places at one time: %(one)s and %(two)s", one=place.post, two=later.post
                )
                raise Unprocessable(message)
    is_open = any(place.ends_on is None for place in places)
    if people_rules.in_service(person.status) and not is_open:
        raise Unprocessable(_l("In service one own place must run on: choose the one that does"))
    if not people_rules.in_service(person.status) and is_open:
        raise Unprocessable(_l("Service has ended, yet an own place runs on: choose which of the two is so"))


# --- what goes into one file ------------------------------------------------------------------------
def _settle(by: Viewer, kept: Person, other: Person, standing: Mapping[str, Standing]) -> Columns:
    """Annuls or cuts short what cannot stand beside the other; Unprocessable names what was not chosen."""
    told: Columns = {}
    for clash in queries.clashes(kept, other):
        choice = standing.get(clash.key)
        if choice is None or (choice is Standing.BOTH and not clash.can_both):
            message = _l(
                "%(one)s and %(two)s exclude one another: choose which stands",
                one=clash.kept,
                two=clash.other,
            )
            raise Unprocessable(message, field=f"clash-{clash.key}")
        if choice is Standing.BOTH:
            earlier, later = sorted((clash.kept, clash.other), key=lambda row: row.starts_on)
            told[f"{earlier.kind.value}: {earlier.post}"] = {
                "ends_on": [audit.plain(earlier.ends_on), audit.plain(later.starts_on - timedelta(days=1))]
            }
            earlier.ends_on = later.starts_on - timedelta(days=1)
        else:
            gone = clash.other if choice is Standing.KEPT else clash.kept
            gone.annulled_at, gone.annulled_by_id = gone.annulled_at or now(), by.user_id
            told.setdefault("annulled", []).append(str(gone))
    db.session.flush()
    if "annulled" in told:
        told["annulled"] = [", ".join(told["annulled"]), None]
    return told


def _take_facts(kept: Person, other: Person, taken: Set[str]) -> Columns:
    names = [name for name in queries.FACTS if f"person.{name}" in taken and name != "id_number"]
    if "service.status" in taken:
        names += queries.SERVICE
    if "full_name" in names:
        names.append("name_key")
    for name in names:
        setattr(kept, name, getattr(other, name))
    changed: Columns = audit.changes(kept)
    changed.pop("name_key", None)
    return changed


def _keep_numbers(kept: Person, other: str, taken: Set[str]) -> str:
    """Gives the file the number chosen; the one that becomes a former number."""
    if "person.id_number" not in taken:
        return other
    former = kept.id_number
    kept.id_number = other
    return former


def _left_behind(kept: Person, other: Person, taken: Set[str]) -> Columns:
    """Facts of the second file that did not go into the first, for its log."""
    values = {
        name: audit.plain(getattr(other, name)) for name in queries.FACTS if f"person.{name}" not in taken
    }
    values.pop("id_number", None)
    return {
        name: [value, None] for name, value in values.items() if value != audit.plain(getattr(kept, name))
    }


def _merge_sections(kept: Person, other: Person, taken: Set[str]) -> tuple[Columns, Columns]:
    """By section, what changed in the first file and what of the second one was not taken."""
    told, left = {}, {}
    for section, (table, names) in queries.sections().items():
        told[section], left[section] = _merge_section(kept, other, section, table, names, taken)
    return _filled(told), _filled(left)


def _filled(sections: Columns) -> Columns:
    return {section: values for section, values in sections.items() if values}


def _merge_section(
    kept: Person, other: Person, section: str, table: Any, names: Any, taken: Set[str]
) -> tuple[Columns, Columns]:
    """One group of facts; each log keeps what became of its own file."""
    right = db.session.scalar(select(table).where(table.person_id == other.id))
    if right is None:
        return {}, {}
    left = db.session.scalar(select(table).where(table.person_id == kept.id))
    if left is None:
        left = table(person_id=kept.id)
        db.session.add(left)
    told: Columns = {}
    passed_over: Columns = {}
    for name in names:
        now_there, theirs = getattr(left, name), getattr(right, name)
        if now_there == theirs:
            continue
        if f"{section}.{name}" in taken:
            setattr(left, name, theirs)
            told[name] = [audit.plain(now_there), audit.plain(theirs)]
        else:
            passed_over[name] = [audit.plain(theirs), None]
    db.session.delete(right)
    return told, passed_over


def _move_entries(by: Viewer, kept: Person, other: Person) -> None:
    """Every row of this package that names the second person names the first; later packages move
    their own. Both files are in reach, so all of their entries are."""
    db.session.flush()
    for table, column in _references():
        statement = table.update().where(column == other.id).values({column.name: kept.id})
        db.session.connection().execute(statement, execution_options={"unscoped": True})
    _move_marks(kept, other)
    for subject in registered():
        if subject.repoint is not None:
            subject.repoint(kept.id, other.id)
    follow_person(by=by, kept_id=kept.id, merged_id=other.id)
    # Rows that were read before still name the second person.
    db.session.flush()
    db.session.expire_all()


def _references() -> list[tuple[Any, Any]]:
    """(table, column) of this package's many rows a person; found by their foreign keys, so that a
    further table needs no entry."""
    own = {
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(queries.PACKAGE)
    }
    apart = {PersonToken.__tablename__, DifferentPeople.__tablename__}
    return [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        if table in own and table.name not in apart
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table.name == Person.__tablename__ and not key.parent.primary_key
    ]


def _move_marks(kept: Person, other: Person) -> None:
    """Whoever is different from the second is different from the one file too."""
    query = select(DifferentPeople).where(
        or_(DifferentPeople.one_id == other.id, DifferentPeople.other_id == other.id)
    )
    for row in db.session.scalars(query).all():
        third = row.other_id if row.one_id == other.id else row.one_id
        known = select(DifferentPeople.id).where(
            DifferentPeople.one_id == min(third, kept.id),
            DifferentPeople.other_id == max(third, kept.id),
            DifferentPeople.annulled_at.is_(None),
        )
        if third == kept.id or (row.annulled_at is None and db.session.scalar(known) is not None):
            db.session.delete(row)
        else:
            row.one_id, row.other_id = min(third, kept.id), max(third, kept.id)
        db.session.flush()


def _drop(other: Person) -> None:
    """The second person's own row leaves the register; `PersonMerge` keeps it."""
    for token in db.session.scalars(select(PersonToken).where(PersonToken.person_id == other.id)).all():
        db.session.delete(token)
    db.session.flush()
    db.session.delete(other)
    db.session.flush()
