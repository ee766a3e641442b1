"""Authorised absences: who is away on a day, in a week or month; recorded, corrected, annulled."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core.errors import Missing
from core.forms import read_date
from core.paging import page_of
from core.permissions import Permission, requires
from core.web import done, page, viewer
from core.words import show_date
from hr.people import rules as people_rules
from hr.people.absences import actions, queries, rules
from hr.people.absences.forms import FIELDS, AbsenceForm
from hr.people.absences.models import Absence
from hr.people.forms.service import ReasonForm
from hr.people.models import Person
from hr.people.routes.blueprint import file_url, form_page, list_title, open_file, opened, unit_menu

bp = Blueprint("absences", __name__)


@bp.get("/absences")
@requires(Permission.ABSENCE_READ)
def index() -> Response:
    """Who is away: today, or in the day, week or month asked for; of one unit or of all in reach."""
    period, on, unit = _asked()
    first, last = rules.days_of(period, on)
    menu = unit_menu()
    units = [option for _group, options in menu.unit_groups() for option in options]
    if unit is not None and unit not in dict(units):
        raise Missing
    return page(
        "hr/people/absences/index.html",
        fragment="hr/people/absences/_index.html",
        found=page_of(queries.list_absences(viewer(), first, last, unit)),
        units=units,
        unit=unit,
        period=period,
        periods=_tabs(period, on, unit),
        first=first,
        last=last,
        before=_address(period, first - timedelta(days=1), unit),
        after=_address(period, last + timedelta(days=1), unit),
        today=viewer().today,
        list_title=list_title(),
        days=rules.span_words,
    )


@bp.get("/people/<uid:person>/absences")
@requires(Permission.ABSENCE_READ)
def of_person(person: str) -> Response:
    """The absences of one person: a page, and the section that the person's page opens by a click."""
    found = open_file(person)
    return page(
        "hr/people/absences/person.html",
        fragment="hr/people/absences/_person.html",
        person=found,
        absences=queries.absences_of(found),
        span_words=rules.span_words,
        today=viewer().today,
        back_url=file_url(found),
    )


@bp.route("/people/<uid:person>/absences/new", methods=["GET", "POST"])
@requires(Permission.ABSENCE_EDIT)
def new(person: str) -> Response:
    found = open_file(person)
    people_rules.check_can_move(found.status)
    form = opened(AbsenceForm(), found)
    if form.validate_on_submit():
        if form.attempt(actions.record_absence, by=viewer(), person=found, seed=form.seed()):
            return done(_absences_url(found), _("The absence was recorded"))
        _link_to_other(form)
    title = _("Authorised absence")
    return form_page(form, found, [(None, FIELDS)], title=title, submit=_("Record the absence"))


@bp.route("/absences/<uid:absence>/edit", methods=["GET", "POST"])
@requires(Permission.ABSENCE_EDIT)
def edit(absence: str) -> Response:
    row, person = _opened(absence)
    form = opened(AbsenceForm.of(row, queries.reason_of(row)), row)
    form.theirs = lambda: AbsenceForm.of(row, queries.reason_of(row), formdata=None)
    if form.validate_on_submit():
        sent = {"absence": row, "seed": form.seed(), "version": form.opened_version}
        if form.attempt(actions.correct_absence, by=viewer(), **sent):
            return done(_absences_url(person), _("Saved"))
        _link_to_other(form)
    return form_page(form, person, [(None, FIELDS)], title=_("Correct an absence"), submit=_("Save"))


@bp.route("/absences/<uid:absence>/annul", methods=["GET", "POST"])
@requires(Permission.ABSENCE_EDIT)
def annul(absence: str) -> Response:
    row, person = _opened(absence)
    form = opened(ReasonForm(), row)
    if form.validate_on_submit():
        sent = {"absence": row, "reason": form.reason.data, "version": form.opened_version}
        if form.attempt(actions.annul_absence, by=viewer(), **sent):
            return done(_absences_url(person), _("The entry was annulled"))
    return form_page(
        form,
        person,
        [(None, ("reason",))],
        title=_("Annul an absence"),
        submit=_("Annul"),
        note=rules.span_words(row),
        kind="risky",
    )


def _opened(uid: str) -> tuple[Absence, Person]:
    """An absence that still stands, and whose it is; that the file was opened is logged."""
    row, person = queries.find_absence(uid)
    open_file(person.uid)
    rules.check_stands(row.annulled_at)
    return row, person


def _absences_url(person: Person) -> str:
    return url_for("absences.of_person", person=person.uid)


def _link_to_other(form: AbsenceForm) -> None:
    """The refusal of days that are taken carries the other absence's uid: its address is made here."""
    form.links = {field: url_for("absences.edit", absence=uid) for field, uid in form.links.items()}


def _asked() -> tuple[str, date, str | None]:
    """Period, a day of it, unit; today where no day, or none that can be read, is given."""
    period, unit = request.args.get("period", "day"), request.args.get("unit") or None
    if period not in rules.PERIODS:
        raise Missing
    try:
        return period, read_date(request.args.get("on", "").strip()[:40]), unit
    except ValueError:
        return period, viewer().today, unit


def _address(period: str, on: date, unit: str | None) -> str:
    return url_for("absences.index", period=period, on=show_date(on), unit=unit)


def _tabs(period: str, on: date, unit: str | None) -> list[dict[str, Any]]:
    names = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
    return [
        {"label": names[one], "url": _address(one, on, unit), "current": one == period}
        for one in rules.PERIODS
    ]
