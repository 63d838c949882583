"""./portal check: style, types, import order, templates, migrations, translations, vendored files."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from partnership_portal.children import Refused, stop_on_signals
from partnership_portal.services import throwaway
from partnership_portal.state import ROOT, django_command

VENDORED = ROOT / "static" / "vendor"
Outcome = tuple[bool, str]


def check(arguments: list[str]) -> int:
    """Runs all steps, two at a time; prints each with its time and what it found; 1 if any failed."""
    if arguments:
        raise Refused("check takes no arguments.")
    os.chdir(ROOT)
    failed = []
    with stop_on_signals(), throwaway() as running:
        own = {
            "PORTAL_STATE": str(running.state / "portal"),
            "PORTAL_MODE": "test",
            "SECRET_KEY": "only for checks",
        }
        steps = all_steps(os.environ | running.environment | own)
        with ThreadPoolExecutor(2) as pool:
            waiting = {pool.submit(timed, step): name for name, step in steps.items()}
            for done in as_completed(waiting):
                (passed, output), seconds = done.result()
                print(f"{'ok  ' if passed else 'FAIL'} {waiting[done]} ({seconds:.1f} s)", flush=True)
                if not passed:
                    print(output.rstrip(), flush=True)
                    failed.append(waiting[done])
    print(
        f"{len(steps) - len(failed)} of {len(steps)} checks passed"
        + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


def timed(step: Callable[[], Outcome]) -> tuple[Outcome, float]:
    started = time.monotonic()
    return step(), time.monotonic() - started


def all_steps(environment: dict[str, str]) -> dict[str, Callable[[], Outcome]]:
    """The longest first."""
    python = sys.executable
    import_order = "from importlinter.cli import lint_imports_command as check; check()"
    commands = {
        "mypy: types": [python, "-m", "mypy"],
        "djlint: templates": [python, "-m", "djlint", "templates", "--lint", "--quiet"],
        "django: system check": django_command("check", "--fail-level=WARNING"),
        "django: migrations match the models": django_command("makemigrations", "--check", "--dry-run"),
        "translations complete": django_command("translations", "--check"),
        "import-linter: import order": [python, "-c", import_order],
        "ruff: style": [python, "-m", "ruff", "check", "--output-format=concise", "."],
        "ruff: format": [python, "-m", "ruff", "format", "--check", "--output-format=concise", "."],
    }
    steps: dict[str, Callable[[], Outcome]] = {}
    for name, command in commands.items():
        steps[name] = lambda command=command: outcome(command, environment)  # type: ignore[misc]
    steps["vendored files unchanged"] = vendored_outcome
    return steps


def outcome(command: list[str], environment: dict[str, str]) -> Outcome:
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode == 0, done.stdout


def vendored_outcome() -> Outcome:
    faults = list(vendored_faults(VENDORED))
    return not faults, "\n".join(faults)


def vendored_faults(folder: Path) -> Iterator[str]:
    """Files that differ from the manifest, are missing, or that it does not name."""
    named = {"manifest.json"}
    for package in json.loads((folder / "manifest.json").read_text())["packages"]:
        named |= {package["file"], package["licence_file"]}
        for name in (package["file"], package["licence_file"]):
            if not (folder / name).is_file():
                yield f"{name}: missing"
        if (folder / package["file"]).is_file() and sha384(folder / package["file"]) != package["sha384"]:
            yield f"{package['file']}: not the released file"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and str(path.relative_to(folder)) not in named:
            yield f"{path.relative_to(folder)}: not in the manifest"


def sha384(path: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
