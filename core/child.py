"""Runs one function in a child process that may die: hostile spreadsheets, solvers, templates.

JSON goes in on standard input; JSON lines come out: progress, then one result, refusal or crash.
The child sets its own limits before it imports anything foreign, gets no environment (no keys, no
database address), and does not run the packages' `__init__` (they hold the web subjects). The
parent keeps the wall clock. At most two children run on one machine, by locks on files.
"""

import fcntl
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from core.errors import Busy

ROOT = Path(__file__).resolve().parent.parent
SLOTS = 2
#: Longest line a child may answer; beyond it the answer itself is an attack.
MAX_LINE = 128 << 20
_START = "import sys; sys.path.insert(0, sys.argv[1]); from core.child import main; main(sys.argv[2:])"
_log = logging.getLogger(__name__)
_channel: IO[str] | None = None


class ChildFailed(Exception):
    """The child died. `reason`: memory, time, signal or crash. For a file this means "refused"."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class Refused(Exception):
    """The child's function refuses its input and says why: a code, an English message for the
    catalogue, and the message's parameters (all JSON)."""

    def __init__(self, code: str, message: str, params: Mapping[str, Any] | None = None):
        super().__init__(message % (params or {}))
        self.code = code
        self.message = message
        self.params = dict(params or {})


def run(
    function: str,
    payload: object,
    *,
    memory_mb: int = 1024,
    cpu_seconds: int = 60,
    wall_seconds: float = 90,
    wait_seconds: float = 10,
    on_progress: Callable[[Any], None] | None = None,
) -> Any:
    """The JSON answer of "package.module:function" called with `payload` in a child process.

    Raises Busy when no slot is free for `wait_seconds`, Refused when the function refuses its
    input, ChildFailed when the child crashes or passes a limit.
    """
    limits = [str(memory_mb), str(cpu_seconds), str(int(wall_seconds) + 5)]
    command = [sys.executable, "-I", "-c", _START, str(ROOT), function, *limits]
    with _slot(wait_seconds) as slot:
        process = subprocess.Popen(  # noqa: S603 (our own interpreter, no word of a user's)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            pass_fds=(slot,),
            start_new_session=True,
        )
        late = threading.Event()
        timer = threading.Timer(wall_seconds, _stop, (process, late))
        timer.start()
        try:
            last = _converse(process, payload, on_progress)
        finally:
            timer.cancel()
            _stop(process)
    return _answer(last, process.returncode, late.is_set(), function)


def progress(value: object) -> None:
    """Called by the child's function: sends `value` to the parent. Elsewhere it does nothing."""
    _send({"progress": value})


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "TZ") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1"}


def _slots_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"so-cong-vu-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.getuid():
        raise RuntimeError(f"{folder} belongs to somebody else")
    return folder


@contextmanager
def _slot(wait_seconds: float) -> Iterator[int]:
    """One of the slots, as a locked file. The child inherits it: the slot is free when both are gone."""
    folder = _slots_folder()
    deadline = time.monotonic() + wait_seconds
    while True:
        for number in range(SLOTS):
            handle = os.open(folder / f"child-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                continue
            try:
                yield handle
            finally:
                os.close(handle)
            return
        if time.monotonic() >= deadline:
            raise Busy("all child processes are at work")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    """Kills the child and what it started, and waits for it. The wall clock sets `late`."""
    if process.poll() is None:
        if late is not None:
            late.set()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _converse(
    process: subprocess.Popen[bytes], payload: object, on_progress: Callable[[Any], None] | None
) -> dict[str, Any]:
    """Sends the payload, passes progress on, returns the last word (empty when there was none)."""
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        raise RuntimeError("the child was started without pipes")
    with stdout as answers:
        with suppress(BrokenPipeError), stdin as request:
            request.write(json.dumps(payload).encode())
        while line := answers.readline(MAX_LINE):
            try:
                message = json.loads(line)
            except ValueError:
                return {}
            if "progress" not in message:
                process.wait()
                return dict(message)
            if on_progress is not None:
                on_progress(message["progress"])
    process.wait()
    return {}


def _answer(last: dict[str, Any], status: int, late: bool, function: str) -> Any:
    if "result" in last:
        return last["result"]
    if "refused" in last:
        raise Refused(**last["refused"])
    if "crash" in last:
        failed = ChildFailed("memory" if last["crash"] == "MemoryError" else "crash", last["crash"])
    elif late or status in (-signal.SIGXCPU, -signal.SIGALRM):
        failed = ChildFailed("time")
    elif status < 0:
        failed = ChildFailed("signal", signal.Signals(-status).name)
    else:
        failed = ChildFailed("crash", f"exit {status}")
    _log.warning("child %s failed: %s", function, failed)
    raise failed


# --- what follows runs in the child -------------------------------------------------------------


def main(arguments: list[str]) -> None:
    """Entry of the child: function, megabytes, seconds of processor, seconds by the clock."""
    global _channel
    function, memory_mb, cpu_seconds, wall_seconds = arguments
    _limit(int(memory_mb) << 20, int(cpu_seconds), int(wall_seconds))
    # What the function or a library prints must not mix with the answers.
    _channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        payload = json.load(sys.stdin)
        _send({"result": _load(function)(payload)})
    except Refused as refusal:
        parts = {"code": refusal.code, "message": refusal.message, "params": refusal.params}
        _send({"refused": parts})
    except MemoryError:
        _send({"crash": "MemoryError"})
    except BaseException as error:  # a panic of a native library is no Exception
        _send({"crash": _where(error)})
    _channel.flush()
    os._exit(0)


def _limit(memory: int, cpu_seconds: int, wall_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 20, 256 << 20))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    # Should the parent be killed, nobody would keep the clock.
    signal.alarm(wall_seconds)


def _load(function: str) -> Callable[[Any], object]:
    import importlib

    module_name, _, name = function.partition(":")
    package = ""
    for part in module_name.split(".")[:-1]:
        package = f"{package}.{part}" if package else part
        if package not in sys.modules:
            bare = ModuleType(package)
            bare.__path__ = [str(ROOT.joinpath(*package.split(".")))]
            sys.modules[package] = bare
    loaded: Callable[[Any], object] = getattr(importlib.import_module(module_name), name)
    return loaded


def _send(message: dict[str, object]) -> None:
    if _channel is not None:
        _channel.write(json.dumps(message) + "\n")
        _channel.flush()


def _where(error: BaseException) -> str:
    """Kind and place, never the text: it may hold a cell of somebody's file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return type(error).__name__ + place
