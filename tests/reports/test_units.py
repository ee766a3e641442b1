"""Unit pages: the list, today's borders, as of a day, who may see whose people."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from core.db import db
from core.scope import bind_viewer, system_viewer, writing_allowed
from core.units import unit_by_code
from hr.people.models import Assignment
from reports.units import queries
from tests.personas import BUNG_LAO, NA_SANG


@pytest.fixture
def unit_url(app):
    """The address of the unit with a code on a day."""

    def url(code: str, on: date = date(2026, 7, 15)) -> str:
        with app.app_context():
            unit = unit_by_code(code, on)
            assert unit is not None
            return f"/units/{unit.uid}"

    return url


def test_the_list_holds_the_units_of_today_with_their_officials(client_as):
    body = client_as("home_affairs").get("/units").text

    assert "Xã Búng Lao" in body
    assert "Sở Nội vụ" in body
    assert "Xã Ẳng Tở" not in body


def test_former_units_are_found_by_name_and_code(client_as):
    client = client_as("home_affairs")

    for words in ("Ẳng Tở", "ang to", "03292"):
        body = client.get("/units", query_string={"q": words}).text
        assert "Xã Ẳng Tở" in body
        assert "Xã Búng Lao" in body


def test_a_unit_shows_its_people_by_division(client_as, unit_url):
    body = client_as("home_affairs").get(unit_url(BUNG_LAO)).text

    for name in ("Lò Văn An", "Đặng Thị Huệ", "Lường Thị Lan", "Văn phòng HĐND và UBND"):
        assert name in body
    assert "Quàng Văn Dũng" not in body  # retired in 2022


def test_a_day_before_the_merger_shows_the_former_units_in_today_s_borders(client_as, unit_url):
    body = client_as("home_affairs").get(unit_url(BUNG_LAO) + "?as_of=30/06/2025").text

    # Lò Văn An served in the former unit 03301 until 30/06/2025; the others came on 01/07/2025 or later.
    assert "Lò Văn An" in body
    assert "Phó Chủ tịch UBND xã" in body
    assert "Đặng Thị Huệ" not in body
    assert "theo địa giới hiện nay" in body


def test_a_former_unit_opens_on_its_last_day_and_names_its_successor(client_as, unit_url):
    body = client_as("home_affairs").get(unit_url("03301", date(2025, 6, 30))).text

    assert "30/06/2025" in body
    assert "Lò Văn An" in body
    assert "Đã nhập vào" in body


def test_a_wrong_day_is_said_and_the_page_still_shows(client_as, unit_url):
    answer = client_as("home_affairs").get(unit_url(BUNG_LAO) + "?as_of=31/02/2026")

    assert answer.status_code == 200
    assert "Không có ngày này" in answer.text


@pytest.mark.parametrize("persona", ["chair_b", "staff_b", "inspector", "head"])
def test_others_see_the_unit_and_nobody_in_it(client_as, unit_url, persona: str):
    body = client_as(persona).get(unit_url(BUNG_LAO)).text

    assert "Xã Búng Lao" in body
    for name in ("Lò Văn An", "Đặng Thị Huệ", "Lường Thị Lan"):
        assert name not in body


def test_a_chair_sees_the_own_unit_with_its_people(client_as, unit_url):
    body = client_as("chair_b").get(unit_url(NA_SANG)).text

    assert "Vàng A Pó" in body


def test_an_absent_unit_is_a_plain_404(client_as):
    assert client_as("home_affairs").get("/units/" + "a" * 26).status_code == 404


def test_a_unit_page_is_at_most_sixteen_statements(client_as, unit_url, count_statements):
    client, url = client_as("home_affairs"), unit_url(BUNG_LAO)
    with count_statements() as sent:
        client.get(url)

    assert len(sent) <= 16


def test_a_division_begins_with_who_leads(app, client_as, unit_url):
    names = ("Lường Thị Lan", "Lò Thị Ổn")  # Lan comes before Ổn
    client = client_as("home_affairs")
    before = client.get(unit_url(BUNG_LAO)).text
    with app.app_context(), bind_viewer(system_viewer("test", date(2026, 7, 15))):
        allowed = writing_allowed.set(True)
        place = db.session.scalars(select(Assignment).where(Assignment.person_name == names[1])).first()
        place.post = "Phó Trưởng phòng"
        db.session.commit()
        writing_allowed.reset(allowed)
    after = client.get(unit_url(BUNG_LAO)).text

    assert before.index(names[0]) < before.index(names[1])
    assert after.index(names[1]) < after.index(names[0])


def test_a_very_long_roster_is_read_in_the_list(client_as, unit_url, monkeypatch):
    monkeypatch.setattr(queries, "LONGEST_ROSTER", 1)
    url = unit_url(BUNG_LAO)
    body = client_as("home_affairs").get(f"{url}?as_of=14/07/2026").text

    found = re.search(r'href="(/people\?[^"]+)"', body)
    assert found is not None
    assert "Lò Văn An" not in body
    assert "Lò Văn An" in client_as("home_affairs").get(found[1].replace("&amp;", "&")).text
