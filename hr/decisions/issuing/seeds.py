"""What a decision is entered from: the same plain values for the form and the demo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hr.decisions.issuing.enums import DecisionKind
from hr.people.enums import AssignmentKind, ManagementTier, ServiceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSeed:
    """One person of a decision; what is left empty follows from the personnel file."""

    person_id: int
    unit_id: int | None = None
    division_id: int | None = None
    post: str | None = None
    management_tier: ManagementTier | None = None
    assignment_kind: AssignmentKind | None = None
    rank_code: str | None = None
    step: int | None = None
    coefficient: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    status: ServiceStatus | None = None
    reason: str | None = None
    #: What its line in the annex says that the register does not: messages with their parameters.
    remarks: Sequence[Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureSeed:
    """What the issuing office gave: number and symbol, day and signer."""

    reference: str | None = None
    signed_on: date | None = None
    signer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A line of the annex that names nobody of the register: as it stood, and why, as a message with its
    parameters."""

    text: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    #: Who might be meant: uid, name, day of birth, unit and the end of the number.
    candidates: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSeed:
    """A draft as a whole: its head and every line."""

    kind: DecisionKind
    office: str
    effective_on: date
    lines: tuple[LineSeed, ...]
    signature: SignatureSeed = SignatureSeed()
    left_out: tuple[LeftOut, ...] = ()
