"""Measures pages of one running server: statements, processor time, bytes, waiting time."""

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass

from bench.client import Client
from bench.pages import Page
from bench.server import ROOT, Server

#: Requests before the first one counted, eight at a time: each process has met the page then.
WARM_UP = 40
#: The bare page and the measured one take turns, so that both meet the machine's good and bad moments.
TURNS = 5


@dataclass(frozen=True)
class Waiting:
    """Milliseconds a browser waited."""

    p50: float
    p95: float


@dataclass(frozen=True)
class Measured:
    """One page's numbers; times are milliseconds. `floor` is the bare page's processor time, taken in
    turns with this page's own."""

    cpu: float
    floor: float
    wire: int
    alone: Waiting
    eight: Waiting


def load(server: Server, paths: list[str], cookie: str, requests: int, connections: int) -> list[float]:
    """Milliseconds of each request of a load made by another process; any other answer than 200 stops."""
    order = {
        "port": server.port,
        "paths": paths,
        "cookie": cookie,
        "requests": requests,
        "connections": connections,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=600,
        check=True,
    )
    answer = json.loads(done.stdout)
    if answer["errors"]:
        raise RuntimeError(f"{len(answer['errors'])} errors at {paths[0]}: {sorted(set(answer['errors']))}")
    return answer["ms"]


def waiting(milliseconds: list[float]) -> Waiting:
    cuts = statistics.quantiles(milliseconds, n=20, method="inclusive")
    return Waiting(statistics.median(milliseconds), cuts[18])


def page(server: Server, client: Client, path: str, requests: int, bare: Server) -> Measured:
    """One page, first alone in turns with the bare page (processor time counted), then eight at a time."""
    answer = client.get(path)
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered {answer.status}")
    cookie = client.cookie_header()
    load(server, [path], cookie, WARM_UP, 8)
    load(bare, ["/"], "", WARM_UP, 8)
    worked, floor, alone = 0.0, 0.0, []
    each = max(1, requests // TURNS)
    for _ in range(TURNS):
        floor += _worked(bare, ["/"], "", each)[0]
        spent, times = _worked(server, [path], cookie, each)
        worked += spent
        alone += times
    eight = load(server, [path], cookie, requests, 8)
    made = each * TURNS
    return Measured(worked / made, floor / made, answer.wire, waiting(alone), waiting(eight))


def _worked(server: Server, paths: list[str], cookie: str, requests: int) -> tuple[float, list[float]]:
    """Milliseconds of processor time of so many requests, one after the other, and those of waiting."""
    before = server.cpu_seconds()
    times = load(server, paths, cookie, requests, 1)
    return (server.cpu_seconds() - before) * 1000, times


def statements(client: Client, pages: list[Page]) -> dict[str, int]:
    """Statements of each page, counted by the application itself; the second visit, as caches are warm."""
    counted = {}
    for one in pages:
        client.read(one.path)
        found = client.get(one.path).statements
        if found is None:
            raise RuntimeError("answers carry no X-Statements: is COUNT_STATEMENTS read?")
        counted[one.name] = found
    return counted
