"""Who may answer what, and what an answer needs: pure, no database."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from core.errors import Overtaken, Unprocessable
from hr.people.proposals.enums import ANSWERS, LineState


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to one line."""

    state: LineState
    reason: str | None = None


def check_open(states: Iterable[LineState]) -> None:
    """Answered and withdrawn is once (design)."""
    if LineState.SENT not in set(states):
        raise Overtaken(_l("This proposal has been answered"))


def is_open(states: Iterable[LineState]) -> bool:
    """Whether `check_open` passes."""
    return LineState.SENT in set(states)


def check_answer(answer: Answer) -> None:
    """A refusal says why: the commune reads it (design)."""
    if answer.state not in ANSWERS:
        raise ValueError(answer.state)
    if answer.state is LineState.REFUSED and not (answer.reason or "").strip():
        raise Unprocessable(_l("Enter why a line is refused"))


def check_reason(reason: str) -> str:
    """A proposal says why (design)."""
    if not reason.strip():
        raise Unprocessable(_l("Enter why the file should be changed"), field="reason")
    return reason.strip()


def has_moved(seen: str | None, now: str, *, file_version: int, version: int) -> bool:
    """Whether the file holds something else than when the line was proposed: the field, or, where the
    sender could not read it, anything of the file."""
    return seen != now if seen is not None else file_version != version
