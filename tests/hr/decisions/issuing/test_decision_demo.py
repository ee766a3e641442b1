"""The demo's decisions: terms that ran out are renewed, and each state is to be seen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts.demo import demo_accounts
from core.db import db
from core.scope import bind_viewer, system_viewer
from hr.decisions.enums import DueKind
from hr.decisions.issuing.demo import LEFT_LATE, enter_demo
from hr.decisions.issuing.enums import DecisionKind, DecisionState
from hr.decisions.issuing.models import Decision, DecisionLine
from hr.decisions.queries import DueFilter, list_due
from hr.people.load import load_register
from tests.conftest import TODAY
from tests.factories.people import place, seed
from tests.personas import HOME_AFFAIRS


@pytest.mark.slow
def test_terms_are_renewed_but_for_a_few_and_every_state_is_to_be_seen(context, monkeypatch):
    monkeypatch.setitem(context.extensions, "config", replace(context.extensions["config"], demo=True))
    by, first = system_viewer("demo", TODAY), date(2013, 3, 1)
    heads = [
        place(HOME_AFFAIRS, division="3", post="Phó Trưởng phòng", starts_on=first + timedelta(days=200 * n))
        for n in range(14)
    ]
    others = [place(HOME_AFFAIRS, division="3", starts_on=date(2019, 5, 1)) for _ in range(6)]
    people = [
        seed(id_number=f"01108466{n:04}", full_name=f"Lò Văn Demo {chr(65 + n)}", assignments=(one,))
        for n, one in enumerate([*heads, *others])
    ]
    with bind_viewer(by):
        demo_accounts(by=by)
        load_register(by=by, people=people)
        enter_demo(by=by, tell=lambda _line: None)

        late = list_due(by, DueFilter(last=TODAY - timedelta(days=1), kind=DueKind.TERM))
        states = {tuple(row) for row in db.session.execute(select(Decision.kind, Decision.state))}
        refused = db.session.scalars(select(DecisionLine).where(DecisionLine.refusal.is_not(None))).all()

    assert len(late) <= LEFT_LATE
    assert {state for _kind, state in states} == {
        DecisionState.DRAFT,
        DecisionState.SUBMITTED,
        DecisionState.ISSUED,
        DecisionState.REVOKED,
    }
    assert (DecisionKind.REAPPOINTMENT, DecisionState.ISSUED) in states
    assert refused == []
