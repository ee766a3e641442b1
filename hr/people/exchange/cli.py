"""`flask people export`: whole files from the command line."""

import shutil
from pathlib import Path

import click
from flask.cli import with_appcontext

from core.clock import today
from core.errors import Unprocessable
from core.scope import bind_viewer, system_viewer
from hr.people.exchange import actions, queries


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--purpose", default="people export", show_default=True, help="Kept in the log.")
@with_appcontext
def export_files(file: Path, purpose: str) -> None:
    """Writes the whole files of everybody, with the papers, as one .zip that `people import` takes in
    again. Refuses to write over a file."""
    if file.exists():
        raise click.ClickException(f"{file} is there already: choose another name")
    by = system_viewer("people export", today())
    with bind_viewer(by):
        try:
            written = actions.export_files(by=by, people=queries.everybody(), described={}, purpose=purpose)
        except Unprocessable as refusal:
            raise click.ClickException(str(refusal.message)) from refusal
        with written.stream, file.open("xb") as target:
            file.chmod(0o600)
            shutil.copyfileobj(written.stream, target)
    for name in written.missing:
        click.echo(f"  missing in the folder of files, its row comes without it: {name}", err=True)
    click.echo(f"{file}: {file.stat().st_size:,} bytes")
