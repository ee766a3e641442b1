"""Whom the hand-made lines of annexes mean, without a register."""

import csv
import tomllib
from pathlib import Path

import pytest

from hr.decisions.annex.matching import AnnexPerson, match_lines
from hr.decisions.annex.reader import read_text
from hr.people.roster.unitnames import UnitTable

ROOT = Path(__file__).parents[3]
with (ROOT / "tests/data/annex_lines.toml").open("rb") as file:
    TABLE = tomllib.load(file)
ANNEXES = [pytest.param(annex, id=annex["about"]) for annex in TABLE["annex"]]


@pytest.fixture(scope="module")
def units():
    with (ROOT / "core/data/dien_bien_units.csv").open(encoding="utf-8", newline="") as stream:
        communes = [{**row, "name": row["name_vi"]} for row in csv.DictReader(stream)]
    return UnitTable.of([*communes, {"code": "SNV", "name": "Sở Nội vụ"}])


@pytest.fixture(scope="module")
def people():
    return [
        AnnexPerson(
            uid=key,
            id_number=number,
            name=name,
            born_on=born_on,
            in_service=key != "dung",
            unit=code,
            unit_code=code,
        )
        for key, (number, name, born_on, code) in TABLE["person"].items()
    ]


def pasted(*lines):
    return "\n".join(lines).replace(";", "\t")


def of_annex(annex):
    head = [annex["head"]] if "head" in annex else []
    return read_text(pasted(*head, *(line for line, _expected in annex["lines"]))), len(head)


def told(entry):
    """An answer as the table writes it."""
    if entry.person is not None:
        return entry.person.uid
    return f"{entry.refusal.code}: {' '.join(person.uid for person in entry.candidates)}".strip()


@pytest.mark.parametrize("annex", ANNEXES)
def test_each_line_means_whom_the_table_says(annex, people, units):
    read, first = of_annex(annex)

    found = {entry.line.row: told(entry) for entry in match_lines(read.lines, people, units)}

    expected = [answer for _line, answer in annex["lines"]]
    assert [found.get(row, "-") for row in range(first + 1, first + 1 + len(expected))] == expected


def test_the_table_holds_at_least_forty_lines_of_people():
    answers = [answer for annex in TABLE["annex"] for _line, answer in annex["lines"] if answer != "-"]

    assert len(answers) >= 40


def test_no_line_is_lost_without_a_word():
    for param in ANNEXES:
        annex = param.values[0]
        read, first = of_annex(annex)

        assert {item.row for item in (*read.lines, *read.left_out)} == set(
            range(1, first + 1 + len(annex["lines"]))
        )


def entries(people, units, *lines):
    return match_lines(read_text(pasted(*lines)).lines, people, units)


HEAD = "TT;Họ và tên;Ngày sinh;Số định danh;Đơn vị"


@pytest.mark.parametrize(
    ("line", "code", "params"),
    [
        ("1;Lò Văn Ân;12/05/1984;011084000001;", "name_written", {"name": "Lò Văn An"}),
        ("1;Lò Văn An;13/05/1984;011084000001;", "born_otherwise", {"date": "12/05/1984"}),
        ("1;Lò Văn An;1985;011084000001;", "born_otherwise", {"date": "12/05/1984"}),
        ("1;Lò Văn An;12/05/1984;;Xã Na Sang", "other_unit", {"unit": "03301"}),
        ("1;Lò Văn An;12/05/1984;11084000001;", "id_zero", {"value": "011084000001"}),
    ],
)
def test_what_differs_from_the_register_is_remarked(people, units, line, code, params):
    (entry,) = entries(people, units, HEAD, line)

    assert entry.person.uid == "an"
    assert [(item.code, dict(item.params)) for item in entry.remarks] == [(code, params)]


def test_two_of_one_name_and_birthday_are_told_apart_by_the_end_of_the_number(people, units):
    (entry,) = entries(people, units, HEAD, "1;Nguyễn Văn Hùng;02/09/1985;;Xã Búng Lao")

    assert entry.person is None
    assert [person.number_end for person in entry.candidates] == ["0101", "0102"]
    assert dict(entry.refusal.params) == {"count": 2}


def test_twice_names_the_other_row(people, units):
    first, second = entries(
        people, units, HEAD, "1;Lò Văn An;12/05/1984;;", "2;Lò Văn An;12/05/1984;011084000001;"
    )

    assert [dict(entry.refusal.params) for entry in (first, second)] == [{"row": 3}, {"row": 2}]


def test_nobody_of_the_register_is_taken_for_another(people, units):
    """Every person's name with every other one's number is refused."""
    numbers = {person.uid: person.id_number for person in people}
    for person in people:
        for uid, number in numbers.items():
            line = f"1;{person.name};{person.born_on:%d/%m/%Y};{number};"
            (entry,) = entries(people, units, HEAD, line)

            assert entry.person is None or entry.person.uid == uid
