"""The lines of the list as its page shows them: put into words column by column."""

from collections.abc import Sequence
from typing import NamedTuple

from hr.people.enums import ServiceStatus
from hr.people.exports import ListColumn
from hr.people.listing import PersonRow


class Line(NamedTuple):
    """One person: the file's uid, the name, the texts of the other columns, and the status behind one."""

    uid: str
    name: str
    texts: tuple[str, ...]
    status: ServiceStatus


def lines_of(rows: Sequence[PersonRow], columns: Sequence[ListColumn], *, one_unit: bool) -> list[Line]:
    """The lines of these rows; the first column is the name. Who looks at one unit only reads the
    division alone."""
    texts = [
        [row.division or row.unit or "–" for row in rows]
        if one_unit and column.key == "unit"
        else column.texts(rows)
        for column in columns[1:]
    ]
    return [
        Line(row.person.uid, row.person.full_name, line, row.person.status)
        for row, line in zip(rows, zip(*texts, strict=True), strict=True)
    ]
