"""`flask doctor`: what is unsafe, half done or lost, each with one line on what to do.

Asks the running settings, not the intended ones: the pragmas of a real connection, the headers of
a real answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import audit_check, migrate
from core.clock import now
from core.config import Config
from core.db import db, is_sqlite
from core.files import Document
from core.revisions import current, head

OK, WARNING, FAULT = "ok", "warning", "fault"

#: What durability means here: pragma → the value it must have (2 is FULL).
SQLITE_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
POSTGRESQL_SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
#: A value of synchronous_commit that promises more than "on".
STRONGER = "remote_apply"
COOKIES = {"SESSION_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SAMESITE": "Lax"}
HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cache-Control",
)
#: A file younger than this may belong to a form being sent right now.
SWEEP_AFTER = 24 * 3600


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ok, a warning (allowed outside production) or a fault."""

    check: str
    state: str
    detail: str


def examine(*, sweep: bool = False) -> list[Finding]:
    """Every check, in the order one would mend what they find. `sweep` removes files without a row."""
    app = current_app
    config: Config = app.extensions["config"]
    found = [*_settings(app, config), *_headers(app), *_durability(db.engine)]
    drift = migrate.differences(db.engine)
    found.append(_finding("migrations", not drift, drift[0] if drift else head()))
    if current(db.engine) is None:
        return found
    found += _files(Path(config.files_url), sweep=sweep)
    verdict = audit_check.verify(db.engine, config.audit_keys)
    problem = "" if verdict.ok else f"; {len(verdict.problems)} problems, first: {verdict.problems[0]}"
    found.append(_finding("log", verdict.ok, f"{verdict.rows} rows{problem}"))
    return found


def _finding(check: str, ok: bool, detail: object, *, otherwise: str = FAULT) -> Finding:
    return Finding(check, OK if ok else otherwise, str(detail))


def _settings(app: Flask, config: Config) -> Iterator[Finding]:
    lenient = FAULT if config.is_production else WARNING
    yield Finding("environment", OK, config.environment)
    for name, key in (("SECRET_KEY", config.secret_key), ("AUDIT_KEY", config.audit_key)):
        own = len(key) >= 32 and not key.startswith("development-only-")
        yield _finding(f"key {name}", own, "own" if own else "made for development", otherwise=lenient)
    secure = "on" if config.secure_cookies else "off: over HTTPS set SECURE_COOKIES=1"
    yield _finding("secure cookies", config.secure_cookies, secure, otherwise=lenient)
    for name, wanted in COOKIES.items():
        yield _finding(name.lower().replace("_", " "), app.config[name] == wanted, app.config[name])
    hosts = ", ".join(config.trusted_hosts)
    yield _finding("trusted hosts", bool(hosts), hosts or "any Host header is answered", otherwise=lenient)
    limits = "MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS"
    for name in limits:
        yield _finding(f"limit {name}", bool(app.config[name]), app.config[name] or "none")


def _headers(app: Flask) -> Iterator[Finding]:
    """Of an answer as a browser would get it."""
    host = (app.config.get("TRUSTED_HOSTS") or ["localhost"])[0].strip("[]").lstrip(".")
    answer = app.test_client().get("/healthz", base_url=f"https://{host}")
    for name in HEADERS:
        value = answer.headers.get(name)
        yield _finding(f"header {name}", bool(value), value or "not sent")


def _durability(engine: Engine) -> Iterator[Finding]:
    settings = SQLITE_PRAGMAS if is_sqlite(engine) else POSTGRESQL_SETTINGS
    ask = "PRAGMA" if is_sqlite(engine) else "SHOW"
    with engine.connect() as connection:
        for name, wanted in settings.items():
            value = connection.exec_driver_sql(f"{ask} {name}").scalar()
            yield _finding(f"durability {name}", value in (wanted, STRONGER), value)


def _files(folder: Path, *, sweep: bool) -> Iterator[Finding]:
    with Session(db.engine) as session:
        wanted = set(session.scalars(select(Document.sha256).distinct()))
    there = {path.name: path for path in folder.glob("??/*") if path.is_file()}
    lost = sorted(wanted - there.keys())
    detail = f"{len(lost)} of {len(wanted)} missing" + (f", first: {lost[0]}" if lost else "")
    yield _finding("files of rows", not lost, detail)
    horizon = now().timestamp() - SWEEP_AFTER
    orphans = [path for name, path in there.items() if name not in wanted and path.stat().st_mtime < horizon]
    if sweep:
        for path in orphans:
            path.unlink()
    told = f"{len(orphans)} {'removed' if sweep else 'to remove with --sweep'}" if orphans else "none"
    yield _finding("files without a row", not orphans or sweep, told, otherwise=WARNING)
