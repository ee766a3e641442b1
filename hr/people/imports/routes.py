"""Pages of imports: the list, the upload, what was recognised, the decision."""

from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _

from core.db import db
from core.errors import Conflict, Missing, Unprocessable
from core.files import keep_upload
from core.paging import Keyset, paginate
from core.permissions import Permission, requires
from core.units import Unit, find_unit
from core.web import done, page, viewer
from hr.people.imports import actions, confirming, queries, reading
from hr.people.imports.enums import ImportStatus, LineOutcome
from hr.people.imports.forms import DecisionForm, UploadForm, mapping_form
from hr.people.imports.models import ImportBatch, ImportLine, ImportProblem
from hr.people.imports.words import change_label, change_value

bp = Blueprint("imports", __name__, url_prefix="/imports")


@bp.get("")
@requires(Permission.PERSON_IMPORT)
def index() -> Response:
    """Every import, newest first."""
    keyset = Keyset((ImportBatch.id,), ImportBatch.uid, descending=True)
    return page("hr/people/imports/index.html", found=paginate(queries.list_batches(), keyset))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PERSON_IMPORT)
def new() -> Response:
    """Takes a workbook; a reading starts at once."""
    form = UploadForm()
    form.offer_units(_unit_choices())
    if form.validate_on_submit():
        batch = _received(form)
        if batch is not None:
            return done(url_for(".show", batch=batch.uid))
    return page("hr/people/imports/new.html", fragment="hr/people/imports/_upload_form.html", form=form)


@bp.get("/<uid:batch>")
@requires(Permission.PERSON_IMPORT)
def show(batch: str) -> Response:
    """What was recognised, what is wrong, and what confirming would do."""
    found = queries.find_batch(batch)
    return page(
        "hr/people/imports/show.html",
        fragment="hr/people/imports/_progress.html",
        batch=found,
        silent=found.status is ImportStatus.READING and reading.is_silent(found),
        unit=db.session.get(Unit, found.unit_id) if found.unit_id else None,
        problems=paginate(queries.list_problems(found, None), _problem_keys(), size=20),
        counts=queries.problem_counts(found),
        form=DecisionForm(obj=found),
        as_of=actions.as_of(found, viewer().today),
    )


@bp.get("/<uid:batch>/lines")
@requires(Permission.PERSON_IMPORT)
def lines(batch: str) -> Response:
    """The lines of an import with what each would change."""
    found = queries.find_batch(batch)
    outcome = _outcome(request.args.get("outcome"))
    keyset = Keyset((ImportLine.id,), ImportLine.uid)
    return page(
        "hr/people/imports/lines.html",
        fragment="hr/people/imports/_lines.html",
        batch=found,
        outcome=outcome,
        outcomes=list(LineOutcome),
        found=paginate(queries.list_lines(found, outcome), keyset),
        change_label=change_label,
        change_value=change_value,
    )


@bp.get("/<uid:batch>/problems")
@requires(Permission.PERSON_IMPORT)
def problems(batch: str) -> Response:
    """Every refused or remarked cell, with its row and column."""
    found = queries.find_batch(batch)
    severity = request.args.get("severity") if request.args.get("severity") in ("error", "note") else None
    return page(
        "hr/people/imports/problems.html",
        fragment="hr/people/imports/_problems.html",
        batch=found,
        severity=severity,
        counts=queries.problem_counts(found),
        found=paginate(queries.list_problems(found, severity), _problem_keys()),
    )


@bp.route("/<uid:batch>/columns", methods=["GET", "POST"])
@requires(Permission.PERSON_IMPORT)
def columns(batch: str) -> Response:
    """Which column holds what; the file is then read again."""
    found = queries.find_batch(batch)
    form = mapping_form(found.sheets or [], _unit_choices())
    if not form.is_submitted():
        form.version.data = str(found.version)
    if form.validate_on_submit():
        unit = find_unit(form.unit.data) if form.unit.data else None
        again = form.attempt(
            actions.read_again,
            by=viewer(),
            batch=found,
            mapping=form.mapping(),
            unit_id=unit.id if unit else None,
            version=form.opened_version,
        )
        if again is not None:
            _start(again)
            return done(url_for(".show", batch=again.uid))
    return page("hr/people/imports/columns.html", form=form, batch=found)


@bp.post("/<uid:batch>/again")
@requires(Permission.PERSON_IMPORT)
def again(batch: str) -> Response:
    """Reads the same file once more: after an interruption, or when the register has moved on."""
    found, form = queries.find_batch(batch), DecisionForm()
    if not form.validate_on_submit():
        raise Unprocessable(_("Open the import again"))
    fresh = actions.read_again(
        by=viewer(), batch=found, mapping=None, unit_id=found.unit_id, token=form.submission.data
    )
    _start(fresh)
    return done(url_for(".show", batch=fresh.uid))


@bp.post("/<uid:batch>/confirm")
@requires(Permission.PERSON_IMPORT)
def confirm(batch: str) -> Response:
    """Writes all of it or nothing."""
    found, form = queries.find_batch(batch), DecisionForm()
    if not form.validate_on_submit():
        raise Unprocessable(_("Open the import again"))
    here = url_for(".show", batch=found.uid)
    try:
        confirming.confirm(by=viewer(), batch=found, version=form.opened_version, token=form.submission.data)
    except Conflict:
        return done(here, _("The register has changed since the file was read: read the file again and compare"))
    except Unprocessable as refusal:
        return done(here, refusal.message)
    return done(here, _("Imported: the register has changed"))


@bp.post("/<uid:batch>/discard")
@requires(Permission.PERSON_IMPORT)
def discard(batch: str) -> Response:
    """Sets the import aside."""
    found, form = queries.find_batch(batch), DecisionForm()
    if not form.validate_on_submit():
        raise Unprocessable(_("Open the import again"))
    actions.discard(by=viewer(), batch=found, version=form.opened_version, token=form.submission.data)
    return done(url_for(".index"), _("The import was set aside; nothing has changed"))


def _received(form: UploadForm) -> ImportBatch | None:
    upload = form.file.data
    unit = find_unit(form.unit.data) if form.unit.data else None
    try:
        limit = current_app.extensions["config"].max_upload_mb << 20
        sha256, size = keep_upload(upload.stream, limit)
    except Unprocessable as refusal:
        form.refuse(refusal)
        return None
    batch: ImportBatch | None = form.attempt(
        actions.begin,
        by=viewer(),
        filename=upload.filename or "",
        sha256=sha256,
        size=size,
        unit_id=unit.id if unit else None,
    )
    if batch is not None and batch.status is ImportStatus.READING and not batch.total:
        _start(batch)
    return batch


def _start(batch: ImportBatch) -> None:
    db.session.rollback()
    reading.start(current_app._get_current_object(), viewer(), batch.uid)  # type: ignore[attr-defined]


def _unit_choices() -> list[tuple[str, Any]]:
    return [(unit.uid, unit.name) for unit in db.session.scalars(queries.units_to_choose(viewer().today))]


def _problem_keys() -> Keyset:
    return Keyset((ImportProblem.severity, ImportProblem.id), ImportProblem.uid)


def _outcome(text: str | None) -> LineOutcome | None:
    if not text:
        return None
    try:
        return LineOutcome(text)
    except ValueError:
        raise Missing from None
