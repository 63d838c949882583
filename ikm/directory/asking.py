"""What a typed text asks for: words, everyday names of the catalogue, misspellings. One statement for all of it.

`prelude(query.q)` also brings what every search needs before it begins: the edition of the catalogue and the kept
counts of the whole register.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from ikm.directory import text
from ikm.directory.vocabulary import SAYS_NOTHING, Vocabulary

MOST_WORDS = 12
_LEXEME = re.compile("'([^']+)'")
MOST_NEAR = 4

# A word that no document says is compared with all that are said; one that the catalogue does not know, with those of
# the catalogue.
PRELUDE = """
SELECT (SELECT version FROM catalogue_edition WHERE id = 1),
    (SELECT jsonb_build_object('as_of', as_of) || CASE WHEN %(kept)s
        THEN jsonb_build_object('total', total, 'codes', codes, 'districts', districts)
        ELSE '{}' END
        FROM ikm_directorycounts),
    (SELECT json_object_agg(word, json_build_object('stem', stem, 'known', is_shared IS NOT NULL, 'near',
        CASE WHEN is_shared OR length(word) < 4 OR word ~ '[0-9]' THEN '{}'::text[] ELSE ARRAY(
            SELECT d.word FROM ikm_directoryword d
            WHERE d.word %% asked.stem AND (asked.is_shared IS NULL OR d.is_shared) AND d.word <> asked.stem
            ORDER BY similarity(d.word, asked.stem) DESC, d.word LIMIT 12) END))
    FROM (SELECT word, stem, d.is_shared FROM unnest(%(words)s::text[]) AS word
        CROSS JOIN LATERAL (SELECT CASE WHEN word ~ '[0-9]' THEN word
            ELSE coalesce((ts_lexize('indonesian_stem', word))[1], word) END AS stem) AS s
        LEFT JOIN LATERAL (SELECT is_shared FROM ikm_directoryword WHERE ikm_directoryword.word = stem) AS d ON true
    ) AS asked)
"""


@dataclass(frozen=True)
class Heard:
    """One typed word: its stem, whether any document or the catalogue says it, and what it may be a slip of."""

    word: str
    stem: str
    known: bool
    near: tuple[str, ...]


@dataclass(frozen=True)
class Prelude:
    edition: int
    # The day on which entries hold what is true; None while they are read again.
    as_of: date | None
    # Of the whole register; None: not asked for, or not kept.
    kept: Mapping[str, Any] | None
    heard: tuple[Heard, ...]


@dataclass(frozen=True)
class Span:
    """Words of the text that belong together, as a tsquery; `strong` is the part of it that is no guess."""

    words: str
    match: str
    strong: str
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Asked:
    """A text understood. `match` is a tsquery, "" for no text; nothing can match where `is_hopeless`."""

    spans: tuple[Span, ...] = ()
    corrected: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unknown: tuple[str, ...] = ()
    is_hopeless: bool = False

    @property
    def match(self) -> str:
        return " & ".join(f"({span.match})" for span in self.spans)

    def exact(self) -> str:
        """Own products and methods are what the text names by a shared word; "" where it names none."""
        if not self.terms:
            return ""
        whole = " & ".join(f"({either(span.terms) if span.terms else span.strong})" for span in self.spans)
        return _LEXEME.sub(r"'o/\1'", whole)

    def strong(self, place: str) -> str:
        """The text said without a guess in one place: "n/" the name, "o/" own products and methods."""
        whole = " & ".join(f"({span.strong})" for span in self.spans)
        return _LEXEME.sub(rf"'{place}\1'", whole)

    @property
    def terms(self) -> frozenset[str]:
        """Terms that the text names as such."""
        return frozenset().union(*(span.terms for span in self.spans))


def prelude(typed: str, *, kept: bool) -> Prelude:
    """One statement. `kept`: bring the counts of the whole register too."""
    said = text.words(typed)[:MOST_WORDS]
    with connection.cursor() as cursor:
        cursor.execute(PRELUDE, {"words": said, "kept": kept})
        edition, counts, heard = cursor.fetchone()
    counts = json.loads(counts) if counts else None
    return Prelude(
        edition,
        date.fromisoformat(counts["as_of"]) if counts else None,
        counts if counts and kept else None,
        tuple(_heard(word, (heard or {})[word]) for word in said),
    )


def _heard(word: str, found: Mapping[str, Any]) -> Heard:
    stem, known = found["stem"], found["known"]
    # A word that somebody wrote may still be a slip, but not of anything far away.
    most = 1 if known else text.tolerance(stem)
    near = {other: text.distance(stem, other, most) for other in found["near"]}
    least = min(near.values(), default=most + 1)
    chosen = [other for other, distance in near.items() if distance == least <= most]
    return Heard(word, stem, known, tuple(chosen[:MOST_NEAR]))


def understand(heard: tuple[Heard, ...], vocabulary: Vocabulary) -> Asked:
    """Whole names of the catalogue first; then single words, those that say nothing only where there are no others."""
    spans, unknown, corrected = [], [], []
    only_empty = all(map(says_nothing, heard))
    at = 0
    while at < len(heard):
        length, terms = phrase_at(heard, at, vocabulary)
        words = heard[at : at + length]
        at += length
        if length > 1:
            spans.append(phrase(words, terms, vocabulary))
            continue
        word = words[0]
        if says_nothing(word) and not only_empty:
            continue
        if not word.known and not vocabulary.knows(word.stem):
            if word.near:
                corrected.append((word.word, word.near))
            elif word.word.isalpha():
                unknown.append(word.word)
                continue
        spans.append(single(word, vocabulary))
    return Asked(tuple(spans), tuple(corrected), tuple(unknown), is_hopeless=bool(unknown and not spans))


def says_nothing(heard: Heard) -> bool:
    return heard.word in SAYS_NOTHING or (len(heard.word) == 1 and heard.word.isalpha())


def phrase_at(heard: tuple[Heard, ...], at: int, vocabulary: Vocabulary) -> tuple[int, frozenset[str]]:
    """Length of the longest name or synonym of the catalogue that begins here (1: none of several words)."""
    for length in range(min(vocabulary.longest_phrase, len(heard) - at), 1, -1):
        terms = vocabulary.phrases.get(tuple(word.stem for word in heard[at : at + length]))
        if terms:
            return length, terms
    return 1, frozenset()


def phrase(words: tuple[Heard, ...], terms: frozenset[str], vocabulary: Vocabulary) -> Span:
    """What is so called, and who says all of its words that say something."""
    telling = [word for word in words if not says_nothing(word)] or words
    strong = " & ".join(f"({single(word, vocabulary).strong})" for word in telling)
    match = f"{either(terms)} | ({strong})"
    return Span(" ".join(word.word for word in words), match, match, terms)


def single(word: Heard, vocabulary: Vocabulary) -> Span:
    stems = {word.stem} | vocabulary.equals.get(word.stem, frozenset())
    slips = set(word.near)
    for near in word.near:
        slips |= vocabulary.equals.get(near, frozenset())
    if not word.known and not vocabulary.knows(word.stem):
        stems |= slips  # nobody writes it so: the slip is what was meant
    named = frozenset(term for stem in stems for term in vocabulary.phrases.get((stem,), ()))
    parts = frozenset(term for stem in stems | slips for term in vocabulary.partly.get(stem, ()))
    strong = [either(stems | named)]
    split = text.runs(word.word)
    apart = [f"({' & '.join(map(quoted, split))})"] if split else []
    weak = [either((slips | parts) - stems - named)] if (slips | parts) - stems - named else []
    return Span(word.word, " | ".join([*strong, *apart, *weak]), " | ".join(strong), named)


def quoted(lexeme: str) -> str:
    """Lexemes are of a–z, 0–9 and / . - alone (text.words, catalogue)."""
    return f"'{lexeme}'"


def either(lexemes: Iterable[str]) -> str:
    return " | ".join(quoted(lexeme) for lexeme in sorted(lexemes))
