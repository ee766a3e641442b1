"""Due dates over the register."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core.errors import Missing
from core.paging import page_of
from core.permissions import Permission, requires
from core.unit_book import unit_book
from core.web import page, viewer
from hr.decisions import rules
from hr.decisions.enums import DueKind
from hr.decisions.queries import DueFilter, detail_of, list_due, rule_of
from hr.people.routes.blueprint import unit_menu
from hr.people.rules import add_months

bp = Blueprint("due", __name__, url_prefix="/due-dates")
#: Quarters offered from the running one: until the last day known of degrees to complete.
QUARTERS = 16
#: In place of a quarter: what is late.
LATE = "late"


@bp.get("")
@requires(Permission.PERSON_EDIT)
def index() -> Response:
    """What is late or falls due in the quarter asked for; late and in the running one when none is."""
    kind, unit, quarter = (request.args.get(name, "") for name in ("kind", "unit", "quarter"))
    units = [option for _group, options in unit_menu().unit_groups() for option in options]
    if unit and unit not in dict(units):
        raise Missing
    asked = _asked(kind, unit, quarter)
    return page(
        "hr/decisions/due.html",
        fragment="hr/decisions/_due.html",
        kind=kind,
        unit=unit,
        quarter=quarter,
        kinds=[(member.value, member.label) for member in DueKind],
        units=units,
        quarters=_quarters(quarter),
        found=page_of(list_due(viewer(), asked)),
        today=viewer().today,
        detail=detail_of,
        rule=rule_of,
        unit_name=unit_book().name_of,
        clear_url=url_for("due.index"),
    )


def _asked(kind: str, unit: str, quarter: str) -> DueFilter:
    """The filters of the address; Missing for one that names nothing."""
    today = viewer().today
    days = rules.quarter_days(quarter if quarter not in ("", LATE) else rules.quarter_of(today))
    if days is None or (kind and kind not in {member.value for member in DueKind}):
        raise Missing
    return DueFilter(
        first=days[0] if quarter not in ("", LATE) else None,
        last=today - timedelta(days=1) if quarter == LATE else days[1],
        kind=DueKind(kind) if kind else None,
        unit=unit or None,
    )


def _quarters(chosen: str) -> list[tuple[str, Any]]:
    """What can be chosen in place of "late and this quarter", the one of the address among it."""
    day, codes = viewer().today.replace(day=1), []
    for number in range(QUARTERS):
        codes.append(rules.quarter_of(add_months(day, 3 * number)))
    if chosen not in ("", LATE, *codes):
        codes.append(chosen)
    named = [(code, _("quarter %(number)s of %(year)s", number=code[6], year=code[:4])) for code in codes]
    return [(LATE, _("late")), *named]
