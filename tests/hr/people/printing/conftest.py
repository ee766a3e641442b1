"""Two files for paper: one that holds something of everything, one that holds nearly nothing."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from core.db import db
from core.files import store_portrait
from core.marks import set_mark
from hr.people.enums import AssignmentKind, QualificationKind, Sex, StudyForm
from hr.people.groups import actions as groups
from hr.people.groups.enums import FamilySide, Relation, RewardLevel
from hr.people.groups.models import ON
from hr.people.groups.registry import GROUPS
from hr.people.models import Person
from hr.people.photos.actions import set_photo
from hr.people.seeds import BackgroundSeed
from tests.factories import people
from tests.factories.pictures import photograph
from tests.personas import NA_SANG

CONTACT = {
    "phone": "0915000001",
    "registered_address": "Bản Búng, xã Búng Lao",
    "current_address": "Tổ 4, xã Búng Lao",
    "id_issued_on": date(2021, 5, 10),
    "id_issued_by": "Cục Cảnh sát QLHC về TTXH",
    "social_insurance_number": "1108000001",
}
ORIGIN = {
    "job_before": "Giáo viên",
    "main_duty": "Phụ trách kinh tế",
    "strength": "Tổng hợp",
    "general_education": "12/12",
    "policy_group": "Con thương binh",
    "war_invalid_class": "4/4",
}
MILITARY = {"enlisted_on": date(2003, 2, 1), "discharged_on": date(2004, 8, 1), "top_rank": "Hạ sĩ"}
ROWS = [
    ("rewards", {"year": 2019, "reward": "Giấy khen", "level": RewardLevel.GRASSROOTS}),
    ("rewards", {"year": 2024, "reward": "Bằng khen", "level": RewardLevel.PROVINCE}),
    ("memberships", {"organisation": "Đoàn TNCS Hồ Chí Minh", "joined_on": date(2000, 3, 26)}),
    ("memberships", {"organisation": "Công đoàn", "joined_on": date(2008, 9, 1)}),
    (
        "family",
        {
            "side": FamilySide.OWN,
            "relation": Relation.FATHER,
            "full_name": "Lò Văn Páo",
            "born_year": 1955,
            "native_place": "Xã Búng Lao",
            "occupation": "Làm ruộng",
        },
    ),
    (
        "family",
        {
            "side": FamilySide.SPOUSE,
            "relation": Relation.MOTHER,
            "full_name": "Quàng Thị Inh",
            "born_year": 1960,
            "residence": "Xã Na Sang",
        },
    ),
    (
        "health",
        {
            "examined_on": date(2026, 3, 1),
            "state": "Tốt",
            "height": 165,
            "weight": 60,
            "blood_group": "O",
        },
    ),
    ("history", {"from_year": 2003, "to_year": 2004, "account": "Bộ đội, Bộ CHQS tỉnh"}),
    (
        "relatives_abroad",
        {
            "relation": Relation.SIBLING,
            "full_name": "Lò Thị Xuân",
            "born_year": 1980,
            "country": "Lào",
            "occupation": "Công nhân",
        },
    ),
]


def switch_on(by):
    """The groups that are off until the province wants them."""
    for group in GROUPS.values():
        if not group.enabled:
            set_mark(by=by, key=group.table.switch, value=ON)


@pytest.fixture
def full(system) -> str:
    """uid of a specialist of Búng Lao whose file holds something of everything."""
    person = people.make_person(
        id_number="011084000777",
        full_name="Lò Văn Đủ",
        other_name="Lò Văn Đầy",
        assignments=(
            people.place(NA_SANG, starts_on=date(2025, 7, 1), ends_on=date(2026, 1, 31), post="Chuyên viên"),
            people.place(division="2", starts_on=date(2026, 2, 1), post="Phó Trưởng phòng"),
            people.place(kind=AssignmentKind.CONCURRENT, starts_on=date(2026, 3, 1), post="Thủ quỹ"),
        ),
        ranks=(
            people.rank("01.003", 3, "3.00", date(2020, 9, 1)),
            people.rank("01.003", 4, "3.33", date(2023, 9, 1)),
        ),
        qualifications=(
            people.paper(people.EDUCATION, "university", major="Luật", issuer="Trường Đại học Luật Hà Nội",
                         serial="QH-77", studied_from=date(2008, 9, 1), studied_to=date(2012, 6, 1),
                         study_form=StudyForm.FULL_TIME),
            people.paper(people.EDUCATION, "college", awarded_on=None, awarded_year=2005),
            people.paper(people.THEORY, "advanced"),
            people.paper(people.MANAGEMENT, "specialist"),
            people.paper(QualificationKind.IT, "certificate"),
        ),
        background=BackgroundSeed(ethnicity="03", religion="Không", party_joined_on=date(2009, 2, 3),
                                  party_official_on=date(2010, 2, 3), party_post="Phó Bí thư Chi bộ"),
    )  # fmt: skip
    for code, values in (("contact", CONTACT), ("origin", ORIGIN), ("military", MILITARY)):
        groups.edit_group(by=system, person=person, group=GROUPS[code], values=values)
    switch_on(system)
    for code, values in ROWS:
        groups.add_entry(by=system, person=person, group=GROUPS[code], values=values)
    set_photo(by=system, person=person, stored=store_portrait(BytesIO(photograph())))
    return person.uid


@pytest.fixture
def bare(system) -> str:
    """uid of a person of Búng Lao of whom nearly nothing is held."""
    return people.make_person(
        id_number="011191000778",
        full_name="Vàng Thị Thiếu",
        sex=Sex.FEMALE,
        born_on=date(1991, 4, 5),
        birthplace=None,
        native_place=None,
        recruited_on=None,
        recruited_by=None,
        ranks=(),
        assignments=(people.place(starts_on=date(2026, 1, 1)),),
    ).uid


def one(uid: str) -> Person:
    """The person of this uid, in the session of now."""
    return db.session.scalars(select(Person).where(Person.uid == uid)).one()
