"""Chromium for the browser tests: where it is, and how it comes."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The program's path; PORTAL_CHROMIUM names another, or `none`."""
    chosen = os.environ.get("PORTAL_CHROMIUM")
    if chosen:
        return None if chosen == "none" else chosen
    return next((path for path in map(shutil.which, NAMES) if path), None)


def ensure_chromium() -> None:
    """Install Debian's where we may; otherwise pytest says which tests it leaves out."""
    if os.environ.get("PORTAL_CHROMIUM") or chromium() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the browser tests …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    nothing = subprocess.DEVNULL
    for step in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        command = ["apt-get", "-qq", *step]
        if subprocess.run(command, env=environment, stdin=nothing, stdout=nothing).returncode:
            print(f"apt-get {step[0]} failed: the browser tests will be left out.", file=sys.stderr)
            return
