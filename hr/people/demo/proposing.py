"""Changes that two communes proposed in the demo: two wait for their answer, one line was accepted and one
refused."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from accounts.models import Grant, User
from core.db import db
from core.scope import Viewer
from hr.people.demo.checking import OFFICER
from hr.people.enums import HOME_KINDS, QualificationKind
from hr.people.figures import running_on
from hr.people.models import Assignment, Person
from hr.people.proposals import actions, queries
from hr.people.proposals.enums import LineState, Part
from hr.people.proposals.rules import Answer
from hr.people.seeds import QualificationSeed

#: Staff officers who propose, by their user names.
FIRST, SECOND = "canbo.bung-lao", "canbo.na-sang"


def propose_some(by: Viewer) -> None:
    """Sends the proposals and answers one of them."""
    if (first := _people_of(FIRST, by)) and (second := _people_of(SECOND, by)):
        _wait_for_an_answer(by, first)
        _answer_one(by, second)


def _wait_for_an_answer(by: Viewer, people: Sequence[Person]) -> None:
    sender = acting(by, FIRST)
    values = {"birthplace": "Bản Bó, xã Búng Lao, tỉnh Điện Biên", "native_place": people[0].birthplace}
    actions.propose_facts(
        by=sender, person=people[0], part=Part.FACTS, values=values, reason="Theo giấy khai sinh bản gốc"
    )
    claim = QualificationSeed(
        kind=QualificationKind.DIGITAL_SKILLS,
        level="basic",
        issuer="Trường Cao đẳng Điện Biên",
        awarded_year=by.today.year - 1,
    )
    actions.propose_qualification(
        by=sender, person=people[1], seed=claim, reason="Chứng chỉ mới, bản gốc lưu tại phòng"
    )


def _answer_one(by: Viewer, people: Sequence[Person]) -> None:
    values = {"phone": "0215 3 000 111", "current_address": "Bản Na Sang, xã Na Sang, tỉnh Điện Biên"}
    proposal = actions.propose_facts(
        by=acting(by, SECOND), person=people[0], part=Part.CONTACT, values=values, reason="Đổi số, đổi chỗ ở"
    )
    phone, address = queries.lines_of(proposal)
    refused = Answer(LineState.REFUSED, "Chưa có thông báo về nơi ở hiện tại")
    actions.answer(
        by=acting(by, OFFICER),
        proposal=proposal,
        answers={phone.uid: Answer(LineState.ACCEPTED), address.uid: refused},
    )


def acting(by: Viewer, username: str) -> Viewer:
    """`by` under the name of an account of the demo."""
    user = db.session.execute(select(User.id, User.display_name).where(User.username == username)).first()
    return by if user is None else replace(by, user_id=user.id, name=user.display_name)


def _people_of(username: str, by: Viewer) -> list[Person]:
    """Two specialists of the unit the account stands for."""
    unit = select(Grant.unit_id).join(User, User.id == Grant.user_id).where(User.username == username)
    query = select(Person).join(Assignment, Assignment.person_id == Person.id)
    query = query.where(
        Assignment.unit_id.in_(unit),
        Assignment.post.startswith("Chuyên viên"),
        Assignment.kind.in_(HOME_KINDS),
        running_on(by.today),
    )
    return list(db.session.scalars(query.order_by(Person.id_number).limit(2)))
