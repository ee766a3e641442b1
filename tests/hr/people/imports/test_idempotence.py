"""Planning after applying: the same line never changes anything twice."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hr.people.codes import LEVELS, RANKS
from hr.people.enums import Category, ProofState
from hr.people.imports.enums import LineOutcome
from hr.people.imports.matching import PAPERS, plan_line
from hr.people.imports.plans import Held, HeldPaper, HeldPlace, HeldRank, Plan
from tests.hr.people.imports.samples import DAY, HELD, PLACE, UNITS, line

pytestmark = pytest.mark.slow


def applied(found: Plan, held: Held | None) -> Held:
    """A model of what confirming writes, apart from the code that writes it."""
    if found.seed is not None:
        return _entered(found)
    assert held is not None
    place, rank = held.place, held.rank
    if found.place is not None:
        place = HeldPlace(99, **{name: getattr(found.place, name) for name in list(PLACE.__slots__)[1:]})
    if found.rank is not None:
        rank = HeldRank(found.rank.rank_code, found.rank.step, found.rank.coefficient, found.rank.starts_on)
    filled = {paper.id: details for paper, details in found.fills}
    papers = [replace(paper, **filled.get(paper.id, {})) for paper in held.papers]
    papers += [_held_paper(50 + n, paper) for n, paper in enumerate(found.papers)]
    return replace(
        held,
        facts={**held.facts, **found.facts},
        background={**held.background, **found.background},
        place=place,
        rank=rank,
        papers=tuple(papers),
    )


def _entered(found: Plan) -> Held:
    seed = found.seed
    assert seed is not None
    (place,) = seed.assignments
    background = seed.background
    return Held(
        id=1,
        uid="b" * 26,
        version=1,
        in_service=True,
        facts={name: getattr(seed, name) for name in HELD.facts},
        background={name: getattr(background, name, None) for name in HELD.background},
        place=HeldPlace(98, **{name: getattr(place, name) for name in list(PLACE.__slots__)[1:]}),
        beside=frozenset(),
        rank=next((HeldRank(r.rank_code, r.step, r.coefficient, r.starts_on) for r in seed.ranks), None),
        papers=tuple(_held_paper(n, paper) for n, paper in enumerate(seed.qualifications)),
    )


def _held_paper(key: int, paper: Any) -> HeldPaper:
    details = (paper.major, paper.issuer, paper.awarded_year, paper.proof_state)
    return HeldPaper(key, paper.kind, paper.level, *details)


WORDS = st.sampled_from(["Luật", "Kế toán", "Tin học", "Xã Búng Lao", "Sơn La"])
DAYS = st.dates(date(2005, 1, 1), DAY)
LEVEL = {kind: st.sampled_from(list(LEVELS[kind])) for kind in PAPERS}


@st.composite
def lines(draw: Any) -> dict[str, Any]:
    """Lines as the reader makes them: typed where a cell is filled, None where it is blank."""
    maybe = lambda strategy: draw(st.none() | strategy)  # noqa: E731
    day = lambda strategy: (found := maybe(strategy)) and found.isoformat()  # noqa: E731
    code = maybe(st.sampled_from([*RANKS, "06.031"]))
    stated = maybe(st.sampled_from([category.value for category in Category]))
    return {
        **line(),
        "full_name": draw(st.sampled_from(["Lò Văn Ổn", "Lò Văn Ôn", "LÒ VĂN ỔN", "Lò Ổn"])),
        "sex": draw(st.sampled_from(["male", "female"])),
        **{name: maybe(WORDS) for name in ("other_name", "birthplace", "native_place", "religion")},
        "recruited_on": day(DAYS),
        "party_joined_on": day(DAYS),
        "ethnicity": maybe(st.sampled_from(["01", "03"])),
        "unit": maybe(st.sampled_from(["03301", "03172"])),
        "division": maybe(st.sampled_from(["Phòng Kinh tế", "VĂN PHÒNG", "Tổ 3"])),
        "post": maybe(st.sampled_from(["Chuyên viên", "chuyên viên", "Chủ tịch UBND"])),
        "category": stated or "cadre",
        "inferred": [] if stated else ["category"],
        "rank_code": code,
        "step": maybe(st.integers(1, 9)),
        "coefficient": maybe(st.sampled_from(["3.33", "3.66", "4.40"])),
        "step_since": day(DAYS),
        **{name: maybe(LEVEL[kind]) for kind, name in PAPERS.items()},
        **{name: maybe(WORDS) for name in ("major", "issuer", "it_detail", "foreign_language_detail")},
        "graduated": maybe(st.integers(2002, 2020)),
    }


@st.composite
def people(draw: Any) -> Held | None:
    if draw(st.booleans()):
        return None
    kinds = st.sampled_from(list(PAPERS))
    papers = []
    for key in range(draw(st.integers(0, 4))):
        kind = draw(kinds)
        details = [
            draw(st.none() | WORDS),
            draw(st.none() | WORDS),
            draw(st.none() | st.integers(2002, 2020)),
        ]
        papers.append(HeldPaper(key, kind, draw(LEVEL[kind]), *details, draw(st.sampled_from(ProofState))))
    category = draw(st.sampled_from(Category))
    place = replace(PLACE, starts_on=draw(st.dates(date(2025, 7, 1), date(2026, 7, 10))), category=category)
    beside = draw(st.frozensets(st.sampled_from([(2, "Chuyên viên"), (1, "Chủ tịch UBND")])))
    rank = draw(st.none() | st.just(HELD.rank))
    return replace(HELD, place=place, papers=tuple(papers), beside=beside, rank=rank)


@settings(max_examples=400, deadline=None)
@given(lines(), people())
def test_what_was_applied_once_changes_nothing_again(values, held):
    """Whatever a line says: once it is written, the same line means nothing new."""
    first = plan_line(values, held, UNITS, DAY)
    if first.outcome not in (LineOutcome.NEW, LineOutcome.CHANGED):
        assert first.outcome is LineOutcome.CONFLICTING or not first.changes
        return

    second = plan_line(values, applied(first, held), UNITS, DAY)

    assert (second.outcome, second.changes) == (LineOutcome.UNCHANGED, {})
