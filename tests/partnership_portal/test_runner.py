"""The runner as a person at a terminal meets it: real commands, real servers, real signals."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnership_portal.state import mode_of, portal_environment

from .processes import clean_environment, eventually, holders, kill_all

RUNNER = [sys.executable, "-P", "-m", "partnership_portal.runner"]


def start(state: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*RUNNER, *arguments],
        env=clean_environment(PORTAL_STATE=str(state), PYTHONUNBUFFERED="1", **environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(state: Path, *arguments: str, typed: str = "", **environment: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    process = start(state, *arguments, **environment)
    out, err = process.communicate(typed, timeout=120)
    return process.returncode, out, err


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status
    finally:
        connection.close()


# --- manage without a demo


def test_manage_alone_starts_servers_and_stops_them(tmp_path):
    state = tmp_path / "state"
    code, out, err = run(
        state, "manage", "shell", "--no-imports", typed="import sys; print('in'); sys.exit(7)\n"
    )
    assert (code, out.strip(), err) == (7, "in", "")
    assert holders(state) == set()
    assert (state / "mode").read_text() == "demo\n"
    key = (state / "secret_key").read_text()
    assert len(key) >= 50
    assert (state / "secret_key").stat().st_mode & 0o777 == 0o600
    printed = run(
        state,
        "manage",
        "shell",
        "--no-imports",
        "-c",
        "import partnership_portal.settings as s; print(s.SECRET_KEY)",
    )
    assert printed == (0, key + "\n", "")


def test_two_commands_share_servers_and_the_last_one_out_stops_them(tmp_path):
    state = tmp_path / "state"
    first = start(state, "pg", "psql", "-At")
    assert ask(first, "SELECT 'one';") == "one"
    second = start(state, "pg", "psql", "-At")
    assert ask(second, "SELECT 'two';") == "two"
    first.stdin.close()
    assert ask(second, "SELECT 'still';") == "still"
    assert first.poll() is None
    second.communicate(timeout=60)
    first.stdin = None
    first.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0)
    assert holders(state) == set()


def ask(psql: subprocess.Popen[str], statement: str) -> str:
    psql.stdin.write(statement + "\n")
    psql.stdin.flush()
    return psql.stdout.readline().strip()


def test_sigterm_reaches_the_command_and_stops_the_servers(tmp_path):
    state = tmp_path / "state"
    process = start(state, "manage", "shell", "--no-imports")
    eventually(lambda: (state / "running.json").exists(), 60)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert holders(state) == set()


def test_pg_runs_the_tools_of_the_embedded_server(tmp_path):
    state = tmp_path / "state"
    assert run(state, "pg", "psql", "-Atc", "SELECT current_database()") == (0, "portal\n", "")
    code, _out, err = run(state, "pg", "../../evil")
    assert code == 1
    assert err.startswith("portal: There is no ")


def test_the_mode_is_the_one_the_directory_was_made_with(tmp_path, monkeypatch):
    for name in ("PORTAL_MODE", "DATABASE_URL"):
        monkeypatch.delenv(name)
    assert mode_of(tmp_path) == "demo"
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/portal")
    assert mode_of(tmp_path) == "production"
    (tmp_path / "mode").write_text("demo\n")
    assert mode_of(tmp_path) == "demo"
    monkeypatch.setenv("PORTAL_MODE", "test")
    assert mode_of(tmp_path) == "test"


def test_the_environment_names_the_embedded_database_to_its_tools(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    addresses = {"DATABASE_URL": "postgresql://portal@%2Frun%2Fa/portal", "REDIS_URL": "redis://x"}
    environment = portal_environment(tmp_path, addresses)
    assert environment["PGHOST"] == "/run/a"
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/portal")
    assert "PGHOST" not in set(portal_environment(tmp_path, addresses)) - set(os.environ)


# --- What the demo refuses


@pytest.mark.parametrize("typed", ["0", "http", "70000", "８０"])
def test_a_port_that_is_none_is_refused(tmp_path, typed):
    refusal = f"portal: PORT is {typed!r}; it must be a number from 1 to 65535.\n"
    assert run(tmp_path / "state", "demo", PORT=typed) == (1, "", refusal)
    assert not (tmp_path / "state").exists()


def test_a_taken_port_is_refused_and_nothing_is_left_running(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, out, err = run(tmp_path / "state", "demo", PORT=str(port))
    expected = (
        f"portal: Port {port} is taken by another program. Choose another: PORT={port + 1} ./portal demo\n"
    )
    assert (code, out, err) == (1, "", expected)
    assert holders(tmp_path / "state") == set()


def test_a_directory_of_real_data_gets_no_sample_people(tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    (state / "mode").write_text("production\n")
    code, _out, err = run(state, "demo", PORT=str(free_port()))
    assert code == 1
    assert err.startswith(f"portal: {state} was made for PORTAL_MODE=production;")


@pytest.mark.parametrize("command", ["demo", "check"])
def test_unknown_arguments_are_refused(tmp_path, command):
    code, _out, err = run(tmp_path / "state", command, "--nonsense")
    assert (code, err[:8]) == (1, "portal: ")


# --- The demo


class Demo:
    def __init__(self, state: Path):
        self.state, self.port = state, free_port()

    def start(self) -> str:
        """Waits until the log-ins are printed; what was printed."""
        self.process = start(self.state, "demo", PORT=str(self.port))
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        else:
            assert self.process.stderr is not None
            pytest.fail("".join(lines) + self.process.stderr.read())
        return "".join(lines)

    def pid_of(self, pattern: str) -> int | None:
        """A child of the supervisor, by its command line."""
        for pid in holders(self.state):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()[1])
            if pattern in command and parent == self.process.pid:
                return pid
        return None

    def end(self) -> None:
        kill_all({self.process.pid} | holders(self.state))
        self.process.communicate()


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """One demo for the tests below, which follow its life in their order."""
    folder = Path(tempfile.mkdtemp(prefix="portal-demo-"))
    running = Demo(folder / "state")
    running.printed = running.start()
    yield running
    running.end()
    shutil.rmtree(folder)


@pytest.mark.early
class TestDemo:
    def test_it_prints_the_address_and_the_log_ins_when_the_first_page_answers(self, demo):
        assert f": http://localhost:{demo.port}/\n" in demo.printed
        assert get(demo.port, "/") == 200
        _code, out, _err = run(demo.state, "manage", "demo_logins")
        assert out in demo.printed
        assert len(out.splitlines()) >= 5

    def test_manage_works_beside_it(self, demo):
        ask = "from catalogue.models import Unit; print(Unit.objects.filter(slug='kg').count())\n"
        assert run(demo.state, "manage", "shell", "--no-imports", typed=ask)[:2] == (0, "1\n")

    def test_a_second_one_is_refused(self, demo):
        code, out, err = run(demo.state, "demo", PORT=str(free_port()))
        assert (code, out) == (1, "")
        assert err.startswith(f"portal: {demo.state} is in use by another ./portal.")

    def test_static_files_are_served_compressed(self, demo):
        names = [path.name for path in (demo.state / "static" / "css").iterdir()]
        assert any(re.fullmatch(r"portal\.[0-9a-f]{12}\.css\.gz", name) for name in names)

    def test_a_killed_worker_is_started_again_and_it_says_so(self, demo):
        old = demo.pid_of("celery -A partnership_portal worker")
        os.kill(old, signal.SIGKILL)
        assert demo.process.stdout.readline().startswith(
            "worker was killed by signal 9; it starts again in 1 s"
        )
        eventually(lambda: old not in holders(demo.state))
        new = eventually(lambda: demo.pid_of("celery -A partnership_portal worker"))
        assert new != old

    def test_kill_of_the_supervisor_ends_all_and_loses_nothing(self, demo):
        assert run(demo.state, "pg", "psql", "-qc", "CREATE TABLE kept AS SELECT 42") == (0, "", "")
        before = holders(demo.state)
        assert len(before) > 6
        demo.process.kill()
        demo.process.communicate()
        demo.start()  # at once, on the same port, while the old processes may still be ending
        assert run(demo.state, "pg", "psql", "-Atc", "SELECT * FROM kept") == (0, "42\n", "")
        assert not before & holders(demo.state)

    def test_ctrl_c_stops_everything(self, demo):
        demo.process.send_signal(signal.SIGINT)
        out, err = demo.process.communicate(timeout=30)
        assert (demo.process.returncode, err) == (0, "")
        assert out.endswith(f"Stopped. The data stays in {demo.state}\n")
        assert holders(demo.state) == set()

    @pytest.mark.full
    def test_kill_of_everything_loses_nothing(self, demo):
        demo.start()
        before = holders(demo.state) | {demo.process.pid}
        kill_all(before)
        demo.process.communicate()
        demo.start()
        assert run(demo.state, "pg", "psql", "-Atc", "SELECT * FROM kept") == (0, "42\n", "")
        assert not before & holders(demo.state)


@pytest.mark.full
def test_the_restore_drill_of_the_operations_guide(tmp_path):
    state, elsewhere, dump = tmp_path / "state", tmp_path / "elsewhere", str(tmp_path / "portal.dump")
    count = "from catalogue.models import Unit; print(Unit.objects.count())"
    assert run(state, "manage", "migrate", "--verbosity=0") == (0, "", "")
    assert run(state, "manage", "load_catalogue")[0] == 0
    assert run(state, "pg", "pg_dump", "-Fc", "-f", dump) == (0, "", "")
    assert run(elsewhere, "pg", "pg_restore", "--no-owner", "--exit-on-error", "-d", "portal", dump)[0] == 0
    assert run(elsewhere, "manage", "migrate", "--check")[0] == 0
    printed = [run(place, "manage", "shell", "--no-imports", "-c", count) for place in (state, elsewhere)]
    assert printed[0] == printed[1]
    assert printed[0][0] == 0
