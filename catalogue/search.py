"""Find a shared word by what people say: everyday words, both languages, misspellings ("pacul", "las tekuk", "bubud").

Each token of the text is compared by trigrams with the names and synonyms of a word and, for less, with those of
its ancestors; a word is as good as the sum over the tokens of its best comparison. Few hundred words: one statement.
"""

import re
import unicodedata
from typing import Any

from django.db import connection

from catalogue.models import Area, Category, Process

# Words that say nothing about what is made.
EMPTY_WORDS = frozenset(
    (
        "jasa",
        "bikin",
        "buat",
        "membuat",
        "pembuatan",
        "untuk",
        "dan",
        "atau",
        "dari",
        "dengan",
        "barang",
        "produk",
        "the",
        "of",
        "and",
        "for",
    )
)
LEAST_TOKEN = 0.34
MAX_TEXT = 120

RANK = """
WITH RECURSIVE lineage(slug, ancestor, share) AS (
    SELECT slug, slug, CASE level WHEN 3 THEN 1.0 ELSE 0.95 END::real FROM {table}
    WHERE retired_on IS NULL AND level = ANY(%(levels)s)
    UNION ALL
    SELECT l.slug, t.parent_id, l.share * 0.6::real FROM lineage l JOIN {table} t ON t.slug = l.ancestor
    WHERE t.parent_id IS NOT NULL
), said AS (
    SELECT l.slug, l.share, lower(unaccent(w)) AS phrase
    FROM lineage l JOIN {table} t ON t.slug = l.ancestor
    CROSS JOIN unnest(t.synonyms || t.name_id || t.name_en) AS w
), best AS (
    SELECT s.slug, token,
        max(s.share * (0.75 * word_similarity(token, s.phrase) + 0.25 * similarity(token, s.phrase))) AS fit
    FROM said s CROSS JOIN unnest(%(tokens)s) AS token
    GROUP BY s.slug, token
), whole AS (
    SELECT slug, max(share * similarity(%(text)s, phrase)) AS fit FROM said GROUP BY slug
)
SELECT b.slug FROM best b JOIN whole USING (slug)
GROUP BY b.slug, whole.fit
HAVING max(b.fit) >= %(least)s
ORDER BY sum(CASE WHEN b.fit >= %(least)s THEN b.fit ELSE 0 END) / %(count)s + 0.3 * whole.fit DESC, b.slug
LIMIT %(limit)s
"""


def plain(text: str) -> str:
    """Lower case, without accents, signs and control characters; at most 120 characters are looked at."""
    flat = unicodedata.normalize("NFKD", text[:MAX_TEXT]).lower()
    return " ".join(re.findall(r"[a-z0-9]+", flat.encode("ascii", "ignore").decode()))


def ranked_slugs(table: str, text: str, *, levels: list[int], limit: int) -> list[str]:
    said = plain(text)
    tokens = [t for t in said.split() if t not in EMPTY_WORDS and len(t) > 1] or said.split()
    if not tokens:
        return []
    values: dict[str, Any] = {
        "levels": levels,
        "tokens": tokens,
        "text": " ".join(tokens),
        "least": LEAST_TOKEN,
        "count": len(tokens),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(RANK.format(table=table), values)
        return [slug for (slug,) in cursor.fetchall()]


def find_categories(text: str, limit: int = 8, *, levels: tuple[int, ...] = (2, 3)) -> list[Category]:
    """Families and items that `text` may mean, best first; [] where nothing resembles it."""
    slugs = ranked_slugs(Category._meta.db_table, text, levels=list(levels), limit=limit)
    found = Category.objects.select_related("parent", "default_unit").in_bulk(slugs)
    return [found[slug] for slug in slugs]


def find_processes(text: str, limit: int = 8) -> list[Process]:
    """Processes (never groups of them) that `text` may mean, best first."""
    slugs = ranked_slugs(Process._meta.db_table, text, levels=[2], limit=limit)
    found = Process.objects.select_related("parent").in_bulk(slugs)
    return [found[slug] for slug in slugs]


AREAS = """
WITH found AS (
    SELECT code FROM catalogue_area WHERE name %% %(text)s
    UNION SELECT code FROM catalogue_area WHERE name ILIKE %(starts)s
    UNION SELECT code FROM catalogue_area WHERE postcode = %(text)s
    UNION SELECT code FROM catalogue_area WHERE aliases <> '{}' AND lower(aliases::text) LIKE %(alias)s
)
SELECT a.code FROM catalogue_area a JOIN found USING (code)
WHERE a.retired_on IS NULL AND a.code LIKE %(within)s
ORDER BY (a.code LIKE %(near)s) DESC, (%(text)s = ANY(lower(a.aliases::text)::text[])) DESC,
    similarity(a.name, %(text)s) DESC, length(a.code), a.code
LIMIT %(limit)s
"""


def find_areas(text: str, *, within: str = "", near: str = "36", limit: int = 10) -> list[Area]:
    """Areas by name, alias or postcode; those inside `near` first (a Kemendagri code), only those inside `within`."""
    said = plain(text)
    if not said:
        return []
    values: dict[str, Any] = {
        "text": said,
        "starts": f"{said}%",
        "alias": f"%{said}%",
        "within": f"{within}%",
        "near": f"{near}%",
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(AREAS, values)
        codes = [code for (code,) in cursor.fetchall()]
    found = Area.objects.select_related("parent__parent__parent").in_bulk(codes)
    return [found[code] for code in codes]
