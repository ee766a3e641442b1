"""What of the files waits for the viewer: imports, points to check, ratings, proposals, rosters."""

from typing import Any

from sqlalchemy import Select, select

from core.scope import Viewer
from core.subjects import union_of
from hr.people.checks import queries as checks
from hr.people.confirmations import queries as confirmations
from hr.people.imports import queries as imports
from hr.people.proposals import queries as proposals
from hr.people.ratings import queries as ratings


def tasks(viewer: Viewer) -> Select[Any] | None:
    """All of it in one Select of the registry's columns; None when nothing can wait."""
    parts = (imports, checks, ratings, proposals, confirmations)
    found = union_of(part.tasks(viewer) for part in parts)
    return None if found is None else select(found.subquery())
