"""What a personnel file is entered from: the same plain values for the form, the import and the demo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hr.people.enums import (
    AssignmentKind,
    Category,
    ManagementTier,
    ProofState,
    QualificationKind,
    ServiceStatus,
    Sex,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentSeed:
    """One assignment. `unit_id` is a main unit, `division_id` a division below it."""

    unit_id: int
    post: str
    category: Category
    starts_on: date
    division_id: int | None = None
    kind: AssignmentKind = AssignmentKind.MAIN
    managing_unit_id: int | None = None
    management_tier: ManagementTier | None = None
    ends_on: date | None = None
    decision_note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankSeed:
    """Rank, step and coefficient from a date."""

    rank_code: str
    step: int
    coefficient: Decimal
    starts_on: date
    decision_note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationSeed:
    """One diploma or certificate; the date it was awarded, or only its year."""

    kind: QualificationKind
    level: str
    major: str | None = None
    issuer: str | None = None
    serial: str | None = None
    awarded_on: date | None = None
    awarded_year: int | None = None
    expires_on: date | None = None
    document_id: int | None = None
    proof_state: ProofState = ProofState.CLAIMED


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundSeed:
    """Ethnicity, religion and Party."""

    ethnicity: str | None = None
    religion: str | None = None
    party_joined_on: date | None = None
    party_official_on: date | None = None
    party_post: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSeed:
    """One person with everything known at the start."""

    id_number: str
    full_name: str
    sex: Sex
    born_on: date
    other_name: str | None = None
    birthplace: str | None = None
    native_place: str | None = None
    recruited_on: date | None = None
    recruited_by: str | None = None
    status: ServiceStatus = ServiceStatus.WORKING
    status_since: date | None = None
    status_reason: str | None = None
    ended_on: date | None = None
    background: BackgroundSeed | None = None
    assignments: tuple[AssignmentSeed, ...] = ()
    ranks: tuple[RankSeed, ...] = ()
    qualifications: tuple[QualificationSeed, ...] = ()
    #: (code of a group of `hr.people.groups`, its facts); of a group of many rows a pair for each row.
    facts: tuple[tuple[str, Mapping[str, Any]], ...] = ()
