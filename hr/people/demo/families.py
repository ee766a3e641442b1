"""Invented relatives: parents, husband or wife, children, brothers and sisters, the other side's parents."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from core.seed_data import is_denied_name
from hr.people.demo.names import name_parts
from hr.people.demo.shapes import DemoPerson
from hr.people.enums import Sex
from hr.people.groups.enums import FamilySide, Relation

Facts = dict[str, Any]

#: What people of the province live by, the most frequent first.
WORK = (
    "Làm ruộng",
    "Làm ruộng",
    "Làm nương",
    "Chăn nuôi",
    "Buôn bán nhỏ",
    "Giáo viên",
    "Công nhân",
    "Lái xe",
    "Nhân viên y tế thôn bản",
)
RETIRED, PUPIL, TODDLER, GONE = "Nghỉ hưu", "Học sinh", "Còn nhỏ", "Đã mất"


def family_of(rng: Random, person: DemoPerson, day: date) -> Iterator[Facts]:
    """The rows of form 2C-BNV/2008 item 31, own side first. Names go with the ethnic group."""
    relatives = _Relatives(rng, person, day)
    yield from relatives.parents(FamilySide.OWN, person.full_name.split()[0], person.born_on.year)
    for _one in range(rng.choice((0, 1, 1, 2, 2, 3))):
        year = person.born_on.year + rng.choice((-6, -4, -2, 2, 3, 5))
        yield relatives.one(FamilySide.OWN, Relation.SIBLING, rng.choice(list(Sex)), year, relatives.surname)
    if day.year - person.born_on.year < 26 or rng.random() < 0.1:
        return
    yield from relatives.own_household()


class _Relatives:
    """Draws relatives of one person."""

    def __init__(self, rng: Random, person: DemoPerson, day: date):
        self.rng, self.person, self.day = rng, person, day
        self.surname = person.full_name.split()[0]

    def own_household(self) -> Iterator[Facts]:
        """Husband or wife with their parents, and the children, who bear the father's surname."""
        rng, person = self.rng, self.person
        other = Sex.FEMALE if person.sex is Sex.MALE else Sex.MALE
        born = person.born_on.year + rng.randint(-4, 4)
        spouse = self.one(FamilySide.OWN, Relation.SPOUSE, other, born)
        yield spouse
        surname = spouse["full_name"].split()[0]
        father = self.surname if person.sex is Sex.MALE else surname
        for number in range(rng.choice((0, 1, 2, 2, 2))):
            year = person.born_on.year + 24 + 4 * number + rng.randint(0, 2)
            if year < self.day.year:
                yield self.one(FamilySide.OWN, Relation.CHILD, rng.choice(list(Sex)), year, father)
        yield from self.parents(FamilySide.SPOUSE, surname, born)

    def parents(self, side: FamilySide, surname: str, child_born: int) -> Iterator[Facts]:
        """Father and mother of the person or of the spouse."""
        year = child_born - self.rng.randint(22, 34)
        yield self.one(side, Relation.FATHER, Sex.MALE, year, surname)
        yield self.one(side, Relation.MOTHER, Sex.FEMALE, year + self.rng.randint(-1, 4))

    def one(
        self, side: FamilySide, relation: Relation, sex: Sex, year: int, surname: str | None = None
    ) -> Facts:
        """One relative with a name of the group, of the given surname where it is inherited."""
        work = self._work(self.day.year - year)
        place = self.person.native_place
        return {
            "side": side,
            "relation": relation,
            "full_name": self._name(sex, surname),
            "born_year": year,
            "native_place": place,
            "occupation": work,
            "residence": None if work == GONE else place,
        }

    def _work(self, age: int) -> str:
        if age < 6:
            return TODDLER
        if age < 18:
            return PUPIL
        if age > 78 and self.rng.random() < 0.6:
            return GONE
        return RETIRED if age > 65 and self.rng.random() < 0.2 else self.rng.choice(WORK)

    def _name(self, sex: Sex, surname: str | None) -> str:
        surnames, middles, givens = name_parts()[self.person.background.ethnicity, sex]
        while True:
            first = surname or self.rng.choice(surnames)
            middle, given = self.rng.choice(middles), self.rng.choice(givens)
            name = f"{first} {middle} {given}"
            if given not in (first, middle) and not is_denied_name(name):
                return name
