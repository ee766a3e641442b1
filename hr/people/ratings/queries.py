"""Reads of yearly ratings: the own team of a year, what waits for confirmation, one person's."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, Select, String, and_, cast, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from core.db import db
from core.errors import Missing
from core.ids import Uid
from core.permissions import Permission, Realm
from core.scope import Viewer, units_in_scope
from core.units import Unit
from hr.people.enums import HOME_KINDS, AssignmentKind
from hr.people.models import Assignment, Person
from hr.people.posts import UNIT_HEAD_BEGINNINGS
from hr.people.ratings.enums import RatingLevel, RatingState
from hr.people.ratings.models import YearlyRating
from hr.people.ratings.rules import due_on, rating_year

#: Words of the kinds of task below, for the registry.
KINDS = {
    "ratings_proposed": _l("yearly ratings to confirm"),
    "ratings_due": _l("yearly ratings to propose"),
}


class Member(NamedTuple):
    """Somebody of the team with the rating of one year, if there is one."""

    person_id: int
    uid: str
    name: str
    post: str
    level: RatingLevel | None
    state: RatingState | None
    remark: str | None

    @property
    def is_confirmed(self) -> bool:
        """Whether nothing is left to propose."""
        return self.state is RatingState.CONFIRMED


class Proposal(NamedTuple):
    """A rating that waits, with whom it is about."""

    uid: str
    year: int
    level: RatingLevel
    rated_by: str | None
    person_uid: str
    name: str
    post: str


class Waiting(NamedTuple):
    """How many ratings of a unit wait."""

    uid: str
    name: str
    waiting: int


def team_of(viewer: Viewer, year: int) -> Sequence[Member]:
    """The people whom the viewer's units rate today, in the order of names: neither the viewer nor who heads
    one of these units, whom the level above rates. One statement."""
    person = (Person.id, Person.uid, Person.full_name, Assignment.post)
    rating = (YearlyRating.level, YearlyRating.state, YearlyRating.remark)
    asked: Any = select(*person, *rating)
    query = _team(asked, viewer, year).order_by(Person.name_key, Person.id)
    return [Member(*row) for row in db.session.execute(query)]


def mark_of(team: Sequence[Member]) -> str:
    """What the ratings of a team look like, to tell whether somebody changed one meanwhile."""
    told = (f"{one.uid} {one.level} {one.state}" for one in team)
    return sha256("\n".join(told).encode()).hexdigest()


def units_waiting(viewer: Viewer) -> Sequence[Waiting]:
    """The units with ratings that wait, and how many. One statement."""
    query = (
        select(Unit.uid, Unit.name, func.count(YearlyRating.id))
        .join(Assignment, Assignment.unit_id == Unit.id)
        .join(Person, _rated_place(viewer))
        .join(YearlyRating, YearlyRating.person_id == Person.id)
        .where(*_waiting())
        .group_by(Unit.id, Unit.uid, Unit.name, Unit.name_key)
        .order_by(Unit.name_key, Unit.id)
    )
    return [Waiting(*row) for row in db.session.execute(query)]


def proposals_of(viewer: Viewer, unit: str) -> Sequence[Proposal]:
    """The ratings of the unit with this uid that wait, in the order of names. One statement."""
    query = (
        select(
            YearlyRating.uid,
            YearlyRating.year,
            YearlyRating.level,
            YearlyRating.rated_by,
            Person.uid,
            Person.full_name,
            Assignment.post,
        )
        .join(Person, Person.id == YearlyRating.person_id)
        .join(Assignment, _rated_place(viewer))
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Unit.uid == unit, *_waiting())
        .order_by(Person.name_key, Person.id)
    )
    return [Proposal(*row) for row in db.session.execute(query)]


def valid_rating(person: Person, year: int) -> YearlyRating | None:
    """The rating of the year that was not annulled."""
    query = select(YearlyRating).where(YearlyRating.person_id == person.id, *_valid(year))
    return db.session.scalar(query)


def find_rating(person: Person, uid: str) -> YearlyRating:
    """A rating of `person`; Missing when it is not one of theirs."""
    query = select(YearlyRating).where(YearlyRating.uid == uid, YearlyRating.person_id == person.id)
    row = db.session.scalar(query)
    if row is None:
        raise Missing
    return row


def tasks(viewer: Viewer) -> Select[Any] | None:
    """One row when ratings wait for the viewer, in the registry's columns: proposals for who confirms; for
    who proposes the people of the own team without a rating, due on the day of Decree 335/2025."""
    if viewer.can(Permission.RATING_CONFIRM):
        waiting = select(func.count(YearlyRating.id).label("count")).where(*_waiting())
        return _task("ratings_proposed", "ratings.proposals", cast(null(), Date), waiting)
    if viewer.can(Permission.RATING_PROPOSE):
        year = rating_year(viewer.today)
        missing = or_(YearlyRating.state.is_(None), YearlyRating.state == RatingState.SENT_BACK)
        people = _team(select(func.count(Person.id).label("count")), viewer, year).where(missing)
        return _task("ratings_due", "ratings.team", literal(due_on(year), Date()), people)
    return None


def _task(kind: str, endpoint: str, on: Any, counted: Select[Any]) -> Select[Any]:
    found = counted.subquery()
    return select(
        on.label("on"),
        literal(kind).label("kind"),
        cast(found.c.count, String).label("title"),
        cast(null(), String).label("unit"),
        literal(endpoint).label("endpoint"),
        cast(null(), Uid).label("uid"),
    ).where(found.c.count > 0)


def _team(query: Select[Any], viewer: Viewer, year: int) -> Select[Any]:
    """`query` on people, those of the viewer's team joined with their place and rating of the year."""
    post: Any = aliased(Assignment)
    heads = select(post.person_id).where(_heads_unit(post.post_fold), *_running(post, viewer))
    everywhere = viewer.sees_everything(Realm.PERSONNEL)
    if not everywhere:
        heads = heads.where(post.unit_id.in_(units_in_scope(viewer, Realm.PERSONNEL)))
    query = (
        query.select_from(Person)
        .join(Assignment, _rated_place(viewer))
        .outerjoin(YearlyRating, and_(YearlyRating.person_id == Person.id, *_valid(year)))
        .where(Person.id != (viewer.person_id or 0), Person.id.not_in(heads))
    )
    if everywhere:
        return query
    return query.where(Assignment.unit_id.in_(units_in_scope(viewer, Realm.PERSONNEL)))


def _valid(year: int) -> tuple[Any, ...]:
    return YearlyRating.year == year, YearlyRating.annulled_at.is_(None)


def _waiting() -> tuple[Any, ...]:
    return YearlyRating.state == RatingState.PROPOSED, YearlyRating.annulled_at.is_(None)


def _rated_place(viewer: Viewer) -> Any:
    """Where a person is rated today: in the receiving unit while seconded (Decree 170/2025/NĐ-CP Arts 25–27:
    the receiver assigns, directs and evaluates), else in their own place (Decree 335/2025/NĐ-CP)."""
    away: Any = aliased(Assignment)
    seconded = select(away.person_id).where(away.kind == AssignmentKind.SECONDED, *_running(away, viewer))
    here = or_(
        Assignment.kind == AssignmentKind.SECONDED,
        and_(Assignment.kind.in_(HOME_KINDS), Person.id.not_in(seconded)),
    )
    return and_(Assignment.person_id == Person.id, here, *_running(Assignment, viewer))


def _heads_unit(post_fold: Any) -> Any:
    """Whether one of the titles of a folded post heads a unit as a whole: "Phó Bí thư Đảng ủy, Chủ tịch
    UBND" does, "Phó Chủ tịch UBND" and "Trưởng phòng" do not."""
    titles = literal(", ") + post_fold
    return or_(*(titles.like(f"%, {beginning}%") for beginning in UNIT_HEAD_BEGINNINGS))


def _running(row: Any, viewer: Viewer) -> tuple[Any, ...]:
    return (
        row.annulled_at.is_(None),
        row.starts_on <= viewer.today,
        or_(row.ends_on.is_(None), row.ends_on >= viewer.today),
    )
