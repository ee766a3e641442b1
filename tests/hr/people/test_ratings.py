"""Yearly ratings: proposed by the chair for the own team, confirmed or sent back, entered, annulled."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.audit import AuditEvent, AuditType
from core.db import db
from core.errors import Conflict, Denied, Unprocessable
from core.scope import writing_allowed
from hr.people.ratings import actions, queries, rules
from hr.people.ratings.enums import RatingLevel, RatingSource, RatingState
from hr.people.ratings.models import YearlyRating
from tests.client import form_values, parse
from tests.factories import people

EXCELLENT, GOOD, COMPLETED = RatingLevel.EXCELLENT, RatingLevel.GOOD, RatingLevel.COMPLETED
YEAR = 2025
#: Who has their own place in Búng Lao today; who is seconded there belongs to Na Sang.
TEAM = {"an", "hue", "sua", "on", "binh"}


def propose(by, **levels):
    team = queries.team_of(by, YEAR)
    chosen = {people.person(key).uid: level for key, level in levels.items()}
    return actions.propose_ratings(by=by, year=YEAR, levels=chosen, mark=queries.mark_of(team))


def settle(by, state, *keys, remark=None):
    rows = {row.person_id: row for row in db.session.scalars(select(YearlyRating))}
    chosen = {rows[people.person(key).id].uid: rows[people.person(key).id].level for key in keys}
    return actions.settle_ratings(by=by, chosen=chosen, state=state, remark=remark)


def held(key):
    row = queries.valid_rating(people.person(key), YEAR)
    return None if row is None else (row.level, row.state, row.source)


@pytest.fixture
def proposed(as_viewer):
    with as_viewer("chair_a") as chair:
        propose(chair, an=EXCELLENT, hue=GOOD)


# --- proposing --------------------------------------------------------------------------------------
def test_chair_proposes_for_each_of_the_own_team_with_a_row_in_the_log_for_each(as_viewer):
    with as_viewer("chair_a") as chair:
        assert propose(chair, an=EXCELLENT, hue=GOOD) == 2

        assert held("an") == (EXCELLENT, RatingState.PROPOSED, RatingSource.CHAIR)
        assert held("hue") == (GOOD, RatingState.PROPOSED, RatingSource.CHAIR)
        query = select(AuditEvent).where(AuditEvent.type == AuditType.PERSON_CHANGED)
        assert sorted(event.subject_label for event in db.session.scalars(query)) == [
            "Lò Văn An",
            "Đặng Thị Huệ",
        ]


def test_team_is_who_has_their_own_place_in_the_unit(as_viewer):
    with as_viewer("chair_a") as chair:
        numbers = {people.person(key).uid: key for key in (*TEAM, "lan")}
        assert {numbers[one.uid] for one in queries.team_of(chair, YEAR)} == TEAM


def test_nobody_proposes_for_who_is_only_seconded_here_or_for_oneself(as_viewer):
    with as_viewer("chair_a") as chair:
        with pytest.raises(Denied):
            propose(chair, lan=GOOD)
        with pytest.raises(Denied):
            propose(replace(chair, person_id=people.person("an").id), an=EXCELLENT)


def test_proposal_is_changed_until_it_is_confirmed(as_viewer, proposed):
    with as_viewer("chair_a") as chair:
        propose(chair, an=COMPLETED)
        assert held("an")[0] is COMPLETED
    with as_viewer("home_affairs") as officer:
        settle(officer, RatingState.CONFIRMED, "an")
    with as_viewer("chair_a") as chair, pytest.raises(Denied):
        propose(chair, an=GOOD)


def test_sent_without_any_change_it_says_so(as_viewer, proposed):
    with as_viewer("chair_a") as chair, pytest.raises(Unprocessable):
        propose(chair, an=EXCELLENT)


def test_team_that_changed_meanwhile_is_a_conflict(as_viewer, proposed):
    with as_viewer("chair_a") as chair:
        mark = queries.mark_of(queries.team_of(chair, YEAR))
        propose(chair, an=GOOD)
        with pytest.raises(Conflict):
            actions.propose_ratings(by=chair, year=YEAR, levels={people.person("on").uid: GOOD}, mark=mark)


@pytest.mark.parametrize("persona", ["staff_a", "home_affairs", "leader", "case_officer"])
def test_only_the_chair_proposes(as_viewer, persona):
    with as_viewer(persona) as viewer, pytest.raises(Denied):
        propose(viewer, an=GOOD)


# --- confirming -------------------------------------------------------------------------------------
def test_home_affairs_confirms_or_sends_back_with_a_remark(as_viewer, proposed):
    with as_viewer("home_affairs") as officer:
        settle(officer, RatingState.CONFIRMED, "an")
        settle(officer, RatingState.SENT_BACK, "hue", remark="Thiếu biên bản họp")

        assert held("an")[1] is RatingState.CONFIRMED
        row = queries.valid_rating(people.person("hue"), YEAR)
        assert (row.state, row.remark, row.settled_by_id) == (
            RatingState.SENT_BACK, "Thiếu biên bản họp", officer.user_id,
        )  # fmt: skip


def test_sending_back_needs_a_remark_and_something_chosen(as_viewer, proposed):
    with as_viewer("home_affairs") as officer:
        with pytest.raises(Unprocessable) as refusal:
            settle(officer, RatingState.SENT_BACK, "an", remark=" ")
        assert refusal.value.field == "remark"
        with pytest.raises(Unprocessable):
            settle(officer, RatingState.CONFIRMED)


def test_rating_that_is_no_longer_as_it_was_shown_is_not_confirmed(as_viewer, proposed):
    with as_viewer("home_affairs") as officer:
        row = queries.valid_rating(people.person("an"), YEAR)
        with pytest.raises(Unprocessable):
            actions.settle_ratings(by=officer, chosen={row.uid: GOOD}, state=RatingState.CONFIRMED)
        settle(officer, RatingState.CONFIRMED, "an")
        with pytest.raises(Denied):
            settle(officer, RatingState.SENT_BACK, "an", remark="nhầm")


def test_what_waits_is_counted_by_unit(as_viewer, proposed):
    with as_viewer("home_affairs") as officer:
        (unit,) = queries.units_waiting(officer)
        assert (unit.name, unit.waiting) == ("Xã Búng Lao", 2)
        assert [one.level for one in queries.proposals_of(officer, unit.uid)] == [EXCELLENT, GOOD]


# --- entering and annulling -------------------------------------------------------------------------
def test_rating_from_a_paper_is_confirmed_at_once_and_one_a_year(as_viewer):
    with as_viewer("home_affairs") as officer:
        values = {"by": officer, "person": people.person("an"), "year": 2023, "level": GOOD}
        row = actions.record_rating(**values, rated_by="UBND huyện Mường Ảng")
        assert (row.state, row.source) == (RatingState.CONFIRMED, RatingSource.HOME_AFFAIRS)
        with pytest.raises(Unprocessable) as refusal:
            actions.record_rating(**values)
        assert refusal.value.field == "year"

        actions.annul_rating(by=officer, person=people.person("an"), rating=row, reason="nhập nhầm năm")
        assert actions.record_rating(**values).uid != row.uid


def test_database_holds_one_valid_rating_a_year(system):
    allowed = writing_allowed.set(True)
    try:
        for _time in range(2):
            db.session.add(
                YearlyRating(
                    person_id=people.person("an").id, year=YEAR, level=GOOD,
                    state=RatingState.CONFIRMED, source=RatingSource.IMPORTED,
                )
            )  # fmt: skip
        with pytest.raises(IntegrityError):
            db.session.flush()
    finally:
        db.session.rollback()
        writing_allowed.reset(allowed)


@pytest.mark.parametrize(("year", "taken"), [(2007, False), (2008, True), (2026, True), (2027, False)])
def test_years_of_service_that_have_begun_are_taken(year, taken):
    values = {"recruited_on": date(2008, 9, 1), "today": date(2026, 1, 1)}
    if taken:
        rules.check_year(year, **values)
    else:
        with pytest.raises(Unprocessable):
            rules.check_year(year, **values)


@pytest.mark.parametrize(
    ("today", "year"), [(date(2026, 9, 30), 2025), (date(2026, 10, 1), 2026), (date(2026, 12, 31), 2026)]
)
def test_year_to_rate_turns_in_october(today, year):
    assert rules.rating_year(today) == year


def test_ratings_are_due_before_15_december():
    assert rules.due_on(2026) == date(2026, 12, 14)


# --- who reads --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("persona", "seen"),
    [("chair_a", 2), ("home_affairs", 2), ("staff_a", 1), ("leader", 1), ("case_officer", 1), ("chair_b", 0)],
)
def test_until_confirmed_a_rating_is_read_by_who_proposes_and_confirms_only(
    as_viewer, proposed, persona, seen
):
    with as_viewer("home_affairs") as officer:
        settle(officer, RatingState.CONFIRMED, "an")
    with as_viewer(persona):
        assert len(db.session.scalars(select(YearlyRating)).all()) == seen


# --- the pages --------------------------------------------------------------------------------------
def test_chair_proposes_on_one_page_for_the_whole_team(client_as, uid, as_viewer):
    client, an, hue = client_as("chair_a"), uid("an"), uid("hue")
    values = client.form("/ratings/team")

    response = client.post(
        "/ratings/team", data={**values, f"level-{an}": "excellent", f"level-{hue}": "good"}
    )

    assert response.status_code == 303
    with as_viewer("chair_a"):
        assert held("an")[0] is EXCELLENT
        assert held("hue")[0] is GOOD


def test_page_of_the_team_stands_under_my_team_in_the_navigation(client_as):
    text = client_as("chair_a").get("/ratings/team").text

    assert 'href="/people" aria-current="page"' in text


def test_older_page_of_the_team_meets_what_was_proposed_meanwhile(client_as, uid):
    client, an = client_as("chair_a"), uid("an")
    old = client.form("/ratings/team")
    client.post("/ratings/team", data={**client.form("/ratings/team"), f"level-{an}": "good"})

    response = client.post("/ratings/team", data={**old, f"level-{an}": "excellent"})

    assert response.status_code == 409
    body = response.get_data(as_text=True)
    row = next(row for row in parse(body).iter("tr") if "Lò Văn An" in " ".join(row.itertext()))
    assert ["hoàn thành tốt" in " ".join(row.itertext()), "xuất sắc" in " ".join(row.itertext())] == [
        True
    ] * 2
    again = client.post("/ratings/team", data={**form_values(body), f"level-{an}": "excellent"})
    assert again.status_code == 303


def test_home_affairs_confirms_what_is_ticked(client_as, as_viewer, proposed):
    with as_viewer("home_affairs") as officer:
        unit = queries.units_waiting(officer)[0].uid
        pick = f"{queries.valid_rating(people.person('an'), YEAR).uid} excellent"
    client = client_as("home_affairs")
    address = f"/ratings/proposals?unit={unit}"

    response = client.post(address, data={**client.form(address), "pick": [pick]})

    assert response.status_code == 303
    with as_viewer("home_affairs"):
        assert held("an")[1] is RatingState.CONFIRMED
        assert held("hue")[1] is RatingState.PROPOSED


def test_what_waits_stands_in_my_work(client_as, proposed):
    assert "/ratings/proposals" in client_as("home_affairs").get("/").get_data(as_text=True)
    page = client_as("chair_a").get("/").get_data(as_text=True)
    assert "/ratings/team" in page
    assert "14/12/2025" in page


@pytest.mark.parametrize(
    ("persona", "address"), [("chair_a", "/ratings/team"), ("home_affairs", "/ratings/proposals")]
)
def test_pages_cost_few_statements(client_as, count_statements, proposed, persona, address):
    client = client_as(persona)
    client.get(address)

    with count_statements() as sent:
        client.get(address)

    assert len(sent) <= 8
