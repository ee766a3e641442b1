"""`make bench`: pages on both engines at two sizes beside a bare Flask page in the same run.

Prints as it goes; a whole run (no option) also writes bench/RESULTS.md. Times are read, never tested.
"""

import argparse
import os
import platform
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bench import report, single
from bench.register import Register
from bench.server import ROOT
from tests.postgres_server import available, private_server

SIZES = (2_587, 25_870)
RESULTS = ROOT / "bench" / "RESULTS.md"


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smaller size on SQLite, fewer requests")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), help="only this engine")
    parser.add_argument("--requests", type=int, default=200, help="requests of each measurement")
    return parser.parse_args(arguments)


def engines(chosen: argparse.Namespace, stack: ExitStack) -> dict[str, str | None]:
    """Name → URL of a server, None for the embedded database."""
    found: dict[str, str | None] = {} if chosen.engine == "postgres" else {"SQLite": None}
    if chosen.engine == "postgres" or not (chosen.quick or chosen.engine):
        if available():
            found["PostgreSQL"] = stack.enter_context(private_server())
        else:
            print("PostgreSQL left out: no server programs found (apt install postgresql).")
    return found


def run(chosen: argparse.Namespace, scratch: Path, stack: ExitStack) -> list[str]:
    """The sections of the report, each printed when it is ready."""
    sections: list[str] = []

    def tell(section: str) -> None:
        sections.append(section)
        print(section, end="\n\n", flush=True)

    requests = 50 if chosen.quick else chosen.requests
    for engine, url in engines(chosen, stack).items():
        measured = []
        for people in SIZES[:1] if chosen.quick else SIZES:
            print(f"… {engine}: making {people:,} people", file=sys.stderr, flush=True)
            register = Register.make(scratch / f"{engine}-{people}", people, url)
            setting, pages = register.measure(engine, requests)
            measured.append(setting)
            tell(report.pages(setting, pages))
            if people == SIZES[0]:
                tell(f"## {engine}: single numbers\n\n{report.facts(single.facts(register, pages))}")
        if len(measured) == len(SIZES):
            tell(report.growth(measured[0], measured[1], pages))
    return sections


def main() -> None:
    chosen = options(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, ExitStack() as stack:
        sections = run(chosen, Path(scratch), stack)
    if chosen.quick or chosen.engine:
        return
    day = datetime.now(UTC).date()
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    head = (
        f"# Measurements of {day}\n\n`make bench` on {machine}; times in milliseconds. "
        "A busy machine shifts every time, the bare page's too: read the ratios. "
        "Why some pages miss theirs: docs/decisions/0005-what-a-page-costs.md."
    )
    RESULTS.write_text("\n\n".join([head, *sections]) + "\n", "utf-8")
    print(f"Written to {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
