"""Long jobs, on the one model that there is: the import of a register."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from ikm.models import RegisterImport
from tests import offices
from web import jobs
from web.jobs import Busy, Job, Stopped


def new_job(**fields):
    office = offices.office()
    by = offices.member(office, "Petugas Ani")
    return RegisterImport.objects.create(office=office, created_by=by, name="daftar.xlsx", **fields)


def stepwise(seen, stop_after=None, fail_at=None):
    """A task of four steps that writes down which it did."""

    def work(job):
        for number in range(job.done + 1, job.total + 1):
            with jobs.step(job, done=number, stage="check"):
                if number == fail_at:
                    raise RuntimeError("broken")
                seen.append(number)
            if number == stop_after:
                jobs.cancel(job)

    return work


def run(job, work):
    found = jobs.run(RegisterImport, job.pk, {"check": work})
    job.refresh_from_db()
    return found


def test_a_job_is_done_step_by_step(db):
    job, seen = new_job(), []
    assert (job.state, job.is_active) == ("idle", False)
    jobs.begin(job, "check", total=4)
    assert run(job, stepwise(seen)) is True
    assert (seen, job.state, job.done, job.total, job.stage) == ([1, 2, 3, 4], "done", 4, 4, "check")
    assert job.begun_at <= job.started_at <= job.ended_at
    assert run(job, stepwise(seen)) is False
    assert seen == [1, 2, 3, 4]


def test_a_job_that_waits_is_not_begun_again(db):
    job = new_job()
    jobs.begin(job, "check", total=4)
    with pytest.raises(Busy):
        jobs.begin(job, "check", total=4)


def test_what_was_done_before_the_stop_stays(db):
    job, seen = new_job(), []
    jobs.begin(job, "check", total=4)
    run(job, stepwise(seen, stop_after=2))
    assert (seen, job.state, job.done) == ([1, 2], "cancelled", 2)


def test_a_job_that_waits_is_stopped_before_it_begins(db):
    job, seen = new_job(), []
    jobs.begin(job, "check", total=4)
    jobs.cancel(job)
    assert run(job, stepwise(seen)) is False
    assert (seen, job.state) == ([], "cancelled")
    assert jobs.cancel(job).ended_at == job.ended_at


def test_a_failure_keeps_what_was_done_and_says_so(db, caplog):
    job, seen = new_job(), []
    jobs.begin(job, "check", total=4)
    run(job, stepwise(seen, fail_at=3))
    assert (seen, job.state, job.done) == ([1, 2], "failed", 2)
    assert job.error.startswith("Ada kesalahan")
    assert "broken" in caplog.text


def test_a_job_of_a_killed_worker_goes_on_where_it_was(db):
    """The lock of a dead session is gone; the row says running, with what is done."""
    job, seen = new_job(), []
    jobs.begin(job, "check", total=4)
    RegisterImport.objects.update(state="running", started_at=timezone.now(), done=2, attempts=1)
    assert list(RegisterImport.objects.unfinished()) == [job]
    run(job, stepwise(seen))
    assert (seen, job.state, job.attempts) == ([3, 4], "done", 2)


def test_work_that_kills_its_workers_is_given_up(db):
    job, seen = new_job(), []
    jobs.begin(job, "check", total=4)
    RegisterImport.objects.update(state="running", attempts=jobs.MOST_ATTEMPTS)
    assert run(job, stepwise(seen)) is False
    assert (seen, job.state) == ([], "failed")
    assert job.error == "Pekerjaan ini berulang kali terputus."


def test_while_the_database_is_away_the_job_stays(db):
    job = new_job()
    jobs.begin(job, "check", total=4)

    def away(job):
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        run(job, away)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)


def test_a_step_notices_that_somebody_else_went_on(db):
    job = new_job()
    jobs.begin(job, "check", total=4)
    RegisterImport.objects.update(state="running")
    job.refresh_from_db()
    RegisterImport.objects.update(done=1)
    with pytest.raises(Stopped), jobs.step(job, done=2):
        pytest.fail("the step was taken")


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_a_job_once():
    """The second one, while the first is in the middle, leaves it alone."""
    job, seen, inside, go_on = new_job(), [], threading.Event(), threading.Event()
    jobs.begin(job, "check", total=4)

    def slow(job):
        inside.set()
        go_on.wait(10)
        stepwise(seen)(job)

    def first():
        try:
            jobs.run(RegisterImport, job.pk, {"check": slow})
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(10)
    assert jobs.run(RegisterImport, job.pk, {"check": stepwise(seen)}) is False
    go_on.set()
    thread.join(10)
    job.refresh_from_db()
    assert (seen, job.state, job.attempts) == ([1, 2, 3, 4], "done", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "done"},
        {"state": "running"},
        {"state": "idle", "ended_at": timezone.now()},
        {"done": 2, "total": 1},
    ],
)
def test_the_database_refuses_what_cannot_be(db, wrong):
    job = new_job()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterImport.objects.filter(pk=job.pk).update(**wrong)


def test_elapsed_is_told_in_words(db):
    now = timezone.now()
    job = RegisterImport(begun_at=now, ended_at=now + timezone.timedelta(seconds=12))
    assert job.elapsed_words == "12 detik"
    job.ended_at = now + timezone.timedelta(minutes=3, seconds=5)
    assert job.elapsed_words == "3 menit"
    assert Job.elapsed.fget(RegisterImport()).total_seconds() == 0
