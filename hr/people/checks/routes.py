"""Pages of points to check: the list, and one point with its papers side by side."""

from typing import Any, TypeVar

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core.errors import Missing
from core.labels import LabelledEnum
from core.paging import page_of
from core.permissions import Permission, requires
from core.web import done, page, viewer
from hr.people.checks import actions, queries, rules
from hr.people.checks.enums import CheckKind, CheckState
from hr.people.checks.forms import CheckForm
from hr.people.checks.models import open_to
from hr.people.queries import timeline_title
from hr.people.routes.blueprint import open_file

bp = Blueprint("checks", __name__, url_prefix="/points-to-check")

Choice = TypeVar("Choice", bound=LabelledEnum)


@bp.get("")
@requires(Permission.QUALIFICATION_CHECK)
def index() -> Response:
    """The points of the kind and state asked for; open ones when nothing is asked."""
    kind, state = _asked(CheckKind, "kind"), _asked(CheckState, "state") or CheckState.OPEN
    every = queries.list_points(viewer(), kind, None)
    return page(
        "hr/people/checks/index.html",
        fragment="hr/people/checks/_index.html",
        kind=kind,
        state=state,
        whole=open_to(viewer()),
        kinds=[(member.value, member.label) for member in CheckKind],
        counts={one: sum(point.state is one for point in every) for one in CheckState},
        found=page_of([point for point in every if point.state is state]),
        paper_name=_paper_name,
    )


@bp.route("/<uid:point>", methods=["GET", "POST"])
@requires(Permission.QUALIFICATION_CHECK)
def show(point: str) -> Response:
    """The papers side by side; settled with a note, or opened again."""
    found, form = queries.find_point(viewer(), point), CheckForm()
    for side in found.sides:
        open_file(side.person_uid)
    settled = found.state is CheckState.SETTLED
    if settled:
        form.ask_for_reopening()
    if form.validate_on_submit():
        act = actions.reopen if settled else actions.settle
        values = {"point": found, "note": form.note.data, "mark": form.mark.data}
        if form.attempt(act, by=viewer(), **values):
            told = _("The point is open again") if settled else _("The point was settled")
            return done(url_for("checks.index"), told)
    # What is saved next has seen the point as this page shows it.
    form.mark.data = found.mark
    return page(
        "hr/people/checks/show.html",
        form=form,
        point=found,
        settled=settled,
        messages=rules.messages(found),
        paper_name=_paper_name,
    )


def _asked(enum: type[Choice], name: str) -> Choice | None:
    text = request.args.get(name)
    if not text:
        return None
    try:
        return enum(text)
    except ValueError:
        raise Missing from None


def _paper_name(paper: Any) -> str:
    return timeline_title("qualification", f"{paper.kind.value}|{paper.level}")
