"""Papers behind the qualifications: stored with the entry they prove, opened only through it."""

from dataclasses import replace

from sqlalchemy import select

from core.actions import action
from core.db import db
from core.errors import Missing
from core.files import Document, Stored, record_document
from core.permissions import Permission
from core.scope import Viewer
from hr.people import paper_actions
from hr.people.models import Person, Qualification
from hr.people.seeds import QualificationSeed


@action(Permission.QUALIFICATION_EDIT)
def add_qualification(
    *, by: Viewer, person: Person, seed: QualificationSeed, stored: Stored | None, version: int | None = None
) -> Qualification:
    """A new qualification together with its evidence."""
    return paper_actions.add_qualification(
        by=by, person=person, seed=_with(by, seed, stored), version=version
    )


@action(Permission.QUALIFICATION_EDIT)
def edit_qualification(
    *,
    by: Viewer,
    person: Person,
    qualification: Qualification,
    seed: QualificationSeed,
    stored: Stored | None,
    version: int | None = None,
) -> Qualification:
    """A corrected qualification; new evidence takes the place of the old, which the log still names."""
    kept = replace(seed, document_id=qualification.document_id)
    return paper_actions.edit_qualification(
        by=by, person=person, qualification=qualification, seed=_with(by, kept, stored), version=version
    )


def find_evidence(person: Person, uid: str) -> Document:
    """A document that hangs on a qualification of `person`; Missing for any other."""
    query = select(Document).join(Qualification, Qualification.document_id == Document.id)
    document = db.session.scalar(query.where(Qualification.person_id == person.id, Document.uid == uid))
    if document is None:
        raise Missing
    return document


def scan_of(row: Qualification) -> Document | None:
    """The scan of a paper, where there is one."""
    return db.session.get(Document, row.document_id) if row.document_id is not None else None


def _with(by: Viewer, seed: QualificationSeed, stored: Stored | None) -> QualificationSeed:
    if stored is None:
        return seed
    return replace(seed, document_id=record_document(by=by, stored=stored).id)
