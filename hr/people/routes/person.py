"""The page of one person, its changes, and its papers."""

from datetime import date
from typing import Any

from flask import Response, current_app, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from core import audit
from core.audit import AuditType
from core.errors import Missing
from core.files import send_document
from core.permissions import Permission, Realm, requires
from core.scope import Viewer
from core.subjects import due_dates
from core.web import done, page, viewer
from hr.people import queries, rules
from hr.people.codes import ETHNICITY
from hr.people.evidence import find_evidence
from hr.people.groups.queries import facts_of, rows_of
from hr.people.groups.registry import Group
from hr.people.merging.queries import kept_for
from hr.people.models import Assignment, Person
from hr.people.routes.blueprint import bp, file_url, list_title, open_file
from hr.people.trail import TimelineRow, changes_of, openings_of, timeline_of

TONES = {"assignment": "info", "qualification": "ok", "service_ended": "warn"}


@bp.get("/<uid:person>")
@requires(Permission.PERSON_READ)
def show(person: str) -> Response:
    who = viewer()
    try:
        found = open_file(person)
    except Missing:
        return _merged_away(person)
    return page(
        "hr/people/show.html",
        fragment="hr/people/_timeline.html",
        person=found,
        today=who.today,
        list_title=list_title(),
        in_service=rules.in_service(found.status),
        whole_province=who.sees_everything(Realm.PERSONNEL),
        due=due_dates(who, found.uid),
        openings=openings_of(found) if who.can(Permission.PERSON_READ_CHANGES) else (),
        **_groups(found, who),
        **_timeline(found, who.today),
        **_papers(found),
        **_work(found, who.today),
    )


def _groups(person: Person, who: Viewer) -> dict[str, Any]:
    """What is recorded once, the rows of groups of many, and the groups that open by a click."""
    facts = facts_of(person, who)
    lists, closed = rows_of(person, who)
    return {
        "background": facts.background,
        "ethnic_groups": ETHNICITY,
        "photo": facts.photo,
        "groups": [(group, _facts(group, row)) for group, row in facts.groups],
        "lists": lists,
        "closed": closed,
    }


def _merged_away(uid: str) -> Response:
    """The address of a file that went into another leads to that one, for who may see it."""
    kept = kept_for(uid)
    if kept is None:
        raise Missing
    return done(url_for("people.show", person=kept), _("This file was merged into another one: here it is"))


@bp.get("/<uid:person>/changes")
@requires(Permission.PERSON_READ_CHANGES)
def changes(person: str) -> Response:
    found = open_file(person)
    entries = changes_of(found, viewer())
    return page("hr/people/changes.html", person=found, entries=entries, back_url=file_url(found))


@bp.get("/<uid:person>/documents/<uid:document>")
@requires(Permission.DOCUMENT_READ)
def document(person: str, document: str) -> Response:
    found = find_evidence(queries.find_person(person), document)
    audit.record_view(AuditType.DOCUMENT_OPENED, found)
    return send_document(found)


def _facts(group: Group, row: Any) -> list[tuple[Any, Any]]:
    """What is recorded of a group, in the order of the form."""
    shown = ((field.label, field.show(getattr(row, field.name, None))) for field in group.fields)
    return [(label, value) for label, value in shown if value is not None]


def _timeline(person: Person, today: date) -> dict[str, Any]:
    """Rows of the kind asked for, and the kinds there are."""
    rows = timeline_of(person, today)
    kinds = dict.fromkeys((row.kind, row.kind_label) for row in rows)
    asked = request.args.get("kind")
    chosen = asked if asked in {kind for kind, _label in kinds} else None
    address = url_for("people.show", person=person.uid)
    tabs = [
        {"label": label, "url": f"{address}?kind={kind}#timeline", "current": kind == chosen}
        for kind, label in kinds
    ]
    shown = [row for row in rows if chosen in (None, row.kind)]
    return {
        "events": [_event(row) for row in shown],
        # What made an entry of the file, by its number and first day.
        "origins": {(row.title, row.on): _url(row) for row in rows if row.endpoint is not None},
        "origins_by_year": {(row.title, str(row.on.year)): _url(row) for row in rows if row.endpoint},
        "kinds": tabs,
        "all_kinds_url": f"{address}#timeline",
        "chosen_kind": chosen,
    }


def _event(row: TimelineRow) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("on", "kind_label", "title", "unit")}
    return {**shown, "url": _url(row), "tone": TONES.get(row.kind, "neutral")}


def _url(row: TimelineRow) -> str | None:
    """Where the thing a row tells of has its page: endpoints of the registry take one uid."""
    if row.endpoint is None:
        return None
    (name,) = next(current_app.url_map.iter_rules(row.endpoint)).arguments
    parameters: Any = {name: row.uid}
    return url_for(row.endpoint, **parameters)


def _papers(person: Person) -> dict[str, Any]:
    """Qualifications, and their evidence, newest first."""
    papers = queries.qualifications_of(person)
    documents = {row.document.id: row.document for row in papers if row.document is not None}
    return {
        "papers": papers,
        "names": {
            row.id: queries.timeline_title("qualification", f"{row.kind.value}|{row.level}") for row in papers
        },
        "documents": sorted(documents.values(), key=lambda row: (row.created_at, -row.id), reverse=True),
    }


def _work(person: Person, today: date) -> dict[str, Any]:
    """Assignments, ranks and steps, and those of today among them."""
    history, ranks = queries.work_history(person), queries.ranks_of(person)
    return {
        "history": history,
        "place": _own_place(history, today),
        "beside": [row for row in history if row.runs_on(today) and not row.is_home],
        "ranks": ranks,
        "rank": next((row for row in ranks if row.annulled_at is None and row.starts_on <= today), None),
        "rank_names": {
            row.id: queries.timeline_title("rank", f"{row.rank_code}|{row.step}") for row in ranks
        },
        "coefficients": {row.id: format_decimal(row.coefficient, format="0.00") for row in ranks},
    }


def _own_place(history: Any, today: date) -> Assignment | None:
    """The own place of today, else the last one."""
    own = [row for row in history if row.is_home and row.annulled_at is None]
    running = [row for row in own if row.runs_on(today)]
    return next(iter(running or own), None)
