"""Rosters to confirm: the units of a quarter, one unit line by line, the screen of its chair."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core.clock import quarter_days, quarter_of
from core.errors import Missing
from core.permissions import Permission, requires
from core.web import done, page, viewer
from hr.people.confirmations import actions, queries, rules
from hr.people.confirmations.forms import roster_form
from hr.people.routes.blueprint import list_title
from hr.people.rules import add_months

bp = Blueprint("confirmations", __name__, url_prefix="/rosters")

#: Quarters offered, the running one among them.
QUARTERS = 5


@bp.get("")
@requires(Permission.ROSTER_READ)
def index() -> Response:
    """How far each commune and ward in reach is, in this quarter or an earlier one."""
    quarter = _quarter()
    standings = queries.standings(viewer(), quarter)
    units = [(unit, standings[unit.id]) for unit in queries.units_to_confirm(viewer())]
    return page(
        "hr/people/confirmations/index.html",
        fragment="hr/people/confirmations/_index.html",
        units=units,
        is_running=rules.can_confirm(quarter, viewer().today),
        list_title=list_title(),
        today=viewer().today,
        due=queries.due_day(quarter),
        **_quarters(quarter),
    )


@bp.get("/<uid:roster>")
@requires(Permission.ROSTER_READ)
def show(roster: str) -> Response:
    """The roster of a unit with the words of its chair; of an earlier quarter, what was said then."""
    found, quarter = queries.find_unit(viewer(), roster), _quarter()
    running = rules.can_confirm(quarter, viewer().today)
    return page(
        "hr/people/confirmations/show.html",
        fragment="hr/people/confirmations/_show.html",
        unit=found,
        rows=queries.roster(viewer(), found, quarter) if running else queries.lines_said(found, quarter),
        standing=queries.standings(viewer(), quarter)[found.id],
        is_running=running,
        today=viewer().today,
        due=queries.due_day(quarter),
        **_quarters(quarter),
    )


@bp.route("/<uid:roster>/confirm", methods=["GET", "POST"])
@requires(Permission.ROSTER_CONFIRM)
def confirm(roster: str) -> Response:
    """The screen of the chair: line by line, or all the rest at once."""
    found, quarter = queries.find_unit(viewer(), roster), quarter_of(viewer().today)
    people = queries.roster(viewer(), found, quarter)
    form = roster_form(people)
    form.offer_draft(viewer())
    if form.validate_on_submit():
        sent = {"words": form.words(), "rest": form.takes_the_rest, "mark": form.mark.data}
        if form.attempt(actions.confirm, by=viewer(), unit=found, quarter=quarter, **sent):
            return done(url_for("confirmations.show", roster=found.uid), _("The roster was confirmed"))
    return page(
        "hr/people/confirmations/confirm.html",
        form=form,
        unit=found,
        people=people,
        standing=queries.standings(viewer(), quarter)[found.id],
        quarter_words=rules.quarter_words(quarter),
        due=queries.due_day(quarter),
    )


def _quarter() -> str:
    """The quarter of the address, the running one when it names none; Missing for one to come."""
    running = quarter_of(viewer().today)
    asked = request.args.get("quarter") or running
    if quarter_days(asked) is None or asked > running:
        raise Missing
    return asked


def _quarters(chosen: str) -> dict[str, Any]:
    """The quarter shown and those to choose from, the newest first."""
    day = viewer().today.replace(day=1)
    offered = [quarter_of(add_months(day, -3 * number)) for number in range(QUARTERS)]
    return {
        "quarter": chosen,
        "quarter_words": rules.quarter_words(chosen),
        "quarters": [(code, rules.quarter_words(code)) for code in dict.fromkeys([*offered, chosen])],
    }
