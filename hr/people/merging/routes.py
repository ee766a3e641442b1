"""Pages of possible duplicates: the list, those of one person, two files side by side, the mark."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core import audit
from core.errors import Denied, Missing
from core.paging import page_of
from core.permissions import Permission, Realm, requires
from core.text import holds_number
from core.web import done, page, viewer
from core.words import show_date
from hr.people.enums import ServiceStatus
from hr.people.merging import actions, queries, rules
from hr.people.merging.forms import MergeForm, NoteForm, merge_form
from hr.people.merging.queries import Choice, Clash
from hr.people.models import Assignment, Person, Qualification
from hr.people.queries import find_person, places_of, search_people, timeline_title
from hr.people.routes.blueprint import file_url, open_files
from hr.people.trail import LABELS, words

bp = Blueprint("merging", __name__, url_prefix="/duplicates")


@bp.before_request
def check_reach() -> None:
    """Before anything is read: who sees a part of the province learns of no pair from these pages."""
    rules.check_whole_province(viewer().sees_everything(Realm.PERSONNEL))


@bp.get("")
@requires(Permission.PERSON_MERGE)
def index() -> Response:
    """People who may stand in the register twice."""
    found = page_of(queries.list_pairs(viewer()))
    ids = [key for pair in found.rows for key in pair.key]
    return page(
        "hr/people/merging/index.html",
        fragment="hr/people/merging/_pairs.html",
        found=found,
        places=places_of(ids, viewer().today),
    )


@bp.get("/<uid:person>")
@requires(Permission.PERSON_MERGE)
def choose(person: str) -> Response:
    """Who may be the same person: by likeness, or by a search for the name."""
    found, asked = find_person(person), request.args.get("q", "")
    if holds_number(asked):
        return done(
            url_for(".choose", person=person),
            _("Look for a number in the box at the top: no address may hold it"),
        )
    pairs = queries.list_pairs(viewer(), found)
    hits = [hit for hit in search_people(asked) if hit.uid != person] if asked else []
    return page(
        "hr/people/merging/choose.html",
        person=found,
        pairs=[(pair, pair.other if pair.one.id == found.id else pair.one) for pair in pairs],
        places=places_of([key for pair in pairs for key in pair.key], viewer().today),
        asked=asked,
        hits=hits,
    )


@bp.route("/<uid:person>/<uid:other>", methods=["GET", "POST"])
@requires(Permission.PERSON_MERGE)
def merge(person: str, other: str) -> Response:
    """Two files side by side; one of them is made of both, fact by fact. Sent once more, or opened after
    somebody else merged them, it leads to the file that stayed."""
    try:
        return _side_by_side(person, other)
    except Missing:
        stayed = queries.kept_for(other) or queries.kept_for(person)
        if stayed is None:
            raise
        return done(
            url_for("people.show", person=stayed),
            _("The two files are one already: here is the file that stayed"),
        )


def _side_by_side(person: str, other: str) -> Response:
    kept, second = open_files(person, other)
    form = _form(kept, second)
    if form.validate_on_submit():
        done_so = _merged(form, kept, second)
        if done_so is not None:
            return done_so
        kept, second = find_person(person), find_person(other)
        form.other_version.data = str(second.version)
    return page(
        "hr/people/merging/merge.html",
        form=form,
        kept=kept,
        other=second,
        mark=queries.mark_of(kept, second),
        places=places_of([kept.id, second.id], viewer().today),
        label=_label,
    )


@bp.route("/<uid:person>/<uid:other>/different", methods=["GET", "POST"])
@requires(Permission.PERSON_MERGE)
def different(person: str, other: str) -> Response:
    """Marks two people as different for good, or takes the mark back."""
    one, two = open_files(person, other)
    form, mark = NoteForm(), queries.mark_of(one, two)
    if form.validate_on_submit():
        act = actions.tell_apart if mark is None else actions.take_mark_back
        if form.attempt(act, by=viewer(), one=one, other=two, note=form.note.data):
            told = _("Marked as two different people") if mark is None else _("The mark was taken back")
            return done(url_for(".index"), told)
    return page(
        "hr/people/merging/different.html",
        form=form,
        one=one,
        two=two,
        mark=mark,
        places=places_of([one.id, two.id], viewer().today),
    )


def _form(kept: Person, other: Person) -> MergeForm:
    form = merge_form(queries.choices(kept, other), queries.clashes(kept, other), _shown, _clash)
    if not form.is_submitted():
        form.version.data, form.other_version.data = str(kept.version), str(other.version)
    return form


def _merged(form: MergeForm, kept: Person, other: Person) -> Response | None:
    """The answer when the files were merged; None when the page is to be shown again."""
    values: dict[str, Any] = {"taken": form.taken(), "standing": form.standing(), "note": form.note.data}
    versions = {"version": form.opened_version, "other_version": form.opened_other_version}
    try:
        if form.attempt(actions.merge, by=viewer(), kept=kept, other=other, **values, **versions):
            return done(
                file_url(kept), _("The two files are one now; the other number is kept as a former one")
            )
    except Denied as refusal:
        form.form_message = refusal.reason
    return None


# --- words ------------------------------------------------------------------------------------------
def _label(choice: Choice) -> str:
    if choice.key == "person_photo.document_id":
        return str(LABELS["photo"])
    return str(LABELS[choice.name]) if choice.name in LABELS else choice.name


def _shown(choice: Choice, value: Any) -> str:
    """A value of one of the two files; service stands with its last day."""
    if choice.key == "service.status":
        status, ended_on = value
        label = str(ServiceStatus(status).label)
        return f"{label} ({words(ended_on)})" if ended_on else label
    return words(audit.plain(value), choice.name)


def _clash(clash: Clash) -> str:
    """Two entries that exclude one another, each with its days."""
    return _("%(one)s — or: %(two)s", one=_entry(clash.kept), two=_entry(clash.other))


def _entry(row: Any) -> str:
    if isinstance(row, Assignment):
        days = f"{show_date(row.starts_on)}–{show_date(row.ends_on) if row.ends_on else ''}"
        return f"{row.kind.label}: {row.post} ({days})"
    if isinstance(row, Qualification):
        return f"{timeline_title('qualification', f'{row.kind.value}|{row.level}')} ({row.serial})"
    return f"{timeline_title('rank', f'{row.rank_code}|{row.step}')} ({show_date(row.starts_on)})"
