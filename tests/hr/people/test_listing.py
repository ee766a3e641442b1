"""The list: each filter, the rows, as of a day; each figure is exactly the rows behind it."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import Missing, ScopeError
from core.permissions import Permission
from core.scope import bind_viewer
from core.unit_book import unit_book
from hr.people.enums import AssignmentKind, Category, ProofState, QualificationKind, ServiceStatus, Sex
from hr.people.figures import FIGURES, figures
from hr.people.listing import ANY_STATUS, KEYSET, PeopleFilter, list_people, list_rows
from hr.people.models import Person
from hr.people.paper_actions import add_qualification, annul_qualification, set_proof_state
from hr.people.queries import qualifications_of
from hr.people.service_actions import move_person
from tests.factories.people import NUMBERS, make_person, paper, person, place
from tests.plans import plan_of

TODAY = date(2026, 7, 15)
KEY_OF = {number: key for key, number in NUMBERS.items()}


def keys(filters=None, as_of=TODAY):
    people = db.session.scalars(list_people(filters or PeopleFilter(), as_of))
    return [KEY_OF.get(found.id_number, found.full_name) for found in people]


def uid_of(code, division=None):
    from core.units import unit_by_code

    return unit_by_code(f"{code}.{division}" if division else code, TODAY).uid


def test_people_in_service_stand_in_vietnamese_order(system):
    assert keys() == ["an", "binh", "dua", "hue", "lan", "mai", "on", "po", "sua", "tam"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"words": "lo th"}, ["on"]),
        ({"categories": (Category.CADRE,)}, ["an", "po"]),
        ({"categories": (Category.PUBLIC_EMPLOYEE, Category.CONTRACT_WORKER)}, ["binh", "tam"]),
        ({"kind": AssignmentKind.PROBATION}, ["on"]),
        ({"kind": AssignmentKind.SECONDED}, ["lan"]),
        ({"kind": AssignmentKind.CONCURRENT}, []),
        ({"post": "chu tich"}, ["an", "po"]),
        ({"post": "PHÓ Chủ tịch"}, ["po"]),
        ({"post": "100%"}, []),
        ({"status": "retired"}, ["dung"]),
        ({"status": "retired", "post": "chuyen vien"}, ["dung"]),
        ({"status": "retired", "post": "chu tich"}, []),
        ({"status": "left"}, []),
        ({"status": "working", "sex": Sex.FEMALE}, ["dua", "hue", "lan", "mai", "on"]),
        ({"status": "suspended"}, []),
        ({"education": "university"}, ["an", "binh", "hue", "lan"]),
        ({"education_from": "university"}, ["an", "binh", "hue", "lan", "mai", "po"]),
        ({"education_from": "untrained", "sex": Sex.MALE}, ["an", "binh", "po", "sua", "tam"]),
        ({"education": "untrained"}, ["tam"]),
        ({"education": "elementary"}, ["on"]),
        ({"political_theory_from": "intermediate"}, ["an", "hue", "mai", "po"]),
        ({"political_theory": "none"}, ["binh", "dua", "on", "tam"]),
        ({"state_management_from": "principal"}, ["po"]),
        ({"state_management": "specialist"}, ["an", "hue", "mai"]),
        ({"born_from": date(1991, 4, 30), "born_to": date(1993, 12, 24)}, ["binh", "dua", "lan"]),
        ({"ethnicity": "08"}, ["sua"]),
        ({"religion": "Không"}, ["an", "hue"]),
        ({"in_party": True}, ["an"]),
        ({"in_party": False, "sex": Sex.MALE}, ["binh", "po", "sua", "tam"]),
        ({"words": "a", "sex": Sex.MALE, "education_from": "college"}, ["an", "po", "sua"]),
    ],
)
def test_each_filter(system, filters, expected):
    assert keys(PeopleFilter(**filters)) == expected


def test_units_are_meant_with_their_subtree(system):
    assert keys(PeopleFilter(units=(uid_of("03301"),))) == ["an", "binh", "hue", "on", "sua"]
    assert keys(PeopleFilter(units=(uid_of("03172"), uid_of("SNV")))) == ["dua", "lan", "mai", "po", "tam"]
    assert len(keys(PeopleFilter(units=(uid_of("11"),)))) == 10
    assert keys(PeopleFilter(division=uid_of("03301", 2))) == ["hue"]
    assert keys(PeopleFilter(units=("a" * 26,))) == []


def test_who_is_lent_is_found_where_asked_for(system):
    lent = PeopleFilter(units=(uid_of("03301"),), kind=AssignmentKind.SECONDED)
    assert keys(lent) == ["lan"]
    assert keys(lent, date(2026, 9, 1)) == []


def test_who_has_left_is_found_by_the_last_place(system):
    former = PeopleFilter(status=ANY_STATUS, units=(uid_of("03301"),))
    assert "dung" not in keys(former)

    from core.units import unit_by_code

    old = unit_by_code("03301", date(2022, 1, 1)).uid
    assert keys(PeopleFilter(status=ANY_STATUS, units=(old,))) == ["dung"]
    assert keys(PeopleFilter(status="retired", units=(old,))) == ["dung"]


def test_the_list_as_of_a_day_holds_who_served_that_day(system):
    assert keys(as_of=date(2020, 1, 1)) == ["an", "dung", "mai", "tam"]
    assert keys(as_of=date(2025, 6, 30)) == ["an", "mai", "tam"]
    assert keys(PeopleFilter(status="retired"), date(2022, 2, 27)) == []
    assert keys(PeopleFilter(status="retired"), date(2022, 2, 28)) == ["dung"]


def test_levels_as_of_a_day(system):
    assert "an" in keys(PeopleFilter(education_from="university"), date(2025, 6, 30))
    assert "an" not in keys(PeopleFilter(education_from="university"), date(2012, 6, 29))


def test_background_filters_work_for_who_may_read_it(as_viewer):
    for persona in ("leader", "chair_a"):
        with as_viewer(persona):
            everyone = keys()
            for filters in (
                {"ethnicity": "08"},
                {"religion": "Không"},
                {"in_party": True},
                {"in_party": False},
            ):
                assert keys(PeopleFilter(**filters)) == everyone


def test_the_list_keeps_to_the_scope(as_viewer):
    with as_viewer("chair_b"):
        assert keys() == ["dua", "lan", "po"]
        assert keys(PeopleFilter(units=(uid_of("03301"),))) == []


def test_a_list_needs_a_viewer(context):
    with pytest.raises(ScopeError):
        list_people(PeopleFilter(), TODAY)


def test_the_order_is_the_one_that_pages_are_cut_by(system):
    assert [str(column) for column in KEYSET.columns] == ["Person.name_key", "Person.id"]
    assert str(KEYSET.uid) == "Person.uid"


# --- rows ---------------------------------------------------------------------------------------------
def rows_by_key(as_of=TODAY, **options):
    people = db.session.scalars(list_people(PeopleFilter(status=ANY_STATUS), as_of)).all()
    return {KEY_OF[row.person.id_number]: row for row in list_rows(people, as_of, **options)}


def test_a_row_says_where_and_how_trained(system):
    row = rows_by_key()["an"]

    assert (row.category, row.kind, row.post) == (Category.CADRE, AssignmentKind.MAIN, "Chủ tịch UBND xã")
    assert (row.unit, row.division, row.since) == ("Xã Búng Lao", "Lãnh đạo UBND", date(2025, 7, 1))
    assert row.unit_uid == uid_of("03301")
    assert [row.education.code, row.political_theory.code, row.state_management.code] == [
        "university",
        "advanced",
        "specialist",
    ]
    assert row.id_last_4 == "0001"
    assert (row.rank_code, row.ethnicity) == (None, None)


def test_options_add_rank_and_background(system):
    row = rows_by_key(ranks=True, background=True)["an"]

    assert (row.rank_code, row.step, str(row.coefficient)) == ("01.003", 4, "3.33")
    assert (row.ethnicity, row.religion, row.party_joined_on) == ("03", "Không", date(2009, 2, 3))


def test_the_background_stays_empty_for_who_may_not_read_it(as_viewer):
    with as_viewer("leader"):
        assert {row.ethnicity for row in rows_by_key(background=True).values()} == {None}


def test_a_row_is_as_of_the_day(system):
    rows = rows_by_key(date(2020, 1, 1), ranks=True)

    assert rows["an"].post == "Phó Chủ tịch UBND xã"
    assert (rows["an"].rank_code, rows["dung"].step) == (None, 9)
    assert rows["dung"].since == date(2010, 1, 1)
    assert rows["hue"].post == "Công chức tư pháp - hộ tịch", "the first place to come"


def test_proof_states_are_counted_in_their_order(system):
    assert rows_by_key()["hue"].proof_states == ((ProofState.CLAIMED, 1), (ProofState.ORIGINAL_SEEN, 2))


def test_a_denied_paper_is_shown_as_denied_and_not_as_a_level(system):
    hue = person("hue")
    degree = qualifications_of(hue)[0]
    set_proof_state(
        by=system,
        person=hue,
        qualification=degree,
        state=ProofState.ISSUER_DENIES,
        reason="CV 12, 01/07/2026",
    )

    row = rows_by_key()["hue"]

    assert row.education is None
    assert (ProofState.ISSUER_DENIES, 1) in row.proof_states
    assert "hue" not in keys(PeopleFilter(education_from="university"))


def test_statements_do_not_grow_with_the_rows(system, count_statements):
    counts = []
    unit_book()  # read once a process
    for people in (2, 10):
        db.session.expire_all()
        with count_statements() as sent:
            found = db.session.scalars(list_people(PeopleFilter(), TODAY).limit(people)).all()
            assert len(list_rows(found, TODAY, ranks=True, background=True)) == people
        counts.append(len(sent))

    assert counts == [6, 6]


@pytest.mark.sqlite
def test_the_plain_list_walks_its_index_on_sqlite(system):
    plan = plan_of(lambda: db.session.scalars(list_people(PeopleFilter(), TODAY).limit(51)).all())

    assert plan == "SCAN person USING INDEX ix_person_name_key_id"


@pytest.mark.sqlite
def test_a_page_starts_inside_the_index_on_sqlite(system):
    query = list_people(PeopleFilter(), TODAY).where(Person.name_key >= "-").limit(51)

    plan = plan_of(lambda: db.session.scalars(query).all())

    assert plan == "SEARCH person USING INDEX ix_person_name_key_id (name_key>?)"


@pytest.mark.postgres
def test_the_plain_list_walks_its_index_on_postgresql(system):
    plan = plan_of(lambda: db.session.scalars(list_people(PeopleFilter(), TODAY).limit(51)).all())

    assert "ix_person_name_key_id" in plan
    assert "Sort" not in plan


# --- figures --------------------------------------------------------------------------------------------
def values(viewer, as_of=TODAY):
    return {figure.code: figure.value for figure in figures(viewer, as_of)}


def test_headline_figures_of_the_province(system):
    assert values(system) == {
        "officials": 8,
        "intermediate_up": 7,
        "both_trained": 4,
        "commune_level": 7,
        "commune_university": 4,
    }
    assert [figure.whole for figure in figures(system, TODAY)] == [None, 8, 8, 8, 7]


@pytest.mark.parametrize(
    ("persona", "expected"),
    [("leader", [8, 7, 4, 7, 4]), ("chair_a", [4, 3, 2, 4, 2]), ("chair_b", [3, 3, 1, 3, 2])],
)
def test_a_commune_counts_its_own_places_and_nobody_lent_to_it(as_viewer, persona, expected):
    with as_viewer(persona) as viewer:
        assert list(values(viewer).values()) == expected


@pytest.mark.parametrize("persona", ["home_affairs", "chair_a", "chair_b"])
@pytest.mark.parametrize("as_of", [TODAY, date(2026, 6, 30), date(2025, 6, 30), date(2020, 1, 1)])
@pytest.mark.parametrize("code", FIGURES)
def test_a_figure_is_the_people_behind_it(as_viewer, persona, as_of, code):
    with as_viewer(persona) as viewer:
        assert len(keys(PeopleFilter(figure=code, status=ANY_STATUS), as_of)) == values(viewer, as_of)[code]


def test_figures_of_a_past_day(system):
    assert values(system, date(2020, 1, 1)) == {
        "officials": 3,
        "intermediate_up": 3,
        "both_trained": 2,
        # An and Dũng, in the former commune of that day; An holds the degree.
        "commune_level": 2,
        "commune_university": 1,
    }


def test_a_move_shifts_the_figures_on_its_day(system):
    move_person(by=system, person=person("sua"), to=place("SNV", starts_on=date(2026, 7, 1)))

    assert values(system, date(2026, 6, 30))["commune_level"] == 7
    assert values(system, date(2026, 7, 1))["commune_level"] == 6
    assert values(system, date(2026, 7, 1))["officials"] == 8


def test_two_papers_count_a_person_once(system):
    add_qualification(by=system, person=person("an"), seed=paper(QualificationKind.EDUCATION, "master"))

    assert values(system)["intermediate_up"] == 7
    assert keys(PeopleFilter(education="university")) == ["binh", "hue", "lan"]


def test_an_annulled_paper_no_longer_counts(system):
    dua = person("dua")
    annul_qualification(
        by=system, person=dua, qualification=qualifications_of(dua)[0], reason="Nhập nhầm người"
    )

    assert values(system)["intermediate_up"] == 6


def test_an_expired_paper_counts_until_its_last_day(system):
    make_person(
        full_name="Lò Văn Hạn",
        qualifications=(
            paper(QualificationKind.STATE_MANAGEMENT, "specialist", expires_on=date(2026, 7, 14)),
        ),
    )

    assert "Lò Văn Hạn" in keys(PeopleFilter(state_management_from="specialist"), date(2026, 7, 14))
    assert "Lò Văn Hạn" not in keys(PeopleFilter(state_management_from="specialist"))


def test_an_unknown_figure_is_nothing_at_this_address(system):
    with pytest.raises(Missing):
        list_people(PeopleFilter(figure="salary"), TODAY)


def test_figures_are_counted_once_until_something_changes(as_viewer, system, count_statements):
    with as_viewer("chair_a") as viewer, count_statements() as sent:
        before = figures(viewer, TODAY)
        again = figures(viewer, TODAY)

    assert before == again
    assert len([text for text in sent if "count(*) FILTER" in text]) == 1
    make_person(full_name="Lò Văn Mới")
    with as_viewer("chair_a") as viewer:
        assert figures(viewer, TODAY)[0].value == before[0].value + 1


def test_every_level_holder_is_one_that_the_pure_rule_counts(system):
    """The SQL of `figures.holders` and `rules.counts_as_held` are two writings of one rule."""
    from hr.people.codes import LEVELS
    from hr.people.figures import holders
    from hr.people.models import Qualification
    from hr.people.rules import counts_as_held

    variants = [
        {"awarded_on": None},
        {"awarded_on": TODAY},
        {"awarded_on": date(2026, 7, 14), "expires_on": date(2026, 7, 14)},
        {"awarded_on": date(2026, 7, 14), "expires_on": TODAY},
        {"awarded_on": None, "awarded_year": 2025},
        {"awarded_on": None, "awarded_year": 2026},
        {"proof_state": ProofState.ISSUER_DENIES},
        {"proof_state": ProofState.ISSUER_CONFIRMED},
    ]
    made = make_person(
        qualifications=tuple(paper(QualificationKind.IT, "certificate", **variant) for variant in variants)
    )
    rows = db.session.scalars(select(Qualification).where(Qualification.person_id == made.id)).all()
    levels = list(LEVELS[QualificationKind.IT])

    for day in (date(2024, 12, 31), date(2025, 1, 1), date(2026, 7, 14), TODAY):
        by_rule = sum(counts_as_held(row, day) for row in rows)
        ids = db.session.scalars(holders(QualificationKind.IT, levels, day)).all()
        assert ids.count(made.id) == by_rule
    assert by_rule == 6


def test_who_may_not_read_the_background_gets_the_same_list(system):
    blind = replace(system, permissions=system.permissions - {Permission.PERSON_READ_BACKGROUND})
    with bind_viewer(blind):
        assert keys(PeopleFilter(ethnicity="08")) == keys()


def test_status_values_are_those_of_the_list(system):
    for status in ServiceStatus:
        assert isinstance(keys(PeopleFilter(status=status.value)), list)
