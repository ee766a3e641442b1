"""A register of its own for each measurement: made by the program's commands, served as in production."""

import json
import os
import secrets
import subprocess
import sys
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from accounts.demo import PASSWORD, PROVINCIAL
from bench import bare, measure
from bench.client import Client
from bench.pages import Page, discover
from bench.report import Setting
from bench.server import ROOT, Server, free_port, gunicorn, running
from core.permissions import Role

ROSTER = ROOT / "tests" / "data" / "rosters" / "roster_province.xlsx"
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Register:
    """A filled register: its folder and its environment."""

    folder: Path
    environment: dict[str, str]
    people: int

    @classmethod
    def make(cls, folder: Path, people: int, server_url: str | None) -> "Register":
        """Migrates and fills it with so many people of the demo province, or a multiple of it."""
        environment = empty(folder, server_url)
        bare.fill(environment["BARE_DATABASE"], people)
        flask(environment, "seed", "--people", str(people))
        # An import to look at: read and compared, then set aside. 2: some lines ask who they are.
        flask(environment, "people", "import", str(ROSTER), "--dry-run", fine=(0, 2))
        return cls(folder, environment, people)

    @contextmanager
    def served(self, **settings: str) -> Iterator[tuple[Server, Client]]:
        """Served by gunicorn, with a client that has signed in."""
        port, log = free_port(), self.folder / "server.log"
        with running(gunicorn("app:create_app()", port), self.environment | settings, port, log) as server:
            client = Client(port)
            client.sign_in(officer(), PASSWORD)
            yield server, client

    @contextmanager
    def bare_served(self) -> Iterator[tuple[Server, Client]]:
        """The bare page, served by the same gunicorn with the same settings."""
        port, log = free_port(), self.folder / "bare.log"
        with running(gunicorn("bench.bare:app", port), self.environment, port, log) as server:
            yield server, Client(port)

    def measure(self, engine: str, requests: int) -> tuple[Setting, list[Page]]:
        """Every page of this register, and the bare page in the same run."""
        with self.served(COUNT_STATEMENTS="1") as (_, client):
            pages = discover(client)
            counted = measure.statements(client, pages)
        with self.bare_served() as (bare, visitor), self.served(ENVIRONMENT="production") as (server, client):
            floor = measure.page(bare, visitor, "/", requests, bare)
            setting = Setting(engine, self.people, floor, counted)
            for one in pages:
                setting.pages[one.name] = measure.page(server, client, one.path, requests, bare)
        return setting, pages


def officer() -> str:
    """User name of the demo's first Home Affairs officer."""
    return next(
        name if count == 1 else f"{name}.1" for name, role, count, _ in PROVINCIAL if role is Role.HR_OFFICER
    )


def empty(folder: Path, server_url: str | None) -> dict[str, str]:
    """The environment of a migrated register with nobody in it."""
    folder.mkdir()
    embedded = f"sqlite:///{folder / 'register.sqlite3'}"
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "DATA_FOLDER": str(folder),
        "DATABASE_URL": _database(server_url) if server_url else embedded,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "AUDIT_KEY": secrets.token_urlsafe(48),
        "TRUSTED_HOSTS": "127.0.0.1",
        "BARE_DATABASE": str(folder / "bare.sqlite3"),
    }
    flask(environment, "migrate", "up")
    return environment


def flask(environment: dict[str, str], *arguments: str, fine: Collection[int] = (0,)) -> str:
    """What a command of the program printed; `fine`: the exit codes it may end with."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode not in fine:
        raise RuntimeError(f"flask {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def program(environment: dict[str, str], name: str, *arguments: str) -> Any:
    """What a program of the benchmark, run over this register, tells on its last line."""
    command = [sys.executable, "-m", f"bench.{name}", *arguments]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise RuntimeError(f"bench.{name} failed:\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _database(server_url: str) -> str:
    """A new, empty database on the server."""
    url, name = make_url(server_url), f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(_plain(server_url), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')  # type: ignore[arg-type]
    return url.set(database=name).render_as_string(hide_password=False)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
