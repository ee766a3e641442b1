"""Between reading and confirming: all of it or nothing, once, and only what was shown."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.audit import AuditEvent, AuditType
from core.clock import now
from core.db import db
from core.errors import Conflict, Unprocessable
from core.gate import writing
from core.scope import bind_viewer, system_viewer, writing_allowed
from hr.people import actions as people_actions
from hr.people.imports import actions, confirming, queries, reading
from hr.people.imports.enums import ImportStatus
from hr.people.imports.models import ImportBatch, ImportLine
from hr.people.models import Assignment, Person
from tests.conftest import TODAY
from tests.factories.people import NUMBERS
from tests.hr.people.imports.conftest import dump, person, rows, the, workbook

pytestmark = pytest.mark.slow

AN = person("Lò Văn An", NUMBERS["an"], "12/05/1984")
HUE = person("Đặng Thị Huệ", NUMBERS["hue"], "02/11/1990", "Nữ")
NEW = person("Tòng Văn Mới", "011090000099", "01/02/1990", **{"Mã đơn vị": "03301", "Chức vụ": "Kế toán"})
ON_30_JUNE = "Danh sách tính đến ngày 30/06/2026"


def file() -> Any:
    """One new and two changed people."""
    return workbook({**AN, "Chức vụ": "Bí thư"}, {**HUE, "Chức vụ": "Văn thư"}, NEW, title=ON_30_JUNE)


def rename(app: Any, key: str, name: str) -> None:
    """Somebody corrects a name by hand."""
    by = system_viewer("somebody", TODAY)
    with app.app_context(), bind_viewer(by):
        people_actions.edit_person(by=by, person=the(NUMBERS[key]), values={"full_name": name})


def test_whoever_was_changed_meanwhile_stops_the_whole_import(app, officer, batch_at):
    where = officer.read(file())
    rename(app, "hue", "Đặng Thị Huế")
    before = dump(app)

    answer = officer.decide(where, "confirm")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert dump(app) == before
    assert batch_at(where).status is ImportStatus.READ
    assert f'action="{where}/again"' in page  # the next step stands there

    answer = officer.decide(where, "again")

    fresh = answer.headers["Location"]
    assert batch_at(where).status is ImportStatus.DISCARDED
    assert batch_at(fresh).changed == 2
    assert officer.decide(fresh, "confirm").status_code == 303
    assert batch_at(fresh).status is ImportStatus.CONFIRMED


def test_a_change_that_does_not_touch_what_was_shown_is_no_conflict(app, officer, batch_at):
    where = officer.read(file())
    rename(app, "sua", "Giàng A Sử")

    assert officer.decide(where, "confirm").status_code == 303
    assert batch_at(where).status is ImportStatus.CONFIRMED


def test_a_change_between_the_comparison_and_the_gate_is_seen(app, everything, officer, monkeypatch):
    """The last moment: everything is prepared, somebody else writes, then the gate opens."""
    where = officer.read(file())
    prepare = confirming.prepare

    def prepare_slowly(*arguments: Any) -> Any:
        prepared = prepare(*arguments)
        db.session.rollback()
        rename(app, "an", "Lò Văn Ân")
        return prepared

    monkeypatch.setattr(confirming, "prepare", prepare_slowly)
    batch = queries.find_batch(where.rpartition("/")[2])

    with pytest.raises(Conflict):
        confirming.confirm(by=everything, batch=batch)

    db.session.rollback()
    assert db.session.scalar(select(Person).where(Person.id_number == "011090000099")) is None
    assert the(NUMBERS["hue"]).version == 1


def test_a_person_entered_meanwhile_refuses_the_whole_import(app, everything, officer, monkeypatch):
    where, other = officer.read(file()), officer.read(workbook(NEW, title=ON_30_JUNE))
    prepare = confirming.prepare

    def prepare_slowly(*arguments: Any) -> Any:
        prepared = prepare(*arguments)
        monkeypatch.setattr(confirming, "prepare", prepare)
        db.session.rollback()
        assert officer.decide(other, "confirm").status_code == 303
        return prepared

    monkeypatch.setattr(confirming, "prepare", prepare_slowly)

    with pytest.raises((Conflict, Unprocessable)):
        confirming.confirm(by=everything, batch=queries.find_batch(where.rpartition("/")[2]))

    db.session.rollback()
    assert the(NUMBERS["hue"]).version == 1


def test_a_failure_half_way_leaves_nothing(app, officer, batch_at, monkeypatch):
    where = officer.read(file())
    before = dump(app)
    monkeypatch.setattr(actions, "write_changes", _break)

    with pytest.raises(ZeroDivisionError):
        officer.decide(where, "confirm")

    monkeypatch.undo()
    assert dump(app) == before
    assert batch_at(where).status is ImportStatus.READ


def _break(*_arguments: Any) -> None:
    raise ZeroDivisionError


def test_two_clicks_import_once(app, officer, batch_at, there):
    where = officer.read(file())
    values = officer.client.form(where)

    first = officer.client.post(f"{where}/confirm", data=values)
    after = dump(app)
    second = officer.client.post(f"{where}/confirm", data=values)

    assert (first.status_code, second.status_code) == (303, 303)
    assert dump(app) == after
    confirmed = select(func.count()).select_from(AuditEvent)
    confirmed = confirmed.where(AuditEvent.type == AuditType.IMPORT_CONFIRMED)
    assert there(lambda: db.session.scalar(confirmed)) == 1


def test_two_clicks_at_once_import_once(app, officer, batch_at, there):
    where = officer.read(file())
    uid = where.rpartition("/")[2]

    def click(_number: int) -> ImportStatus:
        by = system_viewer("click", TODAY)
        with app.app_context(), bind_viewer(by):
            return confirming.confirm(by=by, batch=queries.find_batch(uid)).status

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(click, range(4)))

    assert found == [ImportStatus.CONFIRMED] * 4
    assert len(there(lambda: rows(Assignment, "011090000099"))) == 1
    assert len(there(lambda: rows(Assignment, NUMBERS["hue"]))) == 2


def test_set_aside_writes_nothing_and_cannot_be_confirmed_afterwards(app, officer, batch_at):
    where = officer.read(file())
    values = officer.client.form(where)
    before = dump(app)

    assert officer.client.post(f"{where}/discard", data=values).status_code == 303
    late = officer.client.post(f"{where}/confirm", data={**values, "submission": "another"})

    assert late.status_code in (409, 422)
    assert batch_at(where).status is ImportStatus.DISCARDED
    assert dump(app) == before
    assert "/confirm" not in officer.page(where)


def test_an_import_that_was_decided_elsewhere_is_not_decided_again(officer, batch_at):
    """Two officers have the same page open: the version tells."""
    where = officer.read(file())
    values = officer.client.form(where)
    officer.decide(where, "confirm")

    late = officer.client.post(f"{where}/discard", data={**values, "submission": "another"})

    assert late.status_code == 409
    assert batch_at(where).status is ImportStatus.CONFIRMED


# --- readings that die, or start twice --------------------------------------------------------------
def age(app: Any, where: str, seconds: int) -> None:
    """Puts an import back into the state of a reading that was last heard of so long ago."""
    allowed = writing_allowed.set(True)
    with app.app_context(), bind_viewer(system_viewer("clock", TODAY)), writing(db.session, db.engine):
        batch = queries.find_batch(where.rpartition("/")[2])
        batch.status = ImportStatus.READING
        batch.touched_at = now() - timedelta(seconds=seconds)
    writing_allowed.reset(allowed)


def test_an_interrupted_reading_can_be_read_again(app, officer, batch_at):
    where = officer.read(file())
    age(app, where, 200)
    officer.client.set_cookie("lang", "en")

    page = officer.page(where)

    assert "The reading was interrupted" in page
    fresh = officer.decide(where, "again").headers["Location"]
    assert batch_at(fresh).status is ImportStatus.READ
    assert (batch_at(fresh).new, batch_at(fresh).changed) == (1, 2)
    assert batch_at(where).status is ImportStatus.DISCARDED


def test_a_file_that_is_being_read_shows_its_progress_and_nothing_to_press(app, officer, batch_at):
    where = officer.read(file())
    values = officer.client.form(where)
    age(app, where, 5)

    page = officer.page(where)
    part = officer.client.get(where, headers={"HX-Request": "true"}).get_data(as_text=True)

    assert f'hx-get="{where}"' in page
    assert f'href="{where}"' in page
    assert "<progress" in page
    assert "/confirm" not in page
    assert part.lstrip().startswith('<div id="import-state"')
    values |= {"submission": "x", "version": str(batch_at(where).version)}
    assert officer.client.post(f"{where}/again", data=values).status_code == 422
    assert officer.client.post(f"{where}/discard", data=values).status_code == 422


def test_a_second_reader_of_one_import_gives_way(app, officer, there):
    where = officer.read(file())
    uid = where.rpartition("/")[2]
    by = system_viewer("second", TODAY)
    age(app, where, 0)

    with app.app_context(), bind_viewer(by):
        reading.start(by, uid)

    count = (
        select(func.count()).select_from(ImportLine).join(ImportBatch, ImportBatch.id == ImportLine.batch_id)
    )
    assert there(lambda: db.session.scalar(count.where(ImportBatch.uid == uid))) == 3


def test_a_reader_that_breaks_says_so_and_leaves_no_connection(app, officer, batch_at, monkeypatch):
    monkeypatch.setattr(reading, "_keep", _break)

    where = officer.read(file())

    assert batch_at(where).status is ImportStatus.FAILED
    with app.app_context():
        assert db.engine.pool.checkedout() == 0


def test_a_reading_leaves_no_viewer_and_no_connection(app, officer, batch_at):
    where = officer.read(file())

    assert batch_at(where).status is ImportStatus.READ
    with app.app_context():
        db.session.remove()
        assert db.engine.pool.checkedout() == 0
