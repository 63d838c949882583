from datetime import UTC, datetime

import pytest
import time_machine

from tests.accounts import people

# 24 November 2026, 10.00 WIB; the clock goes on ticking, so that moments differ.
MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING) as traveller:
        yield traveller


@pytest.fixture
def cast(db):
    return people.cast()
