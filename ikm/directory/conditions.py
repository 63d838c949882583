"""A question as SQL over ikm_directoryentry `e`. Every value is a parameter.

A condition is (sql, parameters). What the index of documents can find is one tsquery; a row alone shows whether it has
each choice (`Choice.row`). Of the filters in use, a row that misses exactly one still counts for the choices of that
very filter: `one_short()`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ikm.directory.asking import Asked, either
from ikm.directory.query import Query
from ikm.directory.vocabulary import AREA, CATEGORY, KIND, VALID, UnitOfMeasure, Vocabulary, code
from ikm.freshness import oldest_taking_part, plus_months
from ikm.models.directory import SAID

Sql = tuple[str, list[Any]]
HELD_ON = """EXISTS (SELECT FROM unnest(e.kinds, e.kinds_from, e.kinds_until) AS held(kind, starts, ends)
    WHERE held.kind = ANY(%s) AND held.starts <= %s AND held.ends >= %s)"""


WEIGHED = "o.dimension = 'mass' AND o.unit_mass_kg IS NOT NULL AND o.kg >= %s * o.unit_mass_kg"


@dataclass(frozen=True)
class Choice:
    """What is chosen of one filter: as a condition on a row, and as lexemes of the document where it has some."""

    row: Sql
    lexemes: str = ""


@dataclass
class Conditions:
    text: str
    base: list[Sql]
    chosen: dict[str, Choice] = field(default_factory=dict)
    # Where free capacity is asked for: what one product must have, and whether it is still to be asked of the workshop
    # (a chosen category asks it of that category's products).
    enough: "Enough | None" = None
    asks_enough: bool = True

    def where(self, *tsqueries: str) -> Sql:
        """All of it, and all of these."""
        settled = self.settled()
        index = [each for each in (settled.text, *tsqueries) if each]
        return conjunction([*found_by(index), *settled._base()])

    def rows(self) -> Sql:
        """All of it without the index of documents; only where no text is asked for."""
        return conjunction([*self._base(), *(choice.row for choice in self.chosen.values())])

    def _base(self) -> list[Sql]:
        asked = self.enough and self.asks_enough and CATEGORY not in self.chosen
        return [*self.base, self.enough.of_workshop([])] if asked else self.base

    def settled(self) -> "Conditions":
        """The same with nothing left to choose otherwise."""
        return self.fixed(*self.chosen)

    def fixed(self, *facets: str) -> "Conditions":
        """The same, these filters not to be chosen otherwise."""
        held = [self.chosen[facet] for facet in facets if facet in self.chosen]
        index = " & ".join(f"({each})" for each in (self.text, *(choice.lexemes for choice in held)) if each)
        others = {facet: choice for facet, choice in self.chosen.items() if facet not in facets}
        asks = self.asks_enough and not (CATEGORY in facets and CATEGORY in self.chosen)
        return Conditions(index, [*self.base, *(choice.row for choice in held)], others, self.enough, asks)

    def without(self, facet: str) -> "Conditions":
        chosen = {each: choice for each, choice in self.chosen.items() if each != facet}
        return Conditions(self.text, self.base, chosen, self.enough, self.asks_enough)

    def one_short(self) -> Sql:
        """Rows that miss at most one choice."""
        chosen, text = self.chosen, [self.text] if self.text else []
        if len(chosen) < 2:
            return conjunction([*found_by(text), *self._base()])
        left = [[each for each in chosen if each != left_out] for left_out in chosen]
        ways = ["&".join(f"({each})" for each in self._lexemes(others)) for others in left]
        index = [*text, "|".join(f"({way})" for way in ways)] if all(ways) else text
        parts = [conjunction([chosen[each].row for each in others]) for others in left]
        short = " OR ".join(f"({sql})" for sql, _ in parts), [value for _, given in parts for value in given]
        return conjunction([*found_by(index), *self._base(), (f"({short[0]})", short[1])])

    def _lexemes(self, facets: Iterable[str]) -> list[str]:
        return [self.chosen[facet].lexemes for facet in facets if self.chosen[facet].lexemes]


def conjunction(parts: list[Sql]) -> Sql:
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def found_by(tsqueries: list[str]) -> list[Sql]:
    """By the index of documents, in one look."""
    together = " & ".join(f"({each})" for each in tsqueries)
    return [(f"{SAID}(e.document) @@ %s::tsquery", [together])] if tsqueries else []


def conditions_of(
    query: Query, asked: Asked, vocabulary: Vocabulary, on: date, *, as_of: date | None
) -> Conditions:
    """`query` holds only words that the vocabulary knows. `as_of`: the day of which the entries hold what is true."""
    found = Conditions(asked.match, [("e.confirmed_on >= %s", [oldest_taking_part(on)])])
    if query.bebas is not None:
        found.enough = Enough.asked(query, vocabulary.units[query.satuan])
    if query.kategori:
        found.chosen["kategori"] = category(query.kategori, found.enough)
    for facet in ("proses", "ukuran", "bukti"):
        if values := getattr(query, facet):
            found.chosen[facet] = by_code(facet, values)
    if query.wilayah:
        found.chosen["wilayah"] = place(query.wilayah)
    if query.sertifikat:
        found.chosen["sertifikat"] = certified(query, on, as_of)
    if query.segar:
        since = plus_months(on, -max(map(int, query.segar)))
        found.chosen["segar"] = Choice(("e.confirmed_on >= %s", [since]))
    return found


def by_code(facet: str, values: Iterable[str]) -> Choice:
    terms = [f"{facet}/{value}" for value in values]
    return Choice(("e.codes && %s", [list(map(code, terms))]), either(terms))


def place(values: tuple[str, ...]) -> Choice:
    """Districts are a column of their own."""
    choice = by_code(AREA, values)
    sql, parameters = choice.row
    return Choice((f"({sql} OR e.district = ANY(%s))", [*parameters, list(values)]), choice.lexemes)


def category(values: tuple[str, ...], enough: "Enough | None") -> Choice:
    """What is free must be free of a product of the category asked for."""
    choice = by_code(CATEGORY, values)
    if enough is None:
        return choice
    able = enough.of_workshop([code(f"{CATEGORY}/{value}") for value in values])
    return Choice(conjunction([choice.row, able]), choice.lexemes)


def certified(query: Query, on: date, as_of: date | None) -> Choice:
    day = query.berlaku or on
    mark = "!" if query.terperiksa else ""
    kinds = [f"{kind}{mark}" for kind in query.sertifikat]
    if on == day == as_of:
        return by_code(VALID, kinds)
    held = either(f"{KIND}/{kind}" for kind in query.sertifikat)
    return Choice((HELD_ON, [kinds, day, day]), held)


@dataclass(frozen=True)
class Enough:
    """At least so much of a product `o` is free: in its own measure or in kg, or by what weighed goods weigh a piece.

    Between units as matching.capacity converts, without the asker's own unit mass.
    """

    own: Sql
    in_kg: bool
    weighed: Sql | None = None

    @classmethod
    def asked(cls, query: Query, unit: UnitOfMeasure) -> "Enough":
        amount = query.bebas * unit.factor
        if unit.dimension == "mass":
            return cls(("o.kg >= %s", [amount]), in_kg=True)
        own = "o.base = %s AND o.dimension = %s AND o.free >= %s", [unit.base, unit.dimension, amount]
        if unit.dimension == "time":
            return cls(own, in_kg=False)
        return cls(own, in_kg=False, weighed=(WEIGHED, [amount]))

    def of_product(self) -> Sql:
        if self.weighed is None:
            return self.own
        return f"({self.own[0]} OR {self.weighed[0]})", [*self.own[1], *self.weighed[1]]

    def of_workshop(self, codes: list[int]) -> Sql:
        """One product of these codes (of any, for []) has enough."""
        sql, parameters = self.of_product()
        if codes:
            sql, parameters = f"{sql} AND o.codes && %s", [*parameters, codes]
        # One look at one table: of several put together the planner knows not how many workshops they are.
        return f"e.ikm_id IN (SELECT o.entry_id FROM ikm_directoryoffer o WHERE {sql})", parameters
