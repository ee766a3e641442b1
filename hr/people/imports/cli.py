"""`flask people import`: the import from the command line, with the same reading and the same rules."""

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale, gettext

from core.clock import today
from core.db import db
from core.files import keep_upload
from core.scope import bind_viewer, system_viewer
from core.units import unit_by_code
from hr.people.imports import actions, confirming, queries, reading
from hr.people.imports.enums import ImportStatus
from hr.people.imports.models import ImportBatch

group = AppGroup("people", help="People of the register.")
MAX_BYTES = 200 << 20


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "code", help="Code of the unit for lines that name none.")
@click.option("--dry-run", is_flag=True, help="Reads and compares, writes nothing.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def import_file(file: Path, code: str | None, dry_run: bool, language: str) -> None:
    """Imports a roster (.xlsx, .xls, .ods, .csv). Ends with 1 when the file cannot be read, with 2
    when lines were refused (the others are imported)."""
    by = system_viewer("people import", today())
    with force_locale(language), bind_viewer(by):
        unit = unit_by_code(code, today()) if code else None
        if code and unit is None:
            raise click.UsageError(f"no unit has the code {code} today")
        with file.open("rb") as stream:
            sha256, size = keep_upload(stream, MAX_BYTES)
        batch = actions.begin(by=by, filename=file.name, sha256=sha256, size=size, unit_id=unit.id if unit else None)
        click.echo(f"reading {file.name} …")
        batch = reading.read_batch(by, batch, lambda done, total: click.echo(f"  {done} of {total} rows"))
        _tell(batch)
        if batch.status is ImportStatus.FAILED:
            raise click.exceptions.Exit(1)
        if dry_run:
            actions.discard(by=by, batch=batch)
            click.echo("nothing written (dry run)")
        else:
            confirming.confirm(by=by, batch=batch)
            click.echo("imported")
        if batch.refused or batch.conflicting:
            raise click.exceptions.Exit(2)


def _tell(batch: ImportBatch) -> None:
    """What was read, and each refused cell by row and column."""
    if batch.status is ImportStatus.FAILED:
        click.echo(gettext(batch.failure["message"]) % batch.failure["params"], err=True)
        return
    counts = ("new", "changed", "unchanged", "conflicting", "refused")
    click.echo(", ".join(f"{name} {getattr(batch, name)}" for name in counts))
    for item in db.session.scalars(queries.list_problems(batch, "error")):
        place = f"{item.sheet}!{item.column or ''}{item.row}"
        click.echo(f"  {place}: {gettext(item.message) % item.params} ({item.raw or '–'})", err=True)
