"""What makes a point to check: pure, no database. Nothing is refused by it and nobody is accused."""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.db import to_json
from core.ids import encode
from core.text import fold
from hr.people import rules
from hr.people.checks.enums import CheckKind, CheckState
from hr.people.enums import ProofState, QualificationKind, Sex


@dataclass(frozen=True, slots=True)
class Paper:
    """A qualification as it is compared. `scan`: digest of its evidence."""

    id: int
    uid: str
    kind: QualificationKind
    level: str
    major: str | None
    issuer: str | None
    serial: str | None
    awarded_on: date | None
    awarded_year: int | None
    proof_state: ProofState
    scan: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """One person of a point, with the paper it is about; None: it is about the file itself."""

    person_id: int
    person_uid: str
    name: str
    name_key: str
    id_number: str
    sex: Sex
    born_on: date
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """Who settled a point, when, and what they noted."""

    uid: str
    by: str | None
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Point:
    """One point to check. `uid` names it for as long as it is about the same entries; `seen` tells
    their content. `before`: what was settled about an earlier content."""

    uid: str
    kind: CheckKind
    sides: tuple[Side, ...]
    seen: str
    settlement: Settlement | None = None
    before: Settlement | None = None

    @property
    def state(self) -> CheckState:
        """Settled for the papers as they stand, or open."""
        return CheckState.OPEN if self.settlement is None else CheckState.SETTLED

    @property
    def mark(self) -> str:
        """What a form was opened with: content and settlement. Another mark: somebody was faster."""
        return f"{self.seen}-{self.settlement.uid if self.settlement else ''}"


def serial_key(serial: str) -> str:
    """A serial number without blanks and case."""
    return "".join(serial.split()).upper()


def found_in(papers: Iterable[Side], people: Iterable[Side]) -> list[Point]:
    """The points to check among these papers and files, by kind, then by name (design)."""
    papers = list(papers)
    points = [
        *_shared(CheckKind.SAME_SERIAL, papers, _issue),
        *_shared(CheckKind.SAME_SCAN, papers, lambda paper: paper.scan),
        *(_point(CheckKind.AWARDED_YOUNG, (side,)) for side in papers if _is_young(side)),
        *(_point(CheckKind.IDENTITY, (side,)) for side in people if _differs(side)),
    ]
    kinds = list(CheckKind)
    return sorted(points, key=lambda point: (kinds.index(point.kind), point.sides[0].name_key, point.uid))


def _issue(paper: Paper) -> Hashable | None:
    """What no two people have in common: kind, issuer and serial number. None where one is missing."""
    issuer, serial = " ".join(fold(paper.issuer or "").split()), serial_key(paper.serial or "")
    return (paper.kind, issuer, serial) if issuer and serial else None


def _shared(kind: CheckKind, papers: Sequence[Side], key: Any) -> Iterator[Point]:
    """The first paper of each key with every one of another person: as many points as there are such
    people, not as many as there are pairs."""
    groups: dict[Hashable, dict[int, Side]] = defaultdict(dict)
    for side in papers:
        assert side.paper is not None
        if (shared := key(side.paper)) is not None:
            groups[shared].setdefault(side.person_id, side)
    for people in groups.values():
        first, *others = people.values()
        yield from (_point(kind, (first, other)) for other in others)


def _is_young(side: Side) -> bool:
    paper = side.paper
    return paper is not None and bool(
        rules.qualification_notes(
            paper.kind, born_on=side.born_on, awarded_on=paper.awarded_on, awarded_year=paper.awarded_year
        )
    )


def _differs(side: Side) -> bool:
    return bool(rules.id_number_notes(side.id_number, sex=side.sex, born_on=side.born_on))


def messages(point: Point) -> list[Any]:
    """What to look at, where the kind alone does not say it."""
    if point.kind is not CheckKind.IDENTITY:
        return []
    (side,) = point.sides
    notes = rules.id_number_notes(side.id_number, sex=side.sex, born_on=side.born_on)
    return [note.message for note in notes]


def _point(kind: CheckKind, sides: tuple[Side, ...]) -> Point:
    names = [side.paper.uid if side.paper else side.person_uid for side in sides]
    return Point(point_uid(kind, names), kind, sides, _content(kind, sides))


def point_uid(kind: CheckKind, names: Iterable[str]) -> str:
    """The name of a point: made of its kind and the uids of the papers, or of the file, it is about."""
    digest = hashlib.sha256(to_json([kind.value, *sorted(names)]).encode())
    return encode(digest.digest()[:16])


def _content(kind: CheckKind, sides: tuple[Side, ...]) -> str:
    """Digest of all that was compared: when a part of it changes, the point is to be looked at anew."""
    facts = sorted(to_json(_facts(side)) for side in sides)
    return hashlib.sha256(to_json([kind.value, *facts]).encode()).hexdigest()


def _facts(side: Side) -> list[Any]:
    if (paper := side.paper) is None:
        return [side.id_number, side.sex.value, side.born_on.isoformat()]
    awarded = paper.awarded_on.isoformat() if paper.awarded_on else paper.awarded_year
    named = (paper.kind.value, paper.level, paper.major, paper.issuer, paper.serial, awarded, paper.scan)
    return [paper.uid, side.born_on.isoformat(), *named]
