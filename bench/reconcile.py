"""The provincial roster held against the register that has it, three ways, beside its floor: the file read
by the bare library, the people by one bare query, and the two compared by number.

Run as a program, with the roster's path, over a register that holds its import; prints one line of JSON.
Nothing is written but the lines of the import: the register is only read.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import python_calamine
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app import create_app
from core.clock import today
from core.db import db
from core.files import keep_upload
from core.scope import bind_viewer, system_viewer
from hr.people.imports import actions, reading


def measure(roster: Path) -> dict[str, Any]:
    """Seconds and statements from the upload to the lines shown, lines unchanged, the floor's seconds."""
    by = system_viewer("bench", today())
    with create_app().app_context(), bind_viewer(by):
        with roster.open("rb") as stream:
            sha256, size = keep_upload(stream, 200 << 20)
        batch = actions.begin(by=by, filename=roster.name, sha256=sha256, size=size)
        sent: list[str] = []
        event.listen(Engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
        started = time.perf_counter()
        batch = reading.read_batch(by, batch)
        seconds, statements = time.perf_counter() - started, len(sent)
        lines = {"unchanged": batch.unchanged, "other": batch.read - batch.unchanged}
        actions.discard(by=by, batch=batch)
        return {**lines, "seconds": seconds, "statements": statements, "floor": floor(roster)}


def floor(roster: Path) -> float:
    """Seconds to find each number of the file among those of the register."""
    db.session.remove()
    started = time.perf_counter()
    book = python_calamine.CalamineWorkbook.from_path(str(roster))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    with db.engine.connect() as connection:
        people = connection.exec_driver_sql("SELECT id_number, full_name, born_on FROM person").all()
    known = {row[0]: row for row in people}
    found = [known[cell] for row in rows for cell in row if cell in known]
    if not found:
        raise RuntimeError("the register holds nobody of the roster")
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
