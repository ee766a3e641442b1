"""Yearly ratings: proposed by the chair for the own team, confirmed or sent back, entered, annulled."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.audit import AuditEvent, AuditType
from core.db import db
from core.errors import Conflict, Denied, Unprocessable
from core.scope import bind_viewer, system_viewer, writing_allowed
from hr.people.enums import AssignmentKind
from hr.people.ratings import actions, queries, rules
from hr.people.ratings.enums import RatingLevel, RatingSource, RatingState
from hr.people.ratings.models import YearlyRating
from tests.client import form_values, parse
from tests.conftest import TODAY
from tests.factories import people
from tests.factories.people import make_person, place
from tests.personas import BUNG_LAO, NA_SANG

EXCELLENT, GOOD, COMPLETED = RatingLevel.EXCELLENT, RatingLevel.GOOD, RatingLevel.COMPLETED
YEAR = 2025
LAW = tomllib.loads((Path(__file__).parents[2] / "data" / "who_rates.toml").read_text("utf-8"))["who"]
#: Whom Búng Lao rates today: its own people but for its chair, and Lan, seconded there from Na Sang.
TEAM = {"hue", "sua", "on", "binh", "lan"}


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
        propose(chair, sua=EXCELLENT, hue=GOOD)


# --- proposing --------------------------------------------------------------------------------------
def test_chair_proposes_for_each_of_the_own_team_with_a_row_in_the_log_for_each(as_viewer):
    with as_viewer("chair_a") as chair:
        assert propose(chair, sua=EXCELLENT, hue=GOOD) == 2

        assert held("sua") == (EXCELLENT, RatingState.PROPOSED, RatingSource.CHAIR)
        assert held("hue") == (GOOD, RatingState.PROPOSED, RatingSource.CHAIR)
        query = select(AuditEvent).where(AuditEvent.type == AuditType.PERSON_CHANGED)
        assert sorted(event.subject_label for event in db.session.scalars(query)) == [
            "Giàng A Sùa",
            "Đặng Thị Huệ",
        ]


def test_team_is_whom_the_unit_rates(as_viewer):
    with as_viewer("chair_a") as chair:
        numbers = {people.person(key).uid: key for key in (*TEAM, "an")}
        assert {numbers[one.uid] for one in queries.team_of(chair, YEAR)} == TEAM


@pytest.mark.parametrize("case", LAW, ids=lambda case: case["sum"])
def test_who_rates_follows_the_law(as_viewer, case):
    codes = {"A": BUNG_LAO, "B": NA_SANG}
    with bind_viewer(system_viewer("who rates", TODAY)):
        places = [text.split(" ", 2) for text in case["places"]]
        uid = make_person(
            assignments=tuple(
                place(codes[unit], post=post, kind=AssignmentKind(kind), starts_on=date(2026, 3, 2),
                      ends_on=date(2026, 8, 31) if kind == "seconded" else None)
                for unit, kind, post in places
            ),
            recruited_on=date(2026, 3, 2), status_since=date(2026, 3, 2), ranks=(),
        ).uid  # fmt: skip

    for persona, rates in (("chair_a", case["rates"]), ("chair_b", case["other"])):
        with as_viewer(persona) as chair:
            assert (uid in {one.uid for one in queries.team_of(chair, YEAR)}) is rates, persona


@pytest.mark.parametrize("over", [{"person_id": None}, {"acting_for": "Lường Văn Thắng"}])
def test_chair_is_rated_neither_from_an_account_without_a_file_nor_by_who_acts_for_the_chair(as_viewer, over):
    with as_viewer("chair_a") as chair, pytest.raises(Denied):
        propose(replace(chair, **over), an=EXCELLENT)


def test_nobody_proposes_for_who_is_seconded_away_or_for_oneself(as_viewer):
    with as_viewer("chair_b") as chair, pytest.raises(Denied):
        propose(chair, lan=GOOD)
    with as_viewer("chair_a") as chair, pytest.raises(Denied):
        propose(replace(chair, person_id=people.person("sua").id), sua=EXCELLENT)


def test_proposal_is_changed_until_it_is_confirmed(as_viewer, proposed):
    with as_viewer("chair_a") as chair:
        propose(chair, sua=COMPLETED)
        assert held("sua")[0] is COMPLETED
    with as_viewer("home_affairs") as officer:
        settle(officer, RatingState.CONFIRMED, "sua")
    with as_viewer("chair_a") as chair, pytest.raises(Denied):
        propose(chair, sua=GOOD)


def test_sent_without_any_change_it_says_so(as_viewer, proposed):
    with as_viewer("chair_a") as chair, pytest.raises(Unprocessable):
        propose(chair, sua=EXCELLENT)


def test_team_that_changed_meanwhile_is_a_conflict(as_viewer, proposed):
    with as_viewer("chair_a") as chair:
        mark = queries.mark_of(queries.team_of(chair, YEAR))
        propose(chair, sua=GOOD)
        with pytest.raises(Conflict):
            actions.propose_ratings(by=chair, year=YEAR, levels={people.person("on").uid: GOOD}, mark=mark)


@pytest.mark.parametrize("persona", ["staff_a", "home_affairs", "leader", "case_officer"])
def test_only_the_chair_proposes(as_viewer, persona):
    with as_viewer(persona) as viewer, pytest.raises(Denied):
        propose(viewer, sua=GOOD)


# --- confirming -------------------------------------------------------------------------------------
def test_home_affairs_confirms_or_sends_back_with_a_remark(as_viewer, proposed):
    with as_viewer("home_affairs") as officer:
        settle(officer, RatingState.CONFIRMED, "sua")
        settle(officer, RatingState.SENT_BACK, "hue", remark="Thiếu biên bản họp")

        assert held("sua")[1] is RatingState.CONFIRMED
        row = queries.valid_rating(people.person("hue"), YEAR)
        assert (row.state, row.remark, row.settled_by_id) == (
            RatingState.SENT_BACK, "Thiếu biên bản họp", officer.user_id,
        )  # fmt: skip


def test_who_proposed_is_kept_and_does_not_settle_it(as_viewer):
    with as_viewer("chair_a") as chair:
        propose(chair, sua=GOOD)
        assert queries.valid_rating(people.person("sua"), YEAR).proposed_by_id == chair.user_id
    with as_viewer("home_affairs") as officer:
        proposer = replace(officer, user_id=chair.user_id)
        with pytest.raises(Denied):
            settle(proposer, RatingState.CONFIRMED, "sua")
        with pytest.raises(Denied):
            settle(proposer, RatingState.SENT_BACK, "sua", remark="nhầm")
        settle(officer, RatingState.CONFIRMED, "sua")


def test_what_one_of_the_receiving_unit_proposed_waits_under_that_unit(as_viewer):
    with as_viewer("chair_a") as chair:
        propose(chair, lan=GOOD)
    with as_viewer("home_affairs") as officer:
        assert [(one.name, one.waiting) for one in queries.units_waiting(officer)] == [("Xã Búng Lao", 1)]


def test_sending_back_needs_a_remark_and_something_chosen(as_viewer, proposed):
    with as_viewer("home_affairs") as officer:
        with pytest.raises(Unprocessable) as refusal:
            settle(officer, RatingState.SENT_BACK, "sua", remark=" ")
        assert refusal.value.field == "remark"
        with pytest.raises(Unprocessable):
            settle(officer, RatingState.CONFIRMED)


def test_rating_that_is_no_longer_as_it_was_shown_is_not_confirmed(as_viewer, proposed):
    with as_viewer("home_affairs") as officer:
        row = queries.valid_rating(people.person("sua"), YEAR)
        with pytest.raises(Unprocessable):
            actions.settle_ratings(by=officer, chosen={row.uid: GOOD}, state=RatingState.CONFIRMED)
        settle(officer, RatingState.CONFIRMED, "sua")
        with pytest.raises(Denied):
            settle(officer, RatingState.SENT_BACK, "sua", remark="nhầm")


def test_what_waits_is_counted_by_unit(as_viewer, proposed):
    with as_viewer("home_affairs") as officer:
        (unit,) = queries.units_waiting(officer)
        assert (unit.name, unit.waiting) == ("Xã Búng Lao", 2)
        assert [one.level for one in queries.proposals_of(officer, unit.uid)] == [GOOD, EXCELLENT]


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


def test_nobody_enters_or_annuls_the_own_rating(as_viewer):
    with as_viewer("home_affairs") as officer:
        mai = people.person("mai")
        row = actions.record_rating(by=officer, person=mai, year=2023, level=GOOD)
        own = replace(officer, person_id=mai.id)
        with pytest.raises(Denied):
            actions.record_rating(by=own, person=mai, year=2024, level=GOOD)
        with pytest.raises(Denied):
            actions.annul_rating(by=own, person=mai, rating=row, reason="nhầm")


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
        settle(officer, RatingState.CONFIRMED, "sua")
    with as_viewer(persona):
        assert len(db.session.scalars(select(YearlyRating)).all()) == seen


# --- the pages --------------------------------------------------------------------------------------
def test_chair_proposes_on_one_page_for_the_whole_team(client_as, uid, as_viewer):
    client, sua, hue = client_as("chair_a"), uid("sua"), uid("hue")
    values = client.form("/ratings/team")

    response = client.post(
        "/ratings/team", data={**values, f"level-{sua}": "excellent", f"level-{hue}": "good"}
    )

    assert response.status_code == 303
    with as_viewer("chair_a"):
        assert held("sua")[0] is EXCELLENT
        assert held("hue")[0] is GOOD


def test_page_of_the_team_stands_under_my_team_in_the_navigation(client_as):
    text = client_as("chair_a").get("/ratings/team").text

    assert 'href="/people" aria-current="page"' in text


def test_older_page_of_the_team_meets_what_was_proposed_meanwhile(client_as, uid):
    client, sua = client_as("chair_a"), uid("sua")
    old = client.form("/ratings/team")
    client.post("/ratings/team", data={**client.form("/ratings/team"), f"level-{sua}": "good"})

    response = client.post("/ratings/team", data={**old, f"level-{sua}": "excellent"})

    assert response.status_code == 409
    body = response.get_data(as_text=True)
    row = next(row for row in parse(body).iter("tr") if "Giàng A Sùa" in " ".join(row.itertext()))
    assert ["hoàn thành tốt" in " ".join(row.itertext()), "xuất sắc" in " ".join(row.itertext())] == [
        True
    ] * 2
    again = client.post("/ratings/team", data={**form_values(body), f"level-{sua}": "excellent"})
    assert again.status_code == 303


def test_home_affairs_confirms_what_is_ticked(client_as, as_viewer, proposed):
    with as_viewer("home_affairs") as officer:
        unit = queries.units_waiting(officer)[0].uid
        pick = f"{queries.valid_rating(people.person('sua'), YEAR).uid} excellent"
    client = client_as("home_affairs")
    address = f"/ratings/proposals?unit={unit}"

    response = client.post(address, data={**client.form(address), "pick": [pick]})

    assert response.status_code == 303
    with as_viewer("home_affairs"):
        assert held("sua")[1] is RatingState.CONFIRMED
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
