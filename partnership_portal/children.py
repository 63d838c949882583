"""Child processes that do not outlive their parent, whatever ends it (standard library only)."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_LIBC = ctypes.CDLL(None)  # opened before any fork
PR_SET_PDEATHSIG = 1
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY_AFTER = 60.0
LONGEST_LOG = 5_000_000


class Refused(Exception):
    """Something cannot be done; the text tells the person at the terminal why and what helps."""


def die_with_parent(parent: int, number: int = signal.SIGKILL) -> None:
    """Have the kernel send this process a signal when its parent ends; exit if that happened already.

    The kernel means the parent's *thread*: children are started from the main thread only.
    """
    if hasattr(_LIBC, "prctl"):
        _LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


@dataclass
class Child:
    """A process in a session of its own, so that Ctrl-C reaches the supervisor only, with its log."""

    name: str
    argv: list[str]
    log: Path
    environment: dict[str, str] | None = None
    folder: Path | None = None
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL
    hand_down: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)
    started: float = field(default=0.0, init=False)
    due: float | None = field(default=None, init=False)

    def start(self) -> None:
        assert threading.current_thread() is threading.main_thread()
        parent = os.getpid()
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=self.hand_down,
                preexec_fn=lambda: die_with_parent(parent, self.death_signal),
            )
        self.started, self.due = time.monotonic(), None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tend(self, say: Callable[[str], object]) -> None:
        """Start a process that ended again, after a pause that doubles while it keeps ending."""
        if self.is_running():
            return
        now = time.monotonic()
        if self.due is None:
            if now - self.started > STEADY_AFTER:
                self.pause = FIRST_PAUSE
            self.due = now + self.pause
            say(f"{self.name} {self.ending()}; it starts again in {self.pause:.0f} s (log: {self.log})")
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        elif now >= self.due:
            self.start()

    def ending(self) -> str:
        code = self.process.returncode if self.process else None
        return f"was killed by signal {-code}" if code and code < 0 else f"ended with code {code}"

    def ask_to_stop(self) -> None:
        if self.is_running():
            os.kill(self.pid, self.stop_signal)

    def last_lines(self, count: int = 12) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""

    def wait_until(self, ready: Callable[[], bool], patience: float) -> None:
        """Wait for a process just started; Refused, with the end of its log, if it ends or takes too long."""
        deadline = time.monotonic() + patience
        while not ready():
            stop_if_asked()
            if not self.is_running():
                raise Refused(f"{self.name} {self.ending()}. Its log {self.log} says:\n{self.last_lines()}")
            if time.monotonic() > deadline:
                raise Refused(f"{self.name} is not ready after {patience:.0f} s. Its log: {self.log}")
            time.sleep(0.02)


def stop(children: Iterable[Child], patience: float = 10) -> None:
    """Ask all to stop at once, then kill what is left of them after `patience` seconds."""
    asked = list(children)
    for child in asked:
        child.ask_to_stop()
    deadline = time.monotonic() + patience
    for child in asked:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


# --- In the foreground


class Stopped(BaseException):
    """A signal asked the supervisor to stop; not an Exception, so that nothing on the way swallows it."""

    def __init__(self, number: int):
        self.number = number


# An exception from a handler is lost where Python forks or finalises; whoever starts or waits asks here too.
_asked_to_stop: list[int] = []


def stop_if_asked() -> None:
    if _asked_to_stop:
        raise Stopped(_asked_to_stop[0])


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP raise Stopped once; what follows until the end of the block is not disturbed."""
    caught = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: object) -> None:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)
        _asked_to_stop.append(number)
        raise Stopped(number)

    before = {number: signal.getsignal(number) for number in caught}
    for number in caught:
        if number != signal.SIGHUP or before[number] != signal.SIG_IGN:  # nohup
            signal.signal(number, stop)
    try:
        yield
    finally:
        _asked_to_stop.clear()
        for number, handler in before.items():
            signal.signal(number, handler)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run in the foreground, as the shell would: the terminal's Ctrl-C is the command's, SIGTERM is passed on."""
    parent = os.getpid()
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)

    def in_child() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        die_with_parent(parent)

    process = subprocess.Popen(command, env=environment, preexec_fn=in_child)
    try:
        stop_if_asked()
        code = process.wait()
    except Stopped:
        process.terminate()
        process.wait()
        raise
    signal.signal(signal.SIGINT, handler)
    return code if code >= 0 else 128 - code
