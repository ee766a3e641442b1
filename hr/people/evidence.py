"""Papers behind the qualifications: stored with the entry they prove, opened only through it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, select

from accounts.models import User
from core.actions import action
from core.db import db
from core.errors import Missing
from core.files import Document, Stored, record_document
from core.permissions import Permission
from core.scope import Viewer, read_rows
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


def evidence_of(person: Person) -> dict[int, Document]:
    """Key → document of everything attached to the qualifications of `person`, newest first."""
    found: Sequence[Document] = db.session.scalars(_attached(), {"person_id": person.id}).unique().all()
    return {document.id: document for document in found}


def provers_of(papers: Sequence[Qualification]) -> dict[int, str]:
    """Account → name of who proved these papers. One statement, none when nobody did."""
    ids = sorted({row.proof_by_id for row in papers if row.proof_by_id is not None})
    if not ids:
        return {}
    found: Any = read_rows(_named_accounts(), {"ids": ids})
    return {row.id: row.display_name for row in found}


@cache
def _named_accounts() -> Any:
    return select(User.id, User.display_name).where(User.id.in_(bindparam("ids", expanding=True)))


@cache
def _attached() -> Any:
    query = select(Document).join(Qualification, Qualification.document_id == Document.id)
    mine = Qualification.person_id == bindparam("person_id", type_=Integer())
    return query.where(mine).order_by(Document.created_at.desc(), Document.id)


def _with(by: Viewer, seed: QualificationSeed, stored: Stored | None) -> QualificationSeed:
    if stored is None:
        return seed
    return replace(seed, document_id=record_document(by=by, stored=stored).id)
