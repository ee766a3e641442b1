"""From planned effects to rows of the files, and back: few statements, however many people. Runs inside
the actions only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.audit import AuditType, plain
from core.clock import now
from core.db import db, insert_rows
from core.ids import new_uid
from core.scope import Viewer
from core.text import tidy_name
from core.words import show_date
from hr.decisions.issuing import queries
from hr.decisions.issuing.effects import Planned
from hr.decisions.issuing.enums import Effect
from hr.decisions.issuing.models import Decision, DecisionEffect, DecisionLine
from hr.people import entry
from hr.people.actions import changed_file
from hr.people.enums import ServiceStatus
from hr.people.groups.models import Reward
from hr.people.models import Assignment, Person, RankStep

Columns = dict[str, Any]
#: The columns of an effect that not every effect fills.
_NOTHING: Columns = dict.fromkeys(("assignment_id", "rank_step_id", "reward_id", "before_json"))
#: The group of rewards in a file.
REWARDS = "rewards"
#: What an end of service sets on the person.
SERVICE = ("status", "status_since", "status_reason", "ended_on")


# --- making --------------------------------------------------------------------------------------------
def write_effects(decision: Decision, planned: Iterable[Planned]) -> None:
    """Writes every line that holds. What ends is written first: the database allows one open place of
    one's own per person at any moment."""
    effects: list[Columns] = []
    new: dict[Any, list[tuple[DecisionLine, Columns]]] = {Assignment: [], RankStep: [], Reward: []}
    for one in planned:
        one.line.old_post = one.present.post if one.present else None
        one.line.old_unit_id = one.present.unit_id if one.present else None
        if not one.holds:
            one.line.refusal = str(one.refusal)[:500]
            continue
        _keep_details(one)
        effects += [_ended(one.line, row, day) for row, day in one.ends]
        if one.service is not None:
            effects.append(_end_service(one, decision))
        if one.place is not None:
            columns = entry.assignment_columns(one.place, one.person.full_name)
            new[Assignment].append((one.line, {**columns, "person_id": one.person.id}))
        if one.rank is not None:
            columns = entry.plain_columns(one.rank)
            new[RankStep].append((one.line, {**columns, "person_id": one.person.id}))
        if one.reward is not None:
            columns = _reward_columns(one.reward, decision)
            new[Reward].append((one.line, {**columns, "person_id": one.person.id}))
        _record(one, decision)
    db.session.flush()
    effects += _insert(Assignment, new[Assignment], "assignment_id")
    effects += _insert(RankStep, new[RankStep], "rank_step_id")
    effects += _insert(Reward, new[Reward], "reward_id")
    insert_rows(db.session, DecisionEffect, [{**_NOTHING, **row, "uid": new_uid()} for row in effects])


def _keep_details(one: Planned) -> None:
    """What the line left open is written down as it was decided."""
    line, place = one.line, one.place
    if place is not None:
        line.unit_id, line.division_id, line.post = place.unit_id, place.division_id, tidy_name(place.post)
        line.management_tier, line.assignment_kind = place.management_tier, place.kind
    if one.rank is not None:
        line.rank_code, line.step = one.rank.rank_code, one.rank.step
        line.coefficient = one.rank.coefficient
    if one.service is not None:
        line.status = one.service[0]


def _reward_columns(reward: str, decision: Decision) -> Columns:
    """A row of the rewards in a file; the level is told by no decision, so it stays open."""
    facts = {
        "year": decision.year,
        "reward": reward,
        "decision_number": decision.reference,
        "decided_on": decision.signed_on,
        "decided_by": decision.office,
    }
    return entry.facts_columns(REWARDS, facts)


def _ended(line: DecisionLine, row: Assignment, day: date) -> Columns:
    before, row.ends_on = {"ends_on": plain(row.ends_on)}, day
    after = {"ends_on": day.isoformat()}
    return {
        "line_id": line.id,
        "effect": Effect.ENDED,
        "assignment_id": row.id,
        "before_json": before,
        "after_json": after,
    }


def _end_service(one: Planned, decision: Decision) -> Columns:
    assert one.service is not None
    person, (status, ended_on) = one.person, one.service
    before = {name: plain(getattr(person, name)) for name in SERVICE}
    person.status, person.ended_on, person.status_since = status, ended_on, ended_on
    person.status_reason = one.line.reason or decision.reference
    after = {name: plain(getattr(person, name)) for name in SERVICE}
    return {
        "line_id": one.line.id,
        "effect": Effect.SERVICE_ENDED,
        "before_json": before,
        "after_json": after,
    }


def _insert(cls: Any, rows: list[tuple[DecisionLine, Columns]], column: str) -> list[Columns]:
    """Inserts new rows of the files in one statement; one more tells their keys."""
    lines = {new_uid(): (line, columns) for line, columns in rows}
    if not lines:
        return []
    insert_rows(db.session, cls, [{"uid": uid, **columns} for uid, (_line, columns) in lines.items()])
    keys = db.session.execute(select(cls.uid, cls.id).where(cls.uid.in_(lines)))
    return [
        {
            "line_id": lines[uid][0].id,
            "effect": Effect.MADE,
            column: key,
            "after_json": {"ends_on": plain(lines[uid][1].get("ends_on"))},
        }
        for uid, key in keys
    ]


def _record(one: Planned, decision: Decision) -> None:
    """One row in the log per person changed, in the shapes of the other writers of a file."""
    person, place, reason = one.person, one.place, decision.reference
    if one.service is not None:
        status, ended_on = one.service
        values: dict[str, Any] = {"status": status.value, "ended_on": ended_on.isoformat()}
        unit = one.present.unit_id if one.present else None
        changed_file(person, values, type=AuditType.PERSON_SERVICE_ENDED, unit_id=unit, reason=reason)
    elif one.rank is not None:
        values = {"rank": [None, f"{one.rank.rank_code}, {one.rank.step}"]}
        changed_file(person, values, reason=reason)
    elif place is not None and one.ends:
        ((row, day),) = one.ends
        values = {"from": [row.post, day.isoformat()], "to": [place.post, place.starts_on.isoformat()]}
        changed_file(person, values, type=AuditType.PERSON_MOVED, unit_id=place.unit_id, reason=reason)
    elif place is not None:
        values = {
            "assignment": [None, f"{place.kind.value}: {place.post}"],
            "starts_on": [None, place.starts_on.isoformat()],
        }
        changed_file(person, values, unit_id=place.unit_id, reason=reason)
    else:
        facts = _reward_columns(one.reward or "", decision)
        made = {name: [None, plain(value)] for name, value in facts.items() if value is not None}
        changed_file(person, {REWARDS: made}, reason=reason)


# --- taking back -------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Lifted:
    """What a decision left, with what stands on it by now: person and entry in words."""

    people: dict[int, Person]
    lines: dict[int, DecisionLine]
    effects: list[DecisionEffect]
    places: dict[int, Assignment]
    ranks: dict[int, RankStep]
    rewards: dict[int, Reward]
    standing: list[str] = field(default_factory=list)

    def row(self, effect: DecisionEffect) -> Any:
        """The row of a file that an effect made or ended."""
        if effect.rank_step_id is not None:
            return self.ranks[effect.rank_step_id]
        if effect.reward_id is not None:
            return self.rewards[effect.reward_id]
        return self.places[effect.assignment_id or 0]

    @property
    def made(self) -> set[int | None]:
        """Keys of the assignments that the decision made."""
        return {one.assignment_id for one in self.effects if one.effect is Effect.MADE}


def find_lifted(decision: Decision) -> Lifted:
    """The effects of a decision with their rows as they stand, and what later entries stand on them. Seven
    statements; the people are held until the transaction ends."""
    lines = {line.id: line for line in queries.lines_of(decision) if line.refusal is None}
    people = queries.people_by_id((line.person_id for line in lines.values()), locked=True)
    effects = list(queries.effects_of(lines.values()))
    lifted = Lifted(
        people,
        lines,
        effects,
        _rows(Assignment, (effect.assignment_id for effect in effects)),
        _rows(RankStep, (effect.rank_step_id for effect in effects)),
        _rows(Reward, (effect.reward_id for effect in effects)),
    )
    held = queries.held_by(people)
    for effect in effects:
        person = people[lines[effect.line_id].person_id]
        why = _standing_on(lifted, effect, person, held[person.id])
        if why is not None:
            lifted.standing.append(f"{person.full_name}: {why}")
    lifted.standing = list(dict.fromkeys(lifted.standing))
    return lifted


def _rows(cls: Any, ids: Iterable[int | None]) -> dict[int, Any]:
    wanted = {key for key in ids if key is not None}
    return {row.id: row for row in db.session.scalars(select(cls).where(cls.id.in_(wanted)))}


def _standing_on(lifted: Lifted, effect: DecisionEffect, person: Person, held: queries.Held) -> str | None:
    """What later entry stands on the row: None when it is as the decision left it and nothing follows."""
    if effect.effect is Effect.SERVICE_ENDED:
        same = all(plain(getattr(person, name)) == effect.after[name] for name in SERVICE)
        return None if same else _("the end of service was changed")
    if effect.reward_id is not None:
        annulled = lifted.rewards[effect.reward_id].annulled_at is not None
        return _("the reward was annulled") if annulled else None
    if effect.rank_step_id is not None:
        rank = lifted.ranks[effect.rank_step_id]
        if rank.annulled_at is not None:
            return _("the rank and step was annulled")
        later = next((row for row in held.ranks if row.starts_on > rank.starts_on), None)
        return _("rank and step from %(day)s", day=show_date(later.starts_on)) if later else None
    return _standing_on_place(lifted, effect, held)


def _standing_on_place(lifted: Lifted, effect: DecisionEffect, held: queries.Held) -> str | None:
    row = lifted.places[effect.assignment_id or 0]
    if row.annulled_at is not None:
        return _("%(post)s was annulled", post=row.post)
    if row.is_home and effect.effect is Effect.MADE:
        later = next((place for place in held.own if place.starts_on > row.starts_on), None)
        if later is not None:
            return _("%(post)s from %(day)s", post=later.post, day=show_date(later.starts_on))
    if plain(row.ends_on) != effect.after["ends_on"]:
        return _("the end of %(post)s was changed", post=row.post)
    if effect.effect is Effect.ENDED and row.is_home:
        until, made = effect.before["ends_on"], lifted.made
        for place in held.own:
            follows = place.starts_on > row.starts_on and place.id not in made
            if follows and (until is None or plain(place.starts_on) <= until):
                return _("%(post)s from %(day)s", post=place.post, day=show_date(place.starts_on))
    return None


def lift(lifted: Lifted, by: Viewer, decision: Decision) -> None:
    """Annuls what was made, then gives the other rows what stood in them before."""
    for effect in lifted.effects:
        if effect.effect is Effect.MADE:
            row = lifted.row(effect)
            row.annulled_at, row.annulled_by_id = now(), by.user_id
    # The new place first: the database allows one open place of one's own per person at any moment.
    db.session.flush()
    for effect in lifted.effects:
        person = lifted.people[lifted.lines[effect.line_id].person_id]
        if effect.effect is Effect.ENDED:
            _run_on(lifted.places[effect.assignment_id or 0], effect, person, by.today)
        elif effect.effect is Effect.SERVICE_ENDED:
            _restore_service(person, effect)
    for line in lifted.lines.values():
        _record_lifting(line, lifted.people[line.person_id], decision)


def _run_on(row: Assignment, effect: DecisionEffect, person: Person, today: date) -> None:
    until = effect.before["ends_on"]
    row.ends_on = date.fromisoformat(until) if until else None
    if row.ends_on is None or row.ends_on >= today:
        # Running assignments bear the person's name of today, also when it changed meanwhile.
        row.person_name, row.name_key = person.full_name, person.name_key


def _restore_service(person: Person, effect: DecisionEffect) -> None:
    before = effect.before
    person.status = ServiceStatus(before["status"])
    person.status_reason = before["status_reason"]
    for name in ("status_since", "ended_on"):
        setattr(person, name, date.fromisoformat(before[name]) if before[name] else None)


def _record_lifting(line: DecisionLine, person: Person, decision: Decision) -> None:
    values = {"decision_note": [decision.reference, None]}
    changed_file(person, values, unit_id=line.old_unit_id, reason=decision.note)
