"""Ten random rosters, one after the other: each taken back leaves the register as it was before it."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from hr.people.enums import Sex
from tests.factories.people import NUMBERS, id_number
from tests.hr.people.imports.conftest import dump, person, workbook

FAMILY = ("Lò", "Quàng", "Giàng", "Tòng", "Cà", "Vàng", "Nguyễn", "Lường")
MIDDLE = {Sex.MALE: ("Văn", "A", "Đức"), Sex.FEMALE: ("Thị", "Thị Thu")}
GIVEN = ("Hùng", "Mai", "Sơn", "Pó", "Dua", "Hạnh", "Ổn", "Thắng", "Ước")
UNITS = ("03301", "03172")
POSTS = ("Chuyên viên", "Kế toán", "Văn thư", "Thủ quỹ", "Phó Chủ tịch Ủy ban nhân dân", "Bí thư")
RANKS = (("01.003", "1", "2,34"), ("01.003", "2", "2,67"), ("01.002", "1", "4,40"), ("01.004", "1", "1,86"))
DEGREES = ("Trung cấp", "Cao đẳng", "Đại học", "Thạc sĩ")
THEORY = ("Sơ cấp", "Trung cấp", "Cao cấp")
FAITHS = ("Không", "Tin lành", "Công giáo")
PEOPLES = ("Kinh", "Thái", "Mông", "Khơ mú")
#: (name, number, born, sex) of some who are in every test's register.
KNOWN = [
    ("Lò Văn An", NUMBERS["an"], date(1984, 5, 12), Sex.MALE),
    ("Đặng Thị Huệ", NUMBERS["hue"], date(1990, 11, 2), Sex.FEMALE),
]
SEEDS = (20260701,)


class Rosters:
    """Rosters of one random province: whoever was once on one may come again, changed."""

    def __init__(self, seed: int):
        self.random = Random(seed)
        self.people = list(KNOWN)
        self.day = date(2026, 5, 1)

    def next(self) -> Any:
        """A workbook of a later day with new people and some of those before."""
        self.day += timedelta(days=self.random.randint(2, 6))
        again = self.random.sample(self.people, min(len(self.people), self.random.randint(1, 6)))
        new = [self._somebody() for _number in range(self.random.randint(1, 4))]
        self.people += new
        lines = [self._line(*one) for one in (*again, *new)]
        return workbook(*lines, title=f"Danh sách tính đến ngày {self.day:%d/%m/%Y}")

    def _somebody(self) -> tuple[str, str, date, Sex]:
        sex = self.random.choice(tuple(Sex))
        born_on = date(1970, 1, 1) + timedelta(days=self.random.randrange(11_000))
        number = id_number(sex, born_on, 500_000 + len(self.people))
        return self._name(sex), number, born_on, sex

    def _name(self, sex: Sex) -> str:
        return " ".join(self.random.choice(part) for part in (FAMILY, MIDDLE[sex], GIVEN))

    def _line(self, name: str, number: str, born_on: date, sex: Sex) -> dict[str, str]:
        pick = self.random.choice
        rank, step, coefficient = pick(RANKS)
        given = {
            "Họ và tên": name if self.random.random() < 0.8 else self._name(sex),
            "Mã đơn vị": pick(UNITS),
            "Chức vụ": pick(POSTS),
            "Trình độ chuyên môn": pick(DEGREES),
            "LLCT": pick(THEORY),
            "Dân tộc": pick(PEOPLES),
            "Tôn giáo": pick(FAITHS),
            "Mã ngạch": rank,
            "Bậc": step,
            "Hệ số": coefficient,
            "Ngày hưởng": f"{self.day:%d/%m/%Y}",
        }
        said = {column: value for column, value in given.items() if self.random.random() < 0.7}
        always = {"Mã đơn vị": given["Mã đơn vị"], "Họ và tên": given["Họ và tên"]}
        line = person(name, number, f"{born_on:%d/%m/%Y}", "Nữ" if sex is Sex.FEMALE else "Nam")
        return {**line, **said, **always}


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_each_of_ten_random_imports_taken_back_is_the_register_before(app, officer, batch_at, seed):
    rosters, confirmed, changed = Rosters(seed), [], 0
    for _number in range(10):
        before, roster = dump(app), rosters.next()
        content = roster.getvalue()
        where = officer.imports(content)
        changed += batch_at(where).changed
        assert officer.client.send(f"{where}/undo", {"reason": "Thử"}).status_code == 303
        assert dump(app) == before
        confirmed.append((officer.imports(content), before))

    assert changed > 10  # not only new people
    for where, before in reversed(confirmed):
        assert officer.client.send(f"{where}/undo", {"reason": "Thử"}).status_code == 303
        assert dump(app) == before
