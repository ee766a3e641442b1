"""Configuration: by environment only. Each setting stands in docs/operations.md and .env.example."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.db import engine_options

_DEV_DEFAULT = "development-only-"


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, read once at start. Field names are the environment's, in lower case."""

    database_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    audit_key: str
    audit_key_id: str
    audit_key_fallbacks: tuple[str, ...]
    files_url: str
    trusted_hosts: tuple[str, ...]
    province_name: str
    environment: str
    clock: str
    threads: int
    secure_cookies: bool
    proxy_count: int
    idle_minutes: int
    session_hours: int
    password_min_length: int
    max_upload_mb: int
    demo: bool
    count_statements: bool
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def audit_keys(self) -> dict[str, str]:
        """Every key of the log by its name, the one in use among them."""
        older = (entry.partition("=") for entry in self.audit_key_fallbacks)
        return {**{name: key for name, _, key in older}, self.audit_key_id: self.audit_key}


#: Name → what it is for; the documentation test reads it.
SETTINGS: dict[str, str] = {
    "DATABASE_URL": "sqlite:///absolute/path or postgresql+psycopg://…",
    "SECRET_KEY": "signs cookies; at least 32 characters",
    "SECRET_KEY_FALLBACKS": "older secret keys, comma-separated, while sessions signed with them run out",
    "AUDIT_KEY": "key of the log's chain; at least 32 characters, kept outside the database",
    "AUDIT_KEY_ID": "name of the key in use, written on each row of the log",
    "AUDIT_KEY_FALLBACKS": "older keys of the log as name=key, comma-separated; its older rows need them",
    "FILES_URL": "folder of the uploaded files",
    "TRUSTED_HOSTS": "host names the application answers to, comma-separated",
    "PROVINCE_NAME": "shown in headers and prints",
    "ENVIRONMENT": "production, development or test",
    "CLOCK": "moves the legal date (YYYY-MM-DD); refused in production",
    "THREADS": "threads of one server process; sizes the connection pool",
    "SECURE_COOKIES": "1: cookies only over HTTPS (default in production)",
    "PROXY_COUNT": "number of trusted proxies in front (0: none)",
    "IDLE_MINUTES": "a session ends after so many minutes without a request",
    "SESSION_HOURS": "a session ends after so many hours in any case",
    "PASSWORD_MIN_LENGTH": "shortest password accepted",
    "MAX_UPLOAD_MB": "largest request body",
    "DEMO": "1: this is the demo province; every page says so",
    "COUNT_STATEMENTS": "1: answers carry the number of SQL statements (never in production)",
}


def data_folder() -> Path:
    """Where a development run keeps its database and files."""
    return Path(os.environ.get("DATA_FOLDER", Path(__file__).resolve().parent.parent / "var"))


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Reads the environment. Wrong values raise ValueError naming the setting; unsafe ones for
    production are listed in `problems`, and `core.cli`/`app` refuse to start on them."""
    env = os.environ if environ is None else environ
    environment = _choice(env, "ENVIRONMENT", "development", ("production", "development", "test"))
    production = environment == "production"
    folder = data_folder()
    config: dict[str, Any] = dict(  # noqa: C408 - reads as the fields it fills
        database_url=env.get("DATABASE_URL") or f"sqlite:///{folder / 'register.sqlite3'}",
        secret_key=env.get("SECRET_KEY") or _local_key(folder, "secret_key", production),
        secret_key_fallbacks=_list(env, "SECRET_KEY_FALLBACKS"),
        audit_key=env.get("AUDIT_KEY") or _local_key(folder, "audit_key", production),
        audit_key_id=env.get("AUDIT_KEY_ID", "k1"),
        audit_key_fallbacks=_named_keys(env, "AUDIT_KEY_FALLBACKS"),
        files_url=env.get("FILES_URL") or str(folder / "files"),
        trusted_hosts=_list(env, "TRUSTED_HOSTS")
        or (() if production else ("127.0.0.1", "localhost", "[::1]")),
        province_name=env.get("PROVINCE_NAME", "Điện Biên"),
        environment=environment,
        clock=env.get("CLOCK", ""),
        threads=_int(env, "THREADS", 4, 1, 64),
        secure_cookies=_flag(env, "SECURE_COOKIES", production),
        proxy_count=_int(env, "PROXY_COUNT", 0, 0, 5),
        idle_minutes=_int(env, "IDLE_MINUTES", 60, 5, 24 * 60),
        session_hours=_int(env, "SESSION_HOURS", 12, 1, 24 * 7),
        password_min_length=_int(env, "PASSWORD_MIN_LENGTH", 12, 8, 64),
        max_upload_mb=_int(env, "MAX_UPLOAD_MB", 20, 1, 200),
        demo=_flag(env, "DEMO", False),
        count_statements=_flag(env, "COUNT_STATEMENTS", False),
    )
    return Config(**config, problems=tuple(_problems(config) if production else ()))


def _problems(c: dict[str, Any]) -> list[str]:
    found = []
    for name in ("secret_key", "audit_key"):
        if len(c[name]) < 32:
            found.append(f"{name.upper()} is missing or shorter than 32 characters")
    if c["secret_key"] == c["audit_key"]:
        found.append("AUDIT_KEY must differ from SECRET_KEY")
    if not c["trusted_hosts"]:
        found.append("TRUSTED_HOSTS is empty: any Host header would be answered")
    if not c["secure_cookies"]:
        found.append("SECURE_COOKIES is off: sessions would travel in clear")
    if c["clock"]:
        found.append("CLOCK is set: the legal date may not be moved in production")
    if c["count_statements"]:
        found.append("COUNT_STATEMENTS is on: it is for measuring only")
    return found


def flask_settings(config: Config) -> dict[str, object]:
    """The settings Flask, Flask-WTF, Flask-Babel and Flask-SQLAlchemy read."""
    prefix = "__Host-" if config.secure_cookies else ""
    return {
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": list(config.secret_key_fallbacks),
        "TRUSTED_HOSTS": list(config.trusted_hosts) or None,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(config.database_url, config.threads),
        "SESSION_COOKIE_NAME": f"{prefix}so",
        "SESSION_COOKIE_SECURE": config.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": config.max_upload_mb << 20,
        # Werkzeug holds this against its whole read buffer (64 KB and what was left of the last chunk),
        # files included: at 64 KB every upload larger than that was refused.
        "MAX_FORM_MEMORY_SIZE": 512 << 10,
        "MAX_FORM_PARTS": 500,
        # The token is bound to the session, which has limits of its own: a form left open
        # over lunch, or filled in slowly on a bad line, must not be lost to a timer.
        "WTF_CSRF_TIME_LIMIT": None,
        # A page is compressed for one reader: level 3 takes half the time of the default for 4 % more bytes.
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 3,
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "TEMPLATES_AUTO_RELOAD": config.environment == "development",
    }


def _local_key(folder: Path, name: str, production: bool) -> str:
    """A development key, made once and kept beside the data; production must bring its own."""
    if production:
        return ""
    path = folder / name
    if path.exists():
        return path.read_text("ascii")
    folder.mkdir(parents=True, exist_ok=True)
    key = _DEV_DEFAULT + secrets.token_urlsafe(32)
    path.write_text(key, "ascii")
    path.chmod(0o600)
    return key


def _choice(env: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name) or default
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _int(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(name) or str(default)
    try:
        value = int(raw)
    except ValueError:
        raise ValueError(f"{name} must be a whole number, not {raw!r}") from None
    if not low <= value <= high:
        raise ValueError(f"{name} must lie between {low} and {high}, not {value}")
    return value


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    raw = env.get(name, "").strip().lower()
    if raw not in ("", "0", "1", "true", "false", "yes", "no"):
        raise ValueError(f"{name} must be 0 or 1, not {raw!r}")
    return default if raw == "" else raw in ("1", "true", "yes")


def _named_keys(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    entries = _list(env, name)
    for number, entry in enumerate(entries, 1):
        if not all(entry.partition("=")):
            raise ValueError(f"{name}, entry {number}: write name=key")  # never the key itself
    return entries


def _list(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())
