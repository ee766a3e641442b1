"""Confirming an import: what was shown is planned anew against the register of now, and only when
each line still means what the page showed is it written, all of it in one transaction."""

from flask_babel import lazy_gettext as _l

from core.db import db
from core.errors import Conflict, Unprocessable
from core.scope import Viewer
from hr.people.imports import actions, queries, reading
from hr.people.imports.models import ImportBatch
from hr.people.imports.writing import prepare


def confirm(*, by: Viewer, batch: ImportBatch, version: int | None = None, token: str | None = None) -> ImportBatch:
    """Writes the new and changed people of `batch`. Conflict when the register has moved on since
    the file was read; Unprocessable when there is nothing to write."""
    day = actions.as_of(batch, by.today)
    shown = queries.lines_to_write(batch)
    if not shown and not batch.unchanged:
        raise Unprocessable(_l("No line of this file can be imported: mend the file and send it again"))
    plans = []
    planned = reading.plans_of(by, [line["values"] for line in shown], day)
    for line, (_row, plan) in zip(shown, planned, strict=True):
        if plan.outcome is not line["outcome"] or (plan.changes or None) != line["changes"]:
            raise Conflict(None)
        plans.append(plan)
    prepared = prepare(by, plans)
    uid = batch.uid
    db.session.rollback()
    return actions.confirm(by=by, batch=queries.find_batch(uid), prepared=prepared, version=version, token=token)
