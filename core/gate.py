"""The way to a write transaction, the same on both engines.

On SQLite all processes share one lock file, taken before BEGIN IMMEDIATE: SQLite's own busy
handler is unfair and starves a writer under load, a queue in front of it does not. On
PostgreSQL rows are locked instead, waited for as long, and the lock file is not used.
"""

import fcntl
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, scoped_session

from core.db import is_sqlite
from core.errors import Busy

#: Seconds a writer waits before the user is told to try again (the draft is kept).
WAIT_SECONDS = 10.0
#: PostgreSQL: lock not available in time, deadlock detected, serialization failure.
_LOCK_TROUBLE = ("55P03", "40P01", "40001")
_threads = threading.Lock()


@contextmanager
def writing(session: Session | scoped_session[Any], engine: Engine) -> Iterator[None]:
    """Takes the writer lock, ends what `session` read so far, begins a write transaction,
    commits at the end and rolls back on any exception. Busy after `WAIT_SECONDS`."""
    with writer_lock(engine):
        # What the view read before the lock may be old: rolled back and so expired, it is read anew.
        session.rollback()
        try:
            connection = session.connection(execution_options={"writing": True})
            if not is_sqlite(engine):
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(WAIT_SECONDS * 1000)}")
            yield
            session.commit()
        except OperationalError as error:
            session.rollback()
            if _is_waiting_in_vain(error):
                raise busy() from error
            raise
        except BaseException:
            session.rollback()
            raise


@contextmanager
def writer_lock(engine: Engine) -> Iterator[None]:
    if not is_sqlite(engine) or not engine.url.database:
        yield
        return
    deadline = time.monotonic() + WAIT_SECONDS
    if not _threads.acquire(timeout=WAIT_SECONDS):
        raise busy()
    try:
        descriptor = os.open(Path(engine.url.database + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _wait_for(descriptor, deadline)
            yield
        finally:
            os.close(descriptor)  # closing releases the lock, also when the process dies
    finally:
        _threads.release()


def busy() -> Busy:
    """What a writer is told that waited too long."""
    return Busy(_l("The register is busy. Try again in a moment: your draft is kept"))


def _is_waiting_in_vain(error: OperationalError) -> bool:
    """Whether the database gave up waiting for a lock, or broke up two writers waiting for each other."""
    if getattr(error.orig, "sqlstate", None) in _LOCK_TROUBLE:
        return True
    return "database is locked" in str(error.orig)


def _wait_for(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise busy() from None
            time.sleep(0.001 + random.random() * 0.003)
