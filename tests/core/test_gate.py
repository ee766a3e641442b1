"""The way to a write transaction: one writer at a time, a bounded wait, nothing half done."""

import fcntl
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, gate
from core.actions import action, lock
from core.audit import AuditType
from core.db import db
from core.errors import Busy
from core.gate import writer_lock, writing
from tests.cast import user_of


@action(None)
def rename(*, by, user, name):
    """Changes an account's shown name."""
    row = lock(user)
    row.display_name = name
    audit.record(AuditType.ACCOUNT_CHANGED, row, values=audit.changes(row))
    return row


@pytest.fixture
def short_wait(monkeypatch):
    monkeypatch.setattr(gate, "WAIT_SECONDS", 0.15)


@contextmanager
def lock_file_held():
    """What another process does while it writes."""
    descriptor = os.open(f"{db.engine.url.database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def statements():
    """Every statement sent, transaction control among them."""
    sent: list[str] = []

    def note(_conn, _cursor, statement, *_rest):
        sent.append(" ".join(statement.split()))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.sqlite
def test_the_lock_file_lies_beside_the_database_for_its_owner_only(context):
    with writer_lock(db.engine):
        path = Path(f"{db.engine.url.database}.lock")

        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.sqlite
def test_a_writer_behind_another_process_is_told_it_is_busy(as_viewer, short_wait):
    with as_viewer("admin") as viewer:
        with lock_file_held(), pytest.raises(Busy):
            rename(by=viewer, user=user_of("nobody"), name="Không được")

        assert user_of("nobody").display_name == "Sùng A Chu"


@pytest.mark.sqlite
def test_a_writer_behind_another_thread_is_told_it_is_busy(context, short_wait):
    held, over = threading.Event(), threading.Event()

    def hold(engine):
        with writer_lock(engine):
            held.set()
            over.wait(5)

    other = threading.Thread(target=hold, args=(db.engine,))
    other.start()
    held.wait(5)
    try:
        with pytest.raises(Busy), writer_lock(db.engine):
            raise AssertionError("two writers at once")
    finally:
        over.set()
        other.join()
    with writer_lock(db.engine):
        pass


@pytest.mark.sqlite
def test_waiting_in_vain_leaves_the_lock_to_the_next(as_viewer, short_wait):
    with as_viewer("admin") as viewer:
        with lock_file_held(), pytest.raises(Busy):
            rename(by=viewer, user=user_of("nobody"), name="Không được")
        rename(by=viewer, user=user_of("nobody"), name="Được")

        assert user_of("nobody").display_name == "Được"


@pytest.mark.sqlite
def test_the_lock_of_a_process_that_dies_is_free(context):
    program = (
        "import fcntl, os, sys, time\n"
        "fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)\n"
        "fcntl.flock(fd, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "time.sleep(60)\n"
    )
    path = f"{db.engine.url.database}.lock"
    other = subprocess.Popen([sys.executable, "-c", program, path], stdout=subprocess.PIPE)
    assert other.stdout is not None
    other.stdout.readline()
    other.kill()
    other.wait()
    other.stdout.close()

    with writer_lock(db.engine):
        pass


def test_a_row_held_by_another_connection_is_waited_for_and_then_busy(as_viewer, short_wait):
    with as_viewer("admin") as viewer:
        user = user_of("nobody")
        db.session.rollback()
        other = create_engine(db.engine.url)
        held = {"writing": True} if other.dialect.name == "sqlite" else {}
        with other.connect().execution_options(**held) as connection:
            connection.execute(select(User.id).where(User.id == user.id).with_for_update())
            if other.dialect.name == "sqlite":
                db.session.connection().exec_driver_sql("PRAGMA busy_timeout=100")
                db.session.rollback()
            with pytest.raises(Busy):
                rename(by=viewer, user=user, name="Không được")
            connection.rollback()
        other.dispose()

        assert user_of("nobody").display_name == "Sùng A Chu"


def test_an_exception_ends_the_transaction_and_the_lock(as_viewer):
    with as_viewer("admin") as viewer:
        with pytest.raises(KeyError), writing(db.session, db.engine):
            raise KeyError
        rename(by=viewer, user=user_of("nobody"), name="Sau lỗi")

        assert user_of("nobody").display_name == "Sau lỗi"


def test_what_the_view_read_before_the_gate_is_read_anew_inside(as_viewer):
    with as_viewer("admin") as viewer:
        seen = user_of("nobody")
        with Session(db.engine) as other, writing(other, db.engine):
            other.connection().exec_driver_sql(
                "UPDATE \"user\" SET display_name = 'Tên trong khi đó' WHERE username = 'nobody'"
            )

        assert seen.display_name == "Sùng A Chu"
        before = []

        @action(None)
        def look(*, by):
            before.append(seen.display_name)
            audit.record(AuditType.ACCOUNT_CHANGED, "user")

        look(by=viewer)
        assert before == ["Tên trong khi đó"]


@pytest.mark.sqlite
def test_a_write_begins_immediate_and_a_read_does_not(as_viewer):
    with as_viewer("admin") as viewer, statements() as sent:
        db.session.rollback()
        user = user_of("nobody")
        # A read's BEGIN goes straight to the driver; nothing of it reaches the list of statements.
        assert db.session.connection().connection.driver_connection.in_transaction
        assert not [text for text in sent if text.startswith("BEGIN")]
        sent.clear()
        rename(by=viewer, user=user, name="Tên mới")

        assert sent[0] == "BEGIN IMMEDIATE"
        assert not [text for text in sent[1:] if text.startswith("BEGIN")]


def test_the_head_of_the_log_is_locked_last(as_viewer):
    with as_viewer("admin") as viewer, statements() as sent:
        rename(by=viewer, user=user_of("nobody"), name="Tên mới", token="h" * 32)
        order = [text for text in sent if not text.startswith(("BEGIN", "SET LOCAL"))]
        tail = [text.split("audit_")[1].split()[0] for text in order if "audit_" in text]
        root = next(n for n, text in enumerate(order) if text.startswith("UPDATE") and "display_name" in text)
        head = next(n for n, text in enumerate(order) if "audit_head" in text)

        assert tail == ["head.seq,", "event", "head"]
        assert root < head == len(order) - 3
        assert order[-1].startswith("UPDATE audit_head")


@pytest.mark.postgres
def test_rows_are_locked_on_postgresql(as_viewer):
    with as_viewer("admin") as viewer, statements() as sent:
        rename(by=viewer, user=user_of("nobody"), name="Tên mới")
        locked = [text for text in sent if text.endswith("FOR UPDATE")]

        assert len(locked) == 2
        assert 'FROM "user"' in locked[0]
        assert "FROM audit_head" in locked[1]


def test_trouble_other_than_waiting_is_not_called_busy(as_viewer):
    with as_viewer("admin"), pytest.raises(OperationalError), writing(db.session, db.engine):
        raise OperationalError("x", {}, Exception("disk I/O error"))


@pytest.mark.parametrize("state", ["55P03", "40P01", "40001"])
def test_lock_trouble_of_postgresql_is_busy(as_viewer, state):
    class Trouble(Exception):
        sqlstate = state

    with as_viewer("admin"), pytest.raises(Busy), writing(db.session, db.engine):
        raise OperationalError("x", {}, Trouble())


def test_a_database_in_memory_needs_no_lock_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with writer_lock(create_engine("sqlite://")):
        assert list(tmp_path.iterdir()) == []
