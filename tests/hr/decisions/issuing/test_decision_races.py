"""Two at once: a decision takes effect once, and an office gives a number once."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from core.db import db
from core.errors import Conflict, Denied, Overtaken, Unprocessable
from core.scope import bind_viewer
from hr.decisions.issuing import actions, effects, queries
from hr.decisions.issuing.enums import DecisionKind
from hr.decisions.issuing.models import Decision, DecisionEffect
from tests.cast import viewer_of
from tests.core.test_races import at_once
from tests.hr.decisions.issuing.conftest import SIGNED, seed

REFUSALS = (Conflict, Denied, Overtaken, Unprocessable)


def outcome(app, act):
    """What came of an act in a context of its own: its result, or the kind of refusal."""
    with app.app_context(), bind_viewer(viewer := viewer_of("home_affairs")):
        try:
            return act(viewer)
        except REFUSALS as refusal:
            db.session.rollback()
            return type(refusal)


@pytest.mark.slow
def test_two_who_issue_at_once_make_the_effects_once(app):
    with app.app_context(), bind_viewer(viewer := viewer_of("home_affairs")):
        decision = actions.save_draft(by=viewer, seed=seed(DecisionKind.PAY_STEP, "hue", "sua"))
        actions.check(by=replace(viewer, user_id=2), decision=decision)
        actions.submit(by=viewer, decision=decision)
        uid, version = decision.uid, decision.version
        shown = effects.mark(actions.plan_of(decision, viewer.today))

    def issue(viewer):
        found = queries.find_decision(uid)
        return actions.issue(
            by=viewer, decision=found, signature=SIGNED, mark=shown, version=version
        ).state.value

    answers = at_once(4, lambda _number: outcome(app, issue))

    assert sorted(map(str, answers)) == sorted(["issued", *[str(Conflict)] * 3])
    with app.app_context(), bind_viewer(viewer_of("home_affairs")):
        assert db.session.scalar(select(func.count()).select_from(DecisionEffect)) == 2


@pytest.mark.slow
def test_a_number_given_twice_at_once_is_recorded_once(app):
    def save(viewer):
        return actions.save_draft(by=viewer, seed=seed(DecisionKind.PAY_STEP, "hue")).state.value

    answers = at_once(4, lambda _number: outcome(app, save))

    assert sorted(map(str, answers)) == sorted(["draft", *[str(Unprocessable)] * 3])
    with app.app_context(), bind_viewer(viewer_of("home_affairs")):
        assert db.session.scalar(select(func.count()).select_from(Decision)) == 1
