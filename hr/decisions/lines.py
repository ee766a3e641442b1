"""One thing that falls due, and what the list says of it: what it follows from, by which rule."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from core.words import show_date
from hr.decisions import rules
from hr.decisions.enums import DueKind
from hr.people.enums import ManagementTier
from hr.people.queries import timeline_title


@dataclass(frozen=True, slots=True)
class Longer:
    """What puts a pay step off: the months at the step, those each of these years adds, by which rule."""

    months: int
    years: tuple[int, ...]
    each: int
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Due:
    """One thing due: of whom, where, on which day, by which rule, and who decides. `detail` is the
    registry's title of the row it follows from, or the post."""

    uid: str
    kind: DueKind
    on: date
    person: str
    person_uid: str
    name_key: str
    unit_id: int | None
    detail: str
    legal_basis: str
    tier: ManagementTier | None
    longer: Longer | None = None


def detail_of(due: Due) -> str:
    """What the date follows from, in words."""
    if due.kind is DueKind.RETIREMENT:
        return _("pension from %(date)s", date=show_date(rules.pension_from(due.on)))
    if due.kind is DueKind.PAY_STEP:
        return _after(timeline_title("rank", due.detail), due.longer)
    return timeline_title("qualification", due.detail) if due.kind is DueKind.PAPER else due.detail


def _after(step: str, longer: Longer | None) -> str:
    if longer is None:
        return _("after %(step)s", step=step)
    sum_of = " + ".join(str(months) for months in (longer.months, *[longer.each] * len(longer.years)))
    years = ", ".join(str(year) for year in longer.years)
    return _("after %(step)s: %(sum)s months, not completed in %(years)s", step=step, sum=sum_of, years=years)


def decided_from(due: Due) -> date | None:
    """The first day of what a decision would bring; None where none is due."""
    if due.kind is DueKind.RETIREMENT:
        return rules.pension_from(due.on)
    if due.kind is DueKind.TERM:
        return rules.next_term_from(due.on)
    return due.on if due.kind is DueKind.PAY_STEP else None


def rule_of(due: Due) -> str:
    """The rule that says the day, in words."""
    if not due.legal_basis:
        return _("the date on the paper")
    rules_named = [due.legal_basis, *([due.longer.legal_basis] if due.longer else [])]
    return "; ".join(_(one) for one in rules_named)
