"""Writes of a personnel file: new, corrected, ended, reopened. Assignments stand in `service_actions`,
ranks and qualifications in `paper_actions`, loads of many people in `load`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.db import db
from core.errors import Denied, Unprocessable
from core.permissions import Permission, Realm
from core.scope import Viewer, units_in_scope
from core.subjects import Act, refusals
from core.text import tidy_name
from core.units import UnitTree
from hr.people import entry, rules
from hr.people.enums import HOME_KINDS, Category, ServiceStatus
from hr.people.groups.registry import GROUPS
from hr.people.models import Assignment, Person, PersonBackground, PersonToken, Qualification, RankStep
from hr.people.queries import background_of, find_by_id_number
from hr.people.seeds import BackgroundSeed, PersonSeed

#: What `edit_person` changes; the rest has actions of its own.
EDITABLE = (
    "id_number",
    "full_name",
    "other_name",
    "sex",
    "born_on",
    "birthplace",
    "native_place",
    "recruited_on",
    "recruited_by",
)


@action(Permission.PERSON_CREATE)
def create_person(*, by: Viewer, seed: PersonSeed) -> Person:
    """A new personnel file with its assignments and whatever else is known. A number that is already
    in the register is refused, with the file's uid as link where the viewer may see it."""
    entry.check_file(seed, by.today, entry.MinimumAges())
    entry.check_units(seed.assignments, standing=True)
    for place in seed.assignments:
        check_reach(by, place.unit_id)
    _refuse_duplicate(seed.id_number)
    person = Person(**entry.person_columns(seed))
    db.session.add(person)
    _flush_new_number()
    # Assignments before the rest: a viewer of some units sees the person through them.
    db.session.add_all(
        Assignment(person_id=person.id, **entry.assignment_columns(place, person.full_name))
        for place in seed.assignments
    )
    db.session.flush()
    _add_parts(person, seed)
    audit.record(
        AuditType.PERSON_CREATED,
        person,
        values={"id_last_4": seed.id_number[-4:], "post": home_post(seed)},
        unit_id=home_unit(seed),
    )
    return person


@action(Permission.PERSON_EDIT)
def edit_person(
    *, by: Viewer, person: Person, values: Mapping[str, Any], version: int | None = None
) -> Person:
    """Corrects the facts of `EDITABLE` that `values` names. A new name is carried into the search
    words and the running assignments; ended ones keep the name they had."""
    if not set(values) <= set(EDITABLE):
        raise ValueError(f"not editable: {sorted(set(values) - set(EDITABLE))}")
    person = lock(person, version)
    facts = {name: values.get(name, getattr(person, name)) for name in EDITABLE}
    facts |= {"full_name": entry.name_columns(facts["full_name"])["full_name"]}
    facts |= {"other_name": tidy_name(facts["other_name"] or "") or None}
    rules.check_id_number(facts["id_number"])
    rules.check_person_dates(born_on=facts["born_on"], recruited_on=facts["recruited_on"], today=by.today)
    category = _category_at_recruitment(person)
    entry.check_age(facts["born_on"], facts["recruited_on"], category, entry.MinimumAges())
    if facts["id_number"] != person.id_number:
        _refuse_duplicate(facts["id_number"], person)
    renamed = facts["full_name"] != person.full_name
    for name, value in {**facts, **entry.name_columns(facts["full_name"])}.items():
        if getattr(person, name) != value:
            setattr(person, name, value)
    changed = audit.changes(person)
    changed.pop("name_key", None)
    _flush_new_number()
    if renamed:
        carry_name(person, by.today)
    audit.record(AuditType.PERSON_CHANGED, person, values=changed)
    return person


@action(Permission.PERSON_EDIT)
def edit_background(
    *, by: Viewer, person: Person, values: BackgroundSeed, version: int | None = None
) -> Person:
    """Replaces ethnicity, religion and Party as a whole. For who may read them only."""
    if not by.can(Permission.PERSON_READ_BACKGROUND):
        raise Denied(_l("Your role does not allow this"))
    person = lock(person, version)
    entry.check_background(values, by.today)
    row = background_of(person)
    if row is None:
        row = PersonBackground(person_id=person.id)
        db.session.add(row)
    for name, value in entry.plain_columns(values).items():
        setattr(row, name, value)
    changed = audit.changes(row)
    changed.pop("person_id", None)
    # Nested, so that screens of the log can leave it out for who may not read the background.
    return changed_file(person, {"background": changed} if changed else {})


@action(Permission.PERSON_END_SERVICE)
def end_service(
    *,
    by: Viewer,
    person: Person,
    status: ServiceStatus,
    ended_on: date,
    reason: str | None = None,
    version: int | None = None,
) -> Person:
    """Ends service on `ended_on`, the last day; every assignment running beyond it ends then."""
    person = lock(person, version)
    rules.check_can_end_service(person.status)
    running = _running_after(person, ended_on)
    started = max((row.starts_on for row in running), default=None)
    rules.check_end_of_service(status=status, ended_on=ended_on, today=by.today, started_on=started)
    if (act := rules.ACT_OF_END.get(status)) is not None:
        refuse_stopped(person, act, ended_on)
    for row in running:
        row.ends_on = ended_on
    person.status, person.ended_on = status, ended_on
    person.status_since, person.status_reason = ended_on, reason
    audit.record(
        AuditType.PERSON_SERVICE_ENDED,
        person,
        values={"status": status.value, "ended_on": ended_on.isoformat()},
        unit_id=next((row.unit_id for row in running if row.is_home), None),
        reason=reason,
    )
    return person


@action(Permission.PERSON_END_SERVICE)
def reopen_service(*, by: Viewer, person: Person, reason: str, version: int | None = None) -> Person:
    """Takes back an end of service recorded by mistake: the own place runs on. Other assignments that
    ended that day stay ended, for they may have ended by themselves."""
    person = lock(person, version)
    rules.check_can_reopen(person.status)
    if not reason.strip():
        raise Unprocessable(_l("Enter the reason"), field="reason")
    query = select(Assignment).where(
        Assignment.person_id == person.id,
        Assignment.kind.in_(HOME_KINDS),
        Assignment.ends_on == person.ended_on,
        Assignment.annulled_at.is_(None),
    )
    home = db.session.scalar(query)
    if home is None:
        raise Unprocessable(_l("No place of their own ended on that day: enter the person's assignment anew"))
    home.ends_on = None
    person.status, person.status_since = ServiceStatus.WORKING, by.today
    person.status_reason = person.ended_on = None
    return changed_file(person, audit.changes(person), unit_id=home.unit_id, reason=reason)


# --- shared by the other writers of this package ------------------------------------------------------
def changed_file(
    person: Person,
    values: dict[str, Any],
    *,
    type: AuditType = AuditType.PERSON_CHANGED,
    unit_id: int | None = None,
    reason: str | None = None,
) -> Person:
    """Counts a change of the parts of the file as one of the person, and records it: one row in the
    log per action. (Changes of the person's own row are counted by the session.)"""
    if values and not inspect(person).modified:
        flag_modified(person, "version")
    audit.record(type, person, values=values, unit_id=unit_id, reason=reason)
    return person


def refuse_stopped(person: Person, act: Act, on: date) -> None:
    """Refuses when any subject sets a stop against the act, in its neutral words."""
    reason = refusals((person.id,), act, on).get(person.id)
    if reason is not None:
        raise Denied(reason)


def check_reach(by: Viewer, unit_id: int) -> None:
    """Only a unit the viewer reaches can receive a person."""
    if by.sees_everything(Realm.PERSONNEL):
        return
    reached = units_in_scope(by, Realm.PERSONNEL).where(UnitTree.unit_id == unit_id)
    if db.session.scalar(reached.limit(1)) is None:
        raise Denied(_l("You can place people only in the units you are responsible for"))


def home_unit(seed: PersonSeed) -> int | None:
    """The unit of the newest own place."""
    own = [place for place in seed.assignments if place.kind in HOME_KINDS]
    return max(own, key=lambda place: place.starts_on).unit_id if own else None


def home_post(seed: PersonSeed) -> str | None:
    """The post of the newest own place."""
    own = [place for place in seed.assignments if place.kind in HOME_KINDS]
    return max(own, key=lambda place: place.starts_on).post if own else None


def _add_parts(person: Person, seed: PersonSeed) -> None:
    db.session.add_all(
        PersonToken(person_id=person.id, **row) for row in entry.token_columns(person.full_name)
    )
    db.session.add_all(RankStep(person_id=person.id, **entry.plain_columns(row)) for row in seed.ranks)
    db.session.add_all(
        Qualification(person_id=person.id, **entry.plain_columns(row)) for row in seed.qualifications
    )
    if seed.background is not None:
        db.session.add(PersonBackground(person_id=person.id, **entry.plain_columns(seed.background)))
    db.session.add_all(
        GROUPS[code].table(person_id=person.id, **entry.facts_columns(code, facts))
        for code, facts in seed.facts
    )
    db.session.flush()


def carry_name(person: Person, today: date) -> None:
    """The name as it is now into the search words and the running assignments."""
    for token in db.session.scalars(select(PersonToken).where(PersonToken.person_id == person.id)).all():
        db.session.delete(token)
    db.session.flush()
    db.session.add_all(
        PersonToken(person_id=person.id, **row) for row in entry.token_columns(person.full_name)
    )
    query = select(Assignment).where(
        Assignment.person_id == person.id, or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today)
    )
    for row in db.session.scalars(query):
        row.person_name, row.name_key = person.full_name, person.name_key


def _running_after(person: Person, day: date) -> list[Assignment]:
    query = select(Assignment).where(
        Assignment.person_id == person.id,
        Assignment.annulled_at.is_(None),
        or_(Assignment.ends_on.is_(None), Assignment.ends_on > day),
    )
    return list(db.session.scalars(query))


def _category_at_recruitment(person: Person) -> Category | None:
    query = select(Assignment.category).where(
        Assignment.person_id == person.id,
        Assignment.kind.in_(HOME_KINDS),
        Assignment.annulled_at.is_(None),
    )
    return db.session.scalar(query.order_by(Assignment.starts_on).limit(1))


def _refuse_duplicate(number: str, person: Person | None = None) -> None:
    """Refuses a number that is or was another file's; a file's own former number may come back."""
    found = find_by_id_number(number)
    if found is not None and found is not person:
        raise _duplicate(found.uid)


def _flush_new_number() -> None:
    """The database holds the number unique over everyone, also over people the viewer may not see."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise _duplicate(None) from error


def _duplicate(uid: str | None) -> Unprocessable:
    message = _l("This person is already in the register: open the file")
    if uid is None:
        message = _l("This number is already in the register, in a unit you do not see: ask Home Affairs")
    return Unprocessable(message, field="id_number", link=uid)
