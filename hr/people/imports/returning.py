"""The sender's own workbook, sent back with a comment in each cell that is wrong. A child process opens and
writes it."""

import io
import tempfile
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from core.child import ChildFailed, Refused, run
from core.db import db
from core.errors import Unprocessable
from core.files import path_of
from core.scope import Viewer
from hr.people.imports import actions, queries
from hr.people.imports.models import ImportBatch, ImportProblem
from hr.people.imports.words import problem_text

MARK = "hr.people.roster.marking:mark"
_MEMORY_MB = 1536


def marked_copy(by: Viewer, batch: ImportBatch) -> io.BytesIO:
    """The workbook of `batch` with comments, in the language of the reader. Unprocessable says what to do
    where it cannot be made; the log tells of each that was."""
    comments = _comments(batch)
    if not comments:
        raise Unprocessable(_("No cell of this file is wrong: there is nothing to send back"))
    path, author = path_of(batch.sha256), _("The register")
    uid = batch.uid
    db.session.rollback()
    if not path.exists():
        raise Unprocessable(_("This file is no longer kept: send it again"))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "marked.xlsx"
        given = {"path": str(path), "target": str(target), "author": author, "comments": comments}
        try:
            run(MARK, given, memory_mb=_MEMORY_MB)
        except Refused as refusal:
            raise Unprocessable(str(_(refusal.message)) % refusal.params) from refusal
        except ChildFailed as error:
            told = _("Comments cannot be written into this file: save it anew as .xlsx and send it again")
            raise Unprocessable(told) from error
        body = io.BytesIO(target.read_bytes())
    actions.record_returned(by=by, batch=queries.find_batch(uid), comments=len(comments))
    return body


def _comments(batch: ImportBatch) -> list[dict[str, Any]]:
    """One for each error; where a whole line is meant, at the name."""
    names = {
        sheet["name"]: next((c["letter"] for c in sheet["columns"] if c["field"] == "full_name"), "A")
        for sheet in batch.sheets or []
    }
    problems = db.session.scalars(queries.list_problems(batch, "error").order_by(ImportProblem.id))
    return [
        {
            "sheet": problem.sheet,
            "row": problem.row,
            "column": problem.column or names.get(problem.sheet, "A"),
            "text": problem_text(problem),
        }
        for problem in problems
        if problem.row is not None
    ]
