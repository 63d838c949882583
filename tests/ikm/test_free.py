from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikm.free import free_of

AMOUNTS = st.decimals(0, 10**6, places=3)
POOLS = st.lists(st.tuples(st.one_of(st.none(), AMOUNTS), AMOUNTS), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("pool", "free"),
    [
        ([(Decimal(200), Decimal(40))], ["160"]),
        ([(Decimal(200), Decimal(250))], ["0"]),
        ([(None, Decimal(40))], [None]),
        ([(Decimal(0), Decimal(0))], ["0"]),
        # Half of the month on one leaves half of the month for the other.
        ([(Decimal(9000), Decimal(4500)), (Decimal(12000), Decimal(0))], ["4500", "6000"]),
        ([(Decimal(9000), Decimal(3000)), (Decimal(12000), Decimal(4000))], ["3000", "4000"]),
        ([(Decimal(3), Decimal(1))], ["2"]),
        # Rounded down to three decimals: a third of 1 is free.
        ([(Decimal(3), Decimal(2)), (Decimal(1), Decimal(0))], ["1", "0.333"]),
        ([(Decimal(100), None), (Decimal(50), Decimal(0))], [None, None]),
    ],
)
def test_free_capacity(pool, free):
    assert free_of(pool) == [None if each is None else Decimal(each) for each in free]


@given(POOLS)
def test_nobody_has_more_free_than_the_whole_and_nobody_less_than_nothing(pool):
    for (capacity, _used), free in zip(pool, free_of(pool), strict=True):
        assert (free is None) == (capacity is None)
        assert free is None or 0 <= free <= capacity


@given(POOLS, AMOUNTS)
def test_more_use_never_frees_anything(pool, more):
    (capacity, used), *rest = pool
    before, after = free_of(pool), free_of([(capacity, used + more), *rest])
    assert all(a is None or a <= b for a, b in zip(after, before, strict=True))
