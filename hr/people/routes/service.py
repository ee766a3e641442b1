"""Assignments and ranks of one person: move, further assignment, end, annul; rank and step."""

from flask import Response
from flask_babel import gettext as _

from core.permissions import Permission, requires
from core.web import done, viewer
from hr.people import paper_actions, queries, remarks, rules, service_actions
from hr.people.enums import Category
from hr.people.forms.service import (
    EndAssignmentForm,
    FurtherAssignmentForm,
    MoveForm,
    RankForm,
    ReasonForm,
)
from hr.people.models import Person
from hr.people.routes.blueprint import bp, file_url, form_page, open_file, opened, remark, unit_menu

PLACE = ("unit", "division", "post", "category", "kind", "management_tier", "managing_unit", "starts_on")
RANK = ("rank_code", "step", "coefficient", "rank_starts_on", "rank_decision_note")


@bp.route("/<uid:person>/move", methods=["GET", "POST"])
@requires(Permission.PERSON_MOVE)
def move(person: str) -> Response:
    found = open_file(person)
    rules.check_can_move(found.status)
    form = opened(MoveForm(unit_menu(), category=_category(found)), found)
    if not form.is_narrowing and form.validate_on_submit():
        values = {"to": form.seed(), "version": form.opened_version}
        if row := form.attempt(service_actions.move_person, by=viewer(), person=found, **values):
            remark(remarks.of_assignment(row))
            return done(file_url(found), _("The move was recorded"))
    return form_page(
        form,
        found,
        [(None, (*PLACE, "decision_note"))],
        title=_("Move"),
        submit=_("Record the move"),
        note=_("The present place ends on the day before. Posts held beside it run on."),
    )


@bp.route("/<uid:person>/assignments/new", methods=["GET", "POST"])
@requires(Permission.PERSON_MOVE)
def assign(person: str) -> Response:
    found = open_file(person)
    rules.check_can_move(found.status)
    form = opened(FurtherAssignmentForm(unit_menu(), category=_category(found)), found)
    if not form.is_narrowing and form.validate_on_submit():
        values = {"seed": form.seed(), "version": form.opened_version}
        if row := form.attempt(service_actions.add_assignment, by=viewer(), person=found, **values):
            remark(remarks.of_assignment(row))
            return done(file_url(found, "work"), _("The assignment was recorded"))
    return form_page(
        form,
        found,
        [(None, ("kind", *(n for n in PLACE if n != "kind"), "ends_on", "decision_note"))],
        title=_("Further assignment"),
        submit=_("Record the assignment"),
        note=_("A post held beside the own place: concurrent, acting head, in charge, seconded."),
    )


@bp.route("/<uid:person>/assignments/<uid:assignment>/end", methods=["GET", "POST"])
@requires(Permission.PERSON_MOVE)
def end_assignment(person: str, assignment: str) -> Response:
    found = open_file(person)
    row = queries.find_assignment(found, assignment)
    form = opened(EndAssignmentForm(), found)
    if form.validate_on_submit():
        values = {"assignment": row, "ends_on": form.ends_on.data, "version": form.opened_version}
        if form.attempt(service_actions.end_assignment, by=viewer(), person=found, **values):
            return done(file_url(found, "work"), _("The end was recorded"))
    note = _about(_("Assignment"), f"{row.post} ({row.kind.label})")
    return form_page(
        form,
        found,
        [(None, ("ends_on",))],
        title=_("End an assignment"),
        submit=_("Record the end"),
        note=note,
    )


@bp.route("/<uid:person>/assignments/<uid:assignment>/annul", methods=["GET", "POST"])
@requires(Permission.PERSON_MOVE)
def annul_assignment(person: str, assignment: str) -> Response:
    found = open_file(person)
    row = queries.find_assignment(found, assignment)
    form = opened(ReasonForm(), found)
    if form.validate_on_submit():
        values = {"assignment": row, "reason": form.reason.data, "version": form.opened_version}
        if form.attempt(service_actions.annul_assignment, by=viewer(), person=found, **values):
            return done(file_url(found, "work"), _("The entry was annulled"))
    return _annul_page(form, found, _about(_("Assignment"), f"{row.post} ({row.kind.label})"))


@bp.route("/<uid:person>/ranks/new", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def add_rank(person: str) -> Response:
    found = open_file(person)
    form = opened(RankForm(), found)
    if form.validate_on_submit():
        values = {"seed": form.rank(), "version": form.opened_version}
        if row := form.attempt(paper_actions.add_rank_step, by=viewer(), person=found, **values):
            remark(remarks.of_rank(row))
            return done(file_url(found, "work"), _("Rank and step recorded"))
    title = _("Rank and step")
    return form_page(form, found, [(None, RANK)], title=title, submit=_("Record rank and step"))


@bp.route("/<uid:person>/ranks/<uid:rank>/annul", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def annul_rank(person: str, rank: str) -> Response:
    found = open_file(person)
    row = queries.find_rank_step(found, rank)
    form = opened(ReasonForm(), found)
    if form.validate_on_submit():
        values = {"rank_step": row, "reason": form.reason.data, "version": form.opened_version}
        if form.attempt(paper_actions.annul_rank_step, by=viewer(), person=found, **values):
            return done(file_url(found, "work"), _("The entry was annulled"))
    title = queries.timeline_title("rank", f"{row.rank_code}|{row.step}")
    return _annul_page(form, found, _about(_("Rank and step"), title))


def _category(person: Person) -> Category | None:
    """The category of the present place, which a new one usually keeps."""
    place = queries.places_of([person.id], viewer().today).get(person.id)
    return place.category if place else None


def _annul_page(form: ReasonForm, person: Person, note: str) -> Response:
    return form_page(
        form,
        person,
        [(None, ("reason",))],
        title=_("Annul an entry"),
        submit=_("Annul"),
        note=note,
        kind="risky",
    )


def _about(what: str, which: str) -> str:
    return f"{what}: {which}"
