"""The list of people: filters, order, and the rows of one page in a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from core.db import db
from core.errors import Missing, ScopeError
from core.paging import Keyset
from core.permissions import Permission
from core.scope import Viewer, current_viewer, read_rows
from core.text import fold
from core.units import Unit, UnitTree
from hr.people.codes import LEVELS, Level
from hr.people.enums import (
    ENDED,
    HOME_KINDS,
    AssignmentKind,
    Category,
    ProofState,
    QualificationKind,
    ServiceStatus,
    Sex,
)
from hr.people.figures import FIGURES, figure_criterion, held_on, holds_exactly, holds_from, running_on
from hr.people.models import Assignment, Person, PersonBackground, Qualification, RankStep
from hr.people.queries import Place, places_of, word_criteria

#: The highest level held of each kind.
Highest = dict[QualificationKind, Level]
#: Order of the list: Vietnamese, by given name.
KEYSET = Keyset((Person.name_key, Person.id), Person.uid)
#: Values of `PeopleFilter.status` besides those of ServiceStatus.
IN_SERVICE, ANY_STATUS = "in_service", "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilter:
    """What the list is narrowed to. `units` and `division` are uids (a unit with its subtree); `kind`
    asks for an assignment of that kind that runs on the day; the levels ask for "this or higher" with
    `_from`, else for exactly this as the highest. Background filters work for who may read it."""

    words: str = ""
    units: tuple[str, ...] = ()
    division: str | None = None
    categories: tuple[Category, ...] = ()
    kind: AssignmentKind | None = None
    post: str = ""
    status: str = IN_SERVICE
    education_from: str | None = None
    education: str | None = None
    political_theory_from: str | None = None
    political_theory: str | None = None
    state_management_from: str | None = None
    state_management: str | None = None
    sex: Sex | None = None
    born_from: date | None = None
    born_to: date | None = None
    ethnicity: str | None = None
    religion: str | None = None
    in_party: bool | None = None
    figure: str | None = None


@dataclass(slots=True)
class PersonRow:
    """One line of the list. The place is the own one on the day, or the last before it. `person` is
    a file or a row of `listed`."""

    person: Any
    category: Category | None
    kind: AssignmentKind | None
    post: str
    unit: str
    unit_uid: str | None
    division: str
    since: date | None
    education: Level | None
    political_theory: Level | None
    state_management: Level | None
    states: Sequence[ProofState] = ()
    rank_code: str | None = None
    step: int | None = None
    coefficient: Decimal | None = None
    ethnicity: str | None = None
    religion: str | None = None
    party_joined_on: date | None = None

    @property
    def proof_states(self) -> tuple[tuple[ProofState, int], ...]:
        """How many papers stand in each state of proof."""
        return tuple((state, self.states.count(state)) for state in ProofState if state in self.states)

    @property
    def id_last_4(self) -> str:
        """The end of the identification number: lists never show the whole."""
        return str(self.person.id_number[-4:])


def list_people(filters: PeopleFilter, as_of: date) -> Select[Person]:
    """The people that match, as of a day, in the order of `KEYSET`; within the viewer's scope of today."""
    viewer = current_viewer()
    if viewer is None:
        raise ScopeError("a list of people with no viewer bound")
    return _list_for(filters, as_of, viewer)


def listed(filters: PeopleFilter, as_of: date) -> Any:
    """The same with the columns a page of lines needs, under the names of the file's own."""
    viewer = current_viewer()
    if viewer is None:
        raise ScopeError("a list of people with no viewer bound")
    return _lines_for(filters, as_of, viewer)


@lru_cache(maxsize=64)
def _lines_for(filters: PeopleFilter, as_of: date, viewer: Viewer) -> Any:
    return _list_for(filters, as_of, viewer).with_only_columns(
        Person.id,
        Person.uid,
        Person.name_key,
        Person.full_name,
        Person.born_on,
        Person.status,
        Person.sex,
        Person.id_number,
    )


@lru_cache(maxsize=64)
def _list_for(filters: PeopleFilter, as_of: date, viewer: Viewer) -> Select[Person]:
    """Built once for who asks the same: the pages of one list, and the same list tomorrow's viewer
    never gets, for the viewer carries the day."""
    query = select(Person).order_by(Person.name_key, Person.id).where(*word_criteria(filters.words))
    query = query.where(*_facts(filters), *_status(filters.status, as_of, viewer), *_levels(filters, as_of))
    place = _place_criteria(filters)
    if place or filters.kind is not None:
        query = query.where(Person.id.in_(_placed(filters, as_of).where(*place)))
    if viewer.can(Permission.PERSON_READ_BACKGROUND):
        query = query.where(*_background(filters))
    if filters.figure is not None:
        if filters.figure not in FIGURES:
            raise Missing
        query = query.where(figure_criterion(filters.figure, viewer, as_of))
    return query


def list_rows(
    people: Sequence[Any], as_of: date, *, ranks: bool = False, background: bool = False
) -> list[PersonRow]:
    """The lines of these people, in their order. Two statements, one more for each option; up to a
    thousand people at once. `background` gives nothing to who may not read it."""
    ids = [person.id for person in people]
    if not ids:
        return []
    places = places_of(ids, as_of)
    highest, states = _papers(ids, as_of)
    more: dict[int, dict[str, Any]] = defaultdict(dict)
    for person_id, values in (*(_ranks(ids, as_of) if ranks else ()), *(_own(ids) if background else ())):
        more[person_id].update(values)
    return [
        _row(person, places.get(person.id), highest[person.id], states[person.id], more.get(person.id, {}))
        for person in people
    ]


# --- criteria -----------------------------------------------------------------------------------------
def _facts(filters: PeopleFilter) -> list[ColumnElement[bool]]:
    criteria: list[ColumnElement[bool]] = []
    if filters.sex is not None:
        criteria.append(Person.sex == filters.sex)
    if filters.born_from is not None:
        criteria.append(Person.born_on >= filters.born_from)
    if filters.born_to is not None:
        criteria.append(Person.born_on <= filters.born_to)
    return criteria


def _status(status: str, as_of: date, viewer: Viewer) -> list[ColumnElement[bool]]:
    """In service today is what the file says; on another day, a place of one's own running then."""
    if status == ANY_STATUS:
        return []
    on_the_day = Person.id.in_(
        select(Assignment.person_id).where(Assignment.kind.in_(HOME_KINDS), running_on(as_of))
    )
    if status == IN_SERVICE:
        # The database holds the two equal: an ended service has its last day, no other has one.
        return [Person.ended_on.is_(None)] if as_of == viewer.today else [on_the_day]
    wanted = ServiceStatus(status)
    if wanted in ENDED:
        return [Person.status == wanted, Person.ended_on <= as_of]
    return [Person.status == wanted] if as_of == viewer.today else [Person.status == wanted, on_the_day]


def _levels(filters: PeopleFilter, as_of: date) -> list[ColumnElement[bool]]:
    criteria = []
    for kind, name in (
        (QualificationKind.EDUCATION, "education"),
        (QualificationKind.POLITICAL_THEORY, "political_theory"),
        (QualificationKind.STATE_MANAGEMENT, "state_management"),
    ):
        floor, exactly = getattr(filters, f"{name}_from"), getattr(filters, name)
        if floor is not None and LEVELS[kind][floor].order > 0:
            criteria.append(holds_from(kind, floor, as_of, Person.id))
        if exactly is not None:
            criteria.append(holds_exactly(kind, exactly, as_of, Person.id))
    return criteria


def _place_criteria(filters: PeopleFilter) -> list[ColumnElement[bool]]:
    criteria: list[ColumnElement[bool]] = []
    if filters.units:
        below = select(UnitTree.unit_id).join(Unit, Unit.id == UnitTree.ancestor_id)
        criteria.append(Assignment.unit_id.in_(below.where(Unit.uid.in_(filters.units))))
    if filters.division is not None:
        criteria.append(Assignment.division_id.in_(select(Unit.id).where(Unit.uid == filters.division)))
    if filters.categories:
        criteria.append(Assignment.category.in_(filters.categories))
    if post := " ".join(fold(filters.post).split()):
        criteria.append(Assignment.post_fold.contains(post, autoescape=True))
    return criteria


def _placed(filters: PeopleFilter, as_of: date) -> Select[int]:
    """People by the place the other criteria are about: the one of the kind asked for that runs on
    the day; without a kind the own place, for who has left the last one."""
    people = select(Assignment.person_id)
    if filters.kind is not None:
        return people.where(Assignment.kind == filters.kind, running_on(as_of))
    own = people.where(Assignment.kind.in_(HOME_KINDS))
    if filters.status not in (ANY_STATUS, *ENDED):
        return own.where(running_on(as_of))
    later = aliased(Assignment)
    after = select(later.id).where(
        later.person_id == Assignment.person_id,
        later.kind.in_(HOME_KINDS),
        later.annulled_at.is_(None),
        later.starts_on > Assignment.starts_on,
        later.starts_on <= as_of,
    )
    return own.where(Assignment.annulled_at.is_(None), Assignment.starts_on <= as_of, ~after.exists())


def _background(filters: PeopleFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.ethnicity is not None:
        wanted.append(PersonBackground.ethnicity == filters.ethnicity)
    if filters.religion is not None:
        wanted.append(PersonBackground.religion == filters.religion)
    if filters.in_party:
        wanted.append(PersonBackground.party_joined_on.is_not(None))
    criteria: list[ColumnElement[bool]] = (
        [Person.id.in_(select(PersonBackground.person_id).where(*wanted))] if wanted else []
    )
    if filters.in_party is False:
        joined = select(PersonBackground.person_id).where(PersonBackground.party_joined_on.is_not(None))
        criteria.append(Person.id.not_in(joined))
    return criteria


# --- rows ---------------------------------------------------------------------------------------------
def _papers(ids: list[int], as_of: date) -> tuple[dict[int, Highest], dict[int, list[ProofState]]]:
    """By person the highest level held of each kind, and the proof states of the papers that count
    on the day or that their issuer denies."""
    highest: dict[int, Highest] = defaultdict(dict)
    states: dict[int, list[ProofState]] = defaultdict(list)
    values = {"ids": ids, "day": as_of, "year": as_of.year}
    for person_id, kind, code, state in read_rows(_papers_shown(), values).all():
        states[person_id].append(state)
        if state is not ProofState.ISSUER_DENIES:
            of_person, level = highest[person_id], LEVELS[kind][code]
            if kind not in of_person or of_person[kind].order < level.order:
                of_person[kind] = level
    return highest, states


@cache
def _papers_shown() -> Any:
    held = held_on(bindparam("day", type_=Date()), bindparam("year", type_=Integer()))
    return select(
        Qualification.person_id, Qualification.kind, Qualification.level, Qualification.proof_state
    ).where(
        Qualification.person_id.in_(bindparam("ids", expanding=True)),
        Qualification.annulled_at.is_(None),
        or_(held, Qualification.proof_state == ProofState.ISSUER_DENIES),
    )


def _ranks(ids: list[int], as_of: date) -> Iterable[tuple[int, dict[str, Any]]]:
    query = select(RankStep).where(
        RankStep.person_id.in_(ids), RankStep.annulled_at.is_(None), RankStep.starts_on <= as_of
    )
    for row in db.session.scalars(query.order_by(RankStep.starts_on)):
        yield (
            row.person_id,
            {"rank_code": row.rank_code, "step": row.step, "coefficient": row.coefficient},
        )


def _own(ids: list[int]) -> Iterable[tuple[int, dict[str, Any]]]:
    query = select(PersonBackground).where(PersonBackground.person_id.in_(ids))
    for row in db.session.scalars(query):
        yield (
            row.person_id,
            {"ethnicity": row.ethnicity, "religion": row.religion, "party_joined_on": row.party_joined_on},
        )


def _row(
    person: Any, place: Place | None, held: Highest, states: Sequence[ProofState], more: dict[str, Any]
) -> PersonRow:
    return PersonRow(
        person,
        place.category if place else None,
        place.kind if place else None,
        place.post if place else "",
        place.unit if place else "",
        place.unit_uid if place else None,
        (place.division or "") if place else "",
        place.starts_on if place else None,
        held.get(QualificationKind.EDUCATION),
        held.get(QualificationKind.POLITICAL_THEORY),
        held.get(QualificationKind.STATE_MANAGEMENT),
        states,
        **more,
    )
