"""The pages: the list, two files side by side, the mark, and the address of a file that went into another."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts.models import Grant
from core.audit import AuditEvent, AuditType
from core.db import db
from core.permissions import Role
from core.scope import bind_viewer, system_viewer, writing_allowed
from hr.people.actions import edit_person
from hr.people.merging.models import DifferentPeople, PersonMerge
from hr.people.models import Person
from tests.cast import user_of
from tests.conftest import TODAY
from tests.factories.people import person
from tests.hr.people.merging.conftest import FIRST, SECOND, the

NOTE = "Đã đối chiếu hai thẻ căn cước"


@pytest.fixture
def officer(client_as: Any) -> Any:
    return client_as("home_affairs")


@pytest.fixture
def counted(app: Any) -> Any:
    """`counted(cls)`: how many rows there are."""

    def count(cls: Any) -> int:
        with app.app_context(), bind_viewer(system_viewer("look", TODAY)):
            return db.session.scalar(select(func.count()).select_from(cls)) or 0

    return count


def choices(officer: Any, where: str, stands: str = "both") -> dict[str, str]:
    """The form as it opens, with one answer for each clash and a note."""
    page = officer.get(where).get_data(as_text=True)
    clashes = set(re.findall(r'name="(clash-[^"]+)"', page))
    return {**officer.form(where), **dict.fromkeys(clashes, stands), "note": NOTE}


def test_the_list_shows_both_with_birth_and_place_and_a_way_to_compare(two, officer):
    page = officer.get("/duplicates").get_data(as_text=True)

    assert page.count("Nguyễn Văn Hùng") == 2
    assert page.count("02/03/1985") == 2
    assert "Kế toán" in page
    assert f"/duplicates/{two[0]}/{two[1]}" in page
    assert "trùng họ tên khi bỏ dấu · trùng ngày sinh" in page


def test_an_empty_list_says_so(officer):
    assert "Không có hai hồ sơ nào" in officer.get("/duplicates").get_data(as_text=True)


def test_the_page_of_a_person_leads_to_those_like_them(two, officer):
    where = f"/duplicates/{two[0]}"
    assert f'href="{where}"' in officer.get(f"/people/{two[0]}").get_data(as_text=True)

    page = officer.get(where).get_data(as_text=True)

    assert f"/duplicates/{two[0]}/{two[1]}" in page
    found = officer.get(f"{where}?q=hue").get_data(as_text=True)
    assert "Đặng Thị Huệ" in found
    assert officer.get(f"{where}?q={FIRST}").status_code == 303  # no number in an address


def test_side_by_side_and_merged_in_one_form(two, officer, counted):
    where = f"/duplicates/{two[0]}/{two[1]}"
    page = officer.get(where).get_data(as_text=True)
    assert "Có thể đây là hai người" in page
    assert "Xã Mường Phăng" in page
    values = choices(officer, where)

    answer = officer.post(where, data={**values, "fact-person.native_place": "other"})

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/people/{two[0]}")
    assert "Xã Mường Phăng" in officer.get(f"/people/{two[0]}").get_data(as_text=True)
    assert counted(PersonMerge) == 1


def test_an_overlap_left_open_is_refused_with_its_entries_named(two, officer, counted):
    where = f"/duplicates/{two[0]}/{two[1]}"
    values = {name: value for name, value in choices(officer, where).items() if not name.startswith("clash-")}

    answer = officer.post(where, data=values)

    assert answer.status_code == 422
    assert "Chuyên viên" in answer.get_data(as_text=True)
    assert counted(PersonMerge) == 0


def test_the_old_address_leads_to_the_file_that_stays(two, officer, client_as):
    where = f"/duplicates/{two[0]}/{two[1]}"
    officer.post(where, data=choices(officer, where))

    answer = officer.get(f"/people/{two[1]}")

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/people/{two[0]}")
    stranger = client_as("chair_b")
    gone, absent = stranger.get(f"/people/{two[1]}"), stranger.get("/people/" + "a" * 26)
    assert gone.status_code == absent.status_code == 404
    assert gone.data == absent.data


def test_the_former_number_is_found_in_the_search_box(two, officer):
    where = f"/duplicates/{two[0]}/{two[1]}"
    officer.post(where, data=choices(officer, where))

    answer = officer.post("/search", data={**officer.form("/account/password"), "q": SECOND})

    assert answer.headers["Location"].endswith(f"/people/{two[0]}")


def test_who_changed_what_tells_of_both_files(two, officer, app):
    where = f"/duplicates/{two[0]}/{two[1]}"
    with app.app_context(), bind_viewer(system_viewer("chị Lan", TODAY)) as _:
        edit_person(
            by=system_viewer("chị Lan", TODAY), person=the(two[1]), values={"birthplace": "Xã Mường Phăng"}
        )
    officer.post(where, data=choices(officer, where))

    page = officer.get(f"/people/{two[0]}/changes").get_data(as_text=True)

    assert "chị Lan" in page
    assert "gộp hồ sơ trùng vào hồ sơ này" in page
    assert NOTE in page


def test_a_file_changed_meanwhile_is_a_conflict_and_the_choice_is_kept(two, officer, app, counted):
    where = f"/duplicates/{two[0]}/{two[1]}"
    values = choices(officer, where)
    by = system_viewer("chị Lan", TODAY)
    with app.app_context(), bind_viewer(by):
        edit_person(by=by, person=the(two[1]), values={"birthplace": "Xã Mường Phăng"})

    answer = officer.post(where, data=values)

    assert answer.status_code == 409
    assert NOTE in answer.get_data(as_text=True)
    assert counted(PersonMerge) == 0


def test_the_mark_takes_the_pair_off_the_list_and_stands_on_their_page(two, officer, counted):
    where = f"/duplicates/{two[0]}/{two[1]}"

    answer = officer.send(f"{where}/different", {"note": "Hai thẻ căn cước, hai quê quán"})

    assert answer.status_code == 303
    assert "Nguyễn Văn Hùng" not in officer.get("/duplicates").get_data(as_text=True)
    page = officer.get(where).get_data(as_text=True)
    assert "Hai thẻ căn cước, hai quê quán" in page
    assert 'name="note"' not in page
    assert counted(DifferentPeople) == 1
    officer.send(f"{where}/different", {"note": "Nhầm"})
    assert "Nguyễn Văn Hùng" in officer.get("/duplicates").get_data(as_text=True)


def test_a_note_is_asked_for(two, officer, counted):
    answer = officer.send(f"/duplicates/{two[0]}/{two[1]}/different", {"note": ""})

    assert answer.status_code == 422
    assert counted(DifferentPeople) == 0


@pytest.fixture
def officer_of_commune(client_as, app):
    """An officer of Home Affairs whose grant reaches commune A alone."""
    with app.app_context(), bind_viewer(system_viewer("grants", TODAY)):
        grant = db.session.scalars(select(Grant).where(Grant.user_id == user_of("chair_a").id)).one()
        allowed = writing_allowed.set(True)
        grant.role = Role.HR_OFFICER
        db.session.commit()
        writing_allowed.reset(allowed)
    return client_as("chair_a")


def test_who_reaches_a_part_of_the_province_is_offered_no_merging(two, officer_of_commune):
    assert "/duplicates" not in officer_of_commune.get(f"/people/{two[0]}").get_data(as_text=True)


@pytest.mark.parametrize("act", ["", "/different"])
def test_who_reaches_a_part_of_the_province_learns_of_no_file(two, officer_of_commune, app, counted, act):
    """A pair in reach, one with a stranger and one with nobody answer alike."""
    with app.app_context(), bind_viewer(system_viewer("look", TODAY)):
        stranger = person("po").uid
    values = {**officer_of_commune.form(f"/people/{two[0]}/edit"), "note": NOTE}
    before = counted(Person)

    answers = [
        officer_of_commune.post(f"/duplicates/{one}/{other}{act}", data=values)
        for one, other in ((two[0], two[1]), (two[0], stranger), (stranger, two[0]), (two[0], "a" * 26))
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.data for answer in answers}) == 1
    assert officer_of_commune.get("/duplicates").status_code == 403
    assert counted(Person) == before
    assert counted(PersonMerge) == counted(DifferentPeople) == 0


def test_sent_twice_it_leads_to_the_file_that_stayed_and_merges_once(two, officer, counted):
    where = f"/duplicates/{two[0]}/{two[1]}"
    values = choices(officer, where)
    first = officer.post(where, data=values)

    again = officer.post(where, data=values)

    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert counted(PersonMerge) == 1


@pytest.mark.parametrize("swapped", [False, True])
def test_who_comes_after_a_merge_is_led_to_the_file_that_stayed(two, officer, swapped):
    where = f"/duplicates/{two[0]}/{two[1]}"
    officer.post(where, data=choices(officer, where))
    late = f"/duplicates/{two[1]}/{two[0]}" if swapped else where

    answer = officer.get(late)

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/people/{two[0]}")
    assert "đã là một" in officer.get(answer.headers["Location"]).get_data(as_text=True)


@pytest.mark.parametrize("persona", ["chair_a", "staff_a", "leader", "case_officer"])
def test_nobody_else_gets_in(two, client_as, persona):
    client = client_as(persona)

    assert client.get("/duplicates").status_code == 403
    assert client.get(f"/duplicates/{two[0]}/{two[1]}").status_code == 403


def test_opening_two_files_is_logged_on_both(two, officer, app):
    officer.get(f"/duplicates/{two[0]}/{two[1]}")

    opened = select(AuditEvent.subject_uid).where(AuditEvent.type == AuditType.PERSON_OPENED)
    with app.app_context():
        assert set(db.session.scalars(opened)) >= set(two)


def test_the_pages_speak_english_too(two, officer):
    officer.set_cookie("lang", "en")

    page = officer.get(f"/duplicates/{two[0]}/{two[1]}").get_data(as_text=True)

    assert "These may be two people" in page
    assert "both: the earlier one ends on the day before the later one" in page
    assert "same name without accents · same date of birth" in officer.get("/duplicates").get_data(
        as_text=True
    )


def test_the_pages_send_few_statements(two, officer, count_statements):
    officer.get("/duplicates")
    limits = {"/duplicates": 8, f"/duplicates/{two[0]}": 8, f"/duplicates/{two[0]}/{two[1]}": 16}
    for where, limit in limits.items():
        with count_statements() as sent:
            assert officer.get(where).status_code == 200
        assert len(sent) <= limit, (where, sent)
