"""Rules of the personnel file: pure, no database. `check_*` raises what the user must mend, `can_*`
tells whether it would; `*_notes` are points to check against the paper, never refusals."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from core.errors import Denied, Unprocessable
from core.subjects import Act
from hr.people.codes import ETHNICITY, LEVELS, RANKS, RANKS_FROM
from hr.people.enums import (
    ENDED,
    HOME_KINDS,
    OFFICIALS,
    AssignmentKind,
    Category,
    ProofState,
    QualificationKind,
    ServiceStatus,
    Sex,
)

#: How service ends → the act whose stops are asked; other ends ask nothing: age, death and discipline end it
#: whatever is running (Decree 170/2025/NĐ-CP Arts 29(9), 56a(2)).
ACT_OF_END = {ServiceStatus.LEFT: Act.END_SERVICE, ServiceStatus.MOVED_OUT: Act.TRANSFER}
#: Design: school of nine years ends at this age, so an education paper of a younger one is worth a look.
YOUNGEST_HOLDER = 15


class Period(Protocol):
    """What has a first and a last day; the last is inclusive, None: open."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...


class Place(Period, Protocol):
    """An assignment as the counting rule sees it."""

    @property
    def kind(self) -> AssignmentKind: ...
    @property
    def category(self) -> Category: ...
    @property
    def annulled_at(self) -> datetime | None: ...


class Paper(Protocol):
    """A qualification as the holding rule sees it."""

    @property
    def proof_state(self) -> ProofState: ...
    @property
    def awarded_on(self) -> date | None: ...
    @property
    def awarded_year(self) -> int | None: ...
    @property
    def expires_on(self) -> date | None: ...
    @property
    def annulled_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Note:
    """A point to check (glossary: check_note): `code` for the program, `message` for people."""

    code: str
    message: Any


# --- the person --------------------------------------------------------------------------------------
def check_id_number(number: str) -> None:
    """Twelve digits (Decree 137/2015/NĐ-CP Art. 13); only 0–9 are digits."""
    if len(number) == 12 and all("0" <= char <= "9" for char in number):
        return
    found = sum("0" <= char <= "9" for char in number)
    message = _l("The personal identification number has 12 digits; this one has %(count)s", count=found)
    raise Unprocessable(message, field="id_number")


def id_number_notes(number: str, *, sex: Sex, born_on: date) -> list[Note]:
    """Where the number does not agree with what is recorded: sex, year of birth.

    First three digits: province or country of the registered birth, not compared (the list of countries
    is not held here). Fourth digit: century and sex, 0 and 1 for 1900–1999, 2 and 3 for 2000–2099, even
    for men (Circular 07/2016/TT-BCA Art. 7(2)); fifth and sixth: year of birth.
    """
    notes = []
    century_and_sex = int(number[3])
    if (century_and_sex % 2 == 1) != (sex is Sex.FEMALE):
        notes.append(
            Note("id_sex", _l("The fourth digit of the number does not agree with the sex recorded"))
        )
    if 1900 + 100 * (century_and_sex // 2) + int(number[4:6]) != born_on.year:
        notes.append(Note("id_birth_year", _l("The number does not agree with the year of birth recorded")))
    return notes


def anniversary(day: date, years: int) -> date:
    """The same day `years` later; where the month has no such day, its last (Civil Code 2015 Art. 148)."""
    return add_months(day, 12 * years)


def add_months(day: date, months: int) -> date:
    """The same day some months later, earlier below 0; where the month has no such day, its last (Civil
    Code 2015 Art. 148)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_on(born_on: date, day: date) -> int:
    """Full years of age on `day` (Civil Code 2015 Art. 148(4))."""
    years = day.year - born_on.year
    return years if anniversary(born_on, years) <= day else years - 1


def check_recruitment_age(born_on: date, recruited_on: date, minimum: int) -> None:
    """Old enough on the day of recruitment (Law 80/2025/QH15 Art. 19(1)c, before it Law 22/2008/QH12
    Art. 36(1)b); the minimum is a rule in force (`people.minimum_age`)."""
    age = age_on(born_on, recruited_on)
    if age < minimum:
        message = _l(
            "Aged %(age)s on that day: recruitment is possible from %(minimum)s", age=age, minimum=minimum
        )
        raise Unprocessable(message, field="recruited_on")


def check_not_after(day: date | None, today: date, field: str) -> None:
    """A fact that is recorded has happened (design)."""
    if day is not None and day > today:
        raise Unprocessable(_l("The date cannot be after today"), field=field)


def check_person_dates(*, born_on: date, recruited_on: date | None, today: date) -> None:
    """Born before recruited, neither after today (design)."""
    check_not_after(born_on, today, "born_on")
    check_not_after(recruited_on, today, "recruited_on")
    if recruited_on is not None and recruited_on <= born_on:
        raise Unprocessable(_l("Recruitment comes after birth"), field="recruited_on")


def check_background(
    *, ethnicity: str | None, joined_on: date | None, official_on: date | None, today: date
) -> None:
    """A code of the 1979 list (Decision 121-TCTK/PPCĐ); Party dates in order (full member after the
    probation, Party Charter 2011 Art. 5), not after today (design)."""
    if ethnicity is not None and ethnicity not in ETHNICITY:
        raise Unprocessable(_l("Choose an ethnic group from the list"), field="ethnicity")
    check_not_after(joined_on, today, "party_joined_on")
    check_not_after(official_on, today, "party_official_on")
    if joined_on is not None and official_on is not None and official_on < joined_on:
        raise Unprocessable(_l("Full membership comes after joining"), field="party_official_on")


# --- assignments --------------------------------------------------------------------------------------
def check_period(starts_on: date, ends_on: date | None) -> None:
    """The last day is not before the first (design)."""
    if ends_on is not None and ends_on < starts_on:
        raise Unprocessable(_l("The end cannot be before the start"), field="ends_on")


def runs_on(period: Period, day: date) -> bool:
    """Whether `day` lies in the period, both ends included (design)."""
    return period.starts_on <= day and (period.ends_on is None or day <= period.ends_on)


def overlaps(starts_on: date, ends_on: date | None, other: Period) -> bool:
    """Whether the two periods share a day (design)."""
    ends_before = ends_on is not None and ends_on < other.starts_on
    return not ends_before and (other.ends_on is None or starts_on <= other.ends_on)


def check_no_overlap(starts_on: date, ends_on: date | None, others: Iterable[Period]) -> None:
    """One person, one place of one's own at a time (design: one person is counted once)."""
    if any(overlaps(starts_on, ends_on, other) for other in others):
        message = _l("The person already has a place of their own in this period")
        raise Unprocessable(message, field="starts_on")


def check_not_doubled(starts_on: date, ends_on: date | None, same: Iterable[Period]) -> None:
    """One post beside the own place is held once at a time; `same`: those of this post (design)."""
    if any(overlaps(starts_on, ends_on, other) for other in same):
        raise Unprocessable(_l("The person already holds this post in this period"), field="starts_on")


def check_secondment(starts_on: date, ends_on: date | None, years: int) -> None:
    """A secondment has an end, at most `years` after its first day (`people.secondment_years`, Decree
    170/2025/NĐ-CP Arts 25–27; terms in years: Civil Code 2015 Arts 147(2), 148)."""
    if ends_on is None:
        raise Unprocessable(_l("A secondment has an end: enter its last day"), field="ends_on")
    longest = anniversary(starts_on, years)
    if ends_on > longest:
        message = _l(
            "A secondment lasts at most %(years)s years: here until %(day)s", years=years, day=_text(longest)
        )
        raise Unprocessable(message, field="ends_on")


def closing_day(place: Period, starts_on: date) -> date | None:
    """The last day of the present place when a new one starts on `starts_on`: the day before.
    None when the place has ended by then. Refuses a move before or on the present start (design)."""
    if starts_on <= place.starts_on:
        message = _l(
            "The present place began on %(day)s: the new one must start later", day=_text(place.starts_on)
        )
        raise Unprocessable(message, field="starts_on")
    if place.ends_on is not None and place.ends_on < starts_on:
        return None
    return starts_on - timedelta(days=1)


def is_counted(place: Place, day: date) -> bool:
    """Whether headline figures count the row on `day`: own place of a cadre or civil servant
    (Law 80/2025/QH15 Art. 1), running that day."""
    home = place.kind in HOME_KINDS and place.annulled_at is None
    return home and place.category in OFFICIALS and runs_on(place, day)


# --- service -------------------------------------------------------------------------------------------
def in_service(status: ServiceStatus) -> bool:
    """Working or suspended from work, which ends nothing (Decree 170/2025/NĐ-CP Art. 56)."""
    return status not in ENDED


def check_can_move(status: ServiceStatus) -> None:
    """Only who is in service gets or changes an assignment (design)."""
    if not in_service(status):
        raise Denied(_l("This person is no longer in service"))


def can_move(status: ServiceStatus) -> bool:
    """Whether `check_can_move` passes."""
    return in_service(status)


def check_can_end_service(status: ServiceStatus) -> None:
    """Service ends once (design)."""
    if not in_service(status):
        raise Denied(_l("Service has already ended"))


def can_end_service(status: ServiceStatus) -> bool:
    """Whether `check_can_end_service` passes."""
    return in_service(status)


def check_can_reopen(status: ServiceStatus) -> None:
    """Only an end of service that was recorded can be taken back (design)."""
    if in_service(status):
        raise Denied(_l("This person is in service"))


def can_reopen(status: ServiceStatus) -> bool:
    """Whether `check_can_reopen` passes."""
    return not in_service(status)


def check_end_of_service(
    *, status: ServiceStatus, ended_on: date, today: date, started_on: date | None
) -> None:
    """An end reason of the list; a last day that has come, not before the present place (design)."""
    if status not in ENDED:
        raise Unprocessable(_l("Choose how service ended"), field="status")
    check_not_after(ended_on, today, "ended_on")
    if started_on is not None and ended_on < started_on:
        message = _l("The present place began on %(day)s: service cannot end before", day=_text(started_on))
        raise Unprocessable(message, field="ended_on")


def check_status_pair(status: ServiceStatus, ended_on: date | None) -> None:
    """A status that ends service has its last day, and no other has one (design)."""
    if (status in ENDED) != (ended_on is not None):
        raise Unprocessable(_l("Enter the last day of service"), field="ended_on")


# --- ranks ---------------------------------------------------------------------------------------------
def expected_coefficient(rank_code: str, step: int) -> Decimal | None:
    """The coefficient of the table (Circular 2/2021/TT-BNV Art. 14, Decree 204/2004/NĐ-CP); None where it
    has none."""
    rank = RANKS.get(rank_code)
    if rank is None or not 1 <= step <= len(rank.coefficients):
        return None
    return rank.coefficients[step - 1]


def rank_notes(rank_code: str, step: int, coefficient: Decimal, starts_on: date) -> list[Note]:
    """Where rank, step and coefficient do not agree with the table (Circular 2/2021/TT-BNV Art. 14 with
    Decree 204/2004/NĐ-CP); steps from before it are not compared."""
    if starts_on < RANKS_FROM:
        return []
    if rank_code not in RANKS:
        return [Note("rank_unknown", _l("The rank is not in the table, so the coefficient was not compared"))]
    expected = expected_coefficient(rank_code, step)
    if expected is None:
        return [Note("step", _l("The rank has no such step"))]
    if expected != coefficient:
        return [Note("coefficient", _l("The table has %(expected)s for this step", expected=expected))]
    return []


def check_rank_step(*, step: int, coefficient: Decimal, starts_on: date, born_on: date, today: date) -> None:
    """A step and a coefficient above zero, from a day in life that has come (design)."""
    if step < 1:
        raise Unprocessable(_l("Steps count from 1"), field="step")
    if not 0 < coefficient < 100:
        raise Unprocessable(_l("Enter the coefficient, for example 2.34"), field="coefficient")
    check_not_after(starts_on, today, "starts_on")
    if starts_on <= born_on:
        raise Unprocessable(_l("This day lies before the birth of the person"), field="starts_on")


# --- qualifications --------------------------------------------------------------------------------------
def check_level(kind: QualificationKind, level: str) -> None:
    """A level of the list of its kind (form 2C-BNV/2008 items 15.2–15.6, `hr.people.codes.LEVELS`)."""
    if level not in LEVELS[kind]:
        raise Unprocessable(_l("Choose a level from the list"), field="level")


def check_qualification_dates(
    *, born_on: date, awarded_on: date | None, awarded_year: int | None, expires_on: date | None, today: date
) -> None:
    """Awarded after birth and not after today, by date or by year; expiry not before the award (design)."""
    if awarded_on is not None and awarded_year is not None:
        raise Unprocessable(_l("Enter the date or only the year, not both"), field="awarded_year")
    check_not_after(awarded_on, today, "awarded_on")
    if awarded_on is not None and awarded_on <= born_on:
        raise Unprocessable(_l("This day lies before the birth of the person"), field="awarded_on")
    if awarded_year is not None and not born_on.year < awarded_year <= today.year:
        message = _l("The year lies before the birth of the person or after today")
        raise Unprocessable(message, field="awarded_year")
    first = awarded_on or (date(awarded_year, 1, 1) if awarded_year else None)
    if expires_on is not None and first is not None and expires_on < first:
        raise Unprocessable(_l("The expiry cannot be before the award"), field="expires_on")


def check_study(*, born_on: date, studied_from: date | None, studied_to: date | None, today: date) -> None:
    """Study begins after birth and not after today; it ends not before it begins (design)."""
    check_not_after(studied_from, today, "studied_from")
    if studied_from is not None and studied_from <= born_on:
        raise Unprocessable(_l("This month lies before the birth of the person"), field="studied_from")
    if studied_from is not None and studied_to is not None and studied_to < studied_from:
        raise Unprocessable(_l("The end cannot be before the beginning"), field="studied_to")


def awarded_before_start(
    *, studied_from: date | None, awarded_on: date | None, awarded_year: int | None
) -> bool:
    """Whether a paper was awarded before its programme began: by the day, or by the year alone (design)."""
    if studied_from is None:
        return False
    by_day = awarded_on is not None and awarded_on < studied_from
    return by_day or (awarded_year is not None and awarded_year < studied_from.year)


def qualification_notes(
    kind: QualificationKind, *, born_on: date, awarded_on: date | None, awarded_year: int | None
) -> list[Note]:
    """An education paper from before the age of `YOUNGEST_HOLDER` (design); languages and IT have no age."""
    if kind is not QualificationKind.EDUCATION:
        return []
    by_day = awarded_on is not None and awarded_on < anniversary(born_on, YOUNGEST_HOLDER)
    by_year = awarded_year is not None and awarded_year < born_on.year + YOUNGEST_HOLDER
    if not (by_day or by_year):
        return []
    message = _l("The person was not yet %(age)s when it was awarded", age=YOUNGEST_HOLDER)
    return [Note("awarded_young", message)]


def check_proof(before: ProofState, after: ProofState, reason: str) -> None:
    """The issuer's word rests on its answer; a proof taken back says why (design)."""
    answered = (ProofState.ISSUER_CONFIRMED, ProofState.ISSUER_DENIES)
    if not reason.strip() and after in answered:
        raise Unprocessable(_l("Enter the number and date of the issuer's answer"), field="reason")
    if not reason.strip() and (before in answered or after is ProofState.CLAIMED) and before is not after:
        raise Unprocessable(_l("Say why the proof is taken back"), field="reason")


def counts_as_held(paper: Paper, day: date) -> bool:
    """Whether the paper counts on `day`: awarded by then, not expired, not annulled, and not one its
    issuer denies (design). A claim counts: that it is unproven is shown beside it."""
    if paper.annulled_at is not None or paper.proof_state is ProofState.ISSUER_DENIES:
        return False
    if paper.expires_on is not None and paper.expires_on < day:
        return False
    if paper.awarded_on is not None:
        return paper.awarded_on <= day
    return paper.awarded_year is None or paper.awarded_year <= day.year


def _text(day: date) -> str:
    return f"{day:%d/%m/%Y}"
