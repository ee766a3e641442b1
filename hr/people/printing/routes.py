"""Papers of one person, form 2C and the statement for the person concerned: a page to print, and the same in
Word. Each making is logged before its body."""

from datetime import date
from typing import Any

from flask import Response
from flask_babel import force_locale

from core import audit
from core.audit import AuditType
from core.permissions import Permission, requires
from core.subjects import due_dates, running_about
from core.text import fold
from core.web import page, viewer
from core.word import LANGUAGE, render, send_word
from hr.people.models import Person
from hr.people.printing import form_2c as form
from hr.people.printing import statement as paper
from hr.people.printing.filling import form_2c_of
from hr.people.printing.queries import beside_of, file_of, photo_bytes
from hr.people.queries import find_person
from hr.people.routes.blueprint import bp, file_url
from hr.people.trail import openings_of, timeline_of

#: Openings a statement lists at most, newest first.
OPENINGS = 1000


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
    body = render(form.TEMPLATE.code, form.with_room(form_2c_of(file)), photo_bytes(file))
    return send_word(body, _name("2c", found))


@bp.get("/<uid:person>/statement")
@requires(Permission.PERSON_READ_CHANGES)
def statement(person: str) -> Response:
    """The statement for the person concerned as a page for the printer."""
    found = find_person(person)
    audit.record_view(AuditType.STATEMENT_PRINTED, found)
    return page(
        "hr/people/printing/statement.html",
        person=found,
        back_url=file_url(found),
        paper=paper,
        data=_statement(found),
    )


@bp.get("/<uid:person>/statement/word")
@requires(Permission.PERSON_READ_CHANGES)
def statement_word(person: str) -> Response:
    """The same in Word, by the template in use."""
    found = find_person(person)
    audit.record_view(AuditType.STATEMENT_DOWNLOADED, found)
    body = render(paper.TEMPLATE.code, _statement(found))
    return send_word(body, _name("ban-cung-cap-thong-tin", found))


def _statement(person: Person) -> dict[str, Any]:
    """Its data: the whole file, what is due or under way, and who opened it, in Vietnamese."""
    who = viewer()
    with force_locale(LANGUAGE):
        beside = beside_of(person, who)
        return paper.statement_of(
            file_of(person, who, whole=True),
            beside,
            # Also what was decided and takes effect later.
            timeline=timeline_of(person, date.max),
            due=due_dates(who, person.uid),
            running=running_about(who, person.uid),
            openings=openings_of(person, OPENINGS, [merge.uid for merge in beside.merges]),
        )


def _name(kind: str, person: Person) -> str:
    """The name of the file: people of one name differ by the end of the file's uid."""
    return "-".join((kind, *fold(person.full_name).split(), person.uid[-4:]))
