"""The search box: people by the beginning of words, units by name or code, one person by number.

No access code of its own: the row scope filters what it finds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.permissions import Permission
from core.scope import Viewer
from core.text import digits
from core.unit_book import UnitEntry, unit_book
from hr.people.models import Person
from hr.people.queries import find_by_id_number


@dataclass(frozen=True, slots=True)
class UnitHit:
    """A unit found, and what it became when it is a former one."""

    unit: UnitEntry
    successors: Sequence[UnitEntry]


def person_by_number(viewer: Viewer, words: str) -> Person | None:
    """The visible person with exactly this number."""
    number = digits(words)
    if len(number) != 12 or not viewer.can(Permission.PERSON_READ):
        return None
    return find_by_id_number(number)


def units(words: str, limit: int = 8) -> list[UnitHit]:
    """Units by name or code; former ones with what they became."""
    book = unit_book()
    return [
        UnitHit(unit, book.successors_of(unit) if unit.valid_to else ()) for unit in book.search(words, limit)
    ]
