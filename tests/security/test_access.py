"""The hand-written table of access against the program: its own tables, then its answers over HTTP."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Grant
from core.audit import AuditEvent
from core.db import db
from core.permissions import ROLE_PERMISSIONS, Permission, Role, policy_of
from core.scope import bind_viewer, scoped_classes, system_viewer, writing_allowed
from tests.cast import user_of
from tests.client import form_values
from tests.personas import CAST
from tests.security import table
from tests.security.table import ENDPOINTS, TABLE
from tests.security.world import BACKGROUND_OF_AN, TODAY, World, address, for_persona

HTMX = {"HX-Request": "true"}
PACKAGES = ("core", "accounts", "hr", "reports")


def methods_of(app: Flask, endpoint: str) -> set[str]:
    """GET and POST, as far as the endpoint takes them."""
    found: set[str] = set()
    for rule in app.url_map.iter_rules(endpoint):
        found |= rule.methods or set()
    return found & {"GET", "POST", "PUT", "PATCH", "DELETE"}


def names_person(app: Flask, endpoint: str) -> bool:
    """Whether the address names the person beside the part."""
    return any("person" in rule.arguments for rule in app.url_map.iter_rules(endpoint))


def actions() -> Iterator[tuple[str, Any]]:
    """(name, permission) of every action of the program."""
    for package in PACKAGES:
        root = importlib.import_module(package)
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                if (
                    inspect.isfunction(value)
                    and hasattr(value, "permission")
                    and value.__module__ == info.name
                ):
                    yield f"{info.name}.{name}", value.permission


# --- against the program's tables -------------------------------------------------------------------
def test_every_endpoint_has_its_line_and_every_line_its_endpoint(whole_app):
    assert sorted(ENDPOINTS) == sorted({rule.endpoint for rule in whole_app.url_map.iter_rules()})


@pytest.mark.parametrize("endpoint", sorted(ENDPOINTS))
def test_the_program_declares_what_the_table_says(whole_app, endpoint):
    line = ENDPOINTS[endpoint]
    declared = policy_of(whole_app, endpoint)

    assert declared == table.policy(line)
    assert methods_of(whole_app, endpoint) == {name.upper() for name in ("get", "post") if name in line}
    assert line["words"]
    if not isinstance(line["roles"], str):
        assert table.holders(line["policy"]) == table.roles_of(line)


def test_public_endpoints_are_these_and_no_others():
    public = {name for name, line in ENDPOINTS.items() if line["roles"] == "public"}

    assert public == {
        "account.sign_in",
        "account.set_language",
        "health.alive",
        "health.ready",
        "components.show",
        "components.state",
    }
    assert {name for name in public if ENDPOINTS[name].get("production") is False} == {
        "components.show",
        "components.state",
    }


def test_every_action_has_its_line_and_asks_for_its_permission():
    found = {name: permission.value if permission else None for name, permission in actions()}
    told = {name: None if value in ("own", "inner") else value for name, value in TABLE["action"].items()}

    assert found == told


def test_every_scoped_table_has_its_reach():
    told = [name for names in TABLE["tables"].values() for name in names]

    assert sorted(told) == sorted(cls.__name__ for cls in scoped_classes())
    assert set(TABLE["tables"]) == set(TABLE["reach"])


def test_every_role_has_a_reach_in_every_table():
    for reach in TABLE["reach"].values():
        assert sorted(reach) == sorted(["words", *(role.value for role in Role)])


def test_fields_name_roles_that_hold_their_permission():
    for line in TABLE["field"]:
        held = frozenset() if line["permission"] == "nobody" else table.holders(line["permission"])
        assert held == frozenset(Role(name) for name in line["roles"])


def test_every_permission_opens_something():
    used = {line.get("policy") for line in ENDPOINTS.values()} | set(TABLE["action"].values())
    used |= {line["permission"] for line in TABLE["field"]}
    for permission in set(Permission) - {
        Permission(name) for name in used if name in {p.value for p in Permission}
    }:
        # Asked inside a page, not at its door: figures on the start page.
        assert permission is Permission.FIGURES_READ
    assert set().union(*ROLE_PERMISSIONS.values()) == set(Permission)


# --- over HTTP --------------------------------------------------------------------------------------
@pytest.fixture
def world(app, world_of) -> World:
    return world_of(app)


def token_of(client: Any) -> str:
    """The token against forgery of this browser."""
    return form_values(client.get("/account/password").get_data(as_text=True))["csrf_token"]


def plain(answer: Any) -> tuple[Any, ...]:
    """What two answers have to share to be told apart by nobody."""
    heads = sorted(
        (name, value) for name, value in answer.headers.items() if name not in ("Date", "Set-Cookie")
    )
    return answer.status_code, answer.get_data(), heads


def ask(client: Any, url: str, method: str, token: str, **kwargs: Any) -> Any:
    data = {"csrf_token": token} if method == "POST" else None
    # The component page shows forms that are not meant to be sent.
    client.checked = not url.startswith("/_components")
    with client.open(url, method=method, data=data, **kwargs) as answer:
        answer.get_data()
        return answer


@pytest.mark.slow
@pytest.mark.parametrize("persona", sorted(CAST))
def test_every_persona_gets_what_the_table_says(app, client_as, world, persona):
    """Every endpoint and method for an object of commune A, of commune B and for an absent one."""
    for_persona(app, world, persona)
    client = client_as(persona)
    token, wrong = token_of(client), []
    # Signing out comes last.
    for endpoint in sorted(ENDPOINTS, key=lambda name: (name == "account.sign_out", name)):
        line = ENDPOINTS[endpoint]
        for method in sorted(methods_of(app, endpoint)):
            gone = None
            kinds = ((None, None), ("foreign", world.foreign), ("own", world.own))
            for commune, uids in kinds if "object" in line else kinds[:1]:
                answer = ask(client, address(app, endpoint, uids), method, token)
                gone = gone or plain(answer)
                told = table.expected(line, persona, method, commune)
                if answer.status_code != told:
                    wrong.append(f"{method} {endpoint} ({commune}): {answer.status_code}, not {told}")
                if answer.status_code == 404 and plain(answer) != gone:
                    wrong.append(f"{method} {endpoint} ({commune}): not the same as absent")
                if not answer.headers.get("Content-Security-Policy", "").startswith("default-src 'none'; "):
                    wrong.append(f"{method} {endpoint}: no policy of content")

    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("token", [None, "", "x", "ImZvcmdlZCI.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_nothing_is_sent_without_the_token_against_forgery(app, client_as, world, token):
    """Neither by an account that may, nor by one whose token it is not."""
    wrong = []
    for endpoint, line in ENDPOINTS.items():
        if "post" not in line:
            continue
        persona = next(name for name in CAST if table.is_open(line, name))
        for headers in ({}, HTMX):
            data = {} if token is None else {"csrf_token": token}
            answer = client_as(persona).post(address(app, endpoint, world.own), data=data, headers=headers)
            if answer.status_code != 400:
                wrong.append(f"{endpoint}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_visitor_gets_the_public_pages_and_is_asked_to_sign_in_elsewhere(app, world, headers):
    wrong = []
    client = app.test_client()
    token = form_values(client.get("/sign-in").get_data(as_text=True))["csrf_token"]
    for endpoint, line in ENDPOINTS.items():
        for method in sorted(methods_of(app, endpoint)):
            answers = {
                plain(ask(client, address(app, endpoint, uids), method, token, headers=headers))[0]
                for uids in (None, world.own, world.foreign)
            }
            public = line["roles"] == "public"
            told = line["visitor"][method.lower()] if public else (401 if headers else 303)
            if headers and public and told == 303:
                told = 200
            if answers != {told}:
                wrong.append(f"{method} {endpoint}: {sorted(answers)}, not {told}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_a_home_affairs_officer_of_one_commune_stays_in_it(app, client_as, world):
    """A role that may edit, granted in commune A: every form about commune B is absent."""
    with app.app_context(), bind_viewer(system_viewer("test", TODAY)):
        allowed = writing_allowed.set(True)
        own = db.session.scalars(select(Grant).where(Grant.user_id == user_of("chair_a").id)).one()
        own.role = Role.HR_OFFICER
        db.session.commit()
        writing_allowed.reset(allowed)
    client = client_as("chair_a")
    token, wrong = token_of(client), []
    for endpoint, line in ENDPOINTS.items():
        kind = line.get("object")
        if kind not in table.IN_REACH or Role.HR_OFFICER not in table.roles_of(line):
            continue
        for method in sorted(methods_of(app, endpoint)):
            gone = plain(ask(client, address(app, endpoint, None), method, token))
            answers = {"foreign": world.foreign, "own": world.own}
            mixed = {**world.own, kind: world.foreign[kind]}, {**world.foreign, kind: world.own[kind]}
            if kind != "person" and names_person(app, endpoint):
                answers |= {"own person, foreign part": mixed[0], "foreign person, own part": mixed[1]}
            for name, uids in answers.items():
                answer = ask(client, address(app, endpoint, uids), method, token)
                whole = table.is_of_the_province(kind)
                told = 404 if whole or name != "own" else line.get("part", line[method.lower()])
                told = line.get("whole", told)
                if answer.status_code != told or (told in (404, line.get("whole")) and plain(answer) != gone):
                    wrong.append(f"{method} {endpoint} ({name}): {answer.status_code}, not {told}")

    assert not wrong, "\n".join(wrong)


def _state(app: Flask, world: World, state: str) -> tuple[str, dict[str, str]]:
    """(persona, uids) of an object in the state."""
    if state == "retired":
        return "home_affairs", {"person": world.people["dung"]}
    with app.app_context(), bind_viewer(system_viewer("test", TODAY)):
        allowed = writing_allowed.set(True)
        name = "admin" if state == "oneself" else "staff_b"
        user = user_of(name)
        grant = db.session.scalars(
            select(Grant).where(Grant.user_id == user.id, Grant.delegated_by_id.is_(None))
        ).one()
        if state == "disabled":
            user.active, user.disabled_at = False, grant.granted_at
        if state == "revoked":
            grant.revoked_at = grant.granted_at
        db.session.commit()
        writing_allowed.reset(allowed)
        return "admin", {"user": user.uid, "grant": grant.uid}


STATED = [(name, state) for name, line in ENDPOINTS.items() for state in line.get("states", ())]


@pytest.mark.parametrize(("endpoint", "state"), STATED, ids=[f"{e}-{s}" for e, s in STATED])
def test_states_change_the_answer(app, client_as, world, endpoint, state):
    persona, uids = _state(app, world, state)
    client = client_as(persona)
    token = token_of(client)
    for method, told in ENDPOINTS[endpoint]["states"][state].items():
        answer = ask(client, address(app, endpoint, uids), method.upper(), token)
        assert (method, answer.status_code) == (method, told)


LOGGED = sorted(
    name for name, line in ENDPOINTS.items() if "log" in line and "get" in line and "object" in line
)


@pytest.mark.parametrize("endpoint", LOGGED)
def test_reading_is_logged_and_what_is_not_shown_is_not_logged_as_shown(app, client_as, world, endpoint):
    def rows() -> list[str]:
        with app.app_context():
            return [
                event.type.value for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq))
            ]

    line = ENDPOINTS[endpoint]
    client = client_as("home_affairs" if table.is_open(line, "home_affairs") else "chair_a")
    before = rows()
    ask(client, address(app, endpoint, world.own), "GET", "")
    after = rows()
    assert after[len(before) :] == [line["log"]] * line.get("files", 1)
    if table.is_open(line, "chair_a"):
        ask(client_as("chair_a"), address(app, endpoint, world.foreign), "GET", "")
        assert rows() == after


@pytest.mark.parametrize(
    ("endpoint", "persona", "url"),
    [("people.export", "chair_a", "/people/export"), ("log.export", "data_officer", "/log/export")],
)
def test_exports_are_logged_with_their_purpose_before_they_leave(
    app, client_as, world, endpoint, persona, url
):
    client = client_as(persona)
    values = form_values(client.get(url).get_data(as_text=True))
    answer = client.post(url, data={**values, "purpose": "Đối chiếu số liệu quý III"})

    assert answer.status_code == 200
    with app.app_context():
        row = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert (row.type.value, row.reason) == (ENDPOINTS[endpoint]["log"], "Đối chiếu số liệu quý III")


@pytest.mark.parametrize("persona", sorted(CAST))
def test_background_is_read_by_home_affairs_alone(app, client_as, world, persona):
    client = client_as(persona)
    client.checked = False
    pages = [
        f"/people/{world.own['person']}",
        f"/people/{world.own['person']}/background",
        "/people?cols=religion&cols=party&cols=ethnicity&cols=party_post",
        f"/people/{world.own['person']}/changes",
    ]
    seen = "".join(client.get(page).get_data(as_text=True) for page in pages)

    held = CAST[persona].role is Role.HR_OFFICER
    assert all(word in seen for word in BACKGROUND_OF_AN.values()) is held
    assert any(word in seen for word in BACKGROUND_OF_AN.values()) is held
