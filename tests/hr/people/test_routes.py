"""The list of people: who sees whom, both bodies, filters, columns, paging, figures."""

import re

import pytest

from core.ids import new_uid
from tests.client import parse
from tests.factories import people

HTMX = {"HX-Request": "true"}


def names(body):
    """The names of the list, in its order."""
    table = parse(body).find(".//table")
    return (
        []
        if table is None
        else ["".join(cell.itertext()).strip() for cell in table.iterfind(".//tbody/tr/th")]
    )


def test_home_affairs_sees_everybody_in_service_by_given_name(client_as):
    body = client_as("home_affairs").get("/people").get_data(as_text=True)

    assert names(body) == [
        "Lò Văn An",
        "Cà Văn Bình",
        "Mùa Thị Dua",
        "Đặng Thị Huệ",
        "Lường Thị Lan",
        "Trần Thị Mai",
        "Lò Thị Ổn",
        "Vàng A Pó",
        "Giàng A Sùa",
        "Nguyễn Văn Tâm",
    ]
    assert "10 rows" in body or "10 dòng" in body or "10" in body


def test_chair_sees_the_own_commune_and_who_is_lent_to_it(client_as):
    body = client_as("chair_a").get("/people").get_data(as_text=True)

    assert names(body) == [
        "Lò Văn An",
        "Cà Văn Bình",
        "Đặng Thị Huệ",
        "Lường Thị Lan",
        "Lò Thị Ổn",
        "Giàng A Sùa",
    ]


@pytest.mark.parametrize("persona", ["head", "inspector", "data_officer", "admin", "nobody"])
def test_who_has_no_business_with_files_is_refused(client_as, uid, persona):
    client = client_as(persona)

    assert client.get("/people").status_code == 403
    assert client.get(f"/people/{uid('an')}").status_code == 403


def test_list_answers_htmx_with_the_list_alone(client_as):
    body = client_as("home_affairs").get("/people?category=cadre", headers=HTMX).get_data(as_text=True)

    assert body.lstrip().startswith('<div id="people">')
    assert "<html" not in body
    assert names(body) == ["Lò Văn An", "Vàng A Pó"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=gi%C3%A0ng", ["Giàng A Sùa"]),
        ("q=thi", ["Mùa Thị Dua", "Đặng Thị Huệ", "Lường Thị Lan", "Trần Thị Mai", "Lò Thị Ổn"]),
        ("category=public_employee", ["Cà Văn Bình"]),
        ("education_from=master", ["Trần Thị Mai", "Vàng A Pó"]),
        ("education=intermediate", ["Mùa Thị Dua"]),
        ("political_theory_from=advanced", ["Lò Văn An", "Vàng A Pó"]),
        ("state_management_from=principal", ["Vàng A Pó"]),
        (
            "sex=female&category=civil_servant&born_from=01/01/1991",
            ["Mùa Thị Dua", "Lường Thị Lan", "Lò Thị Ổn"],
        ),
        ("born_to=31/12/1980", ["Vàng A Pó"]),
        ("post=%C4%91%E1%BB%8Ba+ch%C3%ADnh", ["Giàng A Sùa"]),
        ("status=retired", ["Quàng Văn Dũng"]),
        ("kind=seconded", ["Lường Thị Lan"]),
        ("ethnicity=08", ["Giàng A Sùa"]),
        ("religion=Tin+L%C3%A0nh", ["Giàng A Sùa"]),
        ("party=yes", ["Lò Văn An"]),
        ("figure=commune_university", ["Lò Văn An", "Đặng Thị Huệ", "Lường Thị Lan", "Vàng A Pó"]),
        ("as_of=01/01/2020&category=cadre", ["Lò Văn An"]),
    ],
)
def test_filters_narrow_the_list(client_as, query, expected):
    response = client_as("home_affairs").get(f"/people?{query}")

    assert response.status_code == 200
    assert names(response.get_data(as_text=True)) == expected


def test_unit_and_division_are_filters(client_as, app):
    client = client_as("home_affairs")
    page = parse(client.get("/people").get_data(as_text=True))
    options = {"".join(o.itertext()).strip(): o.get("value") for o in page.iter("option")}
    unit = options["Xã Na Sang"]

    narrowed = client.get(f"/people?unit={unit}").get_data(as_text=True)

    assert names(narrowed) == ["Mùa Thị Dua", "Lường Thị Lan", "Vàng A Pó"]
    (group,) = [g for g in parse(narrowed).iter("optgroup") if g.get("label") == "Xã Na Sang"]
    first = next(iter(group.iter("option"))).get("value")
    assert names(client.get(f"/people?unit={unit}&division={first}").get_data(as_text=True)) == ["Vàng A Pó"]


def test_background_filters_do_nothing_for_who_may_not_read_it(client_as):
    client = client_as("chair_a")

    everybody = names(client.get("/people").get_data(as_text=True))
    asked = client.get("/people?religion=Tin+L%C3%A0nh&ethnicity=08&party=yes&cols=religion,ethnicity,party")

    body = asked.get_data(as_text=True)
    assert names(body) == everybody
    for word in ("Tin Lành", "Hmông", 'name="religion"', "cols-ethnicity"):
        assert word not in body


@pytest.mark.parametrize(
    "query",
    ["born_from=31/02/1990", "as_of=yesterday", "category=king", "figure=all", "education_from=x",
     "status=away", "kind=spy", "unit=xx", "division=xx", "ethnicity=99", "q=" + "a" * 300],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_said_and_left_out(client_as, query):
    response = client_as("home_affairs").get(f"/people?{query}")

    assert response.status_code == 422
    assert len(names(response.get_data(as_text=True))) == 10


@pytest.mark.parametrize(
    "query", ["endpoint=x", "_external=1", "values=1", "self=1", "from=%00", "after=nobody", "cols=%F0%9F"]
)
def test_strange_parameters_do_no_harm(client_as, query):
    assert client_as("home_affairs").get(f"/people?{query}").status_code in (200, 404)


def test_units_of_others_and_units_that_are_not_answer_alike(client_as):
    page = parse(client_as("home_affairs").get("/people").get_data(as_text=True))
    options = {"".join(o.itertext()).strip(): o.get("value") for o in page.iter("option")}
    hidden, absent = options["Xã Na Sang"], new_uid()
    client = client_as("chair_a")

    first = client.get(f"/people?unit={hidden}").get_data(as_text=True).replace(hidden, "…")
    second = client.get(f"/people?unit={absent}").get_data(as_text=True).replace(absent, "…")

    strip = re.compile(r'name="csrf_token" value="[^"]+"')
    assert strip.sub("", first) == strip.sub("", second)


def test_each_active_filter_can_be_removed_alone(client_as):
    body = client_as("home_affairs").get("/people?category=cadre&sex=male&cols=sex").get_data(as_text=True)

    chips = [a.get("href") for a in parse(body).iter("a") if a.get("class") == "chip"]
    assert chips == ["/people?sex=male&cols=sex", "/people?category=cadre&cols=sex"]


def test_optional_columns_appear_when_chosen(client_as):
    client = client_as("home_affairs")

    plain = client.get("/people?q=su").get_data(as_text=True)
    chosen = client.get("/people?q=su&cols=ethnicity,religion&cols=id&cols=rank&cols=proof").get_data(
        as_text=True
    )

    assert "Tin Lành" not in plain
    for words in ("Hmông (Mông)", "Tin Lành", "…0003", "Chuyên viên, "):
        assert words in chosen


def test_nobody_matching_says_what_to_do(client_as):
    body = client_as("home_affairs").get("/people?q=khongcoai").get_data(as_text=True)

    assert names(body) == []
    assert 'class="empty"' in body


@pytest.mark.slow
def test_list_pages_by_key_and_jumps_by_initial(client_as, as_viewer):
    with as_viewer("home_affairs") as viewer:
        for number in range(60):
            people.make_person(
                by=viewer,
                id_number=f"01108401{number:04d}",
                full_name=f"Lò Văn {number} {'ABCDEFGH'[number % 8]}anh",
            )
    client = client_as("home_affairs")

    first = client.get("/people").get_data(as_text=True)
    following = next(a.get("href") for a in parse(first).iter("a") if a.get("rel") == "next")
    second = client.get(following).get_data(as_text=True)

    assert len(names(first)) == 50
    assert len(names(second)) == 20
    assert not set(names(first)) & set(names(second))
    assert names(client.get("/people?from=T").get_data(as_text=True)) == ["Nguyễn Văn Tâm"]


def test_list_costs_few_statements(client_as, count_statements):
    client = client_as("home_affairs")
    client.get("/people")

    with count_statements() as sent:
        client.get("/people?category=civil_servant&education_from=university&cols=rank&cols=ethnicity")

    assert len(sent) <= 8


def test_leader_and_case_officer_read_but_cannot_export(client_as):
    for persona in ("leader", "case_officer"):
        client = client_as(persona)
        assert "/people/export" not in client.get("/people").get_data(as_text=True)
        assert client.get("/people/export").status_code == 403


def test_headline_figures_lead_to_exactly_the_people_they_count(client_as, whole_app, as_viewer):
    from hr.people.routes.people import headline_figures

    with as_viewer("home_affairs") as viewer, whole_app.test_request_context():
        found = {figure.code: (figure.value, figure.url) for figure in headline_figures(viewer)}

    client = client_as("home_affairs")
    assert found["officials"][0] == 8
    for value, url in found.values():
        assert len(names(client.get(url).get_data(as_text=True))) == value


def test_a_number_typed_into_the_filter_does_not_stay_in_the_address(client_as):
    answer = client_as("home_affairs").get("/people?q=011084000001")

    assert answer.status_code == 303
    assert answer.location == "/people"
