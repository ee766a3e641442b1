"""Rows made ready before the gate are the rows that the mapped class reads back."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.bulk import bind_rows, insert_bound
from core.db import db
from core.gate import writing
from core.ids import is_uid, new_uid
from hr.people.enums import ServiceStatus, Sex
from hr.people.models import Person, RankStep

NUMBER = "011084009999"
PERSON = {
    "uid": new_uid(), "id_number": NUMBER, "full_name": "Lò Văn Ổn", "name_key": "x", "sex": Sex.MALE,
    "born_on": date(1984, 3, 2), "other_name": None,
}  # fmt: skip
RANK = {"rank_code": "01.003", "step": 4, "coefficient": Decimal("3.33"), "starts_on": date(2023, 9, 1)}


def stored() -> Person:
    return db.session.scalars(select(Person).where(Person.id_number == NUMBER)).one()


def test_types_and_defaults_are_those_of_the_class(system):
    bound = bind_rows(db.engine, Person, [PERSON])

    with writing(db.session, db.engine):
        insert_bound(db.session, bound)

    found = stored()
    assert (found.uid, found.sex, found.born_on) == (PERSON["uid"], Sex.MALE, date(1984, 3, 2))
    assert (found.status, found.version, found.other_name) == (ServiceStatus.WORKING, 1, None)


def test_a_late_column_is_given_row_by_row(system):
    people = [
        {**PERSON, "uid": new_uid(), "id_number": f"01108400999{n}", "full_name": f"Lò Văn {n}"}
        for n in (1, 2)
    ]
    ranks = bind_rows(db.engine, RankStep, [{**RANK, "step": n} for n in (1, 2)], late=("person_id",))
    with writing(db.session, db.engine):
        insert_bound(db.session, bind_rows(db.engine, Person, people))
        keys = dict(db.session.execute(select(Person.uid, Person.id)).all())
        insert_bound(db.session, ranks, [keys[person["uid"]] for person in people])

    query = select(Person.full_name, RankStep.step, RankStep.coefficient, RankStep.uid).join(
        RankStep, RankStep.person_id == Person.id
    )
    found = db.session.execute(
        query.where(Person.id_number.like("01108400999%")).order_by(RankStep.step)
    ).all()
    assert [tuple(row)[:3] for row in found] == [
        ("Lò Văn 1", 1, Decimal("3.33")), ("Lò Văn 2", 2, Decimal("3.33")),
    ]  # fmt: skip
    assert len({row.uid for row in found if is_uid(row.uid)}) == 2


def test_no_rows_is_no_statement(system, count_statements):
    bound = bind_rows(db.engine, RankStep, [], late=("person_id",))

    with count_statements() as sent, writing(db.session, db.engine):
        insert_bound(db.session, bound, [])

    assert [text for text in sent if "rank_step" in text] == []
    assert len(bound) == 0


def test_a_row_of_another_shape_is_refused(system):
    with pytest.raises(KeyError):
        bind_rows(db.engine, RankStep, [RANK, {"rank_code": "01.003"}], late=("person_id",))


def test_fewer_late_values_than_rows_are_refused(system):
    bound = bind_rows(db.engine, RankStep, [RANK], late=("person_id",))

    with pytest.raises(ValueError, match=r"shorter|longer"), writing(db.session, db.engine):
        insert_bound(db.session, bound, [])
