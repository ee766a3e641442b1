"""Writes of qualifications with their proof, and of ranks and steps."""

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core import audit
from core.actions import action, lock
from core.clock import now
from core.db import db
from core.errors import Denied, Unprocessable
from core.permissions import Permission
from core.scope import Viewer
from core.subjects import Act
from hr.people import entry, rules
from hr.people.actions import changed_file, refuse_stopped
from hr.people.enums import ProofState
from hr.people.models import Person, Qualification, RankStep
from hr.people.queries import find_qualification, find_rank_step
from hr.people.seeds import QualificationSeed, RankSeed


@action(Permission.QUALIFICATION_EDIT)
def add_qualification(
    *, by: Viewer, person: Person, seed: QualificationSeed, version: int | None = None
) -> Qualification:
    """A diploma or certificate, with its evidence where there is one."""
    person = lock(person, version)
    entry.check_qualification(seed, person.born_on, by.today)
    _refuse_known_serial(person, seed, None)
    row = Qualification(person_id=person.id, **entry.plain_columns(seed))
    if seed.proof_state is not ProofState.CLAIMED:
        row.proof_by_id, row.proof_at = by.user_id, now()
    db.session.add(row)
    changed_file(person, {"qualification": [None, str(row)]})
    return row


@action(Permission.QUALIFICATION_EDIT)
def edit_qualification(
    *,
    by: Viewer,
    person: Person,
    qualification: Qualification,
    seed: QualificationSeed,
    version: int | None = None,
) -> Qualification:
    """Corrects an entry. The proof stays with `set_proof_state`; what was proved is another paper once
    its level, issuer or serial changes, so the proof then falls back to claimed."""
    person = lock(person, version)
    row = find_qualification(person, qualification.uid)
    _check_not_annulled(row)
    entry.check_qualification(seed, person.born_on, by.today)
    _refuse_known_serial(person, seed, row)
    other = any(
        getattr(row, name) != getattr(seed, name) for name in ("kind", "level", "major", "issuer", "serial")
    )
    kept = replace(seed, proof_state=ProofState.CLAIMED if other else row.proof_state)
    for name, value in entry.plain_columns(kept).items():
        setattr(row, name, value)
    if other:
        row.proof_by_id = row.proof_at = None
    return _recorded(person, row)


@action(Permission.QUALIFICATION_EDIT)
def set_proof_state(
    *,
    by: Viewer,
    person: Person,
    qualification: Qualification,
    state: ProofState,
    reason: str | None = None,
    version: int | None = None,
) -> Qualification:
    """How far the paper has been proved, by whom and when; why, where the rules ask for it."""
    person = lock(person, version)
    row = find_qualification(person, qualification.uid)
    _check_not_annulled(row)
    rules.check_proof(row.proof_state, state, reason or "")
    row.proof_state = state
    row.proof_by_id, row.proof_at = by.user_id, now()
    return _recorded(person, row, reason=reason)


@action(Permission.QUALIFICATION_EDIT)
def annul_qualification(
    *, by: Viewer, person: Person, qualification: Qualification, reason: str, version: int | None = None
) -> Qualification:
    """Annuls an entry made by mistake."""
    person = lock(person, version)
    row = find_qualification(person, qualification.uid)
    _annul(by, row, reason)
    changed_file(person, {"qualification": [str(row), None]}, reason=reason)
    return row


@action(Permission.PERSON_EDIT)
def add_rank_step(*, by: Viewer, person: Person, seed: RankSeed, version: int | None = None) -> RankStep:
    """Rank, step and coefficient from a date; one row a date. `rules.rank_notes` says what to check."""
    person = lock(person, version)
    entry.check_rank(seed, person.born_on, by.today)
    refuse_stopped(person, Act.PAY_STEP, seed.starts_on)
    same_day = select(RankStep.id).where(
        RankStep.person_id == person.id,
        RankStep.starts_on == seed.starts_on,
        RankStep.annulled_at.is_(None),
    )
    if db.session.scalar(same_day) is not None:
        raise Unprocessable(_l("A rank and step from this day is already there"), field="starts_on")
    row = RankStep(person_id=person.id, **entry.plain_columns(seed))
    db.session.add(row)
    changed_file(person, {"rank": [None, str(row)]}, reason=seed.decision_note)
    return row


@action(Permission.PERSON_EDIT)
def annul_rank_step(
    *, by: Viewer, person: Person, rank_step: RankStep, reason: str, version: int | None = None
) -> RankStep:
    """Annuls a rank and step entered by mistake."""
    person = lock(person, version)
    row = find_rank_step(person, rank_step.uid)
    _annul(by, row, reason)
    changed_file(person, {"rank": [str(row), None]}, reason=reason)
    return row


def _refuse_known_serial(person: Person, seed: QualificationSeed, itself: Qualification | None) -> None:
    if not seed.serial:
        return
    query = select(Qualification.id).where(
        Qualification.person_id == person.id,
        Qualification.kind == seed.kind,
        Qualification.serial == seed.serial,
        Qualification.annulled_at.is_(None),
        Qualification.id != (itself.id if itself is not None else 0),
    )
    if db.session.scalar(query) is not None:
        raise Unprocessable(
            _l("A paper of this kind with this serial number is already there"), field="serial"
        )


def _check_not_annulled(row: Qualification | RankStep) -> None:
    if row.annulled_at is not None:
        raise Denied(_l("This entry was annulled"))


def _annul(by: Viewer, row: Qualification | RankStep, reason: str) -> None:
    _check_not_annulled(row)
    if not reason.strip():
        raise Unprocessable(_l("Enter the reason"), field="reason")
    row.annulled_at, row.annulled_by_id = now(), by.user_id


def _recorded(person: Person, row: Qualification, reason: str | None = None) -> Qualification:
    changed: dict[str, Any] = audit.changes(row)
    changed_file(person, {str(row): changed} if changed else {}, reason=reason)
    return row
