"""Reads of imports: batches, lines, problems, remembered columns, the task they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, Select, cast, func, literal, null, select
from sqlalchemy.orm import aliased

from accounts.models import User
from core.db import db
from core.errors import Missing
from core.permissions import Permission
from core.scope import Viewer
from core.units import Unit, main_units
from hr.people.imports.enums import WRITTEN, ImportStatus, LineOutcome
from hr.people.imports.models import ImportBatch, ImportLine, ImportMapping, ImportProblem
from hr.people.models import Person

#: Words of the kind of task below, for the registry.
KINDS = {"import_waiting": _l("import waiting for confirmation")}
#: Groups of problems that the page of an import shows; the list of problems has all.
GROUPS = 12


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind in one column: how many, and the first of them."""

    first: ImportProblem
    count: int


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


def list_lines(batch: ImportBatch, outcome: LineOutcome | None) -> Select[ImportLine]:
    """Lines of a batch, of one outcome or all."""
    query = select(ImportLine).where(ImportLine.batch_id == batch.id)
    return query if outcome is None else query.where(ImportLine.outcome == outcome)


def people_of(lines: Sequence[ImportLine]) -> dict[str, str]:
    """Uids of the people in the register by the numbers these lines bear. One statement."""
    numbers = [line.values["id_number"] for line in lines if line.values.get("id_number")]
    query = select(Person.id_number, Person.uid).where(Person.id_number.in_(numbers))
    return {row.id_number: row.uid for row in db.session.execute(query)} if numbers else {}


def unit_names(day: date) -> dict[str, str]:
    """Names of the main units of the day by code. One statement."""
    return {unit.code: unit.name for unit in db.session.scalars(main_units(day))}


def list_problems(batch: ImportBatch, severity: str | None, code: str | None = None) -> Select[ImportProblem]:
    """Problems of a batch: errors, remarks or both, of one kind or all."""
    query = select(ImportProblem).where(ImportProblem.batch_id == batch.id)
    if severity is not None:
        query = query.where(ImportProblem.severity == severity)
    return query if code is None else query.where(ImportProblem.code == code)


def reasons_of(
    batch: ImportBatch, lines: Sequence[ImportLine]
) -> dict[tuple[str, int | None], list[ImportProblem]]:
    """Why these lines are left out, by sheet and row. One statement."""
    query = list_problems(batch, "error").where(ImportProblem.row.in_({line.row for line in lines}))
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
    """Imports that were read and wait for confirmation, in the registry's columns. No day is due."""
    if not viewer.can(Permission.PERSON_IMPORT):
        return None
    query: Any = (
        select(
            cast(null(), Date).label("on"),
            literal("import_waiting").label("kind"),
            ImportBatch.filename.label("title"),
            Unit.name.label("unit"),
            literal("imports.show").label("endpoint"),
            ImportBatch.uid.label("uid"),
        )
        .outerjoin(Unit, Unit.id == ImportBatch.unit_id)
        .where(ImportBatch.status == ImportStatus.READ)
    )
    waiting: Select[Any] = query
    return waiting


def units_to_choose(day: date) -> list[tuple[str, Any]]:
    """Uid and name of the main units of the day, for lines that name none."""
    return [(unit.uid, unit.name) for unit in db.session.scalars(main_units(day))]


def lines_to_write(batch: ImportBatch) -> list[dict[str, Any]]:
    """The values of the lines that confirming writes, as they were read."""
    query = select(ImportLine.values, ImportLine.outcome, ImportLine.changes).where(
        ImportLine.batch_id == batch.id, ImportLine.outcome.in_(WRITTEN)
    )
    return [
        {"values": values, "outcome": outcome, "changes": changes}
        for values, outcome, changes in db.session.execute(query.order_by(ImportLine.id))
    ]
