"""What is said after saving: compare with the paper. Never a refusal, never on the person's page later."""

import re

import pytest

from tests.personas import BUNG_LAO

pytestmark = pytest.mark.slow

TO_CHECK = "Cần đối chiếu"


def path(uid, part):
    return f"/people/{uid}/{part}"


def remarks_after(client, response):
    """The remarks on the page a success leads to; they are gone when it is opened again."""
    assert response.status_code == 303
    address = response.headers["Location"].split("#")[0]
    found = re.findall(rf"{TO_CHECK}: ([^<]+)", client.get(address).text)
    assert TO_CHECK not in client.get(address).text
    return found


@pytest.mark.parametrize(
    ("post", "division", "warned"),
    [
        ("Chủ tịch UBND xã", 1, True),  # Lò Văn An holds it, in the same division
        ("Quyền Chủ tịch UBND xã", 1, True),
        ("Phó Chủ tịch UBND xã", 1, False),
        ("Trưởng phòng", 3, False),
        ("Chuyên viên", 1, False),
    ],
)
def test_a_second_head_is_told(client_as, uid, unit, post, division, warned):
    client = client_as("home_affairs")
    values = {
        "unit": unit(BUNG_LAO),
        "division": unit(BUNG_LAO, division),
        "post": post,
        "starts_on": "10/07/2026",
    }

    found = remarks_after(client, client.send(path(uid("hue"), "move"), values))

    assert len(found) == warned
    assert not warned or "Lò Văn An" in found[0]


def test_a_further_post_as_second_head_is_told(client_as, uid, unit):
    client = client_as("home_affairs")
    values = {
        "kind": "in_charge",
        "unit": unit(BUNG_LAO),
        "division": unit(BUNG_LAO, 1),
        "post": "Chủ tịch UBND xã",
        "starts_on": "10/07/2026",
    }

    found = remarks_after(client, client.send(path(uid("hue"), "assignments/new"), values))

    assert len(found) == 1


def test_a_coefficient_that_is_not_the_table_s_is_told(client_as, uid):
    client = client_as("home_affairs")
    values = {"rank_code": "01.003", "step": "5", "coefficient": "3,33", "rank_starts_on": "01/01/2026"}

    found = remarks_after(client, client.send(path(uid("an"), "ranks/new"), values))

    assert len(found) == 1
    assert "3.66" in found[0] or "3,66" in found[0]


def test_a_number_that_does_not_agree_with_sex_and_year_is_told_to_who_corrects_the_file(client_as, uid):
    client = client_as("home_affairs")

    found = remarks_after(client, client.send(path(uid("an"), "edit"), {"id_number": "011199000123"}))

    assert len(found) == 2  # an odd fourth digit is a woman's; 99 is not the year of birth


def test_a_degree_from_before_its_holder_was_grown_is_told(client_as, uid):
    client = client_as("home_affairs")
    values = {"paper": "education.university", "awarded_year": "1985"}

    found = remarks_after(client, client.send(path(uid("an"), "qualifications/new"), values))

    assert len(found) == 1


def test_a_new_file_is_told_all_of_it(client_as, unit):
    client = client_as("home_affairs")
    values = {
        "full_name": "Vàng A Chứ",
        "id_number": "011184123456",
        "sex": "male",
        "born_on": "02/09/1984",
        "unit": unit(BUNG_LAO),
        "division": unit(BUNG_LAO, 1),
        "post": "Chủ tịch UBND xã",
        "category": "cadre",
        "kind": "main",
        "starts_on": "10/07/2026",
        "rank_code": "01.003",
        "step": "3",
        "coefficient": "4,00",
        "rank_starts_on": "01/07/2024",
    }

    assert len(remarks_after(client, client.send("/people/new", values))) == 3


@pytest.mark.parametrize(("born_on", "warned"), [("12/05/1984", 1), ("13/05/1984", 0)])
def test_a_new_file_beside_one_of_the_same_name_and_birth_is_told(client_as, unit, born_on, warned):
    """Lò Văn An, born 12/05/1984, is there: a second one may be the same person under another number."""
    client = client_as("home_affairs")
    values = {
        "full_name": "LÒ VĂN ÂN",
        "id_number": "011084123456",
        "sex": "male",
        "born_on": born_on,
        "unit": unit(BUNG_LAO),
        "post": "Văn thư",
        "category": "civil_servant",
        "kind": "main",
        "starts_on": "10/07/2026",
    }

    found = remarks_after(client, client.send("/people/new", values))

    assert len([text for text in found if "Lò Văn An, sinh ngày 12/05/1984" in text]) == warned
