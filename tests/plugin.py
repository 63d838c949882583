"""The pytest plugin that pyproject.toml loads: servers, Chromium, a real worker, and what is left out and why.

It is loaded by `-p`, before pytest-django reads the settings, which need the servers' addresses.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from partnership_portal.children import Child, Refused, stop
from partnership_portal.chromium import chromium
from partnership_portal.services import throwaway

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",  # a test talks to nobody outside
]
NO_CHROMIUM = "no Chromium on this machine"
NOT_FULL = "long; ./portal test --full runs them"
left_out: dict[str, list[str]] = {}  # reason → tests


# --- Servers: once, in the controller; the workers of pytest-xdist inherit the environment


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        try:
            running = stack.enter_context(throwaway())
        except Refused as refusal:
            raise pytest.UsageError(str(refusal)) from None
        os.environ.update(running.environment)
        os.environ["PORTAL_STATE"] = str(running.state / "portal")
        os.environ["PORTAL_MODE"] = "test"
        os.environ["SECRET_KEY"] = "only for tests"  # one for all processes of a test run
    else:
        number = int(worker.removeprefix("gw")) + 1
        os.environ["PORTAL_STATE"] += f"-{worker}"
        os.environ["REDIS_URL"] = os.environ["REDIS_URL"].replace("virtual_host=0", f"virtual_host={number}")
    # WhiteNoise warns of a missing folder of collected files, and warnings are errors.
    (Path(os.environ["PORTAL_STATE"]) / "static").mkdir(parents=True, exist_ok=True)
    return (yield)


# --- What is left out, said in one line each


def pytest_configure() -> None:
    if os.environ.get("PORTAL_REQUIRE_BROWSER") == "1" and chromium() is None:
        raise pytest.UsageError(f"PORTAL_REQUIRE_BROWSER=1, but there is {NO_CHROMIUM}.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept, dropped = [], []
    for item in items:
        reason = reason_to_leave_out(item)
        (dropped if reason else kept).append(item)
        if reason:
            left_out.setdefault(reason, []).append(item.nodeid)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    items[:] = sorted(kept, key=lambda item: item.get_closest_marker("early") is None)


def reason_to_leave_out(item: pytest.Item) -> str | None:
    if item.get_closest_marker("full") and os.environ.get("PORTAL_FULL") != "1":
        return NOT_FULL
    if item.get_closest_marker("browser") and chromium() is None:
        return NO_CHROMIUM
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Every pytest-xdist worker collects everything, so what one of them left out is what was left out."""
    left_out.update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = left_out


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for reason, names in sorted(left_out.items()):
        terminalreporter.write_line(f"Left out: {len(names)} tests ({reason}).", yellow=True)
        for name in names if reason == NO_CHROMIUM else ():
            terminalreporter.write_line(f"    {name}")


# --- Chromium


@pytest.fixture
def open_page(new_context: Callable[..., Any], live_server: Any) -> Callable[..., Any]:
    """open_page(path, width=1280, javascript=True, **context): a page in a new browser context, at `path`.

    Each call is another person in another browser; a script error or a failed request of ours fails the test.
    """

    def open_page(path: str = "/", *, width: int = 1280, javascript: bool = True, **options: Any) -> Any:
        options.setdefault("locale", "id-ID")
        viewport = {"width": width, "height": 800 if width >= 700 else 740}
        context = new_context(
            viewport=viewport, java_script_enabled=javascript, base_url=live_server.url, **options
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(path)
        return page

    return open_page


# --- A real worker


class Worker:
    """A Celery worker on the test database. `kill()` it, `start()` it again; `log()` is what it wrote."""

    def __init__(self, environment: dict[str, str], folder: Path):
        command = ["-m", "celery", "-A", "partnership_portal", "worker", "--pool=threads", "--concurrency=1"]
        command += ["--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.child = Child(
            "worker", [sys.executable, *command], folder / "worker.log", os.environ | environment, folder=ROOT
        )

    def start(self) -> None:
        self.child.log.unlink(missing_ok=True)
        self.child.start()
        self.child.wait_until(lambda: " ready." in self.log(), patience=60)

    def kill(self) -> None:
        assert self.child.process is not None
        self.child.process.kill()
        self.child.process.wait()

    def stop(self) -> None:
        stop([self.child], patience=5)

    def log(self) -> str:
        return self.child.log.read_text() if self.child.log.exists() else ""


@pytest.fixture
def celery_worker_process(transactional_db: None, tmp_path: Path) -> Iterator[Worker]:
    """A worker in its own process that sees what the test commits; its queue is empty at the start."""
    from django.conf import settings
    from redis import Redis

    path, _, number = settings.REDIS_URL.removeprefix("redis+socket://").partition("?virtual_host=")
    Redis(unix_socket_path=path, db=int(number)).flushdb()
    worker = Worker({"DATABASE_URL": database_url()}, tmp_path)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def database_url() -> str:
    """The URL of the test database, for another process."""
    from django.db import connection

    settings = connection.settings_dict
    host, name = quote(settings["HOST"], safe=""), quote(settings["NAME"], safe="")
    secret = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{settings['USER']}{secret}@{host}{port}/{name}"


def wait_for(condition: Callable[[], Any], patience: float = 10.0) -> Any:
    """The first true value of `condition`, asked every 50 ms; fails the test after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"still not true after {patience} s")
        time.sleep(0.05)
    return value
