"""The commands on a whole register: `flask migrate`, `dump`, `audit`, `law`, `backup`, `doctor` and others.

Exit codes: 0 done and well; 1 a problem found, or refused with one line that says why; 2 wrong use.
"""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import create_engine

from core import access, addresses, audit_check, audit_export, backup, copying, doctor, law, migrate, states
from core.cli import as_json, config, not_in_production, told
from core.db import db, engine_options
from core.dump import canonical_lines
from core.reference import load_law_and_units
from core.revisions import current, head
from core.scope import bind_viewer, system_viewer

DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


def _lines(found: Iterable[str], target: str) -> None:
    with click.open_file(target, "w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in found)


# --- what it holds ------------------------------------------------------------------------------
@click.command("dump")
@click.option("--canonical", is_flag=True, required=True, help="Equal registers give equal text.")
@click.option("--out", default="-", show_default=True, help="File to write.")
@told
def dump_command(canonical: bool, out: str) -> None:
    """Write what the register holds as JSON lines: no ids, times of entry, batches or log."""
    _lines(canonical_lines(), out)


# --- migrations -----------------------------------------------------------------------------------
migrate_group = AppGroup("migrate", help="Bring the database to a revision of the program.")


@migrate_group.command("up")
@click.argument("revision", default="head")
@told
def migrate_up(revision: str) -> None:
    """Carry out migrations up to REVISION (the newest), then load units and rules that are not there.

    A SQLite database that holds a register is copied beside itself first.
    """
    migrate.upgrade(db.engine, revision, tell=click.echo)
    if current(db.engine) == head():
        load_law_and_units()
    click.echo(f"at revision {current(db.engine)}")


@migrate_group.command("down")
@click.argument("revision", default="-1")
@click.option("--yes", is_flag=True, help="Do not ask.")
@told
def migrate_down(revision: str, yes: bool) -> None:
    """Go back one revision, or to REVISION ("base": nothing left). What it takes away is lost."""
    if not yes:
        click.confirm(f"Go back to {revision}, losing what newer revisions hold?", abort=True)
    migrate.downgrade(db.engine, revision, tell=click.echo)
    click.echo(f"at revision {current(db.engine) or 'none'}")


@migrate_group.command("current")
@as_json
@told
def migrate_current(as_json: bool) -> None:
    """Print the revision of the database and the newest one. Exit code 1 when they differ."""
    found, newest = current(db.engine), head()
    if as_json:
        click.echo(json.dumps({"current": found, "head": newest}))
    else:
        click.echo(found if found == newest else f"{found or 'none'}, newest: {newest}")
    click.get_current_context().exit(int(found != newest))


@migrate_group.command("check")
@as_json
@told
def migrate_check(as_json: bool) -> None:
    """Compare database and program: revision, tables, indexes, constraints, triggers."""
    _report(migrate.differences(db.engine), as_json, "database and program agree")


@migrate_group.command("new")
@click.argument("message")
@told
def migrate_new(message: str) -> None:
    """Write a migration from the newest one to what the models say. For developers; read it by hand."""
    not_in_production("flask migrate new")
    click.echo(migrate.new_revision(message))


def _report(problems: list[str], as_json: bool, well: str) -> None:
    if as_json:
        click.echo(json.dumps({"ok": not problems, "problems": problems}, ensure_ascii=False))
    else:
        click.echo("\n".join(problems) or well)
    click.get_current_context().exit(int(bool(problems)))


# --- the log --------------------------------------------------------------------------------------
audit_group = AppGroup("audit", help="The log: verify its chain, keep its head elsewhere, export it.")


@audit_group.command("verify")
@click.option("--anchor", "anchors", type=click.File(encoding="utf-8"), help="Lines of `audit anchor`.")
@as_json
@told
def audit_verify(anchors: Any, as_json: bool) -> None:
    """Recompute the chain. Exit code 1 when a row was changed, removed, moved or cut off."""
    kept = [audit_check.Anchor(**json.loads(line)) for line in anchors or () if line.strip()]
    verdict = audit_check.verify(db.engine, config().audit_keys, kept)
    if as_json:
        click.echo(json.dumps(verdict.as_json(), ensure_ascii=False))
    else:
        for problem in verdict.problems:
            click.echo(problem)
        erased = f", values of {verdict.erased} erased on record" if verdict.erased else ""
        held = f", {len(kept)} anchors held" if kept and verdict.ok else ""
        state = "whole" if verdict.ok else f"{len(verdict.problems)} problems"
        click.echo(f"{verdict.rows} rows: {state}{erased}{held}")
    click.get_current_context().exit(int(not verdict.ok))


@audit_group.command("anchor")
@told
def audit_anchor() -> None:
    """Print the head of the chain as one line of JSON, to be kept where nobody here can change it."""
    anchor = audit_check.current_anchor(db.engine)
    click.echo(json.dumps({"seq": anchor.seq, "mac": anchor.mac, "at": anchor.at}))


@audit_group.command("export")
@click.option("--since", type=DAY, help="First day.")
@click.option("--until", type=DAY, help="Last day.")
@click.option("--out", default="-", show_default=True, help="File to write.")
@click.option("--json", "_json", is_flag=True, help="JSON lines (the only form).")
@told
def audit_export_command(since: Any, until: Any, out: str, _json: bool) -> None:
    """Write the log as JSON lines. The export itself is logged."""
    _lines(audit_export.export_lines(_day(since), _day(until)), out)


def _day(moment: Any) -> date | None:
    return moment.date() if moment else None


# --- documents ------------------------------------------------------------------------------------
@click.command("docs")
@click.option("--check", is_flag=True, help="Write nothing; end with 1 when a document is not up to date.")
@told
def docs_command(check: bool) -> None:
    """Write docs/access.md and docs/states.md anew from the tables of access and of states."""
    for document, made in ((access.DOCUMENT, access.text()), (states.DOCUMENT, states.text())):
        if not check:
            document.write_text(made, "utf-8")
        elif not document.exists() or document.read_text("utf-8") != made:
            raise click.ClickException(f"docs/{document.name} is out of date: make docs")


# --- rules in force -------------------------------------------------------------------------------
law_group = AppGroup("law", help="The rules in force: limits and lists of the law as dated data.")


@law_group.command("list")
@click.option("--code", default="", help="Only codes that begin so.")
@as_json
@told
def law_list(code: str, as_json: bool) -> None:
    """List every version of every rule with its legal basis and how sure it is."""
    found = [law.as_plain(row) for row in law.list_rules() if row.code.startswith(code)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for row in found:
        period = f"{row['valid_from']} – {row['valid_to'] or ''}"
        whom = f" [{', '.join(row['categories'])}]" if row["categories"] else ""
        value = json.dumps(row["value"], ensure_ascii=False)
        click.echo(f"{row['code']}{whom}  {period}  {value}  ({row['certainty']}) {row['legal_basis']}")


@law_group.command("add")
@click.argument("code")
@click.option("--value", required=True, help='JSON: 24, true, "text", [1, 2] …')
@click.option("--from", "valid_from", type=DAY, required=True, help="First day it holds.")
@click.option("--basis", required=True, help="Legal basis: document, article.")
@click.option("--certainty", type=click.Choice(law.CERTAINTY), required=True)
@click.option("--category", "categories", multiple=True, help="Category of person; repeat. None: all.")
@click.option("--note", default=None)
@told
def law_add(code: str, value: str, valid_from: Any, basis: str, certainty: str, **others: Any) -> None:
    """Add a version of the rule CODE from a date; the running one ends on the day before."""
    entry = law.new_rule(
        code=code,
        value=json.loads(value),
        valid_from=valid_from.date(),
        legal_basis=basis,
        certainty=certainty,
        **others,
    )
    viewer = system_viewer("law add")
    with bind_viewer(viewer):
        law.add_version(by=viewer, entry=entry)
    click.echo(f"{code} from {valid_from:%d/%m/%Y}: {value}")


# --- copies and health ----------------------------------------------------------------------------
@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@told
def backup_command(target: Path) -> None:
    """Write a whole copy of the running register, with its files, into the new folder TARGET."""
    manifest = backup.back_up(db.engine, Path(config().files_url), target)
    for sha256 in manifest["missing_files"]:
        click.echo(f"file missing: {sha256} (flask doctor)", err=True)
    click.echo(f"{target}: revision {manifest['revision']}, {len(manifest['files'])} files")


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@told
def restore_command(source: Path) -> None:
    """Put the backup in the folder SOURCE into this register, which must be empty."""
    manifest = backup.restore(db.engine, Path(config().files_url), source)
    click.echo(f"restored as of {manifest['taken_at']}, revision {manifest['revision']}: flask migrate up")


@click.command("move")
@click.option("--to", "url", required=True, help="URL of an empty database: postgresql+psycopg://…")
@told
def move_command(url: str) -> None:
    """Copy the whole register into another, empty database. Files stay where they are."""
    target = create_engine(url, **engine_options(url, 1))
    try:
        copying.move(db.engine, target, click.echo)
        verdict = audit_check.verify(target, config().audit_keys)
    finally:
        target.dispose()
    if not verdict.ok:
        raise click.ClickException(f"the log does not verify in the new place: {verdict.problems[0]}")
    click.echo(f"Moved; the log verifies there ({verdict.rows} rows). Now set DATABASE_URL and restart.")


@click.command("doctor")
@click.option("--sweep", is_flag=True, help="Remove stored files that no row names, older than a day.")
@as_json
@told
def doctor_command(sweep: bool, as_json: bool) -> None:
    """Name what is unsafe, half done or lost. Exit code 1 when there is a fault."""
    found = doctor.examine(sweep=sweep)
    if as_json:
        rows = [{"check": one.check, "state": one.state, "detail": one.detail} for one in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for one in found:
            click.echo(f"{one.state:<8} {one.check}: {one.detail}")
    click.get_current_context().exit(int(any(one.state == doctor.FAULT for one in found)))


@click.command("addresses")
@as_json
@told
def addresses_command(as_json: bool) -> None:
    """List every address: methods, identifiers in it, who may use it, whether it changes anything."""
    found = addresses.every_route(current_app)
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    for row in found:
        click.echo(f"{','.join(row['methods']):<10} {row['rule']:<60} {row['policy']}")
