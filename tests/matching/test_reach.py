"""Exact division far beyond what fits into 64 bits."""

from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from matching.capacity import LIMIT
from matching.facts import Unit
from matching.reach import floored, reach

amounts = st.integers(0, LIMIT) | st.sampled_from([0, 1, 999, LIMIT - 1, LIMIT])
factors = st.integers(1, 10**6) | st.integers(1, 2**62) | st.integers(1, 2**70)


def by_hand(free, above, below, ceiling):
    return [min(ceiling, f * a // b) for f, a, b in zip(free, above, below, strict=True)]


def array(values):
    return np.array(values, np.int64 if max(values) < 2**63 else object)


@given(
    rows=st.lists(st.tuples(amounts, factors, factors), min_size=1, max_size=8),
    ceiling=st.integers(1, LIMIT),
)
@example(rows=[(LIMIT, 2**62 - 1, 2**60 - 1)], ceiling=LIMIT)
@example(rows=[(LIMIT - 1, 2**59 - 1, 2**60 - 1)], ceiling=LIMIT)
def test_floored_is_exact(rows, ceiling):
    free, above, below = zip(*rows, strict=True)
    result = floored(np.array(free, np.int64), array(above), array(below), ceiling)
    assert result.tolist() == by_hand(free, above, below, ceiling)
    assert result.dtype == np.int64


@given(free=st.lists(amounts, max_size=5), above=factors, below=factors, ceiling=st.integers(1, LIMIT))
def test_floored_by_one_ratio(free, above, below, ceiling):
    result = floored(np.array(free, np.int64), above, below, ceiling)
    assert result.tolist() == [min(ceiling, f * above // below) for f in free]


@given(product=st.integers(1, 2**60 - 1), free=st.integers(0, LIMIT), off=st.sampled_from([-1, 0, 1]))
def test_floored_at_the_edge_of_a_whole_quotient(product, free, off):
    """The quotient is a whole number, or a hair beside one."""
    above = product + off
    if above > 0:
        result = floored(np.array([free], np.int64), np.array([above]), np.array([product]), LIMIT)
        assert result.tolist() == [min(LIMIT, free * above // product)]


def test_floored_on_many_rows_of_every_size():
    """At the edge of a whole quotient as well, where floating point alone is wrong in every third row."""
    random = Random(7)
    rows = []
    for _ in range(5_000):
        below = random.randrange(1, 2 ** random.randrange(1, 61))
        near = below + random.choice([-1, 0, 1]) or 1
        above = random.choice([near, random.randrange(1, 2 ** random.randrange(1, 62))])
        rows.append((random.randrange(2 ** random.randrange(1, 50)), above, below))
    free, above, below = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    assert floored(free, above, below, LIMIT).tolist() == [min(LIMIT, f * a // b) for f, a, b in rows]


KG = Unit("kg", "mass", Fraction(1), "kg")
PIECE = Unit("pcs", "count", Fraction(1), "pcs")
ROD = Unit("batang", "other", Fraction(1), "batang")
HOUR = Unit("jam-mesin", "time", Fraction(1), "h")
NOTHING, TEN_KG = -1, 10_000


def reached(asked, offered, need_mass, mass, free=5_000):
    result = reach(asked, offered, need_mass, np.array([mass]), np.array([free]), LIMIT)
    return result.tolist()[0]


def test_one_side_in_kilograms_takes_the_offers_mass_or_else_the_needs():
    assert reached(KG, PIECE, None, TEN_KG) == 50_000
    assert reached(KG, PIECE, 2_000, TEN_KG) == 50_000
    assert reached(KG, PIECE, 2_000, NOTHING) == 10_000
    assert reached(KG, PIECE, None, NOTHING) == NOTHING
    assert reached(PIECE, KG, None, TEN_KG) == 500
    assert reached(PIECE, KG, 2_000, NOTHING) == 2_500


def test_neither_side_in_kilograms_takes_both_masses():
    assert reached(PIECE, ROD, 2_000, TEN_KG) == 25_000
    assert reached(PIECE, ROD, None, TEN_KG) == NOTHING
    assert reached(PIECE, ROD, 2_000, NOTHING) == NOTHING


def test_time_never_goes_through_kilograms():
    assert reached(KG, HOUR, 2_000, TEN_KG) == NOTHING
    assert reached(HOUR, KG, 2_000, TEN_KG) == NOTHING
    assert reached(HOUR, HOUR, None, NOTHING) == 5_000
