"""Many at once: one form sent ten times makes one record; writers who meet lose nothing."""

import json
import os
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from accounts.models import User
from core.actions import Submission
from core.audit import AuditEvent, AuditType
from core.audit_check import verify
from core.clock import now
from core.db import db
from core.scope import bind_viewer, system_viewer, writing_allowed
from core.units import unit_by_code
from hr.people.models import Assignment, Person
from tests.cast import user_of
from tests.client import form_values
from tests.factories.people import person
from tests.personas import NA_SANG

ROOT = Path(__file__).resolve().parents[2]
#: How long the writers of the long race meet; `RACE_SECONDS=20 make test ARGS="-k twenty_four"` for longer.
SECONDS = float(os.environ.get("RACE_SECONDS", "6"))


NEW_PERSON = {
    "full_name": "Lò Văn Trùng",
    "id_number": "011084077777",
    "sex": "male",
    "born_on": "12/05/1984",
    "post": "Chuyên viên",
    "category": "civil_servant",
    "kind": "main",
    "starts_on": "01/07/2026",
}


def find_unit(code):
    """The uid of the unit that bears the code in the tests' summer."""
    return unit_by_code(code, date(2026, 7, 1)).uid


def at_once(count, act):
    """Runs `act(n)` in so many threads that all start together; answers in order."""
    barrier, answers = threading.Barrier(count), [None] * count

    def run(number):
        barrier.wait(10)
        answers[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.mark.slow
def test_ten_parallel_sends_of_one_form_make_one_record(app, client_as):
    opener = client_as("admin")
    values = {**opener.form("/accounts/new"), "username": "mot.lan", "display_name": "Một Lần"}
    browsers = [app.test_client() for _ in range(10)]
    for browser in browsers:
        browser._cookies = opener._cookies.copy()
    answers = at_once(10, lambda number: browsers[number].post("/accounts/new", data=values))

    assert sorted({answer.status_code for answer in answers}) in ([200], [303], [200, 303])
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(User.username == "mot.lan")) == 1
        created = select(func.count()).where(AuditEvent.type == AuditType.ACCOUNT_CREATED)
        assert db.session.scalar(created) == 1
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 1


@pytest.mark.slow
def test_ten_parallel_savers_of_one_row_and_nine_are_told(app, client_as):
    with app.app_context():
        uid = user_of("nobody").uid
    url = f"/accounts/{uid}/edit"
    opener = client_as("admin")
    browsers = [app.test_client() for _ in range(10)]
    forms = []
    for number, browser in enumerate(browsers):
        browser._cookies = opener._cookies.copy()
        forms.append({**browser.form(url), "display_name": f"Tên số {number}"})
    answers = at_once(10, lambda number: browsers[number].post(url, data=forms[number]))
    codes = [answer.status_code for answer in answers]

    assert sorted(codes) == [303] + [409] * 9
    with app.app_context():
        assert user_of("nobody").display_name == f"Tên số {codes.index(303)}"
        assert user_of("nobody").version == 2


@pytest.mark.slow
def test_two_moves_of_one_person_at_once_leave_one_home(app, client_as):
    with app.app_context(), bind_viewer(system_viewer("test")):
        uid, person_id, unit = person("hue").uid, person("hue").id, find_unit(NA_SANG)
    url = f"/people/{uid}/move"
    opener = client_as("home_affairs")
    browsers, forms = [app.test_client() for _ in range(4)], []
    for number, browser in enumerate(browsers):
        browser._cookies = opener._cookies.copy()
        body = browser.get(url).get_data(as_text=True)
        forms.append(
            {**form_values(body), "unit": unit, "post": f"Chức danh {number}", "starts_on": "01/07/2026"}
        )
    answers = at_once(4, lambda number: browsers[number].post(url, data=forms[number]))
    codes = sorted(answer.status_code for answer in answers)

    assert codes == [303, 409, 409, 409]
    with app.app_context(), bind_viewer(system_viewer("test")):
        open_homes = select(func.count()).where(
            Assignment.person_id == person_id, Assignment.ends_on.is_(None), Assignment.annulled_at.is_(None)
        )
        assert db.session.scalar(open_homes) == 1


@pytest.mark.slow
def test_the_same_number_entered_by_ten_at_once_is_one_person(app, client_as):
    opener = client_as("home_affairs")
    with app.app_context():
        unit = find_unit(NA_SANG)
    browsers, forms = [app.test_client() for _ in range(10)], []
    for number, browser in enumerate(browsers):
        browser._cookies = opener._cookies.copy()
        own = form_values(browser.get("/people/new").get_data(as_text=True))
        forms.append({**own, **NEW_PERSON, "unit": unit, "other_name": "Bí danh " + "abcdefghij"[number]})
    answers = at_once(10, lambda number: browsers[number].post("/people/new", data=forms[number]))
    codes = sorted(answer.status_code for answer in answers)

    assert codes == [303] + [422] * 9
    with app.app_context(), bind_viewer(system_viewer("test")):
        assert db.session.scalar(select(func.count()).where(Person.id_number == "011084077777")) == 1


@pytest.fixture
def counter(app):
    """An account whose name is a number that writers count up."""
    with app.app_context():
        allowed = writing_allowed.set(True)
        db.session.add(
            User(
                username="counter",
                display_name="0",
                name_key="",
                name_fold="",
                password="x",
                fs_uniquifier="counter",
                created_at=now(),
            )
        )
        db.session.commit()
        writing_allowed.reset(allowed)
        url = db.engine.url.render_as_string(hide_password=False)
        before = db.session.scalar(select(func.count()).where(AuditEvent.type == AuditType.ACCOUNT_CHANGED))
        assert before == 0
        db.session.remove()
        db.engine.dispose()
    return url


@pytest.mark.slow
def test_twenty_four_writers_and_their_readers_lose_nothing(app, settings, counter):
    """Three server processes of eight threads, as the register is served, with readers beside them."""
    order = {"url": counter, "audit_key": settings.audit_key, "writers": 8, "readers": 2}
    command = [sys.executable, "-m", "tests.core.contenders"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    servers = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(3)]
    for server in servers:
        server.stdin.write(json.dumps(order) + "\n")
        server.stdin.flush()
    assert [server.stdout.readline() for server in servers] == ["ready\n"] * 3
    until = time.time() + SECONDS
    results = [server.communicate(f"{until}\n", timeout=60) for server in servers]
    found = [json.loads(out) for out, _err in results if out]

    assert len(found) == 3, [err for _out, err in results]
    assert [error for one in found for error in one["errors"]] == []
    writes = sum(one["writes"] for one in found)
    assert writes > 50
    assert sum(one["reads"] for one in found) > 0
    assert max(one["slowest"] for one in found) < 10
    with app.app_context():
        assert int(user_of_name("counter").display_name) == writes
        logged = select(func.count()).where(AuditEvent.type == AuditType.ACCOUNT_CHANGED)
        assert db.session.scalar(logged) == writes
        verdict = verify(db.engine, {settings.audit_key_id: settings.audit_key})
        assert verdict.ok, verdict.problems
        numbers = db.session.scalars(select(AuditEvent.seq).order_by(AuditEvent.seq)).all()
        assert numbers == list(range(1, len(numbers) + 1))


def user_of_name(username):
    return db.session.scalars(select(User).where(User.username == username)).one()
