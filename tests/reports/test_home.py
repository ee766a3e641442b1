"""Home: My work and the figures; rules in force."""

import pytest

from core.permissions import Role
from tests.personas import CAST


@pytest.mark.parametrize("persona", sorted(CAST))
def test_everybody_has_a_home(client_as, persona: str):
    answer = client_as(persona).get("/")

    assert answer.status_code == 200
    has_work = CAST[persona].role is not Role.LEADER
    assert ("Đến hạn, quá hạn, chờ tôi xử lý" in answer.text) is has_work


def test_the_figures_are_links_to_exactly_the_people_they_count(client_as):
    client = client_as("home_affairs")
    body = client.get("/").text

    # Of the cast, in service and cadre or civil servant on 15/07/2026: an, hue, sua, on · po, dua, lan · mai.
    assert "<b>8</b>" in body
    assert "8 dòng" in client.get("/people?figure=officials").text


def test_a_figure_of_a_chair_counts_the_own_commune(client_as):
    # an, hue, sua, on: four of commune A. Lan is seconded here and counted at home.
    assert "<b>4</b>" in client_as("chair_a").get("/").text


def test_who_may_not_read_figures_sees_none(client_as):
    for persona in ("inspector", "admin", "data_officer", "nobody"):
        assert 'id="figures"' not in client_as(persona).get("/").text


def test_home_is_at_most_eight_statements(client_as, count_statements):
    for persona in ("home_affairs", "chair_a", "admin"):
        client = client_as(persona)
        with count_statements() as sent:
            client.get("/")
        assert len(sent) <= 8, persona


def test_all_work_has_a_page(client_as):
    assert client_as("home_affairs").get("/work").status_code == 200


def test_rules_in_force_show_value_basis_and_how_sure(client_as):
    body = client_as("case_officer").get("/rules").text

    assert "people.minimum_age" in body
    assert "Căn cứ pháp lý" in body


@pytest.mark.parametrize("persona", ["home_affairs", "chair_a", "inspector", "nobody"])
def test_rules_in_force_are_for_case_officers_and_the_administrator(client_as, persona: str):
    assert client_as(persona).get("/rules").status_code == 403
