"""A wrong cell of every kind of column is refused with its place, and nothing of the file is written."""

import zipfile
from datetime import date

import pytest

from hr.people.exchange.package import FOLDER, WORKBOOK
from hr.people.exchange.reading import THERE
from tests.hr.people.exchange.conftest import changed, column, packed, rows_of

NUMBER = "A number stands here, its zeros may be lost: format the cell as text, enter it again"
DATE = "Enter a date as dd/mm/yyyy, for example 05/09/2026"
LIST = "Choose one of the list"
NO_VALUE = "This is no value for this column: format the cell as text, enter it again"
DIGITS = "The personal identification number has 12 digits; this one has 11"
NO_UNIT = "No unit has this code and first day: write them as in 03202 2025-07-01"
NOBODY = "The sheet person has nobody with this number: add the person there"
#: sheet, column, what is written there, what is told. Written by hand from the words of the forms.
CELLS = [
    ("person", "id_number", 11084000001, NUMBER),
    ("person", "id_number", "01108400001", DIGITS),
    ("person", "id_number", "0110 8400 0099", "Write it without blanks around or doubled: “011084000099”"),
    ("person", "id_number", None, "Enter the personal identification number"),
    ("person", "full_name", "Lò Văn 3", "A name holds letters only: remove digits and signs"),
    ("person", "full_name", "Lò  Văn An", "Write it without blanks around or doubled: “Lò Văn An”"),
    ("person", "full_name", None, "Enter the full name"),
    ("person", "other_name", True, NO_VALUE),
    ("person", "sex", "nam", LIST),
    ("person", "born_on", "12.3.84", DATE),
    ("person", "born_on", "31/02/1984", "There is no such day: check day and month"),
    ("person", "born_on", 30000, "A number stands here, no date: enter it as dd/mm/yyyy"),
    ("person", "born_on", "05/09/2030", "The date cannot be after today"),
    ("person", "birthplace", "x" * 301, "Field cannot be longer than 300 characters."),
    ("person", "ended_on", "01/01/2026", "Enter the last day of service"),
    ("person", "uid", "abc", "A mark has 26 characters: copy it from the export, or leave it empty"),
    ("person_background", "ethnicity", "99", LIST),
    ("person_background", "party_joined_on", "32/01/2010", "There is no such day: check day and month"),
    ("assignment", "id_number", "011084999999", NOBODY),
    ("assignment", "unit", "03202 2025-07-02", NO_UNIT),
    ("assignment", "unit", None, "Enter this field"),
    ("assignment", "division", "x", NO_UNIT),
    ("assignment", "post", None, "Enter the post"),
    ("assignment", "category", "clerk", LIST),
    ("assignment", "ends_on", "01/01/1999", "The end cannot be before the start"),
    ("assignment", "annulled_at", "yesterday", "Write the time as in 2026-07-15T08:30:00+00:00"),
    ("rank_step", "step", "two", "Enter a whole number from 1 to 20"),
    ("rank_step", "step", 2.5, NUMBER),
    ("rank_step", "coefficient", "2.345", "Enter a number, for example 3,33"),
    ("rank_step", "coefficient", None, "Enter the coefficient, for example 2.34"),
    ("qualification", "kind", "school", LIST),
    ("qualification", "level", "expert", "Choose a level from the list"),
    ("qualification", "awarded_year", 1800, "Enter a whole number from 1900 to 2200"),
    ("qualification", "serial", 7, NUMBER),
    ("qualification", "document", "a" * 26, "The sheet document has no row with this mark"),
    ("qualification", "proof_state", "seen", LIST),
    ("contact", "id_issued_on", "01/01/1950", "Enter a day after the birth and not after today"),
    ("contact", "social_insurance_number", 12, NUMBER),
    ("contact", "phone", "abc",
     "Enter a phone number of 10 or 11 digits beginning with 0, for example 0912 345 678"),
    ("origin", "general_education", "13/12", LIST),
    ("origin", "war_invalid_class", "9", LIST),
    ("military", "discharged_on", "01/01/2001", "The last day lies before the first: check both days"),
    ("check_point", "seen", "zz", "A digest has 64 characters, 0 to 9 and a to f: copy it from the export"),
    ("check_point", "note", None, "Enter what was found and on what it rests"),
    ("absence", "starts_half", "noon", LIST),
    ("absence", "ends_on", "01/03/2026", "The end cannot be before the start"),
    ("absence_reason", "kind", None, "Choose the kind of absence"),
    ("absence_reason", "absence", "a" * 26, "The sheet absence has no row with this mark"),
    ("document", "size", 3, "The file has another size"),
    ("document", "media_type", "text/html", "This kind of file is not kept here"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("sheet", "code", "value", "told"), CELLS)
def test_a_wrong_cell_is_told_with_its_place(full, out, emptied, checked, sheet, code, value, told):
    place = {}

    def spoil(page):
        place["column"] = page.cell(2, column(page, code)).column_letter
        cell = page.cell(3, column(page, code))
        cell.value, cell.number_format = value, "General"

    file = changed(out(), sheet, spoil)
    emptied()

    found = checked(file)

    first = next(item for item in found.problems if item["sheet"] == sheet)
    assert (first["row"], first["column"], first["params"]["text"]["en"]) == (3, place["column"], told)
    assert found.wrong


@pytest.mark.slow
def test_two_rows_of_one_number_are_refused(full, out, emptied, checked):
    def double(page):
        page.cell(4, column(page, "id_number")).value = page.cell(3, column(page, "id_number")).value

    file = changed(out(), "person", double)
    emptied()

    first = checked(file).problems[0]
    assert (first["sheet"], first["row"], first["params"]["text"]["en"]) == (
        "person", 4, "The same stands in row 3: keep one of them",
    )  # fmt: skip


@pytest.mark.slow
def test_two_own_places_at_a_time_are_refused(full, out, emptied, checked):
    def double(page):
        values = [cell.value for cell in page[3]]
        page.append(values)
        last = page.max_row
        page.cell(last, column(page, "uid")).value = None

    file = changed(out(), "assignment", double)
    emptied()

    told = [item["params"]["text"]["en"] for item in checked(file).problems]
    assert told == ["The person already has a place of their own in this period"]


@pytest.mark.slow
def test_a_column_without_its_code_is_refused(full, out, emptied, checked):
    def rename(page):
        page.cell(2, column(page, "post")).value = "chức vụ"

    file = changed(out(), "assignment", rename)
    emptied()

    told = [(item["row"], item["params"]["text"]["en"]) for item in checked(file).problems]
    assert told[:2] == [
        (2, "This column is not known: the second row holds the codes of the export"),
        (2, "Columns are missing: post"),
    ]


@pytest.mark.slow
def test_a_sheet_of_another_name_is_refused(full, out, emptied, checked):
    def rename(book):
        book["rank_step"].title = "ngạch"

    file = changed(out(), "", rename)
    emptied()

    assert [item["sheet"] for item in checked(file).problems] == ["ngạch"]


@pytest.mark.slow
def test_a_typed_day_is_read_like_one_of_the_spreadsheet(full, out, emptied, into, dumped):
    before = dumped()

    def type_it(page):
        cell = page.cell(3, column(page, "born_on"))
        assert cell.value.date() == date(1984, 5, 12)
        cell.value = "12/05/1984"

    file = changed(out(), "person", type_it)
    emptied()

    into(file)
    assert dumped() == before


@pytest.mark.slow
def test_people_who_are_there_already_are_named(full, out, checked):
    found = checked(out())

    assert len(found.there) == 11
    assert found.wrong
    assert found.problems == []
    assert "already" in THERE


# --- the zip --------------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"readme.txt": b"x"}, "does not belong there"),
        ({"../register.xlsx": b"x"}, "does not belong there"),
        ({f"{FOLDER}/{'0' * 64}": b"x"}, "does not have the content"),
        ({f"{FOLDER}/{'0' * 64}": b"\0" * (11 << 20)}, "unpacks to"),
        ({f"{FOLDER}/{'0' * 64}": b"\0" * (2 << 20)}, "many times its size"),
    ],
)
def test_a_zip_with_something_else_in_it_is_refused(full, out, emptied, checked, parts, told):
    with zipfile.ZipFile(out()) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    file = packed(out().with_name("more.zip"), {**whole, **parts})

    with pytest.raises(Exception, match=told):
        checked(file)


@pytest.mark.slow
def test_a_paper_that_is_left_out_is_missed(full, out, emptied, checked):
    with zipfile.ZipFile(out()) as archive:
        book = archive.read(WORKBOOK)
    emptied()

    first = checked(packed(out().with_name("less.zip"), {WORKBOOK: book})).problems[0]
    assert (first["sheet"], first["row"], first["column"]) == ("document", 3, "B")
    assert "add it, or take the row out" in first["params"]["text"]["en"]


@pytest.mark.slow
def test_a_cut_zip_is_refused(full, out, checked):
    file = out()
    file.write_bytes(file.read_bytes()[:-300])

    # What is left ends in the directory of the workbook, which is a zip of its own.
    with pytest.raises(Exception, match="does not belong there"):
        checked(file)


@pytest.mark.slow
def test_a_paper_of_another_kind_is_not_kept(full, out, emptied, into, dumped):
    def lie(page):
        page.cell(3, column(page, "media_type")).value = "image/png"

    file = changed(out(), "document", lie)
    emptied()

    with pytest.raises(Exception, match="document, "):
        into(file)
    assert rows_of(dumped(), "person") == []
