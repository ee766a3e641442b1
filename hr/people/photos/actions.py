"""Writes of photographs: put in, taken out. No file is deleted."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.actions import action, lock
from core.db import db
from core.errors import Unprocessable
from core.files import Document, Stored, record_document
from core.permissions import Permission
from core.scope import Viewer
from hr.people.actions import changed_file
from hr.people.models import Person
from hr.people.photos.models import PersonPhoto
from hr.people.photos.queries import photo_of


@action(Permission.PERSON_EDIT)
def set_photo(*, by: Viewer, person: Person, stored: Stored, version: int | None = None) -> Person:
    """Puts a photograph in the place of the one there, or of none."""
    person = lock(person, version)
    before = photo_of(person)
    _put(person, record_document(by=by, stored=stored))
    return changed_file(person, {"photo": [before.sha256 if before else None, stored.sha256]})


@action(Permission.PERSON_EDIT)
def remove_photo(*, by: Viewer, person: Person, reason: str, version: int | None = None) -> Person:
    """Takes out a photograph that does not belong there."""
    person = lock(person, version)
    before = photo_of(person)
    if before is None:
        raise Unprocessable(_l("There is no photograph to take out"))
    _put(person, None)
    return changed_file(person, {"photo": [before.sha256, None]}, reason=reason)


def _put(person: Person, document: Document | None) -> None:
    row = db.session.scalar(select(PersonPhoto).where(PersonPhoto.person_id == person.id))
    if row is None:
        row = PersonPhoto(person_id=person.id)
        db.session.add(row)
    row.document_id = document.id if document is not None else None
