"""The embedded servers under every kind of ending: nothing committed is lost, no process stays behind."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg2
import psycopg2.extras
import pytest
import redis

from partnership_portal import ownership, services
from partnership_portal.children import Refused
from partnership_portal.state import ROOT

from .processes import Supervisor, clean_environment, eventually, holders, kill_all

NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    """supervisor(*options, state=..., **fields): made, not started; ended after the test."""
    made: list[Supervisor] = []

    def make(*options: str, state: Path = tmp_path / "state", **fields: object) -> Supervisor:
        made.append(Supervisor(state, options, **fields))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()
    for state in {each.state for each in made}:
        eventually(lambda state=state: not holders(state))


def test_stops_without_a_trace(supervisor):
    first = supervisor()
    first.start()
    assert first.sql("SELECT current_database(), current_setting('server_encoding')") == [("portal", "UTF8")]
    first.stop()
    assert holders(first.state) == set()
    assert not (first.state / "running.json").exists()


def test_kill_of_the_supervisor_ends_the_servers_and_loses_nothing(supervisor):
    first = supervisor("durable")
    before = set(first.start()["pids"].values())
    first.sql("CREATE TABLE kept AS SELECT 42 AS answer")
    first.valkey().rpush("queue", "message")
    first.kill()

    second = supervisor("durable")
    second.start()  # at once, while the old servers may still be stopping
    assert second.sql("SELECT answer FROM kept") == [(42,)]
    assert second.valkey().lrange("queue", 0, -1) == [b"message"]
    assert not before & holders(second.state)


def test_kill_of_everything_loses_nothing(supervisor):
    first = supervisor("durable")
    first.start()
    first.sql("CREATE TABLE kept AS SELECT 42 AS answer")
    first.valkey().rpush("queue", "message")
    kill_all(holders(first.state))
    first.kill()

    second = supervisor("durable")
    second.start()
    assert second.sql("SELECT answer FROM kept") == [(42,)]
    assert second.valkey().lrange("queue", 0, -1) == [b"message"]


def test_a_busy_query_does_not_outlive_the_supervisor(supervisor):
    first = supervisor()
    first.start()
    # Never waits for anything, so it would not notice by itself that the postmaster is gone.
    busy = "SELECT count(*) FROM generate_series(1, 100000000000)"
    connection = psycopg2.connect(
        host=services.socket_folder(first.printed["DATABASE_URL"]),
        user="portal",
        dbname="portal",
        async_=True,
    )
    psycopg2.extras.wait_select(connection)
    connection.cursor().execute(busy)
    eventually(
        lambda: first.sql(f"SELECT 1 FROM pg_stat_activity WHERE query = '{busy}' AND state = 'active'")
    )
    first.kill()
    eventually(lambda: not holders(first.state))


@pytest.mark.parametrize("name", ["Program Files, 50%25, é'\"$x", "long-" + "x" * 191])
def test_any_path_will_do(supervisor, tmp_path, name):
    first = supervisor(state=tmp_path / name / "state")
    first.start()
    assert first.sql("SELECT 1") == [(1,)]
    assert first.valkey().ping() is True
    first.stop()
    assert holders(first.state) == set()


@pytest.mark.full
def test_two_directories_at_once(supervisor, tmp_path):
    one, two = supervisor(state=tmp_path / "one"), supervisor(state=tmp_path / "two")
    one.start(), two.start()
    one.sql("CREATE TABLE mine AS SELECT 1")
    assert two.sql("SELECT to_regclass('mine')") == [(None,)]


def test_a_second_supervisor_is_refused_and_the_first_works_on(supervisor):
    first, second = supervisor(), supervisor()
    first.start()
    assert second.try_start()["refused"] == (
        f"{first.state} is in use by another ./portal. Stop that one, or set PORTAL_STATE to another directory."
    )
    assert first.sql("SELECT 1") == [(1,)]


def test_a_killed_server_is_started_again(supervisor):
    first = supervisor("durable")
    pids = first.start()["pids"]
    first.sql("CREATE TABLE kept AS SELECT 42 AS answer")
    kill_all(set(pids.values()))
    assert eventually(lambda: unless_away(lambda: first.sql("SELECT answer FROM kept"))) == [(42,)]
    assert eventually(lambda: unless_away(lambda: first.valkey().ping())) is True


def unless_away(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except (psycopg2.OperationalError, redis.ConnectionError):
        return None


def test_the_pid_file_may_name_a_stranger(supervisor):
    first = supervisor("durable")
    first.start()
    first.sql("CREATE TABLE kept AS SELECT 42 AS answer")
    kill_all(holders(first.state))
    first.kill()
    pid_file = first.state / "pg" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    second = supervisor("durable")
    second.start()
    assert second.sql("SELECT answer FROM kept") == [(42,)]


def test_another_major_version_is_refused_with_the_way_out(supervisor):
    first = supervisor()
    first.start()
    first.stop()
    (first.state / "pg" / "PG_VERSION").write_text("17\n")
    refusal = supervisor().try_start()["refused"]
    assert refusal.startswith(f"{first.state}/pg was made by PostgreSQL 17; this checkout brings 18.")
    assert "./portal pg pg_dump -Fc -f FILE" in refusal


def test_half_an_initialisation_is_done_again(supervisor):
    first = supervisor()
    (first.state / "pg.init").mkdir(parents=True)
    (first.state / "pg.init" / "PG_VERSION").write_text("18\n")
    first.start()
    assert first.sql("SELECT 1") == [(1,)]


def test_guests_find_the_servers_of_a_living_supervisor_only(supervisor):
    first = supervisor()
    assert ownership.guest(first.state) is None
    first.start()
    addresses = ownership.guest(first.state)
    assert addresses == {name: first.printed[name] for name in ("DATABASE_URL", "REDIS_URL")}
    first.kill()
    assert ownership.guest(first.state) is None


def test_given_addresses_win(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with services.servers(tmp_path / "state") as running:
        assert running.children == []
        assert running.environment == {
            "DATABASE_URL": "postgresql://elsewhere/portal",
            "REDIS_URL": "redis://elsewhere/0",
        }


@pytest.mark.parametrize(("system", "libc"), [("Darwin", ""), ("Linux", "")])
def test_elsewhere_one_sentence_asks_for_the_addresses(monkeypatch, tmp_path, system, libc):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.libc_ver", lambda: (libc, ""))
    with pytest.raises(Refused) as refusal, services.servers(tmp_path / "state"):
        pass
    assert str(refusal.value) == services.ELSEWHERE


def test_a_socket_folder_that_somebody_else_put_there_is_not_used(monkeypatch):
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        monkeypatch.setattr("tempfile.tempdir", short)
        state = Path(short) / "a,b"
        expected = services._socket_folder(state)
        assert expected.parent == Path(short)
        expected.rmdir()
        elsewhere = Path(short) / "elsewhere"
        elsewhere.mkdir()
        expected.symlink_to(elsewhere)
        found = services._socket_folder(state)
        assert found not in {expected, elsewhere}
        assert found.stat().st_mode & 0o777 == 0o700


def test_the_url_carries_any_socket_folder():
    for folder in ("/tmp/run", "/a b/100%/run"):
        assert services.socket_folder(services.database_url(Path(folder))) == folder
    assert quote("/a b", safe="") in services.database_url(Path("/a b"))


def test_a_killed_test_run_leaves_a_folder_that_the_next_one_removes(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, fresh = tmp_path / "portal-throwaway-old", tmp_path / "portal-throwaway-new"
    old.mkdir(), fresh.mkdir()
    os.utime(old, (time.time() - 120,) * 2)
    with services.throwaway() as running:
        assert running.state.parent == tmp_path
        assert (old.exists(), fresh.exists()) == (False, True)
    assert not running.state.exists()


# --- Root and ordinary people

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@as_root
@pytest.mark.parametrize("way", ["unshare", "setpriv"])
def test_root_changes_user_and_leaves_nothing_behind(supervisor, way):
    folder = Path(tempfile.mkdtemp(prefix="portal-root-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        environment = clean_environment(PORTAL_ROOT_PATH=way)
        first = supervisor("durable", state=folder / "state", environment=environment)
        pid = first.start()["pids"]["PostgreSQL"]
        owner = os.stat(f"/proc/{pid}").st_uid
        assert owner == (NOBODY if way == "setpriv" else owner)
        first.sql("CREATE TABLE kept AS SELECT 42 AS answer")
        first.kill()
        eventually(lambda: not holders(first.state))
        second = supervisor("durable", state=folder / "state", environment=environment)
        second.start()
        assert second.sql("SELECT answer FROM kept") == [(42,)]
        second.stop()
        assert holders(first.state) == set()
    finally:
        shutil.rmtree(folder)


@as_root
def test_root_without_a_way_in_is_told_so(supervisor, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o700)
    refused = supervisor(state=locked / "state", environment=clean_environment(PORTAL_ROOT_PATH="setpriv"))
    assert refused.try_start()["refused"].startswith(
        f"PostgreSQL does not run as root, and user {NOBODY} cannot enter {locked / 'state'}."
    )


@pytest.mark.parametrize("place", ["/proc/portal", "/dev/null/portal"])
def test_a_directory_that_cannot_be_used_is_refused(supervisor, place):
    refusal = supervisor(state=Path(place)).try_start()["refused"]
    assert refusal.startswith(f"{place} cannot be used (")
    assert refusal.endswith("Set PORTAL_STATE to a directory of your own.")


@as_root
def test_an_ordinary_user_needs_nothing_special(supervisor):
    python = interpreter_for_nobody()
    folder = Path(tempfile.mkdtemp(prefix="portal-nobody-", dir="/tmp"))
    os.chown(folder, NOBODY, NOBODY)
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    environment = clean_environment(PYTHONPATH=f"{ROOT}{os.pathsep}{packages}")
    try:
        first = supervisor(
            "durable", state=folder / "state", prefix=(*AS_NOBODY, python), environment=environment
        )
        first.start()
        first.sql("CREATE TABLE kept AS SELECT 42 AS answer")
        first.kill()
        eventually(lambda: not holders(first.state))
        second = supervisor(
            "durable", state=folder / "state", prefix=(*AS_NOBODY, python), environment=environment
        )
        second.start()
        assert second.sql("SELECT answer FROM kept") == [(42,)]
        second.stop()
        assert holders(first.state) == set()
    finally:
        shutil.rmtree(folder)


def interpreter_for_nobody() -> str:
    """One that an ordinary user may run; root's own may lie in root's home."""
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        probe = [
            *AS_NOBODY,
            python,
            "-c",
            f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})",
        ]
        readable = subprocess.run([*AS_NOBODY, "test", "-r", str(ROOT / "manage.py")]).returncode == 0
        if readable and subprocess.run(probe, capture_output=True).returncode == 0:
            return python
    pytest.skip("an ordinary user can enter neither this checkout nor this Python")


# --- The long faults


@pytest.mark.full
def test_committed_rows_survive_kills_at_any_moment(supervisor):
    chance = random.Random(20261124)
    kept = 0
    for round_number in range(25):
        current = supervisor("durable")
        current.start()
        current.sql("CREATE TABLE IF NOT EXISTS kept (n int)")
        assert current.sql("SELECT count(*) FROM kept") == [(kept,)]
        until = time.monotonic() + chance.uniform(0, 0.3)
        while time.monotonic() < until:
            current.sql("INSERT INTO kept VALUES (1)")
            kept += 1
        if round_number % 2:
            kill_all(holders(current.state))
        current.kill()


@pytest.mark.full
def test_a_kill_during_initialisation_at_any_moment(supervisor, tmp_path):
    for step in range(12):
        state = tmp_path / str(step)
        current = supervisor(state=state)
        script = Path(__file__).with_name("supervise.py")
        process = subprocess.Popen(
            [sys.executable, str(script), str(state)], env=current.environment, stdout=subprocess.DEVNULL
        )
        time.sleep(0.15 + step * 0.08)
        process.kill()
        process.wait()
        current.start()
        assert current.sql("SELECT 1") == [(1,)]
        current.stop()
        assert holders(state) == set()
