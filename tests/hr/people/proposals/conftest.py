"""A proposal of commune A's staff officer about An."""

from collections.abc import Callable
from typing import Any

import pytest

from core.db import db
from hr.people.proposals.actions import propose_facts
from hr.people.proposals.enums import Part
from tests.factories import people

REASON = "Theo giấy khai sinh"


@pytest.fixture
def propose(as_viewer: Any) -> Callable[..., str]:
    """`propose("an", birthplace="…")`: a proposal about personal facts of that person; its uid."""

    def make(key: str = "an", part: Part = Part.FACTS, **values: Any) -> str:
        with as_viewer("staff_a") as viewer:
            sent = {"part": part, "values": values or {"birthplace": "Bản Bó"}, "reason": REASON}
            row = propose_facts(by=viewer, person=people.person(key), **sent)
            db.session.expunge_all()
            return row.uid

    return make
