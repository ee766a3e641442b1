"""Reads of photographs: whether a file has one, and the one of a person."""

from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, select

from core.db import db
from core.errors import Missing
from core.files import Document
from hr.people.models import Person
from hr.people.photos.models import PersonPhoto


def photo_of(person: Person) -> Document | None:
    """The photograph of a person. One statement."""
    found: Document | None = db.session.scalar(_photo(), {"person_id": person.id})
    return found


def find_photo(uid: str) -> tuple[Person, Document]:
    """(person, photograph); Missing when the person is absent or hidden, or has none. One statement."""
    query = (
        select(Person, Document)
        .join(PersonPhoto, PersonPhoto.person_id == Person.id)
        .join(Document, Document.id == PersonPhoto.document_id)
    )
    found = db.session.execute(query.where(Person.uid == uid)).first()
    if found is None:
        raise Missing
    person, photo = found
    return person, photo


@cache
def _photo() -> Any:
    query = select(Document).join(PersonPhoto, PersonPhoto.document_id == Document.id)
    return query.where(PersonPhoto.person_id == bindparam("person_id", type_=Integer()))
