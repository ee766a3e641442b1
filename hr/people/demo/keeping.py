"""What Home Affairs has done with single files of the demo: a photograph put in, a duplicate merged, one
letter to an issuer that waits for its reply and one that has it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from core.db import db
from core.files import store_portrait
from core.scope import Viewer
from core.units import Unit, UnitKind
from hr.people.actions import create_person
from hr.people.checks import queries as checks
from hr.people.checks.enums import CheckState
from hr.people.demo.checking import OFFICER
from hr.people.demo.proposing import acting
from hr.people.enums import HOME_KINDS, ProofState
from hr.people.figures import running_on
from hr.people.letters import actions as letters
from hr.people.letters.enums import Reply
from hr.people.merging import actions as merging
from hr.people.merging.enums import Standing
from hr.people.merging.queries import clashes
from hr.people.models import Assignment, Person, Qualification
from hr.people.photos.actions import set_photo
from hr.people.queries import work_history
from hr.people.seeds import AssignmentSeed, PersonSeed

#: Whose photograph is kept: the first storyline (`stories.py`).
PORTRAYED = "Lò Thị Khuyên"


def keep_some(by: Viewer) -> None:
    """All of it in the name of one officer."""
    by = acting(by, OFFICER)
    specialists = _specialists(by)
    _put_photo(by)
    if not specialists:
        return
    _merge_duplicate(by, specialists[0])
    _ask_about_point(by)
    _ask_and_hear(by, specialists)


def _put_photo(by: Viewer) -> None:
    person = db.session.scalars(select(Person).where(Person.full_name == PORTRAYED)).first()
    if person is not None:
        set_photo(by=by, person=person, stored=store_portrait(BytesIO(silhouette())))


def silhouette() -> bytes:
    """Head and shoulders of nobody, marked as an illustration: a picture of 4 by 6 as JPEG."""
    # Imported here: a register that is no demo draws nothing.
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (400, 600), "#dfe6ea")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((40, 395, 360, 900), fill="#8a9ba6")
    draw.rounded_rectangle((160, 330, 240, 450), 30, fill="#8a9ba6")
    draw.ellipse((115, 140, 285, 370), fill="#8a9ba6")
    draw.text((200, 566), "illustrative", anchor="mm", fill="#ffffff", font=ImageFont.load_default(30))
    target = BytesIO()
    picture.save(target, "JPEG", quality=85)
    return target.getvalue()


def _merge_duplicate(by: Viewer, person: Person) -> None:
    """The same person once more, entered from a list whose number had its last digits turned round."""
    number = person.id_number[:-2] + person.id_number[-2:][::-1]
    if number == person.id_number:
        number = person.id_number[:-1] + str(9 - int(person.id_number[-1]))
    facts = ("full_name", "sex", "born_on", "birthplace", "recruited_on", "recruited_by", "status_since")
    own = next(row for row in work_history(person) if row.is_home and row.runs_on(by.today))
    place = AssignmentSeed(**{field.name: getattr(own, field.name) for field in fields(AssignmentSeed)})
    known = {name: getattr(person, name) for name in facts}
    other = create_person(by=by, seed=PersonSeed(id_number=number, **known, assignments=(place,)))
    standing = {clash.key: Standing.KEPT for clash in clashes(person, other)}
    note = "Một người hai hồ sơ: hồ sơ sau nhập nhầm hai số cuối, đã đối chiếu thẻ căn cước"
    merging.merge(by=by, kept=person, other=other, taken=frozenset(), standing=standing, note=note)


def _ask_about_point(by: Viewer) -> None:
    """A letter for the first point to check that nobody has settled."""
    point = next(iter(checks.list_points(by, None, CheckState.OPEN)), None)
    if point is None:
        return
    papers = [side.paper for side in point.sides if side.paper is not None]
    issuer = next((paper.issuer for paper in papers if paper.issuer), None)
    if issuer:
        letter = letters.write(by=by, papers=[paper.uid for paper in papers], issuer=issuer, point=point)
        sent_on = by.today - timedelta(days=12)
        letters.send(by=by, letter=letter, number="214/SNV-CCVC", sent_on=sent_on)


def _ask_and_hear(by: Viewer, people: Sequence[Person]) -> None:
    """A letter about one paper, confirmed by its issuer."""
    query = select(Qualification).join(Person, Person.id == Qualification.person_id)
    query = query.where(
        Person.id.in_([person.id for person in people[1:]]),
        Qualification.proof_state == ProofState.CLAIMED,
        Qualification.issuer.is_not(None),
        Qualification.serial.is_not(None),
    )
    paper = db.session.scalars(query.order_by(Person.id_number, Qualification.id).limit(1)).first()
    if paper is None:
        return
    uid, issuer = paper.uid, paper.issuer or ""
    letter = letters.write(by=by, papers=[uid], issuer=issuer)
    sent_on, answered_on = by.today - timedelta(days=40), by.today - timedelta(days=18)
    letter = letters.send(by=by, letter=letter, number="187/SNV-CCVC", sent_on=sent_on)
    told = {"number": "52/XN-ĐT", "answered_on": answered_on, "replies": {uid: Reply.CONFIRMED}}
    letters.answer(by=by, letter=letter, note="Có tên trong sổ cấp văn bằng", **told)


def _specialists(by: Viewer) -> Sequence[Person]:
    """Specialists of provincial departments, in the order of their numbers."""
    query = select(Person).join(Assignment, Assignment.person_id == Person.id)
    query = query.join(Unit, Unit.id == Assignment.unit_id).where(
        Unit.kind == UnitKind.DEPARTMENT,
        Assignment.post.startswith("Chuyên viên"),
        Assignment.kind.in_(HOME_KINDS),
        running_on(by.today),
    )
    return db.session.scalars(query.order_by(Person.id_number).limit(60)).all()
