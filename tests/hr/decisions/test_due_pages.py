"""The list of due dates: who stands on it, how it narrows, who may read it. The day is 15/07/2026."""

from datetime import date

import pytest
from flask_babel import force_locale

from core.db import db
from core.scope import system_viewer, writing_allowed
from core.unit_book import unit_book
from hr.decisions.enums import DueKind
from hr.decisions.lines import detail_of, rule_of
from hr.decisions.queries import DueFilter, list_due
from hr.people import evidence
from hr.people.enums import AssignmentKind, Category, QualificationKind, Sex
from hr.people.ratings.actions import record_rating
from hr.people.ratings.enums import RatingLevel, RatingState
from tests.client import parse
from tests.factories import people
from tests.factories.people import EDUCATION, id_number, make_person, paper, place, rank
from tests.personas import HOME_AFFAIRS

LIST = "/due-dates"
HTMX = {"HX-Request": "true"}
END_OF_QUARTER = date(2026, 9, 30)


@pytest.fixture
def browser(client_as):
    return client_as("home_affairs")


def text(answer):
    return answer.get_data(as_text=True)


def add(**over):
    """A man born 12/05/1984 with a degree and a fresh pay step: nothing of him is due for years."""
    values = {
        "full_name": "Quàng Văn Hạn",
        "ranks": (rank("01.003", 4, "3.33", date(2026, 7, 1)),),
        "qualifications": (paper(EDUCATION, "university"),),
    }
    return make_person(**{**values, **over})


def due(viewer, first=None, last=END_OF_QUARTER, **over):
    """(kind, day) of what is due of the person `add` made."""
    rows = list_due(viewer, DueFilter(first=first, last=last, **over))
    return [(row.kind, row.on) for row in rows if row.person == "Quàng Văn Hạn"]


def test_nothing_is_due_of_who_was_raised_this_month(system):
    add()

    assert due(system) == []


def test_a_retirement_stands_on_the_last_day_of_its_month(system):
    # 03/1965 + 61y6m = 09/2026
    add(born_on=date(1965, 3, 2), id_number=id_number(Sex.MALE, date(1965, 3, 2), 9999))

    assert due(system) == [(DueKind.RETIREMENT, date(2026, 9, 30))]
    assert due(system, last=date(2026, 9, 29)) == []
    assert due(system, first=date(2026, 10, 1), last=date(2026, 12, 31)) == []


def test_a_woman_retires_by_the_ages_of_women(system):
    # 07/1969 + 57y = 07/2026
    born = date(1969, 7, 31)
    add(sex=Sex.FEMALE, born_on=born, id_number=id_number(Sex.FEMALE, born, 9999))

    assert due(system) == [(DueKind.RETIREMENT, date(2026, 7, 31))]


def test_a_pay_step_is_due_after_the_last_one(system):
    add(ranks=(rank("01.003", 3, "3.00", date(2020, 8, 1)), rank("01.003", 4, "3.33", date(2023, 8, 1))))

    assert due(system) == [(DueKind.PAY_STEP, date(2026, 8, 1))]


def test_a_step_never_raised_is_late(system):
    add(ranks=(rank("01.005", 2, "2.06", date(2023, 8, 31)),))

    # 31/08/2023 + 24 months
    assert due(system, last=date(2026, 7, 14)) == [(DueKind.PAY_STEP, date(2025, 8, 31))]


def rated(found, year, level=RatingLevel.NOT_COMPLETED, state=RatingState.CONFIRMED):
    """A rating of the person."""
    row = record_rating(by=system_viewer("factory"), person=found, year=year, level=level)
    allowed = writing_allowed.set(True)
    row.state = state
    db.session.commit()
    writing_allowed.reset(allowed)


def test_a_year_not_completed_puts_a_pay_step_off_and_the_sum_is_told(system):
    found = add(ranks=(rank("01.003", 4, "3.33", date(2023, 2, 1)),))
    rated(found, 2025)

    # 01/02/2023 + 36 + 6 months
    assert due(system) == [(DueKind.PAY_STEP, date(2026, 8, 1))]
    assert due(system, last=date(2026, 7, 31)) == []
    assert due(system, first=date(2026, 7, 1)) == [(DueKind.PAY_STEP, date(2026, 8, 1))]
    (row,) = list_due(system, DueFilter(last=END_OF_QUARTER, person=found.uid))
    with force_locale("en"):
        assert "36 + 6 months, not completed in 2025" in detail_of(row)
        assert rule_of(row).endswith("; Circular 08/2013/TT-BNV Art. 2(3)")


@pytest.mark.parametrize(
    ("level", "state"),
    [
        (RatingLevel.COMPLETED, RatingState.CONFIRMED),
        (RatingLevel.NOT_COMPLETED, RatingState.PROPOSED),
        (RatingLevel.NOT_COMPLETED, RatingState.SENT_BACK),
    ],
)
def test_only_what_is_confirmed_as_not_completed_puts_a_step_off(system, level, state):
    rated(add(ranks=(rank("01.003", 4, "3.33", date(2023, 8, 1)),)), 2025, level, state)

    assert due(system) == [(DueKind.PAY_STEP, date(2026, 8, 1))]


def test_the_rating_of_somebody_else_puts_nothing_off(system):
    add(ranks=(rank("01.003", 4, "3.33", date(2023, 8, 1)),))
    rated(people.person("hue"), 2025)

    assert due(system) == [(DueKind.PAY_STEP, date(2026, 8, 1))]


def test_the_last_step_has_no_regular_next(system):
    add(ranks=(rank("01.003", 9, "4.98", date(2020, 1, 1)),))

    assert due(system) == []


@pytest.mark.parametrize(
    ("post", "kind", "found"),
    [
        ("Trưởng phòng", AssignmentKind.MAIN, [(DueKind.TERM, date(2026, 8, 31))]),
        ("Phó Trưởng phòng", AssignmentKind.MAIN, [(DueKind.TERM, date(2026, 8, 31))]),
        ("Chuyên viên", AssignmentKind.MAIN, []),
    ],
)
def test_a_term_ends_for_who_leads(system, post, kind, found):
    add(assignments=(place(HOME_AFFAIRS, division="2", post=post, kind=kind, starts_on=date(2021, 9, 1)),))

    assert due(system) == found


def test_an_elected_cadre_has_no_term_of_appointment(system):
    add(
        assignments=(
            place(HOME_AFFAIRS, post="Giám đốc", category=Category.CADRE, starts_on=date(2021, 9, 1)),
        )
    )

    assert due(system) == []


def test_a_probation_ends_after_twelve_months(system):
    add(assignments=(place(kind=AssignmentKind.PROBATION, starts_on=date(2025, 9, 1)),))

    assert due(system) == [(DueKind.PROBATION, date(2026, 8, 31))]


def test_a_paper_is_due_unless_it_was_renewed(system):
    old = paper(QualificationKind.IT, "certificate", awarded_on=date(2021, 8, 1), expires_on=date(2026, 8, 1))
    degree = paper(EDUCATION, "university")
    add(qualifications=(degree, old))

    assert due(system) == [(DueKind.PAPER, date(2026, 8, 1))]


def test_a_renewed_paper_is_not_due(system):
    old = paper(QualificationKind.IT, "certificate", awarded_on=date(2021, 8, 1), expires_on=date(2026, 8, 1))
    new = paper(QualificationKind.IT, "certificate", awarded_on=date(2026, 6, 1), expires_on=date(2031, 6, 1))
    add(qualifications=(paper(EDUCATION, "university"), old, new))

    assert due(system) == []


def test_the_degree_is_to_be_completed_by_july_2030(system):
    add(qualifications=(paper(EDUCATION, "college"),))

    assert due(system, first=date(2030, 7, 1), last=date(2030, 7, 1)) == [(DueKind.DEGREE, date(2030, 7, 1))]
    assert due(system, first=date(2030, 7, 2), last=date(2030, 9, 30)) == []


def test_who_holds_the_degree_has_none_to_complete(system):
    add()

    assert due(system, first=date(2030, 7, 1), last=date(2030, 9, 30)) == []


def test_a_chair_sees_their_own_people_only(system, as_viewer):
    add(ranks=(rank("01.003", 4, "3.33", date(2023, 8, 1)),))
    with as_viewer("chair_a") as viewer:
        assert due(viewer) == [(DueKind.PAY_STEP, date(2026, 8, 1))]
    with as_viewer("chair_b") as viewer:
        assert due(viewer) == []


def test_the_list_narrows_by_unit_and_kind(system):
    found = add(ranks=(rank("01.003", 4, "3.33", date(2023, 8, 1)),))
    (row,) = [row for row in list_due(system, DueFilter(last=END_OF_QUARTER)) if row.person_uid == found.uid]

    unit = unit_book().by_id[row.unit_id]
    assert unit.name == "Xã Búng Lao"
    assert due(system, unit=unit.uid, kind=DueKind.PAY_STEP) == [(DueKind.PAY_STEP, date(2026, 8, 1))]
    assert due(system, unit=unit.uid, kind=DueKind.TERM) == []
    assert due(system, person=found.uid) == [(DueKind.PAY_STEP, date(2026, 8, 1))]


def test_the_page_names_what_who_where_when_and_by_which_rule(app, browser, as_viewer):
    shown = text(browser.get(f"{LIST}?quarter=2030-Q3&kind=degree"))

    assert "01/07/2030" in shown
    assert "Xã Búng Lao" in shown
    assert "11/CV-BCĐ" in shown


def test_the_page_comes_as_a_fragment_too(browser):
    assert text(browser.get(LIST, headers=HTMX)).lstrip().startswith('<div id="due-dates"')


def test_a_quarter_without_anything_says_so(browser):
    assert "empty" in text(browser.get(f"{LIST}?quarter=2199-Q1&kind=probation"))


@pytest.mark.parametrize("address", ["quarter=2026-Q5", "quarter=x", "kind=x", "unit=x", "quarter=0000-Q1"])
def test_an_address_that_names_nothing_is_not_found(browser, address):
    assert browser.get(f"{LIST}?{address}").status_code == 404


@pytest.mark.parametrize("persona", ["chair_a", "staff_a"])
def test_only_home_affairs_opens_the_list(client_as, persona):
    assert client_as(persona).get(LIST).status_code == 403


def test_the_menu_leads_to_the_list(browser):
    assert f'href="{LIST}"' in text(browser.get("/"))


def test_the_list_is_made_of_few_statements(browser, count_statements):
    browser.get(LIST)
    with count_statements() as sent:
        browser.get(f"{LIST}?quarter=2026-Q3")

    assert len(sent) <= 8


# --- on the pages of others -----------------------------------------------------------------------------
@pytest.fixture
def uid(as_viewer):
    """`uid("hue")`: the uid of one of the people of the template."""

    def find(key):
        with as_viewer("home_affairs"):
            return people.person(key).uid

    return find


def section_of(client, uid):
    """The words of the due dates on the page of a person; None without such a section."""
    found = parse(text(client.get(f"/people/{uid}"))).find(".//section[@id='due']")
    return None if found is None else " ".join("".join(found.itertext()).split())


def test_the_page_of_a_person_tells_what_falls_due_and_by_which_rule(client_as, uid, as_viewer):
    expires = paper(QualificationKind.FOREIGN_LANGUAGE, "certificate", expires_on=date(2026, 8, 1))
    with as_viewer("home_affairs") as viewer:
        evidence.add_qualification(by=viewer, person=people.person("hue"), seed=expires, stored=None)

    shown = section_of(client_as("chair_a"), uid("hue"))

    # A step of 01/09/2023 with 36 months, and the paper.
    assert "01/08/2026" in shown
    assert "01/09/2026" in shown
    assert shown.index("01/08/2026") < shown.index("01/09/2026")
    assert "ngày ghi trên văn bằng" in shown


def test_the_page_of_a_person_says_what_is_late(client_as, uid):
    # A probation from 01/07/2025 of 12 months, never ended.
    shown = section_of(client_as("chair_a"), uid("on"))

    assert "30/06/2026" in shown
    assert "quá hạn" in shown


def test_a_person_of_whom_nothing_is_due_has_no_such_section(client_as, uid):
    assert section_of(client_as("chair_a"), uid("binh")) is None


def test_the_page_of_a_person_looks_180_days_ahead(system, client_as):
    # 15/07/2026 + 180 days = 11/01/2027
    last = add(ranks=(rank("01.003", 4, "3.33", date(2024, 1, 11)),))
    after = add(id_number="011084009998", ranks=(rank("01.003", 4, "3.33", date(2024, 1, 12)),))
    client = client_as("chair_a")

    assert "11/01/2027" in section_of(client, last.uid)
    assert section_of(client, after.uid) is None


def test_my_work_tells_home_affairs_how_much_is_late_or_due_this_quarter(browser):
    rows = parse(text(browser.get("/"))).findall(".//*[@id='tasks']//tbody/tr")
    (row,) = [row for row in rows if row.find(f".//a[@href='{LIST}']") is not None]

    # Late: the probation of On. Due on 01/09/2026: the step of an, hue, sua, po, dua, lan, mai.
    words = " ".join("".join(row.itertext()).split())
    assert "1 quá hạn, 7 sẽ đến hạn đến hết ngày 30/09/2026" in words
    assert "30/06/2026" in words
    assert len(parse(text(browser.get(LIST))).findall(".//tbody/tr")) == 8


def test_my_work_counts_anew_when_something_changes(browser, as_viewer):
    browser.get("/")
    with as_viewer("home_affairs") as viewer:
        add(by=viewer, ranks=(rank("01.003", 4, "3.33", date(2023, 7, 1)),))

    assert "2 quá hạn, 7 " in text(browser.get("/"))


@pytest.mark.parametrize("persona", ["chair_a", "case_officer", "admin"])
def test_others_have_no_such_line_of_work(client_as, persona):
    assert f'href="{LIST}"' not in text(client_as(persona).get("/"))


# --- a selection becomes a draft decision ---------------------------------------------------------------
def offered(client, address):
    """Name of a person → the day offered with them to a decision."""
    rows = parse(text(client.get(f"{LIST}?{address}"))).findall(".//tbody/tr")
    ticks = [row.find(".//input[@name='due']") for row in rows]
    return {tick.get("aria-label"): tick.get("value").partition(".")[2] for tick in ticks if tick is not None}


def chosen(*picked, kind="pay_step"):
    """The address the list leads to with these (uid, day) chosen."""
    return f"/decisions/new?kind={kind}" + "".join(f"&due={uid}.{day}" for uid, day in picked)


def test_rows_of_a_kind_that_needs_a_decision_can_be_chosen(system, browser):
    add(
        # 03/1965 + 61y6m = 09/2026; retired from October. A term of 01/09/2021 ends on 31/08/2026.
        born_on=date(1965, 3, 2),
        id_number=id_number(Sex.MALE, date(1965, 3, 2), 9999),
        assignments=(place(HOME_AFFAIRS, division="2", post="Trưởng phòng", starts_on=date(2021, 9, 1)),),
        ranks=(rank("01.003", 4, "3.33", date(2023, 8, 1)),),
    )

    assert offered(browser, "kind=retirement")["Quàng Văn Hạn"] == "2026-10-01"
    assert offered(browser, "kind=term")["Quàng Văn Hạn"] == "2026-09-01"
    assert offered(browser, "kind=pay_step")["Quàng Văn Hạn"] == "2026-08-01"
    assert offered(browser, "kind=degree&quarter=2030-Q3") == {}
    assert offered(browser, "") == {}


def test_all_on_a_page_are_chosen_without_scripts(browser):
    page = parse(text(browser.get(f"{LIST}?kind=pay_step&choose=all")))
    ticks = page.findall(".//input[@name='due']")

    assert len(ticks) == 7
    assert all(tick.get("checked") is not None for tick in ticks)


def test_the_chosen_become_a_draft_decision(system, browser):
    late = (rank("01.003", 4, "3.33", date(2023, 7, 1)),)
    people = [add(ranks=late), add(full_name="Quàng Văn Muộn", id_number="011084009998", ranks=late)]
    form = browser.form(chosen(*((person.uid, "2026-07-01") for person in people)))

    assert form["kind"] == "pay_step"
    assert form["effective_on"] == "01/07/2026"
    answer = browser.post("/decisions/new", data={**form, "office": "Ủy ban nhân dân xã Búng Lao"})
    assert answer.status_code == 303
    shown = text(browser.get(answer.location))
    # Both at step 4 of specialist; the next step is the fifth.
    assert shown.count("Chuyên viên, bậc 5") == 2
    assert "Quàng Văn Hạn" in shown
    assert "Quàng Văn Muộn" in shown


def test_days_that_differ_are_left_to_whoever_drafts(browser, uid):
    form = browser.form(chosen((uid("hue"), "2026-09-01"), (uid("sua"), "2026-08-01")))

    assert form["effective_on"] == ""
    assert len(form["people"].splitlines()) == 3


def test_with_nobody_chosen_the_draft_has_its_kind_alone(browser):
    form = browser.form(chosen(kind="retirement"))

    assert (form["kind"], form["effective_on"], form["people"].strip()) == ("retirement", "", "")


@pytest.mark.parametrize("picked", ["x.2026-09-01", "a" * 26 + ".2026-09-01", "{hue}.", "{hue}.2026-13-01"])
def test_a_choice_that_names_nobody_is_not_found(browser, uid, picked):
    assert browser.get(f"/decisions/new?kind=pay_step&due={picked.format(hue=uid('hue'))}").status_code == 404


def test_opening_the_draft_of_a_selection_takes_few_statements(browser, uid, count_statements):
    address = chosen((uid("hue"), "2026-09-01"), (uid("sua"), "2026-09-01"), (uid("mai"), "2026-09-01"))
    browser.get(address)
    with count_statements() as sent:
        browser.get(address)

    assert len(sent) <= 8


def test_who_stands_in_a_draft_of_this_kind_is_marked_and_not_chosen_with_all(browser, uid):
    form = browser.form(chosen((uid("hue"), "2026-09-01")))
    where = browser.post("/decisions/new", data={**form, "office": "Ủy ban nhân dân xã Búng Lao"}).location

    page = parse(text(browser.get(f"{LIST}?kind=pay_step&quarter=2026-Q3&choose=all")))

    rows = {row.find(".//td//a").text: row for row in page.iterfind(".//tbody/tr")}
    drafted = rows.pop("Đặng Thị Huệ")
    assert drafted.find(f".//a[@href='{where}']") is not None
    assert drafted.find(".//input[@type='checkbox']").get("checked") is None
    assert rows
    assert all(row.find(".//input[@type='checkbox']").get("checked") is not None for row in rows.values())


def test_a_draft_of_nobody_says_to_choose_people_first(browser):
    answer = browser.get("/decisions/new?kind=pay_step&chosen=1")

    assert answer.status_code == 422
    assert "Chọn người" in text(answer)
