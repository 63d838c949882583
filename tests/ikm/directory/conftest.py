import pytest
from django.db import transaction

from tests.ikm.directory.made_up import small_register


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        small_register()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def register(seeded, db):
    """The small register; what a test changes in it is taken back."""
