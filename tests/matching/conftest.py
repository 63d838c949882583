"""The clock of these tests, a small register, and the sample one where a test needs many rows."""

from datetime import UTC, datetime

import pytest
import time_machine

from partnership_portal.seeding import seed
from tests.matching import people

MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 10.00 WIB


@pytest.fixture
def morning():
    """10.00 WIB of the day of the sample; the clock goes on ticking."""
    with time_machine.travel(MORNING):
        yield


@pytest.fixture
def cast(db, morning):
    return people.cast()


@pytest.fixture
def sample(db, morning):
    """Seeded; no list is computed yet."""
    assert seed(today=people.TODAY)
