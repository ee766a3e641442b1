"""`flask serve`: from nothing to a served register in one process. For development only.

The application that migrated and filled the database is handed to gunicorn as it is: nothing is
imported twice. How gunicorn serves stands in gunicorn.conf.py, the same for production.
"""

import socket
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import Application

from core import demo
from core.db import db
from core.marks import DEMO, MADE, mark
from core.reference import load_law_and_units
from core.revisions import current, head, is_empty
from core.scope import bind_viewer, system_viewer
from core.subjects import registered

CONFIGURATION = Path(__file__).resolve().parent.parent / "gunicorn.conf.py"


class Server(Application):
    """gunicorn over an application that is there already."""

    def __init__(self, app: Flask, address: str):
        self.app = app
        self.address = address
        super().__init__()

    def load_config(self) -> None:
        self.load_config_from_file(str(CONFIGURATION))
        self.cfg.set("bind", self.address)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("graceful_timeout", 2)  # Ctrl-C means now

    def load(self) -> Any:
        return self.app


def prepare(tell: demo.Tell, *, empty: bool) -> None:
    """Brings the database to the newest migration; fills it with the demo unless `empty` or filled."""
    engine = db.engine
    if current(engine) != head():
        from core import migrate  # with Alembic, which a start that migrates nothing can spare

        tell("Preparing the database …")
        migrate.upgrade(engine, tell=tell)
        load_law_and_units()
    if not empty and demo.was_cut_short():
        from core import migrate

        tell("The demo was cut short last time; it is made anew …")
        db.session.remove()
        migrate.downgrade(engine, "base", copy=False)
        migrate.upgrade(engine, copy=False)
        load_law_and_units()
    if not empty and mark(DEMO) is None and is_empty(engine):
        tell("Making the demo province (once, some seconds) …")
        demo.make_demo(tell)
    db.session.remove()


def first_accounts() -> list[tuple[str, str, str]]:
    """Somebody must be able to sign in to a register that has no account yet."""
    by = system_viewer("first accounts")
    asked = (subject.first_accounts for subject in registered() if subject.first_accounts is not None)
    with bind_viewer(by):
        found = [row for ask in asked for row in ask(by)]
    db.session.remove()
    return found


def greet(tell: demo.Tell, address: str) -> None:
    """The address, and one sign-in per kind of user: the demo's, or the first ones of an empty
    register, whose initial passwords are shown this once."""
    tell(f"\n  http://{address}\n")
    is_demo = mark(DEMO) == MADE
    accounts = demo.sign_ins() if is_demo else first_accounts()
    if accounts:
        widths = [max(len(row[column]) for row in accounts) for column in (0, 1)]
        for kind, name, password in accounts:
            tell(f"  {kind:<{widths[0]}}  {name:<{widths[1]}}  {password}")
        tell("" if is_demo else "  Shown this once: good for 24 hours, changed at the first sign-in.\n")
    tell("Stop with Ctrl-C.")


def is_taken(host: str, port: int) -> bool:
    """Whether something listens there already; better said before a minute of work than after."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def run(app: Flask, host: str, port: int) -> None:
    """Serves until stopped. No connection is open when the processes part: a SQLite connection used
    on both sides of a fork would damage the file."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    Server(app, f"[{host}]:{port}" if ":" in host else f"{host}:{port}").run()
