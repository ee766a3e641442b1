"""Lines of an import as their page shows them: what differs, three ways and in words, what is asked, how
cells were read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.words import show_date
from hr.people.imports import queries
from hr.people.imports.enums import WRITTEN, LineOutcome, Side
from hr.people.imports.models import ImportBatch, ImportLine, ImportProblem
from hr.people.imports.queries import Candidate
from hr.people.imports.reconciling import field_of
from hr.people.imports.reviewing import SOMEBODY_NEW, Sent
from hr.people.imports.words import change_label, change_value

#: Remarks that tell how a cell was read otherwise than it stands.
READ_OTHERWISE = frozenset(
    ("font_read", "name_case", "id_zero", "date_serial", "ethnicity_read", "rank_read", "unit_former")
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One value in which file and register differ. `asks`: the field whose choice stands here."""

    label: str
    kind: LineOutcome
    last: str
    register: str
    file: str
    asks: str | None = None
    chosen: str = ""


@dataclass(slots=True)
class Shown:
    """One line of the page."""

    line: ImportLine
    person: str | None
    differences: list[Difference]
    ticked: bool
    at_once: bool
    answer: str = ""
    candidates: list[Candidate] = field(default_factory=list)
    reasons: list[ImportProblem] = field(default_factory=list)
    readings: list[ImportProblem] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Rows of the table that the line takes."""
        return max(1, len(self.differences))


def shown_lines(batch: ImportBatch, lines: Sequence[ImportLine], sent: Sent | None) -> list[Shown]:
    """The lines in words; what was sent and refused stands as it was sent. Three statements at most."""
    people, remarks = queries.people_of(lines), queries.remarks_of(batch, lines)
    candidates = queries.candidates_of(lines)
    return [_shown(line, people, candidates, remarks.get((line.sheet, line.row), ()), sent) for line in lines]


def _shown(
    line: ImportLine,
    people: Mapping[int, str],
    candidates: Mapping[int, Candidate],
    remarks: Sequence[ImportProblem],
    sent: Sent | None,
) -> Shown:
    person = people.get(line.person_id) if line.person_id is not None else None
    return Shown(
        line=line,
        person=person,
        differences=_differences(line, sent),
        ticked=line.accepted if sent is None else line.uid in sent.ticked,
        at_once=line.outcome in WRITTEN,
        answer=_answer(line, person) if sent is None else sent.people.get(line.uid, ""),
        candidates=[candidates[key] for key in line.candidates or () if key in candidates],
        reasons=[item for item in remarks if item.severity == "error" or item.code in _TELLING],
        readings=[item for item in remarks if item.code in READ_OTHERWISE],
    )


#: Remarks that stand with the line although they do not refuse it.
_TELLING = frozenset(("later_place", "later_rank", "second_head"))


def _answer(line: ImportLine, person: str | None) -> str:
    if not line.by_hand:
        return ""
    return person or SOMEBODY_NEW


def _differences(line: ImportLine, sent: Sent | None) -> list[Difference]:
    kinds, asked = line.kinds or {}, set()
    choices = (line.choices or {}) if sent is None else sent.choices.get(line.uid, {})
    found = []
    for name, (old, new) in (line.changes or {}).items():
        kind, last = kinds.get(name, (LineOutcome.CHANGED.value, None))
        head = field_of(name)
        asks = head if kind == LineOutcome.CONFLICTING and head not in asked else None
        if asks:
            asked.add(head)
        before, register, file = (change_value(name, value) for value in (last, old, new))
        told = (change_label(name), LineOutcome(kind), before, register, file)
        found.append(Difference(*told, asks=asks, chosen=choices.get(head, "")))
    return found


def candidate_words(candidate: Candidate) -> str:
    """Enough to tell people of one name apart; of the number only its end."""
    place = ", ".join(filter(None, (candidate.unit, candidate.post)))
    number = f"…{candidate.number[-4:]}"
    return " · ".join(filter(None, (candidate.name, show_date(candidate.born_on), number, place)))


def side_choices() -> list[tuple[str, Any]]:
    """The two sides of a choice."""
    return [(side.value, side.label) for side in Side]
