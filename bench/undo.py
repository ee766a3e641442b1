"""Taking back the newest import, beside its floor: the same rows deleted by bare statements.

Run as a program, with the roster's path, over a register that holds its import and nobody else; prints one
line of JSON.
"""

import json
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from app import create_app
from core.clock import today
from core.db import db
from core.scope import bind_viewer, system_viewer
from hr.people.imports import actions
from hr.people.imports.cli import import_file
from hr.people.imports.enums import ImportStatus
from hr.people.imports.models import ImportBatch
from hr.people.models import Person

#: Children before the people they belong to.
BARE = (
    "DELETE FROM person_background",
    "DELETE FROM qualification",
    "DELETE FROM rank_step",
    "DELETE FROM person_token",
    "DELETE FROM assignment",
    "DELETE FROM person",
)


def measure(roster: Path) -> dict[str, float]:
    """Seconds of one undo and of the bare statements on the same rows, imported once more."""
    by = system_viewer("bench", today())
    with create_app().app_context(), bind_viewer(by):
        people = db.session.scalar(select(func.count()).select_from(Person)) or 0
        confirmed = select(ImportBatch).where(ImportBatch.status == ImportStatus.CONFIRMED)
        batch = db.session.scalars(confirmed.order_by(ImportBatch.id.desc())).first()
        started, worked = time.perf_counter(), time.process_time()
        actions.undo(by=by, batch=batch, reason="bench")
        seconds, cpu = time.perf_counter() - started, time.process_time() - worked
        import_file.main([str(roster)], standalone_mode=False)
        return {"people": people, "seconds": seconds, "cpu": cpu, "floor": floor()}


def floor() -> float:
    """Seconds to delete everybody in one transaction, with nothing kept and nothing told."""
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE import_line SET person_id = NULL")
        connection.commit()
        started = time.perf_counter()
        for statement in BARE:
            connection.exec_driver_sql(statement)
        connection.commit()
        return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
