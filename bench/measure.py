"""Measures pages of one running server: statements, processor time, bytes, waiting time."""

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass

from bench.client import Client
from bench.pages import Page
from bench.server import ROOT, Server

WARM_UP = 10


@dataclass(frozen=True)
class Waiting:
    """Milliseconds a browser waited."""

    p50: float
    p95: float


@dataclass(frozen=True)
class Measured:
    """One page's numbers; times are milliseconds."""

    cpu: float
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


def page(server: Server, client: Client, path: str, requests: int) -> Measured:
    """One page, first alone (processor time counted), then eight at a time."""
    answer = client.get(path)
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered {answer.status}")
    cookie = client.cookie_header()
    load(server, [path], cookie, WARM_UP, 1)
    before = server.cpu_seconds()
    alone = load(server, [path], cookie, requests, 1)
    cpu = (server.cpu_seconds() - before) * 1000 / len(alone)
    eight = load(server, [path], cookie, requests, 8)
    return Measured(cpu, answer.wire, waiting(alone), waiting(eight))


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
