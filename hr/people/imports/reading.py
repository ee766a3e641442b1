"""Reading an uploaded file: the child reads, the register is compared, the result is kept.

On the web this runs in a thread beside the request, so that a large file shows its progress; the
page of the import asks again until it is done. A reading whose process died is seen by its age.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from core.child import Refused
from core.clock import now
from core.db import db
from core.errors import Busy, Unprocessable
from core.files import path_of
from core.gate import writing
from core.scope import Viewer, bind_viewer, writing_allowed
from core.units import Unit
from hr.people import entry
from hr.people.imports import actions, queries
from hr.people.imports.enums import LineOutcome
from hr.people.imports.matching import CONFLICTS, Plan, plan_line
from hr.people.imports.models import ImportBatch
from hr.people.roster.intake import read_roster

#: A reader that has shown no sign for so long is dead: the page offers to read again.
SILENCE = timedelta(seconds=150)
#: The request waits so long for a reading before it shows the progress page.
PATIENCE = 4.0
_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


def start(app: Flask, by: Viewer, uid: str) -> None:
    """Reads in a thread; returns when it is done or after `PATIENCE` seconds."""
    thread = threading.Thread(target=_in_thread, args=(app, by, uid), daemon=True)
    thread.start()
    thread.join(PATIENCE)


def is_silent(batch: ImportBatch) -> bool:
    """Whether the reader of a batch has died."""
    return batch.touched_at < now() - SILENCE


def read_batch(by: Viewer, batch: ImportBatch, progress: Progress = lambda _done, _total: None) -> ImportBatch:
    """Reads the file of `batch`, compares it with the register and keeps the result. A file that
    cannot be read makes a failed import that says why."""
    unit = db.session.get(Unit, batch.unit_id) if batch.unit_id else None
    mapping = {**queries.remembered(), **(batch.mapping or {})}
    units = queries.unit_table(by.today)
    db.session.rollback()
    try:
        reading = read_roster(
            path_of(batch.sha256),
            batch.filename,
            units=units,
            today=by.today,
            mapping=mapping,
            unit=unit.code if unit else None,
            on_progress=lambda value: progress(value["done"], value["total"]),
        )
    except Refused as refusal:
        return actions.fail_reading(by=by, batch=batch, message=refusal.message, params=refusal.params)
    except Busy as busy:
        return actions.fail_reading(by=by, batch=batch, message=str(busy), params={})
    return _keep(by, batch, reading)


def plans_of(by: Viewer, rows: list[dict[str, Any]], day: date) -> Iterator[tuple[dict[str, Any], Plan]]:
    """Each line with what it means for the register as it is now."""
    keys = queries.unit_keys(by.today)
    held = queries.held_people([row["id_number"] for row in rows], day)
    ages = entry.MinimumAges()
    for row in rows:
        plan = plan_line(row, held.get(row["id_number"]), keys, day)
        yield row, _checked(plan, by, ages)


def _checked(plan: Plan, by: Viewer, ages: entry.MinimumAges) -> Plan:
    """A new file that a rule of the register refuses becomes a conflicting line with the reason."""
    if plan.seed is None:
        return plan
    try:
        entry.check_file(plan.seed, by.today, ages)
    except Unprocessable as refusal:
        return Plan(LineOutcome.CONFLICTING, conflict=("rule", {"message": str(refusal.message)}))
    return plan


def _keep(by: Viewer, batch: ImportBatch, reading: dict[str, Any]) -> ImportBatch:
    as_of = date.fromisoformat(reading["as_of"]) if reading["as_of"] else None
    day = min(as_of or by.today, by.today)
    lines, problems = [], [_problem_row(item) for item in reading["problems"] if item["row"] is not None]
    outcomes: Counter[LineOutcome] = Counter()
    for row, plan in plans_of(by, reading["rows"], day):
        outcomes[plan.outcome] += 1
        lines.append(_line_row(row, plan))
        if plan.conflict is not None:
            problems.append(_conflict_row(row, plan.conflict))
    for row in reading["refused"]:
        outcomes[LineOutcome.REFUSED] += 1
        lines.append(_line_row(row, Plan(LineOutcome.REFUSED)))
    for start in range(0, max(len(lines), len(problems)), actions.PIECE):
        piece = slice(start, start + actions.PIECE)
        actions.keep_piece(by=by, batch=batch, lines=lines[piece], problems=problems[piece])
    notes = [*reading["notes"], *(item for item in reading["problems"] if item["row"] is None)]
    found = {
        "as_of": as_of,
        "sheets": reading["sheets"],
        "notes": notes,
        **{outcome.value: outcomes[outcome] for outcome in LineOutcome},
    }
    return actions.finish_reading(by=by, batch=batch, found=found)


def _line_row(row: dict[str, Any], plan: Plan) -> dict[str, Any]:
    return {
        "sheet": row["sheet"][:100],
        "row": row["row"],
        "name": (row.get("full_name") or "–")[:200],
        "values": row,
        "outcome": plan.outcome,
        "person_id": plan.person.id if plan.person else None,
        "changes": plan.changes or None,
    }


def _conflict_row(row: dict[str, Any], conflict: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    code, params = conflict
    place = {"sheet": row["sheet"], "row": row["row"], "column": None, "header": None, "raw": row["full_name"]}
    told = {"code": code, "severity": "error", "message": CONFLICTS[code], "params": params}
    return _problem_row({**place, **told})


def _problem_row(item: dict[str, Any]) -> dict[str, Any]:
    raw = item["raw"]
    return {
        "sheet": item["sheet"][:100],
        "row": item["row"],
        "column": item["column"],
        "header": (item["header"] or "")[:300] or None,
        "raw": None if raw is None else str(raw)[:200],
        "code": item["code"],
        "severity": item["severity"],
        "message": item["message"][:300],
        "params": item["params"],
    }


def _in_thread(app: Flask, by: Viewer, uid: str) -> None:
    with app.app_context(), bind_viewer(by):
        try:
            batch = queries.find_batch(uid)
            read_batch(by, batch, lambda done, total: _note_progress(batch.id, done, total))
        except Exception:
            _log.exception("reading of an import failed")
            _give_up(by, uid)
        finally:
            db.session.remove()


def _give_up(by: Viewer, uid: str) -> None:
    db.session.rollback()
    message = "This file cannot be read: save it as .xlsx without a password and send it again"
    actions.fail_reading(by=by, batch=queries.find_batch(uid), message=message, params={})


def _note_progress(batch_id: int, done: int, total: int) -> None:
    """Shows how far the reading is; not part of the register, so no row in the log."""
    allowed = writing_allowed.set(True)
    try:
        with Session(db.engine) as session, writing(session, db.engine):
            batch = session.get(ImportBatch, batch_id)
            if batch is not None:
                batch.done, batch.total, batch.touched_at = done, total, now()
    finally:
        writing_allowed.reset(allowed)
