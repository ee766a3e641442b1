"""The pages of imports: for Home Affairs only, light, complete, usable without scripts."""

from typing import Any

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import Denied
from core.permissions import Realm
from core.scope import bind_viewer, system_viewer
from core.units import unit_by_code
from hr.people.imports import actions, queries
from hr.people.imports.enums import ImportStatus
from hr.people.imports.models import ImportMapping
from hr.people.models import Assignment
from tests.conftest import TODAY
from tests.factories.people import NUMBERS
from tests.hr.people.imports.conftest import HEAD, person, rows, table_rows, workbook

AN = person("Lò Văn An", NUMBERS["an"], "12/05/1984")
HUE = person("Đặng Thị Huệ", NUMBERS["hue"], "02/11/1990", "Nữ")
NEW = person("Tòng Văn Mới", "011090000099", "01/02/1990", **{"Mã đơn vị": "03301", "Chức vụ": "Kế toán"})
BAD = person("Cà Văn Hỏng", "01109", "31/02/1990")
ON_30_JUNE = "Danh sách tính đến ngày 30/06/2026"
PAGES = ("", "/lines", "/lines?outcome=new", "/problems", "/problems?severity=error", "/columns")


@pytest.fixture
def where(once_read: Any) -> str:
    """An import that waits: one new, one changed, one unchanged, one conflicting, one refused line."""
    return once_read("an import that waits", _waiting)


def _waiting(_app: Any, officer: Any) -> str:
    left = person("Quàng Văn Dũng", NUMBERS["dung"], "14/02/1960")
    lines = ({**AN, "Chức vụ": "Bí thư"}, HUE, NEW, left, BAD)
    return officer.read(workbook(*lines, title=ON_30_JUNE))


@pytest.fixture
def english(officer: Any) -> Any:
    """The officer's browser in English."""
    officer.client.set_cookie("lang", "en")
    return officer


# --- who may ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("persona", ["chair_a", "staff_a", "leader", "case_officer", "inspector", "admin"])
def test_others_get_403_on_every_page(client_as, where, persona):
    client = client_as(persona)

    got = [client.get(f"{where}{page}").status_code for page in PAGES]
    got += [client.get(page).status_code for page in ("/imports", "/imports/new")]
    token = client.get("/").get_data(as_text=True).partition('name="csrf_token" value="')[2].partition('"')[0]
    sent = [f"{where}/{act}" for act in ("confirm", "discard", "again", "columns")]
    got += [client.post(url, data={"csrf_token": token}).status_code for url in (*sent, "/imports/new")]

    assert set(got) == {403}


def test_nobody_signed_in_is_sent_to_sign_in(client, where):
    assert {client.get(f"{where}{page}").status_code for page in PAGES} == {303}


def test_an_officer_of_a_part_of_the_province_may_not_import(everything, app):
    """Lines may name people of any unit."""
    unit = unit_by_code("03301", TODAY)
    assert unit is not None
    part = system_viewer("part", TODAY)
    scopes = tuple(
        (realm, frozenset() if realm is Realm.PERSONNEL else reach) for realm, reach in part.scopes
    )
    part = part.__class__(**{**{n: getattr(part, n) for n in part.__dataclass_fields__}, "scopes": scopes})

    with bind_viewer(part), pytest.raises(Denied):
        actions.begin(by=part, filename="x.csv", sha256="0" * 64, size=1)
    with bind_viewer(part):
        assert db.session.execute(queries.list_batches()).all() == []


def test_an_unknown_import_is_not_there(officer, where):
    other = where[:-1] + ("a" if where[-1] != "a" else "q")

    assert officer.client.get(other).status_code == 404
    assert officer.client.get("/imports/1").status_code == 404
    assert officer.client.get(f"{where}/lines?outcome=nothing").status_code == 404


# --- what the pages say -------------------------------------------------------------------------------
def test_the_page_of_an_import_says_what_confirming_does(english, where):
    page = english.page(where)

    for words in (
        "1 new, 1 changed; the others in the register stay as they are.",
        "2 lines are left out: decide on them, or mend them in the file and send it again.",
        "Import 2 people",
        "There is no such day: 31/02/1990",
        "The personal identification number has 12 digits; this one has 5",
        "row 7",
        "C · Ngày sinh",
        "This person has left service in the register: open the file",
        "30/06/2026",
        "A full name",
    ):
        assert words in page, words
    for outcome in ("new", "changed", "unchanged", "conflicting", "refused"):
        assert f'href="{where}/lines?outcome={outcome}"' in page


def test_the_lines_show_what_changes_with_old_and_new(english, where):
    changed = english.page(f"{where}/lines?outcome=changed")
    refused = english.page(f"{where}/lines?outcome=refused")

    assert ["post", "–", "Chủ tịch UBND xã", "Bí thư", "the file's"] in [r[-5:] for r in table_rows(changed)]
    assert 'href="/people/' in changed
    assert "Lò Văn An" in changed
    assert "Tòng Văn Mới" not in changed
    assert "column C: There is no such day: 31/02/1990" in refused


def test_every_value_of_a_change_is_shown_in_words(english):
    line = {
        **HUE, "Đối tượng": "Viên chức", "Mã ngạch": "01.002", "Bậc": "2", "Hệ số": "4,74", "Dân tộc": "Thái",
        "Giới tính": "Nam", "Trình độ chuyên môn": "Thạc sĩ", "Cơ sở đào tạo": "Đại học Luật",
        "Ngày hưởng": "01/05/2026",
    }  # fmt: skip
    where = english.read(workbook(line, title=ON_30_JUNE))

    found = {row[-5]: row[-3:-1] for row in table_rows(english.page(f"{where}/lines")) if len(row) >= 5}

    step_4, step_2 = "Chuyên viên, step 4, coefficient 3.33", "Chuyên viên chính, step 2, coefficient 4.74"
    for field, pair in (
        ("category", ["civil servant", "public employee"]),
        ("rank and step", [step_4, step_2]),
        ("ethnicity", ["Kinh", "Thái"]),
        ("sex", ["female", "male"]),
        ("education level", ["university", "master"]),
    ):
        assert found[field] == pair


def test_the_list_of_problems_is_narrowed_by_kind(english, where):
    everything = english.page(f"{where}/problems")
    remarks = english.page(f"{where}/problems?severity=note")
    one = english.page(f"{where}/problems?code=date_absent")

    assert "There is no such day" in everything
    assert "Nothing of this kind: every cell was read as it stands" in remarks
    assert "There is no such day" in one
    assert "has 12 digits" not in one


def test_titles_totals_and_signatures_are_counted_and_folded_away(english, batch_at):
    lines = ({"Họ và tên": "Cộng: 1 người", "Ngày sinh": "1 nam"}, {"Ngày sinh": "ngày 30 tháng 6 năm 2026"})
    where = english.read(workbook(NEW, *lines))

    page = english.page(where)

    assert (batch_at(where).new, batch_at(where).refused) == (1, 0)
    assert 'id="errors"' not in page
    folded = page.partition('<details class="section" id="skipped">')[2].partition("</details>")[0]
    assert "Titles, totals and signatures" in folded
    assert "2 rows skipped" in folded
    assert "Rows of totals left out: 1" in folded
    assert "Cộng: 1 người · 1 nam" in folded
    assert "Cộng: 1 người" not in english.page(f"{where}/problems")
    assert "Cộng: 1 người" not in english.page(f"{where}/lines")


def test_a_second_head_is_remarked_and_not_refused(english, batch_at):
    chair = {**NEW, "Chức vụ": "Quyền Chủ tịch UBND xã", "Phòng": "Lãnh đạo UBND"}
    where = english.read(workbook(chair))

    assert batch_at(where).new == 1
    assert "Lò Văn An holds the post Chủ tịch UBND xã in the same place: check" in english.page(where)
    assert "Import 1 person" in english.page(where)


def test_no_second_head_is_remarked_where_the_file_moves_the_first(english, batch_at):
    chair = {**NEW, "Chức vụ": "Chủ tịch UBND xã", "Phòng": "Lãnh đạo UBND"}
    gone = {**AN, "Mã đơn vị": "03301", "Phòng": "Phòng Kinh tế", "Chức vụ": "Chuyên viên"}
    where = english.read(workbook(chair, gone, title=ON_30_JUNE))

    assert (batch_at(where).new, batch_at(where).changed) == (1, 1)
    assert "in the same place" not in english.page(where)


@pytest.mark.slow
def test_two_heads_of_one_file_are_remarked_on_both_lines(english):
    head = {"Chức vụ": "Trưởng phòng", "Phòng": "Phòng Kinh tế"}
    other = {**NEW, "Họ và tên": "Lò Thị Hai", "Số định danh cá nhân": "011190000098", "Giới tính": "Nữ"}
    where = english.read(workbook({**NEW, **head}, {**other, **head}))

    problems = english.page(f"{where}/problems")

    assert "Lò Thị Hai holds the post Trưởng phòng in the same place: check" in problems
    assert "Tòng Văn Mới holds the post Trưởng phòng in the same place: check" in problems


def test_remarks_are_grouped(english):
    people = [{**NEW, "Số định danh cá nhân": f"0110900001{n:02d}", "Phòng": "Tổ 3"} for n in range(12)]
    where = english.read(workbook(*people))

    page = english.page(where)

    assert page.count("Xã Búng Lao has no division “Tổ 3”: left empty") == 1
    assert f'href="{where}/problems?severity=note&amp;code=division_unknown"' in page


def test_after_confirming_the_lines_lead_to_the_new_people(english, where):
    assert "/people/" not in english.page(f"{where}/lines?outcome=new").partition('id="import-lines"')[2]

    english.decide(where, "confirm")

    assert 'href="/people/' in english.page(f"{where}/lines?outcome=new").partition('id="import-lines"')[2]
    page = english.page(where)
    assert "The register holds what was accepted of this file." in page
    assert "Lò Thị Hạnh" in page
    assert "/confirm" not in page


@pytest.mark.slow
def test_nothing_to_write_is_said(english):
    unchanged = english.read(workbook(AN, HUE))
    refused = english.read(workbook(BAD))

    assert "Everything in this file is in the register already." in english.page(unchanged)
    assert "Confirm: nothing changes" in english.page(unchanged)
    assert "No line of this file can be imported." in english.page(refused)
    assert "/confirm" not in english.page(refused)


def test_the_list_of_imports(english, where):
    empty = english.page("/imports?after=aaaaaaaaaaaaaaaaaaaaaaaaaa")

    page = english.page("/imports")

    assert "danh sách.xlsx" in page
    assert "to be confirmed" in page
    assert "Lò Thị Hạnh" in page
    assert empty  # a cursor that is gone begins at the beginning


def test_an_import_that_waits_stands_in_my_work(english, where):
    before = english.page("/")

    english.decide(where, "confirm")

    assert "import waiting for confirmation" in before
    assert f'href="{where}"' in before
    assert "import waiting for confirmation" not in english.page("/")


def test_the_first_list_is_empty_and_says_what_to_do(english):
    assert "Nothing was imported yet" in english.page("/imports")


# --- columns and unit -----------------------------------------------------------------------------------
HEAD_X = ("Họ và tên", "Số CCCD", "Ngày sinh", "Giới tính", "Công việc", "Ô trống")
LINE_X = {
    "Họ và tên": "Tòng Văn Mới", "Số CCCD": "011090000099", "Ngày sinh": "01/02/1990", "Giới tính": "Nam",
    "Công việc": "Kế toán", "Ô trống": "Tày",
}  # fmt: skip


@pytest.mark.slow
def test_columns_and_unit_are_chosen_and_remembered(english, batch_at, there, app):
    with app.app_context():
        unit = unit_by_code("03172", TODAY).uid
    first = english.read(workbook(LINE_X, head=HEAD_X))
    assert batch_at(first).conflicting == 1  # no unit
    form = english.page(f"{first}/columns")
    assert "Kế toán" in form  # the first cell below the header

    answer = english.client.send(
        f"{first}/columns", {"c0_E": "post", "c0_F": "ethnicity", "unit": unit}, follow_redirects=False
    )
    second = answer.headers["Location"]
    english.decide(second, "confirm")

    (place,) = there(lambda: rows(Assignment, "011090000099"))
    assert place.post == "Kế toán"
    assert batch_at(first).status is ImportStatus.DISCARDED
    assert batch_at(second).status is ImportStatus.CONFIRMED
    assert len(there(lambda: db.session.scalars(select(ImportMapping)).all())) == 1

    third = english.read(workbook(LINE_X, head=HEAD_X), unit=unit)

    assert batch_at(third).unchanged == 1
    assert "F ethnicity" in english.page(third)


@pytest.mark.slow
def test_a_choice_that_cannot_be_read_is_refused(english, batch_at):
    where = english.read(workbook(LINE_X, head=HEAD_X))

    twice = english.client.send(f"{where}/columns", {"c0_E": "full_name"})
    without = english.client.send(f"{where}/columns", {"c0_C": ""})

    assert (twice.status_code, without.status_code) == (422, 422)
    assert "Two columns for the same thing: choose one" in twice.get_data(as_text=True)
    assert "Choose the column of: date of birth" in without.get_data(as_text=True)
    assert batch_at(where).status is ImportStatus.READ


@pytest.mark.slow
def test_a_column_that_is_missing_is_asked_for(english, batch_at):
    head = ("Họ và tên", "Số CCCD", "Mốc", "Giới tính", "Chức vụ", "Mã đơn vị")
    line = {**NEW, "Số CCCD": "011090000099", "Mốc": "01/02/1990"}
    where = english.read(workbook(line, head=head))
    assert batch_at(where).read == 0
    assert "No column for “Ngày sinh” was found: choose it" in english.page(where)

    answer = english.client.send(f"{where}/columns", {"c0_C": "born_on"})

    assert batch_at(answer.headers["Location"]).new == 1


@pytest.mark.slow
def test_sheets_of_one_shape_are_one_table(english):
    """A workbook with a sheet per commune asks once."""
    where = english.read(workbook(NEW))

    page = english.page(f"{where}/columns")

    assert page.count("<table") == 1
    assert page.count('name="c0_') == len(HEAD)


# --- light ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("page", "limit"),
    [("/imports", 8), ("/imports/new", 8), ("", 16), ("/lines", 8), ("/problems", 8), ("/columns", 8)],
)
def test_pages_keep_to_their_statements(officer, where, count_statements, page, limit):
    url = page if page.startswith("/imports") else f"{where}{page}"

    with count_statements() as sent:
        assert officer.client.get(url).status_code == 200

    assert len(sent) <= limit, "\n".join(sent)


@pytest.mark.slow
def test_statements_do_not_grow_with_the_file(officer, count_statements):
    counts = []
    for size in (2, 120):
        people = [{**NEW, "Số định danh cá nhân": f"011090{n:06d}"} for n in range(size)]
        where = officer.read(workbook(*people, {**BAD, "Dân tộc": "?!"}))
        for page in PAGES:
            with count_statements() as sent:
                officer.client.get(f"{where}{page}")
            counts.append(len(sent))

    assert counts[: len(PAGES)] == counts[len(PAGES) :]


def test_a_file_without_unit_asks_for_it_once_at_the_top(officer):
    new = [
        person(f"Tòng Văn {name}", f"01109000020{n}", "01/02/1990") for n, name in enumerate(("Mới", "Một"))
    ]

    where = officer.read(workbook(*new))

    page = officer.page(where)
    assert page.count("chọn đơn vị") + page.count("Chọn đơn vị") >= 1
    assert page.index("Chọn đơn vị") < page.index("import-lines" if "import-lines" in page else "recognised")
    assert 'id="errors"' not in page
    assert f'href="{where}/columns"' in page
    assert page.count("Tệp không ghi đơn vị") == 1
