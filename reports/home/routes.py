"""Home: My work, then the figures of the area."""

from typing import Any

from flask import Blueprint, current_app, url_for
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
        task_url=_task_url,
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
    return page(
        "reports/home/work.html",
        tasks=queries.tasks(who, limit=None),
        kind_label=kind_label,
        task_url=_task_url,
    )


def _task_url(task: queries.Task) -> str:
    """Where the task is done; the view's one argument, if it has any, is the uid."""
    rules = current_app.url_map.iter_rules(task.endpoint)
    values: dict[str, Any] = {name: task.uid for rule in rules for name in rule.arguments}
    return url_for(task.endpoint, **values)
