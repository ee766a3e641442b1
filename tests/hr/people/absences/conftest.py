"""An absence of An in commune A, entered as its staff officer would."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from core.db import db
from hr.people.absences.actions import record_absence
from hr.people.absences.enums import AbsenceKind
from hr.people.absences.rules import AbsenceSeed
from tests.factories import people


@pytest.fixture
def away(as_viewer: Any) -> Callable[..., str]:
    """`away("an", starts_on=…)`: an absence of that person, entered by Home Affairs; its uid."""

    def make(key: str = "an", **over: Any) -> str:
        values = {
            "kind": AbsenceKind.SICK_LEAVE,
            "starts_on": date(2026, 7, 14),
            "ends_on": date(2026, 7, 17),
            "slip_number": "12/GNP",
        }
        with as_viewer("home_affairs") as viewer:
            seed = AbsenceSeed(**{**values, **over})
            row = record_absence(by=viewer, person=people.person(key), seed=seed)
            db.session.expunge_all()
            return row.uid

    return make
