"""Ask the directory: `search(query, on=today)` gives a page of workshops, how many there are, and counts per filter.

At most three statements: the words and kept counts, the counts, and the page (or, with nothing found, the advice).
Only public facts come back. Pages go on after `Result.pages`; a page beyond is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from ikm.directory import asking, counting
from ikm.directory.asking import Asked
from ikm.directory.conditions import Conditions, Sql, conditions_of
from ikm.directory.facets import Facet, facets_of, regency
from ikm.directory.query import Query
from ikm.directory.rows import DEEPEST_PAGE, PER_PAGE, Row, page_of
from ikm.directory.vocabulary import AREA, Vocabulary, vocabulary_of


@dataclass(frozen=True)
class Advice:
    """Without this filter (or this word of the text, facet "q") there would be `count` workshops."""

    facet: str
    value: str
    count: int
    query: Query


@dataclass(frozen=True)
class Result:
    # As it was answered: without what does not exist.
    query: Query
    on: date
    total: int
    page: int
    rows: tuple[Row, ...]
    facets: tuple[Facet, ...]
    # (parameter, value) that could not be read or do not exist.
    ignored: tuple[tuple[str, str], ...] = ()
    # (typed word, words it was taken for); typed words that nobody says.
    corrected: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unknown: tuple[str, ...] = ()
    # Only where nothing was found; the most helpful first.
    advice: tuple[Advice, ...] = field(default=())

    @property
    def pages(self) -> int:
        return min(DEEPEST_PAGE, -(-self.total // PER_PAGE))

    @cached_property
    def by_name(self) -> Mapping[str, Facet]:
        return {facet.name: facet for facet in self.facets}


def search(query: Query, *, on: date, page: int = 1, many: int = PER_PAGE) -> Result:
    """The answer on the day `on`. Words that the catalogue does not know are left out and named in `ignored`.

    `many` rows instead of a page's are for downloads.
    """
    begun = asking.prelude(query.q, kept=len(query.asked) < 2)
    vocabulary = vocabulary_of(begun.edition)
    query = known_words(query, vocabulary)
    asked = asking.understand(begun.heard, vocabulary)
    where = conditions_of(query, asked, vocabulary, on, as_of=begun.as_of)
    total, counts = counts_of(query, begun, asked, where, vocabulary, on)
    page = min(max(1, page), DEEPEST_PAGE)
    return Result(
        query=query,
        on=on,
        total=total,
        page=page,
        rows=page_of(query, asked, where, vocabulary, total, page, many) if total else (),
        facets=facets_of(query, counts, vocabulary),
        ignored=query.ignored,
        corrected=asked.corrected,
        unknown=asked.unknown,
        advice=() if total else advice_for(query, asked, vocabulary, on, begun.as_of),
    )


def known_words(query: Query, vocabulary: Vocabulary) -> Query:
    """Without chosen words that do not exist; those go to `ignored`."""
    ignored = list(query.ignored)
    changes: dict[str, Any] = {}
    for facet in ("kategori", "proses", "sertifikat", "wilayah"):
        known = tuple(value for value in getattr(query, facet) if f"{facet}/{value}" in vocabulary.names)
        ignored += [(facet, value) for value in getattr(query, facet) if value not in known]
        changes[facet] = known
    if query.satuan and query.satuan not in vocabulary.units:
        ignored.append(("satuan", query.satuan))
        changes |= {"satuan": "", "bebas": None}
    if query.dekat and f"{AREA}/{query.dekat}" not in vocabulary.names:
        ignored.append(("dekat", query.dekat))
        changes["dekat"] = ""
    return replace(query, ignored=tuple(dict.fromkeys(ignored)), **changes)


def counts_of(
    query: Query,
    begun: asking.Prelude,
    asked: Asked,
    where: Conditions,
    vocabulary: Vocabulary,
    on: date,
) -> tuple[int, counting.Counts]:
    if asked.is_hopeless:
        return 0, {}
    looked_into = tuple(sorted({regency(code) for code in (*query.wilayah, query.dekat) if "." in code}))
    days = counting.Asking(on, query.berlaku or on, begun.as_of, looked_into)
    if begun.kept is None or not days.is_kept or where.text or where.enough or len(where.chosen) > 1:
        return counting.counted(where, days, vocabulary)
    total, everybody = counting.whole(begun.kept, vocabulary)
    if not where.chosen:
        return total, everybody
    # One filter alone: without its own choice its counts are those of the whole register.
    total, counts = counting.counted(where.settled(), days, vocabulary)
    return total, counts | {facet: everybody.get(facet, {}) for facet in where.chosen}


def advice_for(
    query: Query, asked: Asked, vocabulary: Vocabulary, on: date, as_of: date | None
) -> tuple[Advice, ...]:
    """Which one filter, or which one word of several, stands in the way: in one statement."""
    ways: list[tuple[str, str, Query, Sql]] = []
    for facet in query.asked:
        fewer = query.without(facet)
        still = Asked() if facet == "q" else asked
        ways.append((facet, "", fewer, conditions_of(fewer, still, vocabulary, on, as_of=as_of).where()))
    if len(asked.spans) > 1:
        for at, span in enumerate(asked.spans):
            others = asked.spans[:at] + asked.spans[at + 1 :]
            fewer = replace(query, q=" ".join(each.words for each in others))
            where = conditions_of(fewer, Asked(others), vocabulary, on, as_of=as_of).where()
            ways.append(("q", span.words, fewer, where))
    if asked.is_hopeless or not ways:
        return ()
    counts = ", ".join(f"(SELECT count(*) FROM ikm_directoryentry e WHERE {sql})" for *_, (sql, _) in ways)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for *_, (_, values) in ways for value in values])
        found = cursor.fetchone()
    given = [
        Advice(facet, value, count, fewer)
        for (facet, value, fewer, _), count in zip(ways, found, strict=True)
        if count and not fewer.is_empty
    ]
    return tuple(sorted(given, key=lambda each: -each.count))
