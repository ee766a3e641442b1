"""Quarterly confirmation of the roster: what is asked until when, pure, no database."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.clock import quarter_days, quarter_of
from core.db import to_json
from core.errors import Denied, Unprocessable
from hr.people.confirmations.enums import RosterState, Verdict


@dataclass(frozen=True, slots=True)
class Word:
    """What the chair says of one person."""

    verdict: Verdict
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a unit is in a quarter: people on its roster, those answered by the chair or by an import,
    and those said not to be right. `marked`: person → the chair's word."""

    people: frozenset[int]
    imported: frozenset[int] = frozenset()
    marked: Mapping[int, Verdict] = field(default_factory=dict)

    @property
    def open(self) -> frozenset[int]:
        """Who is neither confirmed nor said to be wrong."""
        return self.people - self.imported - self.marked.keys()

    @property
    def wrong(self) -> frozenset[int]:
        """Who the register is not right about, by the chair's word, which comes before an import."""
        said = (key for key, verdict in self.marked.items() if verdict is Verdict.NOT_CORRECT)
        return self.people & frozenset(said)

    @property
    def confirmed(self) -> int:
        """Lines that are confirmed."""
        return len(self.people - self.open - self.wrong)

    @property
    def state(self) -> RosterState:
        """Confirmed when every line is; not yet while none was answered."""
        if self.people and self.confirmed == len(self.people):
            return RosterState.CONFIRMED
        return RosterState.NOT_YET if self.open == self.people else RosterState.PARTLY


def due_on(quarter: str, days: int) -> date:
    """The day of that number in the quarter (setting `people.roster_confirmation_day`)."""
    bounds = quarter_days(quarter)
    if bounds is None:
        raise ValueError(quarter)
    return bounds[0] + timedelta(days=days - 1)


def check_can_confirm(quarter: str, today: date) -> None:
    """Only the running quarter is confirmed; earlier ones stand as they are (design)."""
    if quarter != quarter_of(today):
        raise Denied(_l("Only the roster of this quarter can be confirmed"))


def can_confirm(quarter: str, today: date) -> bool:
    """Whether `check_can_confirm` passes."""
    return quarter == quarter_of(today)


def check_word(word: Word) -> None:
    """Who says that a line is not right says what is wrong (design)."""
    if word.verdict is Verdict.NOT_CORRECT and not (word.note or "").strip():
        raise Unprocessable(_l("Enter what is not correct, in each line that is not"))


def mark_of(roster: Iterable[tuple[str, str]]) -> str:
    """What a form was opened with: uids and posts of the people shown."""
    return hashlib.sha256(to_json(sorted(roster)).encode()).hexdigest()


def quarter_words(quarter: str) -> str:
    """A quarter as people write it."""
    return _("quarter %(number)s of %(year)s", number=quarter[6], year=quarter[:4])
