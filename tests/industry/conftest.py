from datetime import UTC, datetime

import pytest
import time_machine

from tests.industry import people

# 24 November 2026, 10.00 WIB; the clock goes on ticking, so that moments differ.
MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(MORNING):
        yield MORNING


@pytest.fixture
def cast(db):
    return people.cast()
