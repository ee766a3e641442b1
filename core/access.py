"""docs/access.md, made from the table of access that is written by hand for the tests."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.permissions import Role

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tests" / "security" / "access.toml"
DOCUMENT = ROOT / "docs" / "access.md"

_OPENING = """# Who may do what

Made by `flask docs` from `tests/security/access.toml`, which is written by hand; do not edit this page.
Tests hold the program's tables and its answers over HTTP to it.

403: the role may not do this, whether the object exists or not. 404: the object is out of reach or absent,
with the same bytes. Numbers are the answers to a request with an empty form for an object in reach.
"""


def text() -> str:
    """The whole document."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    parts = [_OPENING, *_reach(table["reach"]), *_fields(table["field"]), *_endpoints(table["endpoint"])]
    return "\n".join([*parts, *_actions(table["action"])]) + "\n"


def _reach(reaches: dict[str, dict[str, str]]) -> Iterator[str]:
    yield "## How far a role sees\n"
    yield _row(["rows", *(role.value for role in Role)])
    yield _row(["---"] * (len(Role) + 1))
    for reach in reaches.values():
        yield _row([reach["words"], *(reach[role.value] for role in Role)])
    yield ""


def _fields(fields: list[dict[str, Any]]) -> Iterator[str]:
    yield "## Fields of their own\n"
    yield _row(["of", "fields", "permission", "roles"])
    yield _row(["---"] * 4)
    for field in fields:
        roles = ", ".join(field["roles"]) or "nobody"
        yield _row([field["of"], ", ".join(field["fields"]), f"`{field['permission']}`", roles])
    yield ""


def _endpoints(endpoints: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield "## Pages and what can be sent to them\n"
    yield _row(["endpoint", "what", "roles", "object", "GET", "POST", "states", "logged"])
    yield _row(["---"] * 8)
    for name, line in endpoints.items():
        roles = line["roles"] if isinstance(line["roles"], str) else ", ".join(line["roles"])
        yield _row(
            [
                f"`{name}`",
                line["words"],
                roles,
                line.get("object", "–"),
                str(line.get("get", "–")),
                str(line.get("post", "–")),
                "; ".join(_state(state, answers) for state, answers in line.get("states", {}).items()) or "–",
                "yes" if line.get("log") else "–",
            ]
        )
    yield ""


def _state(state: str, answers: dict[str, Any]) -> str:
    return f"{state}: " + ", ".join(f"{method.upper()} {status}" for method, status in answers.items())


def _actions(actions: dict[str, str]) -> Iterator[str]:
    yield "## Actions\n"
    yield "`inner`: called by the program or another action; `own`: what every account does on its own.\n"
    yield _row(["action", "permission"])
    yield _row(["---"] * 2)
    for name, permission in sorted(actions.items()):
        yield _row([f"`{name}`", permission])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
