"""The array form of conversion: what many offers have free, in one need's unit. Exact. Pure: numpy."""

import numpy as np

from matching.capacity import between
from matching.facts import Unit

UNKNOWN = -1
Factor = int | np.ndarray


def reach(
    asked: Unit, offered: Unit, need_mass: int | None, masses: np.ndarray, free: np.ndarray, ceiling: int
) -> np.ndarray:
    """Free thousandths of one offered unit in the asked one, at most `ceiling`; -1 where not convertible.

    `masses` (of the offers, -1: not stated) and `need_mass` are thousandths of a kilogram per base unit."""
    result = np.full(len(free), UNKNOWN, np.int64)
    way = between(asked, offered)
    if way is None:
        return result
    path, factor = way
    above, below = factor.numerator, factor.denominator
    if path == "same":
        return floored(free, above, below, ceiling)
    if path == "both" and need_mass is None:
        return result
    if path != "both" and need_mass is not None:
        masses = np.where(masses == UNKNOWN, need_mass, masses)
    stated = np.flatnonzero(masses != UNKNOWN)
    mass, free = masses[stated], free[stated]
    if path == "asked":
        result[stated] = floored(free, above * 1000, times(mass, below), ceiling)
    else:
        other = 1000 if path == "offered" or need_mass is None else need_mass
        result[stated] = floored(free, times(mass, above), below * other, ceiling)
    return result


def times(mass: np.ndarray, factor: int) -> np.ndarray:
    """In int64, or in Python's integers where that could overflow."""
    if len(mass) and int(mass.max()) * factor >= 2**62:
        return mass.astype(object) * factor
    return mass * factor


def floored(free: np.ndarray, above: Factor, below: Factor, ceiling: int) -> np.ndarray:
    """min(ceiling, floor(free * above / below)), exact, for free and ceiling up to 10**15.

    The quotient in floating point is off by less than 2 wherever it is below ceiling + 2, so what it leaves of the
    dividend is small, and right although the products wrap at 2**64. Larger factors go through Python's integers."""
    if len(free) == 0:
        return free
    if isinstance(above, int) and isinstance(below, int) and above == below:
        return np.minimum(free, ceiling)
    if largest(above) >= 2**62 or largest(below) >= 2**60:
        wide = free.astype(object) * above // below
        return np.minimum(wide, ceiling).astype(np.int64)
    guess = free.astype(np.float64) * above / below
    beyond = guess >= ceiling + 2.0
    quotient = np.where(beyond, 0.0, guess).astype(np.int64)
    rest = free * above - quotient * below
    return np.where(beyond, ceiling, np.minimum(quotient + rest // below, ceiling))


def largest(factor: Factor) -> int:
    return factor if isinstance(factor, int) else int(factor.max())
