"""The further groups of the form 2C: read, corrected, refused, logged."""

from datetime import date

import pytest

from hr.people.groups.queries import row_of
from hr.people.groups.registry import GROUPS
from tests.client import parse
from tests.factories import people


def send(client, address, **values):
    return client.post(address, data={**client.form(address), **values})


def test_contact_is_recorded_and_shown(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")

    response = send(client, f"/people/{an}/groups/contact", phone="0912 345 678", id_issued_on="05/03/2021")

    assert response.status_code == 303
    row = read(lambda: row_of(people.person("an"), GROUPS["contact"]))
    assert (row.phone, row.id_issued_on, row.id_issued_by) == ("0912 345 678", date(2021, 3, 5), None)
    assert "0912 345 678" in client.get(f"/people/{an}").get_data(as_text=True)


def test_change_stands_in_the_log_of_the_file_with_what_stood_there(client_as, uid):
    client, an = client_as("home_affairs"), uid("an")
    send(client, f"/people/{an}/groups/contact", phone="0912 345 678")
    send(client, f"/people/{an}/groups/contact", phone="0987 654 321")

    page = client.get(f"/people/{an}/changes").get_data(as_text=True)

    assert "0912 345 678" in page
    assert "0987 654 321" in page


def test_discharge_before_enlisting_is_refused_at_its_field(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")

    response = send(
        client, f"/people/{an}/groups/military", enlisted_on="01/02/2010", discharged_on="01/01/2010"
    )

    assert response.status_code == 422
    tree = parse(response.get_data(as_text=True))
    assert tree.find(".//*[@id='discharged_on-error']") is not None
    assert read(lambda: row_of(people.person("an"), GROUPS["military"])) is None


@pytest.mark.parametrize("day", ["01/01/1901", "01/01/2099"])
def test_day_before_birth_or_after_today_is_refused(client_as, uid, day):
    client, an = client_as("home_affairs"), uid("an")

    response = send(client, f"/people/{an}/groups/origin", joined_agency_on=day)

    assert response.status_code == 422


def test_group_that_is_not_there_is_not_found(client_as, uid):
    assert client_as("home_affairs").get(f"/people/{uid('an')}/groups/nothing").status_code == 404


def test_who_keeps_no_file_neither_reads_contact_nor_opens_a_form(client_as, uid):
    an = uid("an")
    send(client_as("home_affairs"), f"/people/{an}/groups/contact", phone="0912 345 678")
    chair = client_as("chair_a")

    assert chair.get(f"/people/{an}/groups/contact").status_code == 403
    assert "0912 345 678" not in chair.get(f"/people/{an}").get_data(as_text=True)


def test_origin_of_the_family_is_for_who_may_read_the_background_only(client_as, uid):
    an = uid("an")
    send(client_as("home_affairs"), f"/people/{an}/groups/origin", class_origin="Bần nông")

    assert "Bần nông" in client_as("home_affairs").get(f"/people/{an}").get_data(as_text=True)
    assert "Bần nông" not in client_as("chair_a").get(f"/people/{an}").get_data(as_text=True)


def test_an_older_form_meets_what_somebody_else_saved(client_as, uid, read):
    client, address = client_as("home_affairs"), f"/people/{uid('an')}/groups/military"
    old = client.form(address)
    send(client, address, top_rank="Trung sĩ")

    response = client.post(address, data={**old, "top_rank": "Thượng sĩ"})

    assert response.status_code == 409
    assert "Thượng sĩ" in response.get_data(as_text=True)
    assert read(lambda: row_of(people.person("an"), GROUPS["military"])).top_rank == "Trung sĩ"
