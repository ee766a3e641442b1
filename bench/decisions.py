"""A transfer of 97 people issued and revoked, each beside its floor: the same rows by bare statements.

Run as a program over a register of the demo province; prints one line of JSON. What waits for the writer's
lock is inside: drafting, checking and the plan that is shown before are not counted.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, event, select
from sqlalchemy.engine import Engine

from accounts.models import Grant, User
from app import create_app
from core.clock import today
from core.db import db
from core.ids import new_uid
from core.permissions import Role
from core.scope import Viewer, bind_viewer, system_viewer
from core.units import Unit
from hr.decisions.issuing import actions, effects, queries
from hr.decisions.issuing.enums import DecisionKind
from hr.decisions.issuing.models import Decision
from hr.decisions.issuing.seeds import DecisionSeed, LineSeed, SignatureSeed
from hr.people.enums import AssignmentKind, Category
from hr.people.models import Assignment

PEOPLE = 97
OFFICE = "Ủy ban nhân dân tỉnh"


def measure() -> dict[str, Any]:
    """Seconds and statements of both, people it held for, and the floor's seconds."""
    by, sent = system_viewer("bench", today()), _counted()
    with create_app().app_context(), bind_viewer(by):
        author, checker = _officers(by)
        keys = _movable()
        seed = _transfer(by, [person_id for person_id, _place in keys])
        decision = actions.save_draft(by=author, seed=seed)
        actions.check(by=checker, decision=decision)
        actions.submit(by=author, decision=decision)
        mark = effects.mark(actions.plan_of(decision, by.today))
        issue = _timed(
            sent,
            lambda: actions.issue(by=author, decision=decision, signature=seed.signature, mark=mark),
        )
        held = sum(line.refusal is None for line in queries.lines_of(decision))
        revoke = _timed(sent, lambda: _revoke(author, decision))
        return {"people": held, "issue": issue, "revoke": revoke, "floor": _floor([key for _p, key in keys])}


def _revoke(by: Viewer, decision: Decision) -> None:
    actions.revoke(by=by, decision=decision, reason="bench")


def _officers(by: Viewer) -> list[Viewer]:
    officers = select(User).join(Grant, Grant.user_id == User.id).where(Grant.role == Role.HR_OFFICER)
    return [
        replace(by, user_id=user.id, user_uid=user.uid, name=user.display_name)
        for user in db.session.scalars(officers.order_by(User.id).limit(2))
    ]


def _movable() -> list[tuple[int, int]]:
    """Keys of civil servants and of their only open place."""
    query = select(Assignment.person_id, Assignment.id).where(
        Assignment.kind == AssignmentKind.MAIN,
        Assignment.category == Category.CIVIL_SERVANT,
        Assignment.ends_on.is_(None),
        Assignment.annulled_at.is_(None),
        Assignment.starts_on < today() - timedelta(days=365),
        Assignment.unit_id.not_in(select(Unit.id).where(Unit.code == "STC")),
    )
    found = db.session.execute(query.order_by(Assignment.id).limit(PEOPLE))
    return [(person_id, key) for person_id, key in found]


def _transfer(by: Viewer, people: list[int]) -> DecisionSeed:
    there = db.session.scalars(select(Unit.id).where(Unit.code == "STC", Unit.valid_to.is_(None))).one()
    signed = SignatureSeed(reference="9797/QĐ-UBND", signed_on=by.today - timedelta(days=1), signer="bench")
    lines = tuple(LineSeed(person_id=key, unit_id=there, post="Chuyên viên") for key in people)
    return DecisionSeed(
        kind=DecisionKind.TRANSFER, office=OFFICE, effective_on=by.today, lines=lines, signature=signed
    )


def _counted() -> list[str]:
    """Statements as they are sent, from now on."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    return sent


def _timed(sent: list[str], act: Callable[[], object]) -> dict[str, float]:
    before, started, worked = len(sent), time.perf_counter(), time.process_time()
    act()
    return {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - worked,
        "statements": len(sent) - before,
    }


def _floor(keys: list[int]) -> float:
    """Seconds to end these places and to make as many, with no rule asked, nothing kept and nothing told."""
    table: Any = Assignment.__table__
    db.session.remove()
    with db.engine.connect().execution_options(unscoped=True) as connection:
        there = [dict(row._mapping) for row in connection.execute(select(table).where(table.c.id.in_(keys)))]
        made = [{**row, "uid": new_uid(), "starts_on": today(), "ends_on": today()} for row in there]
        started = time.perf_counter()
        end = table.update().where(table.c.id == bindparam("key")).values(ends_on=today() - timedelta(days=1))
        connection.execute(end, [{"key": key} for key in keys])
        for row in made:
            del row["id"]
        connection.execute(table.insert(), made)
        connection.commit()
        return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(measure()))
