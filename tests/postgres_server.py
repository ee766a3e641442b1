"""A PostgreSQL server of our own for the tests, gone when they end.

The contract: when TEST_POSTGRES_URL names a server (a superuser's URL), the test fixtures make their
databases there and every test that asks for one runs on PostgreSQL; without it they run on SQLite. Started as
`python -m tests.postgres_server COMMAND …`, this runs the command with that variable set.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

VARIABLE = "TEST_POSTGRES_URL"
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "jit=off",
    "shared_buffers=128MB",
    "max_connections=200",
)
START_SECONDS = 60


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, newest version first; None where there is none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda folder: -float(folder.parent.name)
    )
    if tool := shutil.which("pg_config"):
        answer = subprocess.run([tool, "--bindir"], capture_output=True, text=True, check=False)
        found.append(Path(answer.stdout.strip()))
    if tool := shutil.which("postgres"):
        found.append(Path(tool).resolve().parent)
    both = [folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return both[0] if both else None


def available() -> bool:
    return bool(os.environ.get(VARIABLE)) or binaries() is not None


@contextmanager
def private_server() -> Iterator[str]:
    """The URL of a server to test on: TEST_POSTGRES_URL's, else a new one, stopped and removed after.

    It listens on a socket in a folder of its own, so no port is taken and nobody else can reach it.
    """
    if given := os.environ.get(VARIABLE):
        yield given
        return
    folder = binaries()
    if folder is None:
        raise RuntimeError("no PostgreSQL server programs found (apt install postgresql)")
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # short: a socket path has 107 bytes at most
    identity = _unprivileged(home)
    options = "-U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync".split()
    try:
        _run([folder / "initdb", "-D", home / "data", *options], identity)
        with _served(folder, home, identity):
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _served(folder: Path, home: Path, who: dict[str, object]) -> Iterator[None]:
    settings = [f"unix_socket_directories={home}", *SETTINGS]
    command = [folder / "postgres", "-D", home / "data", *(part for one in settings for part in ("-c", one))]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, cwd=home, **who)
    try:
        _await(server, home)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # "fast": open connections are cut
        server.wait(30)


def _await(server: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(host=str(home), user="postgres", dbname="postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start:\n" + (home / "log").read_text("utf-8", "replace"))


def _unprivileged(home: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: then it runs as the system's `postgres`, or `nobody`."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    os.chown(home, account.pw_uid, account.pw_gid)
    return {
        "user": account.pw_uid,
        "group": account.pw_gid,
        "extra_groups": [],
        "env": {**os.environ, "HOME": str(home)},
    }


def _run(command: list[object], identity: dict[str, object]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **identity)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def main(arguments: list[str]) -> int:
    if arguments == ["--available"]:
        return 0 if available() else 1
    if not available():
        sys.stderr.write("No PostgreSQL server programs found (apt install postgresql).\n")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped too
    with private_server() as url:
        return subprocess.run(arguments, env={**os.environ, VARIABLE: url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
