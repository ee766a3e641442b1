"""Nothing of commune B comes out for anybody of commune A: by address, query, form, list, file or count."""

import re

import pytest
from sqlalchemy import func, select

from accounts.models import Grant
from core.db import db
from core.permissions import Role
from core.scope import bind_viewer, scoped_classes, system_viewer, writing_allowed
from hr.people.models import Person
from tests.cast import user_of
from tests.client import form_values
from tests.security.leaks import findings, open_doors, pages, readable, walk
from tests.security.table import ENDPOINTS
from tests.security.world import CANARY, TODAY, add_canary, build_own


@pytest.mark.slow
def test_no_address_gives_commune_a_anything_of_commune_b(app, world_of):
    assert list(findings(app, world_of(app), ENDPOINTS)) == []


@pytest.mark.slow
def test_an_officer_who_may_edit_in_commune_a_changes_nothing_in_commune_b(app, world_of):
    world = world_of(app)
    with app.app_context(), bind_viewer(system_viewer("test", TODAY)):
        allowed = writing_allowed.set(True)
        grant = db.session.scalars(select(Grant).where(Grant.user_id == user_of("chair_a").id)).one()
        grant.role = Role.HR_OFFICER
        db.session.commit()
        writing_allowed.reset(allowed)
    # An officer of one commune reads the background of the own people: those words are no secret here.
    found = [line for line in findings(app, world, ENDPOINTS, personas=["chair_a"]) if "củaan" not in line]
    # Another role than the cast's: its refusals, either way, are told apart in test_access.
    told_apart = ("answers 404, not 403", "answers 403, not 404")
    assert [line for line in found if not any(words in line for words in told_apart)] == []


@pytest.mark.slow
@pytest.mark.parametrize("persona", ["inspector", "data_officer", "admin"])
def test_no_address_gives_who_reads_no_personnel_file_anything(app, world_of, persona):
    world = world_of(app)

    assert list(open_doors(app, world, persona)) == []
    found = walk(app, world, ENDPOINTS, persona)
    # The data protection officer reads the whole log, which names what was done to whom.
    assert [line for line in found if not (persona == "data_officer" and " log." in line)] == []


@pytest.mark.slow
@pytest.mark.parametrize("persona", ["chair_a", "inspector"])
def test_pages_are_the_same_with_and_without_what_they_hide(app, persona):
    world = build_own(app)
    before = pages(app, world, persona)
    add_canary(app, world)
    after = pages(app, world, persona)

    assert [name for name in before if before[name] != after[name]] == []
    assert len(before) > 100


@pytest.mark.parametrize("persona", ["inspector", "head", "data_officer", "admin", "nobody"])
def test_who_has_no_realm_reads_no_row(as_viewer, persona):
    with as_viewer(persona):
        for cls in scoped_classes():
            assert db.session.scalar(select(func.count()).select_from(cls)) == 0


@pytest.mark.parametrize(
    ("persona", "rows"), [("home_affairs", 12), ("chair_a", 6), ("chair_b", 4), ("staff_a", 6)]
)
def test_an_export_holds_exactly_the_people_in_reach(app, client_as, world_of, persona, rows):
    world_of(app)
    client = client_as(persona)
    url = "/people/export?status=any&cols=religion,party,ethnicity,rank"
    values = form_values(client.get(url).get_data(as_text=True))
    answer = client.post(url, data={**values, "purpose": "Rà soát chất lượng đội ngũ quý III"})
    text = readable(answer.get_data())

    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert (CANARY["full_name"] in text) is (persona in ("home_affairs", "chair_b"))
    assert (CANARY["religion"] in text) is (persona == "home_affairs")
    with app.app_context(), bind_viewer(system_viewer("test", TODAY)):
        names = list(db.session.scalars(select(Person.full_name)))
    assert sum(name in text for name in names) == rows


@pytest.mark.parametrize(
    ("persona", "found"), [("home_affairs", True), ("chair_b", True), ("chair_a", False), ("staff_a", False)]
)
def test_search_finds_people_in_reach_only(app, client_as, world_of, persona, found):
    world = world_of(app)
    client = client_as(persona)
    shown = [
        client.get(f"/search?q={words}").get_data(as_text=True)
        for words in ("zqh", "zqten", "Zqtên", "zqho zqten")
    ]
    token = form_values(client.get("/account/password").get_data(as_text=True))["csrf_token"]
    number = client.post("/search", data={"q": CANARY["id_number"], "csrf_token": token})

    assert [CANARY["full_name"] in body for body in shown] == [found] * 4
    assert (number.status_code == 303) is found
    assert (world.foreign["person"] in number.headers.get("Location", "")) is found


def test_a_number_hidden_and_a_number_absent_answer_alike(app, client_as, world_of, still_tokens):
    world_of(app)
    client = client_as("chair_a")
    token = form_values(client.get("/account/password").get_data(as_text=True))["csrf_token"]
    answers = [
        client.post("/search", data={"q": number, "csrf_token": token})
        for number in (CANARY["id_number"], "011084000099")
    ]

    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].get_data() == answers[1].get_data()


@pytest.mark.parametrize("url", ["/people", "/people?as_of=01/06/2026&status=any", "/units", "/", "/work"])
def test_numbers_on_pages_count_rows_in_reach(app, client_as, url):
    client = client_as("chair_a")
    world = build_own(app)
    before = client.get(url).get_data(as_text=True)
    add_canary(app, world)
    after = client.get(url).get_data(as_text=True)
    marks = [form_marks(body) for body in (before, after)]

    assert marks[0] == marks[1]


def form_marks(body):
    """A page without its tokens."""
    return re.sub(r'name="(csrf_token|submission)"[^>]*>', "", body)
