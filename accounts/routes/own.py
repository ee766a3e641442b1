"""Signing in and out, and what everybody does with the own account."""

from datetime import timedelta

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _

from accounts import actions, queries, rules, sign_in
from accounts.forms import ConfirmForm, PasswordForm, SignInForm
from core.clock import now
from core.errors import Unprocessable
from core.permissions import public, signed_in
from core.web import done, page, safe_next, viewer
from core.words import LANGUAGE_COOKIE, LANGUAGES

bp = Blueprint("account", __name__)


@bp.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public
def sign_in_page():
    """The sign-in page; a signed-in account goes straight on."""
    target = safe_next(request.args.get("next")) or "/"
    if request.method == "GET" and sign_in.current():
        return done(target)
    form, status = SignInForm(), None
    if form.validate_on_submit():
        try:
            found = sign_in.authenticate(form.username.data, form.password.data)
        except rules.TooManyAttempts:
            form.form_message, status = _("Too many attempts. Wait 15 minutes, then try again"), 429
        else:
            if found and not _initial_password_over(found[0], form):
                sign_in.start(*found)
                return done(target)
            form.form_message = form.form_message or _("The user name or the password is wrong")
    over = request.method == "GET" and sign_in.is_over()
    return page("accounts/sign_in.html", form=form, status=status, over=over, next=request.args.get("next"))


def _initial_password_over(user, form):
    """Refuses a handed-out password after its day (ASVS 6.4.1)."""
    if not user.must_change_password or not rules.is_initial_password_over(user.password_set_at, now()):
        return False
    form.form_message = _("The initial password has run out. Ask the administrator for a new one")
    return True


@bp.post("/sign-out")
@signed_in
def sign_out():
    """Ends this session, here and on the server."""
    sign_in.finish(viewer())
    answer = done(url_for(".sign_in"), _("You are signed out"))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.get("/account")
@signed_in
def show():
    """The own account: grants held, sessions, password."""
    user = sign_in.own_account()
    since = now() - timedelta(hours=current_app.extensions["config"].session_hours)
    return page(
        "accounts/account.html",
        user=user,
        grants=queries.grants_of(user),
        sessions=queries.open_sessions(user.id, since),
        own_session_id=viewer().session_id,
        left_out=rules.left_out_words,
    )


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def change_password():
    """A new password of one's own; every other session ends."""
    user, form = sign_in.own_account(), PasswordForm()
    forced = user.must_change_password
    if form.validate_on_submit() and _may_change(user, form):
        sign_in.change_password(user, form.new_password.data)
        return done(
            "/" if forced else url_for(".show"), _("The password is changed; other sessions are ended")
        )
    status = 429 if _is_blocked(form) else None
    minimum = current_app.extensions["config"].password_min_length
    return page("accounts/password.html", form=form, forced=forced, minimum=minimum, status=status)


def _may_change(user, form):
    """The old password is right and the new one good; refusals stand at their fields."""
    try:
        if form.password.data == form.new_password.data:
            raise Unprocessable(_("The new password is the old one: choose another"), field="new_password")
        sign_in.check_new_password(form.new_password.data, user)
    except Unprocessable as refusal:
        form.refuse(refusal)
        return False
    return _confirmed(user, form)


def _confirmed(user, form):
    """Asks the limits and the password; refusals stand at the field."""
    try:
        right = sign_in.confirm(user, form.password.data, viewer())
    except rules.TooManyAttempts:
        form.form_message = _("Too many attempts. Wait 15 minutes, then try again")
        form.blocked = True
        return False
    if not right:
        form.refuse(Unprocessable(_("The password is wrong"), field="password"))
    return right


def _is_blocked(form):
    return getattr(form, "blocked", False)


@bp.route("/account/confirm", methods=["GET", "POST"])
@signed_in
def confirm():
    """The own password once more, before something that matters."""
    form = ConfirmForm()
    if form.validate_on_submit() and _confirmed(sign_in.own_account(), form):
        return done(safe_next(request.args.get("next")) or url_for(".show"))
    status = 429 if _is_blocked(form) else None
    return page("accounts/confirm.html", form=form, next=request.args.get("next"), status=status)


@bp.post("/account/role")
@signed_in
def switch_role():
    """Works in another role the account holds."""
    chosen = actions.switch_role(key=request.form.get("role", ""), by=viewer())
    return done("/", _("You now work as: %(role)s", role=chosen.role.label))


@bp.post("/account/sessions/<uid:session>/end")
@signed_in
def end_session(session):
    """Ends one of the own sessions."""
    found = queries.find_session(session)
    actions.end_own_session(session=found, by=viewer())
    return done(url_for(".show"), _("The session is ended"))


@bp.post("/language")
@public
def set_language():
    """Vietnamese or English, kept in a cookie of its own."""
    answer = done(safe_next(request.form.get("next")) or "/")
    asked = request.form.get("lang")
    if asked in LANGUAGES:
        secure = current_app.extensions["config"].secure_cookies
        answer.set_cookie(
            LANGUAGE_COOKIE, asked, max_age=31536000, secure=secure, httponly=True, samesite="Lax"
        )
    return answer
