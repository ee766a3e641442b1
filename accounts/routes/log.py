"""The log: whole for the data protection officer, administration only for the administrator."""

from flask import Blueprint, Response, request, url_for

from accounts import exports, queries
from accounts.forms import LogExportForm, LogFilter
from core.audit import AuditType, record_view
from core.paging import PAGE_SIZE
from core.permissions import Permission, requires
from core.web import page

bp = Blueprint("log", __name__, url_prefix="/log")
#: Largest row number both engines take.
_TOP = 2**63 - 1


@bp.get("")
@requires(Permission.AUDIT_READ)
def index():
    """Everything that was done and read, newest first."""
    return _show("accounts/log.html", None)


@bp.get("/administration")
@requires(Permission.AUDIT_READ_ADMINISTRATION)
def administration():
    """What was done to accounts, grants and rules."""
    return _show("accounts/log_administration.html", queries.ADMINISTRATION_TYPES)


@bp.get("/exports")
@requires(Permission.AUDIT_READ)
def exports_made():
    """Who took which list out of the register, and for what."""
    return _show("accounts/log_exports.html", queries.EXPORT_TYPES)


@bp.route("/export", methods=["GET", "POST"])
@requires(Permission.AUDIT_READ)
def export():
    """The log as filtered, for a stated purpose; the export is logged before it is made."""
    filters, form = _filters(None), LogExportForm()
    if form.validate_on_submit():
        record_view(AuditType.LOG_EXPORTED, "log", purpose=form.purpose.data)
        rows = queries.log_rows(queries.list_log(**filters.chosen), exports.LOG_LIMIT)
        body, kind, name = exports.log_file(rows, csv=form.format.data == "csv")
        return Response(
            body, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
    return page("accounts/log_export.html", form=form, filters=filters, kept=_kept(), limit=exports.LOG_LIMIT)


def _show(template, types):
    filters = _filters(types)
    before = request.args.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 20 else None
    query = queries.list_log(types=types, **filters.chosen)
    rows, older = queries.log_page(query, min(number, _TOP) if number is not None else None, PAGE_SIZE)
    return page(
        template,
        fragment="accounts/_log.html",
        filters=filters,
        rows=[exports.log_line(event, unit) for event, unit in rows],
        newest_url=url_for(request.endpoint or "", **_kept()) if number is not None else None,
        older_url=url_for(request.endpoint or "", **_kept(), before=older) if older is not None else None,
        kept=_kept(),
    )


def _filters(types):
    filters = LogFilter(formdata=request.args)
    if types is not None:
        filters.only(types)
    filters.validate()
    return filters


def _kept():
    """The filters of the address, without the page."""
    return {name: value for name, value in request.args.items() if name != "before" and value}
