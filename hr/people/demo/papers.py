"""Diplomas and certificates: ladders of education that lives could have taken, and what service adds.

Everything that headline figures count was awarded by the end of 2025, so they hold on any later day.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from hr.people.demo.calendar import COUNTED_ON, SETTLED_ON, between
from hr.people.demo.establishment import Standing
from hr.people.demo.fields import draw_major, draw_school
from hr.people.demo.names import MONG, THAI
from hr.people.demo.shapes import DemoQualification
from hr.people.enums import ProofState, QualificationKind, StudyForm
from hr.people.rules import add_months

POLITICAL_SCHOOL = "Trường Chính trị tỉnh Điện Biên"
ACADEMY = "Học viện Chính trị quốc gia Hồ Chí Minh"
ADMINISTRATION_ACADEMY = "Học viện Hành chính Quốc gia"
COLLEGE_OF_EDUCATION = "Trường Cao đẳng Sư phạm Điện Biên"
CONTINUING_EDUCATION = "Trung tâm Giáo dục thường xuyên tỉnh Điện Biên"
#: Age at which a level is usually reached by regular study.
AGE_AT = {"elementary": 19, "intermediate": 20, "college": 21, "university": 22}
PREFIX = {
    "elementary": "CCN", "intermediate": "TC", "college": "CĐ",
    "university": "ĐH", "master": "ThS", "doctor": "TS",
}  # fmt: skip
#: Usual months of a programme.
MONTHS_OF = {"intermediate": 24, "college": 34, "university": 46, "master": 24, "doctor": 40}
#: Staff learn the language of their neighbours; the rest either of the two taught in the province.
LEARNT_BY = {THAI: "Tiếng Mông", MONG: "Tiếng Thái"}


#: How far papers are proved, in 100.
PROOF_SHARES = {ProofState.ORIGINAL_SEEN: 71, ProofState.CLAIMED: 24, ProofState.ISSUER_CONFIRMED: 5}


class Deck:
    """Draws proof states in their shares: a pack of 100 cards, shuffled anew when it is empty.

    Diplomas have a pack of their own, so that their shares come out as published.
    """

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"proofs {seed}")
        self._pack = [state for state, share in PROOF_SHARES.items() for _ in range(share)]
        self._left: dict[bool, list[ProofState]] = {True: [], False: []}

    def draw(self, *, diploma: bool) -> ProofState:
        """The next card."""
        left = self._left[diploma]
        if not left:
            left.extend(self._rng.sample(self._pack, len(self._pack)))
        return left.pop()


@dataclass(frozen=True, slots=True)
class Holder:
    """What papers depend on."""

    rng: Random
    ethnicity: str
    born_on: date
    recruited_on: date
    level: str
    field: str
    major_fits: bool
    held: str
    standing: Standing
    in_commune: bool
    rank_code: str
    plain: bool = False


def study_ladder(rng: Random, level: str, born: date, *, lowland: bool) -> list[tuple[str, date]]:
    """Levels with the day of each diploma, upwards; in the hills many took the degree in service."""
    if level == "untrained":
        return []
    first = level if level in AGE_AT else "university"
    ladder: list[tuple[str, date]] = []
    late = level == "university" and born < date(1990, 1, 1) and rng.random() < (0.2 if lowland else 0.4)
    if late:
        earlier = "college" if rng.random() < 0.45 else "intermediate"
        ladder.append((earlier, _summer(rng, born.year + AGE_AT[earlier])))
        ladder.append(("university", _summer(rng, ladder[0][1].year + 6 + int(rng.random() * 9))))
    else:
        ladder.append((first, _summer(rng, born.year + AGE_AT[first] + int(rng.random() * 1.4))))
    if level in ("master", "doctor"):
        ladder.append(("master", _winter(rng, ladder[-1][1].year + 3 + int(rng.random() * 9))))
    if level == "doctor":
        ladder.append(("doctor", _winter(rng, ladder[-1][1].year + 4 + int(rng.random() * 4))))
    return ladder


def _summer(rng: Random, year: int) -> date:
    return date(min(year, 2025), 6 + int(rng.random() * 4), 1 + int(rng.random() * 28))


def _winter(rng: Random, year: int) -> date:
    return date(min(year, 2025), 10 + int(rng.random() * 2), 1 + int(rng.random() * 28))


def papers_of(
    holder: Holder, ladder: list[tuple[str, date]], deck: Deck, day: date
) -> list[DemoQualification]:
    """All papers of one person, each with how far it was proved."""
    issue = _issuer(holder, deck, day)
    rows = _diplomas(holder, ladder, issue)
    if holder.plain:
        return rows
    rows += _political_theory(holder, issue)
    rows += _state_management(holder, issue)
    rows += _skills(holder, issue, day)
    return rows


Issue = Callable[..., DemoQualification]


def _issuer(holder: Holder, deck: Deck, day: date) -> Issue:
    """A maker of papers of this person: number, proof, and for some old ones only the year."""
    rng = holder.rng

    def issue(
        kind: QualificationKind, level: str, issuer: str, on: date, prefix: str, *,
        major: str | None = None, months: int | None = None,
    ) -> DemoQualification:  # fmt: skip
        state = deck.draw(diploma=kind is QualificationKind.EDUCATION)
        proved = None
        if state is not ProofState.CLAIMED:
            seen = between(rng, max(on + timedelta(days=20), date(2025, 8, 1)), min(day, date(2026, 6, 15)))
            proved = max(seen, on)
        only_year = on.year < 2008 and kind is QualificationKind.EDUCATION and rng.random() < 0.25
        return DemoQualification(
            kind=kind,
            level=level,
            major=major,
            issuer=issuer,
            serial=f"{prefix} {on.year % 100:02d}{int(rng.random() * 1_000_000):06d}"
            if rng.random() < 0.94
            else None,
            awarded_on=None if only_year else on,
            awarded_year=on.year if only_year else None,
            expires_on=add_months(on, months) - timedelta(days=1) if months else None,
            proof_state=state,
            proof_on=proved,
        )

    return issue


def _diplomas(holder: Holder, ladder: list[tuple[str, date]], issue: Issue) -> list[DemoQualification]:
    rows = []
    major = ""
    for number, (level, on) in enumerate(ladder):
        # A master's continues the degree's major; a first diploma before it may lie elsewhere.
        if level not in ("master", "doctor") or not major:
            last = number == len(ladder) - 1 or ladder[number + 1][0] in ("master", "doctor")
            major = draw_major(holder.rng, holder.field, fitting=holder.major_fits or not last)
        school = draw_school(holder.rng, major, level)
        row = issue(QualificationKind.EDUCATION, level, school, on, PREFIX[level], major=major)
        rows.append(_with_study(row, holder, on))
    return rows


def _with_study(row: DemoQualification, holder: Holder, on: date) -> DemoQualification:
    """With the months of a programme of the usual length; of old papers only the year of award is known."""
    if row.awarded_on is None or row.level not in MONTHS_OF:
        return row
    ended = on.replace(day=1)
    begun = add_months(ended, -MONTHS_OF[row.level])
    form = StudyForm.IN_SERVICE if begun > holder.recruited_on else StudyForm.FULL_TIME
    return replace(row, studied_from=begun, studied_to=ended, study_form=form)


def _in_service(holder: Holder, years: float) -> date:
    """A day between joining (and the age of 22) and the end of 2025, mostly within `years` of it."""
    start = max(add_months(holder.recruited_on, 3), add_months(holder.born_on, 22 * 12), date(2005, 3, 1))
    end = min(SETTLED_ON - timedelta(days=10), add_months(start, round(12 * years)))
    return between(holder.rng, min(start, end), end)


def _political_theory(holder: Holder, issue: Issue) -> list[DemoQualification]:
    if holder.held not in ("both", "theory"):
        return []
    draw = holder.rng.random()
    if holder.standing >= Standing.VICE:
        level = "advanced" if draw < 0.82 else "bachelor" if draw < 0.9 else "intermediate"
    elif holder.standing >= Standing.DEPUTY:
        level = "advanced" if draw < 0.25 else "intermediate"
    else:
        level = "intermediate" if draw < 0.62 else "elementary"
    issuer = ACADEMY if level in ("advanced", "bachelor") else POLITICAL_SCHOOL
    on = _in_service(holder, 16 if level != "elementary" else 6)
    return [issue(QualificationKind.POLITICAL_THEORY, level, issuer, on, "LLCT")]


def _state_management(holder: Holder, issue: Issue) -> list[DemoQualification]:
    if holder.held not in ("both", "management"):
        return []
    level = {"01.001": "senior", "01.002": "principal", "01.003": "specialist"}.get(holder.rank_code, "clerk")
    if level == "clerk" and holder.rng.random() < 0.35:
        level = "specialist"
    issuer = ADMINISTRATION_ACADEMY if level in ("senior", "principal") else POLITICAL_SCHOOL
    on = _in_service(holder, 18 if level in ("senior", "principal") else 8)
    return [issue(QualificationKind.STATE_MANAGEMENT, level, issuer, on, "QLNN")]


def _skills(holder: Holder, issue: Issue, day: date) -> list[DemoQualification]:
    """Certificates beside the main ones; new language and computer certificates run out."""
    last = min(day, COUNTED_ON)
    return [
        *_defence(holder, issue),
        *_computing(holder, issue, last),
        *_foreign_language(holder, issue, last),
        *_ethnic_language(holder, issue),
        *_digital_skills(holder, issue, last),
    ]


def _lately(holder: Holder, last: date) -> date:
    since = max(date(2019, 1, 1), add_months(holder.born_on, 20 * 12))
    return between(holder.rng, since, last)


def _defence(holder: Holder, issue: Issue) -> list[DemoQualification]:
    if holder.rng.random() > 0.5:
        return []
    groups = {Standing.CHIEF: "group_2", Standing.VICE: "group_3", Standing.HEAD: "group_3"}
    level = groups.get(holder.standing, "group_4")
    issuer = "Quân khu 2" if level == "group_2" else "Bộ Chỉ huy quân sự tỉnh Điện Biên"
    return [issue(QualificationKind.DEFENCE_SECURITY, level, issuer, _in_service(holder, 10), "QPAN")]


def _computing(holder: Holder, issue: Issue, last: date) -> list[DemoQualification]:
    """Whoever studied computing holds that; of the rest, one in five certificates runs out."""
    kind, rng = QualificationKind.IT, holder.rng
    if holder.field == "it" and holder.major_fits and holder.level not in ("untrained", "elementary"):
        return [issue(kind, "intermediate_up", COLLEGE_OF_EDUCATION, _lately(holder, last), "THVP")]
    if rng.random() > 0.55:
        return []
    months = 60 if rng.random() < 0.2 else None
    on = _lately(holder, last)
    return [issue(kind, "certificate", CONTINUING_EDUCATION, on, "CNTT", months=months)]


def _foreign_language(holder: Holder, issue: Issue, last: date) -> list[DemoQualification]:
    kind, rng = QualificationKind.FOREIGN_LANGUAGE, holder.rng
    if rng.random() > (0.35 if holder.in_commune else 0.6):
        return []
    on = _lately(holder, last)
    if rng.random() < 0.06:
        return [issue(kind, "university_up", "Trường Đại học Hà Nội", on, "NN", major="Tiếng Anh")]
    months = 24 if rng.random() < 0.4 else None
    return [issue(kind, "certificate", "Trường Đại học Tây Bắc", on, "NN", major="Tiếng Anh", months=months)]


def _ethnic_language(holder: Holder, issue: Issue) -> list[DemoQualification]:
    kind, rng = QualificationKind.ETHNIC_LANGUAGE, holder.rng
    if rng.random() > (0.36 if holder.in_commune else 0.14):
        return []
    major = LEARNT_BY.get(holder.ethnicity) or rng.choice(("Tiếng Thái", "Tiếng Mông"))
    return [issue(kind, "certificate", COLLEGE_OF_EDUCATION, _in_service(holder, 8), "TDT", major=major)]


def _digital_skills(holder: Holder, issue: Issue, last: date) -> list[DemoQualification]:
    rng = holder.rng
    if rng.random() > 0.3:
        return []
    level = "advanced" if rng.random() < 0.1 else "basic"
    on = between(rng, date(2025, 8, 1), last)
    return [issue(QualificationKind.DIGITAL_SKILLS, level, "Trung tâm Công nghệ số tỉnh", on, "KNS")]
