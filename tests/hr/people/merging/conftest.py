"""Two people called Nguyễn Văn Hùng, born the same day, in one commune."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.audit import AuditEvent
from core.db import db
from core.scope import Viewer, bind_viewer, system_viewer
from hr.people.models import Person
from hr.people.seeds import BackgroundSeed
from tests.conftest import TODAY
from tests.factories.people import MERGED_ON, make_person, place, rank

FIRST, SECOND = "011085000111", "011085000222"
BORN = date(1985, 3, 2)


def hung(number: str, **over: Any) -> Person:
    """One of them; a viewer of the province must be bound."""
    values = {"full_name": "Nguyễn Văn Hùng", "born_on": BORN, "id_number": number, **over}
    return make_person(**values)


@pytest.fixture
def two(app: Any) -> tuple[str, str]:
    """Uids of the two: the first a specialist since the merger of the communes, the second an accountant
    since May 2026 with another native place, rank and faith."""
    with app.app_context(), bind_viewer(system_viewer("two", TODAY)):
        first = hung(FIRST, assignments=(place(division="2", starts_on=MERGED_ON),))
        second = hung(
            SECOND,
            native_place="Xã Mường Phăng",
            assignments=(place(post="Kế toán", starts_on=date(2026, 5, 4)),),
            ranks=(rank("01.003", 5, "3.66", date(2026, 1, 1)),),
            background=BackgroundSeed(ethnicity="01", religion="Công giáo"),
        )
        return first.uid, second.uid


def the(uid: str) -> Person:
    """The person with this uid."""
    return db.session.scalars(select(Person).where(Person.uid == uid)).one()


def logged(uid: str) -> AuditEvent:
    """The newest row of the log about a person."""
    query = select(AuditEvent).where(AuditEvent.subject_uid == uid).order_by(AuditEvent.seq.desc())
    return db.session.scalars(query.limit(1)).one()


@pytest.fixture
def by(context: Any) -> Any:
    """A viewer of the whole province, bound."""
    viewer: Viewer = system_viewer("merging", TODAY)
    with bind_viewer(viewer):
        yield viewer
