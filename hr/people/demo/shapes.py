"""What the composer hands over: plain values that the loader writes through the actions of this subject.

Units are named by code, meant on the assignment's first day (codes are reused); divisions likewise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hr.people.enums import (
    OFFICIALS,
    AssignmentKind,
    Category,
    ManagementTier,
    ProofState,
    QualificationKind,
    ServiceStatus,
    Sex,
    StudyForm,
)


@dataclass(frozen=True, slots=True)
class DemoBackground:
    """Ethnicity (code of the 1979 list), religion and Party: a table and permission of their own."""

    ethnicity: str
    religion: str
    party_joined_on: date | None
    party_official_on: date | None
    party_post: str | None


@dataclass(frozen=True, slots=True)
class DemoAssignment:
    """One spell in one post. `field` is the post's field of work (`fields.Field`), for later subjects."""

    unit_code: str
    division_code: str | None
    post: str
    field: str
    kind: AssignmentKind
    category: Category
    managing_unit_code: str
    management_tier: ManagementTier
    starts_on: date
    ends_on: date | None
    decision_note: str

    def runs_on(self, day: date) -> bool:
        """Whether the spell covers `day`; its last day counts."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class DemoRankStep:
    """One rank and step from a date."""

    rank_code: str
    step: int
    coefficient: Decimal
    starts_on: date
    decision_note: str


@dataclass(frozen=True, slots=True)
class DemoQualification:
    """One diploma or certificate, with the day it was awarded or, for some old ones, only the year."""

    kind: QualificationKind
    level: str
    major: str | None
    issuer: str
    serial: str | None
    awarded_on: date | None
    awarded_year: int | None
    expires_on: date | None
    proof_state: ProofState
    proof_on: date | None
    studied_from: date | None = None
    studied_to: date | None = None
    study_form: StudyForm | None = None


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One person with all that this subject holds. `story` marks those the storylines tell of."""

    story: str | None
    id_number: str
    full_name: str
    sex: Sex
    born_on: date
    birthplace: str
    native_place: str
    recruited_on: date
    recruited_by: str
    status: ServiceStatus
    status_since: date
    status_reason: str | None
    ended_on: date | None
    background: DemoBackground
    assignments: tuple[DemoAssignment, ...]
    rank_steps: tuple[DemoRankStep, ...]
    qualifications: tuple[DemoQualification, ...]

    def home_on(self, day: date) -> DemoAssignment | None:
        """The assignment that holds the person's own place on `day`; None out of service."""
        homes = (AssignmentKind.MAIN, AssignmentKind.PROBATION)
        return next((row for row in self.assignments if row.kind in homes and row.runs_on(day)), None)

    def is_official_on(self, day: date) -> bool:
        """Whether headline figures count the person on `day`."""
        home = self.home_on(day)
        return home is not None and home.category in OFFICIALS


@dataclass(frozen=True, slots=True)
class DemoRegister:
    """The people of the demo province on `day`."""

    day: date
    seed: int
    people: tuple[DemoPerson, ...]

    def officials(self, day: date) -> list[DemoPerson]:
        """Cadres and civil servants in service on `day`."""
        return [person for person in self.people if person.is_official_on(day)]

    @property
    def by_story(self) -> Mapping[str, DemoPerson]:
        """Persons of the storylines by key ("khuyen", "senh", …)."""
        return {person.story: person for person in self.people if person.story is not None}
