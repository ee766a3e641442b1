"""The register's side of the comparison: its units for the reader, its people for the matching, and what
the last confirmed import of a unit said of them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from core.db import db
from core.text import fold
from core.units import MAIN_KINDS, Unit, UnitKind, UnitSuccession, standing_on
from hr.people.enums import HOME_KINDS
from hr.people.imports.enums import ImportStatus
from hr.people.imports.identity import Alike
from hr.people.imports.models import ImportBatch, ImportLine
from hr.people.imports.plans import BACKGROUND, FACTS, Held, HeldPaper, HeldPlace, HeldRank, UnitKeys
from hr.people.merging.models import PersonMerge
from hr.people.models import Assignment, Person, PersonBackground, Qualification, RankStep
from hr.people.rules import in_service

#: Values in one statement; both engines take more, none needs it.
CHUNK = 1000


def unit_table(day: date) -> list[dict[str, Any]]:
    """Main units of the day with the names and codes of their former ones, as the reader wants them."""
    former: dict[int, list[dict[str, str]]] = {}
    query = select(UnitSuccession.new_id, Unit.code, Unit.name).join(Unit, Unit.id == UnitSuccession.old_id)
    for new_id, code, name in db.session.execute(query):
        former.setdefault(new_id, []).append({"code": code, "name": name})
    units = select(Unit.id, Unit.code, Unit.name).where(Unit.kind.in_(MAIN_KINDS), standing_on(day))
    return [
        {"code": code, "name": name, "predecessors": former.get(key, [])}
        for key, code, name in db.session.execute(units)
    ]


def unit_keys(day: date) -> UnitKeys:
    """Keys of the units and divisions of the day, for matching; names also of those before. One statement."""
    query = select(Unit.id, Unit.code, Unit.name, Unit.name_fold, Unit.kind, Unit.parent_id, Unit.valid_from)
    units: dict[str, int] = {}
    divisions: dict[tuple[int, str], int] = {}
    names: dict[int, str] = {}
    since: dict[int, date] = {}
    kinds = (*MAIN_KINDS, UnitKind.DIVISION)
    for row in db.session.execute(query.where(Unit.kind.in_(kinds), standing_on(day))):
        names[row.id] = row.name
        if row.valid_from is not None:
            since[row.id] = row.valid_from
        if row.kind is UnitKind.DIVISION:
            divisions[(row.parent_id or 0, row.name_fold)] = row.id
        else:
            units[row.code] = row.id
    return UnitKeys(units, names, divisions, since)


def held_people(numbers: Iterable[str], day: date) -> dict[str, Held]:
    """The people with these numbers, now or in a file merged into theirs, as the register has them on
    `day`, by number. Seven statements a thousand people."""
    wanted, found = set(numbers), dict[str, Held]()
    former = _former(wanted)
    for chunk in _chunks(sorted({*wanted, *former.values()})):
        found |= {held.number: held for held in _held(Person.id_number.in_(chunk), day)}
    return found | {number: found[present] for number, present in former.items() if present in found}


def _former(numbers: Iterable[str]) -> dict[str, str]:
    """Former numbers among these → the number that stands now."""
    found: dict[str, str] = {}
    for chunk in _chunks(sorted(numbers)):
        query = select(PersonMerge.id_number, Person.id_number).join(
            Person, Person.id == PersonMerge.person_id
        )
        for number, present in db.session.execute(query.where(PersonMerge.id_number.in_(chunk))):
            found[number] = present
    return found


def held_by_key(keys: Iterable[int], day: date) -> dict[int, Held]:
    """The people with these keys, likewise."""
    found: dict[int, Held] = {}
    for chunk in _chunks(sorted(set(keys))):
        found |= {held.id: held for held in _held(Person.id.in_(chunk), day)}
    return found


def keys_of(numbers: Iterable[str]) -> dict[str, int]:
    """Keys of the people with these numbers. One statement a thousand."""
    found: dict[str, int] = {}
    for chunk in _chunks(sorted(set(numbers))):
        query = select(Person.id_number, Person.id).where(Person.id_number.in_(chunk))
        found.update((number, key) for number, key in db.session.execute(query))
    return found


def people_alike(wanted: Collection[Alike]) -> dict[Alike, list[int]]:
    """Keys of the people with these folded names and dates of birth. One statement a thousand days."""
    found: dict[Alike, list[int]] = {}
    for chunk in _chunks(sorted({born_on for _name, born_on in wanted})):
        query = select(Person.id, Person.full_name, Person.born_on).where(Person.born_on.in_(chunk))
        for key, name, born_on in db.session.execute(query):
            if (fold(name), born_on) in wanted:
                found.setdefault((fold(name), born_on), []).append(key)
    return found


def last_values(keys: Iterable[int]) -> dict[tuple[int, int], Any]:
    """What the lines accepted last said, by unit and person. One statement a thousand people."""
    newest = func.row_number().over(
        partition_by=(ImportLine.unit_id, ImportLine.person_id),
        order_by=(ImportBatch.confirmed_at.desc(), ImportLine.id.desc()),
    )
    found: dict[tuple[int, int], Any] = {}
    for chunk in _chunks(sorted(set(keys))):
        ranked = (
            select(ImportLine.id, newest.label("place"))
            .join(ImportBatch, ImportBatch.id == ImportLine.batch_id)
            .where(
                ImportLine.person_id.in_(chunk),
                ImportLine.unit_id.is_not(None),
                ImportLine.accepted,
                ImportBatch.status == ImportStatus.CONFIRMED,
            )
            .subquery()
        )
        query = select(ImportLine.unit_id, ImportLine.person_id, ImportLine.values)
        query = query.join(ranked, ranked.c.id == ImportLine.id).where(ranked.c.place == 1)
        for unit_id, person_id, values in db.session.execute(query):
            found[unit_id, person_id] = values
    return found


def _held(criterion: ColumnElement[bool], day: date) -> list[Held]:
    columns = (Person.id, Person.uid, Person.version, Person.id_number, Person.status)
    query = select(*columns, *(getattr(Person, name) for name in FACTS))
    people = db.session.execute(query.where(criterion)).all()
    if not people:
        return []
    ids = [row.id for row in people]
    backgrounds, places, beside = _backgrounds(ids), _places(ids), _beside(ids, day)
    ranks, papers = _ranks(ids), _papers(ids)
    return [
        Held(
            id=row.id,
            uid=row.uid,
            version=row.version,
            in_service=in_service(row.status),
            facts={name: getattr(row, name) for name in FACTS},
            background=backgrounds.get(row.id, {}),
            place=places.get(row.id),
            beside=frozenset(beside.get(row.id, ())),
            rank=ranks.get(row.id),
            papers=tuple(papers.get(row.id, ())),
            number=row.id_number,
        )
        for row in people
    ]


def places_in(unit_ids: Iterable[int], day: date) -> list[Any]:
    """Rows (person's key, name, unit, division, post) of the places in these units that have not ended on
    the day. One statement."""
    query = select(
        Assignment.person_id,
        Assignment.person_name,
        Assignment.unit_id,
        Assignment.division_id,
        Assignment.post,
    ).where(
        Assignment.unit_id.in_(sorted(unit_ids)),
        Assignment.annulled_at.is_(None),
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
    )
    return list(db.session.execute(query))


def _backgrounds(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    columns = [getattr(PersonBackground, name) for name in BACKGROUND]
    query = select(PersonBackground.person_id, *columns).where(PersonBackground.person_id.in_(ids))
    return {row[0]: dict(zip(BACKGROUND, row[1:], strict=True)) for row in db.session.execute(query)}


def _places(ids: Sequence[int]) -> dict[int, HeldPlace]:
    """The open place of one's own; the database holds that there is one at most."""
    names = HeldPlace.__dataclass_fields__
    query = select(Assignment.person_id, *(getattr(Assignment, name) for name in names)).where(
        Assignment.person_id.in_(ids),
        Assignment.kind.in_(HOME_KINDS),
        Assignment.annulled_at.is_(None),
        Assignment.ends_on.is_(None),
    )
    return {row[0]: HeldPlace(*row[1:]) for row in db.session.execute(query)}


def _beside(ids: Sequence[int], day: date) -> dict[int, list[tuple[int, str]]]:
    query = select(Assignment.person_id, Assignment.unit_id, Assignment.post).where(
        Assignment.person_id.in_(ids),
        Assignment.kind.not_in(HOME_KINDS),
        Assignment.annulled_at.is_(None),
        Assignment.starts_on <= day,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for person_id, unit_id, post in db.session.execute(query):
        found.setdefault(person_id, []).append((unit_id, post))
    return found


def _ranks(ids: Sequence[int]) -> dict[int, HeldRank]:
    """The newest of each person: rows come oldest first."""
    columns = (RankStep.rank_code, RankStep.step, RankStep.coefficient, RankStep.starts_on)
    query = select(RankStep.person_id, *columns).where(
        RankStep.person_id.in_(ids), RankStep.annulled_at.is_(None)
    )
    return {row[0]: HeldRank(*row[1:]) for row in db.session.execute(query.order_by(RankStep.starts_on))}


def _papers(ids: Sequence[int]) -> dict[int, list[HeldPaper]]:
    row = Qualification
    columns = (row.id, row.kind, row.level, row.major, row.issuer, row.awarded_year, row.awarded_on)
    query = select(row.person_id, row.proof_state, *columns).where(
        row.person_id.in_(ids), row.annulled_at.is_(None)
    )
    found: dict[int, list[HeldPaper]] = {}
    for person_id, proof, key, kind, level, major, issuer, year, day in db.session.execute(
        query.order_by(row.id)
    ):
        year = year or (day.year if day else None)
        paper = HeldPaper(key, kind, level, major, issuer, year, proof)
        found.setdefault(person_id, []).append(paper)
    return found


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
