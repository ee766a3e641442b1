"""Loads of many people, and the tables that the canonical dump holds."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from core.audit import AuditEvent, AuditType
from core.db import db
from core.dump import line
from core.errors import Denied, Unprocessable
from core.permissions import Realm
from core.scope import bind_viewer
from core.units import Block, unit_by_code
from hr.people.dump import dump
from hr.people.enums import ProofState, QualificationKind
from hr.people.load import load_register, prepare_register, write_register
from hr.people.models import Person, Qualification
from hr.people.queries import qualifications_of, search_people, work_history
from hr.people.seeds import BackgroundSeed
from tests.factories.people import NUMBERS, paper, person, place, seed

TODAY = date(2026, 7, 15)


def many(count):
    """Seeds with numbers of their own; every third with a background."""
    here = place(division="3")
    return [
        seed(
            id_number=f"0110840{index:05d}",
            full_name=f"Lò Văn Thứ {chr(97 + index % 26)}",
            assignments=(here,),
            qualifications=(paper(QualificationKind.EDUCATION, "college"),),
            background=BackgroundSeed(ethnicity="03") if index % 3 == 0 else None,
        )
        for index in range(10_000, 10_000 + count)
    ]


def how_many():
    return db.session.scalar(select(func.count()).select_from(Person))


def test_a_load_enters_everything_of_everyone(system):
    before = how_many()

    assert load_register(by=system, people=many(30)) == 30

    assert how_many() == before + 30
    hits = search_people("thu van lo", limit=50)
    assert len(hits) == 30
    found = db.session.scalars(select(Person).where(Person.id_number == "011084010003")).one()
    assert [row.level for row in qualifications_of(found)] == ["college"]
    assert [row.division.code for row in work_history(found)] == ["03301.3"]


def test_statements_of_a_load_do_not_grow_with_the_people(system, count_statements):
    counts = []
    for people in (many(3), many(60)[10:]):
        prepared = prepare_register(system, people)
        with count_statements() as sent:
            write_register(by=system, prepared=prepared)
        counts.append(len(sent))

    # PostgreSQL sends the rows of the log in one statement more.
    assert counts in ([12, 12], [13, 13])


def test_each_person_has_a_row_in_the_log(system):
    created = select(func.count()).where(AuditEvent.type == AuditType.PERSON_CREATED)
    before = db.session.scalar(created)

    load_register(by=system, people=many(5))

    assert db.session.scalar(created) == before + 5


def test_proof_is_by_the_loader_and_claims_are_by_nobody(system):
    papers = (
        paper(QualificationKind.IT, "certificate", proof_state=ProofState.CLAIMED),
        paper(QualificationKind.DIGITAL_SKILLS, "basic"),
    )
    load_register(by=system, people=[seed(qualifications=papers)])

    rows = db.session.scalars(select(Qualification).where(Qualification.kind.in_(["it", "digital_skills"])))
    assert {row.kind.value: row.proof_at is not None for row in rows} == {"it": False, "digital_skills": True}


def test_a_load_is_all_or_nothing(system):
    before = how_many()
    wrong = seed(id_number="011084099999", full_name="Lò Văn Sai", born_on=date(2027, 1, 1))

    with pytest.raises(Unprocessable) as refusal:
        load_register(by=system, people=[*many(3), wrong])

    assert refusal.value.field == "born_on"
    assert "Lò Văn Sai" in str(refusal.value.message)
    assert how_many() == before


@pytest.mark.parametrize("twice_in", ["load", "register"])
def test_a_number_stands_once(system, twice_in):
    people = many(3)
    number = people[0].id_number if twice_in == "load" else NUMBERS["po"]
    before = how_many()

    with pytest.raises(Unprocessable) as refusal:
        load_register(by=system, people=[*people, seed(id_number=number)])

    assert refusal.value.field == "id_number"
    assert refusal.value.link == (person("po").uid if twice_in == "register" else None)
    assert how_many() == before


def test_a_division_of_another_unit_is_refused(system):
    wrong = replace(place(), division_id=unit_by_code("03172.2", TODAY).id)

    with pytest.raises(Unprocessable) as refusal:
        load_register(by=system, people=[seed(assignments=(wrong,))])

    assert refusal.value.field == "division"


def test_an_empty_load_is_logged_as_such(system):
    assert load_register(by=system, people=[]) == 0


def test_loads_are_for_the_whole_province(system):
    unit = unit_by_code("03301", TODAY)
    local = replace(system, scopes=((Realm.PERSONNEL, frozenset({(unit.id, Block.GOVERNMENT)})),))
    people = many(1)

    with bind_viewer(local), pytest.raises(Denied):
        load_register(by=local, people=people)


# --- dump -------------------------------------------------------------------------------------------------
def dumped():
    return {table: sorted(line(table, row) for row in rows) for table, rows in dump()}


def test_the_dump_holds_the_register_tables_by_natural_key(system):
    tables = dumped()

    assert {table: len(rows) for table, rows in tables.items()} == {
        "person": 11,
        "person_background": 3,
        "assignment": 13,
        "rank_step": 8,
        "qualification": 20,
        "person_contact": 0,
        "person_origin": 0,
        "person_military": 0,
        "yearly_rating": 0,
        "person_reward": 0,
        "person_membership": 0,
        "person_planned_title": 0,
        "person_family": 0,
        "person_health": 0,
        "person_history": 0,
        "person_relative_abroad": 0,
        "person_photo": 0,
        "absence": 0,
        "check_point": 0,
        "issuer_letter": 0,
        "person_merge": 0,
        "different_people": 0,
        "proposal_line": 0,
        "roster_line": 0,
    }
    assert tables["person"][0].startswith(
        '{"table":"person","id_number":"011060000006","full_name":"Quàng Văn Dũng"'
    )
    assert (
        '{"table":"assignment","id_number":"011084000001","starts_on":"2015-03-01","unit":"03301",'
        '"division":null,"managing_unit":"03301","kind":"main","post":"Phó Chủ tịch UBND xã",'
        '"person_name":"Lò Văn An","category":"cadre","management_tier":"commune","ends_on":"2025-06-30",'
        '"decision_note":null}'
    ) in tables["assignment"]
    assert '"unit":"03301 2025-07-01","division":"03301.1 2025-07-01"' in tables["assignment"][3]


def test_the_dump_names_no_key_time_or_batch(system):
    columns = {name for _table, rows in dump() for row in rows for name in row}

    assert columns.isdisjoint(
        {"id", "uid", "person_id", "unit_id", "version", "annulled_at", "proof_at", "proof_by_id"}
    )


def test_two_loads_of_the_same_people_dump_alike_in_any_order(system):
    before = {table: set(rows) for table, rows in dumped().items()}
    people = many(6)
    load_register(by=system, people=people[:3])
    load_register(by=system, people=people[3:])
    first = {table: set(rows) - before[table] for table, rows in dumped().items()}

    other = [replace(one, id_number=f"0110850{one.id_number[7:]}") for one in reversed(people)]
    load_register(by=system, people=other)
    second = {
        table: {row.replace("0110850", "0110840") for row in rows if '"0110850' in row}
        for table, rows in dumped().items()
    }

    assert first == second
    assert len(first["person"]) == 6
