"""The state directory, and the environment of every process that works on it."""

import os
import sys
from pathlib import Path

from partnership_portal.services import DATABASE, SUPERUSER, postgres_binaries, socket_folder

ROOT = Path(__file__).resolve().parent.parent
MODE_FILE = "mode"


def state_directory() -> Path:
    return Path(os.environ.get("PORTAL_STATE") or ROOT / ".state").absolute()


def portal_environment(state: Path, addresses: dict[str, str]) -> dict[str, str]:
    """The environment of a process of the portal: addresses, state directory and the mode it was made with."""
    paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    own = {
        "PORTAL_STATE": str(state),
        "PORTAL_MODE": mode_of(state),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
    }
    return os.environ | addresses | own | database_tools(addresses)


def database_tools(addresses: dict[str, str]) -> dict[str, str]:
    """For the embedded database: psql is found by `manage dbshell`, and pg_dump finds the database."""
    if os.environ.get("DATABASE_URL") or "DATABASE_URL" not in addresses:
        return {}
    return {
        "PATH": os.pathsep.join([os.environ.get("PATH", os.defpath), str(postgres_binaries())]),
        "PGHOST": socket_folder(addresses["DATABASE_URL"]),
        "PGUSER": SUPERUSER,
        "PGDATABASE": DATABASE,
    }


def given_addresses() -> dict[str, str]:
    return {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}


def mode_of(state: Path) -> str:
    """PORTAL_MODE, else what the state directory was made with; a new one is for the demo, one with an own
    database for production.
    """
    if chosen := os.environ.get("PORTAL_MODE"):
        return chosen
    try:
        return (state / MODE_FILE).read_text().strip()
    except FileNotFoundError:
        return "production" if os.environ.get("DATABASE_URL") else "demo"


def record_mode(state: Path, mode: str) -> None:
    path = state / MODE_FILE
    if not path.exists():
        path.write_text(mode + "\n")


def django_command(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]
