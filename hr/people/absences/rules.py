"""From when to when somebody is away, by half days: pure, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from flask_babel import lazy_gettext as _l

from core.errors import Denied, Unprocessable
from hr.people.absences.enums import AbsenceKind, HalfDay
from hr.people.rules import add_months

#: An absence entered longer than this is a year mistyped (design): maternity leave is the longest of them
#: but for study.
LONGEST_MONTHS = 36
#: The lengths of time a list can be asked for.
PERIODS = ("day", "week", "month")


class Span(Protocol):
    """From a half of the first day to a half of the last, both away."""

    @property
    def starts_on(self) -> date: ...
    @property
    def starts_half(self) -> HalfDay: ...
    @property
    def ends_on(self) -> date: ...
    @property
    def ends_half(self) -> HalfDay: ...


Away = TypeVar("Away", bound=Span)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSeed:
    """What an absence is entered from."""

    kind: AbsenceKind
    starts_on: date
    ends_on: date
    starts_half: HalfDay = HalfDay.MORNING
    ends_half: HalfDay = HalfDay.AFTERNOON
    slip_number: str | None = None
    note: str | None = None


def check_span(span: Span, *, born_on: date) -> None:
    """The first half day is not after the last, lies in life, and the year is likely (design)."""
    if _last(span) < _first(span):
        raise Unprocessable(_l("The end cannot be before the start"), field="ends_on")
    if span.starts_on <= born_on:
        raise Unprocessable(_l("This day lies before the birth of the person"), field="starts_on")
    if span.ends_on > add_months(span.starts_on, LONGEST_MONTHS):
        message = _l("An absence lasts at most %(months)s months: check the year", months=LONGEST_MONTHS)
        raise Unprocessable(message, field="ends_on")


def check_stands(annulled_at: datetime | None) -> None:
    """What was annulled is neither corrected nor annulled again (design)."""
    if annulled_at is not None:
        raise Denied(_l("This entry was annulled"))


def overlapping(span: Span, others: Iterable[Away]) -> Away | None:
    """The first of `others` that shares a half day with the span."""
    return next((other for other in others if _shares(span, other)), None)


def halves_on(span: Span, day: date) -> tuple[HalfDay, ...]:
    """The halves of `day` that lie in the span."""
    return tuple(half for half in HalfDay if _first(span) <= (day, _order(half)) <= _last(span))


def days_of(period: str, on: date) -> tuple[date, date]:
    """First and last day of the day, the week from Monday or the month around `on`. KeyError for another
    period."""
    if period == "week":
        first = on - timedelta(days=on.weekday())
        return first, first + timedelta(days=6)
    if period == "month":
        first = on.replace(day=1)
        return first, add_months(first, 1) - timedelta(days=1)
    return {"day": (on, on)}[period]


def span_words(span: Span) -> str:
    """The days of an absence, with the half only where a day is not whole."""
    first, last = f"{span.starts_on:%d/%m/%Y}", f"{span.ends_on:%d/%m/%Y}"
    if span.starts_on == span.ends_on:
        halves = halves_on(span, span.starts_on)
        return first if len(halves) == len(HalfDay) else f"{first} ({_names(halves)})"
    if span.starts_half is HalfDay.AFTERNOON:
        first = f"{first} ({span.starts_half.label})"
    if span.ends_half is HalfDay.MORNING:
        last = f"{last} ({span.ends_half.label})"
    return f"{first} – {last}"


def _names(halves: Sequence[HalfDay]) -> str:
    return ", ".join(str(half.label) for half in halves)


def _shares(one: Span, other: Span) -> bool:
    return _first(one) <= _last(other) and _first(other) <= _last(one)


def _first(span: Span) -> tuple[date, int]:
    return span.starts_on, _order(span.starts_half)


def _last(span: Span) -> tuple[date, int]:
    return span.ends_on, _order(span.ends_half)


def _order(half: HalfDay) -> int:
    return list(HalfDay).index(half)
