"""The writers of yearly ratings: proposed by the chair, confirmed or sent back, entered and annulled by
Home Affairs. One row in the log for each person."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core import audit
from core.actions import action, lock
from core.clock import now
from core.db import db
from core.errors import Conflict, Denied, Unprocessable
from core.permissions import Permission
from core.scope import Viewer
from hr.people.actions import changed_file
from hr.people.models import Person
from hr.people.ratings import rules
from hr.people.ratings.enums import RatingLevel, RatingSource, RatingState
from hr.people.ratings.models import YearlyRating
from hr.people.ratings.queries import find_rating, mark_of, team_of, valid_rating


@action(Permission.RATING_PROPOSE)
def propose_ratings(*, by: Viewer, year: int, levels: Mapping[str, RatingLevel], mark: str) -> int:
    """Proposes a level of the year for people whom the own unit rates, named by uid; what is proposed already
    stays. Conflict when a rating of the team is no longer as `mark` tells. Returns how many were changed."""
    people = _locked(levels)
    team = {one.uid: one for one in team_of(by, year)}
    if not set(levels) <= set(team):
        raise Denied(_l("You propose ratings for the people your unit rates only"))
    if mark_of(list(team.values())) != mark:
        raise Conflict(None)
    changed = 0
    for uid, level in levels.items():
        one, person = team[uid], people[uid]
        if one.level is level and one.state is RatingState.PROPOSED:
            continue
        rules.check_can_propose(one.state)
        rules.check_year(year, recruited_on=person.recruited_on, today=by.today)
        row = valid_rating(person, year) or YearlyRating(person_id=person.id, year=year)
        row.level, row.state, row.source = level, RatingState.PROPOSED, RatingSource.CHAIR
        row.rated_by, row.proposed_by_id, row.remark = _rater(by), by.user_id, None
        row.settled_by_id = row.settled_at = None
        _record(person, row)
        changed += 1
    if not levels:
        raise Unprocessable(_l("Choose a level for at least one person"))
    if not changed:
        raise Unprocessable(_l("Nothing was changed: these levels are proposed already"))
    return changed


@action(Permission.RATING_CONFIRM)
def settle_ratings(
    *, by: Viewer, chosen: Mapping[str, RatingLevel], state: RatingState, remark: str | None = None
) -> int:
    """Confirms proposals or sends them back with a remark: {uid: the level that was shown}. All or none;
    refused when one was changed meanwhile. Returns how many."""
    remark = (remark or "").strip() or None
    if not chosen:
        raise Unprocessable(_l("Choose at least one rating"))
    if state is RatingState.SENT_BACK and remark is None:
        raise Unprocessable(_l("Enter why they are sent back"), field="remark")
    query = select(YearlyRating, Person).join(Person, Person.id == YearlyRating.person_id)
    query = query.where(YearlyRating.uid.in_(list(chosen))).order_by(Person.id).with_for_update()
    rows = db.session.execute(query.execution_options(populate_existing=True)).all()
    for row, person in rows:
        _check_not_own(by, person)
        rules.check_can_confirm(row.proposed_by_id, by.user_id)
    for row, _person in rows:
        if row.annulled_at is not None or row.level is not chosen[row.uid]:
            raise Unprocessable(_l("Somebody changed one of these ratings: look again, then choose"))
        rules.check_can_settle(row.state)
    if len(rows) != len(chosen):
        raise Unprocessable(_l("Somebody changed one of these ratings: look again, then choose"))
    for row, person in rows:
        row.state, row.remark = state, remark
        row.settled_by_id, row.settled_at = by.user_id, now()
        _record(person, row, reason=remark)
    return len(rows)


@action(Permission.RATING_CONFIRM)
def record_rating(
    *,
    by: Viewer,
    person: Person,
    year: int,
    level: RatingLevel,
    rated_by: str | None = None,
    version: int | None = None,
) -> YearlyRating:
    """A rating from a paper, confirmed as it is entered; one a year."""
    person = lock(person, version)
    _check_not_own(by, person)
    rules.check_year(year, recruited_on=person.recruited_on, today=by.today)
    if valid_rating(person, year) is not None:
        raise Unprocessable(_l("A rating of this year is already there: annul it first"), field="year")
    row = YearlyRating(
        person_id=person.id,
        year=year,
        level=level,
        state=RatingState.CONFIRMED,
        source=RatingSource.HOME_AFFAIRS,
        rated_by=rated_by,
        settled_by_id=by.user_id,
        settled_at=now(),
    )
    _record(person, row)
    return row


@action(Permission.RATING_CONFIRM)
def annul_rating(
    *, by: Viewer, person: Person, rating: YearlyRating, reason: str, version: int | None = None
) -> YearlyRating:
    """Annuls a rating entered or confirmed by mistake; the year may then be rated anew."""
    person = lock(person, version)
    _check_not_own(by, person)
    row = find_rating(person, rating.uid)
    if row.annulled_at is not None:
        raise Denied(_l("This entry was annulled"))
    if not reason.strip():
        raise Unprocessable(_l("Enter the reason"), field="reason")
    row.annulled_at, row.annulled_by_id = now(), by.user_id
    stood = {name: [audit.plain(getattr(row, name)), None] for name in ("year", "level", "state")}
    changed_file(person, {"ratings": stood}, reason=reason)
    return row


def _check_not_own(by: Viewer, person: Person) -> None:
    if person.id == by.person_id:
        raise Denied(_l("Nobody settles the own rating: ask a colleague"))


def _locked(uids: Iterable[str]) -> dict[str, Person]:
    """The people by uid, locked in the order of their keys."""
    query = select(Person).where(Person.uid.in_(list(uids))).order_by(Person.id).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return {person.uid: person for person in found}


def _rater(by: Viewer) -> str:
    """Who rates and for which unit; names of offices often say both."""
    who, unit = by.acting_for or by.name, by.unit_label
    return who if unit.casefold() in who.casefold() else f"{who}, {unit}"


def _record(person: Person, row: YearlyRating, reason: str | None = None) -> None:
    """Adds the row, and says in the log what changed of what the file shows."""
    changed: dict[str, Any] = audit.changes(row)
    shown = ("year", "level", "state", "source", "rated_by", "remark")
    db.session.add(row)
    changed_file(person, {"ratings": {k: v for k, v in changed.items() if k in shown}}, reason=reason)
