from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection

from web import limits
from web.limits import Verdict
from web.models import Tally

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def attempt(who="budi@contoh.example", purpose="code", limit=2):
    return limits.attempt(purpose, who, limit=limit, window=HOUR)


@pytest.fixture
def clock(db):
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_the_window_opens_with_the_first_try_and_closes(clock):
    assert attempt() == Verdict(True, 1, timedelta(0))
    clock.shift(timedelta(minutes=20))
    assert attempt() == Verdict(True, 0, timedelta(0))
    assert attempt() == Verdict(False, 0, timedelta(minutes=40))
    clock.shift(timedelta(minutes=40))
    assert attempt() == Verdict(True, 1, timedelta(0))


def test_each_person_and_purpose_counts_apart(clock):
    assert attempt(limit=1).allowed
    assert not attempt(limit=1).allowed
    assert not attempt(who=" BUDI@contoh.example", limit=1).allowed
    assert attempt(who="siti@contoh.example", limit=1).allowed
    assert attempt(purpose="claim", limit=1).allowed


def test_success_forgives(clock):
    attempt(limit=1)
    limits.forgive("code", "budi@contoh.example")
    assert attempt(limit=1).allowed


def test_nobody_is_named_and_old_windows_go(clock):
    attempt()
    assert "budi" not in Tally.objects.get().key
    assert limits.forget_old() == 0
    clock.shift(HOUR)
    assert limits.forget_old() == 1


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_all_counted():
    start, verdicts = Barrier(8), []

    def work():
        start.wait()
        verdicts.append(attempt(limit=3).allowed)
        connection.close()

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(verdicts) == [False] * 5 + [True] * 3
