"""The way of a request: guard, viewer, answers, headers, errors.

Every view ends in `page` or `done`; both answer a plain browser and htmx alike. Errors become
one answer each: 404 for absent and hidden (same bytes), 403, 409, 503, always in plain words.
"""

import secrets
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from wtforms import ValidationError

from core import audit
from core.catalogue import spoken
from core.db import db
from core.drafts import keep_draft
from core.errors import Busy, Conflict, Denied, FileLost, Missing, Overtaken, Unprocessable
from core.ids import UidConverter
from core.permissions import Permission, Role, policy_of
from core.scope import Viewer, _viewer, current_viewer
from core.subjects import NavEntry, registered

csrf = CSRFProtect()

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
VARY = "HX-Request, HX-Boosted, HX-History-Restore-Request, Cookie"

#: Largest body that is no upload, in bytes.
TYPED_LIMIT = 512 << 10

#: Navigations kept: by role, rights, language and page.
_NAVIGATIONS_KEPT = 1000

statements: ContextVar[int] = ContextVar("statements", default=0)


def init_app(
    app: Flask, load_viewer: Callable[[], Viewer | None], lapsed_user: Callable[[], int | None]
) -> None:
    """Installs the guard, the headers and the error answers. `load_viewer` tells who is signed in,
    `lapsed_user` whose session ran out by time."""
    app.url_map.converters["uid"] = UidConverter
    app.extensions["load_viewer"] = load_viewer
    app.extensions["lapsed_user"] = lapsed_user
    # The guard stands before CSRF: who is no longer signed in is told so, not "token missing".
    app.before_request(_begin)
    csrf.init_app(app)
    app.after_request(_headers)
    app.teardown_request(_end)
    _handle_errors(app)
    if app.extensions["config"].count_statements:
        event.listen(Engine, "before_cursor_execute", _count)


def page(
    full: str,
    *,
    fragment: str | None = None,
    oob: Iterable[str] = (),
    status: int | None = None,
    **context: Any,
) -> Response:
    """The page, or for htmx its fragment with the out-of-band parts. 422 by itself when the form
    was sent and has errors, 409 when somebody changed the row meanwhile."""
    form = context.get("form")
    if status is None:
        status = _status_of(form)
    if fragment is not None and wants_fragment():
        body = render_template(fragment, is_fragment=True, **context)
        body += "".join(render_template(part, is_fragment=True, **context) for part in oob)
    else:
        body = render_template(full, is_fragment=False, **context)
    return make_response(body, status)


def done(url: str, message: Any = None) -> Response:
    """After a success: the next page, with one line that says what happened."""
    if message:
        flash(str(message), "ok")
    if is_htmx():
        # A plain redirect would be followed by htmx and pasted into the form's place.
        return Response("", 200, {"HX-Redirect": url})
    return redirect(url, 303)  # type: ignore[return-value]


def is_htmx() -> bool:
    """Whether the request comes from an htmx element."""
    return request.headers.get("HX-Request") == "true"


def wants_fragment() -> bool:
    """Whether the answer goes into a part of a page already there."""
    restoring = request.headers.get("HX-History-Restore-Request") == "true"
    return is_htmx() and request.headers.get("HX-Boosted") != "true" and not restoring


def viewer() -> Viewer:
    """The viewer of this request; only where the endpoint's policy made sure there is one."""
    found = current_viewer()
    if found is None:
        abort(401)
    return found


class NavItem(NamedTuple):
    """One entry of the navigation as the page shows it."""

    label: str
    url: str
    current: bool


def nav_for(who: Viewer | None) -> tuple[NavItem, ...]:
    """Navigation of the role held now, in the order of the interface."""
    if who is None or who.role is None:
        return ()
    known: dict[Any, tuple[NavItem, ...]] = current_app.extensions.setdefault("navigation", {})
    key = (who.role, who.permissions, spoken(), request.script_root, request.endpoint)
    if key not in known:
        if len(known) >= _NAVIGATIONS_KEPT:
            known.clear()
        known[key] = _navigation(who)
    return known[key]


def links_of_page() -> list[tuple[Any, str]]:
    """(label, address) of the ways that later subjects lead from the page shown, for who may go them."""
    who = current_viewer()
    return [
        (link.label, url_for(link.endpoint, **(request.view_args or {})))
        for subject in registered()
        for link in subject.links
        if link.page == request.endpoint and who is not None and who.can(link.permission)
    ]


def _navigation(who: Viewer) -> tuple[NavItem, ...]:
    found: list[NavEntry] = [
        entry
        for subject in registered()
        for entry in subject.nav
        if who.role in entry.roles and (entry.permission is None or who.can(entry.permission))
    ]
    return tuple(
        NavItem(str(entry.label), url_for(entry.endpoint), _is_current(entry))
        for entry in sorted(found, key=lambda entry: entry.order)
    )


def own_address() -> str:
    """Where a form of the page's frame comes back to: this address, never a posted one."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def safe_next(target: str | None) -> str | None:
    """`target` when it is a path on this site, else None (no open redirect)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or len(target) > 2000:
        return None
    return None if any(ord(char) < 32 or char == "\\" for char in target) else target


def sign_in_url() -> str:
    """Where to sign in, coming back to this page afterwards (a form's GET, not its POST)."""
    back = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return url_for("account.sign_in") + (f"?next={quote(back)}" if back != "/" else "")


def _status_of(form: Any) -> int:
    if form is None or request.method != "POST":
        return 200
    if getattr(form, "conflict", None):
        return 409
    return 422 if getattr(form, "failed", bool(form.errors)) else 200


def _is_current(entry: NavEntry) -> bool:
    endpoint = request.endpoint or ""
    return endpoint == entry.endpoint or endpoint in entry.section or _blueprint(endpoint) in entry.section


def _blueprint(endpoint: str) -> str:
    return endpoint.rsplit(".", 1)[0] + "." if "." in endpoint else ""


def _begin() -> Response | None:
    g.request_id = secrets.token_hex(8)
    g.started = time.perf_counter()
    statements.set(0)
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception  # a host that is not ours
    if request.mimetype != "multipart/form-data":
        # Werkzeug's limit of a field holds for multipart only; nothing typed is longer than this.
        request.max_content_length = TYPED_LIMIT
    if request.is_json:
        abort(400)  # no page sends it, and Flask-WTF would fill forms from it, lists and objects too
    policy = policy_of(current_app, request.endpoint)
    if request.endpoint is None or policy is None:
        abort(404)
    if policy == "public" and not _has_session():
        g.bound = _viewer.set(None)
        return None
    who: Viewer | None = current_app.extensions["load_viewer"]()
    g.bound = _viewer.set(who)
    if policy in ("public", "signed_in") and (who is not None or policy == "public"):
        return None
    if who is None:
        return _not_signed_in()
    if policy != "signed_in" and not who.can(Permission(policy)):
        raise Denied
    return None


def _has_session() -> bool:
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def _not_signed_in() -> Response:
    _keep_what_was_typed()
    if is_htmx():
        return Response("", 401, {"HX-Redirect": sign_in_url()})
    return redirect(sign_in_url(), 303)  # type: ignore[return-value]


def _keep_what_was_typed() -> None:
    """A form sent after the session ran out becomes its author's draft: nothing typed is lost. Only
    with the form's own token, so that no other site leaves drafts here."""
    if request.method != "POST" or not request.form:
        return
    user_id: int | None = current_app.extensions["lapsed_user"]()
    if user_id is None:
        return
    try:
        validate_csrf(request.form.get("csrf_token"))
        keep_draft(user_id, request.path, request.form)
    except (ValidationError, Unprocessable, Busy):
        current_app.logger.info("a form sent after its session could not be kept as a draft")


def _end(_error: BaseException | None) -> None:
    bound = g.pop("bound", None)
    if bound is not None:
        _viewer.reset(bound)


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cache-Control", "no-store")
    headers["Vary"] = VARY
    config = current_app.extensions["config"]
    if config.secure_cookies:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if config.count_statements:
        headers["X-Statements"] = str(statements.get())
    return response


def _count(*_args: Any) -> None:
    statements.set(statements.get() + 1)


def _handle_errors(app: Flask) -> None:
    app.register_error_handler(Missing, lambda _error: _answer(404))
    app.register_error_handler(FileLost, _file_lost)
    app.register_error_handler(404, lambda _error: _answer(404))
    app.register_error_handler(405, lambda _error: _answer(404))
    app.register_error_handler(Denied, _denied)
    app.register_error_handler(CSRFError, lambda _error: _answer(400, session_over=True))
    app.register_error_handler(Conflict, lambda error: _answer(409, by=error.by, at=error.at))
    app.register_error_handler(Overtaken, lambda error: _answer(409, message=error.message))
    app.register_error_handler(Unprocessable, lambda error: _answer(422, message=error.message))
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(OperationalError, _database_trouble)
    app.register_error_handler(PoolTimeout, _database_trouble)
    app.register_error_handler(RequestEntityTooLarge, lambda _error: _answer(413))
    app.register_error_handler(429, lambda _error: _answer(429))
    app.register_error_handler(HTTPException, lambda error: _answer(error.code or 500))
    app.register_error_handler(500, lambda _error: _answer(500))


def _file_lost(_error: FileLost) -> Response:
    return _answer(404, message=_("The file is not in the store: tell the administrator"))


def _denied(error: Denied) -> Response:
    who = current_viewer()
    if who is not None:
        db.session.rollback()
        try:
            audit.record_outside(audit.AuditType.REFUSED, request.endpoint or "", who)
        except (Busy, SQLAlchemyError):
            return _answer(503)
    return _answer(403, message=error.reason)


def _busy(error: Busy) -> Response:
    """Waited too long: what was typed is kept as a draft, as far as there is a form and its author."""
    who = current_viewer()
    db.session.rollback()
    if who is not None and who.user_id is not None and request.form.get("submission"):
        try:
            keep_draft(who.user_id, request.path, request.form)
        except (Busy, Unprocessable, SQLAlchemyError):
            return _answer(
                503, message=_("Wait a moment, then send the form again: it could not be kept as a draft")
            )
    return _answer(503, message=str(error) or None)


def _database_trouble(error: OperationalError | PoolTimeout) -> Response:
    current_app.logger.error("database: %s", getattr(error, "orig", error))
    return _answer(503)


def _answer(status: int, **context: Any) -> Response:
    """One body per status: nothing in it tells one absent thing from another."""
    known = (
        status if status in (400, 403, 404, 409, 413, 422, 429, 500, 503) else (404 if status < 500 else 500)
    )
    details = {"message": None, "by": None, "at": None, "session_over": False, **context}
    template = "_errors/_error.html" if wants_fragment() else f"_errors/{known}.html"
    body = render_template(template, status=known, is_fragment=wants_fragment(), **details)
    return make_response(body, known)


def role_label(role: Role | None) -> str:
    """The role in words, for the header."""
    return str(role.label) if role else _("no role")
