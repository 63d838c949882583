"""How many workshops each choice of each filter has: one statement. A filter's own choice is left out of its counts.

Workshops found are few or many. Of few, the codes of their rows are counted one by one; many become a mask, and each
choice's count is the number of bits that its posting shares with it, whatever the number found. Either is exact.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from ikm.directory.conditions import Conditions, Enough, Sql
from ikm.directory.query import MONTHS
from ikm.directory.vocabulary import AREA, CATEGORY, KIND, VALID, Vocabulary
from ikm.freshness import plus_months
from ikm.models import DirectoryPosting

Counts = dict[str, dict[str, int]]
# From so many workshops on a mask costs less than their rows.
MANY = 3_000
BLOCK = DirectoryPosting.BITS
WORD = 32

# Rows (what, miss, code or district, count). `miss` is the one filter whose choice a workshop lacks, or ''.
COUNTS = f"""
WITH hit AS MATERIALIZED (
    SELECT e.ctid AS place, e.ikm_id, e.slot, e.district, {{miss}} AS miss FROM ikm_directoryentry e WHERE {{where}}
), size AS MATERIALIZED (SELECT count(*) <= {{many}} AS is_small FROM hit),
word AS (
    SELECT miss, at, bit_or(bits) AS bits FROM (
        SELECT miss, slot / {WORD} AS at, 1::bigint << ({WORD - 1} - mod(slot, {WORD})) AS bits FROM hit
        UNION ALL
        SELECT miss, generate_series(block * {BLOCK // WORD}, (block + 1) * {BLOCK // WORD} - 1), 0
        FROM (SELECT DISTINCT miss, slot / {BLOCK} AS block FROM hit) AS touched
    ) AS each WHERE NOT (SELECT is_small FROM size) GROUP BY miss, at
), mask AS MATERIALIZED (
    SELECT miss, at / {BLOCK // WORD} AS block, string_agg(bits::bit({WORD})::text, '' ORDER BY at)::varbit AS bits
    FROM word GROUP BY 1, 2
)
SELECT 'total', miss, '', count(*) FROM hit GROUP BY miss
UNION ALL
SELECT 'code', miss, code::text, count(*) FROM (
    SELECT hit.miss, unnest(e.codes) AS code FROM hit JOIN ikm_directoryentry e ON e.ctid = hit.place
    WHERE (SELECT is_small FROM size)) AS found WHERE {{told_found}} GROUP BY miss, code
UNION ALL
SELECT 'code', miss, code::text, sum(many)::bigint FROM (
    SELECT mask.miss, p.code, bit_count(p.bits & mask.bits) AS many FROM mask JOIN ikm_directoryposting p USING (block)
    WHERE NOT (SELECT is_small FROM size) AND ({{told_mask}}) OFFSET 0) AS shared GROUP BY miss, code
"""
DISTRICTS = """
UNION ALL
SELECT 'district', miss, district, count(*) FROM hit WHERE {within} GROUP BY miss, district
"""
# Where free capacity is asked for, a category counts only by products of which enough is free, of whoever has all else:
# by the one that has most, so that nobody counts twice.
ABLE = """
UNION ALL
SELECT 'offer', '', code::text, sum(one)::bigint FROM (
    SELECT unnest(o.{first}) AS code, 1 AS one FROM ikm_directoryoffer o WHERE {own} AND {whose}{weighed}
) AS able GROUP BY code
"""
# Who has enough by either way is counted by both, hence the third part.
WEIGHED = """
    UNION ALL
    SELECT unnest(o.first), 1 FROM ikm_directoryoffer o WHERE {weighed} AND {whose}
    UNION ALL
    SELECT code, -1 FROM (SELECT o.entry_id, o.first FROM ikm_directoryoffer o WHERE {weighed} AND {whose}) AS w
    JOIN (SELECT o.entry_id, o.first FROM ikm_directoryoffer o WHERE {own}) AS own USING (entry_id),
        unnest(w.first) AS code WHERE code = ANY(own.first)"""
# Of another day than the entries were read for: by their dates.
DATED = """
UNION ALL
SELECT 'kind', hit.miss, held.kind, count(*) FROM hit JOIN ikm_directoryentry e USING (ikm_id),
    unnest(e.kinds, e.kinds_from, e.kinds_until) AS held(kind, starts, ends)
WHERE held.starts <= %s AND held.ends >= %s GROUP BY hit.miss, held.kind
UNION ALL
SELECT 'age', hit.miss, {age}, count(*) FROM hit JOIN ikm_directoryentry e USING (ikm_id) GROUP BY 2, 3
"""


@dataclass
class Asking:
    """What is counted: on which days, whether the entries hold that very day, and which regencies are looked into."""

    on: date
    valid_on: date
    as_of: date | None
    regencies: tuple[str, ...] = ()
    many: int = field(default_factory=lambda: MANY)

    @property
    def is_kept(self) -> bool:
        return self.on == self.valid_on == self.as_of


def counted(conditions: Conditions, asking: Asking, vocabulary: Vocabulary) -> tuple[int, Counts]:
    """(total, {facet: {value: count}}). Kinds of certificate are counted as held and, as "kind!", as verified."""
    sql, parameters = statement(conditions, asking, vocabulary)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return tally(cursor.fetchall(), vocabulary, is_kept=asking.is_kept)


def statement(conditions: Conditions, asking: Asking, vocabulary: Vocabulary) -> Sql:
    others = conditions.without(CATEGORY)
    if conditions.enough:
        conditions = conditions.fixed(CATEGORY)
    (miss, missed), (where, parameters) = missing(conditions), conditions.one_short()
    # Postings may be behind while entries are not of the day.
    found, codes = telling(conditions, vocabulary, "miss", "code")
    mask, _ = telling(conditions, vocabulary, "mask.miss", "p.code")
    many = asking.many if asking.as_of else 10**9
    sql = COUNTS.format(miss=miss, where=where, many=many, told_found=found, told_mask=mask)
    parameters = [*missed, *parameters, *codes, *codes]
    if asking.regencies:
        sql += DISTRICTS.format(within=" OR ".join(["starts_with(district, %s)"] * len(asking.regencies)))
        parameters += [f"{regency}." for regency in asking.regencies]
    if others.enough:
        more, given = able(others.enough, others, asking)
        sql += more
        parameters += given
    if not asking.is_kept:
        age, ages = age_on(asking.on)
        sql += DATED.format(age=age)
        parameters += [asking.valid_on, asking.valid_on, *ages]
    return sql, parameters


def able(enough: Enough, others: Conditions, asking: Asking) -> Sql:
    """Counts of categories by what is free of their products."""
    own, asked = enough.own
    among, given = whose(others, asking)
    first = "first_in_kg" if enough.in_kg else "first"
    sql, parameters = "", [*asked, *given]
    if enough.weighed:
        weighed, more = enough.weighed
        sql = WEIGHED.format(weighed=weighed, whose=among, own=own)
        parameters += [*more, *given, *more, *given, *asked]
    return ABLE.format(first=first, own=own, whose=among, weighed=sql), parameters


def whose(others: Conditions, asking: Asking) -> Sql:
    """The condition on the workshop of a product `o`; none where nothing else is asked of it."""
    if asking.is_kept and not others.text and not others.chosen:
        return "true", []
    where, given = others.where()
    return f"o.entry_id IN (SELECT e.ikm_id FROM ikm_directoryentry e WHERE {where})", given


def telling(conditions: Conditions, vocabulary: Vocabulary, miss: str, code: str) -> Sql:
    """Who lacks the choice of one filter counts for the choices of that filter alone."""
    sql = f"{miss} = ''" + "".join(
        f" OR {miss} = '{facet}' AND {code} = ANY(%s)" for facet in conditions.chosen
    )
    return sql, [vocabulary.codes_of(facet) for facet in conditions.chosen]


def age_on(on: date) -> Sql:
    """The least of MONTHS within which a workshop was confirmed."""
    cases = " ".join(f"WHEN e.confirmed_on >= %s THEN '{months}'" for months in MONTHS)
    return f"CASE {cases} ELSE 'older' END", [plus_months(on, -int(months)) for months in MONTHS]


def missing(conditions: Conditions) -> Sql:
    """The one filter whose choice a row of `one_short()` lacks, or ''."""
    if not conditions.chosen:
        return "''", []
    cases = "".join(f" WHEN NOT ({each.row[0]}) THEN '{facet}'" for facet, each in conditions.chosen.items())
    return f"CASE{cases} ELSE '' END", [value for each in conditions.chosen.values() for value in each.row[1]]


def tally(
    rows: Iterable[tuple[str, str, str, int]], vocabulary: Vocabulary, *, is_kept: bool = True
) -> tuple[int, Counts]:
    total, by_offer = 0, {}
    counts: Counts = defaultdict(dict)
    dated: dict[str, dict[str, int]] = {KIND: {}, "segar": {}}
    for what, miss, key, count in rows:
        if what == "total":
            total += 0 if miss else count
        if not key or not count:
            continue
        facet, value = named(what, key, vocabulary)
        if what == "offer":
            by_offer[value] = count
        elif miss in ("", facet):
            into = dated[facet] if what in ("kind", "age") else counts[facet]
            into[value] = into.get(value, 0) + count
    if by_offer:
        counts[CATEGORY] = by_offer
    if not is_kept:
        counts |= dated
    counts["segar"] = within(counts.get("segar", {}))
    return total, dict(counts)


def named(what: str, key: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """(facet, value) of a row; a kind that is valid is a choice of the filter of certificates."""
    if what in ("kind", "age", "district"):
        return {"kind": KIND, "age": "segar", "district": AREA}[what], key
    facet, _, value = vocabulary.terms_by_code[int(key)].partition("/")
    return (KIND if facet == VALID else facet), value


def whole(kept: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[int, Counts]:
    """Of the kept counts of the whole register."""
    rows = [("total", "", "", kept["total"])]
    rows += [("code", "", key, count) for key, count in kept["codes"].items()]
    rows += [("district", "", key, count) for key, count in kept["districts"].items()]
    return tally(rows, vocabulary)


def within(ages: Mapping[str, int]) -> dict[str, int]:
    """Confirmed within 3 months counts for 6 and 12 as well."""
    found, so_far = {}, 0
    for months in MONTHS:
        so_far += ages.get(months, 0)
        found[months] = so_far
    return found
