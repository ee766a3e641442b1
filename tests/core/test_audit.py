"""The log: one chain anybody can recompute, that nothing can change, written before anything is shown."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from core import audit
from core.actions import action, lock
from core.audit import REOPEN_SPAN, AuditEvent, AuditHead, AuditType, record, record_outside, record_view
from core.clock import now
from core.db import db
from core.errors import Busy, ScopeError
from core.scope import bind_viewer, system_viewer, writing_allowed
from tests.cast import user_of
from tests.factories.people import person

KEY = b"test-audit-key-of-at-least-32-characters!"


@action(None)
def rename(*, by, user, name, reason=None):
    """Changes an account's shown name."""
    row = lock(user)
    row.display_name = name
    record(AuditType.ACCOUNT_CHANGED, row, values=audit.changes(row), reason=reason)
    return row


def events():
    """The log as it stands, oldest first."""
    db.session.rollback()
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()


def recomputed():
    """The chain by the words of the documentation alone: (macs, mac of the head)."""
    mac, found = bytes(32), []
    for row in events():
        values = None if row.values is None else hashlib.sha256(row.values.encode()).digest().hex()
        stored = row.values_digest.hex() if row.values_digest else None
        assert values in (None, stored)
        cells = [row.seq, row.at.astimezone(UTC).isoformat(), row.actor_id, row.actor_name, row.role,
                 row.acting_for, str(row.type), row.subject_kind, row.subject_uid, row.subject_label,
                 row.unit_id, row.reason, row.request_id, row.address, stored, row.key_id]  # fmt: skip
        body = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
        mac = hmac.new(KEY, mac + body.encode("utf-8"), "sha256").digest()
        found.append((mac, row.mac))
    return found, mac


def run(statement):
    """One raw statement in a transaction of its own, around the program."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql(statement)
        connection.commit()


def test_the_chain_is_what_the_documentation_says(as_viewer):
    with as_viewer("admin") as viewer:
        rename(by=viewer, user=user_of("nobody"), name="Tên một", reason='Sửa chính tả: "ổn"\n— dòng hai')
        rename(by=viewer, user=user_of("nobody"), name="Tên hai")
        with as_viewer("home_affairs"):
            record_view(AuditType.PERSON_OPENED, person("an"))

        chain, last = recomputed()
        head = db.session.execute(select(AuditHead.seq, AuditHead.mac)).one()

    assert len(chain) >= 5
    assert all(computed == stored for computed, stored in chain)
    assert (head.seq, head.mac) == (len(chain), last)


def test_numbers_of_the_log_have_no_gap(as_viewer):
    with as_viewer("admin") as viewer:
        for name in ("Một", "Hai", "Ba"):
            rename(by=viewer, user=user_of("nobody"), name=name)
        numbers = [row.seq for row in events()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_changed_key_breaks_the_chain(as_viewer):
    with as_viewer("admin") as viewer:
        rename(by=viewer, user=user_of("nobody"), name="Tên một")
        row = events()[-1]
        wrong = hmac.new(b"another key", row.mac, "sha256").digest()

        assert wrong != row.mac
        assert row.key_id == "k1"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor_name = 'x' WHERE seq = 1",
        "UPDATE audit_event SET reason = 'x' WHERE seq = 1",
        "UPDATE audit_event SET mac = audit_event.mac WHERE seq = 1",
        "UPDATE audit_event SET values_digest = NULL WHERE seq = 1",
        "UPDATE audit_event SET value_json = '{}' WHERE seq = 1",
        "UPDATE audit_event SET seq = seq + 1000",
        "DELETE FROM audit_event WHERE seq = 1",
        "DELETE FROM audit_event",
    ],
)
def test_the_database_refuses_to_change_the_log(context, statement):
    before = len(events())
    if "mac = audit_event.mac" in statement and db.engine.dialect.name == "postgresql":
        statement = "UPDATE audit_event SET mac = '\\x00' WHERE seq = 1"
    with pytest.raises(DBAPIError, match="append-only"):
        run(statement)

    assert len(events()) == before > 0


@pytest.mark.postgres
def test_the_log_cannot_be_truncated(context):
    with pytest.raises(DBAPIError, match="append-only"):
        run("TRUNCATE audit_event")


def test_values_can_be_blanked_and_the_chain_still_holds(as_viewer):
    with as_viewer("admin") as viewer:
        rename(by=viewer, user=user_of("nobody"), name="Điều phải xoá")
        number = events()[-1].seq
        run(f"UPDATE audit_event SET value_json = NULL WHERE seq = {number}")
        chain, _last = recomputed()
        row = events()[-1]

        assert row.values is None
        assert row.values_digest is not None
        assert all(computed == stored for computed, stored in chain)


def test_blanked_values_cannot_be_put_back(as_viewer):
    with as_viewer("admin") as viewer:
        rename(by=viewer, user=user_of("nobody"), name="Điều phải xoá")
        number = events()[-1].seq
        run(f"UPDATE audit_event SET value_json = NULL WHERE seq = {number}")
        with pytest.raises(DBAPIError, match="append-only"):
            run(f"UPDATE audit_event SET value_json = '{{\"a\":1}}' WHERE seq = {number}")


def test_a_row_says_who_in_which_role_and_for_whom(as_viewer):
    with as_viewer("admin") as viewer:
        acting = replace(viewer, acting_for="Người giao quyền")
        rename(by=acting, user=user_of("nobody"), name="Tên mới", reason="Theo đơn")
        row = events()[-1]

        assert (row.actor_name, row.role, row.acting_for) == (
            viewer.name,
            "administrator",
            "Người giao quyền",
        )
        assert (row.subject_kind, row.subject_uid) == ("user", user_of("nobody").uid)
        assert (row.type, row.reason) == (AuditType.ACCOUNT_CHANGED, "Theo đơn")
        assert row.address is None
        assert abs(now() - row.at) < timedelta(seconds=30)


def test_a_record_outside_an_action_is_refused(as_viewer):
    with as_viewer("admin"), pytest.raises(RuntimeError, match="outside an action"):
        record(AuditType.ACCOUNT_CHANGED, "user")


def test_a_reading_without_a_viewer_is_refused(context):
    with bind_viewer(None), pytest.raises(RuntimeError, match="no viewer"):
        record_view(AuditType.PERSON_OPENED, "person")


def openings():
    return [row for row in events() if row.type is AuditType.PERSON_OPENED]


def test_opening_the_same_file_again_within_ten_minutes_adds_nothing(as_viewer):
    with as_viewer("home_affairs"):
        for _ in range(3):
            record_view(AuditType.PERSON_OPENED, person("an"))
            db.session.rollback()  # each is a request of its own

        assert len(openings()) == 1


def test_another_file_and_another_reader_are_rows_of_their_own(as_viewer):
    with as_viewer("home_affairs"):
        record_view(AuditType.PERSON_OPENED, person("an"))
        record_view(AuditType.PERSON_OPENED, person("po"))
    with as_viewer("leader"):
        record_view(AuditType.PERSON_OPENED, person("an"))

        assert len(openings()) == 3


@pytest.mark.parametrize(("minutes", "rows"), [(9, 1), (11, 2)])
def test_after_ten_minutes_it_is_a_new_opening(as_viewer, monkeypatch, minutes, rows):
    with as_viewer("home_affairs"):
        record_view(AuditType.PERSON_OPENED, person("an"))
        db.session.rollback()
        later = now() + timedelta(minutes=minutes)
        monkeypatch.setattr(audit, "now", lambda: later)
        record_view(AuditType.PERSON_OPENED, person("an"))

        assert len(openings()) == rows
    assert timedelta(minutes=10) == REOPEN_SPAN


@pytest.mark.parametrize(
    "type", [AuditType.DOCUMENT_OPENED, AuditType.PEOPLE_EXPORTED, AuditType.LOG_EXPORTED]
)
def test_documents_and_exports_are_logged_every_time(as_viewer, type):
    with as_viewer("home_affairs"):
        record_view(type, person("an"), purpose="Rà soát quý III")
        record_view(type, person("an"), purpose="Rà soát quý III")
        found = [row for row in events() if row.type is type]

        assert [row.reason for row in found] == ["Rà soát quý III"] * 2


def test_nothing_is_opened_while_the_log_cannot_be_written(as_viewer, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    with as_viewer("home_affairs"):
        subject = person("an")
        monkeypatch.setattr(audit, "write", fail)
        with pytest.raises(Busy):
            record_view(AuditType.PERSON_OPENED, subject)

        assert openings() == []


def test_a_page_of_a_file_is_503_while_the_log_cannot_be_written(app, client_as, monkeypatch):
    with app.app_context(), bind_viewer(system_viewer("test")):
        uid = person("an").uid

    def fail(*_args, **_kwargs):
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    client = client_as("home_affairs")
    monkeypatch.setattr(audit, "write", fail)
    answer = client.get(f"/people/{uid}")

    assert answer.status_code == 503
    assert "Lò Văn An" not in answer.get_data(as_text=True)


def test_an_action_whose_row_cannot_be_written_changes_nothing(as_viewer, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    with as_viewer("admin") as viewer:
        monkeypatch.setattr(audit, "write", fail)
        with pytest.raises(OperationalError):
            rename(by=viewer, user=user_of("nobody"), name="Không được")
        monkeypatch.undo()

        assert user_of("nobody").display_name == "Sùng A Chu"


def test_what_happens_outside_actions_is_logged_too(as_viewer):
    with as_viewer("chair_a") as viewer:
        record_outside(AuditType.REFUSED, "people.export", viewer, reason="role")
        row = events()[-1]

        assert (row.type, row.subject_kind, row.reason) == (AuditType.REFUSED, "people.export", "role")


def test_changes_name_old_and_new_of_what_changed_only(as_viewer):
    with as_viewer("admin"):
        user = user_of("nobody")
        user.display_name, user.active = "Tên mới", True

        assert audit.changes(user) == {"display_name": ["Sùng A Chu", "Tên mới"]}
        db.session.rollback()


def test_a_long_name_fits_the_row(as_viewer):
    with as_viewer("admin") as viewer:
        label = "Đ" * 400

        class Thing:
            uid, __tablename__ = None, "thing"

            def __str__(self):
                return label

        record_outside(AuditType.REFUSED, Thing(), viewer)

        assert events()[-1].subject_label == "Đ" * 300


def test_the_log_keeps_no_foreign_key(context):
    assert not AuditEvent.__table__.foreign_keys


def test_writing_the_log_leaves_the_flush_guard_as_it_was(as_viewer):
    with as_viewer("admin") as viewer:
        record_outside(AuditType.REFUSED, "x", viewer)

        assert writing_allowed.get() is False
        with pytest.raises(ScopeError):
            db.session.execute(text("DELETE FROM audit_event"))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (date(2026, 7, 15), "2026-07-15"),
        (datetime(2026, 7, 15, 1, 2, 3, tzinfo=UTC), "2026-07-15T01:02:03+00:00"),
        (Decimal("3.33"), "3.33"),
        (AuditType.ERASURE, "erasure"),
        (b"\x00\xff", "00ff"),
        (True, True),
        (7, 7),
        (None, None),
        ("Đặng", "Đặng"),
    ],
)
def test_values_are_kept_as_json_can_hold_them(value, kept):
    assert audit.plain(value) == kept


def test_every_type_of_event_has_words(context):
    assert all(str(member.label) for member in AuditType)


def test_a_change_back_to_what_it_was_is_no_change(as_viewer):
    with as_viewer("admin"):
        user = user_of("nobody")
        user.display_name = "Khác"
        user.display_name = "Sùng A Chu"

        assert audit.changes(user) == {}
        db.session.rollback()
