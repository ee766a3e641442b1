"""Pages of Word templates: the list, one template with its fields and history, its files."""

from typing import Any

from flask import Blueprint, Response, send_file, url_for
from flask_babel import gettext as _

from core.errors import Unprocessable
from core.files import send_document
from core.permissions import Permission, Realm, requires
from core.subjects import WordTemplate
from core.web import done, page, viewer
from core.word import (
    checked,
    find_template,
    in_use,
    replace_template,
    replacements,
    restore_template,
)
from reports.word import queries
from reports.word.forms import RestoreForm, TemplateForm

bp = Blueprint("word", __name__, url_prefix="/word-templates")


@bp.get("")
@requires(Permission.TEMPLATE_REPLACE)
def index() -> Response:
    """Every paper in Word, and whether the shipped template holds or the office's."""
    lines = queries.list_templates()
    names = queries.names_of(line.row for line in lines)
    return page("reports/word/index.html", lines=lines, names=names)


@bp.route("/<string:code>", methods=["GET", "POST"])
@requires(Permission.TEMPLATE_REPLACE)
def show(code: str) -> Response:
    """One template: what holds, its fields, a file in its place, what held before."""
    template, form = find_template(code), TemplateForm()
    if form.validate_on_submit() and _replaced(template, form):
        return done(url_for("word.show", code=code), _("The template was checked and is in use"))
    rows = replacements(code)
    held = in_use(rows, code)
    form.seen.data = held.uid if held else ""
    return page(
        "reports/word/show.html",
        form=form,
        template=template,
        held=held,
        rows=rows,
        names=queries.names_of(rows),
        fields=queries.fields_of(template),
        whole=viewer().sees_everything(Realm.PERSONNEL),
    )


@bp.route("/<string:code>/restore", methods=["GET", "POST"])
@requires(Permission.TEMPLATE_REPLACE)
def restore(code: str) -> Response:
    """Asks, then lets the shipped template hold again."""
    template, form = find_template(code), RestoreForm()
    seen = {"code": code, "seen": form.seen.data or ""}
    if form.validate_on_submit() and form.attempt(restore_template, by=viewer(), **seen):
        return done(url_for("word.show", code=code), _("The shipped template is in use again"))
    held = in_use(replacements(code), code)
    form.seen.data = held.uid if held else ""
    return page("reports/word/restore.html", form=form, template=template, held=held)


@bp.get("/<string:code>/shipped")
@requires(Permission.TEMPLATE_REPLACE)
def shipped(code: str) -> Response:
    """The template as it came with the program."""
    path = find_template(code).shipped
    return send_file(path, as_attachment=True, download_name=path.name, etag=False)


@bp.get("/<string:code>/files/<uid:replacement>")
@requires(Permission.TEMPLATE_REPLACE)
def file(code: str, replacement: str) -> Response:
    """A file the office put in place, now or before."""
    rows = replacements(find_template(code).code)
    return send_document(queries.find_replacement(rows, replacement).document)


def _replaced(template: WordTemplate, form: TemplateForm) -> Any:
    """The new replacement; None when the file or the action was refused, which the form then says."""
    upload = form.file.data
    try:
        stored = checked(template, upload.stream, upload.filename)
    except Unprocessable as refusal:
        form.refuse(refusal)
        return None
    sent = {"code": template.code, "stored": stored, "seen": form.seen.data or ""}
    return form.attempt(replace_template, by=viewer(), **sent)
