"""Due dates over the register."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core.clock import quarter_days, quarter_of
from core.errors import Missing
from core.paging import page_of
from core.permissions import Permission, requires
from core.unit_book import unit_book
from core.web import page, viewer
from hr.decisions.enums import DueKind
from hr.decisions.issuing.enums import DecisionKind
from hr.decisions.issuing.models import records
from hr.decisions.issuing.queries import on_their_way
from hr.decisions.lines import Due, decided_from, detail_of, rule_of
from hr.decisions.queries import DueFilter, list_due
from hr.people.routes.blueprint import unit_menu
from hr.people.rules import add_months

bp = Blueprint("due", __name__, url_prefix="/due-dates")
#: Quarters offered from the running one: until the last day known of degrees to complete.
QUARTERS = 16
#: What falls due → the kind of decision that is made of it.
DECIDED = {
    DueKind.RETIREMENT: DecisionKind.RETIREMENT,
    DueKind.PAY_STEP: DecisionKind.PAY_STEP,
    DueKind.TERM: DecisionKind.REAPPOINTMENT,
}
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
    found = page_of(list_due(viewer(), asked))
    return page(
        "hr/decisions/due.html",
        fragment="hr/decisions/_due.html",
        kind=kind,
        unit=unit,
        quarter=quarter,
        kinds=[(member.value, member.label) for member in DueKind],
        units=units,
        quarters=_quarters(quarter),
        found=found,
        today=viewer().today,
        detail=detail_of,
        rule=rule_of,
        unit_name=unit_book().name_of,
        **_choosing(asked.kind, found.rows),
    )


def _drafts(rows: Iterable[Due]) -> dict[str, str]:
    """Row → address of the decision on its way that settles it."""
    if not records(viewer()):
        return {}
    found = on_their_way(DECIDED.values(), {due.person_uid for due in rows})
    ways = {due.uid: found.get((due.person_uid, DECIDED[due.kind])) for due in rows if due.kind in DECIDED}
    return {uid: url_for("decisions.show", decision=way) for uid, way in ways.items() if way}


def _choosing(kind: DueKind | None, rows: Iterable[Due]) -> dict[str, Any]:
    """Of rows of one kind some are chosen, to draft the decision that is made of such a kind."""
    decision = DECIDED.get(kind) if kind and viewer().can(Permission.DECISION_RECORD) else None
    everybody = {**request.args, "choose": "all"}
    return {
        "decision": decision,
        "decided_from": decided_from,
        "drafts": _drafts(rows),
        "all_chosen": request.args.get("choose") == "all",
        "all_url": f"{url_for('due.index')}?{urlencode(everybody)}",
    }


def _asked(kind: str, unit: str, quarter: str) -> DueFilter:
    """The filters of the address; Missing for one that names nothing."""
    today = viewer().today
    days = quarter_days(quarter if quarter not in ("", LATE) else quarter_of(today))
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
        codes.append(quarter_of(add_months(day, 3 * number)))
    if chosen not in ("", LATE, *codes):
        codes.append(chosen)
    named = [(code, _("quarter %(number)s of %(year)s", number=code[6], year=code[:4])) for code in codes]
    return [(LATE, _("late")), *named]
