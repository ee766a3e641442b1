"""The screen of the chair, the list of Home Affairs, My work."""

from datetime import date

import pytest

from tests.client import form_values

LIST = "/rosters"


def text(answer):
    return answer.get_data(as_text=True)


def send(browser, address, **values):
    return browser.post(address, data={**form_values(text(browser.get(address))), **values})


def test_the_chair_confirms_all_but_one_in_one_screen(client_as, address, uid):
    browser = client_as("chair_a")
    an = uid("an")
    answer = send(
        browser,
        f"{address}/confirm",
        **{f"verdict_{an}": "not_correct", f"note_{an}": "Đã chuyển phòng", "rest": "1"},
    )

    assert answer.status_code == 303
    shown = text(client_as("home_affairs").get(address))
    assert "Đã chuyển phòng" in shown
    assert "không đúng" in shown


def test_a_line_said_to_be_wrong_needs_its_note(client_as, address, uid):
    answer = send(
        client_as("chair_a"), f"{address}/confirm", **{f"verdict_{uid('an')}": "not_correct", "rest": "1"}
    )

    assert answer.status_code == 422


def test_who_was_slower_is_told(client_as, address):
    first, second = client_as("chair_a"), client_as("chair_a")
    values = form_values(text(second.get(f"{address}/confirm")))
    send(first, f"{address}/confirm", rest="1")

    assert second.post(f"{address}/confirm", data={**values, "rest": "1"}).status_code == 422


def test_my_work_of_the_chair_names_the_roster_and_its_day_until_it_is_done(client_as, address):
    browser = client_as("chair_a")
    shown = text(browser.get("/"))
    assert f"{address}/confirm" in shown
    assert "20/07/2026" in shown

    send(browser, f"{address}/confirm", rest="1")

    assert f"{address}/confirm" not in text(browser.get("/"))


def test_home_affairs_has_one_row_while_rosters_are_open(client_as, address):
    shown = text(client_as("home_affairs").get("/"))

    assert 'href="/rosters"' in shown
    assert "2 đơn vị còn dòng chưa xong" in shown
    send(client_as("chair_a"), f"{address}/confirm", rest="1")
    assert "1 đơn vị còn dòng chưa xong" in text(client_as("home_affairs").get("/"))


def test_the_list_tells_how_far_each_unit_is(client_as, address):
    send(client_as("chair_a"), f"{address}/confirm", rest="1")
    shown = text(client_as("home_affairs").get(LIST))

    assert f'href="{address}?quarter=2026-Q3"' in shown
    assert "đã xác nhận" in shown
    assert "chưa xác nhận" in shown


def test_earlier_quarters_stay_readable_and_later_ones_are_not_there(client_as, address, on_day):
    send(client_as("chair_a"), f"{address}/confirm", rest="1")
    on_day(date(2026, 10, 5))
    browser = client_as("home_affairs")

    assert "Lò Văn An" in text(browser.get(f"{address}?quarter=2026-Q3"))
    assert browser.get(f"{LIST}?quarter=2027-Q1").status_code == 404
    assert browser.get(f"{LIST}?quarter=x").status_code == 404
    assert "chưa xác nhận" in text(browser.get(address))


def test_a_chair_finds_the_own_unit_only(client_as, address):
    assert address in text(client_as("chair_a").get(LIST))
    assert address not in text(client_as("chair_b").get(LIST))
    assert client_as("chair_b").get(address).status_code == 404


def test_the_staff_officer_reads_and_does_not_confirm(client_as, address):
    browser = client_as("staff_a")

    assert browser.get(address).status_code == 200
    assert browser.get(f"{address}/confirm").status_code == 403


@pytest.mark.parametrize("persona", ["case_officer", "leader", "inspector", "admin"])
def test_other_roles_are_refused(persona, client_as):
    assert client_as(persona).get(LIST).status_code == 403


def test_the_pages_are_made_of_few_statements(client_as, address, count_statements):
    browser = client_as("home_affairs")
    for place, most in ((LIST, 8), (address, 16)):
        with count_statements() as sent:
            browser.get(place)
        assert len(sent) <= most, place
    chair = client_as("chair_a")
    with count_statements() as sent:
        chair.get(f"{address}/confirm")
    assert len(sent) <= 8
