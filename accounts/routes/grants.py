"""Grants, for the administrator; acting authority, for chairs and the head of inspection."""

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from accounts import actions, queries, rules
from accounts.forms import AuthorityForm, GrantFilter, GrantForm
from accounts.sign_in import fresh
from core.paging import paginate
from core.permissions import Permission, requires
from core.text import clean
from core.units import find_unit
from core.web import done, page, viewer

bp = Blueprint("grants", __name__)


@bp.get("/grants")
@requires(Permission.GRANT_MANAGE)
def index():
    """All grants, filtered by account, unit, state, role."""
    filters = GrantFilter(formdata=request.args)
    filters.validate()
    found = paginate(queries.list_grants(day=viewer().today, **filters.chosen), queries.GRANTS_ORDER)
    return page(
        "accounts/grants.html",
        fragment="accounts/_grants.html",
        filters=filters,
        found=found,
        left_out=rules.left_out_words,
    )


@bp.route("/accounts/<uid:user>/grants/new", methods=["GET", "POST"])
@requires(Permission.GRANT_MANAGE)
@fresh
def new(user):
    """Gives an account a role in a unit."""
    found, form = queries.find_user(user), GrantForm()
    rules.check_not_oneself(viewer().user_id, found.id)
    form.offer(queries.unit_choices(viewer().today), viewer().today)
    if form.validate_on_submit():
        details = {**form.values(), "unit": find_unit(form.unit.data)}
        if form.attempt(actions.give_grant, user=found, by=viewer(), **details) is not None:
            return done(url_for("accounts.show", user=user), _("The grant is given and works at once"))
    return page("accounts/new_grant.html", form=form, user=found)


@bp.post("/grants/<uid:grant>/revoke")
@requires(Permission.GRANT_MANAGE)
@fresh
def revoke(grant):
    """Ends a grant at once."""
    found = queries.find_grant(grant)
    holder = found.user.uid
    actions.revoke_grant(grant=found, by=viewer())
    return done(url_for("accounts.show", user=holder), _("The grant is revoked"))


@bp.get("/acting-authority")
@requires(Permission.DELEGATION_MANAGE)
def authority():
    """Who acts for the viewer, now and before."""
    given = queries.authority_given(viewer().user_id)
    return page("accounts/authority.html", grants=given, left_out=rules.left_out_words)


@bp.route("/acting-authority/new", methods=["GET", "POST"])
@requires(Permission.DELEGATION_MANAGE)
@fresh
def new_authority():
    """Lets a deputy act, from–to, with what is left out."""
    form, own = AuthorityForm(), _own_grants()
    words = clean(request.args.get("words", ""))[:80]
    deputies = queries.deputies([grant.unit_id for grant in own], viewer().user_id, words, viewer().today)
    grants = {grant.uid: grant for grant in own}
    form.offer(
        viewer().role,
        [(grant.uid, grant.unit.name) for grant in own],
        [(user.uid, str(user)) for user in deputies],
    )
    if form.validate_on_submit() and _give(form, grants[form.grant.data]):
        return done(url_for(".authority"), _("The deputy can act from the first day on"))
    return page("accounts/new_authority.html", form=form, words=words)


def _own_grants():
    """The grants in person of the role held now; none while acting for somebody."""
    who = viewer()
    return [] if who.acting_for else queries.own_grants(who.user_id, who.role, who.today)


def _give(form, grant):
    """Calls the action; False when it refused, with the reason on the form."""
    given = form.attempt(
        actions.give_authority,
        grant=grant,
        deputy=queries.find_user(form.deputy.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        exceptions=form.left_out,
        by=viewer(),
    )
    return given is not None


@bp.post("/acting-authority/<uid:grant>/end")
@requires(Permission.DELEGATION_MANAGE)
def end_authority(grant):
    """Takes acting authority back."""
    actions.end_authority(grant=queries.find_grant(grant), by=viewer())
    return done(url_for(".authority"), _("The acting authority is ended"))
