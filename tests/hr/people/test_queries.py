"""Who sees whom, search by name, the parts of a file, the timeline."""

from datetime import date

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from core.db import db
from core.errors import Missing, ScopeError
from core.subjects import ROW_COLUMNS, union_of
from hr.people.enums import AssignmentKind, QualificationKind
from hr.people.models import Assignment, Person, PersonBackground, PersonToken, Qualification, RankStep
from hr.people.queries import (
    background_of,
    find_assignment,
    find_by_id_number,
    find_person,
    places_of,
    qualifications_of,
    ranks_of,
    search_people,
    timeline,
    timeline_title,
    work_history,
)
from hr.people.trail import KINDS
from tests.factories.people import NUMBERS, make_person, person, place
from tests.plans import plan_of

TODAY = date(2026, 7, 15)
COMMUNE_A = {"an", "hue", "sua", "on", "binh"}
COMMUNE_B = {"po", "dua", "lan"}
EVERYONE = set(NUMBERS)
KEY_OF = {number: key for key, number in NUMBERS.items()}


def seen():
    return {KEY_OF[number] for number in db.session.scalars(select(Person.id_number))}


# --- scope --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("persona", "keys"),
    [
        ("home_affairs", EVERYONE),
        ("leader", EVERYONE),
        ("case_officer", EVERYONE),
        ("chair_a", COMMUNE_A | {"lan"}),
        ("staff_a", COMMUNE_A | {"lan"}),
        ("chair_b", COMMUNE_B),
        ("head", set()),
        ("data_officer", set()),
        ("admin", set()),
    ],
)
def test_a_person_is_seen_from_the_units_of_the_running_assignments(as_viewer, persona, keys):
    with as_viewer(persona):
        assert seen() == keys


def test_scope_is_judged_today(as_viewer, on_day):
    """Lường Thị Lan is lent to commune A until 31/08/2026, that day included."""
    on_day(date(2026, 8, 31))
    with as_viewer("chair_a"):
        assert "lan" in seen()

    on_day(date(2026, 9, 1))
    with as_viewer("chair_a"):
        assert "lan" not in seen()


def test_an_annulled_assignment_opens_nothing(as_viewer, system):
    from hr.people.service_actions import annul_assignment

    lan = person("lan")
    lent = next(row for row in work_history(lan) if row.kind is AssignmentKind.SECONDED)
    annul_assignment(by=system, person=lan, assignment=lent, reason="Nhập nhầm")

    with as_viewer("chair_a"):
        assert "lan" not in seen()


@pytest.mark.parametrize("cls", [PersonToken, RankStep, Qualification])
def test_the_parts_of_a_file_are_seen_with_the_person(as_viewer, cls):
    with as_viewer("chair_b"):
        visible = set(db.session.scalars(select(Person.id)))
        owners = set(db.session.scalars(select(cls.person_id)))

    assert owners
    assert owners <= visible


def test_the_background_needs_a_permission_of_its_own(as_viewer):
    query = select(PersonBackground.ethnicity).order_by(PersonBackground.ethnicity)
    with as_viewer("home_affairs"):
        assert list(db.session.scalars(query)) == ["01", "03", "08"]
        assert background_of(person("an")).ethnicity == "03"
    for persona in ("chair_a", "leader", "case_officer"):
        with as_viewer(persona):
            assert list(db.session.scalars(query)) == []
            assert background_of(person("an")) is None


def test_the_history_of_a_unit_stays_with_the_unit(as_viewer, system):
    """After a move the old unit keeps the row with the name, and no longer opens the file."""
    from hr.people.service_actions import move_person

    move_person(by=system, person=person("sua"), to=place("03172", starts_on=date(2026, 7, 1)))

    with as_viewer("chair_a"):
        assert "sua" not in seen()
        left = db.session.scalars(select(Assignment).where(Assignment.person_name == "Giàng A Sùa")).all()
        assert [(row.post, row.ends_on) for row in left] == [("Chuyên viên địa chính", date(2026, 6, 30))]
    with as_viewer("chair_b"):
        assert "sua" in seen()
        posts = select(Assignment.post).where(Assignment.person_name == "Giàng A Sùa")
        assert set(db.session.scalars(posts)) == {"Chuyên viên địa chính", "Chuyên viên"}


def test_nothing_is_read_with_no_viewer(context):
    with pytest.raises(ScopeError):
        db.session.scalars(select(Person)).all()


@pytest.mark.sqlite
def test_the_scope_is_an_in_subquery_on_its_index_on_sqlite(as_viewer):
    with as_viewer("chair_a"):
        plan = plan_of(lambda: db.session.scalars(select(Person)).all())

    assert "CORRELATED" not in plan
    assert "SEARCH reach USING COVERING INDEX ix_assignment_scope (unit_id=?" in plan
    assert "SEARCH person USING INTEGER PRIMARY KEY (rowid=?)" in plan


@pytest.mark.postgres
def test_the_scope_is_an_in_subquery_on_its_index_on_postgresql(as_viewer):
    with as_viewer("chair_a"):
        plan = plan_of(lambda: db.session.scalars(select(Person)).all())

    assert "SubPlan" not in plan
    assert "ix_assignment_scope" in plan


# --- find ---------------------------------------------------------------------------------------------
def test_hidden_and_absent_are_the_same(as_viewer):
    with as_viewer("home_affairs"):
        uid = person("an").uid
    with as_viewer("chair_a"):
        assert find_person(uid).full_name == "Lò Văn An"
    with as_viewer("chair_b"):
        for hidden in (uid, "a" * 26):
            with pytest.raises(Missing):
                find_person(hidden)
        assert find_by_id_number(NUMBERS["an"]) is None
        assert find_by_id_number(NUMBERS["po"]).full_name == "Vàng A Pó"


def test_a_part_is_found_under_its_own_person_only(system):
    an, hue = person("an"), person("hue")
    row = work_history(hue)[0]

    assert find_assignment(hue, row.uid) is row
    with pytest.raises(Missing):
        find_assignment(an, row.uid)


# --- search --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("dang thi hue", ["Đặng Thị Huệ"]),
        ("Đặng Huệ", ["Đặng Thị Huệ"]),
        ("HUỆ ĐẶNG", ["Đặng Thị Huệ"]),
        ("lo", ["Lò Văn An", "Lò Thị Ổn"]),
        ("th", ["Mùa Thị Dua", "Đặng Thị Huệ", "Lường Thị Lan", "Trần Thị Mai", "Lò Thị Ổn"]),
        ("d", ["Mùa Thị Dua", "Quàng Văn Dũng", "Đặng Thị Huệ"]),
        ("a po", ["Vàng A Pó"]),
        ("on thi lo", ["Lò Thị Ổn"]),
        ("ang", []),
        ("dang van hue", []),
        ("", []),
        ("…", []),
        ("%", []),
    ],
)
def test_each_word_is_the_beginning_of_a_word_of_the_name(system, words, names):
    assert [hit.name for hit in search_people(words)] == names


def test_a_hit_says_where_the_person_is(system):
    (hue,) = search_people("hue")
    assert (hue.place.unit, hue.place.division) == ("Xã Búng Lao", "Văn phòng HĐND và UBND")
    (dung,) = search_people("dung quang")
    assert (dung.status.value, dung.place.ends_on) == ("retired", date(2022, 2, 28))


def test_search_keeps_to_the_limit_and_the_scope(as_viewer):
    with as_viewer("chair_b"):
        assert [hit.name for hit in search_people("t")] == ["Mùa Thị Dua", "Lường Thị Lan"]
        assert [hit.name for hit in search_people("t", limit=1)] == ["Mùa Thị Dua"]


def test_search_takes_two_statements_and_asks_what_changed(as_viewer, count_statements):
    with as_viewer("chair_a"):
        search_people("t")  # the book of units is kept from here on
        with count_statements() as sent:
            assert len(search_people("t")) == 3

    assert len(sent) == 3


def test_a_very_long_word_is_found_by_its_beginning(system):
    make_person(full_name="Lò " + "Xa" * 60)

    assert [hit.name[:6] for hit in search_people("xa" * 60)] == ["Lò XaX"]


@pytest.mark.sqlite
def test_search_reads_the_token_index_on_sqlite(system):
    def run():
        db.session.scalars(select(Person).where(*word_of("hue"))).all()

    from hr.people.queries import word_criteria as word_of

    assert "SEARCH person_token USING PRIMARY KEY (token>? AND token<?)" in plan_of(run)


@pytest.mark.postgres
def test_search_reads_the_token_index_on_postgresql(system):
    from hr.people.queries import word_criteria

    plan = plan_of(lambda: db.session.scalars(select(Person).where(*word_criteria("hue"))).all())

    assert "pk_person_token" in plan


# --- the parts of a file ----------------------------------------------------------------------------------
def test_places_are_the_running_one_or_the_last(system):
    an, dung, hue = person("an"), person("dung"), person("hue")
    ids = [an.id, dung.id, hue.id]

    now, before = places_of(ids, TODAY), places_of(ids, date(2025, 6, 30))

    assert now[an.id].post == "Chủ tịch UBND xã"
    assert before[an.id].post == "Phó Chủ tịch UBND xã"
    assert now[dung.id].ends_on == date(2022, 2, 28)
    assert before[hue.id].starts_on == date(2025, 7, 1)


def test_history_is_newest_first_with_its_units(system, count_statements):
    an = person("an")
    with count_statements() as sent:
        rows = [
            (row.unit.name, row.division and row.division.name, row.starts_on) for row in work_history(an)
        ]

    assert rows == [
        ("Xã Búng Lao", "Lãnh đạo UBND", date(2025, 7, 1)),
        ("Xã Búng Lao", None, date(2015, 3, 1)),
    ]
    assert len(sent) == 1


def test_qualifications_stand_by_kind_and_level(system):
    kinds = [(row.kind, row.level) for row in qualifications_of(person("an"))]

    assert kinds == [
        (QualificationKind.EDUCATION, "university"),
        (QualificationKind.POLITICAL_THEORY, "advanced"),
        (QualificationKind.STATE_MANAGEMENT, "specialist"),
    ]
    assert [(row.rank_code, row.step, str(row.coefficient)) for row in ranks_of(person("an"))] == [
        ("01.003", 4, "3.33")
    ]


# --- timeline ----------------------------------------------------------------------------------------------
def test_the_timeline_joins_everything_dated(system, count_statements):
    an = person("an")
    with count_statements() as sent, force_locale("en"):
        query = union_of([timeline([an.id], TODAY)])
        rows = sorted(
            (row.on, row.kind, timeline_title(row.kind, row.title)) for row in db.session.execute(query)
        )

    assert rows == [
        (date(2012, 6, 30), "qualification", "education level: university"),
        (date(2012, 6, 30), "qualification", "political theory: advanced"),
        (date(2012, 6, 30), "qualification", "state management: specialist"),
        (date(2015, 3, 1), "assignment", "Phó Chủ tịch UBND xã"),
        (date(2023, 9, 1), "rank", "Chuyên viên, step 4"),
        (date(2025, 7, 1), "assignment", "Chủ tịch UBND xã"),
    ]
    assert len(sent) == 1


def test_the_timeline_ends_on_the_day_asked_for(system):
    dung = person("dung")
    kinds = [row.kind for row in db.session.execute(timeline([dung.id], date(2022, 2, 27)))]
    assert "service_ended" not in kinds

    last = db.session.execute(timeline([dung.id], TODAY).order_by("on")).all()[-1]
    assert (last.kind, last.on) == ("service_ended", date(2022, 2, 28))
    with force_locale("en"):
        assert timeline_title(last.kind, last.title) == "retired"


def test_the_timeline_has_the_columns_of_the_registry_and_names_its_kinds(system):
    query = timeline([person("an").id], TODAY)

    assert tuple(query.selected_columns.keys()) == ROW_COLUMNS
    assert {row.kind for row in db.session.execute(query)} <= set(KINDS)


def test_the_timeline_is_scoped_in_every_part(as_viewer):
    with as_viewer("home_affairs"):
        ids = list(db.session.scalars(select(Person.id)))
        everything = len(db.session.execute(timeline(ids, TODAY)).all())
    with as_viewer("chair_b"):
        mine = list(db.session.scalars(select(Person.id)))
        visible = len(db.session.execute(timeline(ids, TODAY)).all())
        assert visible == len(db.session.execute(timeline(mine, TODAY)).all())

    assert 0 < visible < everything
