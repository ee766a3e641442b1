"""Pages of imports: the list, the upload, what was recognised, the decision."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from flask import Blueprint, Response, current_app, request, send_file, url_for
from flask_babel import gettext as _

from core.errors import Conflict, Unprocessable
from core.files import MEDIA_TYPES, keep_upload, path_of
from core.paging import Keyset, paginate
from core.permissions import Permission, Realm, requires
from core.tabular_scan import MESSAGES, may_be_table
from core.text import clean
from core.units import find_unit
from core.web import done, page, viewer
from hr.people.checks.models import open_to
from hr.people.exchange.package import is_package
from hr.people.imports import actions, confirming, queries, reading, returning
from hr.people.imports.enums import WRITTEN, LineOutcome
from hr.people.imports.forms import DecisionForm, UndoForm, UploadForm, mapping_form
from hr.people.imports.models import ImportBatch, ImportProblem
from hr.people.imports.standing import EditedSince, LaterEdit
from hr.people.imports.words import field_label, problem_text

bp = Blueprint("imports", __name__, url_prefix="/imports")

#: Errors shown on the page of an import; the list of problems has all.
SHOWN = 10
#: Later edits named at once; more are only counted.
EDITS_SHOWN = 50


@bp.get("")
@requires(Permission.PERSON_IMPORT)
def index() -> Response:
    """Every import, newest first."""
    keyset = Keyset((ImportBatch.id,), ImportBatch.uid, descending=True)
    found = paginate(queries.list_batches(), keyset)
    return page(
        "hr/people/imports/index.html",
        fragment="hr/people/imports/_index.html",
        found=found,
        with_checks=open_to(viewer()),
        whole_province=viewer().sees_everything(Realm.PERSONNEL),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PERSON_IMPORT)
def new() -> Response:
    """Takes a workbook; a reading starts at once."""
    form = UploadForm()
    form.offer_units(queries.units_to_choose(viewer().today))
    if form.validate_on_submit():
        batch = _received(form)
        if batch is not None:
            reading.start(viewer(), batch.uid)
            return done(url_for("imports.show", batch=batch.uid))
    return page("hr/people/imports/new.html", form=form)


@bp.get("/<uid:batch>")
@requires(Permission.PERSON_IMPORT)
def show(batch: str) -> Response:
    """What was recognised, what is wrong, and what confirming would do."""
    return _shown(queries.find_batch(batch))


@bp.get("/<uid:batch>/problems")
@requires(Permission.PERSON_IMPORT)
def problems(batch: str) -> Response:
    """Every refused or remarked cell, with its row and column."""
    found = queries.find_batch(batch)
    severity = request.args.get("severity") if request.args.get("severity") in ("error", "note") else None
    query = queries.list_problems(found, severity, clean(request.args.get("code", "")) or None)
    keyset = Keyset((ImportProblem.severity, ImportProblem.id), ImportProblem.uid)
    return page(
        "hr/people/imports/problems.html",
        fragment="hr/people/imports/_problems.html",
        batch=found,
        severity=severity,
        counts=queries.problem_counts(found),
        found=paginate(query, keyset),
        problem_text=problem_text,
    )


@bp.get("/<uid:batch>/marked")
@requires(Permission.PERSON_IMPORT)
def marked(batch: str) -> Response:
    """The sender's own workbook with a comment in each wrong cell."""
    found = queries.find_batch(batch)
    name = _("%(name)s with comments", name=PurePath(found.filename).stem) + ".xlsx"
    try:
        body = returning.marked_copy(viewer(), found)
    except Unprocessable as refusal:
        return _shown(queries.find_batch(batch), refusal=refusal.message, status=422)
    return send_file(body, mimetype=MEDIA_TYPES["xlsx"], as_attachment=True, download_name=name, etag=False)


@bp.route("/<uid:batch>/columns", methods=["GET", "POST"])
@requires(Permission.PERSON_IMPORT)
def columns(batch: str) -> Response:
    """Which column holds what; the file is then read again."""
    found, day = queries.find_batch(batch), viewer().today
    form = mapping_form(found.sheets or [], queries.units_to_choose(day))
    if not form.is_submitted():
        unit = queries.unit_of(found)
        form.version.data, form.unit.data = str(found.version), unit.uid if unit else None
    if form.validate_on_submit():
        values = {"mapping": form.mapping(), "unit_id": _unit_id(form), "version": form.opened_version}
        again = form.attempt(actions.read_again, by=viewer(), batch=found, **values)
        if again is not None:
            reading.start(viewer(), again.uid)
            return done(url_for("imports.show", batch=again.uid))
    return page("hr/people/imports/columns.html", form=form, batch=queries.find_batch(batch))


@bp.post("/<uid:batch>/again")
@requires(Permission.PERSON_IMPORT)
def again(batch: str) -> Response:
    """Reads the same file once more: after an interruption, or when the register has moved on."""

    def act(found: ImportBatch, **sent: Any) -> str:
        fresh = actions.read_again(by=viewer(), batch=found, mapping=None, unit_id=found.unit_id, **sent)
        reading.start(viewer(), fresh.uid)
        return url_for("imports.show", batch=fresh.uid)

    return _decided(batch, act)


@bp.post("/<uid:batch>/confirm")
@requires(Permission.PERSON_IMPORT)
def confirm(batch: str) -> Response:
    """Writes all of it or nothing."""

    def act(found: ImportBatch, **sent: Any) -> str:
        confirming.confirm(by=viewer(), batch=found, **sent)
        return url_for("imports.show", batch=batch)

    return _decided(batch, act, _("Imported: the register holds what was accepted of this file"))


@bp.post("/<uid:batch>/discard")
@requires(Permission.PERSON_IMPORT)
def discard(batch: str) -> Response:
    """Sets the import aside."""

    def act(found: ImportBatch, **sent: Any) -> str:
        actions.discard(by=viewer(), batch=found, **sent)
        return url_for("imports.index")

    return _decided(batch, act, _("The import was set aside; nothing has changed"))


@bp.route("/<uid:batch>/undo", methods=["GET", "POST"])
@requires(Permission.PERSON_IMPORT)
def undo(batch: str) -> Response:
    """Takes a confirmed import back, unless later edits stand on it: then they are named."""
    found = queries.find_batch(batch)
    form, edits = UndoForm(obj=found), list[LaterEdit]()
    if form.validate_on_submit():
        values = {"reason": form.reason.data, "version": form.opened_version}
        try:
            if form.attempt(actions.undo, by=viewer(), batch=found, **values):
                told = _("The import was taken back: the register holds what it held before")
                return done(url_for("imports.show", batch=batch), told)
        except EditedSince as refusal:
            edits.extend(refusal.edits)
    return _asked_to_undo(queries.find_batch(batch), form, edits)


def _asked_to_undo(batch: ImportBatch, form: UndoForm, edits: list[LaterEdit]) -> Response:
    return page(
        "hr/people/imports/undo.html",
        status=422 if edits else None,
        form=form,
        batch=batch,
        around=queries.surroundings(batch),
        edits=edits,
        shown=EDITS_SHOWN,
    )


def _decided(uid: str, act: Callable[..., str], message: str | None = None) -> Response:
    """Carries out a decision on the import; a refusal is told on its page, with what it is now."""
    form = DecisionForm()
    if not form.validate_on_submit():
        raise Unprocessable(_("Open the import again"))
    try:
        where = act(queries.find_batch(uid), version=form.opened_version, token=form.submission.data)
    except Conflict:
        changed = _("The register has changed since the file was read: read the file again and compare")
        return _shown(queries.find_batch(uid), refusal=changed, status=409)
    except Unprocessable as refusal:
        return _shown(queries.find_batch(uid), refusal=refusal.message, status=422)
    return done(where, message)


def _shown(batch: ImportBatch, refusal: Any = None, status: int | None = None) -> Response:
    accepted = queries.accepted_counts(batch)
    return page(
        "hr/people/imports/show.html",
        fragment="hr/people/imports/_state.html",
        status=status,
        batch=batch,
        refusal=refusal,
        silent=actions.is_silent(batch),
        around=queries.surroundings(batch),
        as_of=actions.as_of(batch, viewer().today),
        accepted=accepted,
        to_write=sum(accepted[outcome] for outcome in (*WRITTEN, LineOutcome.CONFLICTING)),
        errors=queries.first_problems(batch, "error", SHOWN),
        remarks=queries.problem_groups(batch, "note"),
        counts=queries.problem_counts(batch),
        sent=DecisionForm(formdata=None, obj=batch),
        field_label=field_label,
        problem_text=problem_text,
    )


def _received(form: UploadForm) -> ImportBatch | None:
    upload, limit = form.file.data, current_app.extensions["config"].max_upload_mb << 20
    try:
        sha256, size = keep_upload(upload.stream, limit)
    except Unprocessable as refusal:
        form.refuse(refusal)
        return None
    path = path_of(sha256)
    if not is_package(path) and not may_be_table(path):
        unreadable = MESSAGES["file"]
        form.refuse(Unprocessable(_(unreadable), field="file"))
        return None
    values = {"filename": upload.filename or "", "sha256": sha256, "size": size, "unit_id": _unit_id(form)}
    batch: ImportBatch | None = form.attempt(actions.begin, by=viewer(), **values)
    return batch


def _unit_id(form: Any) -> int | None:
    return find_unit(form.unit.data).id if form.unit.data else None
