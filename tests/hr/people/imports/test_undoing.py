"""Taking a confirmed import back: the register is as it was before, or the later edits are named."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.audit import AuditEvent, AuditType
from core.db import db
from core.errors import Conflict, Missing, Unprocessable
from core.scope import bind_viewer, system_viewer
from hr.people import actions as people_actions
from hr.people import queries as people
from hr.people.checks import actions as check_actions
from hr.people.checks import queries as check_queries
from hr.people.checks.enums import CheckKind
from hr.people.imports import actions, journal, queries, undoing
from hr.people.imports.enums import ImportStatus
from hr.people.imports.models import ImportChange, ImportLine
from hr.people.imports.standing import EditedSince
from hr.people.models import Assignment, PersonToken
from tests.conftest import TODAY
from tests.factories.people import NUMBERS
from tests.hr.people.imports.conftest import dump, person, rows, table_rows, the, workbook

pytestmark = pytest.mark.slow

NEW_NUMBER = "011090000099"
AN = person("Lò Văn An", NUMBERS["an"], "12/05/1984")
HUE = person("Đặng Thị Huệ", NUMBERS["hue"], "02/11/1990", "Nữ")
NEW = person("Tòng Văn Mới", NEW_NUMBER, "01/02/1990", **{"Mã đơn vị": "03301", "Chức vụ": "Kế toán"})
ON_30_JUNE = "Danh sách tính đến ngày 30/06/2026"


def file(title: str = ON_30_JUNE) -> Any:
    """One new person; one with another name, place and rank; one with another post, faith and a paper."""
    an = {
        **AN,
        "Họ và tên": "Lò Văn Ân",
        "Chức vụ": "Bí thư",
        "Mã ngạch": "01.002",
        "Bậc": "1",
        "Hệ số": "4,40",
        "Ngày hưởng": "01/06/2026",
    }
    hue = {**HUE, "Chức vụ": "Văn thư", "Dân tộc": "Mông", "Tôn giáo": "Tin lành", "LLCT": "Cao cấp"}
    return workbook(an, hue, NEW, title=title)


def undo(officer: Any, where: str, reason: str = "Nhầm tệp của năm trước") -> Any:
    """Takes the import at an address back by its page."""
    return officer.client.send(f"{where}/undo", {"reason": reason})


def edit(app: Any, number: str, by: str = "somebody", **values: Any) -> None:
    """Corrects a file by hand."""
    who = system_viewer(by, TODAY)
    with app.app_context(), bind_viewer(who):
        people_actions.edit_person(by=who, person=the(number), values=values)


def test_everything_an_import_wrote_is_as_it_was_before(app, officer, batch_at):
    before = dump(app)
    where = officer.imports(file())
    assert dump(app) != before

    answer = undo(officer, where)

    assert answer.status_code == 303
    assert dump(app) == before
    assert batch_at(where).status is ImportStatus.UNDONE


def test_a_new_person_is_as_if_absent_and_the_journal_keeps_the_file(app, officer, there):
    where = officer.imports(file())
    uid = there(lambda: the(NEW_NUMBER).uid)

    undo(officer, where)

    assert officer.client.get(f"/people/{uid}").status_code == 404
    assert there(lambda: people.search_people("tong van moi")) == []
    words = select(PersonToken).where(PersonToken.token == "moi")
    assert there(lambda: db.session.scalars(words).all()) == []
    kept = there(lambda: db.session.scalars(select(ImportChange).where(ImportChange.row == uid)).one())
    assert kept.before is None
    assert kept.after["full_name"] == "Tòng Văn Mới"
    assert kept.after["assignments"][0]["post"] == "Kế toán"
    lines = select(ImportLine.person_id).where(ImportLine.name == "Tòng Văn Mới")
    assert there(lambda: db.session.scalars(lines).all()) == [None]


def test_the_same_file_can_be_imported_again_after_it_was_taken_back(app, officer, batch_at):
    where = officer.imports(file())
    after = dump(app)
    undo(officer, where)

    again = officer.imports(file())

    assert (batch_at(again).new, batch_at(again).changed) == (1, 2)
    assert dump(app) == after


def test_the_old_name_is_found_again_and_the_new_one_no_longer(app, officer, there):
    there_before = there(lambda: [row.person_name for row in rows(Assignment, NUMBERS["an"])])
    where = officer.imports(workbook({**AN, "Họ và tên": "Lò Văn Ân Cần"}, title=ON_30_JUNE))

    undo(officer, where)

    assert [hit.name for hit in there(lambda: people.search_people("lo van an"))].count("Lò Văn An") == 1
    assert there(lambda: people.search_people("can")) == []
    assert there(lambda: [row.person_name for row in rows(Assignment, NUMBERS["an"])]) == there_before


def test_the_log_tells_of_each_person_and_of_the_import(app, officer, there):
    uid = there(lambda: the(NUMBERS["hue"]).uid)
    where = officer.imports(file())

    undo(officer, where, "Tệp của năm trước")

    events = there(
        lambda: db.session.scalars(
            select(AuditEvent).where(AuditEvent.type.in_(UNDOING)).order_by(AuditEvent.seq)
        ).all()
    )
    assert [event.type for event in events] == [
        AuditType.PERSON_WITHDRAWN,
        AuditType.PERSON_RESTORED,
        AuditType.PERSON_RESTORED,
        AuditType.IMPORT_UNDONE,
    ]
    assert events[-1].reason == "Tệp của năm trước"
    assert events[-1].values == '{"people":3}'
    hue = next(event for event in events if event.subject_uid == uid)
    assert '"background":{"ethnicity":["08","01"]' in hue.values
    assert '"annulled":["main: Văn thư",null]' in hue.values


UNDOING = (AuditType.PERSON_WITHDRAWN, AuditType.PERSON_RESTORED, AuditType.IMPORT_UNDONE)


def test_the_page_and_the_list_say_who_took_it_back_when_and_why(officer):
    where = officer.imports(file())
    undo(officer, where, "Tệp của năm trước")

    shown = officer.page(where)
    assert "Đã hoàn tác" in shown
    assert "Tệp của năm trước" in shown
    assert f"{where}/undo" not in shown
    assert "đã hoàn tác" in officer.page("/imports")


# --- later edits --------------------------------------------------------------------------------------
def test_a_later_edit_is_named_and_nothing_is_taken_back(app, officer, batch_at):
    where = officer.imports(file())
    edit(app, NUMBERS["hue"], by="chị Lan", birthplace="Xã Mường Phăng")
    before = dump(app)

    answer = undo(officer, where)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert dump(app) == before
    assert batch_at(where).status is ImportStatus.CONFIRMED
    assert "Đặng Thị Huệ" in page
    assert "chị Lan" in page
    assert "Sửa thông tin" in page or "thông tin cá nhân" in page


def test_an_edit_of_a_new_file_stands_on_the_import(app, officer):
    where = officer.imports(file())
    edit(app, NEW_NUMBER, birthplace="Xã Mường Phăng")

    assert undo(officer, where).status_code == 422


def test_a_value_set_back_by_hand_does_not_stand_on_it(app, officer):
    before = dump(app)
    where = officer.imports(file())
    edit(app, NUMBERS["hue"], birthplace="Xã Mường Phăng")
    edit(app, NEW_NUMBER, birthplace="Xã Mường Phăng")
    blocked = undo(officer, where)
    assert blocked.status_code == 422
    assert "Sửa lại giá trị như lần nhập để lại" in blocked.get_data(as_text=True)

    edit(app, NUMBERS["hue"], birthplace="Xã Búng Lao, tỉnh Điện Biên")
    edit(app, NEW_NUMBER, birthplace=None)

    assert undo(officer, where).status_code == 303
    assert dump(app) == before


def test_an_import_taken_back_is_no_later_edit(app, officer):
    first = officer.imports(file())
    edit(app, NUMBERS["hue"], birthplace="Xã Mường Phăng")
    later = workbook({**HUE, "Chức vụ": "Thủ quỹ"}, title="Danh sách tính đến ngày 10/07/2026")
    second = officer.imports(later)
    assert undo(officer, second).status_code == 303

    blocked = undo(officer, first)

    assert blocked.status_code == 422
    assert [cells[1] for cells in table_rows(blocked.get_data(as_text=True))[1:]] == ["sửa thông tin cá nhân"]
    edit(app, NUMBERS["hue"], birthplace="Xã Búng Lao, tỉnh Điện Biên")
    assert undo(officer, first).status_code == 303


def test_an_edit_of_somebody_else_does_not(app, officer):
    where = officer.imports(file())
    edit(app, NUMBERS["sua"], birthplace="Xã Mường Phăng")

    assert undo(officer, where).status_code == 303


def test_an_account_of_a_new_person_stands_on_the_import(app, officer, there):
    where = officer.imports(file())
    key = there(lambda: the(NEW_NUMBER).id)
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE \"user\" SET person_id = {key} WHERE username = 'home_affairs'")

    answer = undo(officer, where)

    assert answer.status_code == 422
    assert "Tòng Văn Mới" in answer.get_data(as_text=True)


def test_what_refers_to_a_paper_that_would_leave_is_named(app, officer, everything):
    """A point settled about the paper: no file was changed, yet the paper cannot go."""
    serial = {"Trình độ chuyên môn": "Đại học", "Cơ sở đào tạo": "Đại học Luật Hà Nội"}
    where = officer.imports(workbook({**NEW, **serial, "Năm tốt nghiệp": "1999"}, title=ON_30_JUNE))
    (point,) = [
        point
        for point in check_queries.list_points(everything, CheckKind.AWARDED_YOUNG, None)
        if point.sides[0].name == "Tòng Văn Mới"
    ]
    check_actions.settle(by=everything, point=point, note="Đã xem bản gốc", mark=point.mark)
    before = dump(app)

    answer = undo(officer, where)

    assert answer.status_code == 422
    assert "Tòng Văn Mới" in answer.get_data(as_text=True)
    assert dump(app) == before


def test_imports_are_taken_back_the_last_one_first(app, officer):
    before = dump(app)
    first = officer.imports(file())
    between = dump(app)
    later = workbook({**HUE, "Chức vụ": "Thủ quỹ"}, title="Danh sách tính đến ngày 10/07/2026")
    second = officer.imports(later)

    assert undo(officer, first).status_code == 422
    assert undo(officer, second).status_code == 303
    assert dump(app) == between
    assert undo(officer, first).status_code == 303
    assert dump(app) == before


# --- once, whole, and only by who may ---------------------------------------------------------------
def test_an_import_is_taken_back_once(app, officer):
    where = officer.imports(file())
    values = officer.client.form(f"{where}/undo")
    undo(officer, where)
    before = dump(app)

    late = officer.client.post(f"{where}/undo", data={**values, "reason": "Nữa", "submission": "another"})

    assert late.status_code == 409
    assert dump(app) == before
    assert 'name="reason"' not in officer.page(f"{where}/undo")


def test_a_second_click_is_the_first_one(app, officer):
    where = officer.imports(file())
    values = {**officer.client.form(f"{where}/undo"), "reason": "Nhầm"}

    answers = [officer.client.post(f"{where}/undo", data=values).status_code for _click in range(2)]

    assert answers == [303, 303]


def test_a_reason_is_asked_for(app, officer, batch_at):
    where = officer.imports(file())

    assert undo(officer, where, " ").status_code == 422
    assert batch_at(where).status is ImportStatus.CONFIRMED


def test_an_import_that_is_not_confirmed_cannot_be_taken_back(app, officer, everything):
    where = officer.read(file())
    batch = queries.find_batch(where[-26:])

    with pytest.raises(Unprocessable):
        actions.undo(by=everything, batch=batch, reason="Nhầm")


def test_a_failure_half_way_leaves_nothing_half(app, officer, batch_at, monkeypatch):
    where = officer.imports(file())
    after = dump(app)
    monkeypatch.setattr(undoing, "_remove_files", lambda _people: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        undo(officer, where)

    monkeypatch.undo()
    assert dump(app) == after
    assert batch_at(where).status is ImportStatus.CONFIRMED


def test_a_process_killed_in_the_middle_leaves_nothing_half(app, officer, batch_at):
    where = officer.imports(file())
    after = dump(app)
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        db.engine.dispose()
    environment = {**os.environ, "DATABASE_URL": url, **KEYS, "CLOCK": TODAY.isoformat()}

    ended = subprocess.run([sys.executable, "-c", KILLED, where[-26:]], env=environment, cwd=ROOT)

    assert ended.returncode == -signal.SIGKILL
    assert dump(app) == after
    assert batch_at(where).status is ImportStatus.CONFIRMED
    assert undo(officer, where).status_code == 303


ROOT = Path(__file__).resolve().parents[4]
KEYS = {
    "ENVIRONMENT": "test",
    "SECRET_KEY": "test-secret-key-of-at-least-32-characters",
    "AUDIT_KEY": "test-audit-key-of-at-least-32-characters!",
}
#: Takes an import back and dies when all of it is written but not committed.
KILLED = """
import os, signal, sys
from app import create_app
from core.scope import bind_viewer, system_viewer
from hr.people.imports import actions, queries, undoing
undoing._rebase = lambda *_arguments: os.kill(os.getpid(), signal.SIGKILL)
by = system_viewer("killed")
with create_app().app_context(), bind_viewer(by):
    actions.undo(by=by, batch=queries.find_batch(sys.argv[1]), reason="Nhầm")
"""


# --- light --------------------------------------------------------------------------------------------
def test_statements_of_taking_back_do_not_grow_with_the_file(app, officer, everything, count_statements):
    counts = []
    for size in (2, 1200):  # more than one statement takes of values
        new = [{**NEW, "Số định danh cá nhân": f"011090{size * 10 + n:06d}"} for n in range(size)]
        where = officer.imports(workbook({**AN, "Chức vụ": "Bí thư"}, *new, title=ON_30_JUNE))
        with app.app_context(), bind_viewer(everything):
            batch = queries.find_batch(where[-26:])
            with count_statements() as sent:
                actions.undo(by=everything, batch=batch, reason="Nhầm")
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_keys_make_runs_without_a_gap():
    assert journal.runs([7, 3, 4, 5, 9, 10]) == [
        {"first": 3, "last": 5},
        {"first": 7, "last": 7},
        {"first": 9, "last": 10},
    ]
    assert journal.runs([]) == []


# --- many at once -----------------------------------------------------------------------------------
def test_two_who_take_back_at_once_do_it_once(app, officer, there, batch_at):
    before = dump(app)
    where = officer.imports(file())
    version = batch_at(where).version

    def take_back(_number: int) -> str:
        by = system_viewer("somebody", TODAY)
        with app.app_context(), bind_viewer(by):
            batch = queries.find_batch(where[-26:])
            try:
                actions.undo(by=by, batch=batch, reason="Nhầm", version=version)
            except (Conflict, Unprocessable):
                return "refused"
            return "done"

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(take_back, range(2)))

    assert found == ["done", "refused"]
    assert dump(app) == before
    undone = select(func.count()).where(AuditEvent.type == AuditType.IMPORT_UNDONE)
    assert there(lambda: db.session.scalar(undone)) == 1


@pytest.mark.parametrize("number", [NEW_NUMBER, NUMBERS["hue"]], ids=["of a new file", "of a changed one"])
def test_an_edit_at_the_same_time_is_either_before_or_refused(app, officer, there, number):
    where = officer.imports(file())
    version = there(lambda: the(number).version)

    def change(_number: int) -> str:
        by = system_viewer("editor", TODAY)
        with app.app_context(), bind_viewer(by):
            person, values = the(number), {"birthplace": "Xã Mường Phăng"}
            try:
                people_actions.edit_person(by=by, person=person, values=values, version=version)
            except (Conflict, Missing):
                return "edit refused"
            return "edited"

    def take_back(_number: int) -> str:
        by = system_viewer("undoer", TODAY)
        with app.app_context(), bind_viewer(by):
            try:
                actions.undo(by=by, batch=queries.find_batch(where[-26:]), reason="Nhầm")
            except (Conflict, EditedSince):
                return "undo refused"
            return "undone"

    with ThreadPoolExecutor(2) as pool:
        found = {pool.submit(act, 0) for act in (change, take_back)}
        answers = {future.result() for future in found}

    assert answers in ({"edited", "undo refused"}, {"undone", "edit refused"})
