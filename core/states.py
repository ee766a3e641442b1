"""docs/states.md, made from the tables of states that the rules go by."""

from collections.abc import Iterator

from core.access import ROOT
from core.subjects import States, registered

DOCUMENT = ROOT / "docs" / "states.md"

_OPENING = """# States

Made by `flask docs` from the tables the rules go by; do not edit this page.
A step that is not drawn is refused.
"""


def text() -> str:
    """The whole document: of each thing a diagram and its table."""
    parts = [line for subject in registered() for states in subject.states for line in _section(states)]
    return "\n".join([_OPENING, *parts]) + "\n"


def _section(states: States) -> Iterator[str]:
    steps = list(states.transitions.items())
    yield f"## {states.of}\n"
    yield "```mermaid\nstateDiagram-v2"
    for step, (starts, end) in steps:
        yield from (f"    {start.value} --> {end.value}: {step.value}" for start in starts)
    yield "```\n"
    yield "| step | from | to |\n| --- | --- | --- |"
    for step, (starts, end) in steps:
        yield f"| `{step.value}` | {', '.join(start.value for start in starts)} | {end.value} |"
    yield ""
