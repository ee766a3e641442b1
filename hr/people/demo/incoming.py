"""Rosters that two communes of the demo sent as workbooks: Búng Lao's taken in and taken back, Mường Luân's
of the last quarter taken in, and its newest one waiting: 1 new person, 3 changed, 1 missing, 1 conflicting,
2 rows refused. The files are made here and go the way of every file: read, compared, confirmed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.db import db
from core.files import keep_upload
from core.scope import Viewer, read_rows
from core.tabular import write_workbook
from core.units import Unit
from core.words import show_date
from hr.people.actions import edit_person
from hr.people.demo.checking import OFFICER
from hr.people.demo.proposing import acting
from hr.people.enums import HOME_KINDS
from hr.people.figures import running_on
from hr.people.imports import actions, confirming, queries, reading, returning
from hr.people.imports.models import ImportBatch
from hr.people.models import Assignment, Person

HEAD = (
    "Họ và tên",
    "Số định danh cá nhân",
    "Ngày sinh",
    "Giới tính",
    "Mã đơn vị",
    "Phòng",
    "Chức vụ",
    "Đối tượng",
    "Quê quán",
)
#: Codes of the two communes.
TAKEN_BACK, WAITING = "03301", "03214"
#: Where in a row stand the number, the day of birth and the native place.
_NUMBER, _BORN, _PLACE = 1, 2, 8
_NEWCOMER = ("Lò Thị Hoài An", "011301999017", "14/02/2001", "Nữ")
_FAULTY = (("Vì Văn Thái Sơn", "01109", "20/11/1990", "Nam"), ("Cà Thị Thu Hiền", "", "31/02/1994", "Nữ"))
_MAX_BYTES = 5 << 20
Row = list[str]


def import_some(by: Viewer) -> None:
    """All of it in the name of one officer; nothing where the communes have nobody."""
    by = acting(by, OFFICER)
    back, rows = _roster(by, TAKEN_BACK), _roster(by, WAITING)
    if min(len(back), len(rows)) < 10:
        return
    _take_back(by, back)
    last = _take_in(by, rows)
    _let_wait(by, last)


def _take_back(by: Viewer, rows: Sequence[Row]) -> None:
    """Sent back with comments in its wrong cells, taken in for the other rows, and taken back."""
    wrong = [*_with_places(rows, {3: "Xã Ẳng Tở, tỉnh Điện Biên", 4: "Xã Ẳng Cang, tỉnh Điện Biên"})]
    wrong[5][_BORN] = "30/02/1987"
    batch = _read(by, "Búng Lao, danh sách quý.xlsx", wrong)
    returning.marked_copy(by, batch)
    batch = confirming.confirm(by=by, batch=queries.find_batch(batch.uid))
    actions.undo(by=by, batch=batch, reason="Xã báo gửi nhầm bảng của năm trước, sẽ gửi lại bảng mới")


def _take_in(by: Viewer, rows: Sequence[Row]) -> list[Row]:
    """The roster of the last quarter: two native places written anew."""
    told = [*_with_places(rows, {1: "Xã Luân Giói, tỉnh Điện Biên", 2: "Xã Chiềng Sơ, tỉnh Điện Biên"})]
    confirming.confirm(by=by, batch=_read(by, "Mường Luân, danh sách quý trước.xlsx", told))
    return told


def _let_wait(by: Viewer, last: Sequence[Row]) -> None:
    """The newest roster: in one line the office has moved since the last one, and so has the commune."""
    moved = select(Person).where(Person.id_number == last[1][_NUMBER])
    values = {"native_place": "Xã Phình Giàng, tỉnh Điện Biên"}
    edit_person(by=by, person=db.session.scalars(moved).one(), values=values)
    places = ("Xã Pu Nhi", "Xã Na Son", "Xã Xa Dung", "Xã Tìa Dình")
    told = _with_places(last, {number: f"{place}, tỉnh Điện Biên" for number, place in enumerate(places, 1)})
    some = last[-1]
    added = [
        [*facts, *some[4:7], "Công chức", "Xã Mường Luân, tỉnh Điện Biên"] for facts in (_NEWCOMER, *_FAULTY)
    ]
    _read(by, "Mường Luân, danh sách quý.xlsx", [*told[:-1], *added])


def _read(by: Viewer, filename: str, rows: Sequence[Row]) -> ImportBatch:
    sha256, size = keep_upload(write_workbook(HEAD, rows), _MAX_BYTES)
    batch = actions.begin(by=by, filename=filename, sha256=sha256, size=size)
    return reading.read_batch(by, batch)


def _with_places(rows: Sequence[Row], places: dict[int, str]) -> list[Row]:
    """Copies of the rows with other native places, by the number of the row."""
    return [[*row[:_PLACE], places.get(number, row[_PLACE])] for number, row in enumerate(rows)]


def _roster(by: Viewer, code: str) -> list[Row]:
    """The people of a commune as its own workbook would have them, specialists first, by number."""
    unit, division = aliased(Unit), aliased(Unit)
    columns: tuple[Any, ...] = (
        Person.full_name, Person.id_number, Person.born_on, Person.sex, unit.code, division.name,
        Assignment.post, Assignment.category, Person.native_place,
    )  # fmt: skip
    query: Any = select(*columns).select_from(Person).join(Assignment, Assignment.person_id == Person.id)
    query = query.join(unit, unit.id == Assignment.unit_id)
    query = query.outerjoin(division, division.id == Assignment.division_id)
    query = query.where(unit.code == code, Assignment.kind.in_(HOME_KINDS), running_on(by.today))
    order = (~Assignment.post.startswith("Chuyên viên"), Person.id_number)
    return [[_cell(value) for value in row] for row in read_rows(query.order_by(*order))]


def _cell(value: Any) -> str:
    if isinstance(value, date):
        return show_date(value)
    return str(getattr(value, "label", value) or "")
