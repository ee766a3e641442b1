"""Loads many new people at once (demo, first import): made ready before the gate, written inside it
in few statements, one row in the log per person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from core import audit
from core.actions import action
from core.audit import AuditType
from core.bulk import BoundRows, bind_rows, insert_bound
from core.clock import now
from core.db import Base, db
from core.errors import Denied, Unprocessable
from core.ids import new_uid
from core.permissions import Permission, Realm
from core.scope import Viewer
from hr.people import entry
from hr.people.actions import home_post, home_unit
from hr.people.enums import ProofState
from hr.people.groups.registry import GROUPS
from hr.people.models import Assignment, Person, PersonBackground, PersonToken, Qualification, RankStep
from hr.people.seeds import PersonSeed

Columns = dict[str, Any]


@dataclass(slots=True)
class Prepared:
    """Rows of new people, converted for the database and complete but for the person's integer key;
    beside each table's rows stand the uids of the people they belong to."""

    numbers: list[str]
    people: BoundRows
    children: list[tuple[list[str], BoundRows]]
    logged: list[tuple[Person, Columns, int | None]]

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(slots=True)
class _Gathered:
    """Rows of new people as they are made; children stand under the person's uid."""

    people: list[Columns] = field(default_factory=list)
    children: dict[type[Base], list[tuple[str, Columns]]] = field(default_factory=dict)
    logged: list[tuple[Person, Columns, int | None]] = field(default_factory=list)


def load_register(*, by: Viewer, people: Iterable[PersonSeed], token: str | None = None) -> int:
    """Enters all of `people`, or none. Returns how many. For viewers of the whole province."""
    prepared = prepare_register(by, people)
    return write_register(by=by, prepared=prepared, token=token)


def prepare_register(by: Viewer, people: Iterable[PersonSeed]) -> Prepared:
    """Checks every file and makes its rows, outside the gate. Unprocessable names the person."""
    seeds = list(people)
    ages = entry.MinimumAges()
    entry.check_units((place for seed in seeds for place in seed.assignments), standing=False)
    gathered = _Gathered(children={cls: [] for cls in CHILDREN})
    numbers: set[str] = set()
    for seed in seeds:
        try:
            entry.check_file(seed, by.today, ages)
            if seed.id_number in numbers:
                raise Unprocessable(_l("The same number stands twice in this load"), field="id_number")
        except Unprocessable as refusal:
            message = _l("%(name)s: %(message)s", name=seed.full_name, message=refusal.message)
            raise Unprocessable(message, field=refusal.field) from refusal
        numbers.add(seed.id_number)
        _gather(gathered, by, seed)
    return _bound(gathered)


def _bound(gathered: _Gathered) -> Prepared:
    numbers = [row["id_number"] for row in gathered.people]
    children = [
        (
            [uid for uid, _row in rows],
            bind_rows(db.engine, cls, [row for _uid, row in rows], late=("person_id",)),
        )
        for cls, rows in gathered.children.items()
    ]
    return Prepared(numbers, bind_rows(db.engine, Person, gathered.people), children, gathered.logged)


@action(Permission.PERSON_CREATE)
def write_register(*, by: Viewer, prepared: Prepared) -> int:
    """Writes what was made ready; numbers already in the register refuse the whole load."""
    if not by.sees_everything(Realm.PERSONNEL):
        raise Denied(_l("Loads are for those responsible for the whole province"))
    _refuse_known(prepared.numbers)
    before = db.session.scalar(select(func.max(Person.id))) or 0
    insert_bound(db.session, prepared.people)
    found = db.session.execute(select(Person.uid, Person.id).where(Person.id > before))
    keys = {row.uid: row.id for row in found}
    for uids, rows in prepared.children:
        insert_bound(db.session, rows, [keys[uid] for uid in uids])
    for person, values, unit_id in prepared.logged:
        audit.record(AuditType.PERSON_CREATED, person, values=values, unit_id=unit_id)
    if not prepared.logged:
        audit.record(AuditType.SEEDED, "person", values={"added": 0})
    return len(prepared)


#: The tables a new file is made of, written in this order after the people.
CHILDREN: tuple[type[Base], ...] = (
    Assignment,
    PersonToken,
    RankStep,
    Qualification,
    PersonBackground,
    *(group.table for group in GROUPS.values() if group.enabled),
)


def _gather(gathered: _Gathered, by: Viewer, seed: PersonSeed) -> None:
    uid = new_uid()
    row = {"uid": uid, **entry.person_columns(seed)}
    name = row["full_name"]
    gathered.people.append(row)
    children = gathered.children
    # Uids are drawn here, not by the columns' defaults inside the gate.
    children[Assignment] += [
        (uid, {"uid": new_uid(), **entry.assignment_columns(place, name)}) for place in seed.assignments
    ]
    children[PersonToken] += [(uid, token) for token in entry.token_columns(name)]
    children[RankStep] += [(uid, {"uid": new_uid(), **entry.plain_columns(rank)}) for rank in seed.ranks]
    for paper in seed.qualifications:
        proved = paper.proof_state is not ProofState.CLAIMED
        proof = {"proof_by_id": by.user_id if proved else None, "proof_at": now() if proved else None}
        children[Qualification].append((uid, {"uid": new_uid(), **entry.plain_columns(paper), **proof}))
    if seed.background is not None:
        children[PersonBackground].append((uid, entry.plain_columns(seed.background)))
    for code, facts in seed.facts:
        named = {"uid": new_uid()} if GROUPS[code].many else {}
        children[GROUPS[code].table].append((uid, {**named, **entry.facts_columns(code, facts)}))
    values = {"id_last_4": seed.id_number[-4:], "post": home_post(seed)}
    gathered.logged.append((Person(uid=uid, full_name=name), values, home_unit(seed)))


def _refuse_known(numbers: list[str]) -> None:
    """In pieces: an engine takes a limited number of values in one statement."""
    for start in range(0, len(numbers), 1000):
        query = select(Person).where(Person.id_number.in_(numbers[start : start + 1000]))
        found = db.session.scalar(query.limit(1))
        if found is not None:
            message = _l(
                "%(name)s: This person is already in the register: open the file", name=found.full_name
            )
            raise Unprocessable(message, field="id_number", link=found.uid)
