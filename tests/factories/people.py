"""People for tests: seeds with good defaults, and the few who live in every test's register.

`fill` puts eleven people into the template: in Búng Lao (commune A) four officials, a public employee
and one retired; in Na Sang (commune B) three officials, one of them seconded to Búng Lao; in the
Department of Home Affairs one official and one contract worker.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.clock import today
from core.db import db
from core.scope import Viewer, system_viewer
from core.units import unit_by_code
from hr.people.actions import create_person
from hr.people.enums import (
    AssignmentKind,
    Category,
    ManagementTier,
    ProofState,
    QualificationKind,
    ServiceStatus,
    Sex,
)
from hr.people.load import load_register
from hr.people.models import Person
from hr.people.seeds import AssignmentSeed, BackgroundSeed, PersonSeed, QualificationSeed, RankSeed
from tests.personas import BUNG_LAO, HOME_AFFAIRS, NA_SANG

MERGED_ON = date(2025, 7, 1)
EDUCATION = QualificationKind.EDUCATION
THEORY = QualificationKind.POLITICAL_THEORY
MANAGEMENT = QualificationKind.STATE_MANAGEMENT

#: Identification number by key: tests name people, not numbers.
NUMBERS = {
    "an": "011084000001",
    "hue": "011190000002",
    "sua": "011088000003",
    "on": "011195000004",
    "binh": "011092000005",
    "dung": "011060000006",
    "po": "011080000007",
    "dua": "011193000008",
    "lan": "011191000009",
    "mai": "011185000010",
    "tam": "011087000011",
}


def id_number(sex: Sex, born_on: date, serial: int) -> str:
    """A number that agrees with sex and birth."""
    century = 2 * (born_on.year // 100 - 19) + (sex is Sex.FEMALE)
    return f"011{century}{born_on.year % 100:02d}{serial:06d}"


def place(code: str = BUNG_LAO, *, division: str | None = None, **over: Any) -> AssignmentSeed:
    """An assignment in the unit that bears `code` on its first day; `division` is the number below it."""
    starts_on = over.pop("starts_on", MERGED_ON)
    unit = unit_by_code(code, starts_on)
    assert unit is not None, code
    below = unit_by_code(f"{code}.{division}", starts_on) if division else None
    values: dict[str, Any] = {
        "unit_id": unit.id,
        "division_id": below.id if below else None,
        "managing_unit_id": unit.id,
        "management_tier": ManagementTier.COMMUNE,
        "post": "Chuyên viên",
        "category": Category.CIVIL_SERVANT,
        "starts_on": starts_on,
    }
    return AssignmentSeed(**{**values, **over})


def paper(kind: QualificationKind, level: str, **over: Any) -> QualificationSeed:
    """A qualification with the original seen."""
    values: dict[str, Any] = {"proof_state": ProofState.ORIGINAL_SEEN, "awarded_on": date(2012, 6, 30)}
    return QualificationSeed(kind=kind, level=level, **{**values, **over})


def seed(**over: Any) -> PersonSeed:
    """A person of Búng Lao: a specialist in service with a rank, born 12/05/1984."""
    values: dict[str, Any] = {
        "id_number": "011084009999",
        "full_name": "Lò Văn Thử",
        "sex": Sex.MALE,
        "born_on": date(1984, 5, 12),
        "birthplace": "Xã Búng Lao, tỉnh Điện Biên",
        "native_place": "Xã Búng Lao, tỉnh Điện Biên",
        "recruited_on": date(2008, 9, 1),
        "recruited_by": "UBND huyện Mường Ảng",
        "status_since": date(2008, 9, 1),
        "ranks": (rank("01.003", 4, "3.33", date(2023, 9, 1)),),
    }
    if "assignments" not in over:
        values["assignments"] = (place(division="2"),)
    return PersonSeed(**{**values, **over})


def rank(code: str, step: int, coefficient: str, starts_on: date) -> RankSeed:
    """Rank, step and coefficient from a day."""
    return RankSeed(rank_code=code, step=step, coefficient=Decimal(coefficient), starts_on=starts_on)


def make_person(*, by: Viewer | None = None, **over: Any) -> Person:
    """Creates a person through the action; a viewer must be bound."""
    return create_person(by=by or system_viewer("factory"), seed=seed(**over))


def person(key: str) -> Person:
    """One of the people of `fill` by key; they must be visible to the viewer bound."""
    return db.session.scalars(select(Person).where(Person.id_number == NUMBERS[key])).one()


def fill() -> None:
    """Loads the people of the template."""
    load_register(
        by=system_viewer("test people", today()), people=[*_commune_a(), *_commune_b(), *_department()]
    )


def _one(key: str, name: str, born_on: date, *assignments: AssignmentSeed, **over: Any) -> PersonSeed:
    number = NUMBERS[key]
    sex = Sex.FEMALE if int(number[3]) % 2 else Sex.MALE
    return seed(id_number=number, full_name=name, sex=sex, born_on=born_on, assignments=assignments, **over)


def _commune_a() -> list[PersonSeed]:
    return [
        _one(
            "an",
            "Lò Văn An",
            date(1984, 5, 12),
            place(
                "03301", starts_on=date(2015, 3, 1), ends_on=date(2025, 6, 30), post="Phó Chủ tịch UBND xã",
                category=Category.CADRE,
            ),
            place(division="1", post="Chủ tịch UBND xã", category=Category.CADRE,
                  management_tier=ManagementTier.PROVINCIAL_PARTY),
            qualifications=(paper(EDUCATION, "university", major="Luật"), paper(THEORY, "advanced"),
                            paper(MANAGEMENT, "specialist")),
            background=BackgroundSeed(ethnicity="03", religion="Không", party_joined_on=date(2009, 2, 3),
                                      party_official_on=date(2010, 2, 3), party_post="Phó Bí thư Đảng ủy"),
        ),
        _one(
            "hue",
            "Đặng Thị Huệ",
            date(1990, 11, 2),
            place(division="2", post="Công chức tư pháp - hộ tịch"),
            recruited_on=date(2014, 1, 1),
            status_since=date(2014, 1, 1),
            qualifications=(paper(EDUCATION, "university", major="Luật"), paper(THEORY, "intermediate"),
                            paper(MANAGEMENT, "specialist", proof_state=ProofState.CLAIMED)),
            background=BackgroundSeed(ethnicity="01", religion="Không"),
        ),
        _one(
            "sua",
            "Giàng A Sùa",
            date(1988, 1, 20),
            place(division="3", post="Chuyên viên địa chính"),
            qualifications=(paper(EDUCATION, "college"), paper(THEORY, "elementary")),
            background=BackgroundSeed(ethnicity="08", religion="Tin Lành"),
        ),
        _one(
            "on",
            "Lò Thị Ổn",
            date(1995, 7, 7),
            place(division="4", kind=AssignmentKind.PROBATION),
            recruited_on=date(2025, 9, 1),
            status_since=date(2025, 9, 1),
            ranks=(),
            qualifications=(paper(EDUCATION, "elementary", awarded_on=None, awarded_year=2015),),
        ),
        _one(
            "binh",
            "Cà Văn Bình",
            date(1992, 3, 3),
            place(division="5", post="Viên chức công nghệ thông tin", category=Category.PUBLIC_EMPLOYEE),
            recruited_on=date(2016, 5, 1),
            ranks=(),
            qualifications=(paper(EDUCATION, "university", awarded_on=date(2015, 6, 30)),),
        ),
        _one(
            "dung",
            "Quàng Văn Dũng",
            date(1960, 2, 14),
            place(starts_on=date(2010, 1, 1), ends_on=date(2022, 2, 28)),
            recruited_on=date(1985, 4, 1),
            status=ServiceStatus.RETIRED,
            status_since=date(2022, 2, 28),
            ended_on=date(2022, 2, 28),
            ranks=(rank("01.003", 9, "4.98", date(2019, 4, 1)),),
            qualifications=(paper(EDUCATION, "intermediate", awarded_on=date(1984, 6, 30)),),
        ),
    ]  # fmt: skip


def _commune_b() -> list[PersonSeed]:
    return [
        _one(
            "po",
            "Vàng A Pó",
            date(1980, 9, 9),
            place(NA_SANG, division="1", post="Phó Chủ tịch UBND xã", category=Category.CADRE),
            qualifications=(paper(EDUCATION, "master"), paper(THEORY, "advanced"),
                            paper(MANAGEMENT, "principal")),
        ),
        _one(
            "dua",
            "Mùa Thị Dua",
            date(1993, 12, 24),
            place(NA_SANG, division="3"),
            recruited_on=date(2018, 1, 1),
            qualifications=(paper(EDUCATION, "intermediate", awarded_on=date(2013, 6, 30)),),
        ),
        _one(
            "lan",
            "Lường Thị Lan",
            date(1991, 4, 30),
            place(NA_SANG, division="4", post="Chuyên viên văn hóa"),
            place(
                division="4", post="Chuyên viên văn hóa", kind=AssignmentKind.SECONDED,
                starts_on=date(2026, 3, 1), ends_on=date(2026, 8, 31), decision_note="2446/QĐ-UBND",
            ),
            recruited_on=date(2015, 1, 1),
            qualifications=(paper(EDUCATION, "university", awarded_on=date(2014, 6, 30)),
                            paper(THEORY, "elementary", awarded_on=date(2017, 6, 30))),
        ),
    ]  # fmt: skip


def _department() -> list[PersonSeed]:
    return [
        _one(
            "mai",
            "Trần Thị Mai",
            date(1985, 8, 19),
            place(HOME_AFFAIRS, division="3", starts_on=date(2019, 5, 1),
                  management_tier=ManagementTier.DEPARTMENT),
            qualifications=(paper(EDUCATION, "master"), paper(THEORY, "intermediate"),
                            paper(MANAGEMENT, "specialist")),
        ),
        _one(
            "tam",
            "Nguyễn Văn Tâm",
            date(1987, 6, 1),
            place(HOME_AFFAIRS, division="2", post="Lái xe", category=Category.CONTRACT_WORKER,
                  starts_on=date(2019, 5, 1)),
            ranks=(),
        ),
    ]  # fmt: skip
