"""The chair's words: written once, never overwritten, counted together with confirmed imports."""

import json
import threading
from datetime import date, datetime

import pytest
from sqlalchemy import select

from core.audit import AuditType
from core.clock import PROVINCE_ZONE
from core.db import db
from core.errors import Denied, Missing, Unprocessable
from core.scope import ScopeError, bind_viewer, system_viewer, writing_allowed
from hr.people.confirmations import actions, queries
from hr.people.confirmations.enums import Verdict
from hr.people.confirmations.models import RosterLine
from hr.people.confirmations.rules import Word
from hr.people.dump import dump
from hr.people.imports.enums import ImportStatus, LineOutcome
from hr.people.imports.models import ImportBatch, ImportLine
from tests.conftest import TODAY
from tests.factories import people
from tests.personas import NA_SANG

QUARTER = "2026-Q3"
YES, NO = Word(Verdict.CORRECT), Word(Verdict.NOT_CORRECT, "Đã chuyển phòng")
#: People of commune A in the template that stand on its roster.
ON_ROSTER = 5


def imported(key, confirmed_at=None, outcome=LineOutcome.UNCHANGED, accepted=True):
    """A file confirmed by Home Affairs that names one person."""
    allowed = writing_allowed.set(True)
    moment = confirmed_at or datetime(2026, 7, 10, 9, 0, tzinfo=PROVINCE_ZONE)
    batch = ImportBatch(
        filename="a.xlsx",
        sha256="0" * 64,
        size=1,
        status=ImportStatus.CONFIRMED,
        confirmed_at=moment,
    )
    db.session.add(batch)
    db.session.flush()
    line = ImportLine(
        batch_id=batch.id,
        sheet="1",
        row=7,
        name="x",
        values={},
        outcome=outcome,
        accepted=accepted,
        person_id=people.person(key).id,
    )
    db.session.add(line)
    db.session.commit()
    writing_allowed.reset(allowed)


def standing(viewer, unit):
    return queries.standings(viewer, QUARTER)[unit.id]


def test_all_the_rest_is_confirmed_in_one_act(say, as_viewer, own, logged):
    assert say(an=NO, rest=True) == ON_ROSTER
    with as_viewer("chair_a") as viewer:
        found = standing(viewer, own(viewer))
        assert (found.confirmed, len(found.wrong), len(found.open)) == (ON_ROSTER - 1, 1, 0)
        assert {row.said_by for row in queries.roster(viewer, own(viewer), QUARTER)} != {None}
    (event,) = logged(AuditType.ROSTER_CONFIRMED)
    assert json.loads(event.values) == {"quarter": QUARTER, "lines": ON_ROSTER, "not_correct": 1}


def test_line_by_line_the_others_stay_open(say, as_viewer, own):
    assert say(an=YES) == 1
    with as_viewer("home_affairs") as viewer:
        assert len(standing(viewer, own(viewer)).open) == ON_ROSTER - 1


def test_another_word_stands_beside_the_first(say, system):
    say(an=NO)
    say(an=YES)
    rows = db.session.scalars(select(RosterLine).order_by(RosterLine.id)).all()

    assert [(row.verdict, row.note, row.annulled_at is None) for row in rows] == [
        (Verdict.NOT_CORRECT, "Đã chuyển phòng", False),
        (Verdict.CORRECT, None, True),
    ]


def test_the_same_word_twice_is_refused(say):
    say(rest=True)
    with pytest.raises(Unprocessable, match="Không có gì mới"):
        say(rest=True)


def test_what_is_not_correct_needs_a_note_and_then_nothing_is_written(say, system):
    with pytest.raises(Unprocessable):
        say(an=Word(Verdict.NOT_CORRECT), rest=True)
    assert db.session.scalars(select(RosterLine)).all() == []


def test_a_roster_that_changed_meanwhile_is_looked_at_first(say):
    with pytest.raises(Unprocessable, match="đã thay đổi"):
        say(rest=True, mark="0" * 64)


def test_the_next_quarter_starts_anew_and_the_last_stays_readable(say, as_viewer, own, on_day):
    say(rest=True)
    on_day(date(2026, 10, 1))
    with as_viewer("chair_a") as viewer:
        unit = own(viewer)
        assert len(queries.standings(viewer, "2026-Q4")[unit.id].open) == ON_ROSTER
        assert len(queries.lines_said(unit, QUARTER)) == ON_ROSTER
        with pytest.raises(Denied):
            actions.confirm(by=viewer, unit=unit, quarter=QUARTER, words={}, rest=True)


def test_a_confirmed_import_of_the_quarter_counts(system, as_viewer, own):
    imported("an")
    with as_viewer("chair_a") as viewer:
        found = standing(viewer, own(viewer))
        assert (found.confirmed, len(found.open)) == (1, ON_ROSTER - 1)


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        (datetime(2026, 6, 30, 23, 59, tzinfo=PROVINCE_ZONE), False),
        (datetime(2026, 7, 1, 0, 0, tzinfo=PROVINCE_ZONE), True),
        (datetime(2026, 9, 30, 23, 59, tzinfo=PROVINCE_ZONE), True),
        (datetime(2026, 10, 1, 0, 0, tzinfo=PROVINCE_ZONE), False),
    ],
)
def test_an_import_counts_in_the_quarter_it_was_confirmed_in(moment, counts, system):
    imported("an", confirmed_at=moment)
    assert (people.person("an").id in queries.confirmed_by_import(QUARTER)) is counts


@pytest.mark.parametrize(
    ("outcome", "accepted", "counts"),
    [
        (LineOutcome.CHANGED, True, True),
        (LineOutcome.CHANGED, False, False),
        (LineOutcome.CHANGED_HERE, True, True),
        (LineOutcome.CONFLICTING, False, False),
        (LineOutcome.NEW, True, False),
    ],
)
def test_a_line_that_was_left_out_confirms_nobody(system, outcome, accepted, counts):
    imported("an", outcome=outcome, accepted=accepted)
    assert (people.person("an").id in queries.confirmed_by_import(QUARTER)) is counts


def test_a_refused_line_of_an_import_confirms_nobody(system):
    imported("an", outcome=LineOutcome.REFUSED, accepted=False)
    assert queries.confirmed_by_import(QUARTER) == frozenset()


def test_the_chair_s_word_comes_before_an_import(system, say, as_viewer, own):
    imported("an")
    say(an=NO)
    with as_viewer("home_affairs") as viewer:
        assert len(standing(viewer, own(viewer)).wrong) == 1


def test_staff_and_home_affairs_confirm_nothing(as_viewer, own):
    for persona in ("staff_a", "home_affairs"):
        with as_viewer(persona) as viewer, pytest.raises(Denied):
            actions.confirm(by=viewer, unit=own(viewer), quarter=QUARTER, words={}, rest=True)


def test_another_commune_is_neither_seen_nor_confirmed(say, as_viewer, own):
    say(rest=True)
    with as_viewer("home_affairs") as viewer:
        unit = own(viewer)
    with as_viewer("chair_b") as viewer:
        with pytest.raises(Missing):
            queries.find_unit(viewer, unit.uid)
        assert db.session.scalars(select(RosterLine)).all() == []
        assert [one.code for one in queries.units_to_confirm(viewer)] == [NA_SANG]
        # Its roster holds for chair B only who is lent there: nobody whose word could be given.
        with pytest.raises((Unprocessable, ScopeError)):
            actions.confirm(by=viewer, unit=unit, quarter=QUARTER, words={}, rest=True)


def test_the_due_day_follows_the_setting(system):
    assert queries.due_day(QUARTER) == date(2026, 7, 20)
    assert queries.due_day("2025-Q1") is None


def test_the_dump_names_unit_and_quarter(say, system):
    say(an=NO)
    (row,) = dict(dump())["roster_line"]

    assert row == {
        "id_number": "011084000001",
        "quarter": QUARTER,
        "person_name": "Lò Văn An",
        "post": "Chủ tịch UBND xã",
        "verdict": "not_correct",
        "note": "Đã chuyển phòng",
        "unit": row["unit"],
    }
    assert row["unit"].endswith("2025-07-01")


def test_the_same_quarter_confirmed_twice_at_once_leaves_one_line_a_person(app):
    start, outcomes = threading.Barrier(2), []

    def send() -> None:
        viewer = system_viewer("race", TODAY)
        with app.app_context(), bind_viewer(viewer):
            unit = next(one for one in queries.units_to_confirm(viewer) if one.code == NA_SANG)
            start.wait()
            try:
                outcomes.append(actions.confirm(by=viewer, unit=unit, quarter=QUARTER, words={}, rest=True))
            except Unprocessable:
                outcomes.append(0)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context(), bind_viewer(system_viewer("race", TODAY)):
        lines = len(db.session.scalars(select(RosterLine)).all())
        db.session.remove()
    assert sorted(outcomes) == [0, lines]
    assert lines > 0
