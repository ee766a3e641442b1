"""The pages of decisions over HTTP: recorded from an annex, checked, issued, revoked; found again."""

import re
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from core.db import db
from core.scope import bind_viewer, system_viewer
from core.unit_book import unit_book
from hr.decisions.issuing import actions, effects, queries
from hr.decisions.issuing.enums import DecisionKind, DecisionState
from hr.decisions.issuing.models import Decision
from hr.decisions.issuing.seeds import SignatureSeed
from tests.cast import viewer_of
from tests.client import form_values, parse
from tests.factories.people import NUMBERS, make_person, person
from tests.hr.decisions.issuing.conftest import OFFICE, SIGNED, seed, unit_id
from tests.personas import NA_SANG

KIND = DecisionKind
HTMX = {"HX-Request": "true"}
PDF = b"%PDF-1.7\n1 0 obj\n<< /Title (quyet dinh) >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
HEAD = {
    "kind": "transfer",
    "office": OFFICE,
    "effective_on": "01/07/2026",
    "reference": "1447/QĐ-UBND",
    "signed_on": "26/06/2026",
    "signer": "Lê Văn Đô",
}


def text(answer):
    return answer.get_data(as_text=True)


def the_decision(app):
    """The newest decision of the register."""
    with app.app_context(), bind_viewer(system_viewer("test")):
        found = db.session.scalars(select(Decision).order_by(Decision.id.desc()).limit(1)).one()
        db.session.expunge(found)
        return found


@pytest.fixture
def made(app):
    """`made(state, kind, "hue", …)`: the uid of a decision drafted by the program, in that state."""

    def make(state, kind, *keys, **details):
        with app.app_context(), bind_viewer(viewer := viewer_of("home_affairs")):
            program = system_viewer("test", viewer.today)
            decision = actions.save_draft(by=program, seed=seed(kind, *keys, **details))
            if state is not DecisionState.DRAFT:
                actions.check(by=viewer, decision=decision)
            if state in (DecisionState.SUBMITTED, DecisionState.ISSUED):
                actions.submit(by=viewer, decision=decision)
            if state is DecisionState.ISSUED:
                mark = effects.mark(actions.plan_of(decision, viewer.today))
                actions.issue(by=viewer, decision=decision, signature=SIGNED, mark=mark)
            return decision.uid

    return make


@pytest.fixture
def unit(app):
    with app.app_context(), bind_viewer(system_viewer("test")):
        return unit_book().by_id[unit_id(NA_SANG)].uid


# --- the draft --------------------------------------------------------------------------------------------
def test_a_decision_is_recorded_from_pasted_lines_with_one_left_out(app, client_as, unit):
    client = client_as("home_affairs")
    lines = f"Đặng Thị Huệ\t{NUMBERS['hue']}\nGiàng A Sùa\t{NUMBERS['sua']}\nLò Văn Lạ\t011084123456"
    values = {**client.form("/decisions/new"), **HEAD, "people": lines, "unit": unit}
    answer = client.post("/decisions/new", data=values)

    assert answer.status_code == 303
    shown = text(client.get(answer.location))
    assert "Đặng Thị Huệ" in shown
    assert "Xã Na Sang" in shown
    assert "Lò Văn Lạ" in shown
    decision = the_decision(app)
    assert decision.state is DecisionState.DRAFT
    assert [row["text"].split("\t")[0].split(" | ")[0][:9] for row in decision.left_out] == ["Lò Văn Lạ"]


def test_who_might_be_meant_is_listed_and_chosen(app, client_as, unit):
    with app.app_context(), bind_viewer(system_viewer("test")):
        hue = person("hue")
        number = f"{NUMBERS['hue'][:-4]}9876"
        make_person(full_name=hue.full_name, born_on=hue.born_on, sex=hue.sex, id_number=number)
        born = f"{hue.born_on:%d/%m/%Y}"
    client = client_as("home_affairs")
    lines = f"Họ và tên\tNgày sinh\tSố định danh\nGiàng A Sùa\t\t{NUMBERS['sua']}\nĐặng Thị Huệ\t{born}\t"
    values = {**client.form("/decisions/new"), **HEAD, "people": lines, "unit": unit}
    where = client.post("/decisions/new", data=values).location
    shown = text(client.get(where))

    links = re.findall(r'href="([^"]*/edit\?choose=[^"]*)"', shown)
    ends = re.findall(r"<li>Đặng Thị Huệ[^<]*?(\d{4})[,<\s]", re.sub(r"\d\d/\d\d/\d{4}", "", shown))
    assert len(links) == 2
    assert ends == [NUMBERS["hue"][-4:], "9876"]
    opened = client.form(links[1])
    assert f"Đặng Thị Huệ\t{number}" in opened["people"]
    assert client.post(f"{where}/edit", data=opened).status_code == 303
    assert the_decision(app).left_out is None


@pytest.mark.parametrize("choice", ["x", "9.x", "0.x", "²."])
def test_a_choice_that_names_nobody_is_absent(client_as, made, choice):
    uid = made(DecisionState.DRAFT, KIND.PAY_STEP, "hue")

    assert client_as("home_affairs").get(f"/decisions/{uid}/edit?choose={choice}").status_code == 404


def test_what_the_register_has_otherwise_is_told_beside_the_line(app, client_as, unit):
    client = client_as("home_affairs")
    lines = f"Họ và tên\tSố định danh\tNgày sinh\nĐặng Thị Huệ\t{NUMBERS['hue']}\t01/01/1999"
    values = {**client.form("/decisions/new"), **HEAD, "people": lines, "unit": unit}
    where = client.post("/decisions/new", data=values).location

    with app.app_context(), bind_viewer(system_viewer("test")):
        born = f"{person('hue').born_on:%d/%m/%Y}"
    assert re.search(rf"Trong hồ sơ ngày sinh là {born}", text(client.get(where)))


def test_a_new_unit_and_post_of_a_line_go_before_what_holds_for_all(app, client_as, unit):
    client = client_as("home_affairs")
    lines = (
        "Họ và tên\tSố định danh\tChức vụ mới\tĐơn vị mới\n"
        f"Đặng Thị Huệ\t{NUMBERS['hue']}\tVăn thư\tXã Na Sang\n"
        f"Giàng A Sùa\t{NUMBERS['sua']}\t\t"
    )
    values = {**client.form("/decisions/new"), **HEAD, "people": lines, "unit": unit, "post": "Kế toán"}
    client.post("/decisions/new", data=values)

    with app.app_context(), bind_viewer(system_viewer("test")):
        rows = queries.lines_of(db.session.scalars(select(Decision)).one())
        assert [row.post for row in rows] == ["Văn thư", "Kế toán"]


def test_the_signed_copy_is_kept_and_given_out(app, client_as, unit):
    client = client_as("home_affairs")
    values = {**client.form("/decisions/new"), **HEAD, "people": NUMBERS["hue"], "unit": unit}
    values["copy"] = (BytesIO(PDF), "quyet-dinh.pdf")
    answer = client.post("/decisions/new", data=values)

    assert answer.status_code == 303, text(answer)
    given = client.get(f"{answer.location}/document")
    assert given.get_data() == PDF
    assert "attachment" in given.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"people": ""}, "people"),
        ({"people": "Lò Văn Lạ\t011084123456"}, "people"),
        ({"office": ""}, "office"),
        ({"effective_on": "31/02/2026"}, "effective_on"),
        ({"reference": "1447"}, "reference"),
        ({"unit": ""}, "unit"),
        ({"copy": (BytesIO(b"GIF89a"), "x.pdf")}, "copy"),
    ],
)
def test_what_is_wrong_stands_at_its_field(client_as, unit, values, field):
    client = client_as("home_affairs")
    sent = {**client.form("/decisions/new"), **HEAD, "people": NUMBERS["hue"], "unit": unit, **values}
    answer = client.post("/decisions/new", data=sent)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in text(answer)


def test_the_kind_says_what_is_asked_for(client_as):
    client = client_as("home_affairs")
    plain = client.form("/decisions/new")
    answer = client.post("/decisions/new", data={**plain, "kind": "rank", "narrow": "1"}, headers=HTMX)

    assert answer.status_code == 200
    assert 'name="rank_code"' in text(answer)
    assert 'name="rank_code"' not in text(client.get("/decisions/new"))


def test_a_draft_opened_again_holds_its_people_as_text(client_as, made):
    uid = made(DecisionState.DRAFT, KIND.PAY_STEP, "hue", "sua")
    client = client_as("home_affairs")
    values = client.form(f"/decisions/{uid}/edit")

    assert NUMBERS["hue"] in values["people"]
    values["people"] = (
        values["people"].replace(NUMBERS["sua"], NUMBERS["an"]).replace("Giàng A Sùa", "Lò Văn An")
    )
    assert client.post(f"/decisions/{uid}/edit", data=values).status_code == 303
    assert "Lò Văn An" in text(client.get(f"/decisions/{uid}"))


# --- the steps --------------------------------------------------------------------------------------------
def test_checked_submitted_issued_and_revoked_by_its_page(app, client_as, made):
    client, uid = client_as("home_affairs"), made(DecisionState.DRAFT, KIND.PAY_STEP, "hue")
    url = f"/decisions/{uid}"
    for step in ("check", "submit"):
        values = form_values(text(client.get(url)))
        assert client.post(f"{url}/{step}", data=values).status_code == 303
    asked = text(client.get(f"{url}/issue"))
    assert "1447/QĐ-UBND" in asked
    values = form_values(asked)
    assert "reference" not in values  # it was there when the decision was checked
    assert client.post(f"{url}/issue", data=values).status_code == 303
    assert the_decision(app).state is DecisionState.ISSUED

    with app.app_context(), bind_viewer(system_viewer("test")):
        file = person("hue").uid
    page = text(client.get(f"/people/{file}"))
    assert page.count(f'href="{url}"') == 2  # in the timeline, and at the step it made
    assert client.post(f"{url}/revoke", data=client.form(f"{url}/revoke")).status_code == 422
    values = {**client.form(f"{url}/revoke"), "reason": "Ban hành nhầm"}
    assert client.post(f"{url}/revoke", data=values).status_code == 303
    assert "Ban hành nhầm" in text(client.get(url))
    assert f'href="{url}"' not in text(client.get(f"/people/{file}"))


def test_a_reward_in_a_file_leads_to_its_decision(app, client_as, made):
    uid = made(DecisionState.ISSUED, KIND.REWARD, "hue", reason="Giấy khen")
    with app.app_context(), bind_viewer(system_viewer("test")):
        file = person("hue").uid
    page = text(client_as("home_affairs").get(f"/people/{file}"))

    assert "Giấy khen" in page
    assert page.count(f'href="/decisions/{uid}"') == 2  # in the timeline, and at the reward


def test_what_waits_for_its_day_says_so_once_and_refuses_nothing(client_as, made):
    client = client_as("home_affairs")
    uid = made(DecisionState.SUBMITTED, KIND.RETIREMENT, "hue", "sua", effective_on=date(2026, 9, 1))
    shown, listed = text(client.get(f"/decisions/{uid}")), text(client.get("/decisions"))

    assert shown.count("được ban hành từ 31/08/2026") == 1
    assert "bị từ chối" not in shown
    assert f"/decisions/{uid}/issue" not in shown
    assert "đã ký, chờ đến 31/08/2026" in listed
    assert client.get(f"/decisions/{uid}/issue").status_code == 422
    values = {**client.form(f"/decisions/{uid}/send-back"), "mark": "x"}
    answer = client.post(f"/decisions/{uid}/issue", data=values)
    assert answer.status_code == 422
    assert "được ban hành từ 31/08/2026" in text(answer)


def test_what_waits_unsigned_is_with_the_signer(client_as, made):
    details = {"effective_on": date(2026, 9, 1), "signed": SignatureSeed()}
    made(DecisionState.SUBMITTED, KIND.RETIREMENT, "hue", **details)

    assert "đã ký, chờ đến" not in text(client_as("home_affairs").get("/decisions"))


@pytest.mark.parametrize(
    ("state", "step", "field"),
    [
        (DecisionState.SUBMITTED, "send-back", "reason"),
        (DecisionState.ISSUED, "revoke", "reason"),
        (DecisionState.SUBMITTED, "issue", "signer"),
    ],
)
def test_what_is_typed_of_a_step_is_kept_as_a_draft(client_as, made, state, step, field):
    half = {"signed": SignatureSeed()} if step == "issue" else {}
    client, uid = client_as("home_affairs"), made(state, KIND.PAY_STEP, "hue", **half)
    url = f"/decisions/{uid}/{step}"
    client.post(f"/drafts?place={url}", data={**client.form(url), field: "Gõ dở"})

    assert "?draft=1" in text(client.get(url))
    assert client.form(f"{url}?draft=1")[field] == "Gõ dở"


def test_an_old_page_of_a_step_is_told_so(client_as, made):
    client, uid = client_as("home_affairs"), made(DecisionState.DRAFT, KIND.PAY_STEP, "hue")
    values = form_values(text(client.get(f"/decisions/{uid}")))
    edited = client.form(f"/decisions/{uid}/edit")
    client.post(f"/decisions/{uid}/edit", data=edited)

    assert client.post(f"/decisions/{uid}/discard", data=values).status_code == 409


def test_its_author_is_offered_no_check(app, client_as, unit):
    client = client_as("home_affairs")
    values = {**client.form("/decisions/new"), **HEAD, "people": NUMBERS["hue"], "unit": unit}
    where = client.post("/decisions/new", data=values).location

    assert f"{where}/check" not in text(client.get(where))
    assert client.post(f"{where}/check", data=form_values(text(client.get(where)))).status_code == 403


# --- who reads what ---------------------------------------------------------------------------------------
def test_a_chair_reads_what_was_issued_about_the_own_people(client_as, made):
    own = made(DecisionState.ISSUED, KIND.PAY_STEP, "hue", "dua")
    client = client_as("chair_a")
    page = text(client.get(f"/decisions/{own}"))

    assert "Đặng Thị Huệ" in page
    assert "Mùa Thị Dua" not in page
    assert f"/decisions/{own}" in text(client.get("/decisions"))
    assert "/revoke" not in page


@pytest.mark.parametrize(("state", "key"), [(DecisionState.SUBMITTED, "hue"), (DecisionState.ISSUED, "dua")])
def test_drafts_and_decisions_about_others_are_absent_for_a_chair(client_as, made, state, key):
    uid = made(state, KIND.PAY_STEP, key)
    client = client_as("chair_a")

    assert client.get(f"/decisions/{uid}").status_code == 404
    assert f"/decisions/{uid}" not in text(client.get("/decisions"))


# --- the list ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("q=1447", True),
        ("q=144", True),
        ("q=447", False),
        ("q=hue", True),
        ("q=đặng+h", True),
        ("q=sua", False),
        ("kind=pay_step", True),
        ("kind=transfer", False),
        ("state=issued", True),
        ("state=draft", False),
        ("year=2026", True),
        ("year=2025", False),
        ("office=Ủy ban nhân dân tỉnh Điện Biên", True),
        ("office=Sở Nội vụ", False),
    ],
)
def test_the_list_is_narrowed(client_as, made, query, found):
    uid = made(DecisionState.ISSUED, KIND.PAY_STEP, "hue")
    page = text(client_as("home_affairs").get(f"/decisions?{query}"))

    assert (f'href="/decisions/{uid}"' in page) is found


@pytest.mark.parametrize("query", ["kind=x", "state=x", "after=x"])
def test_an_address_that_names_nothing_is_absent(client_as, query):
    assert client_as("home_affairs").get(f"/decisions?{query}").status_code == 404


def test_an_empty_list_says_so(client_as):
    assert "/decisions/new" in text(client_as("home_affairs").get("/decisions"))


def test_the_pages_take_few_statements(client_as, made, count_statements, app):
    uid = made(DecisionState.SUBMITTED, KIND.PAY_STEP, "hue", "sua", "an", "mai")
    client = client_as("home_affairs")
    for url, most in (
        ("/decisions", 8),
        ("/decisions/new", 8),
        (f"/decisions/{uid}", 16),
        (f"/decisions/{uid}/issue", 16),
    ):
        client.get(url)
        with count_statements() as sent:
            assert client.get(url).status_code == 200
        assert len(sent) <= most, (url, len(sent))


def test_what_waits_stands_among_the_tasks(client_as, made):
    uid = made(DecisionState.DRAFT, KIND.PAY_STEP, "hue")

    assert f"/decisions/{uid}" in text(client_as("home_affairs").get("/"))


def test_a_draft_in_my_work_tells_its_kind_and_number_of_people(client_as, made):
    made(DecisionState.DRAFT, KIND.PAY_STEP, "hue", "sua", signed=SignatureSeed())

    assert "nâng bậc lương · Số người: 2" in text(client_as("home_affairs").get("/"))


def test_the_log_tells_a_decision_without_number_in_words(client_as, made):
    made(DecisionState.DRAFT, KIND.CONCURRENT, "hue", post="Kế toán", signed=SignatureSeed())

    shown = text(client_as("data_officer").get("/log?type=decision_drafted"))

    assert "kiêm nhiệm" in shown
    assert "concurrent" not in shown.partition("<tbody")[2]


@pytest.mark.parametrize(
    ("state", "words"),
    [(DecisionState.DRAFT, "Dự thảo quyết định"), (DecisionState.SUBMITTED, "Quyết định, trình ký")],
)
def test_the_title_follows_the_state(client_as, made, state, words):
    uid = made(state, KIND.PAY_STEP, "hue", signed=SignatureSeed())

    shown = parse(text(client_as("home_affairs").get(f"/decisions/{uid}")))

    assert " ".join("".join(shown.find(".//h1").itertext()).split()).startswith(words)


def test_what_issuing_needs_is_not_called_optional(client_as, made):
    uid = made(DecisionState.SUBMITTED, KIND.PAY_STEP, "hue", signed=SignatureSeed())
    client = client_as("home_affairs")

    shown = parse(text(client.get(f"/decisions/{uid}/issue")))
    answer = client.send(f"/decisions/{uid}/issue", {})

    for name in ("reference", "signed_on", "signer"):
        label = shown.find(f".//label[@for='{name}']")
        assert "không bắt buộc" not in "".join(label.itertext())
        assert parse(text(answer)).find(f".//*[@id='{name}-error']") is not None


def test_lines_left_out_stand_above_those_taken(client_as, unit):
    client = client_as("home_affairs")
    lines = f"Đặng Thị Huệ\t{NUMBERS['hue']}\nLò Văn Lạ\t011084123456"
    values = {**client.form("/decisions/new"), **HEAD, "people": lines, "unit": unit}

    shown = text(client.get(client.post("/decisions/new", data=values).location))

    assert shown.index('id="left-out"') < shown.index('id="lines"')


def test_a_number_known_already_leads_to_its_decision(client_as, made):
    uid = made(DecisionState.DRAFT, KIND.PAY_STEP, "hue")
    other = made(DecisionState.DRAFT, KIND.PAY_STEP, "sua", signed=SignatureSeed())
    client, address = client_as("home_affairs"), f"/decisions/{other}/edit"
    signed = {name: HEAD[name] for name in ("reference", "signed_on", "signer")}

    answer = client.send(address, signed)

    assert answer.status_code == 422
    assert parse(text(answer)).find(f".//a[@href='/decisions/{uid}']") is not None


def test_a_decision_is_begun_from_the_page_of_a_person(app, client_as):
    with app.app_context(), bind_viewer(system_viewer("test")):
        uid = person("hue").uid
    client, address = client_as("home_affairs"), f"/decisions/new?person={uid}"

    assert f'href="{address}"' in text(client.get(f"/people/{uid}"))
    assert NUMBERS["hue"] in client.form(address)["people"]
    assert client.get(f"/decisions/new?person={'a' * 26}").status_code == 404
