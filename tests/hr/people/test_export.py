"""The export of the list: what is shown is what leaves, who may take it, and what the log keeps."""

import json
import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest

from core.audit import AuditType
from hr.people import exports
from tests.factories import people


def sheet(response):
    """Rows of the first sheet of the answer."""
    return [
        list(row) for row in openpyxl.load_workbook(BytesIO(response.data)).active.iter_rows(values_only=True)
    ]


def table(rows):
    """Header and rows under the title line."""
    start = next(n for n, row in enumerate(rows) if row[1] is not None)
    return rows[start], rows[start + 1 :]


def take(client, query="", purpose="báo cáo quý"):
    return client.send(f"/people/export?{query}", {"purpose": purpose})


def test_file_holds_the_rows_and_columns_of_the_list(client_as):
    client = client_as("home_affairs")
    client.set_cookie("lang", "en")

    response = take(client, "education_from=master&cols=sex&cols=rank&cols=id")

    head, rows = table(sheet(response))
    assert head == [
        "Full name",
        "Born",
        "Category",
        "Post",
        "Unit, division",
        "Education",
        "Political theory",
        "State management",
        "Status",
        "Sex",
        "Rank and step",
        "ID (last 4)",
    ]
    assert [row[0] for row in rows] == ["Trần Thị Mai", "Vàng A Pó"]
    assert rows[1][1] == datetime(1980, 9, 9)  # noqa: DTZ001 - a cell has no zone
    assert rows[1][4].startswith("Xã Na Sang, ")
    assert rows[1][5] == "master"
    assert rows[1][9:] == ["male", "Chuyên viên, step 4", "…0007"]


def test_file_of_home_affairs_holds_the_background_when_it_is_shown(client_as):
    head, rows = table(sheet(take(client_as("home_affairs"), "q=sua&cols=ethnicity,religion,party")))

    assert len(head) == 12
    assert rows[0][9:11] == ["Hmông (Mông)", "Tin Lành"]


def test_file_of_a_chair_never_holds_the_background(client_as, logged):
    response = take(client_as("chair_a"), "cols=ethnicity,religion,party,sex&religion=Tin+L%C3%A0nh")

    head, rows = table(sheet(response))
    assert len(head) == 10
    assert len(rows) == 6
    assert not any("Tin Lành" in str(cell) or "Hmông" in str(cell) for row in rows for cell in row)
    (event,) = logged(AuditType.PEOPLE_EXPORTED)
    assert "religion" not in json.loads(event.values)["filters"]


def test_export_asks_what_for(client_as, logged):
    response = take(client_as("chair_a"), purpose="  ")

    assert response.status_code == 422
    assert logged(AuditType.PEOPLE_EXPORTED) == []


def test_log_keeps_filters_columns_rows_and_purpose(client_as, logged):
    take(client_as("staff_a"), "category=civil_servant&cols=sex", purpose="kiểm tra hồ sơ")

    (event,) = logged(AuditType.PEOPLE_EXPORTED)
    values = json.loads(event.values)
    assert (event.actor_name, event.reason) == ("Tòng Thị Vân", "kiểm tra hồ sơ")
    assert list(values["filters"]) == ["category"]
    assert values["rows"] == 4
    assert values["columns"][0] == "name"
    assert values["columns"][-1] == "sex"
    assert values["as_of"] == "2026-07-15"


def test_file_is_named_after_its_day(client_as):
    disposition = take(client_as("home_affairs"), "as_of=01/06/2026").headers["Content-Disposition"]

    assert disposition.startswith("attachment")
    assert "-2026-06-01.xlsx" in disposition


def test_page_before_says_how_many_rows_leave(client_as):
    body = client_as("chair_a").get("/people/export?category=cadre").get_data(as_text=True)

    assert re.search(r"\b1\b", body)
    assert 'action="/people/export?category=cadre"' in body


@pytest.mark.parametrize("is_demo", [True, False])
def test_demo_file_says_that_it_is_one(client_as, app, monkeypatch, is_demo):
    config = app.extensions["config"]
    monkeypatch.setitem(app.extensions, "config", replace(config, demo=is_demo))
    client = client_as("home_affairs")
    client.set_cookie("lang", "en")

    title = sheet(take(client))[0][0]

    assert ("Illustrative data" in title) == is_demo
    assert "as of 15/07/2026" in title


def test_formula_in_a_name_of_a_post_stays_text(client_as, as_viewer):
    with as_viewer("home_affairs") as viewer:
        people.make_person(by=viewer, full_name="Sùng A Tếnh", assignments=(people.place(post="=1+1"),))

    response = take(client_as("home_affairs"), "q=tenh")

    book = openpyxl.load_workbook(BytesIO(response.data))
    (cell,) = [c for row in book.active.iter_rows() for c in row if c.value == "=1+1"]
    assert cell.data_type == "s"


def test_export_reads_in_batches_without_losing_or_repeating(client_as, as_viewer, monkeypatch):
    monkeypatch.setattr(exports, "BATCH", 3)

    _head, rows = table(sheet(take(client_as("home_affairs"))))

    names = [row[0] for row in rows]
    assert len(names) == 10
    assert len(set(names)) == 10
    assert names[0] == "Lò Văn An"


@pytest.mark.parametrize(
    "persona", ["leader", "case_officer", "inspector", "data_officer", "admin", "nobody"]
)
def test_others_take_nothing(client_as, persona, logged):
    assert client_as(persona).get("/people/export").status_code == 403
    assert logged(AuditType.PEOPLE_EXPORTED) == []
