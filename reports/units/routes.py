"""Pages of the units: the list, and one unit in today's borders or as of a day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from core.forms import read_date
from core.labels import texts_of
from core.permissions import Permission, requires
from core.unit_book import UnitBook, UnitEntry, unit_book
from core.units import COMMUNE_LEVEL, MAIN_KINDS, UnitKind
from core.web import page, viewer
from core.words import show_date
from hr.people.enums import AssignmentKind, Category
from reports.units import queries

bp = Blueprint("units", __name__, url_prefix="/units")

Line = tuple[Any, ...]

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
    book = unit_book()
    found = book.search(words, limit=60) if words else []
    kinds = GROUPS.get(group or "", MAIN_KINDS)
    strength = who.can(Permission.PERSON_READ)
    return page(
        "reports/units/index.html",
        fragment="reports/units/_list.html",
        rows=[] if words else queries.list_units(kinds, who, book, with_strength=strength),
        found=[(unit, book.successors_of(unit) if unit.valid_to else []) for unit in found],
        words=words,
        group=group,
        with_strength=strength,
    )


@bp.get("/<uid:unit>")
@requires(Permission.UNIT_READ)
def show(unit: str):
    """One unit. Before it began, the people of its former units stand in today's borders."""
    who, book = viewer(), unit_book()
    found = book.find(unit)
    day, problem = _asked_day(found, who.today)
    former = book.predecessors_of(found)
    ids = [found.id] if found.exists_on(day) else [row.id for row in former if row.exists_on(day)]
    open_to_viewer = who.can(Permission.PERSON_READ) and bool(queries.reached(ids or [found.id], who, book))
    return page(
        "reports/units/show.html",
        unit=found,
        parent=book.by_id.get(found.parent_id or 0),
        day=day,
        problem=problem,
        today=who.today,
        former=former,
        successors=book.successors_of(found),
        divisions=book.divisions_of(found, day),
        open_to_viewer=open_to_viewer,
        in_former_borders=not found.exists_on(day),
        **_roster(found, ids if open_to_viewer else [], day, book),
    )


def _roster(unit: UnitEntry, ids: Sequence[int], day: date, book: UnitBook) -> dict[str, Any]:
    """How many people of which category, and who: on the page, or in the list where they are very many."""
    counts = queries.counts(ids, day)
    too_long = sum(counts.values()) > queries.LONGEST_ROSTER
    people = queries.roster(ids, day, book) if ids and not too_long else []
    return {
        "counts": counts,
        "groups": _in_words(queries.by_division(people)),
        "list_url": url_for("people.index", unit=unit.uid, as_of=f"{day:%d/%m/%Y}") if too_long else None,
    }


def _in_words(groups: Sequence[tuple[str, Sequence[queries.RosterRow]]]) -> list[tuple[str, list[Line]]]:
    """The groups of a roster as texts: whether the file opens, its uid where it does, name, post, kind,
    category, since."""
    kinds, categories = texts_of(AssignmentKind), texts_of(Category)

    def line(row: queries.RosterRow) -> Line:
        texts = (row.name, row.post, kinds[row.kind], categories[row.category], show_date(row.starts_on))
        return (True, row.person_uid, *texts) if row.person_uid else (False, *texts)

    return [(title, [line(row) for row in rows]) for title, rows in groups]


def _asked_day(unit: UnitEntry, today: date) -> tuple[date, str | None]:
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
