"""Pages of yearly ratings: the chair's own team, what waits for Home Affairs, one rating of a person."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.permissions import Permission, requires
from core.web import done, page, viewer
from hr.people.forms.service import ReasonForm
from hr.people.ratings import actions, queries, rules
from hr.people.ratings.enums import RatingLevel, RatingState
from hr.people.ratings.forms import LEVEL, RatingForm, SettleForm, team_form
from hr.people.routes.blueprint import file_url, form_page, open_file, opened

bp = Blueprint("ratings", __name__, url_prefix="/ratings")


@bp.route("/team", methods=["GET", "POST"])
@requires(Permission.RATING_PROPOSE)
def team() -> Response:
    """The own team of the year that is rated now, with a level to choose for each."""
    who, year = viewer(), rules.rating_year(viewer().today)
    members = queries.team_of(who, year)
    form = team_form(members)
    form.again = lambda: team_form(queries.team_of(who, year), formdata=None)
    form.offer_draft(who)
    if form.validate_on_submit():
        values = {"year": year, "levels": form.levels(), "mark": form.mark.data}
        if count := form.attempt(actions.propose_ratings, by=who, **values):
            told = ngettext("%(num)s rating was proposed", "%(num)s ratings were proposed", count)
            return done(url_for(".team"), told)
    return page(
        "hr/people/ratings/team.html",
        fragment="hr/people/ratings/_team.html",
        form=form,
        team=members,
        year=year,
        prefix=LEVEL,
    )


@bp.route("/proposals", methods=["GET", "POST"])
@requires(Permission.RATING_CONFIRM)
def proposals() -> Response:
    """Ratings that wait, by unit; those of one unit are ticked and confirmed or sent back."""
    who, unit, form = viewer(), request.args.get("unit", ""), SettleForm()
    if form.validate_on_submit():
        state = RatingState.SENT_BACK if "send_back" in request.form else RatingState.CONFIRMED
        values = {"chosen": _chosen(), "state": state, "remark": form.remark.data}
        if count := form.attempt(actions.settle_ratings, by=who, **values):
            told = ngettext("%(num)s rating was confirmed", "%(num)s ratings were confirmed", count)
            if state is RatingState.SENT_BACK:
                told = ngettext("%(num)s rating was sent back", "%(num)s ratings were sent back", count)
            return done(url_for(".proposals"), told)
    return page(
        "hr/people/ratings/proposals.html",
        fragment="hr/people/ratings/_proposals.html",
        form=form,
        unit=unit,
        units=queries.units_waiting(who),
        found=queries.proposals_of(who, unit) if unit else (),
        chosen=_chosen(),
    )


@bp.route("/<uid:person>/new", methods=["GET", "POST"])
@requires(Permission.RATING_CONFIRM)
def record(person: str) -> Response:
    found = open_file(person)
    form = opened(RatingForm(), found)
    if form.validate_on_submit():
        values = {"year": form.year.data, "level": form.level.data, "rated_by": form.rated_by.data or None}
        act = actions.record_rating
        if form.attempt(act, by=viewer(), person=found, version=form.opened_version, **values):
            return done(file_url(found, "ratings"), _("The rating was recorded"))
    groups = [(None, ("year", "level", "rated_by"))]
    return form_page(form, found, groups, title=_("Yearly rating"), submit=_("Record the rating"))


@bp.route("/<uid:person>/<uid:rating>/annul", methods=["GET", "POST"])
@requires(Permission.RATING_CONFIRM)
def annul(person: str, rating: str) -> Response:
    found = open_file(person)
    row = queries.find_rating(found, rating)
    form = opened(ReasonForm(), found)
    if form.validate_on_submit():
        values = {"rating": row, "reason": form.reason.data, "version": form.opened_version}
        if form.attempt(actions.annul_rating, by=viewer(), person=found, **values):
            return done(file_url(found, "ratings"), _("The entry was annulled"))
    note = f"{_('Yearly rating')}: {row.year} · {row.level.label}"
    groups = [(None, ("reason",))]
    return form_page(
        form, found, groups, title=_("Annul an entry"), submit=_("Annul"), note=note, kind="risky"
    )


def _chosen() -> dict[str, RatingLevel]:
    """The ticked proposals, each with the level that was shown beside it."""
    pairs = (value.partition(" ") for value in request.form.getlist("pick"))
    known = {level.value: level for level in RatingLevel}
    return {uid: known[level] for uid, _blank, level in pairs if level in known}
