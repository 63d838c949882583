"""What a quantity means per month (MATCHING.md, Words). Pure: no Django."""

from datetime import date
from decimal import Decimal
from fractions import Fraction


def months_counted(start: date, end: date) -> int:
    """Calendar months from `start` to `end`, both counted: 30 November to 1 December are two.

    ValueError where the end lies before the start.
    """
    if end < start:
        raise ValueError("the end lies before the start")
    return (end.year - start.year) * 12 + end.month - start.month + 1


def per_month(quantity: Decimal, basis: str, start: date, end: date) -> Decimal:
    """`quantity` per month: itself for basis "month"; a "total" over its months, rounded up to 3 decimals."""
    if basis == "month":
        return quantity
    if basis != "total":
        raise ValueError(f"basis is month or total, not {basis!r}")
    share = Fraction(quantity) / months_counted(start, end) * 1000
    return Decimal(-(-share.numerator // share.denominator)).scaleb(-3)
