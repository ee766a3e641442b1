"""Who counts, and the headline figures: each figure is also a filter of the list, so that a number
and the people behind it are always the same.

Counted are assignment rows: the own place of a cadre or civil servant that runs on the day
(`rules.is_counted`). The twins of the pure rules in SQL stand here and nowhere else.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from core.changes import until_changed
from core.db import db
from core.permissions import Realm
from core.scope import Viewer, units_in_scope
from core.subjects import Figure
from core.units import COMMUNE_LEVEL, Unit, UnitKind, standing_on
from hr.people.codes import LEVELS, codes_from
from hr.people.enums import HOME_KINDS, OFFICIALS, ProofState, QualificationKind
from hr.people.models import Assignment, Person, Qualification

_Q = QualificationKind
LABELS: dict[str, Any] = {
    "officials": _l("cadres and civil servants in service"),
    "intermediate_up": _l("with intermediate education or higher"),
    "both_trained": _l("trained in political theory and state management"),
    "commune_level": _l("at the commune level"),
    "commune_university": _l("at the commune level with a university degree"),
}
#: Codes of the figures, in the order they are shown.
FIGURES = tuple(LABELS)
#: Figure → the figure it is a share of.
WHOLE = {
    "intermediate_up": "officials",
    "both_trained": "officials",
    "commune_level": "officials",
    "commune_university": "commune_level",
}


def running_on(day: date) -> ColumnElement[bool]:
    """Criterion: assignments that hold on `day` (twin of `Assignment.runs_on`)."""
    open_or_later = or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day)
    return and_(Assignment.starts_on <= day, open_or_later, Assignment.annulled_at.is_(None))


def held_on(day: Any, year: Any) -> ColumnElement[bool]:
    """Criterion: papers that count on a day of that year, values or parameters (twin of
    `rules.counts_as_held`)."""
    year_alone = or_(Qualification.awarded_year.is_(None), Qualification.awarded_year <= year)
    return and_(
        Qualification.annulled_at.is_(None),
        Qualification.proof_state != ProofState.ISSUER_DENIES,
        or_(Qualification.expires_on.is_(None), Qualification.expires_on >= day),
        or_(Qualification.awarded_on <= day, and_(Qualification.awarded_on.is_(None), year_alone)),
    )


def holders(kind: QualificationKind, levels: Sequence[str], day: date) -> Select[int]:
    """Ids of the people who hold one of `levels` on `day`."""
    of_level = (Qualification.kind == kind, Qualification.level.in_(levels))
    return select(Qualification.person_id).where(*of_level, held_on(day, day.year))


def holds_from(kind: QualificationKind, level: str, day: date, person_id: Any) -> ColumnElement[bool]:
    """Criterion: holds `level` of `kind` or a higher one."""
    return person_id.in_(holders(kind, codes_from(kind, level), day))


def holds_exactly(kind: QualificationKind, level: str, day: date, person_id: Any) -> ColumnElement[bool]:
    """Criterion: `level` is the highest held; for the lowest of the list, nothing above it."""
    order = LEVELS[kind][level].order
    higher = [entry.code for entry in LEVELS[kind].values() if entry.order > order]
    none_higher = not_(person_id.in_(holders(kind, higher, day)))
    if order == 0:
        return none_higher
    return and_(person_id.in_(holders(kind, [level], day)), none_higher)


def counted(viewer: Viewer, day: date) -> list[ColumnElement[bool]]:
    """Criteria on the assignments that headline figures count for `viewer` (twin of
    `rules.is_counted`): in the units reached, so that who is only lent there counts at home."""
    criteria = [
        Assignment.kind.in_(HOME_KINDS),
        Assignment.category.in_(OFFICIALS),
        running_on(day),
    ]
    if not viewer.sees_everything(Realm.PERSONNEL):
        criteria.append(Assignment.unit_id.in_(units_in_scope(viewer, Realm.PERSONNEL)))
    return criteria


def figure_criterion(code: str, viewer: Viewer, day: date) -> ColumnElement[bool]:
    """Criterion on Person: exactly those that figure `code` counts. KeyError for an unknown code."""
    people = select(Assignment.person_id).join(Unit, Unit.id == Assignment.unit_id)
    condition = _conditions(day)[code]
    return Person.id.in_(people.where(*counted(viewer, day), condition))


def figures(viewer: Viewer, day: date) -> tuple[Figure, ...]:
    """The headline figures as of `day` over the people `viewer` may see today. One statement, none while
    nothing changes."""
    found = until_changed(("figures", viewer, day), lambda: _counts(viewer, day))
    return tuple(
        Figure(code, LABELS[code], found[code], whole=found[WHOLE[code]] if code in WHOLE else None)
        for code in FIGURES
    )


def _counts(viewer: Viewer, day: date) -> dict[str, int]:
    counts = [func.count().filter(condition).label(code) for code, condition in _conditions(day).items()]
    query = (
        select(*counts)
        .select_from(Assignment)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(*counted(viewer, day))
    )
    return dict(db.session.execute(query).one()._mapping)


def _conditions(day: date) -> dict[str, ColumnElement[bool]]:
    person = Assignment.person_id
    # Law 22/2008/QH12 Art. 4(3) until 30/06/2025: the communes that stood then, wards and townships.
    former = and_(Unit.kind == UnitKind.FORMER_COMMUNE, standing_on(day))
    commune = or_(Unit.kind.in_(COMMUNE_LEVEL), former)
    return {
        "officials": person.is_not(None),
        "intermediate_up": holds_from(_Q.EDUCATION, "intermediate", day, person),
        "both_trained": and_(
            holds_from(_Q.POLITICAL_THEORY, "elementary", day, person),
            holds_from(_Q.STATE_MANAGEMENT, "clerk", day, person),
        ),
        "commune_level": commune,
        "commune_university": and_(commune, holds_from(_Q.EDUCATION, "university", day, person)),
    }
