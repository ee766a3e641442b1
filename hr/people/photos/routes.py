"""The photograph of a person: shown, put in, taken out."""

from typing import Any

from flask import Response
from flask_babel import gettext as _

from core import audit
from core.audit import AuditType
from core.files import show_picture, store_portrait
from core.permissions import Permission, requires
from core.web import done, viewer
from hr.people.forms.service import ReasonForm
from hr.people.models import Person
from hr.people.photos import actions, queries
from hr.people.photos.forms import PhotoForm
from hr.people.routes.blueprint import bp, file_url, form_page, open_file, opened


@bp.get("/<uid:person>/photo")
@requires(Permission.PERSON_READ)
def photo(person: str) -> Response:
    """The photograph as it stands on the page of its person."""
    found, picture = queries.find_photo(person)
    audit.record_view(AuditType.PERSON_OPENED, found)
    return show_picture(picture)


@bp.route("/<uid:person>/photo/edit", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def edit_photo(person: str) -> Response:
    """Puts a photograph in the place of the one there, or of none."""
    found = open_file(person)
    form = opened(PhotoForm(), found)
    if form.validate_on_submit():
        values = {"person": found, "file": form.file.data, "version": form.opened_version}
        if form.attempt(_set, by=viewer(), **values):
            return done(file_url(found), _("The photograph was put in"))
    names = [(None, ("file",))]
    return form_page(form, found, names, title=_("Photograph"), submit=_("Put the photograph in"))


@bp.route("/<uid:person>/photo/remove", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def remove_photo(person: str) -> Response:
    """Takes out a photograph that does not belong there."""
    found = open_file(person)
    form = opened(ReasonForm(), found)
    if form.validate_on_submit():
        values = {"reason": form.reason.data, "version": form.opened_version}
        if form.attempt(actions.remove_photo, by=viewer(), person=found, **values):
            return done(file_url(found), _("The photograph was taken out"))
    title = _("Take the photograph out")
    return form_page(form, found, [(None, ("reason",))], title=title, submit=_("Take out"), kind="risky")


def _set(*, file: Any, **details: Any) -> Person:
    """The action after its picture was made, which happens outside the gate."""
    return actions.set_photo(stored=store_portrait(file.stream), **details)
