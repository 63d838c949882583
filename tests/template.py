"""The database that test databases are copied from: migrated, with the catalogue.

Migrating takes many seconds and gives the same every time, so its dump is kept in .pytest_cache under a name made of
everything that goes into it: migrations, the modules of ours that they import, the catalogue and the lock.
"""

import fcntl
import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from partnership_portal.services import POSTGRES_SOCKET, SUPERUSER, postgres_binaries, socket_folder
from partnership_portal.state import ROOT, django_command

NAME, DRAFT = "portal_template", "portal_template_draft"
CACHE = ROOT / ".pytest_cache" / "portal"
KEPT_DUMPS = 4
OUR_IMPORT = re.compile(r"^from ([a-z_]+(?:\.[a-z_]+)+) import", re.MULTILINE)


def template_database() -> str | None:
    """The template's name, made on the first call of any worker; None on a server that is not ours."""
    folder = socket_folder(os.environ["DATABASE_URL"])
    if not (Path(folder) / POSTGRES_SOCKET).exists():
        return None
    with one_at_a_time(Path(folder)):
        if not sql(folder, f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'"):
            make(folder)
            sql(folder, f"ALTER DATABASE {DRAFT} RENAME TO {NAME}")
    return NAME


def make(folder: str) -> None:
    dump = CACHE / f"{fingerprint()}.dump"
    sql(folder, f"DROP DATABASE IF EXISTS {DRAFT}")
    sql(folder, f"CREATE DATABASE {DRAFT}")
    if dump.exists():
        tool(folder, "pg_restore", "--jobs=2", f"--dbname={DRAFT}", str(dump))
        dump.touch()
        return
    host = os.environ["DATABASE_URL"].rpartition("/")[0]
    for command in (["migrate", "--verbosity=0"], ["load_catalogue"]):
        subprocess.run(
            django_command(*command),
            env=os.environ | {"DATABASE_URL": f"{host}/{DRAFT}"},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    CACHE.mkdir(parents=True, exist_ok=True)
    draft = CACHE / f"{os.getpid()}.draft"
    tool(folder, "pg_dump", "--format=custom", "--compress=0", f"--file={draft}", DRAFT)
    draft.replace(dump)
    for old in sorted(CACHE.glob("*.dump"), key=lambda path: path.stat().st_mtime)[:-KEPT_DUMPS]:
        old.unlink(missing_ok=True)


def sql(folder: str, statement: str) -> str:
    return tool(folder, "psql", "--dbname=postgres", "-v", "ON_ERROR_STOP=1", "-qAtc", statement)


def tool(folder: str, name: str, *arguments: str) -> str:
    """Run a PostgreSQL tool; what it printed."""
    environment = os.environ | {"PGHOST": folder, "PGUSER": SUPERUSER}
    command = [str(postgres_binaries() / name), *arguments]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def fingerprint() -> str:
    migrations = sorted(ROOT.glob("*/migrations/*.py"))
    imported = {name for path in migrations for name in OUR_IMPORT.findall(path.read_text())}
    modules = sorted(ROOT / (name.replace(".", "/") + ".py") for name in imported)
    catalogue = [*sorted((ROOT / "catalogue" / "data").iterdir()), ROOT / "catalogue" / "loading.py"]
    digest = hashlib.sha256()
    for path in [
        *migrations,
        *(path for path in modules if path.exists()),
        *catalogue,
        ROOT / "requirements-dev.txt",
    ]:
        digest.update(f"{path}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)
