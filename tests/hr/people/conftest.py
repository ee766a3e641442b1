"""What the tests of the personnel file's pages share: uids of people and units, reads between requests."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from core.audit import AuditEvent, AuditType
from core.db import db
from core.files import store
from core.units import unit_by_code
from hr.people.enums import QualificationKind
from hr.people.evidence import add_qualification
from hr.people.seeds import QualificationSeed
from tests.conftest import TODAY
from tests.factories import people


@pytest.fixture
def read(as_viewer: Any) -> Callable[[Callable[[], Any]], Any]:
    """`read(query)` runs a query function as Home Affairs and returns what it gives."""

    def run(query: Callable[[], Any]) -> Any:
        with as_viewer("home_affairs"):
            found = query()
            # What was read stays readable when a later request empties the session.
            db.session.expunge_all()
            return found

    return run


@pytest.fixture
def uid(read: Any) -> Callable[[str], str]:
    """`uid("an")`: the uid of one of the people of the template."""
    return lambda key: read(lambda: people.person(key).uid)


@pytest.fixture
def unit(read: Any) -> Callable[..., str]:
    """`unit("03301", 2)`: the uid of a unit of today, or of its second division."""

    def find(code: str, division: int | None = None) -> str:
        return read(lambda: unit_by_code(f"{code}.{division}" if division else code, TODAY).uid)

    return find


@pytest.fixture
def logged(read: Any) -> Callable[[AuditType], list[AuditEvent]]:
    """`logged(type)`: the rows of the log of one type, oldest first."""

    def find(type: AuditType) -> list[AuditEvent]:
        query = select(AuditEvent).where(AuditEvent.type == type).order_by(AuditEvent.seq)
        return read(lambda: list(db.session.scalars(query)))

    return find


@pytest.fixture
def add(as_viewer: Any) -> Callable[..., str]:
    """`add("an", serial="B 12", scan=b"…")`: a diploma of that person, by Home Affairs; its uid."""

    def make(key: str, scan: bytes | None = None, **over: Any) -> str:
        values = {"kind": QualificationKind.EDUCATION, "level": "college", "issuer": "Trường Cao đẳng Sơn La"}
        stored = store(BytesIO(b"%PDF-1.7\n" + scan + b"\n%%EOF\n"), name=f"{key}.pdf") if scan else None
        with as_viewer("home_affairs") as viewer:
            seed = QualificationSeed(**{**values, **over})
            row = add_qualification(by=viewer, person=people.person(key), seed=seed, stored=stored)
            db.session.expunge_all()
            return row.uid

    return make
