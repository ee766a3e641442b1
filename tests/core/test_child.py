"""The child process: answers, progress, refusals, limits, slots."""

import fcntl
import os
import sys
import time

import pytest

from core import child
from core.child import ChildFailed, Refused, run
from core.errors import Busy

HERE = "tests.core.test_child"


@pytest.fixture(autouse=True)
def own_slots(tmp_path, monkeypatch):
    """Slots of this test only: other runs on the machine do not matter."""
    monkeypatch.setattr(child, "_slots_folder", lambda: tmp_path)
    return tmp_path


# Functions the child runs; the tests below call them by name.


def echo(payload):
    sys.stdout.write("a stray print does not break the protocol\n")
    for n in range(payload["steps"]):
        child.progress({"done": n})
    return {"got": payload["text"], "flask": "flask" in sys.modules, "pytest": "_pytest" in sys.modules}


def refuse(payload):
    raise Refused("colour", "No %(colour)s files", {"colour": payload})


def crash(payload):
    raise ValueError("Nguyễn Văn A")


def exhaust(payload):
    return len(bytearray(payload << 20))


def abort(payload):
    os.abort()


def spin(payload):
    while True:
        pass


def sleep(payload):
    time.sleep(payload)


def surroundings(payload):
    import resource

    return {
        "environment": sorted(os.environ),
        "core": resource.getrlimit(resource.RLIMIT_CORE)[1],
        "memory": resource.getrlimit(resource.RLIMIT_AS)[1],
    }


def test_answer_and_progress_come_back():
    seen = []
    answer = run(f"{HERE}:echo", {"text": "Lò Thị Ổn 🌾\ud800", "steps": 3}, on_progress=seen.append)
    assert answer["got"] == "Lò Thị Ổn 🌾\ud800"
    assert seen == [{"done": 0}, {"done": 1}, {"done": 2}]


def test_the_packages_own_init_is_not_run():
    assert run(f"{HERE}:echo", {"text": "", "steps": 0})["flask"] is False


def test_a_refusal_carries_code_message_and_parameters():
    with pytest.raises(Refused) as caught:
        run(f"{HERE}:refuse", "red")
    assert (caught.value.code, caught.value.message) == ("colour", "No %(colour)s files")
    assert str(caught.value) == "No red files"


def test_a_crash_tells_kind_and_place_but_not_the_text(caplog):
    with pytest.raises(ChildFailed) as caught:
        run(f"{HERE}:crash", None)
    assert caught.value.reason == "crash"
    assert caught.value.detail.startswith("ValueError at test_child.py:")
    assert "Nguyễn" not in caplog.text


def test_memory_beyond_the_limit_is_refused():
    with pytest.raises(ChildFailed) as caught:
        run(f"{HERE}:exhaust", 600, memory_mb=300)
    assert caught.value.reason == "memory"


def test_an_abort_of_a_native_library_is_a_failure_not_our_end():
    with pytest.raises(ChildFailed) as caught:
        run(f"{HERE}:abort", None)
    assert (caught.value.reason, caught.value.detail) == ("signal", "SIGABRT")


@pytest.mark.slow
def test_processor_time_is_limited():
    with pytest.raises(ChildFailed) as caught:
        run(f"{HERE}:spin", None, cpu_seconds=1, wall_seconds=30)
    assert caught.value.reason == "time"


@pytest.mark.slow
def test_the_wall_clock_is_limited():
    started = time.monotonic()
    with pytest.raises(ChildFailed) as caught:
        run(f"{HERE}:sleep", 60, wall_seconds=0.5)
    assert caught.value.reason == "time"
    assert time.monotonic() - started < 10


def test_keys_stay_outside_and_no_core_is_dumped(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    found = run(f"{HERE}:surroundings", None, memory_mb=512)
    assert "SECRET_KEY" not in found["environment"]
    assert found["core"] == 0
    assert found["memory"] == 512 << 20


def test_a_module_that_does_not_exist_is_a_crash():
    with pytest.raises(ChildFailed) as caught:
        run("core.nowhere:read", None)
    assert caught.value.detail.startswith("ModuleNotFoundError")


def test_a_third_child_is_told_to_wait(own_slots):
    held = [os.open(own_slots / f"child-{n}.lock", os.O_RDWR | os.O_CREAT) for n in (0, 1)]
    for handle in held:
        fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(Busy):
        run(f"{HERE}:echo", {"text": "", "steps": 0}, wait_seconds=0.1)
    os.close(held.pop())
    assert run(f"{HERE}:echo", {"text": "in", "steps": 0}, wait_seconds=0.1)["got"] == "in"
    os.close(held.pop())


def test_the_slots_folder_is_private(tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(child.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = child._slots_folder()
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(RuntimeError):
        child._slots_folder()
