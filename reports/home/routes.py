"""Home: My work, then the figures of the area."""

from flask import Blueprint

from core.permissions import signed_in
from core.web import page, viewer
from reports.home import queries

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def index():
    """What is due, late or waiting for the viewer, and the few figures of the area."""
    who = viewer()
    found = queries.tasks(who)
    return page(
        "reports/home/index.html",
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
    return page("reports/home/work.html", tasks=queries.tasks(who, limit=None), today=who.today)
