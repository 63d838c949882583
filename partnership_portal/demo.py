"""./portal demo: servers, sample data, web, worker and beat, until a signal stops them."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from partnership_portal.children import (
    Child,
    Refused,
    Stopped,
    die_with_parent,
    run,
    stop,
    stop_if_asked,
    stop_on_signals,
)
from partnership_portal.services import Servers, servers
from partnership_portal.state import (
    ROOT,
    django_command,
    mode_of,
    portal_environment,
    record_mode,
    state_directory,
)

FIRST_PAGE_PATIENCE = 60.0
LOGINS = "logins.txt"


def demo(arguments: list[str]) -> int:
    if arguments:
        raise Refused("demo takes no arguments; PORT and PORTAL_STATE are environment variables.")
    started = time.monotonic()
    port, state = chosen_port(), state_directory()
    with stop_on_signals(), servers(state) as running:
        refuse_other_mode(state)
        refuse_taken(port)
        say(f"PostgreSQL and Valkey are running; data in {state}")
        environment = portal_environment(state, running.environment)
        environment |= {"PORT": str(port), "WEB_BIND": f"127.0.0.1:{port}"}
        children = processes(running, environment)
        try:
            prepare(state, environment)
            serve(running, children, port, started)
        except Stopped:
            say("\nStopping …")
        finally:
            stop(children)
    say(f"Stopped. The data stays in {state}")
    return 0


def say(text: str) -> None:
    print(text, flush=True)


# --- What may stand in the way


def chosen_port() -> int:
    typed = os.environ.get("PORT", "8000")
    if not typed.isascii() or not typed.isdigit() or not 0 < int(typed) < 65536:
        raise Refused(f"PORT is {typed!r}; it must be a number from 1 to 65535.")
    return int(typed)


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Refused(f"Port {port} is for root only. Choose another: PORT=8001 ./portal demo") from None
        except OSError:
            raise Refused(
                f"Port {port} is taken by another program. Choose another: PORT={port + 1} ./portal demo"
            ) from None


def refuse_other_mode(state: Path) -> None:
    """Sample log-ins do not belong beside real data."""
    record_mode(state, os.environ.get("PORTAL_MODE") or "demo")
    mode = mode_of(state)
    if mode != "demo":
        raise Refused(
            f"{state} was made for PORTAL_MODE={mode}; the demo would add sample people with known passwords. "
            "Set PORTAL_STATE to another directory."
        )


# --- Before the first page


def prepare(state: Path, environment: dict[str, str]) -> None:
    """Migrations, catalogue, sample data; the static files beside it, if they changed."""
    began = time.monotonic()
    print("Preparing the database and the sample data …", end=" ", flush=True)
    static = collect_static(state, environment)
    logins = str(state / LOGINS)
    code = run(django_command("prepare_demo", "--logins", logins), environment)
    if static is not None and static.wait() == 0:
        static_stamp(state).write_text(static_fingerprint())
    if code == 128 + signal.SIGINT:
        raise Stopped(signal.SIGINT)
    if code or (static is not None and static.returncode):
        print()
        raise Refused("The preparation failed; the lines above say why.")
    say(f"{time.monotonic() - began:.0f} s")


def collect_static(state: Path, environment: dict[str, str]) -> subprocess.Popen[bytes] | None:
    """Compressing takes seconds, so it is done once per content; None if nothing changed."""
    stamp, fingerprint = static_stamp(state), static_fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return None
    stamp.unlink(missing_ok=True)
    parent = os.getpid()
    return subprocess.Popen(
        django_command("collectstatic", "--noinput", "--clear", "--verbosity=0"),
        env=environment,
        stdin=subprocess.DEVNULL,
        preexec_fn=lambda: die_with_parent(parent),
    )


def static_stamp(state: Path) -> Path:
    return state / "static.stamp"


def static_fingerprint() -> str:
    """Changes with any static file of ours, the packages, and the settings that name the storage."""
    digest = hashlib.sha256()
    folders = [ROOT / "static", *ROOT.glob("*/static")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    named = [ROOT / "requirements.txt", ROOT / "partnership_portal" / "settings.py"]
    for path in sorted(files) + named:
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


# --- Web, worker, beat


def processes(running: Servers, environment: dict[str, str]) -> list[Child]:
    celery = [sys.executable, "-m", "celery", "-A", "partnership_portal"]
    commands = {
        "web": [sys.executable, "-m", "gunicorn", "-c", "python:partnership_portal.gunicorn_config"],
        "worker": [
            *celery,
            "worker",
            "--concurrency=2",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [*celery, "beat", "--loglevel=WARNING"],
    }
    log = running.state / "log"
    log.mkdir(exist_ok=True)
    return [
        Child(name, command, log / f"{name}.log", environment, ROOT, hand_down=running.hand_down)
        for name, command in commands.items()
    ]


def serve(running: Servers, children: list[Child], port: int, started: float) -> None:
    """Start all, print the address and the log-ins when the first page answers, then keep all running."""
    for child in children:
        child.start()
    children[0].wait_until(lambda: first_page_answers(port), FIRST_PAGE_PATIENCE)
    say(f"The portal is ready after {time.monotonic() - started:.0f} s: http://localhost:{port}/\n")
    say((running.state / LOGINS).read_text())
    say("Ctrl-C stops everything.")
    while True:
        stop_if_asked()
        for child in [*running.children, *children]:
            child.tend(say)
        time.sleep(0.25)


def first_page_answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
