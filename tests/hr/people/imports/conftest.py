"""Files to import, an empty register to import them into, and the way of a file through the pages."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.audit import AuditEvent
from core.db import db
from core.dump import canonical_lines
from core.scope import Viewer, bind_viewer, system_viewer
from core.tabular import write_workbook
from hr.people.imports import reading
from hr.people.imports.models import ImportBatch
from hr.people.models import Person
from tests.cast import sign_in
from tests.client import parse
from tests.conftest import TODAY

#: What the tests' workbooks hold unless a test says otherwise, in the words of offices.
HEAD = (
    "Họ và tên", "Số định danh cá nhân", "Ngày sinh", "Giới tính", "Mã đơn vị", "Phòng", "Chức vụ",
    "Đối tượng", "Ngày tuyển dụng", "Mã ngạch", "Bậc", "Hệ số", "Ngày hưởng",
    "Trình độ chuyên môn", "Chuyên ngành",
    "Cơ sở đào tạo", "Năm tốt nghiệp", "LLCT", "Dân tộc", "Tôn giáo",
)  # fmt: skip
TABLES = (
    "import_missing",
    "import_line",
    "person_token",
    "person_background",
    "qualification",
    "rank_step",
    "assignment",
    "person",
)


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer comes when the reading is done."""
    monkeypatch.setattr(reading, "PATIENCE", 60.0)


@pytest.fixture
def empty_register(app: Flask) -> Flask:
    """The application over a register with units and accounts but nobody in it."""
    empty(app)
    return app


def empty(app: Flask) -> None:
    """Takes everybody out of the register, and the lines of imports that point at them."""
    with app.app_context(), db.engine.begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"DELETE FROM {table}")


def person(name: str, number: str, born_on: str, sex: str = "Nam", **more: str) -> dict[str, str]:
    """One line of a workbook, in the words of HEAD; what is not given stays blank."""
    return {"Họ và tên": name, "Số định danh cá nhân": number, "Ngày sinh": born_on, "Giới tính": sex, **more}


def workbook(*people: dict[str, str], head: tuple[str, ...] = HEAD, title: str = "") -> io.BytesIO:
    """A .xlsx of these lines. `title` stands above the table, like "Tính đến ngày 30/06/2026"."""
    return write_workbook(head, [[line.get(name, "") for name in head] for line in people], title=title)


class Importer:
    """A Home Affairs officer with files in hand."""

    def __init__(self, client: Any):
        self.client = client

    def send(self, content: Any, name: str = "danh sách.xlsx", **fields: str) -> Any:
        """Uploads a file; the answer."""
        stream = content if isinstance(content, io.BytesIO) else io.BytesIO(content)
        return self.client.send("/imports/new", {"file": (stream, name), **fields})

    def read(self, content: Any, name: str = "danh sách.xlsx", **fields: str) -> str:
        """Uploads a file that is accepted; the address of its import."""
        answer = self.send(content, name, **fields)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return re.sub(r"^https?://[^/]+", "", answer.headers["Location"])

    def page(self, where: str, **cookies: str) -> str:
        """The page of an import."""
        answer = self.client.get(where)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def decide(self, where: str, act: str) -> Any:
        """Presses a button of the import's page."""
        return self.client.send(f"{where}/{act}", at=where)

    def imports(self, content: Any, name: str = "danh sách.xlsx", **fields: str) -> str:
        """Uploads and confirms."""
        where = self.read(content, name, **fields)
        answer = self.decide(where, "confirm")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return where


@pytest.fixture
def officer(client_as: Callable[[str], Any]) -> Importer:
    """Home Affairs, signed in."""
    return Importer(client_as("home_affairs"))


@pytest.fixture
def once_read(app: Flask, officer: Importer, made_once: Any) -> Callable[..., str]:
    """`once_read("name", make)`: the address that `make(app, officer)` gives, made once for all tests; the
    officer is signed in afterwards."""

    def ask(name: str, make: Callable[[Flask, Importer], str]) -> str:
        where: str = made_once(name, lambda: make(app, officer))
        sign_in(app, officer.client, "home_affairs")
        return where

    return ask


@pytest.fixture
def batch_at(app: Flask) -> Callable[[str], ImportBatch]:
    """The import at an address, as it stands in the database."""

    def find(where: str) -> ImportBatch:
        with app.app_context(), bind_viewer(system_viewer("test", TODAY)):
            uid = where.rstrip("/").rpartition("/")[2]
            found = db.session.scalars(select(ImportBatch).where(ImportBatch.uid == uid)).one()
            db.session.expunge_all()
            return found

    return find


@pytest.fixture
def everything(context: Flask) -> Iterator[Viewer]:
    """An application context for a viewer of the whole province who may import."""
    viewer = system_viewer("imports", TODAY)
    with bind_viewer(viewer):
        yield viewer


@pytest.fixture(scope="session")
def rosters() -> Path:
    """The three sample rosters."""
    return Path(__file__).parents[3] / "data" / "rosters"


@pytest.fixture
def there(app: Any) -> Callable[[Callable[[], Any]], Any]:
    """`there(query)`: what a query gives for a viewer of the whole province."""

    def run(query: Callable[[], Any]) -> Any:
        with app.app_context(), bind_viewer(system_viewer("look", TODAY)):
            found = query()
            db.session.expunge_all()
            return found

    return run


def table_rows(page: str) -> list[list[str]]:
    """The texts of the cells of every row in the tables of a page."""
    tree = parse(page)
    found = []
    for row in tree.iter("tr"):
        cells = [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in ("td", "th")]
        found.append(cells)
    return found


# --- reads, inside `there` ----------------------------------------------------------------------------
def the(number: str) -> Person:
    """The person with this number."""
    return db.session.scalars(select(Person).where(Person.id_number == number)).one()


def rows(cls: Any, number: str, *order: Any) -> list[Any]:
    """Rows of a table that belong to the person with this number."""
    query = select(cls).where(cls.person_id == the(number).id)
    return list(db.session.scalars(query.order_by(*(order or (cls.id,)))))


def logged(number: str) -> AuditEvent:
    """The last row of the log about the person with this number."""
    query = select(AuditEvent).where(AuditEvent.subject_uid == the(number).uid)
    return db.session.scalars(query.order_by(AuditEvent.seq.desc()).limit(1)).one()


def dump(app: Any) -> list[str]:
    """What the register holds, as the canonical dump."""
    with app.app_context():
        return list(canonical_lines())
