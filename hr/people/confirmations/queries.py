"""Reads of roster confirmations: how far the units are, the lines of one, what waits for the viewer."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, Select, String, and_, cast, func, literal, null, or_, select

from accounts.models import User
from core.changes import until_changed
from core.clock import PROVINCE_ZONE, quarter_days, quarter_of
from core.db import db
from core.errors import Missing
from core.ids import Uid
from core.law import rule
from core.permissions import Permission
from core.scope import Viewer, read_rows, system_scope
from core.subjects import union_of
from core.unit_book import UnitEntry, unit_book
from core.units import COMMUNE_LEVEL
from core.words import show_number
from hr.people.confirmations.enums import Verdict
from hr.people.confirmations.models import RosterLine
from hr.people.confirmations.rules import Standing, due_on
from hr.people.enums import HOME_KINDS
from hr.people.figures import running_on
from hr.people.imports.enums import ImportStatus, LineOutcome
from hr.people.imports.models import ImportBatch, ImportLine
from hr.people.models import Assignment, Person
from hr.people.queries import units_reached

#: Words of the kinds of task below, for the registry.
KINDS = {"roster_to_confirm": _l("roster to confirm"), "rosters_open": _l("rosters not confirmed")}
#: The setting: until which day of the quarter.
DAY = "people.roster_confirmation_day"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of a unit's roster, with the chair's valid word. `uid` None: the file is out of reach."""

    person_id: int
    uid: str | None
    person: str
    name_key: str
    post: str
    verdict: Verdict | None
    note: str | None
    said_by: str | None
    said_at: datetime | None
    division: str = ""


def due_day(quarter: str) -> date | None:
    """Until when the rosters of a quarter are to be confirmed; None where no rule is set."""
    bounds = quarter_days(quarter)
    found = rule(DAY, on=bounds[0]) if bounds else None
    return due_on(quarter, found.value) if found else None


def find_unit(viewer: Viewer, uid: str) -> UnitEntry:
    """A commune or ward in reach; Missing for any other unit."""
    found = next((unit for unit in units_to_confirm(viewer) if unit.uid == uid), None)
    if found is None:
        raise Missing
    return found


def units_to_confirm(viewer: Viewer) -> list[UnitEntry]:
    """The communes and wards of today that the viewer reaches, in Vietnamese order."""
    book = unit_book()
    reached = units_reached(viewer, book)
    return [
        unit
        for unit in book.units
        if unit.kind in COMMUNE_LEVEL
        and unit.exists_on(viewer.today)
        and (reached is None or unit.id in reached)
    ]


def standings(viewer: Viewer, quarter: str) -> Mapping[int, Standing]:
    """Key of a unit in reach → how far its roster of today is in the quarter. Three statements, none while
    nothing changes."""
    found: Mapping[int, Standing] = until_changed(
        ("standing of rosters", viewer, quarter), lambda: _standings(viewer, quarter)
    )
    return found


def roster(viewer: Viewer, unit: UnitEntry, quarter: str) -> list[RosterRow]:
    """Who is on the roster of a unit today, in Vietnamese order, with the word of the quarter. One
    statement and the book of units."""
    said = and_(
        RosterLine.person_id == Assignment.person_id,
        RosterLine.unit_id == unit.id,
        RosterLine.quarter == quarter,
        RosterLine.annulled_at.is_(None),
    )
    columns = (
        Assignment.person_id,
        Person.uid,
        Assignment.person_name,
        Assignment.name_key,
        Assignment.post,
        RosterLine.verdict,
        RosterLine.note,
        User.display_name,
        RosterLine.created_at,
        Assignment.division_id,
    )
    query: Any = select(*columns).select_from(Assignment).outerjoin(Person, Person.id == Assignment.person_id)
    query = query.outerjoin(RosterLine, said).outerjoin(User, User.id == RosterLine.created_by_id)
    query = query.where(Assignment.unit_id == unit.id, *_own_places(viewer.today))
    book = unit_book()
    rows = read_rows(query.order_by(Assignment.name_key, Assignment.id))
    return [replace(RosterRow(*found), division=book.name_of(division) or "") for *found, division in rows]


def lines_said(unit: UnitEntry, quarter: str) -> list[RosterRow]:
    """What was said of a unit in a quarter, by name: for quarters that are over. One statement."""
    columns = (
        RosterLine.person_id,
        Person.uid,
        RosterLine.person_name,
        RosterLine.name_key,
        RosterLine.post,
        RosterLine.verdict,
        RosterLine.note,
        User.display_name,
        RosterLine.created_at,
    )
    query: Any = select(*columns).select_from(RosterLine).outerjoin(Person, Person.id == RosterLine.person_id)
    query = query.outerjoin(User, User.id == RosterLine.created_by_id).where(
        RosterLine.unit_id == unit.id, RosterLine.quarter == quarter, RosterLine.annulled_at.is_(None)
    )
    rows = read_rows(query.order_by(RosterLine.name_key, RosterLine.id))
    return [RosterRow(*row) for row in rows]


def valid_lines(unit: UnitEntry, quarter: str) -> dict[int, RosterLine]:
    """Person → the valid word of the quarter."""
    query = select(RosterLine).where(
        RosterLine.unit_id == unit.id, RosterLine.quarter == quarter, RosterLine.annulled_at.is_(None)
    )
    return {line.person_id: line for line in db.session.scalars(query)}


def confirmed_by_import(quarter: str) -> frozenset[int]:
    """Who stands in a file that was confirmed in the quarter. A file names people of any unit, so only
    Home Affairs reads it; that a line was confirmed is told to the unit too, of the file nothing."""
    with system_scope("people confirmed by an import of the quarter") as session:
        return frozenset(session.scalars(_imported(quarter)))


def tasks(viewer: Viewer) -> Select[Any] | None:
    """For a chair each own unit with open lines, for Home Affairs one row while rosters are open, in the
    registry's columns; due on the day of the setting."""
    if viewer.can(Permission.ROSTER_CONFIRM):
        return _chair_task(viewer)
    # What is not right is mended by who keeps the files.
    keeps = viewer.can(Permission.ROSTER_READ) and viewer.can(Permission.PERSON_EDIT)
    return _office_task(viewer) if keeps else None


def _chair_task(viewer: Viewer) -> Select[Any] | None:
    quarter = quarter_of(viewer.today)
    found = standings(viewer, quarter)
    waiting = [unit for unit in units_to_confirm(viewer) if found[unit.id].open]
    due = due_day(quarter) if waiting else None
    tasks_of_units = (_unit_task(unit, found[unit.id], due) for unit in waiting)
    union = union_of(tasks_of_units)
    return None if union is None else select(union.subquery())


def _unit_task(unit: UnitEntry, standing: Standing, due: date | None) -> Select[Any]:
    confirmed, whole = show_number(standing.confirmed), show_number(len(standing.people))
    words = _("%(count)s of %(whole)s lines confirmed", count=confirmed, whole=whole)
    query: Any = select(
        (literal(due, Date()) if due else cast(null(), Date)).label("on"),
        literal("roster_to_confirm").label("kind"),
        literal(words).label("title"),
        literal(unit.name).label("unit"),
        literal("confirmations.confirm").label("endpoint"),
        literal(unit.uid, Uid()).label("uid"),
    )
    task: Select[Any] = query
    return task


def _office_task(viewer: Viewer) -> Select[Any] | None:
    """How many units have a line that is open or not right, counted in the one statement of My work."""
    quarter = quarter_of(viewer.today)
    said = and_(
        RosterLine.person_id == Assignment.person_id,
        RosterLine.unit_id == Assignment.unit_id,
        RosterLine.quarter == quarter,
        RosterLine.annulled_at.is_(None),
    )
    is_open = and_(RosterLine.id.is_(None), Assignment.person_id.not_in(_imported(quarter)))
    count = func.count(Assignment.unit_id.distinct())
    query: Any = (
        select(
            cast(null(), Date).label("on"),
            literal("rosters_open").label("kind"),
            (cast(count, String) + literal(" " + _("units have open lines"))).label("title"),
            cast(null(), String).label("unit"),
            literal("confirmations.index").label("endpoint"),
            cast(null(), Uid).label("uid"),
        )
        .select_from(Assignment)
        .outerjoin(RosterLine, said)
        .where(
            Assignment.unit_id.in_([unit.id for unit in units_to_confirm(viewer)]),
            *_own_places(viewer.today),
            or_(is_open, RosterLine.verdict == Verdict.NOT_CORRECT),
        )
        .having(count > 0)
    )
    task: Select[Any] = query
    return task


def _imported(quarter: str) -> Any:
    """Ids of the people in a file that was confirmed in the quarter."""
    first, last = _moments(quarter)
    query = select(ImportLine.person_id).join(ImportBatch, ImportBatch.id == ImportLine.batch_id)
    return query.where(
        ImportBatch.status == ImportStatus.CONFIRMED,
        ImportBatch.confirmed_at >= first,
        ImportBatch.confirmed_at < last,
        ImportLine.person_id.is_not(None),
        # What was left out confirms nobody; of somebody new there was nothing to confirm.
        ImportLine.accepted,
        ImportLine.outcome != LineOutcome.NEW,
    )


def _standings(viewer: Viewer, quarter: str) -> dict[int, Standing]:
    people: dict[int, set[int]] = defaultdict(set)
    marked: dict[int, dict[int, Verdict]] = defaultdict(dict)
    for unit_id, person_id in _places(viewer):
        people[unit_id].add(person_id)
    query = select(RosterLine.unit_id, RosterLine.person_id, RosterLine.verdict)
    query = query.where(RosterLine.quarter == quarter, RosterLine.annulled_at.is_(None))
    for unit_id, person_id, verdict in read_rows(query):
        marked[unit_id][person_id] = verdict
    imported = confirmed_by_import(quarter)
    return {
        unit.id: Standing(frozenset(people[unit.id]), imported, marked[unit.id])
        for unit in units_to_confirm(viewer)
    }


def _places(viewer: Viewer) -> Iterator[tuple[int, int]]:
    query = select(Assignment.unit_id, Assignment.person_id).where(*_own_places(viewer.today))
    yield from read_rows(query)


def _own_places(day: date) -> tuple[Any, ...]:
    return (Assignment.kind.in_(HOME_KINDS), running_on(day))


def _moments(quarter: str) -> tuple[datetime, datetime]:
    """When the quarter begins and when it is over, in the province."""
    bounds = quarter_days(quarter)
    if bounds is None:
        raise ValueError(quarter)
    first, last = (datetime.combine(day, time.min, PROVINCE_ZONE) for day in bounds)
    return first, last.replace(hour=23, minute=59, second=59, microsecond=999999)
