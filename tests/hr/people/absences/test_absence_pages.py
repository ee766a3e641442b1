"""The list of who is away, the section of a person's page, the forms."""

import pytest

from core.audit import AuditType
from hr.people.absences.enums import HalfDay
from tests.client import form_values

LIST = "/absences"
HTMX = {"HX-Request": "true"}
ENTERED = {
    "kind": "annual_leave",
    "starts_on": "20/07/2026",
    "starts_half": "morning",
    "ends_on": "21/07/2026",
    "ends_half": "morning",
    "slip_number": "31/GNP",
}


def text(answer):
    return answer.get_data(as_text=True)


def send(browser, address, **values):
    return browser.post(address, data={**form_values(text(browser.get(address))), **values})


@pytest.mark.parametrize("persona", ["chair_a", "staff_a", "home_affairs", "case_officer"])
def test_the_list_shows_who_is_away_and_not_why(away, client_as, persona):
    away()
    shown = text(client_as(persona).get(LIST))

    assert "Lò Văn An" in shown
    assert "nghỉ ốm" not in shown
    assert "12/GNP" not in shown


def test_why_opens_by_a_click_with_a_line_in_the_log(away, client_as, uid, logged):
    away()
    where = f"/people/{uid('an')}/absences"
    chair = client_as("chair_a")
    assert where in text(chair.get(LIST))
    assert not logged(AuditType.PERSON_OPENED)

    shown = text(chair.get(where))

    assert "nghỉ ốm" in shown
    assert "12/GNP" in shown
    assert [event.subject_label for event in logged(AuditType.PERSON_OPENED)] == ["Lò Văn An"]


def test_the_list_comes_as_a_fragment_too(away, client_as):
    away()

    answer = client_as("staff_a").get(LIST, headers=HTMX)

    assert text(answer).lstrip().startswith('<div id="absences"')


@pytest.mark.parametrize(
    ("asked", "is_there"),
    [
        ("?on=17/07/2026", True),
        ("?on=18/07/2026", False),
        ("?period=week&on=13/07/2026", True),
        ("?period=week&on=20/07/2026", False),
        ("?period=month&on=31/07/2026", True),
        ("?period=month&on=01/08/2026", False),
        ("?on=nothing", True),
    ],
)
def test_the_list_covers_the_days_asked_for(asked, is_there, away, client_as):
    away()

    assert ("Lò Văn An" in text(client_as("staff_a").get(LIST + asked))) is is_there


def test_home_affairs_narrows_to_a_unit(away, client_as, unit):
    away()
    away("po")
    shown = text(client_as("home_affairs").get(f"{LIST}?unit={unit('03301')}"))

    assert "Vàng A Pó" in text(client_as("home_affairs").get(LIST))
    assert ("Lò Văn An" in shown) != ("Vàng A Pó" in shown)


@pytest.mark.parametrize("asked", ["?period=year", "?unit=x"])
def test_what_names_nothing_is_not_found(asked, client_as):
    assert client_as("home_affairs").get(LIST + asked).status_code == 404


def test_an_empty_day_says_so(client_as):
    assert "15/07/2026" in text(client_as("chair_a").get(LIST))


@pytest.mark.parametrize("persona", ["leader", "inspector", "admin"])
def test_other_roles_are_refused(persona, client_as):
    assert client_as(persona).get(LIST).status_code == 403


def test_the_staff_officer_records_an_absence(client_as, uid):
    browser = client_as("staff_a")
    answer = send(browser, f"/people/{uid('an')}/absences/new", **ENTERED)

    assert answer.status_code == 303
    shown = text(browser.get(f"/people/{uid('an')}/absences"))
    assert "20/07/2026 – 21/07/2026 (buổi sáng)" in shown
    assert "31/GNP" in shown


def test_days_already_taken_are_named_with_a_link(away, client_as, uid):
    other = away()
    answer = send(
        client_as("staff_a"), f"/people/{uid('an')}/absences/new", **{**ENTERED, "starts_on": "16/07/2026"}
    )

    assert answer.status_code == 422
    assert "14/07/2026 – 17/07/2026" in text(answer)
    assert f"{LIST}/{other}/edit" in text(answer)


def test_an_absence_is_corrected(away, client_as, uid):
    other = away()
    browser = client_as("staff_a")
    answer = send(browser, f"{LIST}/{other}/edit", ends_half="morning")

    assert answer.status_code == 303
    assert "17/07/2026 (buổi sáng)" in text(browser.get(f"/people/{uid('an')}/absences"))


def test_who_was_slower_sees_both_versions(away, client_as):
    other = away()
    first, second = client_as("staff_a"), client_as("home_affairs")
    values = form_values(text(second.get(f"{LIST}/{other}/edit")))
    send(first, f"{LIST}/{other}/edit", slip_number="13/GNP")
    answer = second.post(f"{LIST}/{other}/edit", data={**values, "slip_number": "14/GNP"})

    assert answer.status_code == 409
    assert "13/GNP" in text(answer)
    assert "14/GNP" in text(answer)


def test_an_absence_is_annulled_with_its_reason(away, client_as, uid):
    other = away()
    browser = client_as("staff_a")

    assert send(browser, f"{LIST}/{other}/annul", reason=" ").status_code == 422
    assert send(browser, f"{LIST}/{other}/annul", reason="Không nghỉ nữa").status_code == 303
    assert "Lò Văn An" not in text(browser.get(LIST))
    assert "đã hủy" in text(browser.get(f"/people/{uid('an')}/absences"))
    assert browser.get(f"{LIST}/{other}/edit").status_code == 403


def test_the_absences_of_a_person_show_the_reason_to_who_may_read_it(away, client_as, uid):
    away(starts_half=HalfDay.AFTERNOON)
    address = f"/people/{uid('an')}/absences"

    assert "nghỉ ốm" in text(client_as("home_affairs").get(address))
    shown = text(client_as("case_officer").get(address))
    assert "14/07/2026 (buổi chiều) – 17/07/2026" in shown
    assert "nghỉ ốm" not in shown
    assert client_as("leader").get(address).status_code == 403


def test_the_page_of_a_person_opens_them_by_a_click(away, client_as, uid):
    away()
    browser, address = client_as("staff_a"), f"/people/{uid('an')}"

    shown = text(browser.get(address))
    assert f'hx-get="{address}/absences"' in shown
    assert "nghỉ ốm" not in shown
    assert text(browser.get(f"{address}/absences", headers=HTMX)).lstrip().startswith('<div id="absences"')
    assert f"{address}/absences" not in text(client_as("leader").get(address))


def test_the_list_of_people_leads_there(client_as):
    assert f'href="{LIST}"' in text(client_as("staff_a").get("/people"))
    assert f'href="{LIST}"' not in text(client_as("leader").get("/people"))


def test_the_list_is_made_of_few_statements(away, client_as, count_statements):
    away()
    away("hue")
    browser = client_as("home_affairs")
    with count_statements() as sent:
        browser.get(LIST)

    assert len(sent) <= 8
