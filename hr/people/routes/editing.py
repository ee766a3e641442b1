"""A new personnel file, its facts and background corrected, its service ended and reopened."""

from flask import Response, url_for
from flask_babel import gettext as _

from core.permissions import Permission, requires
from core.web import done, page, viewer
from hr.people import actions, queries, remarks
from hr.people.forms.person import PERSON_FIELDS, BackgroundForm, NewPersonForm, PersonForm
from hr.people.forms.service import EndServiceForm, ReasonForm
from hr.people.routes.blueprint import bp, file_url, form_page, open_file, opened, remark, unit_menu

BACKGROUND = ("ethnicity", "religion", "party_joined_on", "party_official_on", "party_post")


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PERSON_CREATE)
def new() -> Response:
    form = NewPersonForm(unit_menu())
    form.offer_draft(viewer())
    form.offer_units(form.menu)
    if not form.is_narrowing and form.validate_on_submit():
        person = form.attempt(actions.create_person, by=viewer(), seed=form.seed())
        if person is not None:
            remark(remarks.of_new_file(person))
            return done(file_url(person), _("Personnel file created"))
        _link_to_file(form)
    groups = _new_groups()
    return page("hr/people/new.html", fragment="hr/people/_new_form.html", form=form, groups=groups)


@bp.route("/<uid:person>/edit", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def edit(person: str) -> Response:
    found = open_file(person)
    form = PersonForm(obj=found)
    form.offer_draft(viewer())
    if form.validate_on_submit():
        values, version = form.facts(), form.opened_version
        if form.attempt(actions.edit_person, by=viewer(), person=found, values=values, version=version):
            remark(remarks.of_person(found))
            return done(file_url(found), _("Saved"))
        _link_to_file(form)
    return form_page(
        form, found, [(None, PERSON_FIELDS)], title=_("Correct the personal facts"), submit=_("Save")
    )


@bp.route("/<uid:person>/background", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def edit_background(person: str) -> Response:
    found = open_file(person)
    form = opened(BackgroundForm(obj=queries.background_of(found)), found)
    form.theirs = lambda: BackgroundForm(formdata=None, obj=queries.background_of(found))
    if form.validate_on_submit():
        values, version = form.background(), form.opened_version
        if form.attempt(actions.edit_background, by=viewer(), person=found, values=values, version=version):
            return done(file_url(found, "background"), _("Saved"))
    title = _("Party, ethnicity, religion")
    return form_page(form, found, [(None, BACKGROUND)], title=title, submit=_("Save"))


@bp.route("/<uid:person>/end-service", methods=["GET", "POST"])
@requires(Permission.PERSON_END_SERVICE)
def end_service(person: str) -> Response:
    found = open_file(person)
    form = opened(EndServiceForm(), found)
    if form.validate_on_submit():
        values = {
            "status": form.status.data,
            "ended_on": form.ended_on.data,
            "reason": form.reason.data or None,
        }
        if form.attempt(
            actions.end_service, by=viewer(), person=found, version=form.opened_version, **values
        ):
            return done(file_url(found), _("End of service recorded"))
    return form_page(
        form,
        found,
        [(None, ("status", "ended_on", "reason"))],
        title=_("End of service"),
        submit=_("Record the end of service"),
        kind="risky",
        note=_("Every assignment that runs beyond the last day ends on it."),
    )


@bp.route("/<uid:person>/reopen", methods=["GET", "POST"])
@requires(Permission.PERSON_END_SERVICE)
def reopen(person: str) -> Response:
    found = open_file(person)
    form = opened(ReasonForm(), found)
    if form.validate_on_submit():
        values = {"reason": form.reason.data, "version": form.opened_version}
        if form.attempt(actions.reopen_service, by=viewer(), person=found, **values):
            return done(file_url(found), _("The end of service was taken back"))
    return form_page(
        form,
        found,
        [(None, ("reason",))],
        title=_("Take back the end of service"),
        submit=_("Take back"),
        note=_("For an end of service recorded by mistake: the own place runs on as before."),
    )


def _link_to_file(form: PersonForm) -> None:
    """The refusal of a number already there carries the file's uid: its address is made here."""
    form.links = {field: url_for("people.show", person=uid) for field, uid in form.links.items()}


def _new_groups() -> list[tuple[str, tuple[str, ...]]]:
    place = ("unit", "division", "post", "category", "kind", "management_tier", "managing_unit", "starts_on")
    ranks = ("rank_code", "step", "coefficient", "rank_starts_on", "rank_decision_note")
    return [
        (_("Person"), PERSON_FIELDS),
        (_("Present place"), (*place, "decision_note")),
        (_("Rank and step"), ranks),
        (_("Party, ethnicity, religion"), BACKGROUND),
    ]
