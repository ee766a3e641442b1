"""The search for holes is itself tested: each hole that people make is planted, and has to be found."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from core.db import db
from core.permissions import check_policies
from core.scope import options_for
from tests.client import CheckedClient
from tests.security.holes import HOLES, READ, fair_page
from tests.security.leaks import findings, pages
from tests.security.table import ENDPOINTS
from tests.security.world import add_canary, build_own


@pytest.fixture
def second(app, settings) -> Iterator[Flask]:
    """Another application over the test's register, to be damaged at will."""
    other = create_app(settings)
    other.test_client_class = CheckedClient
    yield other
    options_for.cache_clear()
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(name for name in HOLES if HOLES[name][1]))
def test_a_planted_hole_is_found(second, monkeypatch, world_of, name):
    plant, words, line = HOLES[name]
    world = world_of(second)
    endpoint = plant(second, monkeypatch)
    lines = ENDPOINTS if endpoint in ENDPOINTS else {**ENDPOINTS, endpoint: line}

    assert words in next(findings(second, world, lines, [endpoint]))


@pytest.mark.slow
def test_a_page_without_a_hole_is_left_in_peace(second, monkeypatch, world_of):
    world = world_of(second)
    endpoint = fair_page(second, monkeypatch)

    assert (
        list(findings(second, world, {**ENDPOINTS, endpoint: {**READ, "object": "person"}}, [endpoint])) == []
    )


@pytest.mark.slow
def test_a_planted_count_is_found_by_what_it_changes(second, monkeypatch):
    endpoint = HOLES["a count of rows nobody may see"][0](second, monkeypatch)
    world = build_own(second)
    before = pages(second, world, "chair_a")
    add_canary(second, world)
    after = pages(second, world, "chair_a")

    assert {name.split("?")[0] for name in before if before[name] != after[name]} == {endpoint}


def test_a_hole_without_a_policy_stops_the_start(second, monkeypatch):
    HOLES["an endpoint without a policy"][0](second, monkeypatch)

    with pytest.raises(RuntimeError, match=r"hole\.bare"):
        check_policies(second)


@pytest.mark.slow
def test_the_program_as_it_is_has_none_of_them(second, world_of):
    """The second application, undamaged, over the endpoints that are damaged above."""
    world = world_of(second)

    assert list(findings(second, world, ENDPOINTS, ["people.show", "people.index", "people.document"])) == []
