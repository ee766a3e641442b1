"""Reads of points to check: found in the papers as they stand, with what was settled about them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    cast,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from accounts.models import User
from core.changes import until_changed
from core.errors import Missing
from core.files import Document
from core.ids import Uid
from core.scope import Viewer, read_rows
from core.words import show_number
from hr.people.checks.enums import CheckKind, CheckState
from hr.people.checks.models import CheckPoint, open_to
from hr.people.checks.rules import Paper, Point, Settlement, Side, found_in
from hr.people.enums import QualificationKind, Sex
from hr.people.letters.models import IssuerLetter
from hr.people.letters.queries import is_open
from hr.people.models import Person, Qualification
from hr.people.rules import YOUNGEST_HOLDER

#: Words of the kind of task below, for the registry.
KINDS = {"points_to_check": _l("points to check")}
#: Columns of a person, in the order of `Side`.
_PERSON = (
    Person.id,
    Person.uid,
    Person.full_name,
    Person.name_key,
    Person.id_number,
    Person.sex,
    Person.born_on,
)
#: Columns of a paper, in the order of `Paper`.
_PAPER = (
    Qualification.id,
    Qualification.uid,
    Qualification.kind,
    Qualification.level,
    Qualification.major,
    Qualification.issuer,
    Qualification.serial,
    Qualification.awarded_on,
    Qualification.awarded_year,
    Qualification.studied_from,
    Qualification.proof_state,
    Document.sha256,
)


def points(viewer: Viewer) -> Sequence[Point]:
    """Every point to check, by kind and name, kept until something changes. Two statements; none
    and no point for who does not answer for the whole province."""
    if not open_to(viewer):
        return ()
    found: Sequence[Point] = until_changed("points to check", _points)
    return found


def list_points(viewer: Viewer, kind: CheckKind | None, state: CheckState | None) -> list[Point]:
    """The points of one kind or all, in one state or all."""
    return [
        point
        for point in points(viewer)
        if kind in (None, point.kind) and state in (None, point.state)
    ]  # fmt: skip


def count_open(viewer: Viewer) -> int:
    """How many points wait."""
    return len(list_points(viewer, None, CheckState.OPEN))


def find_point(viewer: Viewer, uid: str) -> Point:
    """The point of this name; Missing when the papers no longer give one."""
    point = next((point for point in points(viewer) if point.uid == uid), None)
    if point is None:
        raise Missing
    return point


def tasks(viewer: Viewer) -> Select[Any] | None:
    """One row when points wait, in the registry's columns. No day is due."""
    count = count_open(viewer)
    if not count:
        return None
    return select(
        cast(null(), Date).label("on"),
        literal("points_to_check").label("kind"),
        literal(_("%(count)s open", count=show_number(count))).label("title"),
        cast(null(), String).label("unit"),
        literal("checks.index").label("endpoint"),
        cast(null(), Uid).label("uid"),
    )


def _points() -> list[Point]:
    ends = len(_PERSON)
    papers: list[Side] = []
    people: list[Side] = []
    for row in read_rows(_to_compare()).all():
        side, paper = Side(*row[:ends]), Paper(*row[ends:])
        if paper.id is None:
            people.append(side)
        else:
            papers.append(replace(side, paper=paper))
    found = found_in(papers, people)
    settled: dict[tuple[str, str], Settlement] = {}
    latest: dict[str, Settlement] = {}
    letters: dict[tuple[str, str], str] = {}
    for is_letter, _key, point, seen, uid, *values in read_rows(_answers()):
        if is_letter:
            letters[point, seen] = uid
        else:
            settled[point, seen] = latest[point] = Settlement(uid, *values)
    return [
        replace(
            point,
            settlement=settled.get((point.uid, point.seen)),
            letter=letters.get((point.uid, point.seen)),
            before=latest.get(point.uid),
        )
        for point in found
    ]


@cache
def _answers() -> Any:
    """What was settled and not opened again, oldest first, and letters to issuers without a reply."""
    both = union_all(_settlements(), _letters()).subquery()
    return select(both).order_by(both.c[0], both.c[1])


def _settlements() -> Any:
    columns = (CheckPoint.id, CheckPoint.point, CheckPoint.seen, CheckPoint.uid)
    more = (User.display_name, CheckPoint.created_at, CheckPoint.note)
    query = select(literal(0), *columns, *more).outerjoin(User, User.id == CheckPoint.created_by_id)
    return query.where(CheckPoint.annulled_at.is_(None))


def _letters() -> Select[Any]:
    columns = (IssuerLetter.id, IssuerLetter.point, IssuerLetter.seen, IssuerLetter.uid)
    without = (
        cast(null(), column.type) for column in (User.display_name, CheckPoint.created_at, CheckPoint.note)
    )
    return select(literal(1), *columns, *without).where(IssuerLetter.point.is_not(None), is_open())


@cache
def _to_compare() -> Any:
    """Papers that may give a point, each with its person, and people who may without a paper."""
    both = union_all(_papers_to_compare(), _people_to_compare()).subquery()
    return select(both).order_by(both.c[len(_PERSON)], both.c[0])


def _papers_to_compare() -> Any:
    """The papers that may give a point; the rules say which do. Issuers are compared there: the
    databases cannot leave out accents."""
    valid = Qualification.annulled_at.is_(None)
    serial = func.upper(func.replace(Qualification.serial, " ", ""))
    of_two = func.count(Qualification.person_id.distinct()) > 1
    serials = select(serial).where(valid, Qualification.serial.is_not(None)).group_by(serial).having(of_two)
    scans = (
        select(Document.sha256)
        .join(Qualification, Qualification.document_id == Document.id)
        .where(valid)
        .group_by(Document.sha256)
        .having(of_two)
    )
    return (
        select(*_PERSON, *_PAPER)
        .join(Qualification, Qualification.person_id == Person.id)
        .outerjoin(Document, Document.id == Qualification.document_id)
        .where(valid, or_(serial.in_(serials), Document.sha256.in_(scans), _awarded_young(), _before_start()))
    )


def _awarded_young() -> ColumnElement[bool]:
    year = func.coalesce(Qualification.awarded_year, extract("year", Qualification.awarded_on))
    by_then = year <= extract("year", Person.born_on) + YOUNGEST_HOLDER
    return and_(Qualification.kind == QualificationKind.EDUCATION, by_then)


def _before_start() -> ColumnElement[bool]:
    """Twin of `rules.awarded_before_start`."""
    by_day = Qualification.awarded_on < Qualification.studied_from
    return or_(by_day, Qualification.awarded_year < extract("year", Qualification.studied_from))


def _people_to_compare() -> Select[Any]:
    """The people whose number, sex and year of birth do not agree."""
    digit, year = func.substr(Person.id_number, 4, 1), cast(extract("year", Person.born_on), String)
    differs = or_(
        and_(Person.sex == Sex.FEMALE, digit.not_in(("1", "3"))),
        and_(Person.sex == Sex.MALE, digit.not_in(("0", "2"))),
        and_(digit.in_(("0", "1")), func.substr(year, 1, 2) != "19"),
        and_(digit.in_(("2", "3")), func.substr(year, 1, 2) != "20"),
        func.substr(year, 3, 2) != func.substr(Person.id_number, 5, 2),
    )
    without = (cast(null(), column.type) for column in _PAPER)
    return select(*_PERSON, *without).where(differs)
