"""Decisions for tests: drafts about the people of the template, brought to any state by the actions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask_babel import force_locale

from core.db import db
from core.dump import line
from core.scope import bind_viewer, system_viewer
from core.subjects import registered
from core.units import unit_by_code
from hr.decisions.issuing import actions, effects
from hr.decisions.issuing.enums import DecisionKind
from hr.decisions.issuing.models import Decision
from hr.decisions.issuing.seeds import DecisionSeed, LineSeed, SignatureSeed
from tests.cast import user_of, viewer_of
from tests.factories import people

DAY = date(2026, 7, 1)
OFFICE = "Ủy ban nhân dân tỉnh Điện Biên"
SIGNED = SignatureSeed(reference="1447/QĐ-UBND", signed_on=date(2026, 6, 26), signer="Lê Văn Đô")


def unit_id(code: str, division: str | None = None) -> int:
    """The key of a unit of today, or of a division below it."""
    unit = unit_by_code(f"{code}.{division}" if division else code, DAY)
    assert unit is not None
    return unit.id


def seed(kind: DecisionKind, *keys: str, signed: SignatureSeed = SIGNED, **details: Any) -> DecisionSeed:
    """A draft about these people of the template, all with the same details."""
    effective_on = details.pop("effective_on", DAY)
    lines = tuple(LineSeed(person_id=people.person(key).id, **details) for key in keys)
    return DecisionSeed(kind=kind, office=OFFICE, effective_on=effective_on, lines=lines, signature=signed)


@pytest.fixture
def officer(context: Any) -> Any:
    """The officer who drafts, bound; messages in English."""
    with force_locale("en"), bind_viewer(viewer := viewer_of("home_affairs")):
        yield viewer


@pytest.fixture
def colleague(officer: Any) -> Any:
    """A second officer of Home Affairs."""
    return replace(officer, user_id=user_of("case_officer").id, name="Cà Văn Minh")


@pytest.fixture
def submitted(officer: Any, colleague: Any) -> Callable[..., Decision]:
    """`submitted(kind, "hue", …)`: drafted, checked by the colleague, submitted for signature."""

    def make(kind: DecisionKind, *keys: str, **details: Any) -> Decision:
        decision = actions.save_draft(by=officer, seed=seed(kind, *keys, **details))
        actions.check(by=colleague, decision=decision)
        return actions.submit(by=officer, decision=decision)

    return make


@pytest.fixture
def issue(officer: Any) -> Callable[..., Decision]:
    """`issue(decision)`: as the page would, with the effects it showed."""

    def make(decision: Decision, signature: SignatureSeed = SIGNED) -> Decision:
        shown = effects.mark(actions.plan_of(decision, officer.today))
        return actions.issue(by=officer, decision=decision, signature=signature, mark=shown)

    return make


@pytest.fixture
def issued(submitted: Any, issue: Any) -> Callable[..., Decision]:
    """`issued(kind, "hue", …)`."""
    return lambda kind, *keys, **details: issue(submitted(kind, *keys, **details))


def dump() -> list[str]:
    """What the register holds, as the canonical dump; units and rules left out."""
    db.session.rollback()
    db.session.expunge_all()
    with bind_viewer(system_viewer("test dump")):
        parts = (part for subject in registered() if subject.dump is not None for part in subject.dump())
        return sorted(line(table, row) for table, rows in parts for row in rows)
