"""A roster without identification numbers: people are proposed by name and birth, never joined by itself."""

import io

import pytest
from sqlalchemy import select

from core.db import db
from hr.people.imports.enums import LineOutcome
from hr.people.imports.models import ImportBatch, ImportLine
from tests.factories.people import NUMBERS
from tests.hr.people.imports.conftest import HEAD, person, workbook

BARE = tuple(name for name in HEAD if name != "Số định danh cá nhân")


@pytest.fixture
def lines_of(there):
    """The lines of the import at an address."""

    def find(where):
        uid = where.rpartition("/")[2]
        query = select(ImportLine).join(ImportBatch, ImportBatch.id == ImportLine.batch_id)
        return there(lambda: list(db.session.scalars(query.where(ImportBatch.uid == uid))))

    return find


def test_people_are_proposed_by_name_and_birth_and_new_ones_need_their_number(officer, lines_of):
    there = person("LÒ VĂN AN", NUMBERS["an"], "12/05/1984", **{"Mã đơn vị": "03301"})
    new = person("Tòng Văn Mới", "", "01/02/1990", **{"Mã đơn vị": "03301"})

    where = officer.read(workbook(there, new, head=BARE))

    assert {line.name: line.outcome for line in lines_of(where)} == {
        "Lò Văn An": LineOutcome.PROPOSED,
        "Tòng Văn Mới": LineOutcome.REFUSED,
    }
    shown = officer.page(where)
    assert "Không có cột số định danh cá nhân" in shown
    assert "Nhập số định danh cá nhân" in shown


def test_two_lines_of_one_name_and_birth_are_not_joined(officer, lines_of):
    there = person("Lò Văn An", NUMBERS["an"], "12/05/1984", **{"Mã đơn vị": "03301"})

    where = officer.read(workbook(there, there, head=BARE))

    assert [line.outcome for line in lines_of(where)] == [LineOutcome.REFUSED, LineOutcome.REFUSED]


def test_the_list_that_the_register_exports_is_read_again(officer, lines_of):
    answer = officer.client.send("/people/export", {"purpose": "Đối chiếu"})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:3000]

    where = officer.read(io.BytesIO(answer.get_data()))

    found = [line.outcome for line in lines_of(where)]
    assert found
    assert set(found) == {LineOutcome.PROPOSED}
