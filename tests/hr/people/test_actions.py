"""Writes of a personnel file: what each changes, refuses and leaves in the log."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.audit import AuditEvent, AuditType
from core.db import db
from core.errors import Conflict, Denied, Missing, ScopeError, Unprocessable
from core.permissions import Permission, Realm
from core.scope import bind_viewer, writing_allowed
from core.units import Block, unit_by_code
from hr.people.actions import create_person, edit_background, edit_person, end_service, reopen_service
from hr.people.enums import AssignmentKind, Category, ProofState, QualificationKind, ServiceStatus, Sex
from hr.people.models import Assignment, Person, PersonBackground, PersonToken
from hr.people.paper_actions import (
    add_qualification,
    add_rank_step,
    annul_qualification,
    annul_rank_step,
    edit_qualification,
    set_proof_state,
)
from hr.people.queries import background_of, qualifications_of, ranks_of, search_people, work_history
from hr.people.seeds import BackgroundSeed
from hr.people.service_actions import add_assignment, annul_assignment, end_assignment, move_person
from tests.factories.people import NUMBERS, make_person, paper, person, place, rank, seed

TODAY = date(2026, 7, 15)
NA_SANG = "03172"


def events(person):
    """(type, values, reason) of what the log holds about a person, oldest first."""
    query = select(AuditEvent).where(AuditEvent.subject_uid == person.uid).order_by(AuditEvent.seq)
    return [(row.type, row.values, row.reason) for row in db.session.scalars(query)]


def last_values(person):
    import json

    return json.loads(events(person)[-1][1])


def history(person):
    """(kind, start, end, annulled) of every assignment, oldest first."""
    return [
        (row.kind.value, row.starts_on, row.ends_on, row.annulled_at is not None)
        for row in reversed(work_history(person))
    ]


def field_of(run):
    with pytest.raises(Unprocessable) as refusal:
        run()
    return refusal.value.field


# --- create ---------------------------------------------------------------------------------------------
def test_a_new_file_holds_all_that_is_known(system):
    created = create_person(
        by=system,
        seed=seed(
            full_name="  Lò  Thị   Mẩy ",
            sex=Sex.FEMALE,
            id_number="011184000999",
            background=BackgroundSeed(ethnicity="03", religion="Không"),
            qualifications=(paper(QualificationKind.EDUCATION, "college"),),
        ),
    )

    assert created.full_name == "Lò Thị Mẩy"
    assert [hit.uid for hit in search_people("may lo")] == [created.uid]
    assert history(created) == [("main", date(2025, 7, 1), None, False)]
    assert work_history(created)[0].person_name == "Lò Thị Mẩy"
    assert [row.level for row in qualifications_of(created)] == ["college"]
    assert [row.step for row in ranks_of(created)] == [4]
    assert background_of(created).ethnicity == "03"


def test_the_log_says_who_was_created_where_and_never_the_whole_number(system):
    created = make_person()

    ((kind, values, reason),) = events(created)
    assert (kind, reason) == (AuditType.PERSON_CREATED, None)
    assert "011084009999" not in values
    assert last_values(created) == {"id_last_4": "9999", "post": "Chuyên viên"}
    unit_id = db.session.scalar(select(AuditEvent.unit_id).where(AuditEvent.subject_uid == created.uid))
    assert unit_id == unit_by_code("03301", TODAY).id


def test_a_known_number_is_refused_with_the_file_as_link(system):
    with pytest.raises(Unprocessable) as refusal:
        make_person(id_number=NUMBERS["an"])

    assert (refusal.value.field, refusal.value.link) == ("id_number", person("an").uid)
    assert len(search_people("lo van")) == 1


def test_a_number_hidden_from_the_viewer_is_refused_without_a_link(system):
    """Home Affairs of one commune: the number belongs to somebody in another."""
    unit = unit_by_code("03301", TODAY)
    local = replace(system, scopes=((Realm.PERSONNEL, frozenset({(unit.id, Block.GOVERNMENT)})),))
    new = seed(id_number=NUMBERS["po"])

    with bind_viewer(local), pytest.raises(Unprocessable) as refusal:
        create_person(by=local, seed=new)

    assert (refusal.value.field, refusal.value.link) == ("id_number", None)


def test_an_officer_of_some_units_creates_there_and_nowhere_else(system):
    unit = unit_by_code("03301", TODAY)
    local = replace(system, scopes=((Realm.PERSONNEL, frozenset({(unit.id, Block.GOVERNMENT)})),))
    here, elsewhere = seed(full_name="Lò Văn Đây"), seed(assignments=(place(NA_SANG),))

    with bind_viewer(local):
        assert create_person(by=local, seed=here).full_name == "Lò Văn Đây"
        with pytest.raises(Denied):
            create_person(by=local, seed=elsewhere)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"id_number": "0110840099"}, "id_number"),
        ({"full_name": " "}, "full_name"),
        ({"born_on": date(2026, 7, 16)}, "born_on"),
        ({"recruited_on": date(2026, 7, 16)}, "recruited_on"),
        ({"born_on": date(2007, 8, 2), "recruited_on": date(2025, 8, 1)}, "recruited_on"),
        ({"assignments": ()}, "unit"),
        ({"status": ServiceStatus.RETIRED, "assignments": ()}, "ended_on"),
        ({"ended_on": date(2026, 1, 1)}, "ended_on"),
        ({"background": BackgroundSeed(ethnicity="99")}, "ethnicity"),
        ({"ranks": (rank("01.003", 0, "2.34", date(2020, 1, 1)),)}, "step"),
        ({"qualifications": (paper(QualificationKind.EDUCATION, "advanced"),)}, "level"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_whole(system, over, field):
    before = len(list(db.session.scalars(select(Person.id))))

    assert field_of(lambda: make_person(**over)) == field
    assert len(list(db.session.scalars(select(Person.id)))) == before


def test_the_minimum_age_holds_for_the_categories_and_days_it_is_set_for(system):
    young = {"born_on": date(2007, 8, 2), "recruited_on": date(2025, 8, 1), "ranks": ()}
    contract = place(category=Category.CONTRACT_WORKER, starts_on=date(2025, 8, 1))
    assert make_person(assignments=(contract,), **young).recruited_on == date(2025, 8, 1)

    early = {"born_on": date(1992, 1, 2), "recruited_on": date(2009, 12, 31), "ranks": ()}
    assert make_person(id_number="011092009998", **early).id
    barred = {**early, "born_on": date(1993, 1, 2), "recruited_on": date(2010, 1, 1)}
    assert field_of(lambda: make_person(id_number="011093009997", **barred)) == "recruited_on"


def test_who_has_left_holds_no_place_beyond_the_last_day(system):
    left = {"status": ServiceStatus.LEFT, "ended_on": date(2026, 1, 31)}
    too_long = (place(ends_on=date(2026, 2, 1)),)

    assert field_of(lambda: make_person(**left, assignments=too_long)) == "ends_on"
    assert make_person(**left, assignments=(place(ends_on=date(2026, 1, 31)),)).ended_on == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("places", "field"),
    [
        ([{"code": "03301", "starts_on": date(2025, 7, 1)}] * 2, "starts_on"),
        ([{"ends_on": date(2025, 6, 30)}], "ends_on"),
        ([{"ends_on": date(2026, 6, 30)}], "unit"),
        ([{"starts_on": date(1984, 5, 12), "code": "SNV"}], "starts_on"),
        ([{"post": "  "}], "post"),
    ],
)
def test_places_of_a_new_file(system, places, field):
    assignments = tuple(place(**over) for over in places)

    assert field_of(lambda: make_person(assignments=assignments)) == field


def test_the_unit_must_stand_on_the_first_day_and_the_division_below_it(system):
    here = place()
    early = replace(here, starts_on=date(2025, 6, 30))
    assert field_of(lambda: make_person(assignments=(early,))) == "unit"

    elsewhere = unit_by_code("03172.2", TODAY).id
    assert field_of(lambda: make_person(assignments=(replace(here, division_id=elsewhere),))) == "division"
    assert field_of(lambda: make_person(assignments=(replace(here, unit_id=elsewhere),))) == "unit"
    assert field_of(lambda: make_person(assignments=(replace(here, unit_id=10**6),))) == "unit"


@pytest.mark.parametrize("persona", ["chair_a", "staff_a", "leader", "case_officer", "admin"])
def test_only_home_affairs_writes_files(as_viewer, persona):
    with as_viewer(persona) as viewer:
        new = seed()
        with pytest.raises(Denied):
            create_person(by=viewer, seed=new)
        for write in (
            edit_person,
            edit_background,
            move_person,
            end_service,
            add_qualification,
            add_rank_step,
        ):
            with pytest.raises(Denied):
                write(by=viewer)


def test_a_form_sent_twice_makes_one_file(system):
    new = seed()

    first = create_person(by=system, seed=new, token="token-1")
    second = create_person(by=system, seed=new, token="token-1")

    assert first.uid == second.uid
    assert len(events(first)) == 1


# --- edit -----------------------------------------------------------------------------------------------
def test_a_correction_is_logged_field_by_field(system):
    hue = person("hue")

    edit_person(by=system, person=hue, version=1, values={"birthplace": "Xã Ẳng Tở", "sex": Sex.FEMALE})

    assert hue.version == 2
    assert last_values(hue) == {"birthplace": ["Xã Búng Lao, tỉnh Điện Biên", "Xã Ẳng Tở"]}


def test_a_new_name_is_found_and_sorted_at_once_and_kept_as_it_was_in_ended_rows(system):
    an = person("an")

    edit_person(by=system, person=an, values={"full_name": "Lò Văn Yên"})

    assert search_people("an lo") == []
    assert [hit.name for hit in search_people("yen")] == ["Lò Văn Yên"]
    names = {(row.ends_on, row.person_name) for row in work_history(an)}
    assert names == {(date(2025, 6, 30), "Lò Văn An"), (None, "Lò Văn Yên")}
    order = list(db.session.scalars(select(Person.full_name).order_by(Person.name_key)))
    assert order[-1] == "Lò Văn Yên"
    assert {
        row.name_key for row in db.session.scalars(select(PersonToken).where(PersonToken.person_id == an.id))
    } == {an.name_key}
    assert last_values(an) == {"full_name": ["Lò Văn An", "Lò Văn Yên"]}


def test_saving_without_a_change_counts_no_version(system):
    hue = person("hue")

    edit_person(by=system, person=hue, version=1, values={"full_name": " Đặng  Thị Huệ"})

    assert (hue.version, last_values(hue)) == (1, {})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"id_number": "123"}, "id_number"),
        ({"id_number": NUMBERS["po"]}, "id_number"),
        ({"full_name": ""}, "full_name"),
        ({"born_on": date(1999, 1, 1)}, "recruited_on"),
        ({"recruited_on": date(2027, 1, 1)}, "recruited_on"),
    ],
)
def test_a_correction_that_breaks_a_rule_is_refused(system, values, field):
    hue = person("hue")

    assert field_of(lambda: edit_person(by=system, person=hue, values=values)) == field
    assert hue.version == 1


def test_only_listed_fields_can_be_edited(system):
    with pytest.raises(ValueError, match="status"):
        edit_person(by=system, person=person("hue"), values={"status": ServiceStatus.RETIRED})


def test_who_was_faster_wins_and_the_other_is_told(system):
    hue = person("hue")
    edit_person(by=system, person=hue, version=1, values={"other_name": "Huệ Lao"})

    with pytest.raises(Conflict) as conflict:
        edit_person(by=system, person=hue, version=1, values={"other_name": "Huệ Nhỏ"})

    assert conflict.value.by == "system: tests"
    assert conflict.value.current.other_name == "Huệ Lao"


def test_a_person_out_of_sight_cannot_be_edited(system, as_viewer):
    po = person("po")
    unit = unit_by_code("03301", TODAY)
    local = replace(system, scopes=((Realm.PERSONNEL, frozenset({(unit.id, Block.GOVERNMENT)})),))

    with bind_viewer(local), pytest.raises(Missing):
        edit_person(by=local, person=po, values={"other_name": "x"})


def test_the_background_is_replaced_and_logged_apart(system):
    sua = person("sua")

    edit_background(by=system, person=sua, version=1, values=BackgroundSeed(ethnicity="08", religion="Không"))

    assert background_of(sua).religion == "Không"
    assert sua.version == 2
    assert last_values(sua) == {"background": {"religion": ["Tin Lành", "Không"]}}


def test_the_background_of_who_had_none(system):
    mai = person("mai")

    edit_background(by=system, person=mai, values=BackgroundSeed(ethnicity="01", party_post="Chi ủy viên"))

    assert db.session.get(PersonBackground, mai.id).party_post == "Chi ủy viên"


def test_who_may_not_read_the_background_may_not_write_it(system):
    blind = replace(system, permissions=system.permissions - {Permission.PERSON_READ_BACKGROUND})

    with pytest.raises(Denied):
        edit_background(by=blind, person=person("sua"), values=BackgroundSeed())


# --- move -----------------------------------------------------------------------------------------------
def test_a_move_ends_the_old_place_on_the_day_before(system):
    sua = person("sua")

    row = move_person(
        by=system,
        person=sua,
        version=1,
        to=place(NA_SANG, division="3", starts_on=date(2026, 8, 1), decision_note="120/QĐ-UBND"),
    )

    assert history(sua) == [
        ("main", date(2025, 7, 1), date(2026, 7, 31), False),
        ("main", date(2026, 8, 1), None, False),
    ]
    assert sua.version == 2
    kind, _values, reason = events(sua)[-1]
    assert (kind, reason) == (AuditType.PERSON_MOVED, "120/QĐ-UBND")
    assert last_values(sua) == {
        "from": ["Chuyên viên địa chính", "2026-07-31"],
        "to": ["Chuyên viên", "2026-08-01"],
    }
    assert row.person_name == "Giàng A Sùa"


def test_a_secondment_runs_on_through_a_move(system):
    lan = person("lan")

    move_person(by=system, person=lan, to=place("SNV", starts_on=date(2026, 7, 20)))

    assert ("seconded", date(2026, 3, 1), date(2026, 8, 31), False) in history(lan)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"starts_on": date(2025, 7, 1)}, "starts_on"),
        ({"starts_on": date(2025, 6, 1), "code": "SNV"}, "starts_on"),
        ({"starts_on": date(2026, 8, 1), "ends_on": date(2026, 12, 31)}, "ends_on"),
        ({"starts_on": date(2026, 8, 1), "kind": AssignmentKind.CONCURRENT}, "kind"),
        ({"starts_on": date(2026, 8, 1), "post": ""}, "post"),
    ],
)
def test_a_move_that_breaks_a_rule_is_refused(system, over, field):
    hue = person("hue")
    to = place(**over)

    assert field_of(lambda: move_person(by=system, person=hue, to=to)) == field
    assert history(hue) == [("main", date(2025, 7, 1), None, False)]


def test_who_has_left_is_not_moved(system):
    with pytest.raises(Denied):
        move_person(by=system, person=person("dung"), to=place(starts_on=date(2026, 8, 1)))


def test_a_move_out_of_reach_is_refused(system):
    unit = unit_by_code("03301", TODAY)
    local = replace(system, scopes=((Realm.PERSONNEL, frozenset({(unit.id, Block.GOVERNMENT)})),))
    hue, to = person("hue"), place(NA_SANG, starts_on=date(2026, 8, 1))

    with bind_viewer(local), pytest.raises(Denied):
        move_person(by=local, person=hue, to=to)


def test_a_stop_of_another_subject_stands_against_the_move(system, monkeypatch):
    from core.subjects import Act, Stop

    asked = []

    def stops(person_ids, act, on):
        asked.append((act, on))
        stop = Stop("discipline", date(2027, 1, 1), "Not possible before 01/01/2027", "case 3", "Art. 40")
        return {key: [stop] for key in person_ids}

    monkeypatch.setattr("core.subjects.stops_against", stops)

    with pytest.raises(Denied) as refusal:
        move_person(by=system, person=person("hue"), to=place(starts_on=date(2026, 8, 1)))

    assert refusal.value.reason == "Not possible before 01/01/2027"
    assert asked == [(Act.TRANSFER, date(2026, 8, 1))]


def test_the_database_holds_one_open_place_too(system):
    from sqlalchemy.exc import IntegrityError

    from core.db import insert_rows
    from hr.people import entry

    hue = person("hue")
    columns = entry.assignment_columns(place(starts_on=date(2026, 8, 1)), hue.full_name)

    with pytest.raises(IntegrityError):
        insert_rows(db.session, Assignment, [{**columns, "person_id": hue.id}])


def test_an_officer_of_some_units_writes_every_part_of_the_files_there(system):
    unit = unit_by_code("03301", TODAY)
    local = replace(system, scopes=((Realm.PERSONNEL, frozenset({(unit.id, Block.GOVERNMENT)})),))
    hue, to = person("hue"), place(division="4", starts_on=date(2026, 7, 10))

    with bind_viewer(local):
        edit_person(by=local, person=hue, values={"full_name": "Đặng Thị Huế"})
        edit_background(by=local, person=hue, values=BackgroundSeed(ethnicity="02"))
        add_qualification(by=local, person=hue, seed=paper(QualificationKind.IT, "certificate"))
        add_rank_step(by=local, person=hue, seed=rank("01.003", 5, "3.66", date(2026, 7, 1)))
        moved = move_person(by=local, person=hue, to=to)
        assert str(moved) == "Chuyên viên"
        annul_assignment(by=local, person=hue, assignment=moved, reason="Nhầm phòng")
        end_service(by=local, person=hue, status=ServiceStatus.LEFT, ended_on=TODAY)

    labels = set(
        db.session.scalars(select(AuditEvent.subject_label).where(AuditEvent.subject_uid == hue.uid))
    )
    assert labels == {"Đặng Thị Huệ", "Đặng Thị Huế"}


def test_a_row_is_not_carried_off_into_a_unit_out_of_reach(system):
    """The session's own check, behind the actions: an assignment's unit is never rewritten."""
    unit, elsewhere = unit_by_code("03301", TODAY), unit_by_code(NA_SANG, TODAY)
    local = replace(system, scopes=((Realm.PERSONNEL, frozenset({(unit.id, Block.GOVERNMENT)})),))
    row = work_history(person("hue"))[0]
    allowed = writing_allowed.set(True)
    try:
        with bind_viewer(local):
            row.unit_id = elsewhere.id
            with pytest.raises(ScopeError):
                db.session.flush()
    finally:
        writing_allowed.reset(allowed)
        db.session.rollback()


def test_a_gap_in_the_places_is_filled_by_a_move(system):
    """Older registers hold people in service whose last place has an end."""
    hue = person("hue")
    allowed = writing_allowed.set(True)
    work_history(hue)[0].ends_on = date(2026, 3, 31)
    db.session.commit()
    writing_allowed.reset(allowed)

    move_person(by=system, person=hue, to=place(NA_SANG, starts_on=date(2026, 5, 1)))

    assert [row[1:3] for row in history(hue)] == [
        (date(2025, 7, 1), date(2026, 3, 31)),
        (date(2026, 5, 1), None),
    ]


def test_nothing_begins_before_birth(system):
    born = place("SNV", starts_on=date(1990, 11, 2), kind=AssignmentKind.CONCURRENT)

    assert field_of(lambda: add_assignment(by=system, person=person("hue"), seed=born)) == "starts_on"


# --- assignments beside the own place ----------------------------------------------------------------------
def test_concurrent_posts_are_added_and_ended(system):
    hue = person("hue")
    post = place(
        division="5", kind=AssignmentKind.CONCURRENT, post="Phó Giám đốc", starts_on=date(2026, 1, 1)
    )

    row = add_assignment(by=system, person=hue, seed=post)
    end_assignment(by=system, person=hue, assignment=row, ends_on=date(2026, 6, 30), version=2)

    assert history(hue) == [
        ("main", date(2025, 7, 1), None, False),
        ("concurrent", date(2026, 1, 1), date(2026, 6, 30), False),
    ]
    assert hue.version == 3
    assert last_values(hue) == {"concurrent: Phó Giám đốc": {"ends_on": [None, "2026-06-30"]}}


def test_the_same_post_is_not_held_twice_at_a_time(system):
    hue = person("hue")
    post = place(division="5", kind=AssignmentKind.ACTING_HEAD, post="Giám đốc", starts_on=date(2026, 1, 1))
    add_assignment(by=system, person=hue, seed=replace(post, ends_on=date(2026, 3, 31)))

    assert field_of(
        lambda: add_assignment(by=system, person=hue, seed=replace(post, starts_on=date(2026, 3, 31)))
    )
    add_assignment(by=system, person=hue, seed=replace(post, starts_on=date(2026, 4, 1)))


def test_the_own_place_is_neither_added_nor_ended_by_itself(system):
    hue = person("hue")

    assert (
        field_of(lambda: add_assignment(by=system, person=hue, seed=place(starts_on=date(2026, 8, 1))))
        == "kind"
    )
    with pytest.raises(Denied):
        end_assignment(by=system, person=hue, assignment=work_history(hue)[0], ends_on=date(2026, 8, 1))


@pytest.mark.parametrize("ends_on", [date(2026, 2, 28), date(2026, 9, 1)])
def test_an_end_lies_within_the_assignment(system, ends_on):
    lan = person("lan")
    lent = work_history(lan)[0]

    assert (
        field_of(lambda: end_assignment(by=system, person=lan, assignment=lent, ends_on=ends_on)) == "ends_on"
    )


def test_annulling_a_move_lets_the_place_before_it_run_on(system):
    sua = person("sua")
    moved = move_person(by=system, person=sua, to=place(NA_SANG, starts_on=date(2026, 8, 1)))

    annul_assignment(by=system, person=sua, assignment=moved, reason="Quyết định thu hồi")

    assert history(sua) == [
        ("main", date(2025, 7, 1), None, False),
        ("main", date(2026, 8, 1), None, True),
    ]
    assert events(sua)[-1][2] == "Quyết định thu hồi"


def test_the_only_place_is_not_annulled_nor_anything_without_a_reason_or_twice(system):
    hue, lan = person("hue"), person("lan")
    with pytest.raises(Denied):
        annul_assignment(by=system, person=hue, assignment=work_history(hue)[0], reason="Nhầm")

    lent = work_history(lan)[0]
    assert field_of(lambda: annul_assignment(by=system, person=lan, assignment=lent, reason=" ")) == "reason"
    annul_assignment(by=system, person=lan, assignment=lent, reason="Nhầm")
    with pytest.raises(Denied):
        annul_assignment(by=system, person=lan, assignment=lent, reason="Nhầm")
    with pytest.raises(Denied):
        end_assignment(by=system, person=lan, assignment=lent, ends_on=date(2026, 8, 1))


def test_an_assignment_of_somebody_else_is_not_found(system):
    with pytest.raises(Missing):
        annul_assignment(
            by=system, person=person("hue"), assignment=work_history(person("lan"))[0], reason="x"
        )


# --- end of service -----------------------------------------------------------------------------------------
def test_the_end_of_service_closes_everything_that_runs(system):
    lan = person("lan")

    end_service(
        by=system,
        person=lan,
        status=ServiceStatus.MOVED_OUT,
        ended_on=date(2026, 6, 30),
        reason="Chuyển công tác ra tỉnh Sơn La",
        version=1,
    )

    assert (lan.status, lan.ended_on, lan.version) == (ServiceStatus.MOVED_OUT, date(2026, 6, 30), 2)
    assert {row[2] for row in history(lan)} == {date(2026, 6, 30)}
    kind, _values, reason = events(lan)[-1]
    assert (kind, reason) == (AuditType.PERSON_SERVICE_ENDED, "Chuyển công tác ra tỉnh Sơn La")
    assert last_values(lan) == {"status": "moved_out", "ended_on": "2026-06-30"}


def test_who_has_left_is_seen_by_home_affairs_only(system, as_viewer):
    end_service(by=system, person=person("hue"), status=ServiceStatus.LEFT, ended_on=date(2026, 7, 14))

    with as_viewer("chair_a"):
        assert search_people("hue") == []
    with as_viewer("home_affairs"):
        assert len(search_people("hue")) == 1


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"status": ServiceStatus.SUSPENDED}, "status"),
        ({"ended_on": date(2026, 7, 16)}, "ended_on"),
        ({"ended_on": date(2025, 6, 30)}, "ended_on"),
    ],
)
def test_an_end_that_breaks_a_rule_is_refused(system, details, field):
    details = {"status": ServiceStatus.RETIRED, "ended_on": TODAY, **details}

    assert field_of(lambda: end_service(by=system, person=person("hue"), **details)) == field


def test_service_ends_once_and_is_taken_back_once(system):
    hue = person("hue")
    end_service(by=system, person=hue, status=ServiceStatus.RETIRED, ended_on=date(2026, 6, 30))
    with pytest.raises(Denied):
        end_service(by=system, person=hue, status=ServiceStatus.RETIRED, ended_on=date(2026, 6, 30))

    assert field_of(lambda: reopen_service(by=system, person=hue, reason="")) == "reason"
    reopen_service(by=system, person=hue, reason="Nhập nhầm người")

    assert (hue.status, hue.ended_on) == (ServiceStatus.WORKING, None)
    assert history(hue) == [("main", date(2025, 7, 1), None, False)]
    with pytest.raises(Denied):
        reopen_service(by=system, person=hue, reason="Nhập nhầm người")


def test_service_without_a_last_place_is_not_reopened(system):
    dung = person("dung")
    annul_assignment(by=system, person=dung, assignment=work_history(dung)[0], reason="Nhầm")

    with pytest.raises(Unprocessable):
        reopen_service(by=system, person=dung, reason="Nhầm")


# --- qualifications and ranks -------------------------------------------------------------------------
def test_a_qualification_is_added_with_its_proof(system):
    hue = person("hue")

    claimed = add_qualification(
        by=system, person=hue, seed=paper(QualificationKind.IT, "certificate", proof_state=ProofState.CLAIMED)
    )
    seen = add_qualification(
        by=system, person=hue, seed=paper(QualificationKind.DIGITAL_SKILLS, "basic"), version=2
    )

    assert (claimed.proof_at, seen.proof_at is not None, hue.version) == (None, True, 3)
    assert last_values(hue) == {"qualification": [None, "digital_skills: basic"]}


def test_one_serial_stands_once_per_kind(system):
    hue = person("hue")
    first = add_qualification(
        by=system, person=hue, seed=paper(QualificationKind.IT, "certificate", serial="A1")
    )
    same = paper(QualificationKind.IT, "intermediate_up", serial="A1")

    assert field_of(lambda: add_qualification(by=system, person=hue, seed=same)) == "serial"
    add_qualification(by=system, person=hue, seed=replace(same, kind=QualificationKind.FOREIGN_LANGUAGE,
                                                          level="certificate"))  # fmt: skip
    annul_qualification(by=system, person=hue, qualification=first, reason="Nhầm")
    add_qualification(by=system, person=hue, seed=same)


def test_another_paper_loses_the_proof_of_the_first(system):
    hue = person("hue")
    row = add_qualification(
        by=system, person=hue, seed=paper(QualificationKind.IT, "certificate", serial="A1")
    )

    edited = paper(QualificationKind.IT, "certificate", serial="A1", expires_on=date(2030, 1, 1))
    edit_qualification(by=system, person=hue, qualification=row, seed=edited)
    assert (row.proof_state, row.expires_on) == (ProofState.ORIGINAL_SEEN, date(2030, 1, 1))

    edit_qualification(by=system, person=hue, qualification=row, seed=replace(edited, serial="A2"))
    assert (row.proof_state, row.proof_by_id, row.proof_at) == (ProofState.CLAIMED, None, None)
    assert set(last_values(hue)["it: certificate"]) == {"serial", "proof_state", "proof_at"}


def test_a_denial_names_the_answer_it_rests_on(system):
    hue = person("hue")
    degree = qualifications_of(hue)[0]
    details = {"by": system, "person": hue, "qualification": degree, "state": ProofState.ISSUER_DENIES}

    assert field_of(lambda: set_proof_state(**details)) == "reason"
    set_proof_state(**details, reason="Công văn 12/ĐHL, 01/07/2026")

    assert degree.proof_state is ProofState.ISSUER_DENIES
    assert events(hue)[-1][2] == "Công văn 12/ĐHL, 01/07/2026"
    assert last_values(hue)["education: university"]["proof_state"] == ["original_seen", "issuer_denies"]


@pytest.mark.parametrize(
    ("states", "asked"),
    [
        ([ProofState.ORIGINAL_SEEN], False),
        ([ProofState.CLAIMED], True),
        ([ProofState.ISSUER_CONFIRMED], True),
        ([ProofState.ISSUER_CONFIRMED, ProofState.ORIGINAL_SEEN], True),
        ([ProofState.ISSUER_DENIES, ProofState.CLAIMED], True),
    ],
)
def test_what_the_issuer_says_and_a_proof_taken_back_rest_on_something(system, states, asked):
    """The degree is one whose original was seen."""
    hue = person("hue")
    details = {"by": system, "person": hue, "qualification": qualifications_of(hue)[0]}
    for state in states[:-1]:
        set_proof_state(**details, state=state, reason="Công văn 12/ĐHL, 01/07/2026")

    refused = False
    try:
        set_proof_state(**details, state=states[-1])
    except Unprocessable as refusal:
        refused = refusal.field == "reason"

    assert refused is asked


def test_an_annulled_qualification_is_closed(system):
    hue = person("hue")
    degree = qualifications_of(hue)[0]
    assert (
        field_of(lambda: annul_qualification(by=system, person=hue, qualification=degree, reason=""))
        == "reason"
    )
    annul_qualification(by=system, person=hue, qualification=degree, reason="Nhập nhầm")

    for write in (
        lambda: annul_qualification(by=system, person=hue, qualification=degree, reason="x"),
        lambda: set_proof_state(by=system, person=hue, qualification=degree, state=ProofState.CLAIMED),
        lambda: edit_qualification(
            by=system, person=hue, qualification=degree, seed=paper(QualificationKind.EDUCATION, "college")
        ),
    ):
        with pytest.raises(Denied):
            write()


def test_ranks_follow_one_another_by_date(system):
    hue = person("hue")
    row = add_rank_step(by=system, person=hue, seed=rank("01.003", 5, "3.66", date(2026, 7, 1)), version=1)

    assert row.coefficient == Decimal("3.66")
    assert [found.step for found in ranks_of(hue)] == [5, 4]
    again = rank("01.003", 6, "3.99", date(2026, 7, 1))
    assert field_of(lambda: add_rank_step(by=system, person=hue, seed=again)) == "starts_on"
    annul_rank_step(by=system, person=hue, rank_step=row, reason="Nhầm bậc")
    add_rank_step(by=system, person=hue, seed=again)
    assert [(found.step, found.annulled_at is None) for found in ranks_of(hue)] == [
        (6, True),
        (5, False),
        (4, True),
    ]


def test_every_write_leaves_one_row_in_the_log(system):
    hue = person("hue")
    edit_person(by=system, person=hue, values={"other_name": "Huệ"})
    end_service(by=system, person=hue, status=ServiceStatus.LEFT, ended_on=TODAY)

    assert [kind for kind, _values, _reason in events(hue)] == [
        AuditType.PERSON_CREATED,
        AuditType.PERSON_CHANGED,
        AuditType.PERSON_SERVICE_ENDED,
    ]
