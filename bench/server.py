"""Starts what is measured, waits until it answers, reads its processor time and memory, ends it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 120
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port of the loopback interface nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running server: its first process and the port it answers on."""

    process: subprocess.Popen[bytes]
    port: int
    seconds_to_answer: float

    def pids(self) -> list[int]:
        """The first process and all that descend from it."""
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                waiting += [int(child) for child in task.read_text("ascii").split()]
        return found

    def cpu_seconds(self) -> float:
        """User and system time of all its processes so far."""
        return sum(_cpu(pid) for pid in self.pids())

    def worker_megabytes(self) -> float:
        """Resident memory of its largest process, pages shared with the others included."""
        return max(_resident(pid) for pid in self.pids()) / 1024


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def answers(port: int, path: str = "/healthz") -> bool:
    """Whether the server gives 200 for `path`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def running(command: Sequence[str], environment: dict[str, str], port: int, log: Path) -> Iterator[Server]:
    """`command` until the end of the block; `port` is where it was told to listen."""
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(command), env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
        )
    try:
        while not answers(port):
            if process.poll() is not None or time.perf_counter() - started > START_SECONDS:
                raise RuntimeError(f"{' '.join(command)} did not answer:\n{log.read_text('utf-8')}")
            time.sleep(0.01)
        yield Server(process, port, time.perf_counter() - started)
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process group we started, kindly first."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, kind)
        try:
            process.wait(15)
            return
        except subprocess.TimeoutExpired:
            continue


def gunicorn(application: str, port: int) -> list[str]:
    """The command that serves `application` as production does."""
    return [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", application]
