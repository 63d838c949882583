import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import transaction
from redis import Redis

from tests.plugin import wait_for
from web import hints, mail, tasks
from web.models import OutgoingMail

FOUR_HINTS = """
import time, django
django.setup()
from django.db import connection
from web import hints
connection.ensure_connection()
hints.SILENCE = {silence}
begin = time.monotonic()
for _ in range(4):
    hints.hint("web.tasks.send_mail")
print(time.monotonic() - begin)
"""


def seconds_for_four_hints(url, silence):
    """Four hints in a process of its own that has `url` as its Redis: the time they take, and what it logged."""
    environment = os.environ | {"REDIS_URL": url, "DJANGO_SETTINGS_MODULE": "partnership_portal.settings"}
    command = [sys.executable, "-c", FOUR_HINTS.format(silence=silence)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return float(done.stdout), done.stderr.count("not sent")


@pytest.fixture
def frozen(tmp_path):
    """A Redis that takes connections and never answers."""
    with socket.socket(socket.AF_UNIX) as server:
        path = str(tmp_path / "frozen")
        server.bind(path)
        server.listen(16)
        yield f"redis+socket://{path}?virtual_host=0"


@pytest.fixture
def queue():
    path, _, number = settings.REDIS_URL.removeprefix("redis+socket://").partition("?virtual_host=")
    with Redis(unix_socket_path=path, db=int(number)) as redis:
        redis.flushdb()
        yield lambda: redis.llen("celery")
        redis.flushdb()


def test_redis_that_is_gone_costs_nothing(tmp_path):
    seconds, failures = seconds_for_four_hints(f"redis+socket://{tmp_path}/none?virtual_host=0", silence=0)
    assert failures == 4
    assert seconds < 0.5


def test_redis_that_is_frozen_costs_half_a_second_each(frozen):
    seconds, failures = seconds_for_four_hints(frozen, silence=0)
    assert failures == 4
    assert 1.9 < seconds < 3


def test_and_half_a_second_for_all_hints_of_a_request(frozen):
    seconds, failures = seconds_for_four_hints(frozen, silence=10)
    assert failures == 1
    assert seconds < 1


@pytest.mark.django_db(transaction=True)
def test_a_hint_waits_for_the_commit(queue):
    with transaction.atomic():
        hints.hint(tasks.send_mail)
        assert queue() == 0
    assert queue() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_gives_no_hint(queue):
    with transaction.atomic():
        hints.hint(tasks.send_mail)
        transaction.set_rollback(True)
    assert queue() == 0


def test_a_queued_mail_is_sent_by_the_worker(celery_worker_process):
    mail.queue("letter-1", "budi@contoh.example", "Surat", "Isi")
    wait_for(OutgoingMail.objects.exclude(sent_at=None).exists)
    assert OutgoingMail.objects.get().attempts == 1
