"""Reads of imports: batches, lines, problems, remembered columns, the task they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, Select, and_, case, cast, func, literal, null, select
from sqlalchemy.orm import aliased

from accounts.models import User
from core.db import db
from core.errors import Missing
from core.permissions import Permission
from core.scope import Viewer
from core.subjects import union_of
from core.units import Unit, main_units
from hr.people.enums import ENDED, HOME_KINDS
from hr.people.imports.enums import WRITTEN, ImportStatus, LineOutcome
from hr.people.imports.models import (
    ImportBatch,
    ImportedUnit,
    ImportLine,
    ImportMapping,
    ImportMissing,
    ImportProblem,
)
from hr.people.models import Assignment, Person

#: Words of the kind of task below, for the registry.
KINDS = {
    "import_waiting": _l("import waiting for confirmation"),
    "import_missing": _l("people missing from an imported roster"),
}
#: Groups of problems that the page of an import shows; the list of problems has all.
GROUPS = 12


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind in one column: how many, and the first of them."""

    first: ImportProblem
    count: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a line may be, as far as one needs to tell them apart."""

    id: int
    uid: str
    name: str
    born_on: date
    number: str
    unit: str | None
    post: str | None


def find_batch(uid: str) -> ImportBatch:
    """The import with this uid; Missing when absent or hidden."""
    batch = db.session.scalar(select(ImportBatch).where(ImportBatch.uid == uid))
    if batch is None:
        raise Missing
    return batch


def list_batches() -> Select[Any]:
    """Every import with the name of its unit and of who sent it."""
    query: Any = select(ImportBatch, Unit.name.label("unit"), User.display_name.label("sender"))
    found: Select[Any] = query.outerjoin(Unit, Unit.id == ImportBatch.unit_id).outerjoin(
        User, User.id == ImportBatch.created_by_id
    )
    return found


def surroundings(batch: ImportBatch) -> dict[str, str | None]:
    """Names around an import: its unit, who sent it, who confirmed it, who took it
    back. One statement."""
    sender, confirmer, undoer = aliased(User), aliased(User), aliased(User)
    query = (
        select(Unit.name, sender.display_name, confirmer.display_name, undoer.display_name)
        .select_from(ImportBatch)
        .outerjoin(Unit, Unit.id == ImportBatch.unit_id)
        .outerjoin(sender, sender.id == ImportBatch.created_by_id)
        .outerjoin(confirmer, confirmer.id == ImportBatch.confirmed_by_id)
        .outerjoin(undoer, undoer.id == ImportBatch.undone_by_id)
        .where(ImportBatch.id == batch.id)
    )
    names = ("unit", "sender", "confirmer", "undoer")
    return dict(zip(names, db.session.execute(query).one(), strict=True))


def unit_of(batch: ImportBatch) -> Unit | None:
    """The unit for lines that name none."""
    return db.session.get(Unit, batch.unit_id) if batch.unit_id else None


def list_lines(
    batch: ImportBatch, outcome: LineOutcome | None, *, left_out: bool = False
) -> Select[ImportLine]:
    """Lines of a batch, of one outcome or all, or only those that are not taken."""
    query = select(ImportLine).where(ImportLine.batch_id == batch.id)
    query = query.where(ImportLine.accepted.is_(False)) if left_out else query
    return query if outcome is None else query.where(ImportLine.outcome == outcome)


def people_of(lines: Sequence[ImportLine]) -> dict[int, str]:
    """Uids of the people these lines are, by key. One statement, none without any."""
    keys = {line.person_id for line in lines if line.person_id is not None}
    query = select(Person.id, Person.uid).where(Person.id.in_(sorted(keys)))
    return {row.id: row.uid for row in db.session.execute(query)} if keys else {}


def unit_names(day: date) -> dict[str, str]:
    """Names of the main units of the day by code. One statement."""
    return {unit.code: unit.name for unit in db.session.scalars(main_units(day))}


def list_problems(batch: ImportBatch, severity: str | None, code: str | None = None) -> Select[ImportProblem]:
    """Problems of a batch: errors, remarks or both, of one kind or all."""
    query = select(ImportProblem).where(ImportProblem.batch_id == batch.id)
    if severity is not None:
        query = query.where(ImportProblem.severity == severity)
    return query if code is None else query.where(ImportProblem.code == code)


def remarks_of(
    batch: ImportBatch, lines: Sequence[ImportLine]
) -> dict[tuple[str, int | None], list[ImportProblem]]:
    """Errors and remarks of these lines, by sheet and row. One statement."""
    query = list_problems(batch, None).where(ImportProblem.row.in_({line.row for line in lines}))
    found: dict[tuple[str, int | None], list[ImportProblem]] = {}
    for problem in db.session.scalars(query.order_by(ImportProblem.id)):
        found.setdefault((problem.sheet, problem.row), []).append(problem)
    return found


def problem_counts(batch: ImportBatch) -> dict[str, int]:
    """How many errors and remarks a batch has."""
    query = select(ImportProblem.severity, func.count().label("times")).where(
        ImportProblem.batch_id == batch.id
    )
    return {row.severity: row.times for row in db.session.execute(query.group_by(ImportProblem.severity))}


def first_problems(batch: ImportBatch, severity: str, limit: int) -> Sequence[ImportProblem]:
    """The first problems as they were found."""
    query = list_problems(batch, severity).order_by(ImportProblem.id).limit(limit)
    found: Sequence[ImportProblem] = db.session.scalars(query).all()
    return found


def problem_groups(batch: ImportBatch, severity: str) -> list[ProblemGroup]:
    """Problems by kind and column, the most frequent first. One statement."""
    groups = (
        select(func.min(ImportProblem.id).label("first"), func.count().label("count"))
        .where(ImportProblem.batch_id == batch.id, ImportProblem.severity == severity)
        .group_by(ImportProblem.code, ImportProblem.sheet, ImportProblem.column)
        .subquery()
    )
    query = select(ImportProblem, groups.c.count).join(groups, groups.c.first == ImportProblem.id)
    query = query.order_by(groups.c.count.desc(), ImportProblem.id).limit(GROUPS)
    return [ProblemGroup(first, count) for first, count in db.session.execute(query)]


def remembered() -> dict[str, dict[str, str | None]]:
    """The column choices by shape of file."""
    return {row.shape: row.columns for row in db.session.scalars(select(ImportMapping))}


def tasks(viewer: Viewer) -> Select[Any] | None:
    """Imports that were read and wait for confirmation, and those that were confirmed and leave open why
    people are missing from them, in the registry's columns. No day is due."""
    if not viewer.can(Permission.PERSON_IMPORT):
        return None
    waiting = _task("import_waiting", "imports.show").where(ImportBatch.status == ImportStatus.READ)
    missing = _task("import_missing", "imports.missing").where(
        ImportBatch.status == ImportStatus.CONFIRMED,
        # As counted when it was read: most have none, and of the others the register is asked.
        ImportBatch.missing > 0,
        ImportBatch.id.in_(_with_unexplained(viewer.today)),
    )
    both: Any = union_of((waiting, missing))
    found: Select[Any] = select(both.subquery())
    return found


def _task(kind: str, endpoint: str) -> Select[Any]:
    query: Any = select(
        cast(null(), Date).label("on"),
        literal(kind).label("kind"),
        ImportBatch.filename.label("title"),
        Unit.name.label("unit"),
        literal(endpoint).label("endpoint"),
        ImportBatch.uid.label("uid"),
    )
    task: Select[Any] = query.outerjoin(Unit, Unit.id == ImportBatch.unit_id)
    return task


def _with_unexplained(today: date) -> Any:
    """Keys of the imports, each the newest of a unit, whose unit has somebody that no line names and of whom
    nobody said why, as the register is now."""
    newest = select(func.max(ImportedUnit.id)).group_by(ImportedUnit.unit_id)
    batch, line, said = aliased(ImportBatch), aliased(ImportLine), aliased(ImportMissing)
    query: Any = select(ImportedUnit.batch_id).join(batch, batch.id == ImportedUnit.batch_id)
    query = query.join(Assignment, Assignment.unit_id == ImportedUnit.unit_id)
    query = query.join(Person, Person.id == Assignment.person_id)
    query = query.outerjoin(line, and_(line.person_id == Person.id, line.batch_id == batch.id))
    query = query.outerjoin(said, and_(said.person_id == Person.id, said.batch_id == batch.id))
    return query.where(
        ImportedUnit.id.in_(newest),
        batch.missing > 0,
        Assignment.kind.in_(HOME_KINDS),
        Assignment.annulled_at.is_(None),
        Assignment.ends_on.is_(None),
        Assignment.starts_on <= func.coalesce(batch.as_of, today),
        Person.status.not_in(ENDED),
        line.id.is_(None),
        said.id.is_(None),
    )


def units_to_choose(day: date) -> list[tuple[str, Any]]:
    """Uid and name of the main units of the day, for lines that name none."""
    return [(unit.uid, unit.name) for unit in db.session.scalars(main_units(day))]


def lines_to_write(batch: ImportBatch) -> list[ImportLine]:
    """The accepted lines that confirming writes. One statement."""
    query = select(ImportLine).where(
        ImportLine.batch_id == batch.id,
        ImportLine.accepted,
        ImportLine.outcome.in_((*WRITTEN, LineOutcome.CONFLICTING)),
    )
    return list(db.session.scalars(query.order_by(ImportLine.id)))


def people_named(batch: ImportBatch, *, apart_from: Collection[int] = ()) -> dict[int, int]:
    """Keys of the people that lines of a batch are, with the row of the line, some lines left out."""
    query = select(ImportLine.id, ImportLine.person_id, ImportLine.row).where(
        ImportLine.batch_id == batch.id, ImportLine.person_id.is_not(None)
    )
    rows = db.session.execute(query)
    return {person: row for key, person, row in rows if person is not None and key not in apart_from}


def taken_by_unit(batch: ImportBatch) -> dict[int, tuple[int, int]]:
    """Lines taken and left out by the unit they name. One statement."""
    taken = func.sum(case((ImportLine.accepted, 1), else_=0))
    query = select(ImportLine.unit_id, taken, func.count()).where(
        ImportLine.batch_id == batch.id, ImportLine.unit_id.is_not(None)
    )
    rows = db.session.execute(query.group_by(ImportLine.unit_id))
    return {unit_id: (accepted, count - accepted) for unit_id, accepted, count in rows if accepted}


def accepted_counts(batch: ImportBatch) -> dict[LineOutcome, int]:
    """Accepted lines by kind. One statement."""
    query = select(ImportLine.outcome, func.count()).where(
        ImportLine.batch_id == batch.id, ImportLine.accepted
    )
    found: dict[LineOutcome, int] = dict.fromkeys(LineOutcome, 0)
    return found | dict(db.session.execute(query.group_by(ImportLine.outcome)).all())


def lines_by_uid(batch: ImportBatch, uids: Collection[str]) -> list[ImportLine]:
    """These lines of a batch."""
    query = select(ImportLine).where(ImportLine.batch_id == batch.id, ImportLine.uid.in_(sorted(uids)))
    return list(db.session.scalars(query.order_by(ImportLine.id)))


def candidates_of(lines: Sequence[ImportLine]) -> dict[int, Candidate]:
    """The people these lines may be, by key, with unit and post. One statement, none without any."""
    keys = {key for line in lines for key in line.candidates or ()}
    if not keys:
        return {}
    place = aliased(Assignment)
    running = and_(
        place.person_id == Person.id,
        place.kind.in_(HOME_KINDS),
        place.annulled_at.is_(None),
        place.ends_on.is_(None),
    )
    query: Any = select(
        Person.id, Person.uid, Person.full_name, Person.born_on, Person.id_number, Unit.name, place.post
    )
    query = query.outerjoin(place, running).outerjoin(Unit, Unit.id == place.unit_id)
    found = db.session.execute(query.where(Person.id.in_(sorted(keys))))
    return {row[0]: Candidate(*row) for row in found}


def list_missing(batch: ImportBatch, day: date) -> Select[Any]:
    """People whose own place has been in a unit of the file since its day and still is, and whom no line
    names: the person, the assignment, the unit's name, and what was answered. No row while the file is
    being read."""
    lines = select(ImportLine.unit_id).where(ImportLine.batch_id == batch.id, ImportLine.unit_id.is_not(None))
    named = select(ImportLine.person_id).where(
        ImportLine.batch_id == batch.id, ImportLine.person_id.is_not(None)
    )
    query: Any = select(Person, Assignment, Unit.name.label("unit"), ImportMissing)
    query = query.join(Assignment, Assignment.person_id == Person.id).join(
        Unit, Unit.id == Assignment.unit_id
    )
    answered = and_(ImportMissing.person_id == Person.id, ImportMissing.batch_id == batch.id)
    found: Select[Any] = query.outerjoin(ImportMissing, answered).where(
        Assignment.unit_id.in_(lines),
        Assignment.kind.in_(HOME_KINDS),
        Assignment.annulled_at.is_(None),
        Assignment.ends_on.is_(None),
        Assignment.starts_on <= day,
        Person.status.not_in(ENDED),
        Person.id.not_in(named),
        Person.id.not_in(_perhaps_named(batch)),
    )
    return found


def count_missing(batch: ImportBatch, day: date) -> int:
    """How many people of the units of the file no line names."""
    query = list_missing(batch, day).with_only_columns(func.count(Person.id))
    return db.session.scalar(query) or 0


def last_confirmed_import(unit_id: int) -> ImportedUnit | None:
    """The newest import of the unit's roster that stands confirmed: `confirmed_at` is when. None for
    none, and for a unit the viewer does not see. One statement."""
    query = select(ImportedUnit).where(ImportedUnit.unit_id == unit_id)
    newest: ImportedUnit | None = db.session.scalar(
        query.order_by(ImportedUnit.confirmed_at.desc(), ImportedUnit.id.desc()).limit(1)
    )
    return newest


def last_confirmed_imports(unit_ids: Collection[int]) -> dict[int, datetime]:
    """When the roster of each of these units was last taken in by an import that stands confirmed; units
    without one are left out. One statement."""
    query = select(ImportedUnit.unit_id, func.max(ImportedUnit.confirmed_at)).where(
        ImportedUnit.unit_id.in_(sorted(unit_ids))
    )
    return dict(db.session.execute(query.group_by(ImportedUnit.unit_id)).all())


def _perhaps_named(batch: ImportBatch) -> list[int]:
    """Keys of the people that a line may be, while nobody has said so."""
    query = select(ImportLine.candidates).where(
        ImportLine.batch_id == batch.id,
        ImportLine.candidates.is_not(None),
        ImportLine.by_hand.is_(False),
    )
    return sorted({key for candidates in db.session.scalars(query) for key in candidates or ()})
