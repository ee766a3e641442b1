"""The roster of commune A and its chair's word on it."""

from collections.abc import Callable
from typing import Any

import pytest

from core.clock import quarter_of
from core.unit_book import unit_book
from hr.people.confirmations import actions, queries
from hr.people.confirmations.rules import Word
from tests.factories import people
from tests.personas import BUNG_LAO


@pytest.fixture
def own(context: Any) -> Any:
    """Commune A as the book of units has it."""
    return lambda viewer: next(unit for unit in queries.units_to_confirm(viewer) if unit.code == BUNG_LAO)


@pytest.fixture
def say(as_viewer: Any, own: Any) -> Callable[..., int]:
    """`say(an=Word(…), rest=True)`: the chair of commune A confirms in the running quarter."""

    def confirm(rest: bool = False, mark: str | None = None, **words: Word) -> int:
        with as_viewer("chair_a") as viewer:
            unit = own(viewer)
            by_uid = {people.person(key).uid: word for key, word in words.items()}
            sent = {"unit": unit, "quarter": quarter_of(viewer.today), "words": by_uid}
            return actions.confirm(by=viewer, rest=rest, mark=mark, **sent)

    return confirm


@pytest.fixture
def address(read: Any) -> str:
    """The address of commune A's roster."""

    def find() -> str:
        return next(unit.uid for unit in unit_book().units if unit.code == BUNG_LAO and unit.valid_to is None)

    return f"/rosters/{read(find)}"
