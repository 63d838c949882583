from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from industry.amounts import months_counted, per_month

DAYS = st.dates(date(1990, 1, 1), date(2110, 12, 31))
QUANTITIES = st.decimals(Decimal("0.001"), Decimal("999999999.999"), places=3)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2027, 1, 1), date(2027, 3, 31), 3),
        (date(2026, 11, 30), date(2026, 12, 1), 2),
        (date(2027, 5, 4), date(2027, 5, 4), 1),
        (date(2026, 12, 31), date(2027, 1, 1), 2),
        (date(2027, 1, 1), date(2027, 12, 31), 12),
        (date(2027, 1, 31), date(2028, 1, 1), 13),
    ],
)
def test_both_months_count(start, end, months):
    assert months_counted(start, end) == months


def test_an_end_before_the_start_is_no_period():
    with pytest.raises(ValueError):
        months_counted(date(2027, 2, 1), date(2027, 1, 31))


def test_the_example_of_the_rule():
    assert per_month(Decimal(3), "total", date(2027, 1, 1), date(2027, 3, 31)) == 1


@pytest.mark.parametrize(
    ("quantity", "months", "monthly"),
    [
        ("10", 3, "3.334"),
        ("1", 3, "0.334"),
        ("0.001", 12, "0.001"),
        ("60", 1, "60.000"),
        ("2800", 2, "1400.000"),
    ],
)
def test_a_total_is_divided_and_rounded_up(quantity, months, monthly):
    end = date(2027 + (months - 1) // 12, (months - 1) % 12 + 1, 28)
    assert per_month(Decimal(quantity), "total", date(2027, 1, 1), end) == Decimal(monthly)


def test_an_unknown_basis_is_refused():
    with pytest.raises(ValueError):
        per_month(Decimal(1), "year", date(2027, 1, 1), date(2027, 2, 1))


@given(QUANTITIES, DAYS, DAYS)
def test_per_month_is_the_quantity_itself(quantity, one, other):
    assert per_month(quantity, "month", *sorted([one, other])) == quantity


@given(QUANTITIES, DAYS, DAYS)
def test_a_total_is_covered_and_by_less_than_a_thousandth_a_month_too_much(quantity, one, other):
    start, end = sorted([one, other])
    months = months_counted(start, end)
    monthly = per_month(quantity, "total", start, end)
    assert monthly == monthly.quantize(Decimal("0.001"))
    excess = Fraction(monthly) - Fraction(quantity) / months
    assert 0 <= excess < Fraction(1, 1000)


@given(DAYS, DAYS)
def test_months_are_those_one_walks_through(one, other):
    start, end = sorted([one, other])
    walked, at = 1, start.replace(day=1)
    while (at.year, at.month) < (end.year, end.month):
        at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
        walked += 1
    assert months_counted(start, end) == walked
