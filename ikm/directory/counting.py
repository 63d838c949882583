"""How many workshops each choice of each filter has: one statement. A filter's own choice is left out of its counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from ikm.directory.conditions import Conditions, Sql, conjunction
from ikm.directory.query import MONTHS
from ikm.freshness import plus_months

Counts = dict[str, dict[str, int]]

HITS = """
SELECT miss, term, count(*) FROM (
    SELECT {miss} AS miss, unnest(e.terms || ARRAY['', {age}]
        || CASE WHEN e.kinds = '{{}}' THEN '{{}}'::text[] ELSE ARRAY(
            SELECT 'sertifikat/' || held.kind
            FROM unnest(e.kinds, e.kinds_from, e.kinds_until) AS held(kind, starts, ends)
            WHERE held.starts <= %s AND held.ends >= %s) END) AS term
    FROM ikm_directoryentry e WHERE {where}
) AS found
{only}
GROUP BY miss, term
"""
# Where free capacity is asked for, a category counts only by products of which enough is free.
OFFERS = """
UNION ALL
SELECT 'offer', term, count(DISTINCT o.entry_id)
FROM ikm_directoryentry e JOIN ikm_directoryoffer o ON o.entry_id = e.ikm_id, unnest(o.terms) AS term
WHERE {where} AND {offer}
GROUP BY term
"""


def counted(conditions: Conditions, *, on: date, valid_on: date) -> tuple[int, Counts]:
    """(total, {facet: {value: count}}). Kinds of certificate are counted as held and, as "kind!", as verified."""
    sql, parameters = statement(conditions, on, valid_on)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return tally(cursor.fetchall())


def statement(conditions: Conditions, on: date, valid_on: date) -> Sql:
    age, ages = age_of(on)
    miss, missed, where, asked = one_short(conditions)
    only = "WHERE miss = '' OR starts_with(term, miss || '/')" if conditions.chosen else ""
    sql = HITS.format(miss=miss, age=age, where=where, only=only)
    parameters = [*missed, *ages, valid_on, valid_on, *asked]
    if conditions.offer:
        others = [condition for facet, condition in conditions.chosen.items() if facet != "kategori"]
        where, asked = conjunction([*conditions.base, *others])
        sql += OFFERS.format(where=where, offer=conditions.offer[0])
        parameters += [*asked, *conditions.offer[1]]
    return sql, parameters


def age_of(on: date) -> Sql:
    """The least of MONTHS within which a workshop was confirmed, as a term."""
    cases = " ".join(f"WHEN e.confirmed_on >= %s THEN 'segar/{months}'" for months in MONTHS)
    return f"CASE {cases} ELSE 'segar/older' END", [plus_months(on, -int(months)) for months in MONTHS]


def one_short(conditions: Conditions) -> tuple[str, list[Any], str, list[Any]]:
    """(miss, its parameters, where, its parameters): rows that miss at most one choice, and which one that is."""
    base, parameters = conjunction(conditions.base)
    chosen = conditions.chosen
    if not chosen:
        return "''", [], base, parameters
    miss, missed = "CASE", []
    for facet, (sql, values) in chosen.items():
        miss += f" WHEN NOT ({sql}) THEN '{facet}'"
        missed += values
    if len(chosen) == 1:
        return f"{miss} ELSE '' END", missed, base, parameters
    without_one = []
    for left_out in chosen:
        others = [condition for facet, condition in chosen.items() if facet != left_out]
        sql, values = conjunction(others)
        without_one.append(f"({sql})")
        parameters = [*parameters, *values]
    return f"{miss} ELSE '' END", missed, f"{base} AND ({' OR '.join(without_one)})", parameters


def tally(rows: Iterable[tuple[str, str, int]]) -> tuple[int, Counts]:
    total, counts = 0, defaultdict(dict)
    by_offer: dict[str, int] | None = None
    for miss, term, count in rows:
        facet, _, value = term.partition("/")
        if miss == "offer":
            by_offer = by_offer or {}
            by_offer[value] = count
        elif not term:
            total += count if not miss else 0
        elif miss in ("", facet):
            counts[facet][value] = counts[facet].get(value, 0) + count
    if by_offer is not None:
        counts["kategori"] = by_offer
    counts["segar"] = within(counts.get("segar", {}))
    return total, dict(counts)


def within(ages: Mapping[str, int]) -> dict[str, int]:
    """Confirmed within 3 months counts for 6 and 12 as well."""
    found, sum_so_far = {}, 0
    for months in MONTHS:
        sum_so_far += ages.get(months, 0)
        found[months] = sum_so_far
    return found
