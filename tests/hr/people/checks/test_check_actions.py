"""Settling, opening again, and what the program leaves of it."""

from datetime import date

import pytest
from sqlalchemy import select

from core.audit import AuditType
from core.db import db
from core.errors import Denied, Missing, Unprocessable
from core.permissions import Permission
from hr.people import paper_actions
from hr.people.checks import actions, queries
from hr.people.checks.enums import CheckKind, CheckState
from hr.people.checks.models import CheckPoint
from hr.people.dump import dump
from hr.people.models import Person, Qualification
from hr.people.seeds import QualificationSeed
from tests.conftest import without
from tests.factories.people import make_person

NOTE = "Đã xem cả hai bản gốc"


def only(viewer):
    (point,) = queries.points(viewer)
    return point


@pytest.fixture
def pair(add):
    """One serial number on An of commune A and Po of commune B."""
    return add("an", serial="B 12345"), add("po", serial="b12345", issuer="TRƯỜNG CAO ĐẲNG SƠN LA")


def test_the_databases_find_each_kind_of_point(add, as_viewer):
    add("an", serial="B 12345", scan=b"same")
    add("po", serial="b12345", issuer="TRƯỜNG CAO ĐẲNG SƠN LA", scan=b"same")
    add("dua", awarded_year=2005)
    add("hue", awarded_year=2012, studied_from=date(2013, 9, 1))
    with as_viewer("home_affairs") as viewer:
        kinds = [point.kind for point in queries.points(viewer)]

    assert kinds == [
        CheckKind.SAME_SERIAL,
        CheckKind.SAME_SCAN,
        CheckKind.AWARDED_YOUNG,
        CheckKind.BEFORE_START,
    ]


def test_a_number_that_differs_is_found(as_viewer):
    with as_viewer("home_affairs") as viewer:
        make_person(by=viewer, id_number="011190009999")
        point = only(viewer)

    assert point.kind is CheckKind.IDENTITY


@pytest.mark.parametrize("persona", ["chair_a", "staff_a", "case_officer", "leader", "admin"])
def test_nobody_else_sees_a_point(pair, as_viewer, persona):
    with as_viewer("home_affairs") as viewer:
        point = only(viewer)
        actions.settle(by=viewer, point=point, note=NOTE, mark=point.mark)
    with as_viewer(persona) as viewer:
        assert queries.points(viewer) == ()
        assert queries.tasks(viewer) is None
        assert db.session.scalars(select(CheckPoint)).all() == []
        with pytest.raises(Missing):
            queries.find_point(viewer, point.uid)
        with pytest.raises(Denied):
            actions.settle(by=viewer, point=point, note=NOTE, mark=point.mark)


def test_settling_closes_the_point_with_who_and_what(pair, as_viewer, logged):
    with as_viewer("home_affairs") as viewer:
        point = only(viewer)
        actions.settle(by=viewer, point=point, note=f" {NOTE} ", mark=point.mark)
        settled = only(viewer)

        assert settled.state is CheckState.SETTLED
        assert (settled.settlement.by, settled.settlement.note) == ("Lò Thị Hạnh", NOTE)
        assert queries.count_open(viewer) == 0
        assert queries.tasks(viewer) is None
    (event,) = logged(AuditType.CHECK_SETTLED)
    assert event.reason == NOTE


def test_a_point_is_open_again_when_its_paper_changes(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        point = only(viewer)
        actions.settle(by=viewer, point=point, note=NOTE, mark=point.mark)
        row = db.session.scalars(select(Qualification).where(Qualification.uid == pair[1])).one()
        person = db.session.get(Person, row.person_id)
        seed = QualificationSeed(
            kind=row.kind, level=row.level, issuer=row.issuer, serial="B12345", major="Luật"
        )
        paper_actions.edit_qualification(by=viewer, person=person, qualification=row, seed=seed)
        again = only(viewer)

    assert again.uid == point.uid
    assert again.state is CheckState.OPEN
    assert again.before.note == NOTE


def test_a_point_is_gone_when_a_paper_is_annulled(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        row = db.session.scalars(select(Qualification).where(Qualification.uid == pair[1])).one()
        person = db.session.get(Person, row.person_id)
        paper_actions.annul_qualification(by=viewer, person=person, qualification=row, reason="Nhập nhầm")

        assert queries.points(viewer) == []


def test_a_settlement_is_taken_back_and_stays(pair, as_viewer, logged):
    with as_viewer("home_affairs") as viewer:
        point = only(viewer)
        actions.settle(by=viewer, point=point, note=NOTE, mark=point.mark)
        settled = only(viewer)
        actions.reopen(by=viewer, point=settled, note="Xem nhầm sổ", mark=settled.mark)
        row = db.session.scalars(select(CheckPoint)).one()

        assert only(viewer).state is CheckState.OPEN
        assert row.note == NOTE
        assert row.annulled_by_id == viewer.user_id
        assert dict(dump())["check_point"] is not None
        assert list(dict(dump())["check_point"]) == []
    (event,) = logged(AuditType.CHECK_REOPENED)
    assert event.reason == "Xem nhầm sổ"


def test_what_somebody_else_settled_meanwhile_is_not_settled_twice(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        point = only(viewer)
        actions.settle(by=viewer, point=point, note=NOTE, mark=point.mark)
        with pytest.raises(Unprocessable, match="hãy đối chiếu lại"):
            actions.settle(by=viewer, point=point, note="Khác", mark=point.mark)


def test_a_settlement_needs_a_note_and_the_permission(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        point = only(viewer)
        with pytest.raises(Unprocessable, match="kết quả đối chiếu"):
            actions.settle(by=viewer, point=point, note="  ", mark=point.mark)
        with pytest.raises(Denied):
            actions.settle(
                by=without(viewer, Permission.QUALIFICATION_CHECK), point=point, note=NOTE, mark=point.mark
            )


def test_the_dump_names_a_settlement_by_its_papers(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        point = only(viewer)
        actions.settle(by=viewer, point=point, note=NOTE, mark=point.mark)
        rows = list(dict(dump())["check_point"])

    assert rows == [
        {
            "id_number": "011084000001",
            "kind": "same_serial",
            "paper": "education college Trường Cao đẳng Sơn La B 12345",
            "other_id_number": "011080000007",
            "other_paper": "education college TRƯỜNG CAO ĐẲNG SƠN LA b12345",
            "note": NOTE,
        }
    ]
