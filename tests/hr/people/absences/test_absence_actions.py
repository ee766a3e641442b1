"""Absences recorded, corrected and annulled; who may; what the registry and the dump tell."""

import threading
from datetime import date

import pytest
from sqlalchemy import select

from core.audit import AuditType
from core.db import db
from core.errors import Conflict, Denied, Missing, Unprocessable
from core.permissions import Permission
from core.scope import bind_viewer, system_viewer
from core.subjects import Absent, absences_on
from hr.people.absences import actions, queries
from hr.people.absences.enums import AbsenceKind, HalfDay
from hr.people.absences.models import Absence, AbsenceReason
from hr.people.absences.rules import AbsenceSeed
from hr.people.dump import dump
from tests.conftest import TODAY, without
from tests.factories import people


def seed(first: date, last: date, **over) -> AbsenceSeed:
    return AbsenceSeed(**{"kind": AbsenceKind.ANNUAL_LEAVE, "starts_on": first, "ends_on": last, **over})


def test_the_staff_officer_records_an_absence_of_the_own_unit(as_viewer, logged):
    with as_viewer("staff_a") as viewer:
        row = actions.record_absence(
            by=viewer, person=people.person("an"), seed=seed(date(2026, 7, 20), date(2026, 7, 21))
        )
        assert (row.created_by_id, row.ends_half) == (viewer.user_id, HalfDay.AFTERNOON)
    (event,) = logged(AuditType.ABSENCE_RECORDED)
    assert event.subject_label == "Lò Văn An"
    assert event.subject_uid == row.uid


def test_the_chair_reads_and_records_nothing(as_viewer):
    with as_viewer("chair_a") as viewer, pytest.raises(Denied):
        actions.record_absence(
            by=viewer, person=people.person("an"), seed=seed(date(2026, 7, 20), date(2026, 7, 21))
        )


def test_days_already_taken_are_refused_and_the_other_absence_is_named(away, as_viewer):
    other = away()
    with as_viewer("staff_a") as viewer, pytest.raises(Unprocessable, match="14/07/2026 – 17/07/2026") as no:
        actions.record_absence(
            by=viewer, person=people.person("an"), seed=seed(date(2026, 7, 17), date(2026, 7, 17))
        )
    assert no.value.link == other


def test_the_other_half_of_the_day_is_free(away, as_viewer):
    away(ends_half=HalfDay.MORNING)
    half = seed(date(2026, 7, 17), date(2026, 7, 17), starts_half=HalfDay.AFTERNOON)
    with as_viewer("staff_a") as viewer:
        assert actions.record_absence(by=viewer, person=people.person("an"), seed=half)


def test_days_of_an_annulled_absence_are_free(away, as_viewer, logged):
    uid = away()
    with as_viewer("staff_a") as viewer:
        row, person = queries.find_absence(uid)
        actions.annul_absence(by=viewer, absence=row, reason=" Không nghỉ nữa ")
        actions.record_absence(by=viewer, person=person, seed=seed(date(2026, 7, 15), date(2026, 7, 15)))
        assert [(absence.annulled_at is None) for absence, _why in queries.absences_of(person)] == [
            True,
            False,
        ]
    (event,) = logged(AuditType.ABSENCE_ANNULLED)
    assert event.reason == "Không nghỉ nữa"


def test_an_annulled_absence_is_not_annulled_again(away, as_viewer):
    uid = away()
    with as_viewer("staff_a") as viewer:
        row, _person = queries.find_absence(uid)
        actions.annul_absence(by=viewer, absence=row, reason="Nhập nhầm")
        with pytest.raises(Denied):
            actions.annul_absence(by=viewer, absence=row, reason="Nhập nhầm")


def test_annulling_needs_a_reason(away, as_viewer):
    uid = away()
    with as_viewer("staff_a") as viewer, pytest.raises(Unprocessable):
        actions.annul_absence(by=viewer, absence=queries.find_absence(uid)[0], reason="  ")


def test_a_correction_may_overlap_what_it_corrects_and_is_logged(away, as_viewer, logged):
    uid = away()
    corrected = seed(date(2026, 7, 14), date(2026, 7, 16), kind=AbsenceKind.SICK_LEAVE, slip_number="12/GNP")
    with as_viewer("staff_a") as viewer:
        row, _person = queries.find_absence(uid)
        actions.correct_absence(by=viewer, absence=row, seed=corrected, version=1)
        assert row.version == 2
    (event,) = logged(AuditType.ABSENCE_CORRECTED)
    assert event.values == '{"ends_on":["2026-07-17","2026-07-16"]}'


def test_a_correction_of_the_reason_alone_counts_as_a_change(away, as_viewer):
    uid = away()
    corrected = seed(date(2026, 7, 14), date(2026, 7, 17), slip_number="12/GNP")
    with as_viewer("staff_a") as viewer:
        row, _person = queries.find_absence(uid)
        actions.correct_absence(by=viewer, absence=row, seed=corrected, version=1)
        with pytest.raises(Conflict):
            actions.correct_absence(by=viewer, absence=row, seed=corrected, version=1)


def test_somebody_retired_is_not_away(as_viewer):
    with as_viewer("home_affairs") as viewer, pytest.raises(Denied):
        actions.record_absence(
            by=viewer, person=people.person("dung"), seed=seed(date(2026, 7, 20), date(2026, 7, 21))
        )


def test_another_commune_finds_nothing(away, as_viewer):
    uid = away()
    with as_viewer("staff_b") as viewer:
        with pytest.raises(Missing):
            queries.find_absence(uid)
        assert queries.list_absences(viewer, TODAY, TODAY) == []


def test_without_the_right_to_the_reason_the_days_remain(away, as_viewer):
    away()
    with as_viewer("case_officer") as viewer:
        (line,) = queries.list_absences(viewer, TODAY, TODAY)
        assert (line.person, line.ends_on) == ("Lò Văn An", date(2026, 7, 17))
        ((absence, reason),) = queries.absences_of(people.person("an"))
        assert (absence.uid, reason) == (line.uid, None)
        assert db.session.scalars(select(AbsenceReason)).all() == []


def test_without_the_right_to_absences_there_is_none(away, as_viewer):
    away()
    with as_viewer("leader"):
        assert db.session.scalars(select(Absence)).all() == []
        assert absences_on(None, TODAY) == []


def test_the_registry_tells_the_halves_of_the_day_and_not_why(away, as_viewer):
    away(ends_on=TODAY, ends_half=HalfDay.MORNING)
    with as_viewer("chair_a"):
        an = people.person("an").id
        assert absences_on([an], TODAY) == [Absent(an, morning=True, afternoon=False, until=TODAY)]
        assert absences_on([an], date(2026, 7, 16)) == []
        assert absences_on([people.person("hue").id], TODAY) == []


def test_the_dump_holds_absence_and_reason(away, as_viewer):
    away(note="Nằm viện")
    with as_viewer("home_affairs"):
        assert list(dict(dump())["absence"]) == [
            {
                "id_number": "011084000001",
                "starts_on": date(2026, 7, 14),
                "starts_half": "morning",
                "ends_on": date(2026, 7, 17),
                "ends_half": "afternoon",
                "kind": "sick_leave",
                "slip_number": "12/GNP",
                "note": "Nằm viện",
            }
        ]


def test_writing_asks_for_the_right_once_more(away, as_viewer):
    uid = away()
    with as_viewer("staff_a") as viewer:
        row, person = queries.find_absence(uid)
        by = without(viewer, Permission.ABSENCE_EDIT)
        days = seed(date(2026, 8, 3), date(2026, 8, 3))
        with pytest.raises(Denied):
            actions.record_absence(by=by, person=person, seed=days)
        with pytest.raises(Denied):
            actions.correct_absence(by=by, absence=row, seed=days)
        with pytest.raises(Denied):
            actions.annul_absence(by=by, absence=row, reason="x")


def test_two_absences_of_the_same_days_sent_at_once_leave_one(app):
    viewer = system_viewer("race", TODAY)
    start, outcomes = threading.Barrier(2), []

    def send() -> None:
        with app.app_context(), bind_viewer(viewer):
            person = people.person("an")
            start.wait()
            try:
                actions.record_absence(
                    by=viewer, person=person, seed=seed(date(2026, 7, 20), date(2026, 7, 21))
                )
                outcomes.append("recorded")
            except Unprocessable:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["recorded", "refused"]
