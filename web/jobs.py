"""Long work that can be watched, left, stopped and taken up again. The row is the queue; Celery only carries hints.

An app has a model that inherits `Job`, a table of its tasks (name → function of the job) and a Celery task that calls
`run`, once as a hint after `begin` and once in a sweep over `unfinished`. A task does its work in steps of `step`, each
one transaction with the progress of the job in it: what a killed worker had done is done, and the next goes on there.
"""

import contextlib
import datetime
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast

from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

logger = logging.getLogger(__name__)

# Work that has lost its worker so often is what kills it.
MOST_ATTEMPTS = 4


class Stopped(Exception):
    """Somebody stopped the job, or another worker has taken it up meanwhile."""


class Busy(Exception):
    """The job waits or runs already; it is not begun a second time."""


class JobQuerySet(models.QuerySet):
    def unfinished(self):
        """Waiting, or running: here or on a worker that was killed; the longest waiting first."""
        return self.filter(state__in=[Job.State.WAITING, Job.State.RUNNING]).order_by("begun_at", "pk")


class Job(models.Model):
    class State(models.TextChoices):
        IDLE = "idle", _("belum dimulai")
        WAITING = "waiting", _("menunggu giliran")
        RUNNING = "running", _("sedang dikerjakan")
        DONE = "done", _("selesai")
        FAILED = "failed", _("gagal")
        CANCELLED = "cancelled", _("dihentikan")

    state = models.CharField(max_length=9, choices=State.choices, default=State.IDLE)
    task = models.CharField(max_length=20, blank=True)
    stage = models.CharField(max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="idle", ended_at=None)
                | models.Q(state__in=["waiting", "running"], begun_at__isnull=False, ended_at=None)
                | models.Q(state__in=["done", "failed", "cancelled"], ended_at__isnull=False),
                name="%(class)s_state_has_times",
            ),
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total")), name="%(class)s_done_within_total"
            ),
        ]

    @property
    def is_active(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def elapsed(self) -> datetime.timedelta:
        """Since it was begun, up to now or its end."""
        if self.begun_at is None:
            return datetime.timedelta()
        return (self.ended_at or timezone.now()) - self.begun_at

    @property
    def elapsed_words(self) -> str:
        """ "12 detik", "3 menit"."""
        seconds = round(self.elapsed.total_seconds())
        if seconds < 60:
            return ngettext("%(count)d detik", "%(count)d detik", seconds) % {"count": seconds}
        return ngettext("%(count)d menit", "%(count)d menit", seconds // 60) % {"count": seconds // 60}


J = TypeVar("J", bound=Job)


@transaction.atomic
def begin(job: J, task: str, *, total: int) -> J:
    """Put `task` of the job into the queue; Busy while another one waits or runs. The caller sends the hint."""
    locked = lock(job)
    if locked.is_active:
        raise Busy
    locked.state, locked.task, locked.stage, locked.error = Job.State.WAITING, task, "", ""
    locked.done, locked.total, locked.attempts = 0, total, 0
    locked.begun_at, locked.started_at, locked.ended_at = timezone.now(), None, None
    locked.save()
    return locked


@transaction.atomic
def cancel(job: J) -> J:
    """Stop what waits or runs: the step under way is finished, none follows. Anything else stays as it is."""
    locked = lock(job)
    if locked.is_active:
        locked.state, locked.ended_at = Job.State.CANCELLED, timezone.now()
        locked.save(update_fields=["state", "ended_at"])
    return locked


def run(model: type[J], pk: int, tasks: Mapping[str, Callable[[J], None]]) -> bool:
    """Do the job's task here unless another worker is at it; whether it was done (or failed) here.

    The lock is one of the database session: it ends with a worker that is killed, and the sweep finds its job.
    """
    key = [model._meta.db_table, pk]
    if not _asked("SELECT pg_try_advisory_lock(hashtext(%s), %s)", key):
        return False
    try:
        job = _take(model, pk)
        if job is not None:
            _work(job, tasks)
        return job is not None
    finally:
        # Where the session is gone, its lock is gone with it.
        with contextlib.suppress(OperationalError, InterfaceError):
            _asked("SELECT pg_advisory_unlock(hashtext(%s), %s)", key)


@contextlib.contextmanager
def step(job: J, *, done: int, stage: str = "") -> Iterator[J]:
    """One transaction of the work, the job's row locked in it; when it ends well `done` of the total are done.

    Stopped, and nothing of the step is kept, where the job was stopped or somebody else went on with it.
    """
    with transaction.atomic():
        locked = lock(job)
        if locked.state != Job.State.RUNNING or locked.done != job.done or locked.task != job.task:
            raise Stopped
        yield locked
        locked.done, locked.stage = done, stage or locked.stage
        locked.save()
    for field in job._meta.concrete_fields:
        setattr(job, field.attname, getattr(locked, field.attname))


def lock(job: J) -> J:
    """The row as it is stored now, held until commit."""
    rows = type(job)._default_manager.select_for_update(of=("self",), no_key=True)
    return cast(J, rows.get(pk=job.pk))


@transaction.atomic
def _take(model: type[J], pk: int) -> J | None:
    job = model._default_manager.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if job is None or not job.is_active:
        return None
    job.attempts += 1
    if job.attempts > MOST_ATTEMPTS:
        job.state, job.ended_at = Job.State.FAILED, timezone.now()
        job.error = str(_("Pekerjaan ini berulang kali terputus."))
    else:
        job.state, job.started_at = Job.State.RUNNING, job.started_at or timezone.now()
    job.save()
    return cast(J, job) if job.state == Job.State.RUNNING else None


def _work(job: J, tasks: Mapping[str, Callable[[J], None]]) -> None:
    try:
        tasks[job.task](job)
        with step(job, done=job.total) as locked:
            locked.state, locked.ended_at = Job.State.DONE, timezone.now()
    except Stopped:
        return
    except (OperationalError, InterfaceError):
        raise  # the database was away: the job stays as it is and is taken up again
    except Exception:
        logger.exception("%s %s: %s", job._meta.label, job.pk, job.task)
        type(job)._default_manager.filter(pk=job.pk, state=Job.State.RUNNING).update(
            state=Job.State.FAILED,
            ended_at=timezone.now(),
            error=str(_("Ada kesalahan pada portal. Yang sudah selesai tersimpan; coba lanjutkan lagi.")),
        )


def _asked(statement: str, values: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]
