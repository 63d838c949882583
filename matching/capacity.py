"""How much is asked, how much is free, and both in one unit: exact, in whole thousandths. Pure: no Django.

`quantity_per_month(need)`, `free_capacity(ikm, offer, need_identity, on)` (in the offer's unit) and
`conversion(vocabulary, need, offer)` (factor from the offer's unit to the need's) are what pages and both forms of the
scorer share with nobody else; `milli` and `from_milli` go between `Decimal` and thousandths.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ikm.free import free_in_pool
from matching.facts import REJECTED, Ikm, Key, Need, Offer, Unit, Vocabulary

LIMIT = 10**15  # thousandths; the array form counts on it


def milli(quantity: Decimal) -> int:
    """Thousandths of a quantity; ValueError where it has more than three decimals or is out of bounds."""
    numerator, denominator = quantity.as_integer_ratio()
    thousandths, rest = divmod(numerator * 1000, denominator)
    if rest or not 0 <= thousandths < LIMIT:
        raise ValueError(f"not a quantity: {quantity}")
    return thousandths


def from_milli(thousandths: int) -> Decimal:
    return Decimal(thousandths).scaleb(-3)


def months(start: date, end: date) -> int:
    """Calendar months from start to end, both counted."""
    return (end.year - start.year) * 12 + end.month - start.month + 1


def quantity_per_month(need: Need) -> int:
    """In thousandths; a total is spread over its months, rounded up."""
    quantity = milli(need.quantity)
    return quantity if need.basis == "month" else -(-quantity // months(need.start, need.end))


def used(offer: Offer, need: Key, on: date) -> int | None:
    """Thousandths committed elsewhere and reserved on `on`, without letters that serve this very need.

    None: unknown."""
    total = 0 if offer.committed_per_month is None else milli(offer.committed_per_month)
    for reservation in offer.reservations:
        if reservation.starts <= on <= reservation.ends and reservation.serves_need != need:
            if reservation.quantity_per_month is None:
                return None
            total += milli(reservation.quantity_per_month)
    return total


def pools(offers: Iterable[Offer]) -> list[list[Offer]]:
    """The offers that exist for the rule (a rejected record does not), gathered by who makes them."""
    gathered: dict[tuple[str, str], list[Offer]] = {}
    for offer in offers:
        if offer.evidence != REJECTED:
            owner = ("alone", offer.ref) if offer.pool is None else ("pool", offer.pool)
            gathered.setdefault(owner, []).append(offer)
    return list(gathered.values())


def free_capacity(ikm: Ikm, offer: Offer, need: Key, on: date) -> int | None:
    """Free thousandths of one offer per month, in its own unit; None: unknown."""
    pool = next(members for members in pools(ikm.offers) if any(m is offer or m == offer for m in members))
    capacities = [
        (None if m.capacity_per_month is None else milli(m.capacity_per_month), used(m, need, on))
        for m in pool
    ]
    return free_in_pool(capacities)[next(i for i, m in enumerate(pool) if m is offer or m == offer)]


def between(asked: Unit, offered: Unit) -> tuple[str, Fraction] | None:
    """How the offered unit goes over into the asked one, and the part of it that the factors give.

    "same": the factors are all; "offered", "asked": kilograms, with the unit mass of that side; "both": of both sides.
    None: not at all."""
    factor = offered.factor / asked.factor
    if (asked.dimension, asked.base) == (offered.dimension, offered.base):
        return "same", factor
    if "time" in (asked.dimension, offered.dimension):
        return None
    if asked.dimension == "mass":
        return "offered", factor
    return ("asked" if offered.dimension == "mass" else "both"), factor


def conversion(vocabulary: Vocabulary, need: Need, offer: Offer) -> Fraction | None:
    """How many of the need's unit one of the offer's unit is; None: not convertible."""
    way = between(vocabulary.units[need.unit], vocabulary.units[offer.unit])
    if way is None:
        return None
    path, factor = way
    if path == "same":
        return factor
    if path == "both":
        if offer.unit_mass_kg is None or need.unit_mass_kg is None:
            return None
        return factor * Fraction(offer.unit_mass_kg) / Fraction(need.unit_mass_kg)
    mass = need.unit_mass_kg if offer.unit_mass_kg is None else offer.unit_mass_kg
    if mass is None:
        return None
    return factor * Fraction(mass) if path == "offered" else factor / Fraction(mass)


def converted(thousandths: int, factor: Fraction) -> int:
    return thousandths * factor.numerator // factor.denominator
