"""The way of a request: headers on every answer, one body per refusal, fragments, methods, limits."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask, Response
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core import audit, web
from core.audit import AuditEvent, AuditType
from core.db import db
from core.errors import Busy, Conflict, Denied, ScopeError, Unprocessable
from core.ids import new_uid
from core.scope import bind_viewer, current_viewer, system_viewer
from core.web import CONTENT_SECURITY_POLICY, safe_next
from tests.cast import user_of
from tests.factories.people import person

HTMX = {"HX-Request": "true"}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


@pytest.fixture
def uid(app):
    """`uid("an")`: the uid of a person of the template."""

    def find(key):
        with app.app_context(), bind_viewer(system_viewer("test")):
            return person(key).uid

    return find


@pytest.fixture
def raising(app, monkeypatch):
    """The start page fails with this message; the application answers as in production."""

    def make(error):
        def fail():
            raise error

        fail.policy = "signed_in"
        monkeypatch.setitem(app.view_functions, "home.index", fail)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    return make


# --- headers ----------------------------------------------------------------------------------------
ANSWERS = {
    "page": ("home_affairs", "GET", "/", {}, 200),
    "list": ("home_affairs", "GET", "/people", {}, 200),
    "fragment": ("home_affairs", "GET", "/people", {"headers": HTMX}, 200),
    "redirect": (None, "GET", "/people", {}, 303),
    "sign-in page": (None, "GET", "/sign-in", {}, 200),
    "absent": ("home_affairs", "GET", f"/people/{'a' * 26}", {}, 404),
    "no route": ("home_affairs", "GET", "/nothing/here", {}, 404),
    "no route, nobody": (None, "GET", "/nothing/here", {}, 404),
    "not allowed": ("chair_a", "GET", "/people/new", {}, 403),
    "forged": ("home_affairs", "POST", "/sign-out", {}, 400),
    "other method": ("home_affairs", "DELETE", "/people", {}, 404),
    "too large": ("home_affairs", "POST", "/search", {"data": {"q": "x" * (1 << 20)}}, 413),
    "health": (None, "GET", "/healthz", {}, 200),
    "options": ("home_affairs", "OPTIONS", "/people", {}, 200),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_carries_the_headers(client, client_as, name):
    persona, method, url, kwargs, status = ANSWERS[name]
    browser = client_as(persona) if persona else client
    answer = browser.open(url, method=method, **kwargs)

    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == CSP == CONTENT_SECURITY_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "HX-Request" in answer.headers["Vary"]
    assert "Cookie" in answer.headers["Vary"]
    for absent in ("ETag", "Last-Modified", "Server", "X-Powered-By", "X-Statements"):
        assert absent not in answer.headers


def test_static_files_are_kept_for_ever(client):
    body = client.get("/sign-in").get_data(as_text=True)
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', body)

    assert addresses
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"]
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
        "/static/",
        "/.git/config",
        "/.env",
        "/app.py",
        "/static/css/../../../app.py",
    ],
)
def test_nothing_but_static_files_is_served_from_disk(client, path):
    assert client.get(path).status_code == 404


def test_secure_cookies_come_with_transport_security(settings):
    app = Flask("x", static_folder=None)
    app.extensions["config"] = replace(settings, secure_cookies=True)
    with app.test_request_context("/"):
        answer = web._headers(Response("x"))
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


# --- absent and hidden ------------------------------------------------------------------------------
def same(first, second):
    ignored = ("Date",)
    assert first.status_code == second.status_code
    assert first.get_data() == second.get_data()
    heads = [[(k, v) for k, v in one.headers.items() if k not in ignored] for one in (first, second)]
    assert heads[0] == heads[1]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_hidden_looks_exactly_like_absent(client_as, uid, method, headers):
    chair = client_as("chair_a")
    hidden = chair.open(f"/people/{uid('po')}", method=method, headers=headers)
    absent = chair.open(f"/people/{new_uid()}", method=method, headers=headers)

    assert hidden.status_code == (200 if method == "OPTIONS" else 404)
    same(hidden, absent)
    if method == "GET":
        same(hidden, chair.open("/no/such/page", headers=headers))


def test_an_error_page_holds_no_token_and_no_path(client_as, uid):
    body = client_as("chair_a").get(f"/people/{uid('po')}").get_data(as_text=True)

    assert "csrf" not in body
    assert "<form" not in body
    assert uid("po") not in body
    assert "Pó" not in body


def test_an_unknown_address_of_a_visitor_asks_nobody_to_sign_in(client):
    same(client.get("/nothing"), client.get("/nothing/else"))
    assert client.get("/nothing").status_code == 404


@pytest.mark.parametrize(
    "bad", ["x", "A" * 26, "a" * 25, "a" * 27, "a" * 25 + "b", "1", "../x", "%00", "ạ" * 26]
)
def test_what_is_no_uid_is_no_address(client_as, bad):
    officer = client_as("home_affairs")

    assert officer.get(f"/people/{bad}").status_code == 404


# --- not signed in, not allowed ---------------------------------------------------------------------
def test_a_visitor_is_sent_to_sign_in_and_back_again(client):
    answer = client.get("/people?q=lò&x=a%26b")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=/people%3Fq%3D")
    assert client.get("/").headers["Location"] == "/sign-in"


def test_htmx_is_told_to_sign_in_as_a_whole_page(client):
    answer = client.get("/people", headers=HTMX)

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")
    assert answer.get_data() == b""


def test_a_refusal_is_logged(app, client_as):
    client_as("chair_a").get("/people/new")
    with app.app_context():
        row = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert (row.type, row.subject_kind, row.actor_name) == (
            AuditType.REFUSED,
            "people.new",
            "Lường Văn Thắng",
        )
        assert len(row.request_id) == 16
        assert row.address == "127.0.0.1"


# --- fragments and redirects ------------------------------------------------------------------------
def is_whole(answer):
    return answer.get_data(as_text=True).lstrip().lower().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("headers", "whole"),
    [
        ({}, True),
        (HTMX, False),
        ({**HTMX, "HX-Boosted": "true"}, True),
        ({**HTMX, "HX-History-Restore-Request": "true"}, True),
        ({"HX-Request": "1"}, True),
    ],
    ids=["plain", "htmx", "boosted", "history", "not htmx"],
)
def test_htmx_gets_the_fragment_and_everybody_else_the_page(client_as, headers, whole):
    answer = client_as("home_affairs").get("/people", headers=headers)

    assert answer.status_code == 200
    assert is_whole(answer) is whole


def test_errors_for_htmx_are_fragments(client_as):
    answer = client_as("home_affairs").get(f"/people/{new_uid()}", headers=HTMX)

    assert answer.status_code == 404
    assert not is_whole(answer)
    assert answer.get_data(as_text=True).lstrip().startswith("<div data-error")


def test_success_redirects_a_plain_form_and_moves_the_page_for_htmx(app, client_as):
    with app.app_context():
        address = f"/accounts/{user_of('nobody').uid}"
    admin = client_as("admin")
    plain = admin.send(f"{address}/edit", {"display_name": "Một"})
    htmx = admin.send(f"{address}/edit", {"display_name": "Hai"}, headers=HTMX)

    assert (plain.status_code, plain.headers["Location"]) == (303, address)
    assert (htmx.status_code, htmx.headers["HX-Redirect"], htmx.get_data()) == (200, address, b"")


@pytest.mark.parametrize(
    ("target", "taken"),
    [
        ("/people", True),
        ("/people?q=lò&x=1#part", True),
        ("/", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("/a\\b", False),
        ("\\/evil.example", False),
        ("https://evil.example", False),
        ("https:/evil.example", False),
        ("javascript:alert(1)", False),
        ("people", False),
        ("/\t/evil.example", False),
        ("/\n/evil.example", False),
        ("/\x00", False),
        (" /people", False),
        ("/" + "x" * 2000, False),
        ("", False),
        (None, False),
    ],
)
def test_only_paths_of_this_site_are_returned_to(target, taken):
    assert safe_next(target) == (target if taken else None)


# --- methods, hosts, limits -------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "X"])
def test_other_methods_are_absent(client_as, method):
    answer = client_as("home_affairs").open("/people", method=method)

    assert answer.status_code == 404
    assert "Allow" not in answer.headers


def test_head_is_get_without_a_body(client_as):
    officer = client_as("home_affairs")
    got, headed = officer.get("/people"), officer.head("/people")

    assert headed.status_code == got.status_code == 200
    assert headed.get_data() == b""
    assert headed.headers["Content-Type"] == got.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:80", ""]
)
@pytest.mark.parametrize("path", ["/sign-in", "/people", "/nothing", "/healthz"])
def test_an_unknown_host_is_answered_400(client, host, path):
    answer = client.get(path, base_url="http://localhost", headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)
    assert "evil" not in str(answer.headers)
    assert answer.headers["Content-Security-Policy"] == CSP


def test_a_forwarded_host_is_not_believed(client):
    answer = client.get("/people", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})

    assert "evil" not in answer.headers["Location"]


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"file": (BytesIO(b"x" * (21 << 20)), "a.pdf")}, "content_type": "multipart/form-data"},
        {"data": b"q=" + b"x" * (600 << 10), "content_type": "application/x-www-form-urlencoded"},
        {"data": {"q": "x" * (513 << 10)}, "content_type": "multipart/form-data"},
        {"data": {f"f{n}": "x" for n in range(600)}, "content_type": "multipart/form-data"},
    ],
    ids=["body", "typed", "part", "parts"],
)
def test_bodies_have_limits(client_as, body):
    assert client_as("home_affairs").post("/search", **body).status_code == 413


def test_a_form_without_its_token_is_refused(client_as):
    answer = client_as("home_affairs").post("/search", data={"q": "an"})

    assert answer.status_code == 400
    assert "<form" not in answer.get_data(as_text=True)


# --- defects ----------------------------------------------------------------------------------------
def test_a_defect_shows_nothing_of_itself(client_as, raising):
    raising(RuntimeError("ZQ-SECRET /srv/app.py SELECT password"))
    answer = client_as("home_affairs").get("/")
    body = answer.get_data(as_text=True)

    assert answer.status_code == 500
    for word in (
        "ZQ-SECRET",
        "RuntimeError",
        "Traceback",
        "SELECT",
        ".py",
        "werkzeug",
        "flask",
        "sqlalchemy",
    ):
        assert word.lower() not in body.lower()
    assert answer.headers["Content-Security-Policy"] == CSP


def test_a_defect_of_the_scope_shows_nothing_either(client_as, raising):
    raising(ScopeError("a statement went around the session ZQ-SECRET"))
    answer = client_as("home_affairs").get("/")

    assert answer.status_code == 500
    assert "ZQ-SECRET" not in answer.get_data(as_text=True)


def test_a_database_that_is_away_is_503(client_as, raising):
    raising(OperationalError("SELECT x", {"p": "ZQ-SECRET"}, Exception("database disk image is malformed")))
    answer = client_as("home_affairs").get("/")

    assert answer.status_code == 503
    assert "ZQ-SECRET" not in answer.get_data(as_text=True)
    assert "malformed" not in answer.get_data(as_text=True)


def test_a_full_pool_is_503(client_as, raising):
    raising(PoolTimeout("QueuePool limit of size 8 overflow 8 reached"))

    assert client_as("home_affairs").get("/").status_code == 503


def test_refusals_of_rules_are_said_in_words(client_as, raising):
    for error, status, words in (
        (Denied("Lý do từ chối"), 403, "Lý do từ chối"),
        (Unprocessable("Không thể làm"), 422, "Không thể làm"),
        (Conflict(None, by="Lò Thị Hạnh"), 409, ""),
    ):
        raising(error)
        answer = client_as("home_affairs").get("/")
        assert answer.status_code == status
        assert words in answer.get_data(as_text=True)


def test_a_refusal_while_the_register_is_busy_is_503(client_as, monkeypatch):
    def busy(*_args, **_kwargs):
        raise Busy("bận")

    chair = client_as("chair_a")
    monkeypatch.setattr(audit, "record_outside", busy)

    assert chair.get("/people/new").status_code == 503


def test_no_viewer_is_left_bound_after_any_answer(app, client, client_as, raising):
    officer = client_as("home_affairs")
    for ask in (lambda: officer.get("/"), lambda: client.get("/people"), lambda: officer.get("/none")):
        ask()
        assert current_viewer() is None
    raising(RuntimeError("x"))
    officer.get("/")
    assert current_viewer() is None


def test_every_page_says_who_works_in_which_role(client_as):
    body = client_as("chair_a").get("/").get_data(as_text=True)

    assert "Lường Văn Thắng" in body
    assert "Búng Lao" in body
