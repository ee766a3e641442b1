"""Stops against the people of a decision: each subject is asked once for all of them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.db import db
from core.subjects import Stop
from hr.decisions.issuing import actions, queries
from hr.decisions.issuing.enums import DecisionKind
from hr.decisions.issuing.seeds import DecisionSeed, LineSeed, SignatureSeed
from hr.people.load import load_register
from hr.people.models import Person
from tests.factories import people
from tests.hr.decisions.issuing.conftest import OFFICE, unit_id
from tests.personas import NA_SANG


@pytest.fixture
def asked(app):
    """A further subject with a stop against the first person asked about, found by one statement; what it
    was asked is kept."""
    calls = []

    def stops(person_ids, act, on):
        calls.append((len(person_ids), act.value, on))
        first = db.session.scalars(select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id))
        return {first.first(): [Stop("bar", None, "not possible at present", "secret", "x")]}

    subjects = app.extensions["subjects"]
    app.extensions["subjects"] = (*subjects, replace(subjects[-1], stops=stops, extra_blueprints=()))
    yield calls
    app.extensions["subjects"] = subjects


def transfer(number, count, officer, colleague):
    """A submitted transfer of so many new people."""
    many = [
        people.seed(id_number=f"01108{number}77{one:04}", full_name=f"Lò Văn {one}") for one in range(count)
    ]
    load_register(by=officer, people=many)
    ids = db.session.scalars(select(Person.id).where(Person.id_number.like(f"01108{number}77%"))).all()
    lines = tuple(LineSeed(person_id=key, unit_id=unit_id(NA_SANG)) for key in ids)
    signed = SignatureSeed(reference=f"{number}/QĐ-UBND", signed_on=date(2026, 7, 1), signer="Lê Văn Đô")
    head = {"kind": DecisionKind.TRANSFER, "office": OFFICE, "effective_on": date(2026, 7, 10)}
    draft = actions.save_draft(by=officer, seed=DecisionSeed(lines=lines, signature=signed, **head))
    actions.check(by=colleague, decision=draft)
    return actions.submit(by=officer, decision=draft)


def test_sixty_people_take_as_many_statements_as_ten(
    officer, colleague, count_statements, issue, asked, request
):
    sent = {}
    for number, count in ((4, 10), (5, 60)):
        decision = transfer(number, count, officer, colleague)
        asked.clear()
        with count_statements() as sent[count]:
            issue(decision, SignatureSeed())
        # Once for the page, once inside the transaction.
        assert asked == [(count, "transfer", date(2026, 7, 10))] * 2
        refused = [line.refusal for line in queries.lines_of(decision) if line.refusal]
        assert refused == ["not possible at present"]

    assert len(sent[60]) == len(sent[10])
