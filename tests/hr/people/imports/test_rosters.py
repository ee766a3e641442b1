"""The three sample rosters into an empty register: to the last person, on the page and by command."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from core.db import db
from core.scope import bind_viewer, system_viewer
from core.units import COMMUNE_LEVEL, Unit, unit_by_code
from hr.people.enums import HOME_KINDS, Sex
from hr.people.figures import figures
from hr.people.models import Assignment, Person
from tests.conftest import TODAY
from tests.hr.people.imports.conftest import dump, empty

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def expected(rosters):
    return json.loads((rosters / "expected.json").read_text("utf-8"))


def held(app: Any) -> dict[str, Any]:
    """What the register holds, counted from its rows."""
    viewer = system_viewer("count", TODAY)
    with app.app_context(), bind_viewer(viewer):
        own = (Assignment.kind.in_(HOME_KINDS), Assignment.ends_on.is_(None))
        units = select(Unit.kind, Unit.code, Unit.name, func.count().label("people"))
        units = units.join(Assignment, Assignment.unit_id == Unit.id).where(*own)
        rows = db.session.execute(units.group_by(Unit.kind, Unit.code, Unit.name)).all()
        women = select(func.count()).select_from(Person).where(Person.sex == Sex.FEMALE)
        return {
            "units": {row.code if row.kind in COMMUNE_LEVEL else row.name: row.people for row in rows},
            "women": db.session.scalar(women),
            "figures": {figure.code: figure.value for figure in figures(viewer, TODAY)},
        }


def check_province(app: Any, expected: dict[str, Any]) -> None:
    found = held(app)
    assert found["units"] == expected["units"]
    assert found["women"] == expected["women"]
    assert found["figures"] == {
        "officials": expected["total"],
        "commune_level": expected["commune_level"],
        "intermediate_up": expected["intermediate_or_higher"],
        "both_trained": expected["political_and_state_management"],
        "commune_university": expected["university_commune"],
    }


def run(app: Any, *arguments: str) -> Any:
    """`flask people import …`."""
    with app.app_context():
        db.session.remove()
    return app.test_cli_runner().invoke(args=["people", "import", *arguments])


def test_the_province_by_the_pages_and_by_the_command(empty_register, officer, batch_at, rosters, expected):
    """Both ways give the figures to the last person, and the same register."""
    path = rosters / "roster_province.xlsx"

    where = officer.imports(path.read_bytes(), path.name)

    batch = batch_at(where)
    assert (batch.new, batch.read) == (2587, 2587)
    check_province(empty_register, expected)
    by_pages = dump(empty_register)

    again = officer.imports(path.read_bytes(), path.name)

    second = batch_at(again)
    assert (second.new, second.changed, second.unchanged, second.read) == (0, 0, 2587, 2587)
    assert dump(empty_register) == by_pages

    empty(empty_register)
    answer = run(empty_register, str(path))

    assert (answer.exit_code, answer.stdout.strip()) == (
        0,
        "roster_province.xlsx: imported: new 2587, changed 0, conflicting 0, proposed 0, changed_here 0, "
        "unchanged 0, refused 0",
    )
    check_province(empty_register, expected)
    assert dump(empty_register) == by_pages


def test_the_commune_that_marks_with_x(empty_register, officer, batch_at, rosters, expected):
    path = rosters / "roster_bung_lao.xlsx"

    where = officer.imports(path.read_bytes(), path.name)

    batch = batch_at(where)
    assert (batch.new, batch.refused) == (expected["bung_lao"], 0)
    found = held(empty_register)
    assert found["units"] == {"03301": expected["bung_lao"]}
    assert found["figures"]["officials"] == expected["bung_lao"]
    assert "Xã Búng Lao" in officer.page(where)  # the unit is told by the title
    by_pages = dump(empty_register)

    empty(empty_register)
    answer = run(empty_register, str(path))

    assert answer.exit_code == 0
    assert dump(empty_register) == by_pages


def test_the_csv_that_names_no_unit_and_has_two_bad_rows(
    empty_register, officer, batch_at, rosters, expected
):
    path = rosters / "roster_na_sang.csv"
    with empty_register.app_context():
        unit = unit_by_code("03172", TODAY).uid

    where = officer.imports(path.read_bytes(), path.name, unit=unit)

    batch = batch_at(where)
    good = expected["na_sang"] - expected["na_sang_bad_rows"]
    assert (batch.new, batch.refused, batch.conflicting) == (good, expected["na_sang_bad_rows"], 0)
    assert held(empty_register)["units"] == {"03172": good}
    page = officer.page(where)
    for words in ("31/02/1984", "B · Ngày sinh", "01108", "E · Số CCCD"):
        assert words in page
    by_pages = dump(empty_register)

    empty(empty_register)
    answer = run(empty_register, str(path), "--unit", "03172", "--language", "en")

    assert answer.exit_code == 2
    assert answer.stderr.splitlines() == [
        "  roster_na_sang!B9: There is no such day: 31/02/1984 (31/02/1984)",
        "  roster_na_sang!E13: The personal identification number has 12 digits; this one has 5 (01108)",
    ]
    assert (
        "new 40, changed 0, conflicting 0, proposed 0, changed_here 0, unchanged 0, refused 2"
        in answer.stdout
    )
    assert dump(empty_register) == by_pages


def test_without_a_unit_the_csv_conflicts_and_writes_nobody(empty_register, rosters):
    answer = run(empty_register, str(rosters / "roster_na_sang.csv"), "--json")

    assert answer.exit_code == 1
    assert held(empty_register)["figures"]["officials"] == 0


def test_a_dry_run_writes_nothing(empty_register, rosters):
    before = dump(empty_register)

    answer = run(empty_register, str(rosters / "roster_bung_lao.xlsx"), "--dry-run", "--json")

    assert answer.exit_code == 0
    told = json.loads(answer.stdout)
    assert (told["status"], told["new"], told["problems"]) == ("discarded", 42, [])
    assert dump(empty_register) == before


def test_the_command_says_why_it_does_nothing(empty_register, tmp_path):
    page = tmp_path / "danh sách.xlsx"
    page.write_text("<html><table><tr><td>Họ và tên</td></tr></table></html>", "utf-8")

    unreadable = run(empty_register, str(page), "--language", "en")
    unknown_unit = run(empty_register, str(page), "--unit", "99999")
    nothing = tmp_path / "empty.csv"
    nothing.write_bytes(b"")

    assert (unreadable.exit_code, unreadable.stderr.strip()) == (
        1,
        "This file is a web page under another name: open it, save it as .xlsx and send it again",
    )
    assert unknown_unit.exit_code == 2
    assert "no unit has the code 99999 today" in unknown_unit.stderr
    assert run(empty_register, str(nothing)).exit_code == 1
