"""Writers and readers that meet in one register, as one server process of several.

`python -m tests.core.contenders` takes a JSON line that says where and how many, answers "ready", and
waits for a second line: the time at which all are over. Then it prints what its threads managed.
"""

import json
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from accounts.models import User
from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.db import db
from core.scope import Viewer, bind_viewer, system_viewer
from tests.registers import configuration, small_app


@action(None)
def count_up(*, by: Viewer, username: str) -> User:
    """Reads a number, adds one, writes it: what is lost when two writers meet."""
    row = lock(db.session.scalars(select(User).where(User.username == username)).one())
    row.display_name = str(int(row.display_name) + 1)
    audit.record(AuditType.ACCOUNT_CHANGED, row, values=audit.changes(row))
    return row


class Contest:
    """Threads of one process, all over at `until`."""

    def __init__(self, app: Flask):
        self.app, self.until = app, 0.0
        self.done = {"writes": 0, "reads": 0}
        self.errors: list[str] = []
        self.slowest = 0.0
        self.guard = threading.Lock()

    def repeat(self, kind: str, act: Any) -> None:
        """Acts again and again until the end; counts, and keeps the first errors."""
        while time.time() < self.until:
            begun = time.monotonic()
            try:
                with self.app.app_context(), bind_viewer(system_viewer("contest")) as _:
                    act()
            except Exception as error:
                with self.guard:
                    self.errors.append(f"{kind}: {type(error).__name__}: {error}"[:300])
                return
            with self.guard:
                self.done[kind] += 1
                self.slowest = max(self.slowest, time.monotonic() - begun)

    def write(self) -> None:
        """One more."""
        count_up(by=system_viewer("contest"), username="counter")

    def read(self) -> None:
        """What a page reads while others write: one snapshot, so number and log agree."""
        shown = int(db.session.scalars(select(User.display_name).where(User.username == "counter")).one())
        rows = db.session.scalar(
            select(func.count()).where(audit.AuditEvent.type == AuditType.ACCOUNT_CHANGED)
        )
        if db.engine.dialect.name == "sqlite" and rows != shown:
            raise AssertionError(f"{shown} shown, {rows} in the log: half a transaction was read")


def main() -> None:
    order = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory() as folder:
        settings = configuration(order["url"], Path(folder), AUDIT_KEY=order["audit_key"], THREADS="8")
        app = small_app(settings)
        contest = Contest(app)
        with app.app_context(), bind_viewer(system_viewer("contest")):
            contest.read()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        contest.until = float(sys.stdin.readline())
        acts = [("writes", contest.write)] * order["writers"] + [("reads", contest.read)] * order["readers"]
        threads = [threading.Thread(target=contest.repeat, args=pair) for pair in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    sys.stdout.write(json.dumps({**contest.done, "errors": contest.errors, "slowest": contest.slowest}))


if __name__ == "__main__":
    main()
