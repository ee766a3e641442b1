"""People outside the headline figures: public employees, contract workers, non-specialised workers of
former Mường Ảng, and officials who left service since 2022.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from core.seed_data import LAST_DAY_OF_FORMER, REORGANISED_ON
from hr.people.demo.calendar import add_years, between, office_day, retirement_day
from hr.people.demo.careers import ONE_DAY, Spell
from hr.people.demo.establishment import commune_codes
from hr.people.demo.fields import fields
from hr.people.demo.places import communes_of, former_by_code, units_by_code
from hr.people.demo.stories import PUBLIC_EMPLOYEE
from hr.people.enums import Category, ServiceStatus, Sex
from hr.people.rules import add_months

#: Public employees by service unit, with the field they work in.
SERVICE_UNITS = (("TTCNS", "it", 17), ("BQLXD", "construction", 12), ("VPDKDD", "land", 12))
#: Former Mường Ảng: its ten communes; 84 non-specialised workers, all gone by 31/05/2026.
MUONG_ANG, NON_SPECIALISED = "102", 84
LEFT_BY = date(2026, 5, 31)
NON_SPECIALISED_POSTS = (
    "Chủ tịch Hội Chữ thập đỏ",
    "Phó Trưởng Ban Chỉ huy Quân sự",
    "Văn phòng Đảng ủy",
    "Phó Chủ tịch Hội Nông dân",
    "Phó Bí thư Đoàn Thanh niên",
    "Thủ quỹ - văn thư - lưu trữ",
    "Phó Chủ tịch Hội Liên hiệp Phụ nữ",
    "Khuyến nông - thú y",
    "Phó Chủ tịch Ủy ban Mặt trận Tổ quốc",
)
#: Officials who left, by how; the two dismissed served in former communes, in posts of several holders.
LEAVERS = (
    [ServiceStatus.RETIRED] * 58
    + [ServiceStatus.LEFT] * 20
    + [ServiceStatus.MOVED_OUT] * 12
    + [ServiceStatus.DECEASED] * 4
    + [ServiceStatus.DISMISSED] * 2
)
REASONS = {
    ServiceStatus.RETIRED: "Nghỉ hưu theo chế độ",
    ServiceStatus.LEFT: "Thôi việc theo nguyện vọng",
    ServiceStatus.MOVED_OUT: "Chuyển công tác ra ngoài tỉnh",
    ServiceStatus.DECEASED: "Từ trần",
    ServiceStatus.DISMISSED: "Buộc thôi việc",
}


@dataclass(frozen=True, slots=True)
class Outsider:
    """One person outside the figures, before names and papers."""

    rng: Random
    category: Category
    field: str
    level: str
    born_on: date
    sex: Sex
    recruited_on: date
    spells: tuple[Spell, ...]
    status: ServiceStatus = ServiceStatus.WORKING
    reason: str | None = None
    ended_on: date | None = None
    story: str | None = None

    def as_of(self, day: date) -> "Outsider":
        """The same person when the leaving still lies ahead: in service, the last spell open."""
        if self.ended_on is None or self.ended_on <= day:
            return self
        spells = tuple(spell for spell in self.spells if spell.starts_on <= day)
        open_end = (*spells[:-1], replace(spells[-1], ends_on=None))
        return replace(self, spells=open_end, status=ServiceStatus.WORKING, reason=None, ended_on=None)


def outsiders(day: date, seed: int) -> list[Outsider]:
    """All of them, in a fixed order."""
    rng = Random(f"outsiders {seed}")
    people = _public_employees(rng, day) + _contract_workers(rng, day) + _non_specialised(rng) + _leavers(rng)
    return [person.as_of(day) for person in people]


def _fork(rng: Random) -> Random:
    return Random(rng.getrandbits(64))


def _sex(rng: Random, women: float) -> Sex:
    return Sex.FEMALE if rng.random() < women else Sex.MALE


def _public_employees(rng: Random, day: date) -> list[Outsider]:
    people = []
    for unit, field_code, count in SERVICE_UNITS:
        for nth in range(count):
            story = PUBLIC_EMPLOYEE[0] if (unit, nth) == (PUBLIC_EMPLOYEE[4], 3) else None
            sex = PUBLIC_EMPLOYEE[2] if story else _sex(rng, 0.4)
            born = date(1992, 6, 8) if story else add_years(day, -28 - rng.random() * 24)
            recruited = office_day(add_years(born, 23.2 + rng.random() * 3))
            post = ("Giám đốc", "Phó Giám đốc", "Phó Giám đốc")[nth] if nth < 3 else "Viên chức"
            spells = (Spell(unit, None, post, recruited),)
            category = Category.PUBLIC_EMPLOYEE
            person = Outsider(_fork(rng), category, field_code, "university", born, sex, recruited, spells)
            people.append(replace(person, story=story))
    return people


def _contract_workers(rng: Random, day: date) -> list[Outsider]:
    """One in the Office of each commune and ward, since the new units began."""
    posts = ("Lái xe", "Bảo vệ", "Nhân viên phục vụ")
    people = []
    for code in commune_codes():
        post = rng.choice(posts)
        born = add_years(day, -25 - rng.random() * 25)
        recruited = rng.choice((REORGANISED_ON, date(2025, 8, 1), date(2025, 10, 1)))
        sex = _sex(rng, 0.7 if post == posts[2] else 0.05)
        level = "intermediate" if rng.random() < 0.4 else "elementary"
        spells = (Spell(code, f"{code}.2", post, recruited),)
        category = Category.CONTRACT_WORKER
        people.append(Outsider(_fork(rng), category, "administration", level, born, sex, recruited, spells))
    return people


def _successor(former: str) -> str:
    return next(code for code in commune_codes() if former in units_by_code()[code].predecessors)


def _non_specialised(rng: Random) -> list[Outsider]:
    """Workers of the ten former communes, kept on by the new ones until 31/05/2026 at the latest."""
    people = []
    communes = communes_of(MUONG_ANG)
    for n in range(NON_SPECIALISED):
        origin, post = communes[n % len(communes)], NON_SPECIALISED_POSTS[n // len(communes)]
        born = date(1972, 1, 1) + timedelta(days=int(rng.random() * 27 * 365))
        recruited = office_day(between(rng, max(add_years(born, 20), date(2008, 1, 1)), date(2023, 6, 1)))
        ended = LEFT_BY if rng.random() < 0.6 else _month_end(rng, date(2025, 7, 31), LEFT_BY)
        new = _successor(origin)
        spells = (
            Spell(origin, None, post, recruited, LAST_DAY_OF_FORMER),
            Spell(new, f"{new}.2", "Người hoạt động không chuyên trách", REORGANISED_ON, ended),
        )
        level = rng.choice(("elementary", "intermediate", "intermediate", "college", "untrained"))
        person = Outsider(
            _fork(rng), Category.NON_SPECIALISED, "leadership", level, born, _sex(rng, 0.4), recruited, spells
        )
        reason = "Kết thúc sử dụng người hoạt động không chuyên trách cấp xã"
        people.append(replace(person, status=ServiceStatus.LEFT, reason=reason, ended_on=ended))
    return people


def _month_end(rng: Random, first: date, last: date) -> date:
    return min(add_months(between(rng, first, last).replace(day=1), 1) - ONE_DAY, last)


def _leavers(rng: Random) -> list[Outsider]:
    """Officials of former communes, district offices, departments and new communes, 2022 to 2025."""
    return [_leaver(_fork(rng), status, n) for n, status in enumerate(LEAVERS)]


def _leaver(rng: Random, status: ServiceStatus, n: int) -> Outsider:
    sex = _sex(rng, 0.4)
    if status is ServiceStatus.RETIRED:
        # Men born 1962 to 09/1964 and women born 09/1966 to 1968 reached the age from 2022 to 2025.
        first = date(1962, 1, 1) if sex is Sex.MALE else date(1966, 9, 1)
        born = first + timedelta(days=int(rng.random() * (990 if sex is Sex.MALE else 840)))
        ended = retirement_day(sex, born)
    else:
        born = date(1972, 1, 1) + timedelta(days=int(rng.random() * 22 * 365))
        ended = _month_end(rng, date(2022, 2, 1), date(2025, 11, 30))
        if status is ServiceStatus.DISMISSED:
            ended = _month_end(rng, date(2022, 4, 1), date(2022, 10, 31))
    field_code = "agriculture" if status is ServiceStatus.DISMISSED else rng.choice(tuple(fields()))
    level = "intermediate" if rng.random() < 0.25 else "university"
    recruited = office_day(min(add_years(born, 23 + rng.random() * 4), add_years(ended, -2)))
    spells = _leaver_spells(rng, status, field_code, recruited, ended, n)
    category, reason = Category.CIVIL_SERVANT, REASONS[status]
    return Outsider(rng, category, field_code, level, born, sex, recruited, spells, status, reason, ended)


def _leaver_spells(
    rng: Random, status: ServiceStatus, field_code: str, recruited: date, ended: date, n: int
) -> tuple[Spell, ...]:
    field = fields()[field_code]
    if n % 5 == 3 and status is not ServiceStatus.DISMISSED:
        unit = ("SNV", "STC", "SNNMT", "SXD", "SKHCN", "STP", "VPUB", "TTT")[n // 5 % 8]
        return (Spell(unit, f"{unit}.{2 + n % 4}", "Chuyên viên", recruited, ended),)
    origin = rng.choice(communes_of(""))
    district = former_by_code()[origin].parent_code or ""
    if n % 5 == 4 and status is not ServiceStatus.DISMISSED:
        first = Spell(district, None, f"Chuyên viên {field.district_office}", recruited, ended)
    else:
        first = Spell(origin, None, field.commune_post, recruited, ended)
    if ended < REORGANISED_ON:
        return (first,)
    new = _successor(origin)
    after = Spell(new, f"{new}.2", "Chuyên viên văn phòng", REORGANISED_ON, ended)
    return (replace(first, ends_on=LAST_DAY_OF_FORMER), after)
