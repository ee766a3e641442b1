"""Backup and restore: whole copies of a register, taken while it runs.

A backup is a folder: `register.sqlite3` (SQLite's own consistent copy) or `register.jsonl.gz`
(PostgreSQL: every table as of one moment), `files/`, and `manifest.json`, written last.
"""

import gzip
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from core import migrate
from core.clock import now
from core.copying import CHUNK, empty_tables, pour, read_table, set_counters, snapshot, tables_of
from core.db import is_sqlite
from core.errors import Unprocessable
from core.gate import writer_lock
from core.revisions import current, is_empty

MANIFEST = "manifest.json"
SQLITE_FILE = "register.sqlite3"
ROWS_FILE = "register.jsonl.gz"


def back_up(engine: Engine, files: Path, target: Path) -> dict[str, Any]:
    """Writes a backup into `target`, a folder that is not there yet; answers with its manifest. The
    rows are taken before the files: a file is never changed, so each row finds its own."""
    if target.exists():
        raise Unprocessable(f"{target} is there already: a backup never overwrites another")
    revision = current(engine)
    if revision is None:
        raise Unprocessable("there is no register in this database")
    target.mkdir(parents=True, mode=0o700)
    name = SQLITE_FILE if is_sqlite(engine) else ROWS_FILE
    if is_sqlite(engine):
        migrate.vacuum_into(Path(str(engine.url.database)), target / name)
        documents = _documents_of(target / name)
    else:
        documents = _write_rows(engine, target / name)
    kept, missing = _copy_files(sorted(documents), files, target / "files")
    manifest = {
        "engine": engine.dialect.name,
        "revision": revision,
        "taken_at": now().isoformat(timespec="seconds"),
        "database": name,
        "sha256": _sha256(target / name),
        "files": kept,
        "missing_files": missing,
    }
    _write_synced(target / MANIFEST, json.dumps(manifest, indent=1).encode())
    return manifest


def restore(engine: Engine, files: Path, source: Path) -> dict[str, Any]:
    """Puts a backup into an empty register on the same kind of database. It is checked whole before
    anything is written; the rows come in one transaction."""
    manifest = _read_manifest(source)
    if manifest["engine"] != engine.dialect.name:
        raise Unprocessable(f"this backup is of {manifest['engine']}: restore it there, then flask move")
    there = current(engine)
    if there is not None and not is_empty(engine):
        raise Unprocessable("the register is not empty: a backup is restored into an empty one only")
    _check(source, manifest)
    for sha256 in manifest["files"]:
        _place(source / "files" / sha256, files / sha256[:2] / sha256)
    if is_sqlite(engine):
        _restore_sqlite(engine, source / manifest["database"])
    else:
        if there is not None:
            migrate.downgrade(engine, "base", copy=False)
        migrate.upgrade(engine, manifest["revision"])
        _restore_rows(engine, source / manifest["database"])
    return manifest


def _read_manifest(source: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((source / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Unprocessable(f"{source} is no whole backup: {MANIFEST} is missing or broken") from error
    return found


def _check(source: Path, manifest: dict[str, Any]) -> None:
    expected = {source / manifest["database"]: manifest["sha256"]}
    expected |= {source / "files" / sha256: sha256 for sha256 in manifest["files"]}
    wrong = [path.name for path, sha256 in expected.items() if not path.is_file() or _sha256(path) != sha256]
    if wrong:
        raise Unprocessable(f"the backup is damaged: {', '.join(wrong[:5])}")


# --- SQLite ---------------------------------------------------------------------------------------
def _documents_of(copy: Path) -> set[str]:
    connection = sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return {row[0] for row in connection.execute("SELECT sha256 FROM document")}
    finally:
        connection.close()


def _restore_sqlite(engine: Engine, copy: Path) -> None:
    """Through SQLite's own copying: whoever has the empty register open sees the old or the new one."""
    path = Path(str(engine.url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    with writer_lock(engine):
        old, new = sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True), sqlite3.connect(path)
        try:
            old.backup(new)
        finally:
            old.close()
            new.close()


# --- PostgreSQL -----------------------------------------------------------------------------------
def _write_rows(engine: Engine, target: Path) -> set[str]:
    documents = set()
    with gzip.open(_private(target), "wt", encoding="utf-8") as stream, snapshot(engine) as connection:
        for table in tables_of(connection):
            for chunk in read_table(connection, table):
                stream.writelines(_encoded(table.name, row) for row in chunk)
                if table.name == "document":
                    documents |= {row["sha256"] for row in chunk}
    return documents


def _restore_rows(engine: Engine, source: Path) -> None:
    with migrate.own_connection(engine) as connection, connection.begin():
        tables = tables_of(connection)
        empty_tables(connection, tables)
        by_name = {table.name: table for table in tables}
        with gzip.open(source, "rt", encoding="utf-8") as stream:
            for name, rows in groupby(map(_decoded, stream), key=lambda entry: entry[0]):
                pour(connection, by_name[name], _chunks(row for _name, row in rows))
        set_counters(connection, tables)


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _encoded(table: str, row: dict[str, Any]) -> str:
    return (
        json.dumps([table, {name: _tagged(value) for name, value in row.items()}], ensure_ascii=False) + "\n"
    )


def _tagged(value: Any) -> Any:
    """What JSON cannot hold, as a one-entry object that names its kind."""
    if isinstance(value, bytes | memoryview):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return value


_UNTAG = {
    "bytes": bytes.fromhex,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "decimal": Decimal,
}


def _decoded(line: str) -> tuple[str, dict[str, Any]]:
    table, row = json.loads(line)
    return table, {name: _untagged(value) for name, value in row.items()}


def _untagged(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return _UNTAG[kind](text)


# --- files ----------------------------------------------------------------------------------------
def _copy_files(names: list[str], files: Path, target: Path) -> tuple[list[str], list[str]]:
    """Copies the files the rows name; answers with those copied and those not found."""
    target.mkdir(mode=0o700)
    kept, missing = [], []
    for sha256 in names:
        path = files / sha256[:2] / sha256
        if path.is_file():
            _place(path, target / sha256)
            kept.append(sha256)
        else:
            missing.append(sha256)
    return kept, missing


def _place(source: Path, target: Path) -> None:
    """Copies a file whole or not at all; one that is there already holds the same."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    shutil.copyfile(source, partial)
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    partial.rename(target)


def _private(path: Path) -> Path:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path


def _write_synced(path: Path, body: bytes) -> None:
    with _private(path).open("wb") as stream:
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
