"""The list of people and its export."""

from dataclasses import dataclass, replace
from typing import IO, Any

from flask import Response, request, send_file, url_for
from flask_babel import gettext as _

from core.catalogue import spoken
from core.changes import until_changed
from core.marks import is_demo
from core.paging import Page, paginate
from core.permissions import Permission, requires
from core.scope import Viewer
from core.subjects import Figure
from core.text import holds_number
from core.web import done, page, viewer
from hr.people.exchange.actions import export_files
from hr.people.exchange.queries import count_people, people_of
from hr.people.exchange.sheets import sheets_for
from hr.people.exports import export_people, rows_for
from hr.people.figures import figures
from hr.people.forms.filters import MORE, QUIET, Listing, day_asked, read_listing
from hr.people.forms.person import ExportForm
from hr.people.lines import lines_of
from hr.people.listing import ANY_STATUS, KEYSET, listed
from hr.people.routes.blueprint import bp, list_title, unit_menu


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter, and the address of the list without it."""

    label: str
    url: str


@bp.get("")
@requires(Permission.PERSON_READ)
def index() -> Response:
    if holds_number(request.args.get("q", "")):
        return done(url_for(".index"), _("Look for a number in the box at the top: no address may hold it"))
    asked = _asked()
    found = _page_of(asked)
    return page(
        "hr/people/index.html",
        fragment="hr/people/_list.html",
        status=422 if asked.form.errors else 200,
        listing=asked,
        found=found,
        lines=_lines(asked, found),
        chips=_chips(asked),
        quiet=QUIET,
        more=[name for name in MORE if name in asked.form],
        title=list_title(),
        export_url=url_for("people.export", **_kept(asked)),
        clear_url=url_for("people.index"),
    )


@bp.route("/export", methods=["GET", "POST"])
@requires(Permission.PERSON_EXPORT)
def export() -> Response:
    asked, form = _asked(), ExportForm()
    if form.validate_on_submit():
        title = " · ".join([_("People"), *_head(asked)])
        book = export_people(
            by=viewer(),
            filters=asked.filters,
            described=asked.described,
            columns=asked.columns,
            as_of=asked.as_of,
            purpose=form.purpose.data,
            title=title,
        )
        return _download(book, f"danh-sach-can-bo-{asked.as_of:%Y-%m-%d}.xlsx")
    kept = _kept(asked)
    return page(
        "hr/people/export.html",
        form=form,
        listing=asked,
        found=_page_of(asked),
        list_title=list_title(),
        back_url=url_for("people.index", **kept),
        action=url_for("people.export", **kept),
        whole_url=url_for("people.export_whole_files", **_kept(asked, "cols")),
    )


@bp.route("/export/whole-files", methods=["GET", "POST"])
@requires(Permission.PERSON_EXPORT_WHOLE)
def export_whole_files() -> Response:
    asked, form = _asked(), ExportForm()
    people = people_of(asked.filters, asked.as_of)
    if form.validate_on_submit():
        described = {**asked.described, "as_of": asked.as_of.isoformat()}
        written = export_files(by=viewer(), people=people, described=described, purpose=form.purpose.data)
        return _download(written.stream, f"ho-so-day-du-{asked.as_of:%Y-%m-%d}.zip")
    kept = _kept(asked, "cols")
    return page(
        "hr/people/export_whole_files.html",
        form=form,
        listing=asked,
        count=count_people(people),
        sheets=sheets_for(viewer()),
        back_url=url_for("people.export", **kept),
        action=url_for("people.export_whole_files", **kept),
        everybody_url=url_for("people.export_whole_files", status=ANY_STATUS),
    )


def headline_figures(who: Viewer) -> list[Figure]:
    """The headline figures of the viewer's area, each a link to exactly the people it counts."""
    if not who.can(Permission.FIGURES_READ):
        return []
    return [
        replace(found, url=url_for("people.index", figure=found.code))
        for found in figures(who, who.today)
        # To a chair, that all of the own people are at the commune level tells nothing.
        if not (found.code == "commune_level" and found.value == found.whole)
    ]


def _download(file: IO[bytes], name: str) -> Response:
    return send_file(file, as_attachment=True, download_name=name, etag=False)


def _asked() -> Listing:
    day = day_asked(request.args, viewer().today)
    return read_listing(request.args, viewer(), unit_menu(day), day)


def _page_of(asked: Listing) -> Page:
    return paginate(listed(asked.filters, asked.as_of), KEYSET, letters=True)


def _lines(asked: Listing, found: Page) -> list[tuple[str, ...]]:
    """The page in words, kept until something changes: who opens a person comes back to the list."""
    people, one_unit = found.rows, len(asked.menu.units) == 1

    def put_into_words() -> list[tuple[str, ...]]:
        return lines_of(rows_for(people, asked.columns, asked.as_of), asked.columns, one_unit=one_unit)

    ids, columns = tuple(row.id for row in people), tuple(column.key for column in asked.columns)
    return until_changed(("lines", ids, columns, one_unit, asked.as_of, spoken(), viewer()), put_into_words)


def _kept(asked: Listing, *without: str) -> Any:
    """The parameters of this list: its filters and columns, but not the place in it."""
    names = {*asked.form.filter_names, "cols"} - {*without}
    return {name: values for name, values in request.args.lists() if name in names and any(values)}


def _chips(asked: Listing) -> list[Chip]:
    return [
        Chip(f"{label}: {value}", url_for("people.index", **_kept(asked, name)))
        for name, label, value in asked.form.active()
    ]


def _head(asked: Listing) -> list[str]:
    """What the first line of the file says besides its name."""
    parts = [_("as of %(date)s", date=f"{asked.as_of:%d/%m/%Y}"), *asked.described.values()]
    if is_demo():
        parts.append(_("Illustrative data: people and events are invented"))
    return parts
