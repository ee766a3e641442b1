"""`flask people import`: the import from the command line, with the same reading and the same rules."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from core.clock import today
from core.db import db
from core.errors import Conflict, Unprocessable
from core.files import keep_upload
from core.scope import Viewer, bind_viewer, system_viewer
from core.units import unit_by_code
from hr.people.exchange.cli import export_files
from hr.people.exchange.reading import Reading
from hr.people.imports import actions, confirming, queries, reading
from hr.people.imports.enums import ImportStatus, LineOutcome
from hr.people.imports.models import ImportBatch
from hr.people.imports.words import problem_text

group = AppGroup("people", help="People of the register.")
group.add_command(export_files)
MAX_BYTES = 200 << 20


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "code", help="Code of the unit for lines that name none.")
@click.option("--dry-run", is_flag=True, help="Reads and compares, writes nothing.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Tells the result as one JSON object.")
def import_file(file: Path, code: str | None, dry_run: bool, language: str, as_json: bool) -> None:
    """Imports a roster (.xlsx, .xls, .ods, .csv), or whole files (the .zip of `people export`). Ends
    with 1 when nothing was imported, with 2 when lines were refused, conflict with the register or ask
    who they are (the others are imported; of whole files nothing is)."""
    by = system_viewer("people import", today())
    with force_locale(language), bind_viewer(by):
        unit = unit_by_code(code, today()) if code else None
        if code and unit is None:
            raise click.UsageError(f"no unit has the code {code} today")
        try:
            with file.open("rb") as stream:
                sha256, size = keep_upload(stream, MAX_BYTES)
        except Unprocessable as refusal:
            raise click.ClickException(str(refusal.message)) from refusal
        unit_id = unit.id if unit else None
        batch = actions.begin(by=by, filename=file.name, sha256=sha256, size=size, unit_id=unit_id)
        files: list[Reading] = []
        batch = reading.read_batch(by, batch, tell_files=files.append)
        batch = _decide(by, batch, files[0] if files else None, dry_run, as_json)
        _tell(batch, as_json)
    if batch.status is ImportStatus.FAILED:
        raise click.exceptions.Exit(1)
    if batch.refused or batch.conflicting or batch.proposed:
        raise click.exceptions.Exit(2)


def _decide(
    by: Viewer, batch: ImportBatch, files: Reading | None, dry_run: bool, as_json: bool
) -> ImportBatch:
    if batch.status is ImportStatus.FAILED:
        return batch
    if dry_run:
        return actions.discard(by=by, batch=batch)
    try:
        return confirming.confirm(by=by, batch=batch, files=files)
    except Unprocessable as refusal:
        _tell(batch, as_json)
        raise click.ClickException(str(refusal.message)) from refusal
    except Conflict as conflict:
        message = "the register has changed while the file was read: run the command again"
        raise click.ClickException(message) from conflict


def _tell(batch: ImportBatch, as_json: bool) -> None:
    """What became of the file, and each refused cell by row and column."""
    counts = {outcome.value: getattr(batch, outcome.value) for outcome in LineOutcome}
    problems = [_problem(item) for item in db.session.scalars(queries.list_problems(batch, "error"))]
    notes = [problem_text(note) for note in batch.notes or [] if note["severity"] == "note"]
    failure = problem_text(batch.failure) if batch.failure else None
    if as_json:
        told = {"file": batch.filename, "status": batch.status.value, "failure": failure, **counts}
        told["notes"] = notes
        click.echo(json.dumps({**told, "problems": problems}, ensure_ascii=False))
        return
    if failure:
        click.echo(failure, err=True)
        return
    for note in notes:
        click.echo(f"  {note}", err=True)
    for item in problems:
        place = f"{item['sheet']}!{item['column'] or ''}{item['row']}"
        click.echo(f"  {place}: {item['message']} ({item['raw'] or '–'})", err=True)
    written = {ImportStatus.CONFIRMED: "imported", ImportStatus.DISCARDED: "nothing written (dry run)"}
    told_counts = ", ".join(f"{name} {count}" for name, count in counts.items())
    click.echo(f"{batch.filename}: {written.get(batch.status, 'not imported')}: {told_counts}")


def _problem(item: Any) -> dict[str, Any]:
    names = ("sheet", "row", "column", "header", "raw", "code")
    return {**{name: getattr(item, name) for name in names}, "message": problem_text(item)}
