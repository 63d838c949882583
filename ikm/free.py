"""What is still free of a product per month, as its owner's pages say it. Pure: no Django.

The rule is that of MATCHING.md; what letters promise is part of `used`.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def free_of(pool: Sequence[tuple[Decimal | None, Decimal | None]]) -> list[Decimal | None]:
    """Free per month of each product of one pool, from (capacity, used); None where it is unknown.

    Who spends half of the month on one product has half of the month for each of the others; one unknown use
    leaves all of them unknown.
    """
    if any(used is None for _, used in pool):
        return [None] * len(pool)
    share = sum((Fraction(used) / Fraction(capacity) for capacity, used in pool if capacity), Fraction(0))
    left = max(Fraction(0), 1 - share)
    return [None if capacity is None else _down(Fraction(capacity) * left) for capacity, _ in pool]


def _down(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator * 1000 // amount.denominator).scaleb(-3)
