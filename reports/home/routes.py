"""Home: My work, then the figures of the area."""

from flask import Blueprint
from flask_babel import gettext as _

from core.permissions import Role, signed_in
from core.subjects import kind_label
from core.web import page, viewer
from reports.home import queries

bp = Blueprint("home", __name__)
#: Roles that start with figures: nothing waits for a leader.
WITHOUT_WORK = (Role.LEADER,)


@bp.get("/")
@signed_in
def index():
    """What is due, late or waiting for the viewer, and the few figures of the area."""
    who = viewer()
    work = who.role not in WITHOUT_WORK
    found = queries.tasks(who) if work else []
    return page(
        "reports/home/index.html",
        heading=_("My work") if work else _("Overview"),
        with_work=work,
        kind_label=kind_label,
        tasks=found[: queries.SHOWN],
        more=len(found) > queries.SHOWN,
        figures=queries.figures(who),
        today=who.today,
    )


@bp.get("/work")
@signed_in
def work():
    """All of the viewer's tasks."""
    who = viewer()
    return page("reports/home/work.html", tasks=queries.tasks(who, limit=None), kind_label=kind_label)
