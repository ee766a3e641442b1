"""Sign-in: Flask-Security's hashing and freshness on Flask-Login, with sessions that live on the server.

The signed cookie holds a random token and the time it was last used; the row behind the token's
digest, the account and its running grants are read in one statement a request. Nothing else of
the libraries asks the database.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_login.utils import _user_context_processor
from flask_security import Security, hash_password
from flask_security.changeable import change_user_password
from flask_security.utils import (
    check_and_update_authn_fresh,
    login_user,
    logout_user,
    set_request_attr,
    verify_password,
)

from accounts import actions, queries, rules
from accounts.datastore import GatedDatastore
from accounts.models import User
from core.audit import AuditType, record_outside
from core.clock import now, today
from core.db import db
from core.permissions import policy_of
from core.scope import Viewer, system_viewer
from core.web import is_htmx

#: Keys of the cookie.
TOKEN, SEEN = "token", "seen"
#: The cookie's time moves at most so often: a page and its parts send no cookie back each.
SEEN_STEP = 60
#: Before what matters most the password is asked again when it was given longer ago.
FRESH_SPAN, FRESH_GRACE = timedelta(minutes=30), timedelta(minutes=10)
#: Open while an initial password waits to be changed.
BEFORE_CHANGE = frozenset({"account.change_password", "account.sign_out"})
_NO_VIEWER = object()
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Current:
    """The sign-in of this request."""

    viewer: Viewer
    held: tuple[rules.HeldRole, ...]
    chosen: rules.HeldRole | None
    session_key: str
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class Named:
    """An account as the log names it, without reading it again."""

    uid: str
    label: str
    __tablename__ = "user"

    def __str__(self) -> str:
        return self.label


def init_app(app: Flask) -> None:
    """Sets up Flask-Security without any of its own pages; after `core.web.init_app`, whose guard
    stands first."""
    config = app.extensions["config"]
    app.config.update(
        SECURITY_USER_IDENTITY_ATTRIBUTES=[
            {"username": {"mapper": rules.tidy_username, "case_insensitive": False}}
        ],
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of the method
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=_argon2(config.environment),
        SECURITY_PASSWORD_LENGTH_MIN=config.password_min_length,
        SECURITY_TRACKABLE=False,
        SECURITY_REGISTERABLE=False,
        SECURITY_RECOVERABLE=False,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
        SECURITY_JOIN_USER_ROLES=False,
    )
    security = Security()
    security.init_app(app, GatedDatastore(), register_blueprint=False)
    manager = app.login_manager  # type: ignore[attr-defined]
    # The token and its row protect the session; Flask-Login's own mark is left out of the cookie.
    manager.session_protection = None
    manager.user_loader(
        lambda key: own_account() if (found := current()) and found.session_key == key else None
    )
    manager.request_loader(lambda _request: None)
    _leave_out(app, security)

    @app.context_processor
    def _header() -> dict[str, Any]:
        # Never asks the database: this runs for error pages too.
        found: Current | None = g.get("sign_in")
        return {"roles_held": found.held if found else (), "role_chosen": found.chosen if found else None}


def _leave_out(app: Flask, security: Any) -> None:
    """Takes off what asks for the account at every request and is used by nobody here: Principal's
    identities (rights come from grants) and `current_user` of the templates (they have `viewer`)."""
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.template_context_processors[None].remove(_user_context_processor)


def _argon2(environment: str) -> dict[str, Any]:
    """RFC 9106, second recommended option; in tests the smallest there is."""
    if environment == "test":
        return {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
    return {"argon2__time_cost": 3, "argon2__memory_cost": 65536, "argon2__parallelism": 4}


# --- each request -----------------------------------------------------------------------------
def load_viewer() -> Viewer | None:
    """Who looks, from the cookie and one statement. An initial password has to be changed first:
    any other page sends there."""
    found = current()
    if found is None:
        return None
    stays = request.endpoint in BEFORE_CHANGE or policy_of(current_app, request.endpoint) == "public"
    if found.must_change_password and not stays:
        abort(_send_to(url_for("account.change_password")))
    return found.viewer


def own_account() -> User:
    """The account of this request; only where the endpoint's policy made sure there is one."""
    found = current()
    user = db.session.get(User, found.viewer.user_id) if found else None
    if user is None:
        abort(401)
    return user


def lapsed_user_id() -> int | None:
    """Whose session ran out by time: the signed cookie still names a row that nobody ended. It gives
    no rights; a form sent with it is kept as that account's draft."""
    token = session.get(TOKEN)
    return queries.lapsed_user_id(_digest(token)) if isinstance(token, str) else None


def current() -> Current | None:
    """The sign-in of this request, read once."""
    found = g.get("sign_in", _NO_VIEWER)
    if found is _NO_VIEWER:
        found = g.sign_in = _read()
    return found


def is_over() -> bool:
    """Whether the browser brought a session that has ended: its owner is told so."""
    return TOKEN in session and current() is None


def _read() -> Current | None:
    token, seen = session.get(TOKEN), session.get(SEEN)
    if not isinstance(token, str) or not isinstance(seen, int):
        return None
    config, moment = current_app.extensions["config"], int(time.time())
    if moment - seen > config.idle_minutes * 60:
        return None
    day = today()
    row = queries.signed_in(_digest(token), day)
    if row is None or row.created_at < now() - timedelta(hours=config.session_hours):
        return None
    if moment - seen > SEEN_STEP:
        session[SEEN] = moment
    g.last_change = row.last_change
    held = () if row.must_change_password else tuple(rules.held_roles(row.grants))
    chosen = rules.chosen_role(held, row.role, row.block, row.acting_for_id)
    viewer = rules.viewer_of(row.who, chosen, today=day, session_id=row.session_id)
    return Current(viewer, held, chosen, row.session_key, row.must_change_password)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _send_to(url: str) -> Response:
    if is_htmx():
        return Response("", 200, {"HX-Redirect": url})
    return redirect(url, 303)  # type: ignore[return-value]


# --- passwords --------------------------------------------------------------------------------
def normal(password: str) -> str:
    """One spelling of a password, however its accents were typed."""
    return current_app.extensions["security"].password_util.normalize(password)


def hashed(password: str) -> str:
    """The argon2id hash; slow on purpose, never called inside a write transaction."""
    return hash_password(normal(password))


def initial_password() -> str:
    """A random one to hand out: 100 bits in five groups without look-alikes."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(5))


def check_new_password(password: str, user: User, *, field: str = "new_password") -> None:
    """Refuses a short or guessable password; the words of the account and the province count."""
    config = current_app.extensions["config"]
    own = (user.username, user.display_name, config.province_name)
    rules.check_password(password, minimum=config.password_min_length, own_words=own, field=field)


def change_password(user: Any, password: str) -> None:
    """Gives the account a new password by Flask-Security; the datastore logs it and ends the
    account's other sessions. This one gets the new session key."""
    viewer_session = dict(session)
    change_user_password(user, normal(password), notify=False, autologin=False)
    current_app.extensions["security"].datastore.commit()
    if viewer_session.get(TOKEN):
        session["_user_id"] = user.get_id()


# --- signing in and out -----------------------------------------------------------------------
def authenticate(username: str, password: str) -> tuple[User, int] | None:
    """The account and the number of the attempt, or None. TooManyAttempts before anything is
    hashed. Unknown, disabled and known accounts cost the same and answer alike."""
    name, address = rules.tidy_username(username), request.remote_addr or ""
    user = queries.user_named(name)
    account = user.username if user else "?" + hashlib.sha256(name.encode()).hexdigest()[:40]
    limit = rules.refusal(queries.failures(account, address))
    if limit is not None:
        current_app.logger.warning("sign-in refused, limit %s, from %s", limit.value, address)
        raise rules.TooManyAttempts(limit)
    # Copied before the attempt is counted, which ends the read transaction and would ask again.
    subject: Named | str = Named(user.uid, str(user)) if user else "user"
    stored = user.password if user else None
    usable = user is not None and user.active
    attempt = actions.count_attempt(account=account, username=name, address=address)
    decoy = _decoy()
    matches = len(password) <= rules.PASSWORD_MAX_LENGTH * 4 and _verified(password, stored or decoy)
    if user is None or not usable or not matches:
        record_outside(AuditType.SIGN_IN_FAILED, subject, system_viewer("sign-in"))
        return None
    _renew_hash(user, password)
    return user, attempt


def start(user: Any, attempt: int) -> None:
    """Begins a session: everything the browser brought is dropped, the token is new (fixation)."""
    old = current()
    if old is not None:
        actions.sign_out(by=old.viewer)
    token = secrets.token_urlsafe(32)
    by = rules.viewer_of(queries.who(user), None, today=today())
    actions.open_session(
        user=user,
        attempt_id=attempt,
        digest=_digest(token),
        address=request.remote_addr or "",
        agent=request.user_agent.string,
        by=by,
    )
    session.clear()
    g.pop("csrf_token", None)
    session[TOKEN], session[SEEN] = token, int(time.time())
    g.pop("sign_in", None)
    login_user(user, remember=False, authn_via=["password"])
    session.pop("_id", None)


def finish(viewer: Viewer) -> None:
    """Signs out: the row ends, so that a kept copy of the cookie is worth nothing."""
    actions.sign_out(by=viewer)
    logout_user()
    session.clear()
    g.sign_in = None


def is_fresh() -> bool:
    """Whether the password was given lately enough for what matters most."""
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return check_and_update_authn_fresh(FRESH_SPAN, FRESH_GRACE)


def fresh(view: View) -> View:
    """Asks for the password again before the view when it was given more than half an hour ago."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if is_fresh():
            return view(*args, **kwargs)
        back = request.full_path if request.method == "GET" else url_for("account.show")
        return _send_to(url_for("account.confirm", next=back.rstrip("?")))

    return checked  # type: ignore[return-value]


def confirm(user: User, password: str, viewer: Viewer) -> bool:
    """The own password once more, under the same limits as signing in."""
    found = authenticate(user.username, password)
    if found is None or found[0].id != viewer.user_id:
        return False
    actions.confirm_password(attempt_id=found[1], by=viewer)
    session["fs_paa"] = time.time()
    return True


def _verified(password: str, stored: str) -> bool:
    try:
        return verify_password(normal(password), stored)
    except ValueError:
        # Not a hash of ours: nobody signs in with it.
        return False


def _decoy() -> str:
    """What unknown names are checked against; made with the first attempt, whoever it is by."""
    kept = current_app.extensions.get("sign_in_decoy")
    if kept is None:
        kept = current_app.extensions["sign_in_decoy"] = hash_password(secrets.token_urlsafe(16))
    return kept


def _renew_hash(user: User, password: str) -> None:
    """Hashes again when the parameters of the method were raised since."""
    security = current_app.extensions["security"]
    if security.pwd_context.needs_update(user.password):
        user.password = hash_password(normal(password))
        security.datastore.commit()
