"""One page of the answer, in its order: one statement, which reads what is shown for that page only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from ikm.directory.asking import Asked
from ikm.directory.conditions import Conditions, Sql, by_term, by_vector, conjunction
from ikm.directory.query import Query
from ikm.directory.vocabulary import AREA, CATEGORY, KIND, PROCESS, Vocabulary, code

PER_PAGE = 20
DEEPEST_PAGE = 500


@dataclass(frozen=True)
class Offer:
    """A product of a row. `free` is per month in `unit`, None where it is not known."""

    product: int
    name: str
    category: str
    category_label: str
    unit: str
    free: Decimal | None
    unit_mass_kg: Decimal | None
    lead_time_days: int | None
    evidence: str
    # It is of the category, or named by the text, that was asked for.
    is_matched: bool


@dataclass(frozen=True)
class Proof:
    kind: str
    label: str
    valid_from: date | None
    valid_until: date | None
    evidence: str

    def is_valid(self, on: date) -> bool:
        return (self.valid_from or on) <= on <= (self.valid_until or on)


@dataclass(frozen=True)
class Capability:
    process: str
    label: str
    evidence: str


@dataclass(frozen=True)
class Row:
    """One workshop, public facts only. `offers`: matched ones first."""

    ikm: int
    ref: str
    name: str
    area: str
    area_label: str
    evidence: str
    confirmed_on: date
    offers: tuple[Offer, ...]
    capabilities: tuple[Capability, ...]
    proofs: tuple[Proof, ...]

    @property
    def matched(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.is_matched)


# --- Which, and in what order


def page_of(
    query: Query, asked: Asked, where: Conditions, vocabulary: Vocabulary, page: int, many: int = PER_PAGE
) -> tuple[Row, ...]:
    """`many` a page."""
    sql, parameters = page_statement(query, asked, where, vocabulary, page, many)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found = cursor.fetchall()
    wanted = frozenset(f"{CATEGORY}/{value}" for value in query.kategori) | asked.terms
    return tuple(
        row_of(ikm, ref, name, confirmed_on, json.loads(card), wanted, vocabulary)
        for ikm, ref, name, confirmed_on, card in found
    )


def page_statement(
    query: Query, asked: Asked, where: Conditions, vocabulary: Vocabulary, page: int, many: int
) -> Sql:
    """One part after the other (`parts_of`), each in an order that an index can follow."""
    keys, joined, parameters = order_of(query, where, vocabulary)
    names = [f"key{at}" for at in range(len(keys))]
    shown = "".join(f", {sql} AS {name}" for name, (sql, _) in zip(names, keys, strict=True))
    order = ", ".join(f"{name} {way}" for name, (_, way) in zip(names, keys, strict=True))
    parts, values = [], []
    for at, (sql, asked_for) in enumerate(parts_of(query, asked, where)):
        parts.append(
            f"(SELECT e.ikm_id, {at} AS part{shown} FROM ikm_directoryentry e {joined}"
            f" WHERE {sql} ORDER BY {order}, e.ikm_id LIMIT %s)"
        )
        values += [*parameters, *asked_for, page * many]
    return (
        "SELECT e.ikm_id, e.ref, e.name, e.confirmed_on, e.card FROM ("
        + " UNION ALL ".join(parts)
        + f") AS found JOIN ikm_directoryentry e USING (ikm_id) ORDER BY part, {order}, ikm_id LIMIT %s OFFSET %s"
    ), [*values, many, (page - 1) * many]


def parts_of(query: Query, asked: Asked, where: Conditions) -> list[Sql]:
    """Whose name says the text, whose products and methods do, all others; the home area first within each."""
    parts = [where.where()]
    if asked.spans and query.urut == "relevansi":
        name, own = (by_vector(asked.strong(place)) for place in ("n/", "o/"))
        parts = [
            conjunction([where.where(), name]),
            conjunction([where.where(), own, without(name)]),
            conjunction([where.where(), without(own)]),
        ]
    if query.dekat:
        here = by_term(AREA, (query.dekat,))
        parts = [conjunction([part, place]) for part in parts for place in (here, without(here))]
    return parts


def without(condition: Sql) -> Sql:
    return f"NOT ({condition[0]})", condition[1]


def order_of(
    query: Query, where: Conditions, vocabulary: Vocabulary
) -> tuple[list[tuple[str, str]], str, list[Any]]:
    """([(column, direction)], what is joined for them, its parameters)."""
    if query.urut == "terbaru":
        return [("e.confirmed_on", "DESC")], "", []
    if query.urut == "kapasitas":
        if not (query.kategori or query.satuan):
            return [("e.free_kg", "DESC NULLS LAST")], "", []
        sql, parameters = most_free(query, where, vocabulary)
        return [("best.amount", "DESC NULLS LAST")], sql, parameters
    return [("e.verified", "DESC"), ("e.confirmed_on", "DESC")], "", []


def most_free(query: Query, where: Conditions, vocabulary: Vocabulary) -> Sql:
    """The most that is free of one product that fits, in the unit asked for or in kg."""
    unit = vocabulary.units.get(query.satuan)
    amount = "o.kg"
    if unit is not None and unit.dimension != "mass":
        amount = "CASE WHEN o.dimension = 'mass' THEN o.kg / o.unit_mass_kg ELSE o.free END"
    fits: list[Sql] = [("o.entry_id = e.ikm_id", [])]
    if where.offer:
        fits.append(where.offer)
    if query.kategori:
        fits.append(("o.codes && %s", [[code(f"{CATEGORY}/{value}") for value in query.kategori]]))
    sql, parameters = conjunction(fits)
    return (
        f"LEFT JOIN LATERAL (SELECT max({amount}) AS amount FROM ikm_directoryoffer o WHERE {sql}) AS best ON true",
        parameters,
    )


# --- What is shown


def row_of(
    ikm: int,
    ref: str,
    name: str,
    confirmed_on: date,
    card: Mapping[str, Any],
    wanted: frozenset[str],
    vocabulary: Vocabulary,
) -> Row:
    offers = [offer_of(product, wanted, vocabulary) for product in card["products"]]
    place = f"{AREA}/{card['area']}"
    return Row(
        ikm,
        ref,
        name,
        card["area"],
        vocabulary.label(place) if place in vocabulary.names else "",
        card["evidence"],
        confirmed_on,
        tuple(sorted(offers, key=lambda offer: not offer.is_matched)),
        tuple(
            Capability(process, vocabulary.label(f"{PROCESS}/{process}"), evidence)
            for process, evidence in card["processes"]
        ),
        tuple(
            Proof(kind, vocabulary.label(f"{KIND}/{kind}"), day(starts), day(ends), evidence)
            for kind, starts, ends, evidence in card["certificates"]
        ),
    )


def offer_of(product: Mapping[str, Any], wanted: frozenset[str], vocabulary: Vocabulary) -> Offer:
    term = f"{CATEGORY}/{product['category']}"
    return Offer(
        product["pk"],
        product["name"],
        product["category"],
        vocabulary.label(term),
        product["unit"],
        None if product["free"] is None else Decimal(product["free"]),
        None if product["mass"] is None else Decimal(product["mass"]),
        product["days"],
        product["evidence"],
        not wanted.isdisjoint(vocabulary.lineage[term]),
    )


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
