from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import transaction

from partnership_portal.seeding import seed
from tests.journeys.register import sample
from tests.plugin import Worker


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """The sample register, once for the tests of a module that need no commit."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield sample()
        transaction.set_rollback(True)


@pytest.fixture
def register(seeded: SimpleNamespace, db: None) -> SimpleNamespace:
    """The sample register as it was seeded: what a test changes in it is taken back."""
    return seeded


@pytest.fixture
def portal(live_server, settings, celery_worker_process) -> Worker:
    """The sample register as people meet it: mails are queued, and a worker sends them and computes the matches."""
    settings.EMAIL_BACKEND = "web.backend.EmailBackend"
    settings.SITE_URL = live_server.url
    cache.clear()  # limits on log-ins and mails outlive the flush between tests
    seed()
    return celery_worker_process
