"""Persons of the storylines: where they sit and what their stories rest on."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from accounts.demo import demo_accounts
from accounts.queries import grants_held, user_named
from core.db import db
from core.permissions import Role
from core.scope import bind_viewer, system_viewer
from hr.people.demo import composer
from hr.people.demo.calendar import retirement_day
from hr.people.demo.loading import enter_demo
from hr.people.enums import (
    Category,
    QualificationKind,
)
from hr.people.models import Person
from hr.people.queries import work_history
from tests.conftest import TODAY
from tests.hr.people.composed import COUNTED, DAYS, highest, register_of

pytestmark = pytest.mark.slow


@pytest.fixture(params=DAYS, ids=str)
def register(request):
    return register_of(request.param)


# --- storylines -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("story", "name", "unit", "field"),
    [
        ("khuyen", "Lò Thị Khuyên", "03169", "one_stop"),
        ("senh", "Vàng A Sềnh", "03260", "justice"),
        ("bao", "Trần Quốc Bảo", "SKHCN", "it"),
        ("diep", "Hoàng Bích Diệp", "TTCNS", "it"),
        ("man", "Cà Thị Mận", "03172", "finance"),
        ("la", "Tòng Thị Lả", "03172", "agriculture"),
        ("hung_1", "Nguyễn Văn Hùng", "03334", "finance"),
        ("hung_2", "Nguyễn Văn Hùng", "03334", "agriculture"),
        ("pang", "Sùng Thị Pàng", "03220", "land"),
        ("thuan", "Phạm Đình Thuận", "SXD", "construction"),
        ("xoan", "Lường Thị Xoan", "STC", "finance"),
        ("tuong", "Quàng Văn Tưởng", "SNNMT", "agriculture"),
        ("lan", "Đỗ Thế Lân", "STP", "justice"),
    ],
)
def test_storyline_persons_sit_where_they_are_told_of(register, story, name, unit, field):
    person = register.by_story[story]
    home = person.home_on(register.day)

    assert (person.full_name, home.unit_code, home.field) == (name, unit, field)
    same = [p for p in register.people if p.full_name == name]
    assert len(same) == (2 if name == "Nguyễn Văn Hùng" else 1)


def test_khuyen_lacks_only_state_management(register):
    person = register.by_story["khuyen"]
    kinds = {paper.kind for paper in person.qualifications}

    assert QualificationKind.STATE_MANAGEMENT not in kinds
    assert QualificationKind.POLITICAL_THEORY in kinds
    assert highest(person, COUNTED) == "university"
    assert person.home_on(register.day).division_code == "03169.5"


def test_senh_has_no_university_degree_yet(register):
    person = register.by_story["senh"]
    assert highest(person, register.day) == "college"
    assert next(p.major for p in person.qualifications if p.kind is QualificationKind.EDUCATION).startswith(
        "Luật"
    )


def test_diep_is_a_public_employee(register):
    home = register.by_story["diep"].home_on(register.day)
    assert (home.category, home.division_code) == (Category.PUBLIC_EMPLOYEE, None)


def test_la_moved_within_the_year_and_a_colleague_took_her_place(register):
    person = register.by_story["la"]
    *_, before, now = person.assignments

    assert (before.unit_code, now.unit_code) == ("03166", "03172")
    assert now.starts_on.year == register.day.year
    assert now.starts_on < register.day
    opposite = [
        p
        for p in register.people
        if p.assignments[-1].unit_code == "03166" and p.assignments[-1].starts_on == now.starts_on
    ]
    assert len(opposite) == 1
    assert opposite[0].assignments[-2].unit_code == "03172"


def test_pang_retires_on_the_legal_day_nearest_to_80_days_ahead():
    def due(day):
        person = register_of(day).by_story["pang"]
        return retirement_day(person.sex, person.born_on)

    assert due(date(2026, 8, 1)) == date(2026, 10, 31)
    # No woman reaches the age from January to April (Decree 135/2020/NĐ-CP): December is nearest.
    assert due(date(2026, 11, 22)) == date(2026, 12, 31)


def test_lan_came_from_the_office_of_a_former_district(register):
    first = register.by_story["lan"].assignments[0]
    assert (first.unit_code, first.post) == ("098", "Chuyên viên Phòng Tư pháp")


def test_unfavourable_storylines_sit_with_specialists_of_departments(register):
    for story in ("thuan", "xoan", "tuong", "lan"):
        home = register.by_story[story].home_on(register.day)
        assert home.post == "Chuyên viên"
        assert (
            sum(
                p.home_on(register.day).division_code == home.division_code
                and p.home_on(register.day).post == "Chuyên viên"
                for p in register.officials(register.day)
            )
            > 10
        )


def test_the_vice_chair_who_acts_in_muong_pon_is_one_of_its_people(context, monkeypatch):
    whole = register_of(TODAY)
    here = [person for person in whole.officials(TODAY) if person.home_on(TODAY).unit_code == "03202"]
    monkeypatch.setitem(context.extensions, "config", replace(context.extensions["config"], demo=True))
    monkeypatch.setattr(composer, "compose", lambda _day, multiple: SimpleNamespace(people=here))
    by = system_viewer("demo", TODAY)
    with bind_viewer(by):
        demo_accounts(by=by)
        enter_demo(by=by, tell=lambda _line: None)

        account = user_named("phochutich.muong-pon")
        holder = db.session.get_one(Person, account.person_id)
        (grant,) = grants_held(account, TODAY)
        posts = {row.post for row in work_history(holder) if row.runs_on(TODAY) and row.is_home}

    assert account.display_name == holder.full_name
    assert posts == {"Phó Chủ tịch UBND"}
    assert (grant.role, grant.acting_for, grant.unit_name) == (
        Role.CHAIR,
        "Chủ tịch UBND xã Mường Pồn",
        "Xã Mường Pồn",
    )
