"""One page of the answer, in its order: one statement, which reads what is shown for that page only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from ikm.directory.asking import Asked
from ikm.directory.conditions import Conditions, Sql, conjunction, place
from ikm.directory.query import Query
from ikm.directory.vocabulary import AREA, CATEGORY, KIND, PROCESS, Vocabulary, code

PER_PAGE = 20
DEEPEST_PAGE = 500
# Up to so many are sorted; more than those follow an index.
FEW = 4_000
SHOWN = """
SELECT e.ikm_id, e.ref, e.name, e.confirmed_on, e.card
FROM (SELECT *, row_number() OVER (ORDER BY part, {by}, ikm_id) AS place FROM ({keys}) AS page) AS page
JOIN ikm_directoryentry e USING (ikm_id) ORDER BY place
"""


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
    # Its kind runs out: without a last day it does not count (MATCHING.md).
    runs_out: bool

    def is_valid(self, on: date) -> bool:
        if self.valid_until is None and self.runs_out:
            return False
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
    query: Query,
    asked: Asked,
    where: Conditions,
    vocabulary: Vocabulary,
    total: int,
    page: int,
    many: int = PER_PAGE,
) -> tuple[Row, ...]:
    """`many` a page, out of `total`."""
    order = order_of(query, where, vocabulary)
    if asked.spans or total > FEW:
        sql, parameters = followed_keys(parts_of(query, asked, where), order, page * many)
    else:
        sql, parameters = sorted_keys(query, where, order)
    sql = f"{sql} ORDER BY part, {order.by}, ikm_id LIMIT %s OFFSET %s"
    with connection.cursor() as cursor:
        cursor.execute(SHOWN.format(keys=sql, by=order.by), [*parameters, many, (page - 1) * many])
        found = cursor.fetchall()
    wanted = frozenset(f"{CATEGORY}/{value}" for value in query.kategori) | asked.terms
    return tuple(
        row_of(ikm, ref, name, confirmed_on, json.loads(card), wanted, vocabulary)
        for ikm, ref, name, confirmed_on, card in found
    )


def sorted_keys(query: Query, where: Conditions, order: "Order") -> Sql:
    """Few are found: they are read and sorted, the home area first."""
    sql, asked_for = where.where()
    near, place_of = place((query.dekat,)).row if query.dekat else ("true", [])
    return (
        f"WITH found AS MATERIALIZED (SELECT e.ikm_id, NOT ({near}) AS part{order.columns}"
        f" FROM ikm_directoryentry e {order.joined} WHERE {sql}) SELECT * FROM found"
    ), [*place_of, *order.parameters, *asked_for]


def followed_keys(parts: list[Sql], order: "Order", last: int) -> Sql:
    """One part after the other, until there are enough for the page. A part is looked at only where the earlier ones
    together have less than that: then their keys are few, and all of them."""
    ctes, values = [], []
    for at, (sql, asked_for) in enumerate(parts):
        earlier = "".join(f" AND e.ikm_id NOT IN (SELECT ikm_id FROM part{each})" for each in range(at))
        before = " + ".join(f"(SELECT count(*) FROM part{each})" for each in range(at)) or "0"
        ctes.append(
            f"part{at} AS MATERIALIZED (SELECT e.ikm_id, {at} AS part{order.columns} FROM ikm_directoryentry e"
            f" {order.joined} WHERE {sql}{earlier} AND {before} < %s ORDER BY {order.by}, e.ikm_id LIMIT %s)"
        )
        values += [*order.parameters, *asked_for, last, last]
    together = " UNION ALL ".join(f"SELECT * FROM part{at}" for at in range(len(ctes)))
    return f"WITH {', '.join(ctes)} SELECT * FROM ({together}) AS found", values


def parts_of(query: Query, asked: Asked, where: Conditions) -> list[Sql]:
    """Whose own products or methods are what is asked for, whose name says it, whose products say it, and all others;
    of each the home area first."""
    here = place((query.dekat,)) if query.dekat else None
    if not asked.spans:
        near = [conjunction([where.rows(), here.row])] if here else []
        return [*near, where.rows()]
    tiers = [asked.exact(), asked.strong("n/"), asked.strong("o/")] if query.urut == "relevansi" else []
    parts = []
    for tier in [*filter(None, tiers), ""]:
        if here:
            parts.append(where.where(tier, here.lexemes))
        parts.append(where.where(tier))
    return parts


@dataclass(frozen=True)
class Order:
    """Within a part. `columns` are what the order goes by, `joined` what they need; parameters of `joined`."""

    columns: str
    by: str
    joined: str = ""
    parameters: tuple[Any, ...] = ()


def order_of(query: Query, where: Conditions, vocabulary: Vocabulary) -> Order:
    if query.urut == "terbaru":
        return Order(", e.confirmed_on", "confirmed_on DESC")
    if query.urut == "kapasitas":
        if not (query.kategori or query.satuan):
            return Order(", e.free_kg", "free_kg DESC NULLS LAST")
        sql, parameters = most_free(query, where, vocabulary)
        return Order(", best.amount", "amount DESC NULLS LAST", sql, tuple(parameters))
    return Order(", e.verified, e.confirmed_on", "verified DESC, confirmed_on DESC")


def most_free(query: Query, where: Conditions, vocabulary: Vocabulary) -> Sql:
    """The most that is free of one product that fits, in the unit asked for or in kg."""
    unit = vocabulary.units.get(query.satuan)
    amount = "o.kg"
    if unit is not None and unit.dimension != "mass":
        amount = "CASE WHEN o.dimension = 'mass' THEN o.kg / o.unit_mass_kg ELSE o.free END"
    fits: list[Sql] = [("o.entry_id = e.ikm_id", [])]
    if where.enough:
        fits.append(where.enough.of_product())
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
            Proof(
                kind,
                vocabulary.label(f"{KIND}/{kind}"),
                day(starts),
                day(ends),
                evidence,
                kind in vocabulary.dated_kinds,
            )
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
