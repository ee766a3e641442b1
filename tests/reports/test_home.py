"""Home: My work and the figures; rules in force."""

from datetime import date
from html import unescape
from pathlib import Path

import pytest

from core.law import add_version, new_rule, read_law
from core.permissions import Role
from hr.people import rules as people_rules
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

    assert "Tuổi tối thiểu vào ngày tuyển dụng" in body
    assert "Căn cứ pháp lý" in body


def test_rules_in_force_are_told_in_the_language_of_the_reader(client_as):
    """Names, notes, values and legal grounds: no English on the Vietnamese page, nor a code in either."""
    client = client_as("case_officer")
    rows = read_law(Path(people_rules.__file__).with_name("law.toml"))

    vietnamese = unescape(client.get("/rules").text)
    client.set_cookie("lang", "en", domain="localhost")
    english = unescape(client.get("/rules").text)

    assert "Điểm b khoản 1 Điều 36 Luật 22/2008/QH12" in vietnamese
    assert "Thời hạn biệt phái tối đa tính theo năm, kể từ ngày đầu" in vietnamese
    assert "01.001 A3.1 6,20–8,00" in vietnamese
    for row in rows:
        assert row.legal_basis in english
        assert row.legal_basis not in vietnamese
        assert row.note in english
        assert row.note not in vietnamese
        assert row.code not in english
        assert row.code not in vietnamese


def test_a_rule_an_operator_typed_stands_as_typed_and_is_no_markup(client_as, system):
    entry = new_rule(
        code="house.rule",
        value="<b>9</b>",
        valid_from=date(2026, 1, 1),
        legal_basis="Quyết định <i>1</i>",
        certainty="V",
        note="Ghi chú <script>",
    )
    add_version(by=system, entry=entry)

    body = client_as("case_officer").get("/rules").text

    typed_in = ("house.rule", "&lt;b&gt;9&lt;/b&gt;", "Quyết định &lt;i&gt;1&lt;/i&gt;", "Ghi chú &lt;script")
    for typed in typed_in:
        assert typed in body


@pytest.mark.parametrize("persona", ["home_affairs", "chair_a", "inspector", "nobody"])
def test_rules_in_force_are_for_case_officers_and_the_administrator(client_as, persona: str):
    assert client_as(persona).get("/rules").status_code == 403


def test_a_chair_is_not_told_that_all_are_at_the_commune_level(client_as):
    assert "/people?figure=commune_level" in client_as("home_affairs").get("/").text
    own = client_as("chair_a").get("/").text
    assert "/people?figure=commune_level" not in own
    assert "/people?figure=commune_university" in own
