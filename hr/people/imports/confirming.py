"""Confirming an import: what was shown is planned anew against the register of now, and only when
each line still means what the page showed is it written, all of it in one transaction."""

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from core.db import db
from core.errors import Conflict, Unprocessable
from core.scope import Viewer
from hr.people.imports import actions, queries, reading, whole_files
from hr.people.imports.enums import ImportStatus
from hr.people.imports.models import ImportBatch
from hr.people.imports.plans import Plan
from hr.people.imports.writing import prepare


def confirm(
    *, by: Viewer, batch: ImportBatch, version: int | None = None, token: str | None = None
) -> ImportBatch:
    """Writes the new and changed people of `batch`; of a second click the first one's result. Conflict
    when the register has moved on since the file was read; Unprocessable when nothing can be written."""
    uid = batch.uid
    try:
        return _confirm(by, batch, version, token)
    except (Conflict, IntegrityError, Unprocessable) as error:
        # On two clicks at once the second finds the work of the first: that is no conflict.
        db.session.rollback()
        again = queries.find_batch(uid)
        if again.status is ImportStatus.CONFIRMED:
            return again
        if isinstance(error, IntegrityError):
            raise Conflict(None) from error
        raise


def _confirm(by: Viewer, batch: ImportBatch, version: int | None, token: str | None) -> ImportBatch:
    uid = batch.uid
    if batch.status is ImportStatus.CONFIRMED:
        return batch
    if batch.is_whole_files:
        return whole_files.confirm(by=by, batch=batch, version=version, token=token)
    plans = _plans(by, batch)
    if not plans and not batch.unchanged:
        raise Unprocessable(_l("No line of this file can be imported: mend the file and send it again"))
    prepared = prepare(by, plans)
    db.session.rollback()
    fresh = queries.find_batch(uid)
    return actions.confirm(by=by, batch=fresh, prepared=prepared, version=version, token=token)


def _plans(by: Viewer, batch: ImportBatch) -> list[Plan]:
    """The lines to write, planned against the register of now."""
    shown = queries.lines_to_write(batch)
    planned = reading.plans_of(by, [line["values"] for line in shown], actions.as_of(batch, by.today))
    plans = []
    for line, (_row, plan) in zip(shown, planned, strict=True):
        if plan.outcome is not line["outcome"] or (plan.changes or None) != line["changes"]:
            raise Conflict(None)
        plans.append(plan)
    return plans
