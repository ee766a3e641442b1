"""Links and forms of the personnel pages lead only where the viewer may go."""

from tests.client import parse


def test_the_form_of_a_planned_title_has_no_button_for_divisions(client_as, uid):
    page = client_as("home_affairs").get(f"/people/{uid('an')}/lists/planned_titles/new")

    assert 'name="narrow"' not in page.get_data(as_text=True)


def test_merging_is_offered_to_who_answers_for_the_whole_province(client_as, uid):
    page = client_as("home_affairs").get(f"/people/{uid('an')}").get_data(as_text=True)

    assert f"/duplicates/{uid('an')}" in page


def test_the_parts_of_the_file_stand_in_the_menu_of_the_administrator(client_as):
    client = client_as("admin")
    menu = parse(client.get("/people/parts").get_data(as_text=True)).findall(".//nav//a")

    assert "/people/parts" in [link.get("href") for link in menu]


def test_the_page_of_imports_leads_to_the_decisions(client_as):
    assert 'href="/decisions"' in client_as("home_affairs").get("/imports").get_data(as_text=True)


def test_absences_tell_how_one_is_recorded_only_to_who_may(client_as):
    told = "Ghi vắng ở trang hồ sơ"

    assert told in client_as("home_affairs").get("/absences").get_data(as_text=True)
    assert told not in client_as("case_officer").get("/absences").get_data(as_text=True)
