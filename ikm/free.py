"""What is still free of a product per month (the rule of MATCHING.md). Pure: no Django.

What letters promise is part of `used`. Scoring and the owner's pages both read it here.
"""

from collections.abc import Sequence
from decimal import Decimal
from math import prod


def free_in_pool(members: Sequence[tuple[int | None, int | None]]) -> list[int | None]:
    """Free thousandths per month of each product of one pool, from its (capacity, used); None where unknown.

    Who spends half of the month on one product has half of the month for each of the others. One product's unknown
    use leaves the whole pool unknown. Rounded down.
    """
    if any(use is None for _, use in members):
        return [None] * len(members)
    if len(members) == 1:
        capacity, use = members[0]
        return [None if capacity is None else max(0, capacity - (use or 0))]
    counted = [(capacity, use or 0) for capacity, use in members if capacity]
    whole = prod(capacity for capacity, _ in counted)
    left = max(0, whole - sum(use * (whole // capacity) for capacity, use in counted))
    return [None if capacity is None else capacity * left // whole for capacity, _ in members]


def free_of(pool: Sequence[tuple[Decimal | None, Decimal | None]]) -> list[Decimal | None]:
    """The same in quantities with three decimals."""
    free = free_in_pool([(_milli(capacity), _milli(used)) for capacity, used in pool])
    return [None if each is None else Decimal(each).scaleb(-3) for each in free]


def _milli(quantity: Decimal | int | None) -> int | None:
    return None if quantity is None else int(quantity * 1000)
