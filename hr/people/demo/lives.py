"""Numbers, names, Party and native places: what every composed person has, official or not."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from hr.people.demo.calendar import add_years, between
from hr.people.demo.establishment import Standing
from hr.people.demo.names import KINH, MONG, compose_name
from hr.people.demo.papers import Holder
from hr.people.demo.places import draw_native_place, place_name
from hr.people.demo.shapes import DemoBackground
from hr.people.demo.stories import RESERVED_NAMES
from hr.people.enums import Sex
from hr.people.rules import add_months


@dataclass(slots=True)
class Registry:
    """Hands out identification numbers and names; no two made-up people share name and birthday."""

    issued: int = 0
    taken: set[tuple[str, date]] = field(default_factory=set)

    def id_number(self, sex: Sex, born: date) -> str:
        """Province 011, a digit for century and sex, the birth year, six digits (Circular 59/2021/TT-BCA)."""
        century = 2 * (born.year // 100 - 19) + (sex is Sex.FEMALE)
        # Steps through 900,000 numbers without meeting one twice: 7,919 shares no factor with it.
        serial = 100_000 + self.issued * 7_919 % 900_000
        self.issued += 1
        return f"011{century}{born.year % 100:02d}{serial:06d}"

    def name(self, rng: Random, ethnicity: str, sex: Sex, born: date) -> str:
        """A name nobody born that day has."""
        while True:
            name = compose_name(rng, ethnicity, sex, RESERVED_NAMES)
            if (name, born) not in self.taken:
                self.taken.add((name, born))
                return name


PARTY_POSTS = {
    Standing.CHIEF: "Phó Bí thư Đảng ủy",
    Standing.VICE: "Ủy viên Ban Thường vụ Đảng ủy",
    Standing.HEAD: "Đảng ủy viên",
}


def draw_background(holder: Holder, *, member_share: float, until: date) -> DemoBackground:
    """Religion and Party: nearly all leaders are members, official twelve months after joining."""
    rng, ethnicity, standing = holder.rng, holder.ethnicity, holder.standing
    faith = rng.random()
    religion = "Không"
    if ethnicity == MONG and faith < 0.05 and standing is Standing.SPECIALIST:
        religion = "Tin lành"
    elif ethnicity == KINH and faith < 0.02:
        religion = "Công giáo" if faith < 0.008 else "Phật giáo"
    earliest = max(add_months(holder.born_on, 20 * 12), add_months(holder.recruited_on, 6))
    share = 0.97 if standing is not Standing.SPECIALIST else member_share
    if rng.random() > share or earliest > until:
        return DemoBackground(ethnicity, religion, None, None, None)
    joined = between(rng, earliest, min(until, add_years(earliest, 9)))
    official = add_months(joined, 12)
    post = PARTY_POSTS.get(standing)
    if post is None and rng.random() < 0.06:
        post = "Bí thư chi bộ"
    return DemoBackground(ethnicity, religion, joined, official if official <= until else None, post)


def draw_places(rng: Random, unit_code: str) -> tuple[str, str]:
    """Birthplace and native place: the same former commune for most."""
    native = draw_native_place(rng, unit_code)
    birth = native if rng.random() < 0.85 else draw_native_place(rng, unit_code)
    return place_name(birth), place_name(native)
