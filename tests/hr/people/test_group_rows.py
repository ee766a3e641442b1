"""Rows of the groups of the form 2C: added, corrected, annulled, refused, logged; the closed ones opened."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.audit import AuditEvent, AuditType
from core.clock import now
from core.db import db
from core.drafts import Draft
from core.dump import canonical_lines
from core.errors import Conflict, Denied, Missing, Unprocessable
from core.marks import set_mark
from core.scope import bind_viewer, system_viewer, writing_allowed
from hr.people.groups import actions
from hr.people.groups.enums import FamilySide, Relation, RewardLevel
from hr.people.groups.models import ON, FamilyMember, HealthCheck, Reward
from hr.people.groups.queries import entries_of, find_entry
from hr.people.groups.registry import GROUPS
from tests.cast import user_of
from tests.client import parse
from tests.conftest import TODAY
from tests.factories import people

REWARDS, FAMILY, HEALTH = GROUPS["rewards"], GROUPS["family"], GROUPS["health"]
MERIT = {"year": 2024, "reward": "Bằng khen", "level": RewardLevel.PROVINCE, "decision_number": "12/QĐ-UBND"}
FATHER = {"side": FamilySide.OWN, "relation": Relation.FATHER, "full_name": "Lò Văn Páo", "born_year": 1955}

EARLIER, LATER = date(2020, 1, 1), date(2020, 1, 2)


@pytest.fixture
def officer(as_viewer):
    with as_viewer("home_affairs") as viewer:
        yield viewer


def add(by, group, values, key="an"):
    return actions.add_entry(by=by, person=people.person(key), group=group, values=values)


def send(client, address, **values):
    return client.post(address, data={**client.form(address), **values})


def events_of(type):
    return db.session.scalars(
        select(AuditEvent).where(AuditEvent.type == type).order_by(AuditEvent.seq)
    ).all()


# --- the writers ------------------------------------------------------------------------------------
def test_row_is_added_and_stands_in_the_log_with_its_values(officer):
    row = add(officer, REWARDS, MERIT)

    assert (row.year, row.reward, row.level, row.decided_by) == (
        2024,
        "Bằng khen",
        RewardLevel.PROVINCE,
        None,
    )
    assert '"reward":[null,"Bằng khen"]' in events_of(AuditType.PERSON_CHANGED)[-1].values


def test_row_of_the_same_key_is_refused_while_one_is_valid(officer):
    first = add(officer, REWARDS, MERIT)
    with pytest.raises(Unprocessable) as refusal:
        add(officer, REWARDS, {**MERIT, "level": RewardLevel.STATE})
    assert refusal.value.field == "year"

    actions.annul_entry(
        by=officer, person=people.person("an"), group=REWARDS, entry=first, reason="nhập nhầm"
    )
    assert add(officer, REWARDS, MERIT).uid != first.uid


def test_key_without_a_number_is_a_key_as_well(officer):
    add(officer, REWARDS, {"year": 2020, "reward": "Giấy khen"})

    with pytest.raises(Unprocessable):
        add(officer, REWARDS, {"year": 2020, "reward": "Giấy khen"})


def test_correction_keeps_the_row_and_logs_what_stood_there(officer):
    row = add(officer, REWARDS, MERIT)

    actions.edit_entry(
        by=officer, person=people.person("an"), group=REWARDS, entry=row, values={**MERIT, "year": 2023}
    )

    assert [row.year for row in db.session.scalars(select(Reward))] == [2023]
    assert events_of(AuditType.PERSON_CHANGED)[-1].values == '{"rewards":{"year":[2024,2023]}}'


def test_annulled_row_stays_with_who_and_why_and_is_never_changed_again(officer):
    row = add(officer, FAMILY, FATHER)
    values = {"by": officer, "person": people.person("an"), "group": FAMILY, "entry": row}

    actions.annul_entry(**values, reason="nhập nhầm người")

    assert (row.annulled_by_id, row.annulled_at is None) == (officer.user_id, False)
    assert events_of(AuditType.PERSON_CHANGED)[-1].reason == "nhập nhầm người"
    with pytest.raises(Denied):
        actions.edit_entry(**values, values=FATHER)
    with pytest.raises(Denied):
        actions.annul_entry(**values, reason="lần nữa")


def test_annulment_needs_a_reason(officer):
    row = add(officer, FAMILY, FATHER)

    with pytest.raises(Unprocessable) as refusal:
        actions.annul_entry(by=officer, person=people.person("an"), group=FAMILY, entry=row, reason=" ")
    assert refusal.value.field == "reason"


@pytest.mark.parametrize(
    ("code", "values", "field"),
    [
        ("rewards", {"year": 2024}, "reward"),
        ("rewards", {"year": 2027, "reward": "Giấy khen"}, "year"),
        ("rewards", {"year": 2024, "reward": "Giấy khen", "decided_on": date(1984, 5, 12)}, "decided_on"),
        ("rewards", {"year": 2024, "reward": "Giấy khen", "decided_on": date(2026, 7, 16)}, "decided_on"),
        ("memberships", {"organisation": "Hội", "joined_on": LATER, "left_on": EARLIER}, "left_on"),
        ("planned_titles", {"title": "Phó", "starts_on": LATER, "ends_on": EARLIER}, "ends_on"),
        ("family", {"side": FamilySide.OWN, "relation": Relation.CHILD}, "full_name"),
    ],
)  # fmt: skip
def test_facts_that_cannot_be_are_refused_at_their_field(officer, code, values, field):
    with pytest.raises(Unprocessable) as refusal:
        add(officer, GROUPS[code], values)

    assert refusal.value.field == field


def test_planned_title_may_run_into_the_years_to_come(officer):
    row = add(officer, GROUPS["planned_titles"], {"title": "Phó Chủ tịch", "ends_on": date(2030, 12, 31)})

    assert row.ends_on == date(2030, 12, 31)


def test_row_of_another_person_is_not_found(officer):
    row = add(officer, REWARDS, MERIT, key="hue")

    with pytest.raises(Missing):
        find_entry(people.person("an"), REWARDS, row.uid)


def test_older_version_of_the_file_meets_a_conflict(officer):
    an = people.person("an")
    version = an.version
    add(officer, REWARDS, MERIT)

    with pytest.raises(Conflict):
        actions.add_entry(by=officer, person=an, group=FAMILY, values=FATHER, version=version)


def test_who_keeps_no_file_writes_nothing(as_viewer):
    with as_viewer("chair_a") as chair, pytest.raises(Denied):
        add(chair, REWARDS, MERIT)


def test_dump_holds_the_rows_with_their_key_first(officer):
    add(officer, FAMILY, FATHER)

    lines = [line for line in canonical_lines() if line.startswith('{"table":"person_family"')]
    assert lines == [
        '{"table":"person_family","id_number":"011084000001","side":"own","relation":"father",'
        '"full_name":"Lò Văn Páo","born_year":1955,"native_place":null,"occupation":null,"residence":null}'
    ]


# --- groups that are off ----------------------------------------------------------------------------
def test_group_that_is_off_takes_nothing(officer):
    with pytest.raises(Denied):
        add(officer, HEALTH, {"examined_on": date(2025, 3, 1)})


def test_rows_of_a_group_switched_off_again_are_read_by_nobody_and_not_dumped(officer, system):
    set_mark(by=system, key=HealthCheck.switch, value=ON)
    add(officer, HEALTH, {"examined_on": date(2025, 3, 1), "state": "Loại II"})
    on = [line for line in canonical_lines() if "person_health" in line]
    set_mark(by=system, key=HealthCheck.switch, value="off")
    off = [line for line in canonical_lines() if "person_health" in line]

    assert (len(on), len(off)) == (1, 0)
    assert db.session.scalars(select(HealthCheck)).all() == []


def test_no_value_of_such_a_group_stands_in_the_log_and_what_stood_there_stays_annulled(officer, system):
    set_mark(by=system, key=HealthCheck.switch, value=ON)
    an, values = people.person("an"), {"examined_on": date(2025, 3, 1), "state": "Loại II"}
    row = add(officer, HEALTH, values)
    actions.edit_entry(by=officer, person=an, group=HEALTH, entry=row, values={**values, "state": "Loại III"})

    told = [event.values for event in events_of(AuditType.PERSON_CHANGED)]
    assert told[-2:] == ['{"health":"recorded"}', '{"health":"corrected"}']
    assert [(one.texts[1], one.is_annulled) for one in entries_of(an, HEALTH)] == [
        ("Loại III", False),
        ("Loại II", True),
    ]


def test_switching_needs_a_reason_and_stands_in_the_log(officer):
    with pytest.raises(Unprocessable) as refusal:
        actions.switch_group(by=officer, group=HEALTH, on=True, reason=" ")
    assert refusal.value.field == "reason"

    actions.switch_group(by=officer, group=HEALTH, on=True, reason="Quyết định 15/QĐ-SNV")

    event = events_of(AuditType.GROUP_SWITCHED)[-1]
    assert (event.values, event.reason) == ('{"health":[false,true]}', "Quyết định 15/QĐ-SNV")
    with pytest.raises(Unprocessable):
        actions.switch_group(by=officer, group=HEALTH, on=True, reason="lần nữa")


@pytest.mark.parametrize(("persona", "may"), [("admin", True), ("home_affairs", True), ("chair_a", False)])
def test_administrator_and_home_affairs_of_the_province_switch(as_viewer, persona, may):
    with as_viewer(persona) as viewer:
        if may:
            actions.switch_group(by=viewer, group=HEALTH, on=True, reason="theo quyết định")
        else:
            with pytest.raises(Denied):
                actions.switch_group(by=viewer, group=HEALTH, on=True, reason="theo quyết định")


def test_officer_of_one_commune_does_not_switch(as_viewer, officer):
    with as_viewer("chair_a") as chair:
        narrow = replace(officer, scopes=chair.scopes)
        with pytest.raises(Denied):
            actions.switch_group(by=narrow, group=HEALTH, on=True, reason="theo quyết định")


# --- the pages --------------------------------------------------------------------------------------
def test_rows_stand_on_the_page_and_what_was_annulled_says_so(client_as, uid):
    client, an = client_as("home_affairs"), uid("an")
    response = send(
        client, f"/people/{an}/lists/rewards/new", year="2024", reward="Bằng khen", level="province"
    )
    assert response.status_code == 303
    assert response.headers["Location"].endswith(f"/people/{an}#rewards")
    section = parse(client.get(f"/people/{an}").get_data(as_text=True)).find(".//*[@id='rewards']")
    address = next(a.get("href") for a in section.iter("a") if a.get("href").endswith("/annul"))

    send(client, address, reason="nhập nhầm")

    section = parse(client.get(f"/people/{an}").get_data(as_text=True)).find(".//*[@id='rewards']")
    text = " ".join(section.itertext())
    assert "Bằng khen" in text
    assert "đã hủy" in text
    assert not any(a.get("href").endswith("/annul") for a in section.iter("a"))


def test_missing_fact_is_shown_at_its_field_with_what_was_typed(client_as, uid):
    client, an = client_as("home_affairs"), uid("an")

    response = send(client, f"/people/{an}/lists/rewards/new", reward="Bằng khen")

    assert response.status_code == 422
    tree = parse(response.get_data(as_text=True))
    assert tree.find(".//*[@id='year-error']") is not None
    assert tree.find(".//*[@id='reward']").get("value") == "Bằng khen"


def test_correction_of_a_row_that_somebody_else_corrected_shows_both(client_as, uid):
    client, an = client_as("home_affairs"), uid("an")
    send(client, f"/people/{an}/lists/rewards/new", year="2024", reward="Bằng khen")
    page = client.get(f"/people/{an}").get_data(as_text=True)
    address = next(
        a.get("href") for a in parse(page).iter("a") if "/lists/rewards/" in a.get("href", "") and
        a.get("href").endswith("/edit")
    )  # fmt: skip
    old = client.form(address)
    send(client, address, reward="Giấy khen")

    response = client.post(address, data={**old, "reward": "Huân chương"})

    assert response.status_code == 409
    body = response.get_data(as_text=True)
    assert "Giấy khen" in body
    assert "Huân chương" in body


def test_family_is_absent_from_the_page_until_it_is_opened_and_each_opening_is_logged(client_as, uid, app):
    client, an = client_as("home_affairs"), uid("an")
    send(client, f"/people/{an}/lists/family/new", side="own", relation="father", full_name="Lò Văn Páo")
    assert "Lò Văn Páo" not in client.get(f"/people/{an}").get_data(as_text=True)
    with app.app_context():
        before = len(events_of(AuditType.GROUP_OPENED))

    opened = [client.get(f"/people/{an}/closed/family", headers={"HX-Request": "true"}) for _time in range(2)]

    assert all("Lò Văn Páo" in response.get_data(as_text=True) for response in opened)
    with app.app_context():
        events = events_of(AuditType.GROUP_OPENED)[before:]
        assert [event.values for event in events] == ['{"group":["family"]}'] * 2
    assert "đã mở: Quan hệ gia đình" in client.get(f"/people/{an}").get_data(as_text=True)


@pytest.mark.parametrize("code", ["health", "history", "relatives_abroad"])
def test_group_that_is_off_has_no_section_and_no_address(client_as, uid, code):
    client, an = client_as("home_affairs"), uid("an")

    assert f"closed-{code}" not in client.get(f"/people/{an}").get_data(as_text=True)
    for address in (f"closed/{code}", f"lists/{code}/new"):
        assert client.get(f"/people/{an}/{address}").status_code == 404


def test_group_switched_on_has_a_section_that_opens_and_takes_rows(client_as, uid):
    admin, client, an = client_as("admin"), client_as("home_affairs"), uid("an")
    response = send(admin, "/people/parts", group="health", state="on", reason="Quyết định 15/QĐ-SNV")
    assert response.status_code == 303

    send(client, f"/people/{an}/lists/health/new", examined_on="01/03/2025", state="Loại II", height="168")

    assert 'id="closed-health"' in client.get(f"/people/{an}").get_data(as_text=True)
    assert "168" in client.get(f"/people/{an}/closed/health").get_data(as_text=True)
    assert client.get(f"/people/{an}/closed/history").status_code == 404
    assert "Loại II" not in client.get(f"/people/{an}/changes").get_data(as_text=True)


def keep_of_old(app, place, data):
    """A row that was kept before closed groups had no drafts."""
    with app.app_context(), bind_viewer(system_viewer("an older program", TODAY)):
        user_id = user_of("home_affairs").id
        allowed = writing_allowed.set(True)
        db.session.add(Draft(user_id=user_id, place=place, token="", data=data, saved_at=now()))
        db.session.commit()
        writing_allowed.reset(allowed)


def drafts_of(app):
    with app.app_context():
        return [(draft.place, draft.data) for draft in db.session.scalars(select(Draft))]


@pytest.mark.parametrize("code", ["family", "health", "history", "relatives_abroad"])
def test_no_draft_of_a_closed_group_is_kept_or_offered(client_as, uid, app, code):
    client, an = client_as("home_affairs"), uid("an")
    if not GROUPS[code].enabled:
        send(client, "/people/parts", group=code, state="on", reason="Quyết định 15/QĐ-SNV")
    address = f"/people/{an}/lists/{code}/new"
    values = client.form(address)

    answer = client.post(f"/drafts?place={address}", data={**values, "account": "Zq-kín", "state": "Zq-kín"})

    assert answer.status_code == 422
    assert drafts_of(app) == []
    keep_of_old(app, address, [["account", "Zq-kín"], ["state", "Zq-kín"], ["full_name", "Zq-kín"]])
    for shown in (address, f"{address}?draft=1"):
        page = client.get(shown).get_data(as_text=True)
        assert "Zq-kín" not in page
        assert 'href="?draft=1"' not in page
        assert "data-draft-url" not in page


def test_draft_of_an_open_group_is_kept(client_as, uid, app):
    client, an = client_as("home_affairs"), uid("an")
    address = f"/people/{an}/lists/rewards/new"

    answer = client.post(f"/drafts?place={address}", data={**client.form(address), "title": "Bằng khen"})

    assert answer.status_code == 200
    assert drafts_of(app) == [(address, [["title", "Bằng khen"]])]


def test_log_of_the_file_tells_rows_in_words(client_as, uid):
    client, an = client_as("home_affairs"), uid("an")
    send(client, f"/people/{an}/lists/family/new", side="spouse", relation="mother", full_name="Cà Thị Mai")

    page = " ".join(client.get(f"/people/{an}/changes").get_data(as_text=True).split())

    assert "Quan hệ gia đình: ghi mục" in page
    assert "bên vợ hoặc chồng" in page
    assert "Cà Thị Mai" in page


def test_number_of_rows_costs_no_statement(client_as, uid, officer, count_statements):
    client, an = client_as("home_affairs"), uid("an")
    client.get(f"/people/{an}")
    with count_statements() as few:
        client.get(f"/people/{an}")
    for year in range(2000, 2020):
        add(officer, REWARDS, {"year": year, "reward": "Giấy khen"})
    client.get(f"/people/{an}")

    with count_statements() as many:
        client.get(f"/people/{an}")

    assert len(many) == len(few)


def test_rows_belong_to_one_person_and_family_table_is_not_read_by_the_page(client_as, uid, count_statements):
    client, an = client_as("home_affairs"), uid("an")

    with count_statements() as sent:
        client.get(f"/people/{an}")

    assert not any(FamilyMember.__tablename__ in statement for statement in sent)
