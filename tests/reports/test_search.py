"""The search box: words in the address, a number never."""

import pytest

from tests.factories.people import NUMBERS


@pytest.mark.parametrize("words", ["dang thi hue", "Đặng Thị Huệ", "hue", "DANG HUE", "đặng  t huệ"])
def test_a_name_is_found_without_accents(client_as, words: str):
    answer = client_as("home_affairs").get("/search", query_string={"q": words})

    assert answer.status_code == 200
    assert "Đặng Thị Huệ" in answer.text


def test_words_go_into_the_address(client_as):
    client = client_as("home_affairs")
    answer = client.post("/search", data={**client.form("/account/password"), "q": "dang thi hue"})

    assert answer.status_code == 303
    assert answer.location == "/search?q=dang+thi+hue"


def test_a_number_opens_the_file_and_stays_out_of_the_address(client_as):
    client = client_as("home_affairs")
    answer = client.post("/search", data={**client.form("/account/password"), "q": NUMBERS["hue"]})

    assert answer.status_code == 303
    assert answer.location.startswith("/people/")
    assert NUMBERS["hue"] not in answer.location


@pytest.mark.parametrize("persona", ["chair_b", "admin"])
def test_a_hidden_number_answers_like_an_absent_one(client_as, persona: str):
    client = client_as(persona)
    token = client.form("/account/password")
    hidden = client.post("/search", data={**token, "q": NUMBERS["hue"]})
    absent = client.post("/search", data={**token, "q": "011099999999"})

    assert hidden.status_code == absent.status_code == 200
    assert _without_token(hidden.text) == _without_token(absent.text)


def _without_token(body: str) -> str:
    return "\n".join(line for line in body.splitlines() if "csrf_token" not in line)


def test_a_number_in_the_address_is_taken_out(client_as):
    answer = client_as("home_affairs").get("/search", query_string={"q": NUMBERS["hue"]})

    assert answer.status_code == 303
    assert answer.location == "/search"


def test_a_chair_finds_the_own_people_only(client_as):
    found = client_as("chair_b").get("/search?q=lo").text

    assert "Lò Văn An" not in found
    assert "Lò Thị Ổn" not in found


@pytest.mark.parametrize(
    ("words", "unit", "successor"),
    [
        ("03292", "Xã Ẳng Tở", "Xã Búng Lao"),
        ("ang to", "Xã Ẳng Tở", "Xã Búng Lao"),
        ("sa long", "Xã Sa Lông", "Xã Na Sang"),
    ],
)
def test_old_names_and_codes_find_the_new_unit(client_as, words: str, unit: str, successor: str):
    answer = client_as("inspector").get("/search", query_string={"q": words}).text

    assert unit in answer
    assert successor in answer


def test_nothing_found_says_what_to_try(client_as):
    assert "Thử gõ ít chữ hơn" in client_as("home_affairs").get("/search?q=zzzz").text


def test_search_is_at_most_eight_statements(client_as, count_statements):
    client = client_as("home_affairs")
    client.get("/search?q=lo")
    with count_statements() as sent:
        client.get("/search?q=lo")

    assert len(sent) <= 8
