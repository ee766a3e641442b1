"""The lines of the list as its page shows them: put into words column by column."""

from collections.abc import Sequence

from hr.people.exports import ListColumn
from hr.people.listing import PersonRow


def lines_of(
    rows: Sequence[PersonRow], columns: Sequence[ListColumn], *, one_unit: bool
) -> list[tuple[str, ...]]:
    """For each row its status, the uid of the file, and the text of each column. Who looks at one unit
    only reads the division alone."""
    texts = [
        [row.division or row.unit or "–" for row in rows]
        if one_unit and column.key == "unit"
        else column.texts(rows)
        for column in columns
    ]
    uids, statuses = [row.person.uid for row in rows], [row.person.status for row in rows]
    return list(zip(statuses, uids, *texts, strict=True))
