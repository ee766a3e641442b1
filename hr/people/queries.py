"""Reads of the personnel file: one person, the parts of the file, search by name, the timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple, TypeVar

from flask_babel import gettext as _
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload

from accounts.models import User
from core.clock import today
from core.db import db
from core.errors import Missing
from core.ids import Uid
from core.permissions import Realm
from core.scope import Viewer, read_rows, units_in_scope
from core.text import tokens
from core.unit_book import UnitBook, UnitEntry, unit_book
from core.units import Unit
from hr.people.codes import LEVELS, RANKS
from hr.people.enums import HOME_KINDS, AssignmentKind, Category, QualificationKind, ServiceStatus
from hr.people.merging.models import PersonMerge
from hr.people.models import Assignment, Person, PersonBackground, PersonToken, Qualification, RankStep

Row = TypeVar("Row", Assignment, Qualification, RankStep)

#: Longest word the token table holds.
TOKEN_LENGTH = 60
#: Words of a search that are looked at; a name has no more.
MAX_WORDS = 6
#: Above every letter: the end of the range of words with a common beginning.
LAST = "\U0010ffff"


class Place(NamedTuple):
    """An own place with the names around it."""

    person_id: int
    category: Category
    kind: AssignmentKind
    post: str
    starts_on: date
    ends_on: date | None
    unit: str
    unit_uid: str
    division: str | None


@dataclass(frozen=True, slots=True)
class PersonHit:
    """One person found by name, with where to find them. `place` None: none recorded."""

    uid: str
    name: str
    born_on: date
    status: ServiceStatus
    place: Place | None


def find_person(uid: str) -> Person:
    """The person with this uid, with `photo` loaded; Missing when absent or hidden."""
    person: Person | None = db.session.scalar(_with_uid(), {"uid": uid})
    if person is None:
        raise Missing
    return person


@cache
def _with_uid() -> Any:
    return select(Person).options(joinedload(Person.photo)).where(Person.uid == bindparam("uid", type_=Uid()))


def find_by_id_number(number: str) -> Person | None:
    """The visible person with exactly this personal identification number, now or in a file that was
    merged into theirs."""
    bearing = union_all(
        select(Person.id).where(Person.id_number == number),
        select(PersonMerge.person_id).where(PersonMerge.id_number == number),
    )
    return db.session.scalar(select(Person).where(Person.id.in_(bearing)).order_by(Person.id).limit(1))


def find_assignment(person: Person, uid: str) -> Assignment:
    """An assignment of `person`; Missing when it is not one of theirs."""
    return _part(Assignment, person, uid)


def find_qualification(person: Person, uid: str) -> Qualification:
    """A qualification of `person`; Missing when it is not one of theirs."""
    return _part(Qualification, person, uid)


def find_rank_step(person: Person, uid: str) -> RankStep:
    """A rank and step of `person`; Missing when it is not one of theirs."""
    return _part(RankStep, person, uid)


def search_people(words: str, limit: int = 30) -> list[PersonHit]:
    """People whose name has, for each word, one that begins with it; accents do not matter. In
    Vietnamese order, whatever their status. Two statements, one when nobody is found."""
    ranges = _word_ranges(words)
    if not ranges:
        return []
    parameters: dict[str, Any] = {"limit": limit}
    for number, (low, high) in enumerate(ranges):
        parameters |= {f"low_{number}": low, f"high_{number}": high}
    people = read_rows(_people_named(len(ranges)), parameters).all()
    places = places_of([person.id for person in people], today())
    return [
        PersonHit(uid, name, born_on, status, places.get(key)) for key, uid, name, born_on, status in people
    ]


def word_criteria(words: str) -> list[ColumnElement[bool]]:
    """Criteria on Person: each word is the beginning of a word of the name (range on the token index)."""
    return [_has_token(low, high) for low, high in _word_ranges(words)]


def _word_ranges(words: str) -> list[tuple[str, str]]:
    """The first and the last text that begin with each word."""
    cut = (token[:TOKEN_LENGTH] for token in tokens(words)[:MAX_WORDS])
    return [(word, word + LAST) for word in cut]


def _has_token(low: Any, high: Any) -> ColumnElement[bool]:
    found = select(PersonToken.person_id).where(PersonToken.token >= low, PersonToken.token < high)
    return Person.id.in_(found)


@cache
def _people_named(count: int) -> Any:
    query = select(Person.id, Person.uid, Person.full_name, Person.born_on, Person.status)
    words = [_has_token(bindparam(f"low_{n}"), bindparam(f"high_{n}")) for n in range(count)]
    query = query.where(*words).order_by(Person.name_key, Person.id)
    return query.limit(bindparam("limit", type_=Integer()))


def places_of(ids: Sequence[int], as_of: date) -> dict[int, Place]:
    """The own place of each person on the day: the running one, else the last before it, else the
    first to come. One statement and the book of units, none for nobody."""
    if not ids:
        return {}
    units, found = unit_book().by_id, {}
    for row in read_rows(_own_places(), {"ids": ids}).all():
        if row.starts_on <= as_of or row.person_id not in found:
            found[row.person_id] = row
    return {person_id: _place(row, units) for person_id, row in found.items()}


def _place(row: Any, units: Mapping[int, UnitEntry]) -> Place:
    *columns, unit_id, division_id = row
    unit = units[unit_id]
    names: Any = (unit.name, unit.uid, units[division_id].name if division_id else None)
    return Place(*columns, *names)


@cache
def _own_places() -> Any:
    return (
        select(
            Assignment.person_id,
            Assignment.category,
            Assignment.kind,
            Assignment.post,
            Assignment.starts_on,
            Assignment.ends_on,
            Assignment.unit_id,
            Assignment.division_id,
        )
        .where(
            Assignment.person_id.in_(bindparam("ids", expanding=True)),
            Assignment.kind.in_(HOME_KINDS),
            Assignment.annulled_at.is_(None),
        )
        .order_by(Assignment.starts_on, Assignment.id)
    )


def work_history(person: Person) -> Sequence[Assignment]:
    """Every assignment of `person`, newest first, annulled ones too, with `unit` and `division` loaded."""
    return db.session.scalars(_history(), {"person_id": person.id}).all()


@cache
def _history() -> Any:
    return (
        _parts_of(Assignment)
        .options(joinedload(Assignment.unit), joinedload(Assignment.division))
        .order_by(Assignment.starts_on.desc(), Assignment.id.desc())
    )


def ranks_of(person: Person) -> Sequence[RankStep]:
    """Every rank and step, newest first, annulled ones too."""
    return db.session.scalars(_ranks(), {"person_id": person.id}).all()


@cache
def _ranks() -> Any:
    return _parts_of(RankStep).order_by(RankStep.starts_on.desc(), RankStep.id.desc())


def qualifications_of(person: Person) -> Sequence[Qualification]:
    """Every qualification by kind, highest level first, annulled ones too, with `document` and the name of
    who proved it loaded."""
    rows = db.session.scalars(_papers(), {"person_id": person.id}).all()
    kinds = list(QualificationKind)
    return sorted(rows, key=lambda row: (kinds.index(row.kind), -LEVELS[row.kind][row.level].order, row.id))


@cache
def _papers() -> Any:
    proved_by = joinedload(Qualification.proof_by).load_only(User.display_name)
    return _parts_of(Qualification).options(joinedload(Qualification.document), proved_by)


def background_of(person: Person) -> PersonBackground | None:
    """Ethnicity, religion and Party; None where none is recorded or the viewer may not read it."""
    found: PersonBackground | None = db.session.scalar(_parts_of(PersonBackground), {"person_id": person.id})
    return found


@cache
def _parts_of(cls: Any) -> Any:
    """The rows of a class that belong to one person, built once."""
    return select(cls).where(cls.person_id == bindparam("person_id", type_=Integer()))


def timeline(person_ids: Any, as_of: Any) -> Select[Any]:
    """What happened to these people until `as_of` (both values or parameters), in the registry's
    columns: assignments, ranks, qualifications with a full date, end of service. `timeline_title` puts
    the titles into words."""
    assignment = (
        _event(Assignment.starts_on, "assignment", Assignment.post, Unit.name, Assignment.uid)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.person_id.in_(person_ids), Assignment.annulled_at.is_(None))
    )
    rank = _event(
        RankStep.starts_on,
        "rank",
        RankStep.rank_code + "|" + cast(RankStep.step, String),
        _nothing(),
        RankStep.uid,
    ).where(RankStep.person_id.in_(person_ids), RankStep.annulled_at.is_(None))
    level = cast(Qualification.kind, String) + "|" + Qualification.level
    paper = _event(
        Qualification.awarded_on, "qualification", level, Qualification.issuer, Qualification.uid
    ).where(
        Qualification.person_id.in_(person_ids),
        Qualification.annulled_at.is_(None),
        Qualification.awarded_on.is_not(None),
    )
    ended = _event(
        Person.ended_on, "service_ended", cast(Person.status, String), _nothing(), Person.uid
    ).where(Person.id.in_(person_ids), Person.ended_on.is_not(None))
    events = union_all(assignment, rank, paper, ended).subquery()
    return select(events).where(events.c.on <= as_of)


def timeline_title(kind: str, title: str) -> str:
    """The title of one of this subject's timeline rows in the reader's language."""
    head, _bar, tail = title.partition("|")
    if kind == "rank":
        name = RANKS[head].name if head in RANKS else head
        return _("%(rank)s, step %(step)s", rank=name, step=tail)
    if kind == "qualification":
        paper = QualificationKind(head)
        return f"{paper.label}: {LEVELS[paper][tail].label}"
    if kind == "service_ended":
        return str(ServiceStatus(title).label)
    return title


def units_reached(viewer: Viewer, book: UnitBook) -> frozenset[int] | None:
    """Ids of the units in which `viewer` reaches people; None: all of them. Read once for a book."""
    if viewer.sees_everything(Realm.PERSONNEL):
        return None

    def read() -> frozenset[int]:
        return frozenset(db.session.scalars(units_in_scope(viewer, Realm.PERSONNEL)))

    return book.made(("reached", viewer.scope(Realm.PERSONNEL)), read)


def _part(cls: type[Row], person: Person, uid: str) -> Row:
    row = db.session.scalar(select(cls).where(cls.uid == uid, cls.person_id == person.id))
    if row is None:
        raise Missing
    return row


def _event(on: Any, kind: str, title: Any, unit: Any, uid: Any) -> Select[Any]:
    """One part of the timeline; NULL as endpoint: these rows have no page of their own."""
    return select(
        on.label("on"),
        literal(kind).label("kind"),
        title.label("title"),
        unit.label("unit"),
        _nothing().label("endpoint"),
        uid.label("uid"),
    )


def _nothing() -> ColumnElement[Any]:
    return cast(null(), String)
