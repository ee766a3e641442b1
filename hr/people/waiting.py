"""What of the personnel files waits for the viewer: imports read, points to check, yearly ratings."""

from typing import Any

from sqlalchemy import Select, select

from core.scope import Viewer
from core.subjects import union_of
from hr.people.checks import queries as checks
from hr.people.imports import queries as imports
from hr.people.ratings import queries as ratings


def tasks(viewer: Viewer) -> Select[Any] | None:
    """All of it in one Select of the registry's columns; None when nothing can wait."""
    found = union_of((imports.tasks(viewer), checks.tasks(viewer), ratings.tasks(viewer)))
    return None if found is None else select(found.subquery())
