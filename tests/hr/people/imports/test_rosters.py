"""The three sample rosters into an empty register: to the last person, on the page and by command."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from core.db import db
from core.dump import canonical_lines
from core.scope import bind_viewer, system_viewer
from core.units import COMMUNE_LEVEL, Unit
from hr.people.enums import HOME_KINDS, Sex
from hr.people.figures import figures
from hr.people.models import Assignment, Person
from tests.conftest import TODAY

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def expected(rosters):
    return json.loads((rosters / "expected.json").read_text("utf-8"))


def held(app) -> dict[str, Any]:
    """What the register holds, counted from its rows."""
    with app.app_context(), bind_viewer(system_viewer("count", TODAY)) as _none:
        viewer = system_viewer("count", TODAY)
        own = (Assignment.kind.in_(HOME_KINDS), Assignment.ends_on.is_(None))
        units = select(Unit.kind, Unit.code, Unit.name, func.count().label("people"))
        units = units.join(Assignment, Assignment.unit_id == Unit.id).where(*own)
        rows = db.session.execute(units.group_by(Unit.kind, Unit.code, Unit.name)).all()
        women = select(func.count()).select_from(Person).where(Person.sex == Sex.FEMALE)
        return {
            "units": {row.code if row.kind in COMMUNE_LEVEL else row.name: row.people for row in rows},
            "women": db.session.scalar(women),
            "figures": {figure.code: (figure.value, figure.whole) for figure in figures(viewer, TODAY)},
        }


def dump(app) -> list[str]:
    with app.app_context():
        return list(canonical_lines())


def test_the_provincial_roster_through_the_pages(empty_register, officer, batch_at, rosters, expected):
    content = (rosters / "roster_province.xlsx").read_bytes()

    where = officer.imports(content, "roster_province.xlsx")

    batch = batch_at(where)
    assert (batch.new, batch.changed, batch.refused, batch.conflicting) == (2587, 0, 0, 0)
    found = held(empty_register)
    assert found["units"] == expected["units"]
    assert found["women"] == expected["women"] == 1079
    assert found["figures"] == {}
