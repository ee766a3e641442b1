"""The groups of form 2C of the demo's people: contact, origin, service in the forces, rewards, organisations,
planned titles, family. Drawn by the identification number, so that the people themselves stay as they are."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from random import Random
from typing import Any

from hr.people.demo.calendar import add_years, between
from hr.people.demo.families import Facts, family_of
from hr.people.demo.shapes import DemoAssignment, DemoPerson
from hr.people.enums import HOME_KINDS, Sex
from hr.people.groups.enums import RewardLevel
from hr.people.rules import add_months

ISSUER = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
PROVINCE = "Chủ tịch UBND tỉnh Điện Biên"
#: Share of a year's people, reward, level; the rarest first.
REWARDS = (
    (0.02, "Bằng khen của Chủ tịch UBND tỉnh", RewardLevel.PROVINCE),
    (0.07, "Danh hiệu Chiến sĩ thi đua cơ sở", RewardLevel.GRASSROOTS),
    (0.3, "Danh hiệu Lao động tiên tiến", RewardLevel.GRASSROOTS),
)
NEXT_TITLE = {"Phó Trưởng phòng": "Trưởng phòng", "Trưởng phòng": "Phó Chủ tịch UBND"}
STRENGTHS = (
    "Soạn thảo văn bản",
    "Công tác dân vận",
    "Tổng hợp, báo cáo",
    "Tin học văn phòng",
    "Tuyên truyền",
)


def facts_of(
    person: DemoPerson, day: date, unit_name: Callable[[str, date], str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(code of the group, facts) of every row. `unit_name(code, day)` names a unit as of the day."""
    rng = Random(person.id_number)
    home = next(row for row in reversed(person.assignments) if row.kind in HOME_KINDS)
    until = min(person.ended_on or day, day)
    yield "contact", _contact(rng, person, day)
    yield "origin", _origin(rng, person, home)
    service = _service(rng, person)
    if service is not None:
        yield "military", service
    for row in _rewards(rng, person, until, unit_name):
        yield "rewards", row
    for row in _memberships(rng, person, until, veteran=service is not None):
        yield "memberships", row
    if home.post in NEXT_TITLE and person.ended_on is None and rng.random() < 0.5:
        yield "planned_titles", _planned(rng, home, unit_name)
    for row in family_of(rng, person, day):
        yield "family", row


def _contact(rng: Random, person: DemoPerson, day: date) -> Facts:
    number = int(person.id_number[-6:])
    return {
        # A range that no network gives out: nobody is to be called.
        "phone": f"0900 {number // 1000:03d} {number % 1000:03d}",
        "registered_address": person.native_place,
        "current_address": person.birthplace if rng.random() < 0.3 else person.native_place,
        "id_issued_on": between(rng, date(2021, 3, 1), min(date(2024, 6, 30), day)),
        "id_issued_by": ISSUER,
        "social_insurance_number": f"11{number:08d}",
        "health_insurance_number": f"HC41111{number:08d}",
    }


def _origin(rng: Random, person: DemoPerson, home: DemoAssignment) -> Facts:
    here = [row.starts_on for row in person.assignments if row.unit_code == home.unit_code]
    return {
        "class_origin": rng.choices(("Nông dân", "Công nhân", "Viên chức"), (75, 8, 17))[0],
        "job_before": rng.choice(("Học sinh, sinh viên", "Làm ruộng", "Hợp đồng lao động")),
        "joined_agency_on": min(here),
        "main_duty": home.post,
        "strength": rng.choice(STRENGTHS),
        "general_education": "10/10" if person.born_on.year < 1972 and rng.random() < 0.4 else "12/12",
        "policy_group": "Con thương binh" if rng.random() < 0.03 else None,
    }


def _service(rng: Random, person: DemoPerson) -> Facts | None:
    """Two years between school and recruitment, for some of the men."""
    enlisted = date(person.born_on.year + 19, 2, 15)
    discharged = add_months(enlisted, 24)
    if person.sex is Sex.FEMALE or discharged >= person.recruited_on or rng.random() > 0.25:
        return None
    rank = rng.choice(("Binh nhất", "Hạ sĩ", "Trung sĩ"))
    return {"enlisted_on": enlisted, "discharged_on": discharged, "top_rank": rank}


def _rewards(
    rng: Random, person: DemoPerson, until: date, unit_name: Callable[[str, date], str]
) -> Iterator[Facts]:
    """At most one of each year, decided at its end."""
    for year in range(max(person.recruited_on.year + 1, until.year - 5), until.year):
        drawn, decided = rng.random(), date(year, 12, 20)
        home = person.home_on(decided)
        reward = next((row for row in REWARDS if drawn < row[0]), None)
        if reward is None or home is None or decided > until:
            continue
        _share, words, level = reward
        provincial = level is RewardLevel.PROVINCE
        office = f"Thủ trưởng, {unit_name(home.unit_code, home.starts_on)}"
        symbol = "QĐ-UBND" if provincial or home.unit_code[0].isdigit() else "QĐ-KT"
        yield {
            "year": year,
            "reward": words,
            "level": level,
            "decision_number": f"{rng.randint(60, 3200)}/{symbol}",
            "decided_on": decided,
            "decided_by": PROVINCE if provincial else office,
        }


def _memberships(rng: Random, person: DemoPerson, until: date, *, veteran: bool) -> Iterator[Facts]:
    joined = date(person.born_on.year + 16, 3, 26)
    left = add_years(joined, 15)
    if joined < until:
        yield _member("Đoàn Thanh niên Cộng sản Hồ Chí Minh", joined, left if left <= until else None)
    post = "Tổ trưởng công đoàn" if rng.random() < 0.05 else None
    yield _member("Công đoàn cơ sở", person.recruited_on, None, post)
    if person.sex is Sex.FEMALE:
        yield _member("Hội Liên hiệp Phụ nữ Việt Nam", date(person.born_on.year + 18, 10, 20), None)
    if veteran and add_months(person.recruited_on, 12) <= until:
        yield _member("Hội Cựu chiến binh Việt Nam", add_months(person.recruited_on, 12), None)


def _member(organisation: str, joined: date, left: date | None, post: str | None = None) -> Facts:
    return {"organisation": organisation, "joined_on": joined, "left_on": left, "post": post}


def _planned(rng: Random, home: DemoAssignment, unit_name: Callable[[str, date], str]) -> Facts:
    return {
        "title": NEXT_TITLE[home.post],
        "unit": unit_name(home.unit_code, home.starts_on),
        "starts_on": date(2025, 8, 15),
        "ends_on": date(2030, 12, 31),
        "decision_number": f"{rng.randint(20, 400)}-QĐ/ĐU",
    }
