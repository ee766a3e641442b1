"""A person as the register holds them, and a line of a roster that says the same."""

from datetime import date
from decimal import Decimal
from typing import Any

from hr.people.enums import AssignmentKind, Category, ManagementTier, ProofState, QualificationKind, Sex
from hr.people.imports.matching import plan_line
from hr.people.imports.plans import Held, HeldPaper, HeldPlace, HeldRank, Plan, UnitKeys

DAY = date(2026, 6, 30)
UNITS = UnitKeys(
    units={"03301": 1, "03172": 2},
    names={1: "Xã Búng Lao", 2: "Xã Na Sang", 11: "Phòng Kinh tế", 12: "Văn phòng", 21: "Phòng Kinh tế"},
    divisions={(1, "phong kinh te"): 11, (1, "van phong"): 12, (2, "phong kinh te"): 21},
    since=dict.fromkeys((1, 2, 11, 12, 21), date(2025, 7, 1)),
)
EDUCATION = QualificationKind.EDUCATION
PLACE = HeldPlace(
    id=7,
    unit_id=1,
    division_id=11,
    post="Chuyên viên",
    kind=AssignmentKind.MAIN,
    category=Category.CIVIL_SERVANT,
    managing_unit_id=1,
    management_tier=ManagementTier.COMMUNE,
    starts_on=date(2025, 7, 1),
)
HELD = Held(
    id=5,
    uid="a" * 26,
    version=3,
    in_service=True,
    facts={
        "full_name": "Lò Văn Ổn", "other_name": None, "sex": Sex.MALE, "born_on": date(1984, 3, 2),
        "birthplace": None, "native_place": "Xã Búng Lao", "recruited_on": date(2008, 9, 1),
    },
    background={"ethnicity": "03", "religion": None, "party_joined_on": None, "party_official_on": None},
    place=PLACE,
    beside=frozenset(),
    rank=HeldRank("01.003", 4, Decimal("3.33"), date(2023, 9, 1)),
    papers=(HeldPaper(9, EDUCATION, "college", "Luật", None, 2007, ProofState.CLAIMED),),
    number="011084000001",
)  # fmt: skip


def line(**over: Any) -> dict[str, Any]:
    """A line that says what HELD holds, but for what is given."""
    values: dict[str, Any] = {
        "sheet": "S", "row": 2, "id_number": "011084000001", "full_name": "Lò Văn Ổn", "sex": "male",
        "born_on": "1984-03-02", "unit": "03301", "post": "Chuyên viên", "category": "civil_servant",
        "rank_code": "01.003", "step": 4, "coefficient": "3.33", "education": "college", "major": "Luật",
        "graduated": 2007, "ethnicity": "03",
    }  # fmt: skip
    return {**values, **over}


def plan(held: Held | None = HELD, day: date = DAY, **over: Any) -> Plan:
    return plan_line(line(**over), held, UNITS, day)
