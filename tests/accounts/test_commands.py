"""`flask user …` and `flask session end`; the accounts of the demo."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from flask_security.utils import verify_password
from sqlalchemy import select

from accounts import demo, queries, rules
from accounts.models import User
from core.audit import AuditEvent, AuditType
from core.clock import today
from core.db import db
from core.permissions import Role
from core.scope import bind_viewer, system_viewer
from tests.cast import user_of
from tests.personas import PASSWORD


@pytest.fixture
def run(app):
    def call(*words, code=0, stdin=None):
        result = app.test_cli_runner().invoke(args=[*words], input=stdin)
        assert result.exit_code == code, result.output
        return result.output

    return call


def roles(app, persona):
    with app.app_context():
        return [role.role for role in rules.held_roles(queries.grants_held(user_of(persona), today()))]


def test_create_prints_an_initial_password_that_works(app, run, client):
    made = json.loads(run("user", "create", "lo.minh", "--name", "Lò Văn Minh", "--json"))

    assert made["username"] == "lo.minh"
    assert client.send("/sign-in", made).status_code == 303
    assert client.get("/").location == "/account/password"


def test_create_with_a_given_password_asks_for_no_change(app, run, client):
    run(
        "user",
        "create",
        "lo.minh",
        "--name",
        "Lò Văn Minh",
        "--password-stdin",
        stdin="suoi trong nguon lanh\n",
    )

    client.send("/sign-in", {"username": "lo.minh", "password": "suoi trong nguon lanh"})

    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "words",
    [
        ("create", "chair_a", "--name", "X"),
        ("create", "1 2", "--name", "X"),
        ("disable", "no-such"),
        ("reset", "no-such"),
        ("grant", "chair_a", "leader", "--unit", "99999"),
        ("revoke", "nobody", "leader"),
        ("enable", "chair_a"),
    ],
)
def test_what_cannot_be_done_exits_with_1_and_one_line(run, words):
    output = run("user", *words, code=1)

    assert output.startswith("Error: ")
    assert "Traceback" not in output


def test_a_weak_given_password_is_refused(run):
    assert run("user", "create", "lo.minh", "--name", "X", "--password-stdin", stdin="password1234\n", code=1)


def test_grant_and_revoke(app, run):
    run("user", "grant", "nobody", "leader", "--unit", "11")
    assert roles(app, "nobody") == [Role.LEADER]

    assert run("user", "revoke", "nobody", "leader") == "nobody: 1 revoked\n"

    assert roles(app, "nobody") == []


def test_a_grant_with_days(app, run):
    run("user", "grant", "nobody", "leader", "--unit", "11", "--from", "2026-07-16", "--to", "31/07/2026")

    assert roles(app, "nobody") == []
    with app.app_context():
        (grant,) = queries.grants_of(user_of("nobody"))
    assert (str(grant.starts_on), str(grant.ends_on), grant.granted_by_id) == (
        "2026-07-16",
        "2026-07-31",
        None,
    )


def test_disable_and_enable(app, run, client_as):
    client = client_as("chair_a")
    run("user", "disable", "chair_a")
    assert client.get("/account").status_code == 303

    run("user", "enable", "chair_a")

    with app.app_context():
        assert user_of("chair_a").active


def test_reset_replaces_the_password(run, client):
    made = json.loads(run("user", "reset", "chair_a", "--json"))

    assert client.send("/sign-in", {"username": "chair_a", "password": PASSWORD}).status_code == 422
    assert client.send("/sign-in", made).status_code == 303


def test_sessions_end_by_account_and_all_at_once(run, client_as):
    one, two = client_as("chair_a"), client_as("chair_b")
    assert run("session", "end", "chair_a") == "1 ended\n"
    assert (one.get("/account").status_code, two.get("/account").status_code) == (303, 200)

    run("session", "end", "--all")

    assert two.get("/account").status_code == 303
    assert "name an account" in run("session", "end", code=2)


def test_commands_stand_in_the_log(app, run):
    run("user", "grant", "nobody", "leader", "--unit", "11")

    with app.app_context():
        event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (event.type, event.actor_id, event.actor_name) == (
        AuditType.GRANT_GIVEN,
        None,
        "system: user grant",
    )


def test_list_as_json_and_as_lines(run):
    found = {row["username"]: row for row in json.loads(run("user", "list", "--json"))}

    assert len(found) == 12
    assert [role["role"] for role in found["chair_a"]["roles"]] == ["chair"]
    assert found["nobody"]["roles"] == []
    assert "data_officer" in run("user", "list")


# --- the demo ----------------------------------------------------------------------------------
@pytest.fixture
def demo_register(context, monkeypatch):
    monkeypatch.setitem(context.extensions, "config", replace(context.extensions["config"], demo=True))
    by = system_viewer("demo")
    with bind_viewer(by):
        demo.demo_accounts(by=by)
    return context


def test_the_demo_has_its_109_accounts(demo_register):
    query = select(User).where(User.username.not_in(["x"]))
    accounts = [
        user for user in db.session.scalars(query) if not user.fs_uniquifier.startswith("uniquifier-of-")
    ]
    held = Counter(
        role.role.value for user in accounts for role in rules.held_roles(queries.grants_held(user, today()))
    )

    assert len(accounts) == 109
    assert held == {
        "chair": 45,
        "commune_staff": 45,
        "hr_officer": 6,
        "case_officer": 2,
        "head_of_inspection": 1,
        "inspector": 6,
        "leader": 2,
        "data_protection": 1,
        "administrator": 1,
    }


def test_one_account_of_each_role_is_printed_and_opens(demo_register):
    *shown, vice_chair = demo.demo_sign_ins()

    assert len(shown) == 9
    assert vice_chair[1:] == ("phochutich.muong-pon", demo.PASSWORD)
    for _role, username, password in shown:
        user = queries.user_named(username)
        assert user is not None, username
        assert verify_password(password, user.password)


def test_a_vice_chair_acts_while_the_chair_is_on_leave(demo_register):
    by = system_viewer("demo")
    with bind_viewer(by):
        assert demo.let_vice_chair_act(by=by, name="Quàng Thị Mơ", person_id=77)
        assert not demo.let_vice_chair_act(by=by, name="Quàng Thị Mơ", person_id=77)

    user = queries.user_named("phochutich.muong-pon")
    (held,) = rules.held_roles(queries.grants_held(user, today()))
    assert (user.display_name, user.person_id) == ("Quàng Thị Mơ", 77)
    assert (held.role, held.acting_for) == (Role.CHAIR, "Chủ tịch UBND xã Mường Pồn")
    for days, running in ((-4, 0), (-3, 1), (11, 1), (12, 0)):
        assert len(queries.grants_held(user, today() + timedelta(days=days))) == running


def test_no_vice_chair_acts_where_there_is_no_chair(context):
    by = system_viewer("demo")
    with bind_viewer(by):
        assert not demo.let_vice_chair_act(by=by, name="Quàng Thị Mơ", person_id=77)


def test_the_demo_password_would_pass_the_rules():
    rules.check_password(demo.PASSWORD, minimum=12, own_words=("chutich.na-sang", "Điện Biên"), field="x")

    assert len(demo.PASSWORD) == 20


def test_demo_accounts_are_made_once(demo_register):
    by = system_viewer("demo")
    with bind_viewer(by):
        assert demo.demo_accounts(by=by) == 0


def test_a_real_register_gets_no_demo_accounts(context):
    by = system_viewer("demo")
    with bind_viewer(by), pytest.raises(RuntimeError):
        demo.demo_accounts(by=by)

    assert queries.user_named("quantri") is None


def test_demo_accounts_may_belong_to_people(context, monkeypatch):
    monkeypatch.setitem(context.extensions, "config", replace(context.extensions["config"], demo=True))
    by = system_viewer("demo")
    with bind_viewer(by):
        demo.demo_accounts(by=by, holders={"chutich.na-sang": ("Giàng A Dế", 77)})

    user = queries.user_named("chutich.na-sang")
    assert (user.display_name, user.person_id) == ("Giàng A Dế", 77)
