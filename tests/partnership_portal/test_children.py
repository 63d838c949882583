"""Child processes: they end with their parent, and are started again when they end alone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from partnership_portal.children import FIRST_PAUSE, LONGEST_PAUSE, Child, Refused, run, stop

from .processes import clean_environment, eventually

SLEEP = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
]


def is_gone(pid: int) -> bool:
    """No such process, or one that only waits for init to take note."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True


def test_a_child_ends_with_its_parent(tmp_path):
    code = f"""
import time
from pathlib import Path
from partnership_portal.children import Child
child = Child("sleeper", {SLEEP!r}, Path({str(tmp_path / "log")!r}))
child.start()
print(child.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=clean_environment()
    ) as parent:
        pid = int(parent.stdout.readline())
        assert not is_gone(pid)
        parent.kill()
    assert eventually(lambda: is_gone(pid))


def test_a_child_that_ends_is_started_again_after_longer_and_longer_pauses(tmp_path):
    said: list[str] = []
    child = Child("worker", [sys.executable, "-S", "-c", "raise SystemExit(3)"], tmp_path / "log")
    child.start()
    child.process.wait()
    pauses = []
    for _ in range(7):
        child.tend(said.append)
        pauses.append(child.due - child.started)
        child.due = 0.0  # the pause is over
        child.tend(said.append)
        child.process.wait()
    assert said[0] == f"worker ended with code 3; it starts again in 1 s (log: {tmp_path / 'log'})"
    waits = [float(line.split(" in ")[1].split(" s")[0]) for line in said]
    assert waits == [FIRST_PAUSE, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_killed_child_is_named_as_such(tmp_path):
    said: list[str] = []
    child = Child("worker", SLEEP, tmp_path / "log")
    child.start()
    os.kill(child.pid, signal.SIGKILL)
    child.process.wait()
    child.tend(said.append)
    assert said[0].startswith("worker was killed by signal 9; it starts again in 1 s")


def test_what_does_not_want_to_stop_is_killed(tmp_path):
    child = Child("deaf", STUBBORN, tmp_path / "log")
    child.start()
    child.wait_until(lambda: "deaf" in child.last_lines(), patience=20)
    stop([child], patience=0.2)
    assert child.process.returncode == -signal.SIGKILL


def test_a_child_that_ends_before_it_is_ready_shows_its_last_words(tmp_path):
    child = Child("web", [sys.executable, "-S", "-c", "raise SystemExit('no such module')"], tmp_path / "log")
    child.start()
    with pytest.raises(Refused) as refusal:
        child.wait_until(lambda: False, patience=20)
    assert str(refusal.value).endswith("says:\nno such module")


@pytest.mark.parametrize(
    ("code", "expected"), [("raise SystemExit(7)", 7), ("import os; os.kill(os.getpid(), 15)", 128 + 15)]
)
def test_the_exit_code_is_kept(code, expected):
    assert run([sys.executable, "-S", "-c", code], dict(os.environ)) == expected
