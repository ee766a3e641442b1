"""The forms of the personnel file: saved, refused with what was typed, in conflict, hidden, denied."""

from datetime import date

import pytest
from sqlalchemy import select

from core.db import db
from core.ids import new_uid
from hr.people.enums import AssignmentKind, ServiceStatus
from hr.people.models import Assignment, Person, RankStep
from hr.people.queries import background_of, qualifications_of, ranks_of, work_history
from tests.client import form_values, parse
from tests.factories import people
from tests.personas import BUNG_LAO, NA_SANG

HTMX = {"HX-Request": "true"}
PARTS = (
    "assignments/{0}/end",
    "assignments/{0}/annul",
    "qualifications/{1}/edit",
    "qualifications/{1}/proof",
    "qualifications/{1}/annul",
    "ranks/{2}/annul",
)
FORMS = ("edit", "background", "move", "assignments/new", "ranks/new", "qualifications/new", "end-service")


def path(uid, part):
    return f"/people/{uid}/{part}"


def errors(body):
    """The messages of the error summary."""
    return [
        " ".join("".join(a.itertext()).split()) for a in parse(body).iterfind(".//*[@role='alert']//li/a")
    ]


def new_person(find, **over):
    values = {
        "full_name": "  Vàng   A Chứ ",
        "id_number": "011 084 123 456",
        "sex": "male",
        "born_on": "02/09/1984",
        "unit": find(BUNG_LAO),
        "division": find(BUNG_LAO, 2),
        "post": "Chuyên viên",
        "category": "civil_servant",
        "kind": "main",
        "starts_on": "01/07/2025",
        "rank_code": "01.003",
        "step": "3",
        "rank_starts_on": "01/07/2024",
        "ethnicity": "08",
        "religion": "Không",
    }
    return {**values, **over}


# --- new ----------------------------------------------------------------------------------------------
def test_new_file_is_opened_with_place_rank_and_background(client_as, unit, read):
    client = client_as("home_affairs")

    response = client.send("/people/new", new_person(unit))

    assert response.status_code == 303
    person = read(lambda: db.session.scalars(select(Person).where(Person.id_number == "011084123456")).one())
    assert response.headers["Location"] == f"/people/{person.uid}"
    assert person.full_name == "Vàng A Chứ"
    (place,) = read(lambda: work_history(person))
    assert (place.unit.name, place.division.uid, place.starts_on) == (
        "Xã Búng Lao",
        unit(BUNG_LAO, 2),
        date(2025, 7, 1),
    )
    (rank,) = read(lambda: ranks_of(person))
    assert (rank.step, str(rank.coefficient)) == (3, "3.00")
    assert read(lambda: background_of(person)).ethnicity == "08"


def test_new_file_sent_twice_is_opened_once(client_as, unit, read):
    client = client_as("home_affairs")
    values = {**client.form("/people/new"), **new_person(unit)}

    first, second = client.post("/people/new", data=values), client.post("/people/new", data=values)

    assert first.headers["Location"] == second.headers["Location"]
    assert (
        len(read(lambda: db.session.scalars(select(Person).where(Person.full_name == "Vàng A Chứ")).all()))
        == 1
    )


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"full_name": " "}, "Full name"),
        ({"id_number": "0110841"}, "12 digits; this one has 7"),
        ({"born_on": "31/02/1984"}, "There is no such day"),
        ({"born_on": "02/09/2027", "rank_code": ""}, "after today"),
        ({"sex": ""}, "Choose the sex"),
        ({"unit": ""}, "Choose the unit"),
        ({"post": ""}, "Enter the post"),
        ({"category": "king"}, "Choose one of the list"),
        ({"starts_on": ""}, "Enter the first day"),
        ({"step": ""}, "Enter the step"),
        ({"step": "15"}, "no such step"),
        ({"rank_starts_on": "01/07/2027"}, "Step held since"),
        ({"party_joined_on": "03/02/2020", "party_official_on": "03/02/2019"}, "Full membership"),
        ({"born_on": "02/09/2000", "recruited_on": "01/01/2012"}, "Aged 11"),
    ],
)
def test_what_is_wrong_stands_in_the_summary_and_nothing_is_saved(client_as, unit, read, over, words):
    client = client_as("home_affairs")
    client.set_cookie("lang", "en")

    response = client.send("/people/new", new_person(unit, **over))

    assert response.status_code == 422
    body = response.get_data(as_text=True)
    assert any(words in message for message in errors(body)), errors(body)
    assert form_values(body)["native_place"] == ""
    assert form_values(body)["religion"] == "Không"
    assert read(lambda: db.session.scalar(select(Person).where(Person.full_name == "Vàng A Chứ"))) is None


def test_refused_form_comes_back_to_htmx_as_its_part(client_as, unit):
    body = client_as("home_affairs").send("/people/new", new_person(unit, post=""), headers=HTMX)

    assert body.status_code == 422
    assert body.get_data(as_text=True).lstrip().startswith('<div id="new-person">')


def test_number_already_there_leads_to_the_file(client_as, unit, uid):
    response = client_as("home_affairs").send("/people/new", new_person(unit, id_number=people.NUMBERS["an"]))

    assert response.status_code == 422
    assert f'href="/people/{uid("an")}"' in response.get_data(as_text=True)


def test_division_of_another_unit_is_refused(client_as, unit):
    client = client_as("home_affairs")

    response = client.send("/people/new", new_person(unit, division=unit(NA_SANG, 1)))

    assert response.status_code == 422
    assert parse(response.get_data(as_text=True)).find(".//*[@id='division-error']") is not None


@pytest.mark.parametrize("field", ["unit", "division", "managing_unit"])
def test_unit_that_is_not_offered_is_refused(client_as, unit, field):
    response = client_as("home_affairs").send("/people/new", new_person(unit, **{field: new_uid()}))

    assert response.status_code == 422


def test_divisions_narrow_to_the_unit_chosen_without_saving(client_as, unit, read):
    client = client_as("home_affairs")

    response = client.send("/people/new", {"unit": unit(NA_SANG), "full_name": "Sùng A Chờ", "narrow": "1"})

    body = response.get_data(as_text=True)
    assert response.status_code == 200
    groups = [g.get("label") for g in parse(body).find(".//select[@id='division']").iter("optgroup")]
    assert groups == ["Xã Na Sang"]
    assert form_values(body)["full_name"] == "Sùng A Chờ"
    assert errors(body) == []


def test_draft_of_a_new_file_is_offered_and_filled_in(client_as):
    client = client_as("home_affairs")
    typed = {**client.form("/people/new"), "full_name": "Hờ A Nhè"}
    client.post("/drafts?place=/people/new", data=typed)

    offered = client.get("/people/new").get_data(as_text=True)

    assert 'href="?draft=1"' in offered
    assert client.form("/people/new?draft=1")["full_name"] == "Hờ A Nhè"


# --- who may ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("persona", ["chair_a", "staff_a", "leader", "case_officer"])
@pytest.mark.parametrize("part", FORMS)
def test_only_home_affairs_changes_a_file(client_as, uid, persona, part):
    client = client_as(persona)

    assert client.get(path(uid("an"), part)).status_code == 403
    assert client.post(path(uid("an"), part)).status_code in (400, 403)
    assert client.get("/people/new").status_code == 403


@pytest.mark.parametrize("part", FORMS)
def test_forms_of_absent_people_are_absent(client_as, part):
    assert client_as("home_affairs").get(path(new_uid(), part)).status_code == 404


def test_parts_open_only_on_the_person_they_belong_to(client_as, uid, read):
    of_po = read(lambda: people.person("po"))
    rows = read(lambda: (work_history(of_po)[0].uid, qualifications_of(of_po)[0].uid, ranks_of(of_po)[0].uid))
    client, an = client_as("home_affairs"), uid("an")

    for part in PARTS:
        assert client.get(path(an, part.format(*rows))).status_code == 404


# --- edit ---------------------------------------------------------------------------------------------
def test_facts_are_corrected(client_as, uid, read):
    an = uid("an")

    response = client_as("home_affairs").send(path(an, "edit"), {"full_name": "Lò Văn Ân", "other_name": ""})

    assert response.status_code == 303
    assert response.headers["Location"] == f"/people/{an}"
    assert read(lambda: people.person("an")).full_name == "Lò Văn Ân"


def test_success_redirects_htmx_by_its_header(client_as, uid):
    response = client_as("home_affairs").send(
        path(uid("an"), "edit"), {"full_name": "Lò Văn Ân"}, headers=HTMX
    )

    assert (response.status_code, response.headers["HX-Redirect"]) == (200, f"/people/{uid('an')}")


def test_two_who_correct_at_once_see_both_versions(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")
    mine = {**client.form(path(an, "edit")), "birthplace": "Bản Xuân Tre"}
    client.send(path(an, "edit"), {"birthplace": "Bản Búng"})

    response = client.post(path(an, "edit"), data=mine)

    body = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Bản Búng" in body
    assert form_values(body)["birthplace"] == "Bản Xuân Tre"
    assert client.post(path(an, "edit"), data=form_values(body)).status_code == 303
    assert read(lambda: people.person("an")).birthplace == "Bản Xuân Tre"


def test_conflict_on_the_background_compares_the_background(client_as, uid):
    client, an = client_as("home_affairs"), uid("an")
    mine = {**client.form(path(an, "background")), "party_post": "Bí thư"}
    client.send(path(an, "background"), {"party_post": "Đảng ủy viên"})

    body = client.post(path(an, "background"), data=mine).get_data(as_text=True)

    rows = [["".join(c.itertext()).strip() for c in row] for row in parse(body).iterfind(".//form//tbody/tr")]
    assert [row[1:] for row in rows] == [["Đảng ủy viên", "Bí thư"]]


def test_conflict_where_something_is_added_keeps_what_was_typed(client_as, uid, unit):
    client, an = client_as("home_affairs"), uid("an")
    mine = {
        **client.form(path(an, "move")),
        "unit": unit(NA_SANG),
        "post": "Chủ tịch UBND xã",
        "starts_on": "01/07/2026",
    }
    client.send(path(an, "edit"), {"birthplace": "Bản Búng"})

    response = client.post(path(an, "move"), data=mine)

    assert response.status_code == 409
    again = form_values(response.get_data(as_text=True))
    assert again["post"] == "Chủ tịch UBND xã"
    assert client.post(path(an, "move"), data=again).status_code == 303


# --- service ------------------------------------------------------------------------------------------
def test_move_ends_the_present_place_on_the_day_before(client_as, uid, unit, read):
    client = client_as("home_affairs")
    values = {
        "unit": unit(NA_SANG),
        "division": unit(NA_SANG, 1),
        "post": "Chủ tịch UBND xã",
        "starts_on": "01/07/2026",
    }

    assert client.form(path(uid("an"), "move"))["category"] == "cadre"
    assert client.send(path(uid("an"), "move"), values).status_code == 303

    new, old = read(lambda: work_history(people.person("an")))[:2]
    assert (new.unit.name, new.starts_on, new.ends_on) == ("Xã Na Sang", date(2026, 7, 1), None)
    assert old.ends_on == date(2026, 6, 30)


def test_move_before_the_present_place_is_refused_at_its_field(client_as, uid, unit):
    response = client_as("home_affairs").send(
        path(uid("an"), "move"), {"unit": unit(NA_SANG), "post": "Chuyên viên", "starts_on": "01/07/2025"}
    )

    assert response.status_code == 422
    assert parse(response.get_data(as_text=True)).find(".//*[@id='starts_on-error']") is not None


def test_further_assignment_begins_and_ends(client_as, uid, unit, read):
    client, hue = client_as("home_affairs"), uid("hue")
    values = {"kind": "concurrent", "unit": unit(BUNG_LAO), "post": "Thủ quỹ", "starts_on": "01/01/2026"}

    assert client.send(path(hue, "assignments/new"), values).status_code == 303
    row = read(
        lambda: next(r for r in work_history(people.person("hue")) if r.kind is AssignmentKind.CONCURRENT)
    )
    assert "Thủ quỹ" in client.get(f"/people/{hue}").get_data(as_text=True)
    assert client.send(path(hue, f"assignments/{row.uid}/end"), {"ends_on": "30/06/2026"}).status_code == 303

    ended = read(lambda: db.session.scalars(select(Assignment).where(Assignment.uid == row.uid)).one())
    assert ended.ends_on == date(2026, 6, 30)


def test_assignment_is_annulled_with_a_reason_only(client_as, uid, read):
    client = client_as("home_affairs")
    old = read(lambda: work_history(people.person("an"))[-1])
    address = path(uid("an"), f"assignments/{old.uid}/annul")

    assert client.send(address, {"reason": " "}).status_code == 422
    assert client.send(address, {"reason": "nhập nhầm"}).status_code == 303

    row = read(lambda: db.session.scalars(select(Assignment).where(Assignment.uid == old.uid)).one())
    assert row.annulled_at is not None


def test_service_ends_and_is_reopened(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")
    end = {"status": "retired", "ended_on": "30/06/2026", "reason": "1203/QĐ-UBND"}

    assert client.send(path(an, "end-service"), end).status_code == 303
    assert read(lambda: people.person("an")).status is ServiceStatus.RETIRED
    assert client.get(path(an, "move")).status_code == 403
    assert client.send(path(an, "reopen"), {"reason": "nhập nhầm"}).status_code == 303

    person = read(lambda: people.person("an"))
    assert (person.status, person.ended_on) == (ServiceStatus.WORKING, None)


def test_end_of_service_after_today_is_refused(client_as, uid):
    response = client_as("home_affairs").send(
        path(uid("an"), "end-service"), {"status": "retired", "ended_on": "01/08/2026"}
    )

    assert response.status_code == 422


def test_rank_takes_its_coefficient_from_the_table_and_is_annulled(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")
    values = {
        "rank_code": "01.003",
        "step": "5",
        "rank_starts_on": "01/01/2026",
        "rank_decision_note": "12/QĐ",
    }

    assert client.send(path(an, "ranks/new"), values).status_code == 303
    row = read(lambda: ranks_of(people.person("an"))[0])
    assert (str(row.coefficient), row.decision_note) == ("3.66", "12/QĐ")
    assert client.send(path(an, f"ranks/{row.uid}/annul"), {"reason": "nhập nhầm"}).status_code == 303

    again = read(lambda: db.session.scalars(select(RankStep).where(RankStep.uid == row.uid)).one())
    assert again.annulled_at is not None


def test_rank_on_a_day_already_taken_is_told_at_its_day(client_as, uid):
    values = {"rank_code": "01.003", "step": "5", "rank_starts_on": "01/09/2023"}

    body = client_as("home_affairs").send(path(uid("an"), "ranks/new"), values).get_data(as_text=True)

    assert parse(body).find(".//*[@id='rank_starts_on-error']") is not None
