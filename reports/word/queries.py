"""What the screens of templates show: each template with what holds now, and who put it there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from accounts.models import User
from core.db import db
from core.errors import Missing
from core.subjects import WordTemplate
from core.word import OfficeTemplate, in_use, replacements, templates


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template; `row` None: the shipped one holds."""

    template: WordTemplate
    row: OfficeTemplate | None


def list_templates() -> list[TemplateLine]:
    """Every template with the replacement that holds. One statement."""
    rows = replacements()
    return [TemplateLine(template, in_use(rows, template.code)) for template in templates()]


def names_of(rows: Iterable[OfficeTemplate | None]) -> dict[int, str]:
    """Account → name of who put these in place or set them aside. One statement, none for nobody."""
    found = [row for row in rows if row is not None]
    ids = {key for row in found for key in (row.created_by_id, row.annulled_by_id) if key is not None}
    if not ids:
        return {}
    query = select(User.id, User.display_name).where(User.id.in_(ids))
    return {row.id: row.display_name for row in db.session.execute(query)}


def find_replacement(rows: Sequence[OfficeTemplate], uid: str) -> OfficeTemplate:
    """The one of `rows` with this uid; Missing when there is none."""
    found = next((row for row in rows if row.uid == uid), None)
    if found is None:
        raise Missing
    return found


def fields_of(template: WordTemplate) -> list[tuple[str, str]]:
    """(name, an example) of every field; those of a list's rows as "list: field"."""
    found: list[tuple[str, str]] = []
    for name, value in template.sample.items():
        if isinstance(value, str):
            found.append((name, value))
            continue
        first: Any = value[0]
        fields = first.items() if isinstance(first, Mapping) else [("", first)]
        found += [(f"{name}: {key}".removesuffix(": "), text) for key, text in fields]
    return found + [(name, "") for name in template.pictures]
