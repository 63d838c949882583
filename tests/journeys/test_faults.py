"""Redis away or frozen, a worker killed in mid-run: an edit is saved at once, and what follows from it comes late."""

import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from celery import current_app
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from accounts.sample import PASSWORD
from ikm.models import Product
from industry.models import Need
from matching.models import NeedRanking
from tests.browsers import logged_in
from tests.journeys.people import match_of
from tests.partnership_portal.test_runner import Demo
from tests.plugin import database_url, wait_for
from web import hints

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = "ikm16@contoh.example"


@pytest.fixture
def kept(portal):
    """The sample register with every list up to date; the worker that keeps them so."""
    current_app.send_task("matching.tasks.sweep")
    wait_for(lambda: free_for_need() == 300, patience=30)
    return portal


def product() -> Product:
    return Product.objects.get(ikm__organisation__ref="cv-roller-samangraya", category="roller-konveyor")


def free_for_need() -> int | None:
    """What the buyer's list says of the owner's free capacity, in pieces."""
    need = Need.objects.get(ref="n01-roller-konveyor")
    kept = NeedRanking.objects.filter(need=need, takes_part=True).first()
    ikm = product().ikm_id
    found = [entry.free for entry in kept.entries if entry.ikm_key == ikm] if kept else []
    return found[0] // 1000 if found and found[0] is not None else None


def save(browser: Client, capacity: str) -> float:
    """The owner's form, sent; seconds until the answer."""
    mine = product()
    address = reverse("ikm:product", args=[mine.ikm_id, mine.pk])
    form = browser.get(address).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"capacity_per_month": capacity}
    began = time.perf_counter()
    answer = browser.post(address, data)
    took = time.perf_counter() - began
    assert answer.status_code == 302
    return took


@pytest.fixture(params=["away", "frozen"])
def redis_lost(request, settings, tmp_path, kept) -> Iterator[None]:
    """For the web server alone: the worker has its own connection, and other tests their own Redis."""
    path = tmp_path / "redis"
    with socket.socket(socket.AF_UNIX) as silent:
        if request.param == "frozen":
            silent.bind(str(path))
            silent.listen()
        settings.CELERY_BROKER_URL = f"redis+socket://{path}?virtual_host=0"
        forget_connections()
        yield
    forget_connections()


def forget_connections() -> None:
    hints._producers.cache_clear()
    hints._silent_until = 0.0


def test_an_edit_is_saved_within_a_second_and_seen_when_a_worker_looks(redis_lost):
    browser = logged_in(User.objects.get(email=OWNER))
    seconds = []
    for capacity in ("400", "380", "360"):
        hints._silent_until = 0.0
        seconds.append(save(browser, capacity))
    assert min(seconds) < 1
    assert product().capacity_per_month == 360
    assert free_for_need() > 240  # nobody was told of the last
    current_app.send_task("matching.tasks.sweep")  # as beat does every 15 seconds
    wait_for(lambda: free_for_need() == 240, patience=20)


def test_a_worker_killed_in_mid_run_loses_nothing(kept):
    browser = logged_in(User.objects.get(email=OWNER))
    holder = psycopg2.connect(database_url())
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT 1 FROM matching_needranking FOR UPDATE")
            save(browser, "360")
            wait_for(somebody_waits, patience=20)
            kept.kill()
    finally:
        holder.close()
    wait_for(lambda: not somebody_waits(), patience=20)
    assert free_for_need() == 300
    kept.start()
    current_app.send_task("matching.tasks.sweep")
    wait_for(lambda: free_for_need() == 240, patience=20)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


# --- The whole portal, as ./portal demo starts it


@pytest.fixture
def demo() -> Iterator[Demo]:
    folder = Path(tempfile.mkdtemp(prefix="portal-demo-"))
    running = Demo(folder / "state")
    running.start()
    yield running
    running.end()
    shutil.rmtree(folder)


@pytest.mark.full
@pytest.mark.browser
def test_redis_frozen_for_a_minute(demo, new_context):
    """Edits save in less than a second all the while; their effect is there within 30 seconds of its return."""
    people = {
        name: new_context(base_url=f"http://localhost:{demo.port}").new_page()
        for name in (OWNER, "pengadaan1@contoh.example")
    }
    for name, page in people.items():
        page.goto("/akun/masuk/")
        page.get_by_label("E-mail atau nomor ponsel").fill(name)
        page.get_by_label("Kata sandi atau PIN").fill(PASSWORD)
        page.get_by_label("Kata sandi atau PIN").press("Enter")
        page.wait_for_url("**/beranda/")
    owner, buyer = people.values()
    buyer.get_by_role("link", name="Roller konveyor").first.click()
    buyer.wait_for_url("**/kebutuhan/*/")
    buyer.goto(f"{buyer.url}kecocokan/")
    valkey = demo.pid_of("valkey-server")
    os.kill(valkey, signal.SIGSTOP)
    try:
        frozen = time.monotonic()
        for capacity in range(400, 340, -10):
            owner.goto("/usaha/profil/bagian/products/")
            owner.locator(".card", has_text="Roller diameter").get_by_role("link", name="Ubah").click()
            owner.get_by_label("sanggup berapa per bulan?").fill(str(capacity))
            began = time.monotonic()
            owner.get_by_role("button", name="Simpan").click()
            owner.get_by_text("Perubahan disimpan.").wait_for()
            assert time.monotonic() - began < 1.5  # with the page that comes after it
            owner.wait_for_timeout(10_000 - (time.monotonic() - began) * 1000)
        assert time.monotonic() - frozen > 60
    finally:
        os.kill(valkey, signal.SIGCONT)
    expect(match_of(buyer, "CV Roller Samangraya")).to_contain_text("bebas 230 untuk 200", timeout=30_000)
