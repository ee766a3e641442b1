"""Reading an uploaded file: the child reads, the register is compared, the result is kept.

On the web this runs in a thread beside the request, so that a large file shows its progress; the
page of the import asks again until it is done. A reading whose process died is seen by its age.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.child import Refused
from core.clock import now
from core.db import db
from core.errors import Busy
from core.files import path_of
from core.gate import writing
from core.scope import Viewer, bind_viewer, writing_allowed
from core.tabular_scan import MESSAGES
from core.text import marked as _
from hr.people.exchange.package import is_package
from hr.people.exchange.reading import Reading as FilesReading
from hr.people.imports import actions, checking, comparing, held, problems, queries, whole_files
from hr.people.imports.comparing import Compared
from hr.people.imports.enums import ImportStatus, LineOutcome
from hr.people.imports.models import ImportBatch
from hr.people.roster.intake import read_roster
from hr.people.roster.reader import MAX_PROBLEMS

#: The request waits so long for a reading before it shows the progress page.
PATIENCE = 4.0
GONE = _("This file is no longer kept: send it again")
BUSY = _("Other files are being read at the moment: read this one again in a minute")
_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


def start(by: Viewer, uid: str) -> None:
    """Reads the import in a thread; returns when it is done or after `PATIENCE` seconds."""
    db.session.rollback()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    thread = threading.Thread(target=_in_thread, args=(app, by, uid), daemon=True)
    thread.start()
    thread.join(PATIENCE)


def read_batch(
    by: Viewer,
    batch: ImportBatch,
    progress: Progress = lambda _done, _total: None,
    tell_files: Callable[[FilesReading], None] = lambda _reading: None,
) -> ImportBatch:
    """Reads the file of `batch`, compares it with the register and keeps the result. A file that
    cannot be read makes a failed import that says why. `tell_files` gets what was read of whole files."""
    uid, path, filename = batch.uid, path_of(batch.sha256), batch.filename
    unit = queries.unit_of(batch)
    given: dict[str, Any] = {
        "units": held.unit_table(by.today),
        "today": by.today,
        "mapping": {**queries.remembered(), **(batch.mapping or {})},
        "unit": unit.code if unit else None,
    }
    # Nothing of the database is held while the child reads.
    db.session.rollback()
    if not path.exists():
        return _fail(by, uid, GONE, {})
    try:
        if is_package(path):
            return whole_files.keep(by, uid, path, tell_files)
        reading = read_roster(
            path, filename, on_progress=lambda value: progress(value["done"], value["total"]), **given
        )
    except Refused as refusal:
        return _fail(by, uid, refusal.message, refusal.params)
    except Busy:
        return _fail(by, uid, BUSY, {})
    return _keep(by, uid, reading)


def _keep(by: Viewer, uid: str, reading: dict[str, Any]) -> ImportBatch:
    as_of = date.fromisoformat(reading["as_of"]) if reading["as_of"] else None
    batch = queries.find_batch(uid)
    day = actions.as_of_day(as_of, by.today)
    bare, refused = _without_number(reading)
    compared = comparing.compare(by, [*reading["rows"], *bare], day)
    checking.remark_second_heads([(item.row["full_name"], item.plan) for item in compared], day)
    compared += comparing.of_refused(refused)
    order = {sheet["name"]: number for number, sheet in enumerate(reading["sheets"])}
    compared.sort(key=lambda item: (order[item.row["sheet"]], item.row["row"]))
    lines = [_line_row(item) for item in compared]
    found = problems.of_reading(reading, {item.place for item in compared if item.plan.candidates})
    found.rows += [problem for item in compared for problem in problems.of_plan(item.row, item.plan)]
    outcomes = Counter(item.plan.outcome for item in compared)
    told = {
        "as_of": as_of,
        "sheets": reading["sheets"],
        "notes": found.notes,
        **{outcome.value: outcomes[outcome] for outcome in LineOutcome},
    }
    last = max(len(lines), len(found.rows)) // actions.PIECE * actions.PIECE
    for start in range(0, last, actions.PIECE):
        piece = slice(start, start + actions.PIECE)
        actions.keep_piece(by=by, batch=batch, lines=lines[piece], problems=found.rows[piece])
    return actions.finish_reading(
        by=by, batch=batch, found=told, lines=lines[last:], problems=found.rows[last:]
    )


def _without_number(reading: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The refused rows: those with nothing wrong but a blank number, who may be told by name and date
    of birth, and the others. Where not every problem was kept, none can be told."""
    errors: dict[tuple[str, int], set[str]] = {}
    for item in reading["problems"]:
        if item["severity"] == "error":
            errors.setdefault((item["sheet"], item["row"]), set()).add(item["code"])
    if len(reading["problems"]) >= MAX_PROBLEMS:
        return [], reading["refused"]
    bare: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for row in reading["refused"]:
        alone = errors.get((row["sheet"], row["row"])) == {"id_missing"}
        (bare if alone and row["full_name"] and row["born_on"] else others).append(row)
    return bare, others


def _line_row(item: Compared) -> dict[str, Any]:
    """Columns of an ImportLine, as the table calls them."""
    row, plan = item.row, item.plan
    return {
        "sheet": row["sheet"][:100],
        "row_number": row["row"],
        "name": (row.get("full_name") or "–")[:200],
        "value_json": row,
        "id_number": row.get("id_number"),
        "unit_id": item.unit_id,
        **comparing.line_columns(plan),
        "person_id": item.person_id,
    }


# --- in a thread ------------------------------------------------------------------------------------
def _in_thread(app: Flask, by: Viewer, uid: str) -> None:
    with app.app_context(), bind_viewer(by):
        try:
            if _claim(uid):
                read_batch(by, queries.find_batch(uid), lambda done, total: _note_progress(uid, done, total))
        except Exception:
            _log.exception("reading of an import failed")
            _fail(by, uid, MESSAGES["file"], {})
        finally:
            db.session.remove()


def _fail(by: Viewer, uid: str, message: str, params: dict[str, Any]) -> ImportBatch:
    db.session.rollback()
    return actions.fail_reading(by=by, batch=queries.find_batch(uid), message=message, params=params)


def _claim(uid: str) -> bool:
    """Whether this reader is the first for the import: a form sent twice starts two."""
    return _touch(uid, lambda batch: batch.version == 1)


def _note_progress(uid: str, done: int, total: int) -> None:
    _touch(uid, lambda _batch: True, done=done, total=total)


def _touch(uid: str, may: Callable[[ImportBatch], bool], **values: int) -> bool:
    """A sign of life with how far the reading is, in a transaction of its own. Not part of the
    register, so no row in the log."""
    allowed = writing_allowed.set(True)
    try:
        with Session(db.engine) as session, writing(session, db.engine):
            batch = session.scalars(select(ImportBatch).where(ImportBatch.uid == uid).with_for_update()).one()
            if batch.status is not ImportStatus.READING or not may(batch):
                return False
            batch.touched_at = now()
            for name, value in values.items():
                setattr(batch, name, value)
            return True
    finally:
        writing_allowed.reset(allowed)
