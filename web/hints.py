"""Nudges for the workers. A hint may be lost: the work is a state in PostgreSQL, and the sweepers find it."""

import logging
import time
from functools import cache, partial
from typing import Any

from celery import Task, current_app
from django.conf import settings
from django.db import transaction
from kombu import Connection, pools

logger = logging.getLogger(__name__)

# After one failure no more is tried for a while: a request with ten hints waits half a second, not five.
SILENCE = 10.0
_silent_until = 0.0


def hint(task: Task | str, *args: Any) -> None:
    """After commit, tell a worker to run `task` (or the task of that name) with `args`, which are ids.

    Never raises and costs at most the socket's time-out (settings.CELERY_BROKER_TRANSPORT_OPTIONS: 0.5 s), also
    when Redis is down or frozen. Rolled back: not sent.
    """
    name = task if isinstance(task, str) else task.name
    transaction.on_commit(partial(_publish, name, args), robust=True)


def _publish(name: str, args: tuple[Any, ...]) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        with _producers().acquire(block=True, timeout=0.5) as producer:
            current_app.send_task(name, args=args, producer=producer, retry=False)
    except Exception as error:  # whatever the transport raises: the change itself is saved
        _silent_until = time.monotonic() + SILENCE
        logger.warning("hint %s%r not sent, a sweeper will find the work: %s", name, args, error)


@cache
def _producers() -> pools.ProducerPool:
    """Connections of their own: Celery's would wait and try again for six seconds, whatever `retry` says."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS | {"max_retries": 0}
    return pools.producers[Connection(settings.CELERY_BROKER_URL, transport_options=options)]
