"""Three ways against the table written by hand, and who a line is. Pure: no database, no file."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr.people.enums import ProofState
from hr.people.imports.enums import LineOutcome
from hr.people.imports.identity import tell
from hr.people.imports.plans import HeldPaper, Plan
from hr.people.imports.reconciling import asked, line_kind, reconcile, settle
from tests.hr.people.imports.samples import DAY, EDUCATION, HELD, PLACE, UNITS, line

TABLE = tomllib.loads((Path(__file__).parents[3] / "data" / "reconcile.toml").read_text("utf-8"))
KINDS = {(case["last"], case["register"], case["file"]): case["kind"] for case in TABLE["value"]}
#: Fields whose values are free text, so that any value may stand in them.
FREE = {
    "birthplace": "facts",
    "native_place": "facts",
    "other_name": "facts",
    "religion": "background",
}


def three_ways(last: Any, register: Any, file: Any, field: str = "birthplace") -> Plan:
    """The plan of a line in which only `field` may differ. `last`: "-" for no import before."""
    held = replace(HELD, **{FREE[field]: {**getattr(HELD, FREE[field]), field: register or None}})
    rest = {"native_place": None}
    before = None if last == "-" else line(**{**rest, field: last})
    return reconcile(line(**{**rest, field: file}), held, UNITS, DAY, before)


def as_letters(last: str, register: str, file: str) -> tuple[str, ...]:
    """The same combination in the letters of the table: a for the first value met, b for the next."""
    letters: dict[str, str] = {"": "", "-": "-"}
    for value in (last, register, file):
        letters.setdefault(value, "abc"[len(letters) - 2])
    return tuple(letters[value] for value in (last, register, file))


@pytest.mark.parametrize(
    "case", TABLE["value"], ids=lambda c: "·".join((c["last"], c["register"], c["file"]))
)
def test_each_value_of_the_table(case):
    found = three_ways(case["last"], case["register"], case["file"])

    assert found.outcome == case["kind"], case["why"]


words = st.sampled_from(["", "Bản Bó", "Bản Mới", "Tủa Chùa", "bản bó"])


@given(last=words | st.just("-"), register=words, file=words, field=st.sampled_from(sorted(FREE)))
def test_any_combination_is_as_the_table_says(last, register, file, field):
    found = three_ways(last, register, file, field)

    assert found.outcome == KINDS[as_letters(last, register, file)]


@given(last=words | st.just("-"), register=words, file=words)
def test_what_changed_here_stays_and_what_conflicts_is_asked(last, register, file):
    found = three_ways(last, register, file)

    match KINDS[as_letters(last, register, file)]:
        case "changed":
            assert (found.facts, found.kept) == ({"birthplace": file}, {})
        case "changed_here":
            assert (found.facts, found.kept) == ({}, {"birthplace": [register or None, file]})
        case "conflicting":
            assert asked(found.kinds) == ["birthplace"]
            assert found.kinds["birthplace"] == ["conflicting", last]
        case _:
            assert (found.changes, found.kept, found.facts) == ({}, {}, {})


@pytest.mark.parametrize("case", TABLE["line"], ids=lambda case: "+".join(case["values"]))
def test_a_line_is_its_gravest_value(case):
    assert line_kind(LineOutcome(value) for value in case["values"]) == case["kind"]


PLACES = {
    # kind of the unit → unit of the last import, of the register, of the file
    "changed_here": ("03172", 1, "03172"),
    "conflicting": ("03999", 1, "03172"),
    "changed": ("03301", 1, "03172"),
    "unchanged": ("03301", 1, "03301"),
}
POSTS = {"changed": ("Chuyên viên", "Kế toán"), "changed_here": ("Văn thư", "Văn thư")}


@pytest.mark.parametrize("case", TABLE["place"], ids=lambda case: f"{case['unit']}-{case['post']}")
def test_news_of_a_post_are_news_of_its_unit(case):
    last_unit, _held, unit = PLACES[case["unit"]]
    last_post, post = POSTS[case["post"]]
    units = replace(UNITS, units={**UNITS.units, "03999": 3}, names={**UNITS.names, 3: "Xã Khác"})

    found = reconcile(line(unit=unit, post=post), HELD, units, DAY, line(unit=last_unit, post=last_post))

    kind = found.kinds.get("post", ["changed"])[0]
    assert kind == case["kind"]


@pytest.mark.parametrize(
    "case", TABLE["who"], ids=lambda c: f"{c['number'] or 'none'}-{c['alike']}-{c['twice']}"
)
def test_who_a_line_is(case):
    row = {
        "full_name": "NGUYỄN VĂN HÙNG",
        "born_on": "1988-05-12",
        "id_number": {"known": "1", "unknown": "2", "": None}[case["number"]],
    }
    other = {**row, "full_name": "Nguyễn Văn Hùng", "id_number": row["id_number"] and "3"}
    there = {("nguyen van hung", date(1988, 5, 12)): range(7, 7 + case["alike"])}

    first, *_rest = tell([row, other] if case["twice"] else [row], {"1"}, there, taken=())

    assert first.who == case["outcome"], case["why"]


def test_who_has_a_line_of_their_own_is_nobody_else():
    row = {"full_name": "Nguyễn Văn Hùng", "born_on": "1988-05-12", "id_number": "2"}
    there = {("nguyen van hung", date(1988, 5, 12)): [7, 8]}

    (one,) = tell([row], (), there, taken={7})
    (none,) = tell([row], (), there, taken={7, 8})

    assert (one.who, one.candidates) == ("proposed", (8,))
    assert none.who == "new"


# --- parts of a line ----------------------------------------------------------------------------------
def test_a_move_decided_here_is_not_taken_back_by_the_old_list():
    """The list still has the old place; the place of the register began after the day of the list."""
    moved = replace(HELD, place=replace(PLACE, unit_id=2, division_id=None, starts_on=date(2026, 7, 1)))

    found = reconcile(line(), moved, UNITS, DAY, line())

    assert (found.outcome, found.conflict) == (LineOutcome.CHANGED_HERE, None)
    assert found.kept == {"unit": ["Xã Na Sang", "Xã Búng Lao"]}
    assert (found.changes, found.place) == ({}, None)


def test_a_new_step_beside_a_name_corrected_here():
    named = replace(HELD, facts={**HELD.facts, "full_name": "Lò Văn Ôn"})

    found = reconcile(line(step=5, coefficient="3.66"), named, UNITS, DAY, line())

    assert found.outcome is LineOutcome.CHANGED
    assert (found.facts, list(found.changes)) == ({}, ["rank"])
    assert found.kept == {"full_name": ["Lò Văn Ôn", "Lò Văn Ổn"]}


def test_a_paper_struck_out_here_does_not_come_back():
    struck = replace(HELD, papers=())

    found = reconcile(line(), struck, UNITS, DAY, line())

    assert (found.outcome, found.papers) == (LineOutcome.CHANGED_HERE, [])


def test_a_higher_paper_entered_here_contradicts_nothing():
    paper = HeldPaper(10, EDUCATION, "university", None, None, 2015, ProofState.CLAIMED)

    found = reconcile(line(), replace(HELD, papers=(*HELD.papers, paper)), UNITS, DAY, line())

    assert found.outcome is LineOutcome.UNCHANGED


def test_a_category_that_follows_from_the_post_is_no_statement_of_before():
    """What the reader infers says nothing about which side has moved."""
    before = line(category="cadre", inferred=["category"])

    found = reconcile(line(category="public_employee"), HELD, UNITS, DAY, before)

    assert found.outcome is LineOutcome.CHANGED


# --- a choice -------------------------------------------------------------------------------------------
def conflict() -> Plan:
    named = replace(HELD, facts={**HELD.facts, "full_name": "Lò Văn Ôn", "born_on": date(1984, 3, 4)})
    return reconcile(FILE, named, UNITS, DAY, line())


FILE = line(full_name="Lò Văn Ơn", born_on="1984-03-02", birthplace="Bản Bó")


@pytest.mark.parametrize(("side", "facts"), [("file", {"full_name": "Lò Văn Ơn"}), ("register", {})])
def test_a_conflict_is_written_as_it_was_chosen_and_the_rest_with_it(side, facts):
    shown = conflict()
    assert (shown.outcome, asked(shown.kinds)) == (LineOutcome.CONFLICTING, ["full_name"])

    settled = settle(FILE, shown.person, UNITS, DAY, shown, {"full_name": side})

    assert settled.facts == {"birthplace": "Bản Bó", **facts}
    assert settled.outcome is LineOutcome.CHANGED


def test_a_place_that_began_later_is_kept_by_choice_and_refused_otherwise():
    held = replace(HELD, place=replace(PLACE, post="Trưởng phòng", starts_on=date(2026, 7, 1)))
    values = line(post="Kế toán")
    shown = reconcile(values, held, UNITS, DAY, line())

    kept = settle(values, held, UNITS, DAY, shown, {"post": "register"})
    taken = settle(values, held, UNITS, DAY, shown, {"post": "file"})

    assert (kept.conflict, kept.place) == (None, None)
    assert taken.conflict is not None


def test_another_number_of_one_person_is_always_asked():
    held = replace(HELD, number="011084000001")
    values = line(id_number="011084000009")
    shown = reconcile(values, held, UNITS, DAY, None)

    taken = settle(values, held, UNITS, DAY, shown, {"id_number": "file"})
    kept = settle(values, held, UNITS, DAY, shown, {"id_number": "register"})

    assert asked(shown.kinds) == ["id_number"]
    assert taken.facts == {"id_number": "011084000009"}
    assert kept.facts == {}
    assert reconcile(values, held, UNITS, DAY, values).outcome is LineOutcome.CHANGED_HERE
