"""A second file of a unit, through the screens: three ways side by side, taken row by row or by kind, and
who a line is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from core.db import db
from core.errors import Conflict
from core.scope import bind_viewer, system_viewer
from core.units import unit_by_code
from hr.people import actions as people_actions
from hr.people.enums import ServiceStatus
from hr.people.imports import confirming, queries, review_actions
from hr.people.imports.enums import ImportStatus, LineOutcome
from hr.people.models import Assignment, Person, PersonBackground
from tests.cast import viewer_of
from tests.client import form_values, parse
from tests.conftest import TODAY
from tests.factories.people import NUMBERS, make_person
from tests.hr.people.imports.conftest import HEAD, dump, logged, person, rows, table_rows, the, workbook

MARCH, JUNE = "Danh sách tính đến ngày 31/03/2026", "Danh sách tính đến ngày 30/06/2026"
UNIT = {"Mã đơn vị": "03301"}
AN = person("Lò Văn An", NUMBERS["an"], "12/05/1984", **UNIT)
HUE = person("Đặng Thị Huệ", NUMBERS["hue"], "02/11/1990", "Nữ", **UNIT)
SUA = person("Giàng A Sùa", NUMBERS["sua"], "20/01/1988", **UNIT)
ON = person("Lò Thị Ổn", NUMBERS["on"], "07/07/1995", "Nữ", **UNIT)
BINH = person("Cà Văn Bình", NUMBERS["binh"], "03/03/1992", **UNIT)
UNIT_A = (AN, HUE, SUA, ON, BINH)
NEW = person("Tòng Văn Mới", "011090000099", "01/02/1990", **UNIT, **{"Chức vụ": "Kế toán"})
BORN = "12/05/1988"


@pytest.fixture
def english(officer: Any) -> Any:
    officer.client.set_cookie("lang", "en")
    return officer


def religion(number: str) -> str | None:
    """Inside `there`: what the background of the person with this number says."""
    query = select(PersonBackground.religion).where(PersonBackground.person_id == the(number).id)
    return db.session.scalars(query).one()


def edit(app: Any, key: str, **values: Any) -> None:
    """Somebody corrects a file by hand."""
    by = system_viewer("somebody", TODAY)
    with app.app_context(), bind_viewer(by):
        people_actions.edit_person(by=by, person=the(NUMBERS[key]), values=values)


def review(officer: Any, where: str, values: dict[str, Any], query: str = "", **more: Any) -> Any:
    """Sends a page of lines as it stands, with other values."""
    url = f"{where}/lines{query}"
    page = officer.page(url)
    lines = [node.get("value") for node in parse(page).iter("input") if node.get("name") == "line"]
    ticked = [
        node.get("value")
        for node in parse(page).iter("input")
        if node.get("name") == "pick" and node.get("checked") is not None
    ]
    sent = {**form_values(page), "line": lines, "pick": ticked, **values}
    sent = {name: value for name, value in sent.items() if name != "act"}
    return officer.client.post(url, data={**sent, **more})


def outcomes(batch: Any) -> dict[str, int]:
    return {kind.value: getattr(batch, kind.value) for kind in LineOutcome if getattr(batch, kind.value)}


def selects(page: str, prefix: str) -> dict[str, list[str]]:
    """Values offered by the selects whose name begins so."""
    return {
        node.get("name"): [option.get("value") for option in node.iter("option")]
        for node in parse(page).iter("select")
        if node.get("name", "").startswith(prefix)
    }


@pytest.fixture
def three_ways(english: Any, once_read: Any) -> str:
    """The second file of Búng Lao: An changed in the file, Huệ here, Sùa in both, Ổn nowhere, Bình in
    neither but missing from the file, and somebody new."""
    return once_read("three ways", _three_ways)


def _three_ways(app: Any, english: Any) -> str:
    first = [{**one, "Tôn giáo": "Không"} for one in UNIT_A]
    english.imports(workbook(*first, title=MARCH))
    edit(app, "hue", full_name="Đặng Thị Huế")
    edit(app, "sua", full_name="Giàng A Sử")
    an, hue, sua, on, _binh = first
    lines = ({**an, "Tôn giáo": "Phật giáo"}, hue, {**sua, "Họ và tên": "Giàng A Súa"}, on, NEW)
    return english.read(workbook(*lines, title=JUNE))


# --- three ways ---------------------------------------------------------------------------------------
@pytest.mark.slow
def test_each_line_is_of_its_kind(three_ways, batch_at):
    batch = batch_at(three_ways)

    assert outcomes(batch) == {"new": 1, "changed": 1, "conflicting": 1, "changed_here": 1, "unchanged": 1}
    assert batch.missing == 1


def test_the_values_stand_side_by_side(english, three_ways):
    page = english.page(f"{three_ways}/lines")

    found = {row[-5]: row[-4:] for row in table_rows(page) if len(row) == 7}
    assert ["Không", "Không", "Phật giáo", "the file's"] in found.values()
    sides = [row[-4:-1] for row in table_rows(page) if len(row) == 7 and row[-5] == "full name"]
    assert ["Đặng Thị Huệ", "Đặng Thị Huế", "Đặng Thị Huệ"] in sides
    assert ["Giàng A Sùa", "Giàng A Sử", "Giàng A Súa"] in sides


def test_confirming_takes_new_and_changed_keeps_what_changed_here_and_leaves_conflicts_out(
    app, english, three_ways, there, batch_at
):
    assert english.decide(three_ways, "confirm").status_code == 303

    names = {key: there(lambda key=key: the(NUMBERS[key]).full_name) for key in ("hue", "sua")}
    assert names == {"hue": "Đặng Thị Huế", "sua": "Giàng A Sử"}
    assert there(lambda: religion(NUMBERS["an"])) == "Phật giáo"
    assert there(lambda: the("011090000099").full_name) == "Tòng Văn Mới"
    left = english.page(f"{three_ways}/lines?outcome=left_out")
    assert "Giàng A Súa" in left
    assert "Lò Văn An" not in left
    assert "1 line was left out" in english.page(three_ways)


@pytest.mark.parametrize(("side", "name"), [("file", "Giàng A Súa"), ("register", "Giàng A Sử")])
def test_a_conflict_is_chosen_by_value(english, three_ways, there, side, name):
    page = english.page(f"{three_ways}/lines?outcome=conflicting")
    (field,) = selects(page, "value-")

    answer = review(english, three_ways, {field: side}, "?outcome=conflicting")

    assert answer.status_code == 303
    assert f'<option value="{side}" selected>' in english.page(f"{three_ways}/lines?outcome=conflicting")
    assert english.decide(three_ways, "confirm").status_code == 303
    assert there(lambda: the(NUMBERS["sua"]).full_name) == name
    assert "Giàng A Súa" not in english.page(f"{three_ways}/lines?outcome=left_out")


@pytest.mark.slow
def test_what_was_chosen_is_not_asked_again(english, three_ways, batch_at):
    (field,) = selects(english.page(f"{three_ways}/lines?outcome=conflicting"), "value-")
    review(english, three_ways, {field: "register"}, "?outcome=conflicting")
    english.decide(three_ways, "confirm")

    again = english.read(workbook({**SUA, "Họ và tên": "Giàng A Súa", "Tôn giáo": "Không"}, title=JUNE))

    assert outcomes(batch_at(again)) == {"changed_here": 1}


def test_a_line_is_left_out_by_its_tick_and_stays_listed(english, three_ways, there):
    review(english, three_ways, {"pick": []}, "?outcome=changed")
    assert "1 new, 0 changed" in english.page(three_ways)

    english.decide(three_ways, "confirm")

    assert there(lambda: religion(NUMBERS["an"])) == "Không"
    assert "Lò Văn An" in english.page(f"{three_ways}/lines?outcome=left_out")


@pytest.mark.slow
def test_what_was_left_out_is_asked_again_by_the_next_file(english, three_ways, batch_at):
    review(english, three_ways, {"pick": []}, "?outcome=changed")
    english.decide(three_ways, "confirm")

    again = english.read(workbook({**AN, "Tôn giáo": "Phật giáo"}, title=JUNE))

    assert outcomes(batch_at(again)) == {"changed": 1}


@pytest.mark.parametrize(("act", "count"), [("leave_all", "0 new"), ("take_all", "1 new")])
def test_a_kind_is_taken_or_left_out_at_once(english, three_ways, act, count):
    if act == "take_all":
        review(english, three_ways, {}, "?outcome=new", act="leave_all")

    answer = review(english, three_ways, {}, "?outcome=new", act=act)

    assert answer.status_code == 303
    assert f"{count}, 1 changed" in english.page(three_ways)


def test_conflicts_are_not_taken_all_at_once(english, three_ways):
    answer = review(english, three_ways, {}, "?outcome=conflicting", act="take_all")

    assert answer.status_code == 422
    assert "Lines of this kind are decided one by one" in answer.get_data(as_text=True)


@pytest.mark.slow
def test_half_a_choice_and_an_unknown_side_are_refused(app, english, batch_at):
    line = {**SUA, "Tôn giáo": "Tin Lành"}
    english.imports(workbook(line, title=MARCH))
    edit(app, "sua", full_name="Giàng A Sử", birthplace="Bản Bó")
    head = (*HEAD, "Nơi sinh")
    where = english.read(workbook({**line, "Họ và tên": "Giàng A Súa"}, head=head, title=JUNE))
    (name,) = selects(english.page(f"{where}/lines"), "value-")

    unknown = review(english, where, {name: "neither"})
    blank = review(english, where, {name: ""})

    assert (unknown.status_code, blank.status_code) == (422, 303)
    assert outcomes(batch_at(where)) == {"conflicting": 1}
    assert "0 new, 0 changed" not in english.page(where)


def test_a_page_that_is_too_old_is_refused(english, three_ways):
    values = form_values(english.page(f"{three_ways}/lines?outcome=changed"))
    review(english, three_ways, {}, "?outcome=new", act="leave_all")

    answer = english.client.post(f"{three_ways}/lines?outcome=changed", data=values)
    confirmed = english.client.post(f"{three_ways}/confirm", data=values | {"submission": "other"})

    assert answer.status_code == 409
    assert "changed meanwhile" in answer.get_data(as_text=True)
    assert confirmed.status_code == 409


def test_a_register_that_moved_on_after_the_choice_refuses_the_import(app, english, three_ways, batch_at):
    (field,) = selects(english.page(f"{three_ways}/lines?outcome=conflicting"), "value-")
    review(english, three_ways, {field: "file"}, "?outcome=conflicting")
    edit(app, "sua", full_name="Giàng A Sa")
    before = dump(app)

    answer = english.decide(three_ways, "confirm")

    assert answer.status_code == 409
    assert dump(app) == before
    assert batch_at(three_ways).status is ImportStatus.READ


def test_a_choice_between_values_that_are_no_longer_there_is_refused(app, english, three_ways, there):
    """Whoever chose the file's value has not seen the one it would replace."""
    (field,) = selects(english.page(f"{three_ways}/lines?outcome=conflicting"), "value-")
    edit(app, "sua", full_name="Giàng A Sa")

    answer = review(english, three_ways, {field: "file"}, "?outcome=conflicting")

    assert answer.status_code == 409
    assert "read the file again and compare" in answer.get_data(as_text=True)
    english.decide(three_ways, "confirm")
    assert there(lambda: the(NUMBERS["sua"]).full_name) == "Giàng A Sa"


# --- missing ------------------------------------------------------------------------------------------
def test_who_is_missing_is_a_worklist_and_nothing_else(app, english, three_ways, there):
    page = english.page(f"{three_ways}/missing")
    assert "Cà Văn Bình" in page
    assert "Quàng Văn Dũng" not in page  # retired
    assert "Lường Thị Lan" not in page  # seconded here, at home elsewhere
    before, uid = dump(app), there(lambda: the(NUMBERS["binh"]).uid)

    empty = english.client.send(f"{three_ways}/missing", {f"answer-{uid}": "transfer"})
    kept = english.client.send(
        f"{three_ways}/missing", {f"answer-{uid}": "transfer", f"reason-{uid}": "Sang Na Sang theo QĐ 12"}
    )

    assert (empty.status_code, kept.status_code) == (422, 303)
    assert "Enter the reason" in empty.get_data(as_text=True)
    assert '<option value="transfer" selected>' in empty.get_data(as_text=True)
    page = english.page(f"{three_ways}/missing")
    assert "Sang Na Sang theo QĐ 12" in page
    assert dump(app) == before


def test_who_is_missing_from_a_confirmed_roster_stands_in_my_work_until_it_is_said_why(
    english, there, batch_at
):
    where = english.imports(workbook(*UNIT_A[:-1], title=JUNE))
    assert batch_at(where).missing == 1

    assert f"{where}/missing" in english.page("/")
    uid = there(lambda: the(NUMBERS["binh"]).uid)
    english.client.send(f"{where}/missing", {f"answer-{uid}": "transfer", f"reason-{uid}": "Sang Na Sang"})

    assert f"{where}/missing" not in english.page("/")


def test_who_left_since_is_no_longer_missing(app, english, three_ways):
    by = system_viewer("somebody", TODAY)
    with app.app_context(), bind_viewer(by):
        people_actions.end_service(
            by=by, person=the(NUMBERS["binh"]), status=ServiceStatus.LEFT, ended_on=TODAY, reason="Thôi việc"
        )

    assert "Cà Văn Bình" not in english.page(f"{three_ways}/missing")


def test_a_file_that_names_no_unit_misses_nobody(english, batch_at):
    bare = {name: value for name, value in AN.items() if name != "Mã đơn vị"}

    where = english.read(workbook(bare, title=JUNE))

    assert batch_at(where).missing == 0
    assert "Everybody with a place in the units of this file stands in it" in english.page(f"{where}/missing")


# --- who a line is ------------------------------------------------------------------------------------
def hung(number: str, name: str = "Nguyễn Văn Hùng", **more: str) -> dict[str, str]:
    return person(name, number, BORN, **UNIT, **more)


@pytest.fixture
def one_hung(app: Any) -> str:
    """A Nguyễn Văn Hùng of Búng Lao; his uid."""
    return enter_hung(app, "011088000101")


def enter_hung(app: Any, number: str) -> str:
    with app.app_context(), bind_viewer(system_viewer("enter", TODAY)):
        return make_person(id_number=number, full_name="Nguyễn Văn Hùng", born_on=date(1988, 5, 12)).uid


def who(officer: Any, where: str) -> tuple[str, list[str]]:
    ((name, values),) = selects(officer.page(f"{where}/lines?outcome=proposed"), "who-").items()
    return name, values


@pytest.mark.slow
def test_a_name_written_another_way_is_proposed_and_becomes_one_when_somebody_says_so(
    english, one_hung, batch_at, there
):
    where = english.read(workbook(hung("", "NGUYỄN VĂN HÙNG", **{"Tôn giáo": "Không"}), title=JUNE))
    assert outcomes(batch_at(where)) == {"proposed": 1}
    name, values = who(english, where)
    assert values == ["", one_hung]  # without a number nobody is new
    before = there(lambda: db.session.scalar(select(func.count()).select_from(Person)))

    assert review(english, where, {name: one_hung}, "?outcome=proposed").status_code == 303

    assert outcomes(batch_at(where)) == {"changed": 1}
    assert english.decide(where, "confirm").status_code == 303
    assert there(lambda: religion("011088000101")) == "Không"
    assert there(lambda: db.session.scalar(select(func.count()).select_from(Person))) == before


@pytest.mark.slow
def test_a_proposal_that_nobody_answers_is_left_out(english, one_hung, there):
    where = english.read(workbook(hung("011088000909"), AN, title=JUNE))

    assert english.decide(where, "confirm").status_code == 303

    assert "Nguyễn Văn Hùng" in english.page(f"{where}/lines?outcome=left_out")
    query = select(func.count()).select_from(Person).where(Person.full_name == "Nguyễn Văn Hùng")
    assert there(lambda: db.session.scalar(query)) == 1


@pytest.mark.slow
def test_another_number_is_somebody_new_when_somebody_says_so(english, one_hung, batch_at, there):
    where = english.read(workbook(hung("011088000909", **{"Chức vụ": "Văn thư"}), title=JUNE))
    name, values = who(english, where)
    assert values == ["", one_hung, "new"]

    review(english, where, {name: "new"}, "?outcome=proposed")

    assert outcomes(batch_at(where)) == {"new": 1}
    assert english.decide(where, "confirm").status_code == 303
    (place,) = there(lambda: rows(Assignment, "011088000909"))
    assert place.post == "Văn thư"
    assert len(there(lambda: rows(Assignment, "011088000101"))) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("side", "number"), [("file", "011088000909"), ("register", "011088000101")])
def test_of_two_numbers_of_one_person_somebody_chooses(english, one_hung, there, side, number):
    where = english.read(workbook(hung("011088000909"), title=JUNE))
    name, _values = who(english, where)
    review(english, where, {name: one_hung}, "?outcome=proposed")
    (field,) = selects(english.page(f"{where}/lines?outcome=conflicting"), "value-")

    assert review(english, where, {field: side}, "?outcome=conflicting").status_code == 303
    assert english.decide(where, "confirm").status_code == 303

    assert there(lambda: the(number).uid) == one_hung
    if side == "file":
        log = there(lambda: logged(number).values)
        assert '"id_number":["011088000101","011088000909"]' in str(log)


@pytest.mark.slow
def test_two_of_one_name_and_birth_in_one_commune_are_never_mixed(app, english, one_hung, batch_at, there):
    other = enter_hung(app, "011088000102")
    lines = (hung("011088000101", **{"Tôn giáo": "Không"}), hung("011088000102", **{"Tôn giáo": "Phật giáo"}))
    where = english.read(workbook(*lines, title=JUNE))
    assert outcomes(batch_at(where)) == {"changed": 2}

    english.decide(where, "confirm")

    assert there(lambda: religion("011088000101")) == "Không"
    assert there(lambda: religion("011088000102")) == "Phật giáo"
    unknown = english.read(workbook(hung("011088000909"), title=JUNE))
    assert sorted(who(english, unknown)[1]) == sorted(["", one_hung, other, "new"])
    bare = english.read(workbook(hung(""), title=JUNE))
    assert outcomes(batch_at(bare)) == {"refused": 1}
    page = english.page(f"{bare}/lines?outcome=refused")
    assert "may be more than one person of this name and birth" in page
    assert selects(page, "who-") == {}
    assert english.decide(bare, "confirm").status_code == 422


@pytest.mark.slow
def test_two_lines_are_not_one_person(english, one_hung):
    where = english.read(workbook(hung("011088000908"), hung("011088000909"), title=JUNE))
    names = selects(english.page(f"{where}/lines?outcome=proposed"), "who-")

    answer = review(english, where, dict.fromkeys(names, one_hung), "?outcome=proposed")

    assert answer.status_code == 422
    assert "Two lines name the same person" in answer.get_data(as_text=True)
    assert answer.get_data(as_text=True).count(f'<option value="{one_hung}" selected>') == 2


@pytest.mark.slow
def test_a_person_of_another_line_cannot_be_chosen(english, one_hung, there):
    where = english.read(workbook(hung("011088000909"), title=JUNE))
    name, _values = who(english, where)

    answer = review(english, where, {name: there(lambda: the(NUMBERS["an"]).uid)}, "?outcome=proposed")

    assert answer.status_code == 422


# --- how cells were read ----------------------------------------------------------------------------------
def test_a_legacy_font_is_shown_as_written_and_as_read(english):
    where = english.read(workbook({**AN, "Họ và tên": "Lß V¨n An", "Tôn giáo": "Kh«ng"}, title=JUNE))

    page = english.page(f"{where}/lines")

    assert "“Lß V¨n An” is read as “Lò Văn An”" in page


# --- at the same time -----------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_review_and_a_confirmation_at_once_leave_one_of_the_two(app, english, three_ways, batch_at, there):
    uid = three_ways.rpartition("/")[2]
    version = batch_at(three_ways).version

    def act(number: int) -> str:
        by = system_viewer("click", TODAY)
        with app.app_context(), bind_viewer(by):
            batch = queries.find_batch(uid)
            try:
                if number:
                    confirming.confirm(by=by, batch=batch, version=version)
                else:
                    review_actions.decide_kind(
                        by=by, batch=batch, kind=LineOutcome.NEW, accepted=False, version=version
                    )
            except Conflict:
                return "conflict"
            return "done"

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(act, range(2)))

    confirmed = batch_at(three_ways).status is ImportStatus.CONFIRMED
    entered = there(lambda: db.session.scalar(select(Person).where(Person.id_number == "011090000099")))
    assert found == ["conflict", "done"]
    assert confirmed == (entered is not None)


# --- what others may ask -----------------------------------------------------------------------------------
@pytest.mark.slow
def test_when_a_unit_was_last_taken_in_is_known_to_who_sees_it(app, english, there):
    with app.app_context():
        unit, other = unit_by_code("03301", TODAY).id, unit_by_code("03172", TODAY).id
    assert there(lambda: queries.last_confirmed_import(unit)) is None

    where = english.imports(workbook(*UNIT_A, title=JUNE))

    found = there(lambda: queries.last_confirmed_import(unit))
    assert (found.lines, found.left_out) == (5, 0)
    assert there(lambda: queries.last_confirmed_imports([unit, other])) == {unit: found.confirmed_at}
    with app.app_context(), bind_viewer(viewer_of("chair_a")):
        assert queries.last_confirmed_import(unit) is not None
    with app.app_context(), bind_viewer(viewer_of("chair_b")):
        assert queries.last_confirmed_import(unit) is None
    assert where
