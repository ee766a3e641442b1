"""Reads of merging: possible duplicates, two files side by side, where a merged file went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from accounts.models import User
from core import audit
from core.changes import until_changed
from core.db import Base, db
from core.errors import Missing
from core.scope import Viewer, read_rows
from hr.people.enums import HOME_KINDS
from hr.people.groups.registry import GROUPS
from hr.people.merging import rules
from hr.people.merging.models import DifferentPeople, PersonMerge
from hr.people.models import Assignment, Person, PersonBackground, Qualification, RankStep

#: Where the tables lie whose rows a merge moves itself; later packages move their own.
PACKAGE = "hr.people."
#: Facts of the person's own row that are chosen one by one.
FACTS = (
    "id_number full_name other_name sex born_on birthplace native_place recruited_on recruited_by"
).split()
BACKGROUND = "ethnicity religion party_joined_on party_official_on party_post".split()
#: Chosen together: how service stands.
SERVICE = ("status", "status_since", "status_reason", "ended_on")


@dataclass(frozen=True, slots=True)
class Choice:
    """A fact in which the two files differ. `key` is "section.name"."""

    key: str
    name: str
    kept: Any
    other: Any


@dataclass(frozen=True, slots=True)
class Clash:
    """Two entries, one of each file, that cannot both stand."""

    kept: Any
    other: Any
    can_both: bool

    @property
    def key(self) -> str:
        return f"{self.kept.uid}-{self.other.uid}"


@dataclass(frozen=True, slots=True)
class Mark:
    """That two people are different: by whom, when, and how it was found out."""

    uid: str
    by: str | None
    at: Any
    note: str


def sections() -> dict[str, tuple[Any, Sequence[str]]]:
    """Tables of one row a person with the columns that are chosen one by one; found by their key, so
    that a further one needs no entry."""
    known: dict[Any, tuple[str, Sequence[str]]] = {
        group.table: (code, group.names) for code, group in GROUPS.items()
    }
    known[PersonBackground] = ("background", BACKGROUND)
    found: dict[str, tuple[Any, Sequence[str]]] = {}
    for table in sorted(_one_row_tables(), key=lambda cls: str(cls.__tablename__)):
        others = [column.key for column in table.__mapper__.columns if column.key != "person_id"]
        code, names = known.get(table, (table.__tablename__, others))
        found[code] = (table, names)
    return found


def _one_row_tables() -> list[Any]:
    own = [mapper for mapper in Base.registry.mappers if mapper.class_.__module__.startswith(PACKAGE)]
    return [mapper.class_ for mapper in own if [key.name for key in mapper.primary_key] == ["person_id"]]


def list_pairs(viewer: Viewer, person: Person | None = None) -> list[rules.Pair]:
    """Possible duplicates among the people the viewer reaches, or those of one of them; pairs marked
    as different are left out. Two statements, kept until something is changed."""
    pairs = until_changed(("duplicates", viewer), _pairs)
    if person is None:
        return pairs
    return [pair for pair in pairs if person.id in pair.key]


def _pairs() -> list[rules.Pair]:
    columns = (Person.id, Person.uid, Person.full_name, Person.name_key, Person.id_number, Person.born_on)
    people = [rules.Known(*row) for row in read_rows(select(*columns))]
    marked = select(DifferentPeople.one_id, DifferentPeople.other_id).where(
        DifferentPeople.annulled_at.is_(None)
    )
    different = {tuple(row) for row in read_rows(marked)}
    return [pair for pair in rules.possible_duplicates(people) if pair.key not in different]


def mark_of(one: Person, other: Person) -> Mark | None:
    """The mark that two people are different, if there is one."""
    low, high = sorted((one.id, other.id))
    query = (
        select(DifferentPeople.uid, User.display_name, DifferentPeople.created_at, DifferentPeople.note)
        .outerjoin(User, User.id == DifferentPeople.created_by_id)
        .where(DifferentPeople.one_id == low, DifferentPeople.other_id == high)
    )
    row = db.session.execute(query.where(DifferentPeople.annulled_at.is_(None))).first()
    return None if row is None else Mark(*row)


def kept_for(uid: str) -> str | None:
    """The uid of the file into which the file of this uid was merged; None when it never was, or the
    viewer may not see where it went."""
    query = select(Person.uid).join(PersonMerge, PersonMerge.person_id == Person.id)
    found: str | None = db.session.scalar(query.where(PersonMerge.merged_uid == uid))
    return found


def choices(kept: Person, other: Person) -> list[Choice]:
    """Every fact in which the two files differ, in the order of the form. One statement."""
    found = [_choice("person", name, kept, other) for name in FACTS]
    if any(getattr(kept, name) != getattr(other, name) for name in SERVICE):
        found.append(Choice("service.status", "status", _service(kept), _service(other)))
    rows = _rows(kept.id, other.id)
    for section, (_table, names) in sections().items():
        left, right = rows[kept.id][section], rows[other.id][section]
        found += [_choice(section, name, left, right) for name in names]
    return [choice for choice in found if choice.kept != choice.other]


def clashes(kept: Person, other: Person) -> list[Clash]:
    """Entries of the two files that cannot both stand in one: own places at one time, one post held
    twice, two ranks from one day, one paper twice. Three statements."""
    found = []
    for entries in (_places, _ranks, _papers):
        rows = entries(kept.id, other.id)
        by_uid = {row.uid: row for row, _entry in rows}
        left = [entry for row, entry in rows if row.person_id == kept.id]
        right = [entry for row, entry in rows if row.person_id == other.id]
        for one, two in rules.exclusions(left, right):
            found.append(Clash(by_uid[one.uid], by_uid[two.uid], rules.can_be_cut(one, two)))
    return found


def _rows(*ids: int) -> dict[int, dict[str, Any]]:
    """The row of each section by person, None where nothing is recorded; Missing when one of them went
    meanwhile. One statement."""
    tables = {section: table for section, (table, _names) in sections().items()}
    query: Any = select(Person.id, *tables.values()).select_from(Person)
    for table in tables.values():
        query = query.outerjoin(table, table.person_id == Person.id)
    rows = db.session.execute(query.where(Person.id.in_(ids)))
    found = {key: dict(zip(tables, parts, strict=True)) for key, *parts in rows}
    if len(found) < len(ids):
        raise Missing
    return found


def _choice(section: str, name: str, kept: Any, other: Any) -> Choice:
    return Choice(f"{section}.{name}", name, getattr(kept, name, None), getattr(other, name, None))


def _service(person: Person) -> tuple[Any, Any]:
    return person.status, audit.plain(person.ended_on)


def _valid(cls: Any, *ids: int) -> list[Any]:
    query = select(cls).where(cls.person_id.in_(ids), cls.annulled_at.is_(None))
    return list(db.session.scalars(query.order_by(cls.id)))


def _places(*ids: int) -> list[tuple[Any, rules.Entry]]:
    return [
        (row, rules.Entry(row.uid, _post(row), row.starts_on, row.ends_on, True))
        for row in _valid(Assignment, *ids)
    ]


def _post(row: Assignment) -> Any:
    return "own" if row.kind in HOME_KINDS else (row.unit_id, row.kind, row.post_fold)


def _ranks(*ids: int) -> list[tuple[Any, rules.Entry]]:
    return [
        (row, rules.Entry(row.uid, row.starts_on, row.starts_on, None, False))
        for row in _valid(RankStep, *ids)
    ]


def _papers(*ids: int) -> list[tuple[Any, rules.Entry]]:
    rows = [row for row in _valid(Qualification, *ids) if row.serial]
    return [(row, rules.Entry(row.uid, (row.kind, row.serial), None, None, False)) for row in rows]
