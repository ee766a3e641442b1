"""Accounts, for the administrator: list, new, correct, disable, reset, end sessions."""

from datetime import timedelta

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _

from accounts import actions, queries, rules
from accounts.forms import AccountFilter, AccountForm, ConfirmationForm, DisableForm, NewAccountForm
from accounts.sign_in import fresh, hashed, initial_password
from core.clock import now
from core.paging import paginate
from core.permissions import Permission, requires
from core.web import done, page, viewer

bp = Blueprint("accounts", __name__, url_prefix="/accounts")


@bp.get("")
@requires(Permission.ACCOUNT_MANAGE)
def index():
    """All accounts, filtered by name, state, role."""
    filters = AccountFilter(formdata=request.args)
    filters.validate()
    found = paginate(queries.list_accounts(day=viewer().today, **filters.chosen), queries.ACCOUNTS_ORDER)
    return page("accounts/index.html", fragment="accounts/_index.html", filters=filters, found=found)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def new():
    """A new account; its initial password is shown once."""
    form = NewAccountForm()
    if form.validate_on_submit():
        password = initial_password()
        secret = hashed(password)
        user = form.attempt(actions.create_account, by=viewer(), password_hash=secret, **form.values())
        if user is not None:
            return _show_once(user, password, secret)
    return page("accounts/new.html", form=form)


@bp.get("/<uid:user>")
@requires(Permission.ACCOUNT_MANAGE)
def show(user):
    """One account: state, grants, sessions, what can be done."""
    found = queries.find_user(user)
    since = now() - timedelta(hours=current_app.extensions["config"].session_hours)
    return page(
        "accounts/show.html",
        user=found,
        last_sign_in=queries.last_sign_in(found),
        grants=queries.grants_of(found),
        sessions=queries.open_sessions(found.id, since),
        is_own=found.id == viewer().user_id,
        left_out=rules.left_out_words,
    )


@bp.route("/<uid:user>/edit", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def edit(user):
    """Corrects the name."""
    found = queries.find_user(user)
    form = AccountForm(obj=found)
    if form.validate_on_submit():
        changed = form.attempt(
            actions.edit_account, user=found, version=form.opened_version, by=viewer(), **form.values()
        )
        if changed is not None:
            return done(url_for(".show", user=user), _("The account is changed"))
    return page("accounts/edit.html", form=form, user=found)


@bp.route("/<uid:user>/disable", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def disable(user):
    """Closes the account at once."""
    found, form = queries.find_user(user), DisableForm()
    rules.check_not_oneself(viewer().user_id, found.id)
    sent = form.validate_on_submit()
    if sent and form.attempt(actions.disable_account, user=found, by=viewer(), **form.values()) is not None:
        return done(url_for(".show", user=user), _("The account is disabled and its sessions are ended"))
    return page("accounts/disable.html", form=form, user=found)


@bp.post("/<uid:user>/enable")
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def enable(user):
    """Opens a disabled account again."""
    actions.enable_account(user=queries.find_user(user), by=viewer())
    return done(url_for(".show", user=user), _("The account is active again"))


@bp.route("/<uid:user>/reset-password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def reset_password(user):
    """A new initial password, shown once."""
    found, form = queries.find_user(user), ConfirmationForm()
    rules.check_not_oneself(viewer().user_id, found.id)
    if form.validate_on_submit():
        password = initial_password()
        secret = hashed(password)
        changed = form.attempt(actions.reset_password, user=found, password_hash=secret, by=viewer())
        if changed is not None:
            return _show_once(changed, password, secret)
    return page("accounts/reset.html", form=form, user=found)


@bp.post("/<uid:user>/end-sessions")
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def end_sessions(user):
    """Ends every session of the account."""
    count = actions.end_sessions(user=queries.find_user(user), by=viewer())
    return done(url_for(".show", user=user), _("Sessions ended: %(count)s", count=count))


def _show_once(user, password, secret):
    """The initial password, in this answer only; a form sent twice cannot show it again."""
    if user.password != secret:
        message = _("The initial password was shown once. Reset it if it was not noted down")
        return done(url_for(".show", user=user.uid), message)
    return page("accounts/initial_password.html", user=user, password=password)
