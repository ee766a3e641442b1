"""What the security tests walk through: objects of commune A and B for every identifier in an address,
and in commune B one person whose every text is a word found nowhere else."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from typing import Any

from flask import Flask, url_for
from sqlalchemy import select

from accounts.models import Grant, User, UserSession
from core.clock import now
from core.db import db
from core.files import Document, store
from core.ids import new_uid
from core.permissions import Role
from core.scope import Viewer, bind_viewer, scoped_classes, system_viewer, writing_allowed
from core.units import unit_by_code
from core.word import find_template, replace_template
from hr.decisions.issuing import actions as issuing
from hr.decisions.issuing import effects
from hr.decisions.issuing.enums import DecisionKind
from hr.decisions.issuing.models import DecisionLine
from hr.decisions.issuing.seeds import DecisionSeed, LineSeed, SignatureSeed
from hr.people.absences.actions import record_absence
from hr.people.absences.enums import AbsenceKind
from hr.people.absences.models import Absence
from hr.people.absences.rules import AbsenceSeed
from hr.people.actions import create_person
from hr.people.checks.queries import points
from hr.people.enums import QualificationKind
from hr.people.evidence import add_qualification
from hr.people.groups.actions import add_entry
from hr.people.groups.enums import FamilySide, Relation
from hr.people.groups.models import FamilyMember, Membership, PlannedTitle, Reward
from hr.people.groups.registry import GROUPS
from hr.people.imports.enums import ImportStatus, LineOutcome
from hr.people.imports.models import ImportBatch, ImportLine, ImportProblem
from hr.people.letters import actions as letters
from hr.people.letters.enums import Reply
from hr.people.models import Assignment, Person, PersonBackground, Qualification, RankStep
from hr.people.photos.actions import set_photo
from hr.people.proposals.actions import propose_facts
from hr.people.proposals.enums import Part
from hr.people.proposals.models import Proposal, ProposalLine
from hr.people.ratings.actions import record_rating
from hr.people.ratings.enums import RatingLevel
from hr.people.ratings.models import YearlyRating
from hr.people.seeds import BackgroundSeed, QualificationSeed
from tests.cast import user_of
from tests.factories import people
from tests.factories.pictures import photograph
from tests.personas import BUNG_LAO, CAST, NA_SANG
from tests.security.table import ENDPOINTS

PDF = b"%PDF-1.7\n1 0 obj\n<< /Title (Zqnoidung) >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
TODAY = date(2026, 7, 15)

#: Field → the word that stands in it for the canary of commune B, and nowhere else in the register.
CANARY = {
    "full_name": "Zqhọ Zqtên",
    "other_name": "Zqbídanh",
    "id_number": "011084987651",
    "birthplace": "Zqnơisinh",
    "native_place": "Zqquêquán",
    "recruited_by": "Zqtuyểndụng",
    "status_reason": "Zqlýdo",
    "post": "Zqchứcdanh",
    "assignment_decision": "Zqquyếtđịnh",
    "rank_decision": "Zqlươngquyết",
    "major": "Zqngành",
    "issuer": "Zqtrường",
    "serial": "Zqsốhiệu",
    "religion": "Zqtôngiáo",
    "party_post": "Zqchứcđảng",
    "reward": "Zqkhenthưởng",
    "rated by": "Zqngườixếploại",
    "organisation": "Zqđoànthể",
    "planned title": "Zqquyhoạch",
    "relative": "Zqngườithân",
    "document": "Zqtệptin",
    "file content": "Zqnoidung",
    "slip": "Zqgiấyphép",
    "proposed": "Zqđềnghị",
    "proposed reason": "Zqlýdođềnghị",
    "absence note": "Zqghichúvắng",
    "import file": "Zqbảngnhập",
    "import line": "Zqdòngnhập",
    "import cell": "Zqônhập",
    "decision office": "Zqcơquan",
    "decision signer": "Zqngườiký",
}
#: Columns of the import's one sheet.
COLUMNS = [
    {"letter": "A", "header": "Họ và tên", "field": "full_name", "sample": ""},
    {"letter": "B", "header": "Số định danh", "field": "id_number", "sample": ""},
]
#: Words of the background of "an" in commune A: open to Home Affairs only, whoever else sees the file.
BACKGROUND_OF_AN = {
    "religion": "Zqđạocủaan",
    "party_post": "Zqđảngcủaan",
    "organisation": "Zqđoàncủaan",
    "planned title": "Zqdựkiếncủaan",
}
#: Words of the rows of "an": the reward is open to whoever sees the file, the relative by a click of its own.
ROWS_OF_AN = {
    **BACKGROUND_OF_AN,
    "reward": "Giấy khen của An",
    "relative": "Zqthâncủaan",
    "rated by": "Chủ tịch của An",
}


@dataclass(slots=True)
class World:
    """Uids by kind: `own` of commune A (or of one's own), `foreign` of commune B alone."""

    own: dict[str, str] = field(default_factory=dict)
    foreign: dict[str, str] = field(default_factory=dict)
    #: uid of every row of a scoped table that belongs to commune B alone.
    hidden_uids: frozenset[str] = frozenset()
    #: People by the key of the factory.
    people: dict[str, str] = field(default_factory=dict)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that no page, file or header for commune A may hold."""
        return (*CANARY.values(), *sorted(self.hidden_uids))


def build(app: Flask) -> World:
    """Adds the objects to the register of the test and says where they are."""
    world = build_own(app)
    add_canary(app, world)
    return world


def build_own(app: Flask) -> World:
    """The objects of commune A, and the accounts'."""
    world = World()
    with app.app_context(), bind_viewer(system_viewer("security world", TODAY)):
        _own(world)
        _accounts(world)
        _mark_migrated()
        world.people = {key: people.person(key).uid for key in people.NUMBERS}
        db.session.remove()
    return world


def add_canary(app: Flask, world: World) -> None:
    """The person of commune B whose every text is a word of its own, and an import of Home Affairs."""
    with app.app_context(), bind_viewer(system_viewer("security world", TODAY)):
        _canary(world)
        world.foreign["batch"] = world.own["batch"] = _batch()
        world.hidden_uids = _hidden(world)
        db.session.remove()


def rows_of_b(app: Flask, world: World) -> list[tuple[Any, ...]]:
    """Every scoped row of commune B's people and units, for telling whether anything changed."""
    with app.app_context(), bind_viewer(system_viewer("security world", TODAY)):
        unit = unit_by_code(NA_SANG, TODAY)
        assert unit is not None
        hidden = set(db.session.scalars(select(Person.id).where(Person.uid.in_(world.hidden_uids))))
        found = []
        for cls in scoped_classes():
            names = [attribute.key for attribute in cls.__mapper__.column_attrs]
            for row in db.session.scalars(select(cls)):
                owner = row.id if cls is Person else getattr(row, "person_id", None)
                if owner in hidden or getattr(row, "unit_id", None) == unit.id:
                    found.append((cls.__name__, *(str(getattr(row, name)) for name in names)))
        db.session.remove()
    return sorted(found)


def _canary(world: World) -> None:
    viewer = system_viewer("security world", TODAY)
    place = people.place(
        NA_SANG, division="2", post=CANARY["post"], decision_note=CANARY["assignment_decision"]
    )
    rank = people.rank("01.003", 2, "2.67", date(2022, 1, 1))
    seed = people.seed(
        full_name=CANARY["full_name"],
        id_number=CANARY["id_number"],
        other_name=CANARY["other_name"],
        birthplace=CANARY["birthplace"],
        native_place=CANARY["native_place"],
        recruited_by=CANARY["recruited_by"],
        status_reason=CANARY["status_reason"],
        assignments=(place,),
        ranks=(replace(rank, decision_note=CANARY["rank_decision"]),),
        background=BackgroundSeed(
            ethnicity="03",
            religion=CANARY["religion"],
            party_joined_on=date(2011, 2, 3),
            party_post=CANARY["party_post"],
        ),
    )
    person = create_person(by=viewer, seed=seed)
    paper = QualificationSeed(
        kind=QualificationKind.EDUCATION,
        level="university",
        major=CANARY["major"],
        issuer=CANARY["issuer"],
        serial=CANARY["serial"],
        awarded_on=date(2010, 6, 30),
    )
    _keep(world.foreign, person, _paper(person, paper, CANARY["document"], PDF))
    _add_rows(world.foreign, person, CANARY)
    early = QualificationSeed(kind=QualificationKind.EDUCATION, level="elementary", awarded_year=1990)
    add_qualification(by=viewer, person=person, seed=early, stored=None)
    world.foreign["decision"] = world.foreign["signed_decision"] = _decision(
        person, CANARY["decision office"], CANARY["decision signer"]
    )
    world.foreign["absence"] = _absence(person, CANARY["slip"], CANARY["absence note"])
    world.foreign["proposal"] = _proposal(person, CANARY["proposed"], CANARY["proposed reason"])
    (point,) = points(viewer)
    world.foreign["point"] = world.own["point"] = point.uid
    _letters(world, viewer, person)


def _letters(world: World, viewer: Viewer, person: Person) -> None:
    """One letter to an issuer in each state that has a page of its own."""
    names = ("letter", "sent_letter", "answered_letter")
    for name in names:
        seed = QualificationSeed(
            kind=QualificationKind.FOREIGN_LANGUAGE, level="certificate", serial=CANARY["serial"] + name
        )
        paper = add_qualification(by=viewer, person=person, seed=seed, stored=None)
        letter = letters.write(by=viewer, papers=[paper.uid], issuer=CANARY["issuer"])
        if name != "letter":
            letters.send(by=viewer, letter=letter, number="12/SNV", sent_on=TODAY)
        if name == "answered_letter":
            scan = store(BytesIO(PDF), name=f"{CANARY['document']}.pdf")
            replies = {paper.uid: Reply.CONFIRMED}
            details = {"number": "7/XN", "answered_on": TODAY, "replies": replies, "stored": scan}
            letters.answer(by=viewer, letter=letter, **details)
        world.foreign[name] = world.own[name] = letter.uid


def _own(world: World) -> None:
    an = people.person("an")
    with _writing():
        row = db.session.scalars(select(PersonBackground).where(PersonBackground.person_id == an.id)).one()
        row.religion, row.party_post = BACKGROUND_OF_AN["religion"], BACKGROUND_OF_AN["party_post"]
    paper = QualificationSeed(kind=QualificationKind.IT, level="certificate", serial="CNTT-1")
    _keep(world.own, an, _paper(an, paper, "chung-chi", PDF.replace(b"Zqnoidung", b"cua An")))
    _add_rows(world.own, an, ROWS_OF_AN)
    world.own["absence"] = _absence(an, "12/GNP", "")
    world.own["proposal"] = _proposal(an, "Mường Ảng", "Theo giấy khai sinh")
    world.own["other"], world.foreign["other"] = people.person("hue").uid, people.person("po").uid
    world.own["decision"] = world.own["signed_decision"] = _decision(an, "Sở Nội vụ", "Lê Văn Đô")


def _decision(person: Person, office: str, signer: str) -> str:
    """A reward, issued with its signed copy."""
    first, second = system_viewer("first", TODAY), replace(system_viewer("second", TODAY), user_id=1)
    line = LineSeed(person_id=person.id, reason=CANARY["reward"] if office.startswith("Zq") else "Giấy khen")
    signed = SignatureSeed(reference="7/QĐ-SNV", signed_on=TODAY, signer=signer)
    seed = DecisionSeed(
        kind=DecisionKind.REWARD, office=office, effective_on=TODAY, lines=(line,), signature=signed
    )
    stored = store(BytesIO(PDF.replace(b"Zqnoidung", office.encode())), name="quyet-dinh.pdf")
    decision = issuing.save_draft(by=first, seed=seed, stored=stored)
    issuing.check(by=second, decision=decision)
    issuing.submit(by=first, decision=decision)
    mark = effects.mark(issuing.plan_of(decision, TODAY))
    return issuing.issue(by=first, decision=decision, signature=signed, mark=mark).uid


def _add_rows(found: dict[str, str], person: Person, words: dict[str, str]) -> None:
    """A row in each group of many rows that is there from the start; the reward stands in addresses."""
    rows: dict[str, dict[str, Any]] = {
        "rewards": {"year": 2020, "reward": words["reward"]},
        "memberships": {"organisation": words["organisation"]},
        "planned_titles": {"title": words["planned title"]},
        "family": {
            "side": FamilySide.OWN,
            "relation": Relation.FATHER,
            "full_name": words["relative"],
        },
    }
    viewer = system_viewer("security world", TODAY)
    for code, values in rows.items():
        row = add_entry(by=viewer, person=person, group=GROUPS[code], values=values)
        if code == "rewards":
            found["entry"] = row.uid
    level = RatingLevel.GOOD
    rating = record_rating(by=viewer, person=person, year=2025, level=level, rated_by=words["rated by"])
    found["rating"] = rating.uid


@contextmanager
def _writing() -> Iterator[None]:
    """What no action makes is written by hand."""
    allowed = writing_allowed.set(True)
    try:
        yield
        db.session.commit()
    finally:
        writing_allowed.reset(allowed)


def _absence(person: Person, slip: str, note: str) -> str:
    seed = AbsenceSeed(
        kind=AbsenceKind.SICK_LEAVE, starts_on=TODAY, ends_on=TODAY, slip_number=slip, note=note or None
    )
    return record_absence(by=system_viewer("security world", TODAY), person=person, seed=seed).uid


def _proposal(person: Person, value: str, reason: str) -> str:
    sent = {"part": Part.FACTS, "values": {"birthplace": value}, "reason": reason}
    return propose_facts(by=system_viewer("security world", TODAY), person=person, **sent).uid


def _paper(person: Person, seed: QualificationSeed, name: str, body: bytes) -> Qualification:
    stored = store(BytesIO(body), name=f"{name}.pdf")
    viewer = system_viewer("security world", TODAY)
    return add_qualification(by=viewer, person=person, seed=seed, stored=stored)


def _keep(found: dict[str, str], person: Person, paper: Qualification) -> None:
    of_person = [Assignment.person_id == person.id, Assignment.ends_on.is_(None)]
    _photograph(person)
    found["person"] = person.uid
    found["assignment"] = db.session.scalars(select(Assignment.uid).where(*of_person)).one()
    found["rank"] = db.session.scalars(select(RankStep.uid).where(RankStep.person_id == person.id)).one()
    found["qualification"] = paper.uid
    found["document"] = db.session.scalars(select(Document.uid).where(Document.id == paper.document_id)).one()


def _accounts(world: World) -> None:
    """Accounts and grants are open to the administrator; sessions and authority given to their owner."""
    world.own["user"] = world.foreign["user"] = user_of("nobody").uid
    for kind, name in (("own", "staff_a"), ("foreign", "staff_b")):
        grant = select(Grant.uid).join(User, User.id == Grant.user_id).where(User.username == name)
        getattr(world, kind)["grant"] = db.session.scalars(grant).one()
    world.own["group"] = world.foreign["group"] = "contact"
    world.own["part"] = world.foreign["part"] = "rewards"
    world.own["closed"] = world.foreign["closed"] = "family"
    world.own["code"] = world.foreign["code"] = "form_2c"
    world.own["replacement"] = world.foreign["replacement"] = _replacement()
    world.own["name"] = world.foreign["name"] = "x"
    for kind, code in (("own", BUNG_LAO), ("foreign", NA_SANG)):
        unit = unit_by_code(code, TODAY)
        assert unit is not None
        getattr(world, kind)["unit"] = getattr(world, kind)["roster"] = unit.uid


def for_persona(app: Flask, world: World, persona: str) -> None:
    """Adds what belongs to one account alone: another session of it, acting authority it gave."""
    other = "chair_a" if persona == "chair_b" else "chair_b"
    with app.app_context(), bind_viewer(system_viewer("security world", TODAY)):
        world.own["session"], world.foreign["session"] = _session(persona), _session(other)
        world.own["authority"] = world.foreign["authority"] = _authority(other, "staff_b")
        if CAST[persona].role in (Role.CHAIR, Role.HEAD_OF_INSPECTION):
            world.own["authority"] = _authority(persona, "staff_a")
        db.session.remove()


def _session(persona: str) -> str:
    digest = hashlib.sha256(f"other session of {persona}".encode()).digest()
    row = UserSession(token_digest=digest, user_id=user_of(persona).id, address="127.0.0.9", agent="Zq")
    with _writing():
        db.session.add(row)
    return row.uid


def _photograph(person: Person) -> None:
    """A portrait in the file; its bytes are those of a picture of one colour each."""
    stored = store(BytesIO(photograph(colour="green")), name="photo.jpg")
    set_photo(by=system_viewer("security world", TODAY), person=person, stored=stored)


def _replacement() -> str:
    """A Word file of the office in place of a shipped one."""
    viewer = system_viewer("security world", TODAY)
    with find_template("form_2c").shipped.open("rb") as file:
        stored = store(file, name="mau-2c.docx", kinds=("docx",))
    return replace_template(by=viewer, code="form_2c", stored=stored, seen="").uid


def _authority(giver: str, deputy: str) -> str:
    source = db.session.scalars(select(Grant).where(Grant.user_id == user_of(giver).id)).one()
    row = Grant(
        user_id=user_of(deputy).id,
        role=source.role,
        unit_id=source.unit_id,
        block=source.block,
        starts_on=TODAY,
        ends_on=TODAY,
        granted_by_id=source.user_id,
        delegated_by_id=source.id,
    )
    with _writing():
        db.session.add(row)
    return row.uid


def _batch() -> str:
    """An import that waits for its confirmation, with a line and a problem."""
    batch = ImportBatch(
        filename=CANARY["import file"] + ".xlsx",
        sha256="0" * 64,
        size=1,
        status=ImportStatus.READ,
        new=1,
        touched_at=now(),
        created_by_id=user_of("home_affairs").id,
        sheets=[{"name": "1", "shape": "ab", "columns": COLUMNS, "rows": 1, "title": "", "header_row": 1}],
    )
    with _writing():
        db.session.add(batch)
        db.session.flush()
        line = ImportLine(
            batch_id=batch.id,
            sheet="1",
            row=7,
            name=CANARY["import line"],
            values={"id_number": None, "unit": None, "unit_text": "", "post": ""},
            outcome=LineOutcome.REFUSED,
        )
        problem = ImportProblem(
            batch_id=batch.id,
            sheet="1",
            row=7,
            column="C",
            header="Họ tên",
            raw=CANARY["import cell"],
            code="x",
            severity="error",
            message="Enter the full name",
            params={},
        )
        db.session.add_all([line, problem])
    return batch.uid


def _mark_migrated() -> None:
    """The template is made from the models; `/readyz` asks for the migrations' own table."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)"
        )
        connection.exec_driver_sql("DELETE FROM alembic_version")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0001')")


def _hidden(world: World) -> frozenset[str]:
    """uids of the rows that hang on people of commune B alone, and of the import."""
    person = db.session.scalars(select(Person).where(Person.uid == world.foreign["person"])).one()
    ids = [person.id, *(people.person(key).id for key in ("po", "dua"))]
    found = set(db.session.scalars(select(Person.uid).where(Person.id.in_(ids))))
    of_groups = (Reward, Membership, PlannedTitle, FamilyMember, YearlyRating, Proposal, ProposalLine)
    for cls in (Assignment, RankStep, Qualification, Absence, DecisionLine, *of_groups):
        found |= set(db.session.scalars(select(cls.uid).where(cls.person_id.in_(ids))))
    found |= set(db.session.scalars(select(ImportBatch.uid))) | set(
        db.session.scalars(select(ImportLine.uid))
    )
    return frozenset(found | {world.foreign["document"], world.foreign["decision"]})


def absent() -> str:
    """A uid that names nothing."""
    return new_uid()


def address(app: Flask, endpoint: str, uids: dict[str, str] | None) -> str:
    """The endpoint's address with these objects; None: with uids that name nothing."""
    (rule,) = list(app.url_map.iter_rules(endpoint))[:1]
    kind = ENDPOINTS.get(endpoint, {}).get("object")
    values = {}
    for name in rule.arguments:
        wanted = kind if _is_state_of(kind, name) else name
        values[name] = (
            absent() if uids is None and name != "name" else (uids or {"name": "x"}).get(wanted, absent())
        )
    with app.test_request_context("/", base_url="http://localhost"):
        return url_for(endpoint, **values)


def _is_state_of(kind: str | None, name: str) -> bool:
    """Whether the object is one of these in a state of its own: an authority is a grant."""
    return kind is not None and ((name, kind) == ("grant", "authority") or kind.endswith(f"_{name}"))
