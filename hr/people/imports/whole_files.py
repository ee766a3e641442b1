"""Whole files as an import: read and shown like any other, but taken whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from core.child import Refused
from core.db import db
from core.errors import Unprocessable
from core.files import path_of
from core.scope import Viewer
from core.sheets import PersonFile
from hr.people.exchange.actions import prepare
from hr.people.exchange.reading import NOTHING, THERE, Reading, home_of, read_package
from hr.people.imports import actions, problems, queries
from hr.people.imports.enums import ImportContent, LineOutcome
from hr.people.imports.models import ImportBatch

Row = dict[str, Any]


def keep(by: Viewer, uid: str, path: Path, tell: Callable[[Reading], None]) -> ImportBatch:
    """Reads the file and keeps what was found: a line a person, a problem a wrong cell. `tell` gets what
    was read."""
    reading = read_package(by, path)
    tell(reading)
    refused = _people_with_faults(reading)
    lines = [_line(reading, mark, file, refused) for mark, file in reading.files.items()]
    found = [*reading.problems, *(_there(reading, mark) for mark in sorted(reading.there))]
    of_cells = [problems.row_of(item) for item in found if item["row"] is not None]
    batch = queries.find_batch(uid)
    last = max(len(lines), len(of_cells)) // actions.PIECE * actions.PIECE
    for start in range(0, last, actions.PIECE):
        piece = slice(start, start + actions.PIECE)
        actions.keep_piece(by=by, batch=batch, lines=lines[piece], problems=of_cells[piece])
    outcomes = [line["outcome"] for line in lines]
    told = {
        "content": ImportContent.WHOLE_FILES,
        "sheets": reading.counts(),
        "notes": [*(item for item in found if item["row"] is None), *reading.notes],
        **{outcome.value: outcomes.count(outcome) for outcome in LineOutcome},
    }
    return actions.finish_reading(
        by=by, batch=batch, found=told, lines=lines[last:], problems=of_cells[last:]
    )


def confirm(
    *, by: Viewer, batch: ImportBatch, version: int | None, token: str | None, read: Reading | None = None
) -> ImportBatch:
    """Writes all of the file, read once more, for the register has gone on. `read`: what was read of it a
    moment ago."""
    uid, path = batch.uid, path_of(batch.sha256)
    db.session.rollback()
    if not path.exists():
        raise Unprocessable(_l("This file is no longer kept: send it again"))
    try:
        prepared = prepare(read or read_package(by, path), path)
    except Refused as refusal:
        raise Unprocessable(_l("Nothing of this file can be written: mend it and send it again")) from refusal
    db.session.rollback()
    fresh = queries.find_batch(uid)
    return actions.confirm_files(by=by, batch=fresh, prepared=prepared, version=version, token=token)


def _people_with_faults(reading: Reading) -> set[str]:
    return {
        mark
        for mark, file in reading.files.items()
        if file.person.wrong or any(row.wrong for rows in file.rows.values() for row in rows)
    }


def _line(reading: Reading, mark: str, file: PersonFile, refused: set[str]) -> Row:
    """Columns of an ImportLine, as the table calls them."""
    outcome = LineOutcome.REFUSED if mark in refused | reading.there else LineOutcome.NEW
    home = home_of(file)
    values: Row = {"id_number": file.person.values["id_number"], "unit": None, "unit_text": None}
    if home is not None:
        values["post"], values["unit_text"] = home.values["post"], reading.unit_names[home.values["unit_id"]]
    return {
        "sheet": file.person.sheet,
        "row_number": file.person.number,
        "name": file.person.values["full_name"] or "–",
        "value_json": values,
        "id_number": values["id_number"],
        "outcome": outcome,
        "accepted": outcome is LineOutcome.NEW,
    }


def _there(reading: Reading, mark: str) -> Row:
    row = reading.files[mark].person
    told = {"message": THERE, "code": "there", "severity": "error"}
    return {**NOTHING, **told, "sheet": row.sheet, "row": row.number, "raw": row.values["full_name"]}
