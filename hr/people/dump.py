"""The personnel tables for the canonical dump: natural keys, no ids, times of entry or derived columns.

What was annulled is left out: it never held, and only the log and the page of the file tell of it. So a
register in which an entry was taken back is the same as one in which it was never made."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from core.db import db
from core.files import Document
from core.units import Unit
from hr.people.absences.models import Absence, AbsenceReason
from hr.people.checks.models import CheckPoint
from hr.people.confirmations.models import RosterLine
from hr.people.groups.registry import GROUPS
from hr.people.letters.models import IssuerLetter, IssuerLetterPaper
from hr.people.merging.models import DifferentPeople, PersonMerge
from hr.people.models import Assignment, Person, PersonBackground, Qualification, RankStep
from hr.people.photos.models import PersonPhoto
from hr.people.proposals.enums import Part
from hr.people.proposals.models import Proposal, ProposalLine
from hr.people.proposals.parts import UNITS

Rows = Iterable[Mapping[str, Any]]

_PERSON = (
    "id_number full_name other_name sex born_on birthplace native_place recruited_on recruited_by "
    "status status_since status_reason ended_on"
).split()
_BACKGROUND = "ethnicity religion party_joined_on party_official_on party_post".split()
_ASSIGNMENT = "kind post person_name category management_tier ends_on decision_note".split()
_LETTER = "issuer number sent_on answer_number answered_on answer_note withdrawn_reason".split()
_RANK = "starts_on rank_code step coefficient decision_note".split()
_QUALIFICATION = (
    "kind level awarded_on awarded_year serial major issuer expires_on studied_from studied_to study_form "
    "proof_state"
).split()
_ABSENCE = "starts_on starts_half ends_on ends_half".split()
_WHY_ABSENT = "kind slip_number note".split()
_PROPOSAL = "part field value state answer".split()
_ROSTER = "quarter person_name post verdict note".split()


def dump() -> Iterable[tuple[str, Rows]]:
    """(table, rows) of the personnel file; each row begins with its natural key. The tokens of names
    are left out: they follow from the names."""
    yield (
        "person",
        ({name: getattr(row, name) for name in _PERSON} for row in db.session.scalars(select(Person))),
    )
    yield "person_background", _of_person(PersonBackground, _BACKGROUND)
    yield "assignment", _assignments()
    yield "rank_step", _of_person(RankStep, _RANK)
    yield "qualification", _qualifications()
    for group in GROUPS.values():
        names = [*group.key, *(name for name in group.names if name not in group.key)]
        yield group.table.__tablename__, _of_person(group.table, names)
    yield "person_photo", _photos()
    yield "check_point", _settlements()
    yield "issuer_letter", _letters()
    yield "person_merge", _merges()
    yield "different_people", _different()
    yield "absence", _absences()
    yield "proposal_line", _proposals()
    yield "roster_line", _roster()


def _of_person(cls: Any, names: list[str]) -> Rows:
    query: Select[Any] = select(Person.id_number, cls).join(Person, Person.id == cls.person_id)
    if hasattr(cls, "annulled_at"):
        query = query.where(cls.annulled_at.is_(None))
    return (_row(number, row, names) for number, row in db.session.execute(query))


def _assignments() -> Rows:
    unit, division, managing = aliased(Unit), aliased(Unit), aliased(Unit)
    query = (
        select(Person.id_number, Assignment, *_key(unit), *_key(division), *_key(managing))
        .join(Person, Person.id == Assignment.person_id)
        .join(unit, unit.id == Assignment.unit_id)
        .outerjoin(division, division.id == Assignment.division_id)
        .outerjoin(managing, managing.id == Assignment.managing_unit_id)
        .where(Assignment.annulled_at.is_(None))
    )
    for number, row, *keys in db.session.execute(query):
        yield {
            "id_number": number,
            "starts_on": row.starts_on,
            "unit": _named(*keys[:2]),
            "division": _named(*keys[2:4]),
            "managing_unit": _named(*keys[4:]),
            **_row(number, row, _ASSIGNMENT),
        }


def _qualifications() -> Rows:
    query = (
        select(Person.id_number, Qualification, Document.sha256)
        .join(Person, Person.id == Qualification.person_id)
        .outerjoin(Document, Document.id == Qualification.document_id)
        .where(Qualification.annulled_at.is_(None))
    )
    for number, row, sha256 in db.session.execute(query):
        yield {**_row(number, row, _QUALIFICATION), "document": sha256}


def _merges() -> Rows:
    """Former numbers, by the number of the file they went into."""
    query = select(Person.id_number, PersonMerge).join(Person, Person.id == PersonMerge.person_id)
    for number, row in db.session.execute(query):
        yield {"id_number": number, "former_number": row.id_number, "note": row.note}


def _different() -> Rows:
    """Pairs that are marked as two people, the lower number first; a mark taken back leaves nothing."""
    one, other = aliased(Person), aliased(Person)
    query = (
        select(one.id_number, other.id_number, DifferentPeople.note)
        .select_from(DifferentPeople)
        .join(one, one.id == DifferentPeople.one_id)
        .join(other, other.id == DifferentPeople.other_id)
        .where(DifferentPeople.annulled_at.is_(None))
    )
    for *numbers, note in db.session.execute(query):
        low, high = sorted(numbers)
        yield {"id_number": low, "other_id_number": high, "note": note}


def _photos() -> Rows:
    """The picture by its content; a file whose photograph was taken out leaves nothing."""
    query = (
        select(Person.id_number, Document.sha256)
        .join(PersonPhoto, PersonPhoto.person_id == Person.id)
        .join(Document, Document.id == PersonPhoto.document_id)
    )
    for number, sha256 in db.session.execute(query):
        yield {"id_number": number, "document": sha256}


def _settlements() -> Rows:
    """What was settled about points to check; one that was opened again leaves nothing."""
    one, other, owner = aliased(Qualification), aliased(Qualification), aliased(Person)
    query = (
        select(Person.id_number, CheckPoint, one, owner.id_number, other)
        .join(Person, Person.id == CheckPoint.person_id)
        .outerjoin(one, one.id == CheckPoint.qualification_id)
        .outerjoin(other, other.id == CheckPoint.other_id)
        .outerjoin(owner, owner.id == other.person_id)
        .where(CheckPoint.annulled_at.is_(None))
    )
    for number, row, paper, other_number, compared in db.session.execute(query):
        yield {
            "id_number": number,
            "kind": row.kind,
            "paper": _paper_key(paper),
            "other_id_number": other_number,
            "other_paper": _paper_key(compared),
            "note": row.note,
        }


def _letters() -> Rows:
    """One row for each paper a letter asks about; who withdrew it, and when, belongs to the trail."""
    query = (
        select(Person.id_number, IssuerLetter, IssuerLetterPaper, Qualification, Document.sha256)
        .join(IssuerLetterPaper, IssuerLetterPaper.letter_id == IssuerLetter.id)
        .join(Qualification, Qualification.id == IssuerLetterPaper.qualification_id)
        .join(Person, Person.id == Qualification.person_id)
        .outerjoin(Document, Document.id == IssuerLetter.answer_document_id)
    )
    for number, letter, asked, paper, sha256 in db.session.execute(query):
        yield {
            "id_number": number,
            "paper": _paper_key(paper),
            "reply": asked.reply,
            **{name: getattr(letter, name) for name in _LETTER},
            "answer_document": sha256,
            "withdrawn": letter.withdrawn_at is not None,
        }


def _absences() -> Rows:
    query = (
        select(Person.id_number, Absence, AbsenceReason)
        .join(Person, Person.id == Absence.person_id)
        .outerjoin(AbsenceReason, AbsenceReason.absence_id == Absence.id)
        .where(Absence.annulled_at.is_(None))
    )
    for number, row, reason in db.session.execute(query):
        why = {name: getattr(reason, name, None) for name in _WHY_ABSENT}
        yield {**_row(number, row, _ABSENCE), **why}


def _proposals() -> Rows:
    query = (
        select(Person.id_number, ProposalLine, Proposal.reason)
        .join(Person, Person.id == ProposalLine.person_id)
        .join(Proposal, Proposal.id == ProposalLine.proposal_id)
    )
    units = {uid: _named(*key) for uid, *key in db.session.execute(select(Unit.uid, *_key(Unit)))}
    for number, row, reason in db.session.execute(query):
        told = {**_row(number, row, _PROPOSAL), "reason": reason}
        if row.part is Part.PLACE:
            told["value"] = {**row.value, **{name: units.get(row.value[name]) for name in UNITS}}
        yield told


def _roster() -> Rows:
    query = (
        select(Person.id_number, RosterLine, *_key(Unit))
        .join(Person, Person.id == RosterLine.person_id)
        .join(Unit, Unit.id == RosterLine.unit_id)
        .where(RosterLine.annulled_at.is_(None))
    )
    for number, row, *key in db.session.execute(query):
        yield {**_row(number, row, _ROSTER), "unit": _named(*key)}


def _paper_key(row: Qualification | None) -> str | None:
    if row is None:
        return None
    parts = (row.kind.value, row.level, row.issuer, row.serial, row.awarded_on or row.awarded_year)
    return " ".join(str(part) for part in parts if part is not None)


def _row(number: str, row: Any, names: list[str]) -> dict[str, Any]:
    return {"id_number": number, **{name: getattr(row, name) for name in names}}


def _key(unit: Any) -> tuple[Any, Any]:
    return unit.code, unit.valid_from


def _named(code: str | None, valid_from: Any) -> str | None:
    """Codes are reused, so a unit is named by its code with its first day."""
    return None if code is None else f"{code} {valid_from.isoformat() if valid_from else ''}".rstrip()
