"""Reads for paper: everything of one file that the viewer may see, each part once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale

from core.files import Document, path_of
from core.scope import Viewer
from core.word import LANGUAGE
from hr.people import queries
from hr.people.enums import ProofState, QualificationKind
from hr.people.groups.queries import Listed, every_row_of, facts_of
from hr.people.groups.registry import Group
from hr.people.models import Assignment, Person, PersonBackground, Qualification, RankStep


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
