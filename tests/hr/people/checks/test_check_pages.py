"""The list of points to check, one point, and the pages they must not stand on."""

import pytest

from hr.people.checks import queries
from hr.people.enums import ProofState
from tests.client import form_values

LIST = "/points-to-check"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def point(add, as_viewer):
    """One serial number on An and Po: the address of the point."""
    add("an", serial="B 12345")
    add("po", serial="b12345")
    with as_viewer("home_affairs") as viewer:
        (found,) = queries.points(viewer)
        return f"{LIST}/{found.uid}"


@pytest.fixture
def browser(client_as):
    return client_as("home_affairs")


def send(browser, address, note):
    values = form_values(browser.get(address).get_data(as_text=True))
    return browser.post(address, data={**values, "note": note})


def text(answer):
    return answer.get_data(as_text=True)


def test_the_list_shows_both_people_with_their_papers(point, browser):
    shown = text(browser.get(LIST))

    assert "Lò Văn An" in shown
    assert "Vàng A Pó" in shown
    assert "B 12345" in shown
    assert point in shown


def test_the_list_comes_as_a_fragment_too(point, browser):
    answer = browser.get(LIST, headers=HTMX)

    assert text(answer).lstrip().startswith('<div id="points"')


def test_the_list_narrows_by_kind_and_state(point, browser):
    assert point in text(browser.get(f"{LIST}?kind=same_serial&state=open"))
    assert point not in text(browser.get(f"{LIST}?kind=same_scan"))
    assert point not in text(browser.get(f"{LIST}?state=settled"))
    assert browser.get(f"{LIST}?kind=nothing").status_code == 404


def test_a_settled_point_leaves_the_list_and_stands_under_settled(point, browser):
    answer = send(browser, point, "Đã xem hai bản gốc")

    assert answer.status_code == 303
    assert point not in text(browser.get(LIST))
    shown = text(browser.get(f"{LIST}?state=settled"))
    assert "Đã xem hai bản gốc" in shown
    assert "Lò Thị Hạnh" in shown


def test_a_settled_point_can_be_opened_again(point, browser):
    send(browser, point, "Đã xem hai bản gốc")

    assert send(browser, point, "Xem nhầm sổ").status_code == 303
    assert point in text(browser.get(LIST))


def test_without_a_note_nothing_is_settled(point, browser):
    answer = send(browser, point, " ")

    assert answer.status_code == 422
    assert point in text(browser.get(LIST))


def test_who_was_slower_is_told_and_keeps_what_was_typed(point, browser):
    values = form_values(text(browser.get(point)))
    send(browser, point, "Đã xem hai bản gốc")
    answer = browser.post(point, data={**values, "note": "Chưa xem xong"})

    assert answer.status_code == 422
    assert "Chưa xem xong" in text(answer)
    assert point not in text(browser.get(LIST))


def test_an_unknown_point_is_not_found(browser):
    assert browser.get(f"{LIST}/{'a' * 26}").status_code == 404


@pytest.mark.parametrize("persona", ["chair_a", "staff_a", "case_officer", "admin", "inspector"])
def test_other_roles_are_refused(point, client_as, persona):
    client = client_as(persona)

    assert client.get(LIST).status_code == 403
    assert client.get(point).status_code == 403


def test_the_person_page_and_the_list_of_people_say_nothing_of_it(point, browser, uid):
    person = text(browser.get(f"/people/{uid('an')}"))

    assert LIST not in person
    assert LIST not in text(browser.get("/people"))
    assert "trùng cơ sở cấp" not in person


def test_my_work_has_one_row_while_points_are_open(point, browser):
    assert "1 điểm chưa xử lý" in text(browser.get("/"))

    send(browser, point, "Đã xem hai bản gốc")

    assert "1 điểm chưa xử lý" not in text(browser.get("/"))


def test_the_list_of_imports_leads_there(browser):
    assert f'href="{LIST}"' in text(browser.get("/imports"))


def test_the_list_is_made_of_few_statements(point, browser, count_statements):
    with count_statements() as sent:
        browser.get(LIST)

    assert len(sent) <= 8


def test_the_person_page_says_who_proved_a_paper_and_when(browser, uid, add):
    add("an", serial="C 1", proof_state=ProofState.ORIGINAL_SEEN)

    assert "Lò Thị Hạnh, " in text(browser.get(f"/people/{uid('an')}"))
