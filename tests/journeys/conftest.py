from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction

from tests.journeys.register import sample


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
