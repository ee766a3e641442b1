"""Empty databases for the migrations: they make their own tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine

from core.db import engine_options
from tests.registers import configuration, empty_database, running, small_app, small_subject


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The URL of a database that holds nothing."""
    with empty_database(tmp_path) as url:
        yield url


@pytest.fixture
def app(database: str, tmp_path: Path) -> Flask:
    """A small application over it."""
    return small_app(configuration(database, tmp_path), [small_subject()])


@pytest.fixture
def bare(app: Flask) -> Iterator[Engine]:
    """Its engine, inside an application context."""
    with running(app) as engine:
        yield engine


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Engine]:
    """A second empty database of the same kind."""
    with empty_database(tmp_path) as url:
        made = create_engine(url, **engine_options(url, 1))
        yield made
        made.dispose()
