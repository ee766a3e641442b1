"""Reads for the export of whole files."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from core.db import db
from hr.people.listing import PeopleFilter, list_people
from hr.people.models import Person


def people_of(filters: PeopleFilter, as_of: date) -> Select[Any]:
    """Ids of the people of a list."""
    found: Any = list_people(filters, as_of).with_only_columns(Person.id).order_by(None)
    ids: Select[Any] = found
    return ids


def everybody() -> Select[Any]:
    """Ids of all people in reach."""
    return select(Person.id)


def count_people(people: Select[Any]) -> int:
    """How many people these ids are."""
    return db.session.scalar(select(func.count()).select_from(people.order_by(None).subquery())) or 0
