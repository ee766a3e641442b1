"""The table of access as the tests use it: what a persona may expect of an endpoint."""

import tomllib
from pathlib import Path
from typing import Any

from core.permissions import ROLE_PERMISSIONS, Permission, Role
from tests.personas import BUNG_LAO, CAST, NA_SANG, PROVINCE

PATH = Path(__file__).with_name("access.toml")
TABLE: dict[str, Any] = tomllib.loads(PATH.read_text("utf-8"))
ENDPOINTS: dict[str, Any] = TABLE["endpoint"]
#: Objects that lie in the reach of somebody; the others are open to whoever may use the endpoint.
IN_REACH = {
    "person": "people",
    "assignment": "people",
    "rank": "people",
    "qualification": "people",
    "entry": "people",
    "rating": "people",
    "document": "people",
    "batch": "imports",
    "point": "checks",
    "about": "checks",
    "letter": "checks",
    "sent_letter": "checks",
    "answered_letter": "checks",
    "decision": "decisions",
    "signed_decision": "decision_effects",
    "absence": "absences",
    "proposal": "proposals",
    "roster": "confirmations",
}
#: Objects that are only one's own.
OWN_ONLY = ("session", "authority")


def roles_of(line: dict[str, Any]) -> frozenset[Role]:
    """The roles an endpoint is open to."""
    if isinstance(line["roles"], str):
        return frozenset(Role)
    return frozenset(Role(name) for name in line["roles"])


def is_of_the_province(kind: str) -> bool:
    """Whether an officer of one commune sees no object of this kind, not even the own people's."""
    return TABLE["reach"][IN_REACH[kind]]["hr_officer"] == "whole province only"


def is_open(line: dict[str, Any], persona: str) -> bool:
    """Whether the persona gets past the guard."""
    return isinstance(line["roles"], str) or CAST[persona].role in roles_of(line)


def reaches(persona: str, kind: str | None, commune: str) -> bool:
    """Whether the persona reaches objects of this kind that belong to the commune alone."""
    member = CAST[persona]
    if kind is None or kind not in IN_REACH:
        return kind not in OWN_ONLY or commune == "own"
    reach = TABLE["reach"][IN_REACH[kind]].get(member.role.value if member.role else "", "none")
    if reach == "none":
        return False
    whole = member.unit == PROVINCE
    if reach == "whole province only":
        return whole
    return whole or {"own": BUNG_LAO, "foreign": NA_SANG}[commune] == member.unit


def expected(line: dict[str, Any], persona: str, method: str, commune: str | None) -> int:
    """The status the persona gets; `commune`: own (A), foreign (B), or None for an absent object."""
    if not is_open(line, persona):
        return 403
    kind = line.get("object")
    if kind not in (None, "name") and (commune is None or not reaches(persona, kind, commune)):
        return 404
    status: int = line[method.lower()]
    return status


def policy(line: dict[str, Any]) -> str:
    """The policy an endpoint declares."""
    if line["roles"] == "signed in":
        return "signed_in"
    return "public" if line["roles"] == "public" else str(line["policy"])


def holders(permission: str) -> frozenset[Role]:
    """Roles that hold the permission, by the program's table."""
    return frozenset(role for role, held in ROLE_PERMISSIONS.items() if Permission(permission) in held)
