"""Points to check of the demo: six serial numbers on two people each, two papers awarded early and one
before its programme began; four
of the nine settled. All of them sit with specialists of departments, as every unfavourable story."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from accounts.models import User
from core.db import db
from core.scope import Viewer
from hr.people.checks import actions, queries
from hr.people.demo.shapes import DemoPerson, DemoQualification
from hr.people.enums import ProofState, QualificationKind

_SHARED = QualificationKind.STATE_MANAGEMENT
_PAIRS, _EARLY, _LATE = 6, 2, 1
#: Who settled them, and what they found.
OFFICER = "noivu.1"
NOTES = (
    "Đã xem cả hai bản gốc: số hiệu của người thứ hai bị nhập nhầm trên bảng của đơn vị, chờ đơn vị gửi lại",
    "Đã xem cả hai bản gốc tại cơ quan, hai chứng chỉ cùng khóa, cơ sở cấp đánh trùng số",
    "Đã hỏi cơ sở cấp qua điện thoại và xem sổ cấp chứng chỉ: cả hai đều có tên trong sổ",
    "Đã xem bản gốc, số hiệu trên bản gốc có thêm ký hiệu năm nên không trùng",
)


def with_points(people: Iterable[DemoPerson], day: date) -> list[DemoPerson]:
    """The same people, a few of them with a paper that is worth a look."""
    people = list(_each_serial_once(people))
    chosen = [place for place, person in enumerate(people) if _is_specialist(person, day)]
    firsts, others = chosen[:_PAIRS], chosen[_PAIRS : 2 * _PAIRS]
    for first, other in zip(firsts, others, strict=True):
        people[other] = _with_serial_of(people[other], _shared(people[first]))
    for place in chosen[2 * _PAIRS : 2 * _PAIRS + _EARLY]:
        people[place] = _with_early_paper(people[place])
    for place in chosen[2 * _PAIRS + _EARLY :][:_LATE]:
        people[place] = _with_late_start(people[place])
    return people


def settle_some(by: Viewer) -> None:
    """An officer of Home Affairs has looked at the first of them."""
    officer = db.session.execute(select(User.id, User.display_name).where(User.username == OFFICER)).first()
    if officer is not None:
        by = replace(by, user_id=officer.id, name=officer.display_name)
    for point, note in zip(list(queries.points(by)), NOTES, strict=False):
        actions.settle(by=by, point=point, note=note, mark=point.mark)


def _each_serial_once(people: Iterable[DemoPerson]) -> Iterator[DemoPerson]:
    """Serial numbers are drawn; where chance drew one twice, the second paper goes without."""
    known: set[tuple[str, str, str]] = set()
    for person in people:
        rows = []
        for row in person.qualifications:
            key = (row.kind.value, row.issuer, row.serial or "")
            rows.append(replace(row, serial=None) if key in known else row)
            if row.serial:
                known.add(key)
        yield replace(person, qualifications=tuple(rows))


def _is_specialist(person: DemoPerson, day: date) -> bool:
    here = [row for row in person.assignments if row.starts_on <= day and row.ends_on is None]
    posts = [row for row in here if row.unit_code.isalpha() and row.post.startswith("Chuyên viên")]
    return bool(posts) and len(list(_numbered(person))) == 1


def _numbered(person: DemoPerson) -> Iterator[DemoQualification]:
    return (row for row in person.qualifications if row.kind is _SHARED and row.serial and row.issuer)


def _shared(person: DemoPerson) -> DemoQualification:
    return next(_numbered(person))


def _with_serial_of(person: DemoPerson, paper: DemoQualification) -> DemoPerson:
    own = _shared(person)
    changed = replace(own, issuer=paper.issuer, serial=paper.serial)
    rows = tuple(changed if row is own else row for row in person.qualifications)
    return replace(person, qualifications=rows)


def _with_early_paper(person: DemoPerson) -> DemoPerson:
    first = next(row for row in person.qualifications if row.kind is QualificationKind.EDUCATION)
    early = replace(
        first,
        level="elementary",
        major=None,
        issuer="Trung tâm Giáo dục thường xuyên tỉnh Điện Biên",
        serial=None,
        awarded_on=None,
        awarded_year=person.born_on.year + 14,
        proof_state=ProofState.CLAIMED,
        proof_on=None,
        studied_from=None,
        studied_to=None,
        study_form=None,
    )
    return replace(person, qualifications=(*person.qualifications, early))


def _with_late_start(person: DemoPerson) -> DemoPerson:
    """The month in which its first diploma's programme began lies after the year of award."""
    first = next(row for row in person.qualifications if row.kind is QualificationKind.EDUCATION)
    year = first.awarded_on.year if first.awarded_on else first.awarded_year
    assert year is not None
    mistyped = replace(
        first, awarded_on=None, awarded_year=year, studied_from=date(year + 1, 9, 1), studied_to=None
    )
    rows = tuple(mistyped if row is first else row for row in person.qualifications)
    return replace(person, qualifications=rows)
