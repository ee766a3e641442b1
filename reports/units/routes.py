"""Pages of the units: the list, and one unit in today's borders or as of a day."""

from datetime import date

from flask import Blueprint, request
from flask_babel import gettext as _

from core.forms import read_date
from core.permissions import Permission, requires
from core.units import (
    COMMUNE_LEVEL,
    MAIN_KINDS,
    Unit,
    UnitKind,
    divisions_of,
    find_unit,
    parent_of,
    predecessors_of,
    search_units,
    successors_of,
)
from core.web import page, viewer
from reports.units import queries

bp = Blueprint("units", __name__, url_prefix="/units")

GROUPS = {
    "communes": COMMUNE_LEVEL,
    "departments": (UnitKind.DEPARTMENT, UnitKind.SERVICE_UNIT),
}


@bp.get("")
@requires(Permission.UNIT_READ)
def index():
    """All units, or those whose name or code (old ones too) matches the words."""
    who, words = viewer(), request.args.get("q", "")[:100].strip()
    group = request.args.get("group") if request.args.get("group") in GROUPS else None
    found = search_units(words, limit=60) if words else []
    rows = [] if words else queries.list_units(
        GROUPS.get(group or "", MAIN_KINDS), who, with_strength=who.can(Permission.PERSON_READ)
    )  # fmt: skip
    return page(
        "reports/units/index.html",
        fragment="reports/units/_list.html",
        rows=rows,
        found=[(unit, successors_of(unit) if unit.valid_to else []) for unit in found],
        words=words,
        group=group,
        with_strength=who.can(Permission.PERSON_READ),
    )


@bp.get("/<uid:unit>")
@requires(Permission.UNIT_READ)
def show(unit: str):
    """One unit. Before it began, the people of its former units stand in today's borders."""
    who, found = viewer(), find_unit(unit)
    day, problem = _asked_day(found, who.today)
    former = predecessors_of(found)
    ids = [found.id] if found.exists_on(day) else [row.id for row in former if row.exists_on(day)]
    open_to_viewer = who.can(Permission.PERSON_READ) and bool(queries.reached(ids or [found.id], who))
    people = queries.roster(ids, day) if ids and open_to_viewer else []
    return page(
        "reports/units/show.html",
        unit=found,
        parent=parent_of(found),
        day=day,
        problem=problem,
        today=who.today,
        former=former,
        successors=successors_of(found),
        divisions=divisions_of(found, day),
        open_to_viewer=open_to_viewer,
        groups=queries.by_division(people),
        counts=queries.counts(people),
        in_former_borders=not found.exists_on(day),
    )


def _asked_day(unit: Unit, today: date) -> tuple[date, str | None]:
    """The day asked for; a former unit opens on its last day. What cannot be read is said."""
    default = min(unit.valid_to, today) if unit.valid_to else today
    text = request.args.get("as_of", "").strip()
    if not text:
        return default, None
    try:
        return read_date(text), None
    except ValueError as error:
        return default, _(
            "%(problem)s. Shown as of %(day)s", problem=str(error), day=default.strftime("%d/%m/%Y")
        )
