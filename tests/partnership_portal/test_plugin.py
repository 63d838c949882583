"""The pytest plugin: what it starts is real, and what it leaves out it names."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.test.utils import override_settings

from partnership_portal.state import ROOT
from tests.plugin import wait_for
from web.mail import queue
from web.models import OutgoingMail

from .processes import clean_environment

SAMPLE = """
import pytest

@pytest.mark.browser
def test_seen(): pass

@pytest.mark.full
def test_long(): pass

def test_short(): pass
"""


def run_pytest(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_sample.py").write_text(SAMPLE)
    command = [sys.executable, "-m", "pytest", f"--rootdir={ROOT}", f"--confcutdir={folder}"]
    return subprocess.run(
        [*command, "-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", *options, str(folder)],
        env=clean_environment(**environment),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_worker_process_sees_what_a_test_commits(celery_worker_process):
    queue("sample", "orang@contoh.example", "Perihal", "Isi")
    mail = wait_for(lambda: OutgoingMail.objects.exclude(sent_at=None).first())
    assert mail.key == "sample"


def test_a_killed_worker_can_be_started_again(celery_worker_process):
    celery_worker_process.kill()
    celery_worker_process.start()
    queue("sample", "orang@contoh.example", "Perihal", "Isi")
    assert wait_for(lambda: OutgoingMail.objects.exclude(sent_at=None).exists())


@pytest.mark.browser
@override_settings(ALLOWED_HOSTS=["localhost"])
def test_a_page_is_opened_at_the_width_asked_for(open_page):
    page = open_page("/", width=360)
    assert page.evaluate("[innerWidth, navigator.language]") == [360, "id-ID"]
    assert open_page("/", width=1280, javascript=False).title() == page.title()


@pytest.mark.full
@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_what_is_left_out_is_named_with_its_reason(tmp_path, options):
    printed = run_pytest(tmp_path, *options, PORTAL_CHROMIUM="none").stdout
    assert "Left out: 1 tests (long; ./portal test --full runs them).\n" in printed
    assert "Left out: 1 tests (no Chromium on this machine).\n" in printed
    assert "test_sample.py::test_seen\n" in printed
    assert "1 passed" in printed


@pytest.mark.full
def test_full_runs_the_long_tests(tmp_path):
    printed = run_pytest(tmp_path, PORTAL_FULL="1", PORTAL_CHROMIUM="none").stdout
    assert "Left out: 1 tests (no Chromium on this machine).\n" in printed
    assert "2 passed" in printed


@pytest.mark.full
def test_a_required_browser_that_is_missing_is_a_failure(tmp_path):
    done = run_pytest(tmp_path, PORTAL_REQUIRE_BROWSER="1", PORTAL_CHROMIUM="none")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "PORTAL_REQUIRE_BROWSER=1, but there is no Chromium on this machine." in done.stderr
