"""Starting, looking at and killing real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from redis import Redis

from partnership_portal.services import socket_folder
from partnership_portal.state import ROOT

OURS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORT", "SITE_URL", "DJANGO_SETTINGS_MODULE"}
OUR_PREFIXES = ("PG", "PORTAL_", "PYTEST_")


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment of a person who has set nothing."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith(OUR_PREFIXES)
    }
    return kept | {"PYTHONPATH": str(ROOT)} | extra


def holders(state: Path) -> set[int]:
    """Every process that has the servers' lock of a state directory open: none may be left when all is stopped."""
    lock = os.fspath(state / "servers.lock")
    found = set()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if os.readlink(descriptor) == lock:
                found.add(int(descriptor.parts[2]))
    return found


def kill_all(pids: set[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def eventually(condition: Callable[[], Any], patience: float = 15.0) -> Any:
    deadline = time.monotonic() + patience
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return value


@dataclass
class Supervisor:
    """supervise.py on one state directory."""

    state: Path
    options: tuple[str, ...] = ()
    prefix: tuple[str, ...] = (sys.executable,)
    environment: dict[str, str] = field(default_factory=clean_environment)

    process: subprocess.Popen[str] | None = field(default=None, init=False)
    printed: dict[str, Any] = field(default_factory=dict, init=False)

    def try_start(self) -> dict[str, Any]:
        """What it prints first: addresses and pids, or why it refused."""
        script = Path(__file__).with_name("supervise.py")
        self.process = subprocess.Popen(
            [*self.prefix, str(script), str(self.state), *self.options],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.printed = json.loads(self.process.stdout.readline() or "{}")
        return self.printed

    def start(self) -> dict[str, Any]:
        assert "refused" not in self.try_start(), self.printed
        return self.printed

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """As Ctrl-C does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(
            host=socket_folder(self.printed["DATABASE_URL"]), user="portal", dbname="portal"
        )
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def valkey(self) -> Redis:
        path = self.printed["REDIS_URL"].removeprefix("redis+socket://").partition("?")[0]
        return Redis(unix_socket_path=path)

    def close(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
            self.kill()
