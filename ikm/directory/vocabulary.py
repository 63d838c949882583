"""The shared words as the directory needs them, kept per process and edition of the catalogue.

A term is "facet/value" ("kategori/cangkul"). `lineage` of a term is itself, what it fulfils and all that lies above:
what a workshop with it is found under. `meant(stem)` and `phrases` say which terms a word or phrase of everyday speech
may mean.
"""

import csv
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path

from django.db import connection
from django.utils.translation import get_language

from catalogue.models import Area, Category, CertificateKind, Process, Unit
from catalogue.search import EMPTY_WORDS
from ikm.directory import text
from ikm.directory.query import CLOSED

CATEGORY, PROCESS, KIND, AREA = "kategori", "proses", "sertifikat", "wilayah"
# "berlaku/iso-9001", "berlaku/iso-9001!": valid on the day the workshop was read; the mark means verified.
VALID = "berlaku"
WORDS = Path(__file__).parent.parent / "data" / "search_words.csv"
# Said of any workshop.
SAYS_NOTHING = EMPTY_WORDS | frozenset(
    "bengkel workshop usaha tukang pengrajin perajin produsen pabrik supplier pemasok vendor pengerjaan service"
    " services cari mencari jual harga murah terdekat cv ud pt di ke yang in a an".split()
)
STEMS = "SELECT word, coalesce((ts_lexize('indonesian_stem', word))[1], word) FROM unnest(%s::text[]) AS word"


def code(term: str) -> int:
    """The number of a term in arrays and postings. Two terms of one number would share a count: a test looks for it."""
    return zlib.crc32(term.encode()) & 0x7FFF_FFFF


class Stems(dict[str, str]):
    """Word -> stem by PostgreSQL's `indonesian` stemmer; figures and part numbers stay as they are."""

    MOST = 200_000

    def learn(self, words: Iterable[str]) -> None:
        """Ask for all that are not known yet, in one statement."""
        fresh = sorted({word for word in words if word not in self})
        if len(self) + len(fresh) > self.MOST:
            self.clear()
        asked = [word for word in fresh if word.isalpha()]
        self.update((word, word) for word in fresh)
        if asked:
            with connection.cursor() as cursor:
                cursor.execute(STEMS, [asked])
                self.update(cursor.fetchall())


stems = Stems()


@dataclass(frozen=True)
class UnitOfMeasure:
    slug: str
    dimension: str
    base: str
    factor: Decimal


@dataclass(frozen=True)
class Vocabulary:
    # Term -> (Indonesian, English).
    names: Mapping[str, tuple[str, str]]
    # Term -> the term directly above it, "" for none.
    above: Mapping[str, str]
    lineage: Mapping[str, tuple[str, ...]]
    # Stems of a whole name or synonym -> terms; a stem that is part of one -> terms.
    phrases: Mapping[tuple[str, ...], frozenset[str]]
    partly: Mapping[str, frozenset[str]]
    # Stem -> stems that mean the same.
    equals: Mapping[str, frozenset[str]]
    units: Mapping[str, UnitOfMeasure]
    # Kinds whose validity ends: without an end date such a certificate does not count.
    dated_kinds: frozenset[str]
    longest_phrase: int

    @cached_property
    def by_facet(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for term in self.names:
            found[term.partition("/")[0]].append(term)
        return {facet: tuple(terms) for facet, terms in found.items()}

    @cached_property
    def terms_by_code(self) -> dict[int, str]:
        """Of everything that is counted by code."""
        valid = [term.replace(KIND, VALID, 1) for term in self.by_facet[KIND]]
        closed = [
            f"{facet}/{value}" for facet, values in CLOSED.items() for value in (*values, "older", "large")
        ]
        return {code(term): term for term in (*self.names, *valid, *(f"{term}!" for term in valid), *closed)}

    def codes_of(self, facet: str) -> list[int]:
        """Of the choices of a filter; kinds of certificate count by their validity."""
        start = f"{VALID if facet == KIND else facet}/"
        return [number for number, term in self.terms_by_code.items() if term.startswith(start)]

    def label(self, term: str) -> str:
        indonesian, english = self.names[term]
        return english if get_language() == "en" else indonesian

    def terms_of(self, facet: str) -> tuple[str, ...]:
        return self.by_facet[facet]

    def knows(self, stem: str) -> bool:
        return stem in self.partly or stem in self.equals or (stem,) in self.phrases

    @property
    def shared_stems(self) -> set[str]:
        return set(self.partly) | set(self.equals)


@lru_cache(maxsize=2)
def vocabulary_of(edition: int) -> Vocabulary:
    """Of the catalogue as it is now; `edition` is its version, by which it is kept."""
    names: dict[str, tuple[str, str]] = {}
    above: dict[str, str] = {}
    said: dict[str, list[str]] = {}
    for facet, model in ((CATEGORY, Category), (PROCESS, Process)):
        for word in model.objects.all():
            term = f"{facet}/{word.slug}"
            names[term] = (word.name_id, word.name_en)
            above[term] = f"{facet}/{word.parent_id}" if word.parent_id else ""
            said[term] = [word.name_id, word.name_en, *word.synonyms]
    kinds = list(CertificateKind.objects.all())
    for kind in kinds:
        term = f"{KIND}/{kind.slug}"
        names[term] = (kind.name, getattr(kind, "name_en", "") or kind.name)
        above[term] = ""
        said[term] = [*names[term], kind.slug]
    for code, parent, name in Area.objects.exclude(level="village").values_list("code", "parent_id", "name"):
        names[f"{AREA}/{code}"] = (name, name)
        above[f"{AREA}/{code}"] = f"{AREA}/{parent}" if parent else ""
    reach = fulfilled(PROCESS, Process, "process") | fulfilled(KIND, CertificateKind, "certificatekind")
    phrases, partly = meanings(said)
    return Vocabulary(
        names=names,
        above=above,
        lineage={term: ancestry(reach.get(term, (term,)), above) for term in names},
        phrases=phrases,
        partly=partly,
        equals=equal_stems(),
        units={
            unit.slug: UnitOfMeasure(unit.slug, unit.dimension, unit.base, unit.factor_to_base)
            for unit in Unit.objects.all()
        },
        dated_kinds=frozenset(kind.slug for kind in kinds if kind.validity_months),
        longest_phrase=max(map(len, phrases), default=1),
    )


def ancestry(terms: Iterable[str], above: Mapping[str, str]) -> tuple[str, ...]:
    """The terms with all that lies above them, each once."""
    found: dict[str, None] = {}
    for term in terms:
        at = term
        while at:
            found[at] = None
            at = above[at]
    return tuple(found)


def fulfilled(
    facet: str, model: type[Process] | type[CertificateKind], column: str
) -> dict[str, tuple[str, ...]]:
    """Term -> itself and what `satisfies` reaches from it, for those that reach anything."""
    direct: dict[str, list[str]] = defaultdict(list)
    links = model.satisfies.through.objects.values_list(f"from_{column}_id", f"to_{column}_id")
    for source, target in links.order_by("pk"):
        direct[f"{facet}/{source}"].append(f"{facet}/{target}")
    reached: dict[str, tuple[str, ...]] = {}
    for term in direct:
        found, todo = {term: None}, [term]
        while todo:
            fresh = [target for target in direct.get(todo.pop(), ()) if target not in found]
            found.update(dict.fromkeys(fresh))
            todo += fresh
        reached[term] = tuple(found)
    return reached


def meanings(
    said: Mapping[str, list[str]],
) -> tuple[dict[tuple[str, ...], frozenset[str]], dict[str, frozenset[str]]]:
    """Whole phrases and single stems -> the terms they may mean."""
    spoken = {term: [text.words(each) for each in texts] for term, texts in said.items()}
    stems.learn(word for texts in spoken.values() for words in texts for word in words)
    phrases: dict[tuple[str, ...], set[str]] = defaultdict(set)
    partly: dict[str, set[str]] = defaultdict(set)
    for term, texts in spoken.items():
        for words in texts:
            phrases[tuple(stems[word] for word in words)].add(term)
            for word in words:
                if len(word) > 1 and word not in SAYS_NOTHING:
                    partly[stems[word]].add(term)
    return (
        {phrase: frozenset(terms) for phrase, terms in phrases.items()},
        {stem: frozenset(terms) for stem, terms in partly.items()},
    )


def equal_stems() -> dict[str, frozenset[str]]:
    """Single words of one meaning (materials, methods) that the catalogue has no term for."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        groups = [text.words(row["words"].replace("|", " | ")) for row in csv.DictReader(file)]
    stems.learn(word for group in groups for word in group)
    found: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        same = {stems[word] for word in group}
        for stem in same:
            found[stem] |= same
    return {stem: frozenset(same) for stem, same in found.items()}
