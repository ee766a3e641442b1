"""The people of an annex among those in reach of the viewer: what the screens of decisions call. As many
statements for a thousand lines as for one; who is out of reach is unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Date, bindparam, or_, select

from core.child import ChildFailed, run
from core.scope import Viewer, read_rows
from core.tabular import Unreadable
from core.text import fold, sort_key
from core.unit_book import unit_book
from hr.decisions.annex.matching import AnnexEntry, AnnexPerson, match_lines
from hr.decisions.annex.reader import Annex, AnnexLine, LeftOut, from_json, read_text
from hr.people.imports.held import unit_table
from hr.people.models import Person
from hr.people.queries import places_of
from hr.people.roster.unitnames import UnitTable
from hr.people.rules import in_service


@dataclass(frozen=True, slots=True)
class AnnexFound:
    """Each line of an annex with whom it means, and the lines that name nobody."""

    entries: tuple[AnnexEntry, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def people(self) -> list[AnnexPerson]:
        """The people matched, in the order of the annex."""
        return [entry.person for entry in self.entries if entry.person is not None]


def find_in_text(viewer: Viewer, text: str) -> AnnexFound:
    """The people of pasted lines. Raises Refused, with words for the user, when they name nobody."""
    return _found(viewer, read_text(text))


def find_in_file(viewer: Viewer, path: str | Path, filename: str) -> AnnexFound:
    """The people of a workbook. Raises Refused (Unreadable among them) with words for the user, or Busy
    when two other files are being read."""
    payload = {"path": str(path), "filename": filename}
    try:
        told = run("hr.decisions.annex.reader:read", payload)
    except ChildFailed as error:
        raise Unreadable("file") from error
    return _found(viewer, from_json(told))


def _found(viewer: Viewer, annex: Annex) -> AnnexFound:
    units = UnitTable.of(unit_table(viewer.today))
    people = _people_like(annex.lines, viewer)
    return AnnexFound(tuple(match_lines(annex.lines, people, units)), annex.left_out)


def _people_like(lines: Iterable[AnnexLine], viewer: Viewer) -> list[AnnexPerson]:
    """Who bears a number or a name of these lines. Two statements and the book of units."""
    numbers = {line.id_number for line in lines if line.id_number}
    names = {line.name for line in lines if line.name}
    values = {
        "numbers": sorted(numbers),
        "keys": sorted({sort_key(name) for name in names}),
        "days": sorted({line.born_on for line in lines if line.born_on}),
    }
    folded = {fold(name) for name in names}
    rows = [
        row
        for row in read_rows(_people(), values).all()
        if row.id_number in numbers or fold(row.full_name) in folded
    ]
    places, units = places_of([row.id for row in rows], viewer.today), unit_book()
    return [
        AnnexPerson(
            uid=row.uid,
            id_number=row.id_number,
            name=row.full_name,
            born_on=row.born_on,
            in_service=in_service(row.status),
            unit=place.unit if place else "",
            unit_code=units.find(place.unit_uid).code if place else None,
        )
        for row in rows
        for place in (places.get(row.id),)
    ]


@cache
def _people() -> Any:
    """By number, by the name as written, or born on one of the days: a name without its marks is
    compared afterwards, the databases cannot fold."""
    columns = (Person.id, Person.uid, Person.id_number, Person.full_name, Person.born_on, Person.status)
    asked = or_(
        Person.id_number.in_(bindparam("numbers", expanding=True)),
        Person.name_key.in_(bindparam("keys", expanding=True)),
        Person.born_on.in_(bindparam("days", expanding=True, type_=Date())),
    )
    return select(*columns).where(asked).order_by(Person.name_key, Person.id)
