"""An annex against the register: pasted and from a workbook, within the viewer's reach."""

import unicodedata
from datetime import date

import pytest

from core.child import Refused
from core.tabular import write_workbook
from hr.decisions.annex.queries import find_in_file, find_in_text
from hr.people.enums import Sex
from tests.factories.people import NUMBERS, id_number, make_person, person, place
from tests.personas import NA_SANG

HEAD = ("TT", "Họ và tên", "Ngày sinh", "Số định danh", "Đơn vị", "Bậc mới")


def refused_of(found):
    """The lines refused, in the order of the annex."""
    return [entry for entry in found.entries if entry.person is None]


def pasted(*rows, head=HEAD):
    return "\n".join("\t".join(row) for row in (head, *rows))


def hung(serial, **over):
    born = date(1985, 9, 2)
    return make_person(
        full_name="Nguyễn Văn Hùng", born_on=born, id_number=id_number(Sex.MALE, born, serial), **over
    )


@pytest.fixture
def book(tmp_path):
    def make(*rows, head=HEAD, title=""):
        path = tmp_path / "phụ lục.xlsx"
        path.write_bytes(write_workbook(head, rows, title=title).getvalue())
        return path

    return make


def test_a_pasted_line_finds_the_person_with_what_tells_them_apart(system):
    found = find_in_text(system, pasted(("1", "Lò Văn An", "12/05/1984", "", "Xã Búng Lao", "5")))

    (entry,) = found.entries
    assert entry.person.uid == person("an").uid
    assert (entry.person.name, entry.person.born_on) == ("Lò Văn An", date(1984, 5, 12))
    assert (entry.person.number_end, entry.person.unit) == (NUMBERS["an"][-4:], "Xã Búng Lao")
    assert entry.line.value("new_step") == "5"
    assert entry.remarks == ()


def test_two_of_one_name_and_birthday_in_one_commune_are_never_mixed(system):
    first, second = hung(101), hung(102)
    line = ("1", "Nguyễn Văn Hùng", "02/09/1985")

    by_name = find_in_text(system, pasted((*line, "", "Xã Búng Lao", "")))
    by_number = find_in_text(system, pasted((*line, second.id_number, "Xã Búng Lao", "")))

    assert by_name.people == []
    (refused,) = refused_of(by_name)
    assert refused.refusal.code == "ambiguous"
    assert {row.uid for row in refused.candidates} == {first.uid, second.uid}
    assert [row.uid for row in by_number.people] == [second.uid]


def test_a_name_without_its_marks_is_found_by_the_day_of_birth(system):
    text = unicodedata.normalize("NFD", pasted(("1", "LO VAN AN", "12/05/1984", "", "", "")))

    assert [row.uid for row in find_in_text(system, text).people] == [person("an").uid]


def test_who_is_out_of_reach_is_unknown(as_viewer):
    line = ("1", "Lò Văn An", "12/05/1984", NUMBERS["an"], "Xã Búng Lao", "")
    with as_viewer("chair_a") as viewer:
        assert len(find_in_text(viewer, pasted(line)).people) == 1
    with as_viewer("chair_b") as viewer:
        (entry,) = find_in_text(viewer, pasted(line)).entries

    assert (entry.refusal.code, entry.candidates) == ("unknown_number", ())


def test_who_has_left_service_is_refused(system):
    (entry,) = find_in_text(system, pasted(("1", "", "", NUMBERS["dung"], "", ""))).entries

    assert entry.refusal.code == "left_service"
    assert [row.uid for row in entry.candidates] == [person("dung").uid]


@pytest.mark.slow
def test_a_workbook_is_read_in_the_child(system, book):
    number = int(NUMBERS["hue"])  # Excel has dropped the zero
    path = book(
        (1, "Lò Văn An", date(1984, 5, 12), NUMBERS["an"], "Xã Búng Lao", 5),
        (2, "§Æng ThÞ HuÖ", "", number, "", "4"),
        (3, "Lê Thị Không Có", date(1990, 1, 1), "", "Xã Búng Lao", ""),
        title="Phụ lục kèm theo Quyết định số 12/QĐ-SNV",
    )

    found = find_in_file(system, path, "phụ lục.xlsx")

    assert [row.uid for row in found.people] == [person("an").uid, person("hue").uid]
    assert [entry.line.row for entry in found.entries] == [4, 5, 6]
    assert {item.code for item in found.entries[1].remarks} == {"font_read", "id_zero"}
    assert [item.code for item in (entry.refusal for entry in refused_of(found))] == ["unknown"]
    assert [item.reason for item in found.left_out] == ["title", "header"]


@pytest.mark.slow
def test_a_file_that_is_no_workbook_says_so(system, tmp_path):
    path = tmp_path / "phụ lục.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")

    with pytest.raises(Refused) as refused:
        find_in_file(system, path, "phụ lục.xlsx")

    assert refused.value.code == "damaged"


@pytest.mark.parametrize("text", ["", "Nơi nhận: 12", "\t\t\n\t"])
def test_an_annex_that_names_nobody_is_refused(system, text):
    with pytest.raises(Refused) as refused:
        find_in_text(system, text)

    assert refused.value.code == "annex_empty"


def test_an_annex_of_more_than_a_thousand_lines_is_refused(system):
    with pytest.raises(Refused) as refused:
        find_in_text(system, pasted(*(("1", "Lò Văn An", "", "", "", "") for _line in range(1001))))

    assert refused.value.params == {"limit": 1000}


def test_statements_do_not_depend_on_the_number_of_lines(system, count_statements):
    for serial in range(20):
        hung(200 + serial, assignments=(place(NA_SANG),))
    lines = [
        (str(n), "Nguyễn Văn Hùng", "02/09/1985", f"0110850{n:05d}", "Xã Na Sang", "")
        for n in range(150, 247)
    ]
    find_in_text(system, pasted(lines[0]))
    with count_statements() as one:
        find_in_text(system, pasted(lines[0]))
    with count_statements() as many:
        found = find_in_text(system, pasted(*lines))

    assert len(found.entries) == 97
    assert len(found.people) == 20
    assert len(many) <= max(len(one), 5)
