"""What falls due between two days over the people in reach: one statement for all kinds. The database
narrows by bounds, `rules` says the day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, literal, or_, select
from sqlalchemy.orm import aliased

from core.changes import until_changed
from core.law import list_rules
from core.scope import Viewer, read_rows
from core.subjects import union_of
from core.units import COMMUNE_LEVEL, Unit, UnitTree
from hr.decisions import rules
from hr.decisions.enums import DueKind
from hr.decisions.lines import Due, Longer
from hr.decisions.rules import Version
from hr.people.codes import RANKS
from hr.people.enums import (
    HOME_KINDS,
    AssignmentKind,
    Category,
    ManagementTier,
    ProofState,
    QualificationKind,
    Sex,
)
from hr.people.figures import holds_from, running_on
from hr.people.models import Assignment, Person, Qualification, RankStep
from hr.people.posts import Standing, standing_of
from hr.people.ratings.enums import RatingLevel, RatingState
from hr.people.ratings.models import YearlyRating
from hr.people.rules import add_months

#: Sex → the rule of its retirement age.
AGES = {Sex.MALE: "retirement_age_men", Sex.FEMALE: "retirement_age_women"}
#: Calendar months differ by up to three days: bounds in SQL leave room, the rule decides.
ROOM = timedelta(days=4)
#: In place of a kind: a year that puts off a pay step.
NOT_COMPLETED = "not_completed"
_NOT_COMPLETED_AND_CONFIRMED = (
    YearlyRating.level == RatingLevel.NOT_COMPLETED,
    YearlyRating.state == RatingState.CONFIRMED,
    YearlyRating.annulled_at.is_(None),
)
Law = Mapping[str, Sequence[Version]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFilter:
    """What the list is narrowed to: days from `first` (None: however late) to `last`, both inclusive."""

    last: date
    first: date | None = None
    kind: DueKind | None = None
    unit: str | None = None
    person: str | None = None


class _Found(NamedTuple):
    """A row of the statement."""

    kind: str
    uid: str
    person: str
    person_uid: str
    name_key: str
    sex: Sex
    begins: date
    detail: str
    unit_id: int | None
    tier: ManagementTier | None


def list_due(viewer: Viewer, asked: DueFilter) -> list[Due]:
    """What falls due in those days, by day and name. One statement, and one for the rules in force when
    something was changed."""
    law: Law = until_changed("law of due dates", _law)
    parts = [
        query
        for kind, make in _PARTS.items()
        if asked.kind in (None, kind) and (query := make(asked, law, viewer.today)) is not None
    ]
    if asked.kind in (None, DueKind.PAY_STEP):
        parts.append(_not_completed(viewer.today))
    union = union_of(_narrowed(query, asked) for query in parts)
    if union is None:
        return []
    rows = [_Found(*row) for row in read_rows(select(union.subquery())).all()]
    return sorted(_dated(rows, asked, law), key=lambda due: (due.on, due.name_key, due.uid))


def _law() -> Law:
    """The versions of this subject's rules, and of the months at a step, by their code."""
    found: dict[str, list[Version]] = {}
    for row in list_rules():
        subject, _dot, code = row.code.partition(".")
        if subject == "decisions" or row.code == "people.step_months":
            value = row.value if isinstance(row.value, int) else 0
            version = Version(value, row.valid_from, row.valid_to, row.legal_basis)
            found.setdefault(code, []).append(version)
    return found


# --- the days ------------------------------------------------------------------------------------------
def _dated(found: Sequence[_Found], asked: DueFilter, law: Law) -> Iterator[Due]:
    not_completed: dict[str, set[int]] = {}
    for row in found:
        if row.kind == NOT_COMPLETED:
            not_completed.setdefault(row.person_uid, set()).add(int(row.detail))
    for row in found:
        if row.kind == NOT_COMPLETED:
            continue
        kind, years = DueKind(row.kind), not_completed.get(row.person_uid, ())
        on, legal_basis = _day(kind, row, law, years)
        if on is None or on > asked.last or (asked.first is not None and on < asked.first):
            continue
        yield Due(
            f"{kind.value}-{row.uid}",
            kind,
            on,
            row.person,
            row.person_uid,
            row.name_key,
            row.unit_id,
            row.detail,
            legal_basis,
            row.tier,
            _longer(row, law, years) if kind is DueKind.PAY_STEP else None,
        )


def _longer(row: _Found, law: Law, years: Collection[int]) -> Longer | None:
    """What puts off the step of this row; None where it is due by its months alone."""
    version = rules.version_on(law.get("not_completed_months", ()), row.begins)
    if version is None:
        return None
    months = RANKS[row.detail.partition("|")[0]].months
    counted = rules.years_counted(row.begins, months, years, version.value)
    return Longer(months, counted, version.value, version.legal_basis) if counted else None


def _day(kind: DueKind, row: _Found, law: Law, not_completed: Collection[int]) -> tuple[date | None, str]:
    """When it is due, and the legal basis."""
    match kind:
        case DueKind.RETIREMENT:
            ages = law.get(AGES[row.sex], ())
            on = rules.retires_on(row.begins, ages)
            return on, _basis(ages, on)
        case DueKind.PAY_STEP:
            rank, _bar, step = row.detail.partition("|")
            longer = rules.version_on(law.get("not_completed_months", ()), row.begins)
            on = rules.pay_step_due(
                rank_code=rank,
                step=int(step),
                starts_on=row.begins,
                not_completed=not_completed,
                longer=longer.value if longer else 0,
            )
            return on, _basis(law.get("step_months", ()), on)
        case DueKind.TERM:
            if standing_of(row.detail) is Standing.STAFF:
                return None, ""
            return _period(law.get("term_years", ()), row.begins, rules.term_ends_on)
        case DueKind.PROBATION:
            return _period(law.get("probation_months", ()), row.begins, rules.probation_ends_on)
        case DueKind.PAPER:
            return row.begins, ""
        case DueKind.DEGREE:
            return row.begins, _basis(law.get("degree_years", ()), row.begins)


def _period(versions: Sequence[Version], begins: date, ends: Any) -> tuple[date | None, str]:
    version = rules.version_on(versions, begins)
    return (None, "") if version is None else (ends(begins, version.value), version.legal_basis)


def _basis(versions: Sequence[Version], on: date | None) -> str:
    version = rules.version_on(versions, on) if on else None
    return version.legal_basis if version else ""


# --- the statement: one part for each kind -------------------------------------------------------------
def _part(kind: str, uid: Any, begins: Any, detail: Any) -> Any:
    """People in service, and what falls due of them; the place that tells where is the caller's to join.
    Never an alias of it: the criteria of the scope are not adapted to one in a join."""
    columns = (
        literal(kind).label("kind"),
        uid.label("uid"),
        Person.full_name.label("person"),
        Person.uid.label("person_uid"),
        Person.name_key.label("name_key"),
        Person.sex.label("sex"),
        begins.label("begins"),
        cast(detail, String).label("detail"),
        Assignment.unit_id.label("unit_id"),
        Assignment.management_tier.label("tier"),
    )
    return select(*columns).select_from(Person).where(Person.ended_on.is_(None))


def _at_home(query: Any, today: date) -> Any:
    """With the own place of today, where there is one."""
    own = and_(Assignment.person_id == Person.id, Assignment.kind.in_(HOME_KINDS), running_on(today))
    return query.outerjoin(Assignment, own)


def _as_civil_servant(query: Any, kinds: Sequence[AssignmentKind], today: date) -> Any:
    """With the places of these kinds that a civil servant holds today."""
    return query.join(Assignment, Assignment.person_id == Person.id).where(
        Assignment.kind.in_(kinds), Assignment.category == Category.CIVIL_SERVANT, running_on(today)
    )


def _narrowed(query: Any, asked: DueFilter) -> Any:
    if asked.person is not None:
        query = query.where(Person.uid == asked.person)
    if asked.unit is not None:
        below = select(UnitTree.unit_id).join(Unit, Unit.id == UnitTree.ancestor_id)
        query = query.where(Assignment.unit_id.in_(below.where(Unit.uid == asked.unit)))
    return query


def _retirement(asked: DueFilter, law: Law, today: date) -> Select[Any] | None:
    born = []
    for sex, code in AGES.items():
        ages = law.get(code, ())
        until = rules.last_birth(asked.last, ages)
        before = rules.last_birth(asked.first - timedelta(days=1), ages) if asked.first else None
        if until is not None:
            later = (Person.born_on > before,) if before else ()
            born.append(and_(Person.sex == sex, Person.born_on <= until, *later))
    query = _part(DueKind.RETIREMENT.value, Person.uid, Person.born_on, literal(""))
    found: Select[Any] = _at_home(query, today).where(or_(false(), *born))
    return found


def _pay_step(asked: DueFilter, law: Law, today: date) -> Select[Any] | None:
    later = aliased(RankStep, name="later")
    after = select(later.id).where(
        later.person_id == RankStep.person_id,
        later.annulled_at.is_(None),
        later.starts_on > RankStep.starts_on,
    )
    put_off, late = _rated(YearlyRating.person_id), replace(asked, first=None)
    steps = [
        and_(
            RankStep.rank_code == rank.code,
            RankStep.step < len(rank.coefficients),
            or_(
                _begun(RankStep.starts_on, asked, rank.months),
                # Put off by a rating: from how long ago, the rule says.
                and_(_begun(RankStep.starts_on, late, rank.months), RankStep.person_id.in_(put_off)),
            ),
        )
        for rank in RANKS.values()
    ]
    detail = RankStep.rank_code + "|" + cast(RankStep.step, String)
    query = _part(DueKind.PAY_STEP.value, RankStep.uid, RankStep.starts_on, detail)
    found: Select[Any] = (
        _at_home(query, today)
        .join(RankStep, RankStep.person_id == Person.id)
        .where(RankStep.annulled_at.is_(None), or_(*steps), ~after.exists())
    )
    return found


def _rated(*columns: Any) -> Any:
    """Of the confirmed ratings "not completed"."""
    return select(*columns).where(*_NOT_COMPLETED_AND_CONFIRMED)


def _not_completed(today: date) -> Select[Any]:
    """The years of those ratings, which put off the pay steps of the statement."""
    query = _part(NOT_COMPLETED, YearlyRating.uid, Person.born_on, YearlyRating.year)
    found: Select[Any] = (
        _at_home(query, today)
        .join(YearlyRating, YearlyRating.person_id == Person.id)
        .where(*_NOT_COMPLETED_AND_CONFIRMED)
    )
    return found


def _term(asked: DueFilter, law: Law, today: date) -> Select[Any] | None:
    years = {version.value for version in law.get("term_years", ())}
    begun = [_begun(Assignment.starts_on, asked, 12 * number) for number in years]
    return _of_place(DueKind.TERM, (AssignmentKind.MAIN, AssignmentKind.CONCURRENT), begun, today)


def _probation(asked: DueFilter, law: Law, today: date) -> Select[Any] | None:
    months = {version.value for version in law.get("probation_months", ())}
    begun = [_begun(Assignment.starts_on, asked, number) for number in months]
    return _of_place(DueKind.PROBATION, (AssignmentKind.PROBATION,), begun, today)


def _of_place(
    kind: DueKind, kinds: Sequence[AssignmentKind], begun: list[Any], today: date
) -> Select[Any] | None:
    """Places of civil servants that run today and began in those days."""
    query = _part(kind.value, Assignment.uid, Assignment.starts_on, Assignment.post)
    found: Select[Any] = _as_civil_servant(query, kinds, today).where(or_(false(), *begun))
    return found


def _paper(asked: DueFilter, law: Law, today: date) -> Select[Any] | None:
    renewed = aliased(Qualification, name="renewed")
    newer = select(renewed.id).where(
        renewed.person_id == Qualification.person_id,
        renewed.kind == Qualification.kind,
        renewed.annulled_at.is_(None),
        renewed.proof_state != ProofState.ISSUER_DENIES,
        or_(renewed.expires_on.is_(None), renewed.expires_on > Qualification.expires_on),
        renewed.level == Qualification.level,
    )
    detail = cast(Qualification.kind, String) + "|" + Qualification.level
    query = _part(DueKind.PAPER.value, Qualification.uid, Qualification.expires_on, detail)
    query = (
        _at_home(query, today)
        .join(Qualification, Qualification.person_id == Person.id)
        .where(
            Qualification.annulled_at.is_(None),
            Qualification.proof_state != ProofState.ISSUER_DENIES,
            Qualification.expires_on <= asked.last,
            ~newer.exists(),
        )
    )
    found: Select[Any] = query.where(Qualification.expires_on >= asked.first) if asked.first else query
    return found


def _degree(asked: DueFilter, law: Law, today: date) -> Select[Any] | None:
    """Twin of `rules.degree_due`."""
    version = rules.version_on(law.get("degree_years", ()), today)
    by = rules.degree_by(version.value) if version else None
    if by is None or by > asked.last or (asked.first is not None and by < asked.first):
        return None
    communes = select(Unit.id).where(Unit.kind.in_(COMMUNE_LEVEL))
    held = holds_from(QualificationKind.EDUCATION, rules.DEGREE, today, Person.id)
    query = _part(DueKind.DEGREE.value, Person.uid, literal(by), Assignment.post)
    found: Select[Any] = _as_civil_servant(query, HOME_KINDS, today).where(
        Assignment.unit_id.in_(communes), ~held
    )
    return found


def _begun(column: Any, asked: DueFilter, months: int) -> ColumnElement[bool]:
    """Rows from whose first day these months end within the days asked for, with some room."""
    until = column <= add_months(asked.last, -months) + ROOM
    if asked.first is None:
        return until
    return and_(until, column >= add_months(asked.first, -months) - ROOM)


_PARTS = {
    DueKind.RETIREMENT: _retirement,
    DueKind.PAY_STEP: _pay_step,
    DueKind.TERM: _term,
    DueKind.PROBATION: _probation,
    DueKind.PAPER: _paper,
    DueKind.DEGREE: _degree,
}
