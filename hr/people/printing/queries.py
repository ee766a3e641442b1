"""Reads for paper: everything of one file that the viewer may see, each part once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from flask_babel import force_locale
from sqlalchemy import Date, Select, String, cast, literal, null, select, union_all

from core.files import Document, path_of
from core.ids import Uid
from core.scope import Viewer, read_rows
from core.units import Unit
from core.word import LANGUAGE
from hr.people import queries
from hr.people.absences.enums import AbsenceKind, HalfDay
from hr.people.absences.models import Absence, AbsenceReason
from hr.people.confirmations.enums import Verdict
from hr.people.confirmations.models import RosterLine
from hr.people.enums import ProofState, QualificationKind
from hr.people.groups.queries import Listed, every_row_of, facts_of
from hr.people.groups.registry import Group
from hr.people.letters.models import IssuerLetter, IssuerLetterPaper
from hr.people.letters.queries import letters_of
from hr.people.merging.models import PersonMerge
from hr.people.models import Assignment, Person, PersonBackground, Qualification, RankStep
from hr.people.proposals.queries import ProposalRow, list_lines


@dataclass(frozen=True, slots=True)
class File:
    """One personnel file as its viewer may see it, oldest first."""

    person: Person
    viewer: Viewer
    background: PersonBackground | None
    groups: list[tuple[Group, Any]]
    rows: list[tuple[Group, list[Listed]]]
    history: Sequence[Assignment]
    ranks: Sequence[RankStep]
    papers: Sequence[Qualification]
    photo: Document | None

    @property
    def today(self) -> date:
        """The day the paper is made."""
        return self.viewer.today

    @property
    def place(self) -> Assignment | None:
        """The own place of today, else the last one."""
        own = [row for row in self.history if row.is_home and row.annulled_at is None]
        running = [row for row in own if row.runs_on(self.today)]
        return next(reversed(running or own), None)

    @property
    def beside(self) -> list[Assignment]:
        """What is held today beside the own place."""
        return [row for row in self.history if row.runs_on(self.today) and not row.is_home]

    @property
    def rank(self) -> RankStep | None:
        """Rank and step of today."""
        return next((row for row in reversed(self.ranks) if row.starts_on <= self.today), None)

    def highest(self, kind: QualificationKind) -> Qualification | None:
        """The highest paper of a kind: `papers` has the highest of each kind first."""
        return next((row for row in self.papers if row.kind is kind), None)

    def facts(self, code: str) -> Mapping[str, str]:
        """Field → text of a group of one row; empty where nothing is held or may be seen."""
        for group, row in self.groups:
            if group.code == code and row is not None:
                texts = ((field.name, field.show(getattr(row, field.name))) for field in group.fields)
                return {name: text for name, text in texts if text}
        return {}

    def entries(self, code: str) -> list[dict[str, str]]:
        """The rows of a group of many rows, each as field → text; "" where nothing is held."""
        for group, rows in self.rows:
            if group.code == code:
                return [
                    {name: text or "" for name, text in zip(group.names, row.texts, strict=True)}
                    for row in rows
                ]
        return []


class Away(NamedTuple):
    """One authorised absence; why is None where the viewer may not read it."""

    starts_on: date
    ends_on: date
    starts_half: HalfDay
    ends_half: HalfDay
    kind: AbsenceKind | None
    slip_number: str | None
    note: str | None
    is_annulled: bool


class Said(NamedTuple):
    """What the chair of a unit said of the person in a quarter."""

    quarter: str
    unit: str
    post: str
    verdict: Verdict
    note: str | None
    is_annulled: bool


class Merged(NamedTuple):
    """A file that went into this one."""

    uid: str
    id_number: str
    note: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What is held of the person beside the file itself, as its viewer may see it, oldest first."""

    proposals: Sequence[ProposalRow]
    letters: Sequence[tuple[IssuerLetter, IssuerLetterPaper, Qualification]]
    absences: list[Away] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    merges: list[Merged] = field(default_factory=list)


def beside_of(person: Person, viewer: Viewer) -> Beside:
    """What is held beside the file. Three statements whatever it is."""
    proposals = list_lines(viewer, waiting=None, person=person.uid)
    beside = Beside(proposals=proposals, letters=letters_of(person))
    parts = union_all(_absences(person), _said(person), _merged(person)).subquery()
    for kind, _key, annulled, first, last, uid, *texts in read_rows(select(parts).order_by(parts.c.key)):
        one, two, three, four, five = texts
        if kind == "absence":
            halves = HalfDay(one), HalfDay(two)
            why = AbsenceKind(three) if three else None
            beside.absences.append(Away(first, last, *halves, why, four, five, bool(annulled)))
        elif kind == "roster":
            beside.said.append(Said(one, two, three, Verdict(four), five, bool(annulled)))
        else:
            beside.merges.append(Merged(uid, one, two))
    return beside


def _absences(person: Person) -> Select[Any]:
    texts = (Absence.starts_half, Absence.ends_half, AbsenceReason.kind)
    query: Any = _kept("absence", Absence.id, *texts, AbsenceReason.slip_number, AbsenceReason.note,
                       annulled=Absence.annulled_at.is_not(None), first=Absence.starts_on,
                       last=Absence.ends_on)  # fmt: skip
    query = query.select_from(Absence).outerjoin(AbsenceReason, AbsenceReason.absence_id == Absence.id)
    found: Select[Any] = query.where(Absence.person_id == person.id)
    return found


def _said(person: Person) -> Select[Any]:
    line = RosterLine
    texts = (line.quarter, Unit.name, line.post, line.verdict, line.note)
    query = _kept("roster", line.id, *texts, annulled=line.annulled_at.is_not(None))
    return query.join(Unit, Unit.id == line.unit_id).where(line.person_id == person.id)


def _merged(person: Person) -> Select[Any]:
    merge = PersonMerge
    query = _kept("merge", merge.id, merge.id_number, merge.note, uid=merge.merged_uid)
    return query.where(merge.person_id == person.id)


def _kept(
    kind: str,
    key: Any,
    *texts: Any,
    annulled: Any = None,
    first: Any = None,
    last: Any = None,
    uid: Any = None,
) -> Select[Any]:
    """One part of the statement above: what it lacks is NULL."""
    lacking = [cast(null(), String)] * (5 - len(texts))
    return select(
        literal(kind).label("kind"),
        key.label("key"),
        (literal(False) if annulled is None else annulled).label("annulled"),
        (cast(null(), Date) if first is None else first).label("first"),
        (cast(null(), Date) if last is None else last).label("last"),
        (cast(null(), Uid) if uid is None else uid).label("uid"),
        *(cast(text, String).label(f"text_{number}") for number, text in enumerate((*texts, *lacking))),
    )


def file_of(person: Person, viewer: Viewer, *, whole: bool = False) -> File:
    """Everything of the file that the viewer may see, its words in Vietnamese; `whole`: also what was
    annulled or denied. Five statements whatever it holds."""
    with force_locale(LANGUAGE):
        facts = facts_of(person, viewer)
        rows = every_row_of(person, viewer)
    if not whole:
        rows = [(group, [row for row in listed if not row.is_annulled]) for group, listed in rows]
    return File(
        person=person,
        viewer=viewer,
        background=facts.background,
        groups=facts.groups,
        rows=rows,
        history=[row for row in reversed(queries.work_history(person)) if whole or _stands(row)],
        ranks=[row for row in reversed(queries.ranks_of(person)) if whole or _stands(row)],
        papers=[row for row in queries.qualifications_of(person) if whole or _stands(row)],
        photo=facts.photo,
    )


def photo_bytes(file: File) -> dict[str, bytes]:
    """The photograph for a template; nothing where there is none."""
    if file.photo is None:
        return {}
    path = path_of(file.photo.sha256)
    return {"photo": path.read_bytes()} if path.exists() else {}


def _stands(row: Assignment | RankStep | Qualification) -> bool:
    denied = isinstance(row, Qualification) and row.proof_state is ProofState.ISSUER_DENIES
    return row.annulled_at is None and not denied
