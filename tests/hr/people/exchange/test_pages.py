"""Whole files on the screens and from the command line: who may, what is told, what is written."""

import json

import pytest

from core.audit import AuditType
from hr.people.imports import reading
from tests.hr.people.exchange.conftest import changed, column, rows_of
from tests.hr.people.imports.conftest import Importer

URL = "/people/export/whole-files"


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """The answer comes when the reading is done."""
    monkeypatch.setattr(reading, "PATIENCE", 60.0)


@pytest.fixture
def officer(client_as):
    client = client_as("home_affairs")
    client.set_cookie("lang", "en")
    return Importer(client)


# --- out ------------------------------------------------------------------------------------------------
def test_export_asks_what_for(client_as, logged):
    assert client_as("home_affairs").send(URL, {"purpose": " "}).status_code == 422
    assert logged(AuditType.FILES_EXPORTED) == []


@pytest.mark.slow
def test_export_is_a_zip_of_the_list_and_one_row_in_the_log(full, client_as, logged, checked, tmp_path):
    answer = client_as("home_affairs").send(f"{URL}?category=cadre", {"purpose": "chuyển sổ"})

    assert answer.status_code == 200
    assert "ho-so-day-du-2026-07-15.zip" in answer.headers["Content-Disposition"]
    target = tmp_path / "list.zip"
    target.write_bytes(answer.data)
    (event,) = logged(AuditType.FILES_EXPORTED)
    told = json.loads(event.values)
    assert (event.reason, told["people"], list(told["filters"])) == ("chuyển sổ", 2, ["as_of", "category"])
    assert len(checked(target).files) == 2


def test_page_says_who_leaves_and_offers_everybody(officer):
    body = officer.page(URL)

    assert "Contact and papers" in body
    assert f'href="{URL}?status=any"' in body
    assert f'href="{URL}"' in officer.page("/people/export")


@pytest.mark.parametrize("persona", ["chair_a", "staff_a", "leader", "case_officer", "admin", "nobody"])
def test_others_take_nothing(client_as, persona, logged):
    assert client_as(persona).get(URL).status_code == 403
    assert logged(AuditType.FILES_EXPORTED) == []


def test_a_chair_is_not_even_offered_it(client_as):
    assert URL not in client_as("chair_a").get("/people/export").get_data(as_text=True)


# --- in -------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_file_is_checked_shown_and_written(full, out, emptied, officer, dumped):
    before = dumped()
    content = out().read_bytes()
    emptied()

    where = officer.read(content, "whole.zip")
    page = officer.page(where)
    assert rows_of(dumped(), "person") == []
    assert "Import 11 people" in page
    assert "qualification" in page

    assert officer.decide(where, "confirm").status_code == 303
    assert dumped() == before
    assert "The register holds what was accepted of this file" in officer.page(where)


@pytest.mark.slow
def test_one_wrong_cell_stops_all_of_it_and_is_told(full, out, emptied, officer, dumped):
    def spoil(page):
        page.cell(3, column(page, "category")).value = "clerk"

    content = changed(out(), "assignment", spoil).read_bytes()
    emptied()
    where = officer.read(content, "whole.zip")

    page = officer.page(where)
    assert "taken whole or not at all" in page
    assert f'action="{where}/confirm"' not in page
    problems = officer.page(f"{where}/problems")
    for words in ("row 3", "clerk", "Choose one of the list", "assignment"):
        assert words in problems
    officer.client.set_cookie("lang", "vi")
    assert "Choose one of the list" not in officer.page(f"{where}/problems")
    assert officer.decide(where, "discard").status_code == 303
    assert rows_of(dumped(), "person") == []


@pytest.mark.slow
def test_who_has_no_account_here_is_told_and_stops_nothing(full, out, emptied, officer):
    def rename(page):
        page.cell(3, column(page, "proof_by")).value = "nguoi.la"

    content = changed(out(), "qualification", rename).read_bytes()
    emptied()
    where = officer.read(content, "whole.zip")

    page = officer.page(where)
    assert "No account here has these sign-in names" in page
    assert "nguoi.la" in page
    assert f'action="{where}/confirm"' in page


@pytest.mark.slow
def test_people_who_are_there_are_named_and_nothing_is_written(full, out, officer, dumped):
    before = dumped()

    where = officer.read(out().read_bytes(), "whole.zip")

    page = officer.page(where)
    assert f'action="{where}/confirm"' not in page
    lines = officer.page(f"{where}/lines?outcome=refused")
    assert lines.count("is in the register already") == 11
    assert dumped() == before


@pytest.mark.slow
def test_a_confirmation_sent_by_hand_writes_nothing(full, out, emptied, officer, into, dumped):
    file = out()
    emptied()
    where = officer.read(file.read_bytes(), "whole.zip")
    into(file)
    before = dumped()

    answer = officer.decide(where, "confirm")

    assert answer.status_code == 422
    assert "Nothing of this file can be written" in answer.get_data(as_text=True)
    assert dumped() == before


# --- from the command line ------------------------------------------------------------------------------
@pytest.mark.slow
def test_commands_carry_everybody_over(full, emptied, dumped, tmp_path):
    before, file = dumped(), tmp_path / "whole.zip"
    runner = full.test_cli_runner()

    assert runner.invoke(args=["people", "export", str(file)]).exit_code == 0
    again = runner.invoke(args=["people", "export", str(file)])
    assert (again.exit_code, "is there already" in again.output) == (1, True)
    emptied()
    taken = runner.invoke(args=["people", "import", str(file), "--json"])

    assert taken.exit_code == 0, taken.output
    assert json.loads(taken.output)["new"] == 11
    assert dumped() == before


@pytest.mark.slow
def test_command_tells_wrong_cells_by_place(full, out, emptied, dumped):
    def spoil(page):
        page.cell(3, column(page, "serial")).value = 7

    file = changed(out(), "qualification", spoil)
    emptied()

    told = full.test_cli_runner().invoke(args=["people", "import", str(file), "--language", "en"])

    assert told.exit_code == 1
    assert "A number stands here" in told.output
    assert rows_of(dumped(), "person") == []


@pytest.mark.slow
def test_a_book_as_it_leaves_excel_is_read(full, out, emptied, into, dumped):
    """Saved by another program: other styles, shared strings, the same contents."""
    before = dumped()
    file = changed(out(), "", lambda book: book.active)
    emptied()

    into(file)
    assert dumped() == before
