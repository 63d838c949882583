"""What ./portal runs inside .venv: demo, manage, test, check, bench, pg."""

import os
import sys
import time

from partnership_portal import ownership
from partnership_portal.checks import check
from partnership_portal.children import Refused, Stopped, run, stop_on_signals
from partnership_portal.chromium import ensure_chromium
from partnership_portal.demo import demo
from partnership_portal.services import postgres_binaries, servers, throwaway
from partnership_portal.state import (
    ROOT,
    django_command,
    given_addresses,
    mode_of,
    portal_environment,
    record_mode,
    state_directory,
)

START_PATIENCE = 60.0


# --- manage, pg


def manage(arguments: list[str]) -> int:
    return with_servers(django_command(*arguments))


def pg(arguments: list[str]) -> int:
    """psql, pg_dump, pg_restore … on the embedded database."""
    if os.environ.get("DATABASE_URL"):
        raise Refused("DATABASE_URL names a database of your own: use psql or pg_dump of that server.")
    tool = postgres_binaries() / (arguments[0] if arguments else "psql")
    if tool.parent != postgres_binaries() or not tool.is_file():
        names = sorted(path.name for path in postgres_binaries().iterdir())
        raise Refused(f"There is no {tool.name}. There are: {' '.join(names)}.")
    return with_servers([str(tool), *arguments[1:]])


def with_servers(command: list[str]) -> int:
    """Run a command on the servers of a running supervisor, else on servers of its own; its exit code."""
    state = state_directory()
    if len(given_addresses()) == 2:
        os.execve(command[0], command, portal_environment(state, given_addresses()))
    deadline = time.monotonic() + START_PATIENCE
    while True:
        if (addresses := ownership.guest(state)) is not None:
            os.execve(command[0], command, portal_environment(state, addresses | given_addresses()))
        try:
            with stop_on_signals(), servers(state, wait_for_guests=True) as running:
                record_mode(state, mode_of(state))
                return run(command, portal_environment(state, running.environment))
        except ownership.InUse:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)  # its owner is starting or stopping


# --- test, bench


def test(arguments: list[str]) -> int:
    environment = os.environ.copy()
    if "--full" in arguments:
        arguments = [argument for argument in arguments if argument != "--full"]
        environment["PORTAL_FULL"] = "1"
    ensure_chromium()
    os.chdir(ROOT)
    if not arguments:
        arguments = ["-n", "2"]
    if any(argument.startswith("-n") for argument in arguments):
        # Fixtures of a module or class are made once; the order is that of tests/plugin.py.
        arguments = ["--dist=loadscope", "--no-loadscope-reorder", *arguments]
    command = [sys.executable, "-m", "pytest", *arguments]
    os.execve(command[0], command, environment)


def bench(arguments: list[str]) -> int:
    """Run benchmarks/NAME.py on throw-away, durable servers that are migrated and know the catalogue."""
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
    if not arguments or arguments[0] not in names:
        raise Refused(f"Which benchmark? There are: {', '.join(names) or 'none yet'}.")
    with stop_on_signals(), throwaway(durable=True) as running:
        environment = portal_environment(running.state, running.environment) | {"PORTAL_MODE": "demo"}
        for command in (["migrate", "--verbosity=0"], ["load_catalogue"]):
            if code := run(django_command(*command), environment):
                return code
        script = ROOT / "benchmarks" / f"{arguments[0]}.py"
        return run([sys.executable, str(script), *arguments[1:]], environment)


# --- Dispatch


def main(arguments: list[str]) -> int:
    commands = {"demo": demo, "manage": manage, "test": test, "check": check, "bench": bench, "pg": pg}
    try:
        return commands[arguments[0]](arguments[1:])
    except Refused as refusal:
        print(f"portal: {refusal}", file=sys.stderr)
        return 1
    except Stopped as stopped:
        return 128 + stopped.number
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
