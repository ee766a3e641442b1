"""Confirming an import: what was shown is planned anew against the register of now, and only when
each line still means what the page showed is it written, all of it in one transaction."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from core.db import db
from core.errors import Conflict, Unprocessable
from core.scope import Viewer
from hr.people import entry
from hr.people.exchange.reading import Reading
from hr.people.imports import actions, comparing, held, queries, whole_files
from hr.people.imports.enums import SEEN, ImportStatus, LineOutcome
from hr.people.imports.models import ImportBatch, ImportLine
from hr.people.imports.plans import Plan
from hr.people.imports.words import reason_of
from hr.people.imports.writing import prepare


def confirm(
    *,
    by: Viewer,
    batch: ImportBatch,
    version: int | None = None,
    token: str | None = None,
    files: Reading | None = None,
) -> ImportBatch:
    """Writes the accepted lines of `batch`; of a second click the first one's result. Conflict when the
    register has moved on since the file was read; Unprocessable when nothing can be written. `files`: what
    was read of whole files a moment ago, so that they are not read twice."""
    uid = batch.uid
    try:
        return _confirm(by, batch, version, token, files)
    except (Conflict, IntegrityError, Unprocessable) as error:
        # On two clicks at once the second finds the work of the first: that is no conflict.
        db.session.rollback()
        again = queries.find_batch(uid)
        if again.status is ImportStatus.CONFIRMED:
            return again
        if isinstance(error, IntegrityError):
            raise Conflict(None) from error
        raise


def _confirm(
    by: Viewer, batch: ImportBatch, version: int | None, token: str | None, files: Reading | None
) -> ImportBatch:
    uid = batch.uid
    if batch.status is ImportStatus.CONFIRMED:
        return batch
    if batch.is_whole_files:
        return whole_files.confirm(by=by, batch=batch, version=version, token=token, read=files)
    lines = queries.lines_to_write(batch)
    if not lines and not any(getattr(batch, outcome.value) for outcome in SEEN):
        raise Unprocessable(_l("No line of this file can be imported: mend the file and send it again"))
    taken = queries.taken_by_unit(batch)
    prepared = prepare(by, _plans(by, batch, lines))
    db.session.rollback()
    fresh = queries.find_batch(uid)
    return actions.confirm(by=by, batch=fresh, prepared=prepared, taken=taken, version=version, token=token)


def _plans(by: Viewer, batch: ImportBatch, lines: list[ImportLine]) -> list[Plan]:
    """The lines to write, compared with the register of now, each as it was shown and decided."""
    day, own = actions.as_of(batch, by.today), {line.id for line in lines}
    told = {number: line.person_id for number, line in enumerate(lines) if line.by_hand}
    taken = queries.people_named(batch, apart_from=own)
    compared = comparing.compare(by, [line.values for line in lines], day, told=told, taken=taken)
    units, ages = held.unit_keys(by.today), entry.MinimumAges()
    plans = []
    for line, item in zip(lines, compared, strict=True):
        if not comparing.is_as_shown(line, item):
            raise Conflict(None)
        plan = item.plan
        if line.outcome is LineOutcome.CONFLICTING:
            plan = comparing.decided(by, item, units, day, line.choices or {}, ages)
            if plan.conflict is not None:
                raise refusal_of(line, plan.conflict)
        plans.append(plan)
    _check_nobody_twice(plans)
    return plans


def refusal_of(line: ImportLine, conflict: tuple[str, dict[str, Any]]) -> Unprocessable:
    """The refusal of one line among many: its row and name stand before the reason."""
    parts = {"row": line.row, "name": line.name, "reason": reason_of(conflict)}
    return Unprocessable(_l("Row %(row)s, %(name)s: %(reason)s", **parts))


def _check_nobody_twice(plans: list[Plan]) -> None:
    keys = [plan.person.id for plan in plans if plan.person is not None]
    if len(keys) != len(set(keys)):
        raise Unprocessable(_l("Two lines name the same person: say of each who it is"))
