import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikm import sizes

SAMPLE = Path(__file__).parents[2] / "partnership_portal" / "sample" / "ikm.csv"
WORDS = {"kecil": "small", "menengah": "medium"}
BILLION = 10**9


def sample():
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sample_has_forty_rows():
    assert len(sample()) == 40


@pytest.mark.parametrize("row", sample(), ids=lambda row: row["slug"])
def test_the_sample_gets_its_size(row):
    workers, investment = int(row["workers"]), int(row["investment_idr"])

    by_amount = sizes.rule_for(sizes.INDUSTRY, workers=workers, investment=investment)
    by_band = sizes.rule_for(
        sizes.INDUSTRY, workers=workers, investment=sizes.amount_in(sizes.band_of(investment))
    )

    assert by_amount.size == WORDS[row["size_class"]]
    assert by_band.size == by_amount.size


@pytest.mark.parametrize(
    ("workers", "investment", "size"),
    [
        (0, 0, "small"),
        (19, BILLION - 1, "small"),
        (19, BILLION, "medium"),
        (19, 20 * BILLION, "medium"),
        (20, 0, "medium"),
        (20, 15 * BILLION, "medium"),
        (20, 15 * BILLION + 1, "large"),
    ],
)
def test_industry_at_the_thresholds(workers, investment, size):
    assert sizes.rule_for(sizes.INDUSTRY, workers=workers, investment=investment).size == size


@pytest.mark.parametrize(
    ("investment", "size"),
    [
        (0, "micro"),
        (BILLION, "micro"),
        (BILLION + 1, "small"),
        (5 * BILLION, "small"),
        (5 * BILLION + 1, "medium"),
        (10 * BILLION, "medium"),
        (10 * BILLION + 1, "large"),
    ],
)
def test_capital_at_the_thresholds(investment, size):
    assert sizes.rule_for(sizes.CAPITAL, workers=7, investment=investment).size == size


@given(st.integers(0, 10**6), st.integers(0, 10**14))
def test_exactly_one_rule_fits(workers, investment):
    for scheme in (sizes.INDUSTRY, sizes.CAPITAL):
        fitting = [r for r in sizes.rules() if r.scheme == scheme and r.fits(workers, investment)]
        assert len(fitting) == 1


@given(st.integers(0, 10**5), st.integers(0, 10**12).filter(lambda amount: amount != BILLION))
def test_a_band_says_as_much_as_its_amount(workers, investment):
    """But for exactly Rp1 billion, where the two regulations draw the line on different sides."""
    inside = sizes.amount_in(sizes.band_of(investment))
    for scheme in (sizes.INDUSTRY, sizes.CAPITAL):
        exact = sizes.rule_for(scheme, workers=workers, investment=investment)
        assert sizes.rule_for(scheme, workers=workers, investment=inside) == exact


def test_every_rule_names_its_source():
    assert all(rule.source.startswith(("Permenperin 64/", "PP 7/2021")) for rule in sizes.rules())


@pytest.mark.parametrize("band", list(sizes.BANDS))
def test_the_amount_of_a_band_lies_in_it(band):
    assert sizes.band_of(sizes.amount_in(band)) == band
