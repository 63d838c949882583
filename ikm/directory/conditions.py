"""A question as SQL over ikm_directoryentry `e`. Every value is a parameter.

A condition is (sql, parameters). `Conditions.base` must hold always; of `chosen` (one per filter in use) a row that
misses exactly one still counts for the choices of that very filter.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ikm.directory.asking import Asked, either
from ikm.directory.query import Query
from ikm.directory.vocabulary import CATEGORY, KIND, VALID, UnitOfMeasure, Vocabulary, code
from ikm.freshness import oldest_taking_part, plus_months

Sql = tuple[str, list[Any]]
# Filters whose choices are terms of the document.
BY_TERM = ("proses", "wilayah", "ukuran", "bukti")
HELD_ON = """EXISTS (SELECT FROM unnest(e.kinds, e.kinds_from, e.kinds_until) AS held(kind, starts, ends)
    WHERE held.kind = ANY(%s) AND held.starts <= %s AND held.ends >= %s)"""


@dataclass
class Conditions:
    base: list[Sql]
    chosen: dict[str, Sql] = field(default_factory=dict)
    # The condition on one product (`o`), where free capacity is asked for.
    offer: Sql | None = None

    def where(self) -> Sql:
        return conjunction([*self.base, *self.chosen.values()])


def conjunction(parts: list[Sql]) -> Sql:
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def conditions_of(
    query: Query, asked: Asked, vocabulary: Vocabulary, on: date, *, as_of: date | None
) -> Conditions:
    """`query` holds only words that the vocabulary knows. `as_of`: the day of which the entries hold what is true."""
    found = Conditions([("e.confirmed_on >= %s", [oldest_taking_part(on)])])
    if asked.spans:
        found.base.append(by_vector(asked.match))
    if query.bebas is not None:
        found.offer = enough(query, vocabulary.units[query.satuan])
        found.base.append(free(found.offer, []))
    if query.kategori:
        found.chosen["kategori"] = category(query.kategori, found.offer)
    for facet in BY_TERM:
        if values := getattr(query, facet):
            found.chosen[facet] = by_term(facet, values)
    if query.sertifikat:
        found.chosen["sertifikat"] = certified(query, on, as_of)
    if query.segar:
        found.chosen["segar"] = ("e.confirmed_on >= %s", [plus_months(on, -max(map(int, query.segar)))])
    return found


def by_vector(tsquery: str) -> Sql:
    return "e.document @@ %s::tsquery", [tsquery]


def by_term(facet: str, values: tuple[str, ...]) -> Sql:
    return by_vector(either(f"{facet}/{value}" for value in values))


def category(values: tuple[str, ...], offer: Sql | None) -> Sql:
    """What is free must be free of a product of the category asked for."""
    sql, parameters = by_term("kategori", values)
    if offer is None:
        return sql, parameters
    enough_of_it = free(offer, [code(f"{CATEGORY}/{value}") for value in values])
    return conjunction([(sql, parameters), enough_of_it])


def free(offer: Sql, codes: list[int]) -> Sql:
    sql, parameters = offer
    if codes:
        sql, parameters = f"{sql} AND o.codes && %s", [*parameters, codes]
    return f"e.ikm_id IN (SELECT o.entry_id FROM ikm_directoryoffer o WHERE {sql})", parameters


def certified(query: Query, on: date, as_of: date | None) -> Sql:
    day = query.berlaku or on
    mark = "!" if query.terperiksa else ""
    kinds = [f"{kind}{mark}" for kind in query.sertifikat]
    if day == as_of:
        return by_term(VALID, tuple(kinds))
    return conjunction([by_term(KIND, query.sertifikat), (HELD_ON, [kinds, day, day])])


def enough(query: Query, unit: UnitOfMeasure) -> Sql:
    """At least so much of `o` is free. Between units as matching.capacity converts, without the asker's own mass."""
    asked = query.bebas * unit.factor
    if unit.dimension == "mass":
        return "o.kg >= %s", [asked]
    sql = "(o.base = %s AND o.dimension = %s AND o.free >= %s"
    parameters: list[Any] = [unit.base, unit.dimension, asked]
    if unit.dimension != "time":
        sql += " OR o.dimension = 'mass' AND o.kg >= %s * o.unit_mass_kg"
        parameters.append(asked)
    return f"{sql})", parameters
