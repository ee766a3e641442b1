"""Form 2C of one person: a page to print, and the same in Word. Each making is logged before its body."""

from flask import Response

from core import audit
from core.audit import AuditType
from core.permissions import Permission, requires
from core.text import fold
from core.web import page, viewer
from core.word import render, send_word
from hr.people.models import Person
from hr.people.printing import form_2c as form
from hr.people.printing.filling import form_2c_of
from hr.people.printing.queries import file_of, photo_bytes
from hr.people.queries import find_person
from hr.people.routes.blueprint import bp, file_url


@bp.get("/<uid:person>/form-2c")
@requires(Permission.PERSON_EXPORT)
def form_2c(person: str) -> Response:
    """The form as a page for the printer."""
    found = find_person(person)
    audit.record_view(AuditType.FORM_2C_PRINTED, found)
    file = file_of(found, viewer())
    return page(
        "hr/people/printing/form_2c.html",
        person=found,
        back_url=file_url(found),
        form=form,
        data=form_2c_of(file),
        has_photo=file.photo is not None,
    )


@bp.get("/<uid:person>/form-2c/word")
@requires(Permission.PERSON_EXPORT)
def form_2c_word(person: str) -> Response:
    """The form in Word, by the template in use."""
    found = find_person(person)
    audit.record_view(AuditType.FORM_2C_DOWNLOADED, found)
    file = file_of(found, viewer())
    return send_word(render(form.TEMPLATE.code, form_2c_of(file), photo_bytes(file)), _name("2c", found))


def _name(paper: str, person: Person) -> str:
    """The name of the file: people of one name differ by the end of the file's uid."""
    return "-".join((paper, *fold(person.full_name).split(), person.uid[-4:]))
