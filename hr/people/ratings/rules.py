"""What a yearly rating has to keep to, and who may do what to it in which state."""

from datetime import date

from flask_babel import lazy_gettext as _l

from core.errors import Denied, Unprocessable
from hr.people.ratings.enums import RatingState

#: The first year ratings are kept of.
FIRST_YEAR = 1990


def check_year(year: int, *, recruited_on: date | None, today: date) -> None:
    """A year of service that has begun."""
    if not FIRST_YEAR <= year <= today.year:
        raise Unprocessable(_l("Enter a year that has begun"), field="year")
    if recruited_on is not None and year < recruited_on.year:
        raise Unprocessable(_l("The person was not yet in service in this year"), field="year")


def rating_year(today: date) -> int:
    """The year that is rated now: ratings of a year are due before 15 December of it (Decree 335/2025), so
    until the end of September the year before is still the one to complete."""
    return today.year if today.month >= 10 else today.year - 1


def due_on(year: int) -> date:
    """The last day for the ratings of a year: before 15 December (Decree 335/2025/NĐ-CP)."""
    return date(year, 12, 14)


def check_can_propose(state: RatingState | None) -> None:
    """What is confirmed is changed by Home Affairs alone."""
    if state is RatingState.CONFIRMED:
        raise Denied(_l("The rating of this year is confirmed: ask Home Affairs to change it"))


def check_can_confirm(proposed_by: int | None, user: int | None) -> None:
    """Two people: one proposes, another confirms or sends back. Keys of accounts."""
    if proposed_by is not None and proposed_by == user:
        raise Denied(_l("Somebody else settles what you proposed: ask a colleague"))


def check_can_settle(state: RatingState) -> None:
    """Only what waits is confirmed or sent back."""
    if state is not RatingState.PROPOSED:
        raise Denied(_l("This rating does not wait for confirmation"))
