"""Papers that give points to check, added to the people of the template."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from core.db import db
from core.files import store
from hr.people.enums import QualificationKind
from hr.people.evidence import add_qualification
from hr.people.seeds import QualificationSeed
from tests.factories import people


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
