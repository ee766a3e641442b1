"""Single numbers: first visit, start, memory, a decision, an import, its reconciliation and its undo."""

import sys
import time
from pathlib import Path

from bench import pages as targets
from bench.client import Client, first_visit
from bench.measure import load
from bench.pages import Page
from bench.register import ROSTER, Register, empty, flask, program
from bench.server import free_port, running
from bench.whole_files import whole_files

Fact = tuple[str, str, str, bool]
MIXED = 1_000
LOCKED = f"≤ {targets.LOCK_SECONDS:.0f} s"


def facts(register: Register, pages: list[Page]) -> list[Fact]:
    """All of them, on one register."""
    found = [*visits(register), swap(register), word(register, pages), memory(register, pages)]
    found += [start(register), *decision(register), *roster(register)]
    return [*found, *whole_files(register, _server_of(register))]


def visits(register: Register) -> list[Fact]:
    """A browser with an empty cache: the sign-in page, then the list."""
    found = []
    with register.served(ENVIRONMENT="production") as (server, client):
        for name, visitor, path in (
            ("first visit, sign-in page", Client(server.port), "/"),
            ("first visit, list", client, "/people"),
        ):
            requests, wire = first_visit(visitor, path)
            ok = requests <= targets.FIRST_VISIT_REQUESTS and wire <= targets.FIRST_VISIT_BYTES
            found.append((name, f"{requests} requests, {wire:,} bytes", "≤ 8 requests, ≤ 61,440 bytes", ok))
    return found


def swap(register: Register) -> Fact:
    """What a search as you type brings."""
    with register.served(ENVIRONMENT="production") as (_, client):
        wire = client.ask("GET", "/people?q=an", htmx=True).wire
    return "swap of the list", f"{wire:,} bytes", "≤ 8,192 bytes", wire <= targets.SWAP_BYTES


def word(register: Register, pages: list[Page]) -> Fact:
    """Form 2C of one person in Word: a child process that starts, reads the template and fills it."""
    path = next(page.path for page in pages if page.name == "form 2C to print") + "/word"
    with register.served(ENVIRONMENT="production") as (_, client):
        started = time.perf_counter()
        for _time in range(5):
            client.ask("GET", path)
        seconds = (time.perf_counter() - started) / 5
    ok = seconds <= targets.WORD_SECONDS
    return "form 2C in Word", f"{seconds:.2f} s", f"≤ {targets.WORD_SECONDS:.0f} s", ok


def memory(register: Register, pages: list[Page]) -> Fact:
    """The largest process after a thousand requests of all kinds."""
    with register.served(ENVIRONMENT="production") as (server, client):
        load(server, [page.path for page in pages], client.cookie_header(), MIXED, 8)
        size = server.worker_megabytes()
    target = targets.WORKER_MEGABYTES
    return f"worker after {MIXED:,} requests", f"{size:.0f} MB", f"≤ {target} MB", size <= target


def start(register: Register) -> Fact:
    """`make run` on a register that is already filled, against a bare Flask application."""
    ours, floor = [], []
    folder = Path(sys.executable).parents[1]
    for _ in range(3):
        port = free_port()
        command = ["make", "--no-print-directory", "run", f"PORT={port}", f"VENV={folder}"]
        with running(command, register.environment, port, register.folder / "run.log") as server:
            ours.append(server.seconds_to_answer)
        port = free_port()
        command = [sys.executable, "-m", "flask", "--app", "bench.bare", "run", "--port", str(port)]
        with running(command, register.environment, port, register.folder / "bare.log") as server:
            floor.append(server.seconds_to_answer)
    times = min(ours) / min(floor)
    measured = f"{min(ours):.2f} s against {min(floor):.2f} s: {times:.1f} ×"
    return "second make run until /healthz", measured, "≤ 5 × bare", times <= targets.START_TIMES_BARE


def roster(register: Register) -> list[Fact]:
    """The provincial roster of 2,587 people into an empty register."""
    if not ROSTER.exists():
        return []
    environment = empty(register.folder / "import", _server_of(register))
    started = time.perf_counter()
    flask(environment, "people", "import", str(ROSTER))
    seconds = time.perf_counter() - started
    ok = seconds <= targets.IMPORT_SECONDS
    imported = "import of the provincial roster", f"{seconds:.1f} s", f"≤ {targets.IMPORT_SECONDS:.0f} s", ok
    return [imported, reconciled(environment), taken_back(environment)]


def decision(register: Register) -> list[Fact]:
    """A transfer of many people issued and revoked: what waits for the writer's lock."""
    found = program(register.environment, "decisions")
    facts = []
    for name, told in (("issued", found["issue"]), ("revoked", found["revoke"])):
        measured = (
            f"{told['seconds']:.2f} s, {told['statements']} statements, against {found['floor']:.2f} s bare"
        )
        ok = told["seconds"] <= targets.LOCK_SECONDS
        facts.append((f"transfer of {found['people']} people {name}", measured, LOCKED, ok))
    return facts


def reconciled(environment: dict[str, str]) -> Fact:
    """The provincial roster once more, held against the register that has it."""
    found = program(environment, "reconcile", str(ROSTER))
    measured = (
        f"{found['seconds']:.1f} s, {found['statements']} statements, against {found['floor']:.2f} s bare"
    )
    ok = found["seconds"] <= targets.RECONCILE_SECONDS
    aim = f"≤ {targets.RECONCILE_SECONDS:.0f} s"
    return f"reconciliation of {found['unchanged']:,} people", measured, aim, ok


def taken_back(environment: dict[str, str]) -> Fact:
    """The import of the whole province taken back, all of it under the writer's lock."""
    found = program(environment, "undo", str(ROSTER))
    measured = (
        f"{found['seconds']:.2f} s, {found['cpu']:.2f} s of processor, "
        f"against {found['floor']:.2f} s of bare deletes"
    )
    ok = found["seconds"] <= targets.LOCK_SECONDS
    return f"undo of that import, {found['people']:,} people", measured, LOCKED, ok


def _server_of(register: Register) -> str | None:
    """The server that the register lies on; None for the embedded database."""
    url = register.environment["DATABASE_URL"]
    return url if url.startswith("postgresql") else None
