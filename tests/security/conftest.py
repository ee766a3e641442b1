"""What the security tests share."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from hr.people.imports import reading
from tests.security.world import World, build


@pytest.fixture
def world_of(monkeypatch: pytest.MonkeyPatch, made_once: Any) -> Callable[[Flask], World]:
    """`world_of(app)` fills the register, before anybody signs in; readings of files are not started."""
    monkeypatch.setattr(reading, "start", lambda _by, _uid: None)
    return lambda app: made_once("security world", lambda: build(app))
