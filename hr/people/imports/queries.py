"""Reads of imports: batches, lines, problems, the register's side of the comparison."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, Select, cast, func, literal, null, select

from core.db import db
from core.errors import Missing
from core.permissions import Permission
from core.scope import Viewer
from core.text import fold
from core.units import Unit, UnitKind, UnitSuccession, main_units, standing_on
from hr.people.enums import HOME_KINDS
from hr.people.imports.enums import WRITTEN, ImportStatus, LineOutcome
from hr.people.imports.matching import BACKGROUND, FACTS, Held, HeldPaper, HeldPlace, UnitKeys
from hr.people.imports.models import ImportBatch, ImportLine, ImportMapping, ImportProblem
from hr.people.models import Assignment, Person, PersonBackground, Qualification, RankStep
from hr.people.rules import in_service

#: Values in one statement; both engines take more, none needs it.
CHUNK = 500


def find_batch(uid: str) -> ImportBatch:
    """The import with this uid; Missing when absent or hidden."""
    batch = db.session.scalar(select(ImportBatch).where(ImportBatch.uid == uid))
    if batch is None:
        raise Missing
    return batch


def list_batches() -> Select[tuple[ImportBatch]]:
    """Every import."""
    return select(ImportBatch)


def list_lines(batch: ImportBatch, outcome: LineOutcome | None) -> Select[tuple[ImportLine]]:
    """Lines of a batch, of one outcome or all."""
    query = select(ImportLine).where(ImportLine.batch_id == batch.id)
    return query if outcome is None else query.where(ImportLine.outcome == outcome)


def list_problems(batch: ImportBatch, severity: str | None) -> Select[tuple[ImportProblem]]:
    """Problems of a batch, errors or remarks or both."""
    query = select(ImportProblem).where(ImportProblem.batch_id == batch.id)
    return query if severity is None else query.where(ImportProblem.severity == severity)


def problem_counts(batch: ImportBatch) -> dict[str, int]:
    """How many errors and remarks a batch has."""
    query = select(ImportProblem.severity, func.count()).where(ImportProblem.batch_id == batch.id)
    return {severity: count for severity, count in db.session.execute(query.group_by(ImportProblem.severity))}


def remembered() -> dict[str, dict[str, str | None]]:
    """The column choices by shape of file."""
    return {row.shape: row.columns for row in db.session.scalars(select(ImportMapping))}


def unit_table(day: date) -> list[dict[str, Any]]:
    """Today's main units with the names and codes of their former ones, as the reader wants them."""
    units = db.session.scalars(select(Unit).where(Unit.kind.in_(_MAIN), standing_on(day))).all()
    former: dict[int, list[dict[str, str]]] = {}
    query = select(UnitSuccession.new_id, Unit.code, Unit.name).join(Unit, Unit.id == UnitSuccession.old_id)
    for new_id, code, name in db.session.execute(query):
        former.setdefault(new_id, []).append({"code": code, "name": name})
    return [
        {"code": u.code, "name": u.name, "kind": u.kind.value, "predecessors": former.get(u.id, [])} for u in units
    ]


_MAIN = (UnitKind.DEPARTMENT, UnitKind.SERVICE_UNIT, UnitKind.COMMUNE, UnitKind.WARD)


def unit_keys(day: date) -> UnitKeys:
    """Keys of today's units and divisions, for matching. One statement."""
    units: dict[str, int] = {}
    names: dict[int, str] = {}
    divisions: dict[tuple[int, str], int] = {}
    for unit in db.session.scalars(select(Unit).where(Unit.kind.in_((*_MAIN, UnitKind.DIVISION)), standing_on(day))):
        names[unit.id] = unit.name
        if unit.kind is UnitKind.DIVISION:
            divisions[(unit.parent_id or 0, unit.name_fold)] = unit.id
        else:
            units[unit.code] = unit.id
    return UnitKeys(units, names, divisions, fold)


def held_people(numbers: Iterable[str], day: date) -> dict[str, Held]:
    """The people with these numbers as the register has them on `day`, by number."""
    wanted, found = sorted(set(numbers)), {}
    for chunk in _chunks(wanted):
        people = db.session.scalars(select(Person).where(Person.id_number.in_(chunk))).all()
        ids = [person.id for person in people]
        backgrounds = _by_person(select(PersonBackground).where(PersonBackground.person_id.in_(ids)))
        places = _places(ids, day)
        ranks = _ranks(ids)
        papers = _papers(ids)
        for person in people:
            background = backgrounds.get(person.id)
            found[person.id_number] = Held(
                id=person.id,
                uid=person.uid,
                version=person.version,
                in_service=in_service(person.status),
                facts={name: getattr(person, name) for name in FACTS},
                background={name: getattr(background, name, None) for name in BACKGROUND},
                place=places.get(person.id),
                rank=ranks.get(person.id),
                papers=tuple(papers.get(person.id, ())),
            )
        # Thousands of rows that are only compared must not stay in the session.
        db.session.expunge_all()
    return found


def _places(ids: Sequence[int], day: date) -> dict[int, HeldPlace]:
    query = (
        select(Assignment)
        .where(
            Assignment.person_id.in_(ids),
            Assignment.kind.in_(HOME_KINDS),
            Assignment.annulled_at.is_(None),
            Assignment.ends_on.is_(None),
        )
        .order_by(Assignment.starts_on)
    )
    return {
        row.person_id: HeldPlace(
            row.id, row.unit_id, row.division_id, row.post, row.category, row.starts_on, row.kind.value
        )
        for row in db.session.scalars(query)
    }


def _ranks(ids: Sequence[int]) -> dict[int, Any]:
    query = select(RankStep).where(RankStep.person_id.in_(ids), RankStep.annulled_at.is_(None))
    rows = db.session.scalars(query.order_by(RankStep.starts_on))
    return {row.person_id: (row.rank_code, row.step, row.coefficient, row.starts_on) for row in rows}


def _papers(ids: Sequence[int]) -> dict[int, list[HeldPaper]]:
    query = select(Qualification).where(Qualification.person_id.in_(ids), Qualification.annulled_at.is_(None))
    found: dict[int, list[HeldPaper]] = {}
    for row in db.session.scalars(query.order_by(Qualification.id)):
        year = row.awarded_year or (row.awarded_on.year if row.awarded_on else None)
        paper = HeldPaper(row.id, row.kind, row.level, row.major, row.issuer, year, row.proof_state)
        found.setdefault(row.person_id, []).append(paper)
    return found


def _by_person(query: Select[Any]) -> dict[int, Any]:
    return {row.person_id: row for row in db.session.scalars(query)}


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


#: Words of the kind of task below, for the registry.
KINDS = {"import_waiting": _l("import waiting for confirmation")}


def tasks(viewer: Viewer) -> Select[Any] | None:
    """Imports that were read and wait for confirmation, in the registry's columns. No day is due."""
    if not viewer.can(Permission.PERSON_IMPORT):
        return None
    return (
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


def units_to_choose(day: date) -> Select[tuple[Unit]]:
    """Main units of the day, for lines that name none."""
    return main_units(day)


def lines_to_write(batch: ImportBatch) -> list[dict[str, Any]]:
    """The values of the lines that confirming writes, as they were read."""
    query = select(ImportLine.values, ImportLine.outcome, ImportLine.changes).where(
        ImportLine.batch_id == batch.id, ImportLine.outcome.in_(WRITTEN)
    )
    return [
        {"values": values, "outcome": outcome, "changes": changes}
        for values, outcome, changes in db.session.execute(query.order_by(ImportLine.id))
    ]
