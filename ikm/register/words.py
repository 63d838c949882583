"""The words of a table as the register knows them: areas of the office, categories by what people say, KBLI.

Everything is read once for a table: the number of statements does not grow with its rows.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection

from accounts.models import Organisation
from catalogue.models import Area, Category, Kbli
from catalogue.search import plain

LEVELS = ("village", "district", "regency", "province")
# "Kel. Citangkil", "KECAMATAN JOMBANG", "Kota Cilegon".
_SORT = re.compile(r"^(kelurahan|kel|desa|ds|kecamatan|kec|kota|kabupaten|kab|provinsi|prov) ")
# KBLI codes as they are read where the table does not say which edition: the newest that has them.
EDITIONS = ("2025", "2020")


def bare(name: str) -> str:
    """An area's name as it is compared, without the word for its level."""
    return _SORT.sub("", plain(name))


class Areas:
    """Areas in which the office works: its own and all within, but for those of an office that is nearer."""

    def __init__(self, office: Organisation):
        self.home = office.area_id
        self.by_name: dict[str, list[Area]] = defaultdict(list)
        self.foreign: tuple[str, ...] = ()
        if self.home is None:
            return
        others = Organisation.objects.offices().exclude(pk=office.pk)
        inside = others.filter(area__code__startswith=f"{self.home}.")
        self.foreign = tuple(f"{code}." for code in inside.values_list("area", flat=True))
        for area in Area.objects.current().within(self.home):
            for name in {bare(area.name), *map(bare, area.aliases)}:
                self.by_name[name].append(area)

    def level_of(self, text: str) -> str:
        """Which sort of area of this office a text names; "" for none."""
        found = self.by_name.get(bare(text), [])
        return found[0].level if found else ""

    def find(self, stated: Mapping[str, str]) -> tuple[str | None, list[list[str]]]:
        """The code of the area that a row names, and remarks; None where it is refused."""
        said = {level: stated[level] for level in ("village", "district", "regency") if stated.get(level)}
        if not said or self.home is None:
            return self.home, [["area_assumed", ""]]
        detail = ", ".join(said.values())
        parents = self._named(said, "regency", [self.home])
        districts = self._named(said, "district", parents)
        villages = self._named(said, "village", districts or parents)
        if parents and len(villages) == 1 and (districts or "district" not in said):
            return self._own(villages[0], detail)
        if parents and len(districts) == 1:
            area, remarks = self._own(districts[0], detail)
            unknown = [["village_unknown", detail]] if "village" in said and area else []
            return area, remarks + unknown
        if parents and set(said) == {"regency"}:
            return self._own(parents[0], detail)
        return None, [["area_unknown", detail]]

    def _named(self, said: Mapping[str, str], level: str, within: Iterable[str]) -> list[str]:
        """Codes of this level with the stated name inside one of `within`; what is not stated narrows nothing."""
        prefixes = tuple(within)
        if level not in said:
            return list(prefixes) if level == "regency" else []
        found = self.by_name.get(bare(said[level]), [])
        return [area.code for area in found if area.level == level and _lies_in(area.code, prefixes)]

    def _own(self, code: str, detail: str) -> tuple[str | None, list[list[str]]]:
        if f"{code}.".startswith(self.foreign) and self.foreign:
            return None, [["area_foreign", detail]]
        return code, []


def _lies_in(code: str, prefixes: Iterable[str]) -> bool:
    return any(f"{code}.".startswith(f"{prefix}.") for prefix in prefixes)


class Book:
    """What `ikm.register.reading` asks. `chosen` are the officer's answers: product as folded → category or ""."""

    def __init__(self, office: Organisation, chosen: Mapping[str, str]):
        self.areas, self.chosen = Areas(office), chosen
        self.categories = known_categories()
        rows = Kbli.objects.filter(version__in=EDITIONS).values_list("version", "code", "pk")
        newest_last = sorted(rows, key=lambda row: EDITIONS.index(row[0]), reverse=True)
        self.kblis = {code: pk for _version, code, pk in newest_last}

    def area(self, stated: Mapping[str, str]) -> tuple[str | None, list[list[str]]]:
        return self.areas.find(stated)

    def category(self, product: str) -> str:
        folded = plain(product)
        return self.chosen[folded] if folded in self.chosen else self.categories.get(folded, "")

    def kbli(self, code: str) -> int | None:
        return self.kblis.get(code)


def known_categories() -> dict[str, str]:
    """Everything that names exactly one family or item, folded → its slug. An item wins over a family."""
    named: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for category in Category.objects.current().filter(level__in=[2, 3]):
        for word in (category.slug, category.name_id, category.name_en, *category.synonyms):
            named[plain(word)][category.level].add(category.slug)
    found = {}
    for word, by_level in named.items():
        slugs = by_level.get(3) or by_level[2]
        if word and len(slugs) == 1:
            found[word] = next(iter(slugs))
    return found


# Per product the categories that sound most like it; one statement for all.
SOUNDS_LIKE = """
SELECT said.text, found.slug FROM unnest(%(texts)s::text[]) AS said(text) CROSS JOIN LATERAL (
    SELECT c.slug, max(greatest(similarity(said.text, word), 0.9 * word_similarity(word, said.text))) AS fit
    FROM catalogue_category c
    CROSS JOIN LATERAL (
        SELECT lower(unaccent(w)) AS word FROM unnest(c.synonyms || c.name_id || c.name_en) AS w
    ) AS words
    WHERE c.retired_on IS NULL AND c.level IN (2, 3)
    GROUP BY c.slug
    HAVING max(greatest(similarity(said.text, word), 0.9 * word_similarity(word, said.text))) >= 0.4
    ORDER BY fit DESC, c.slug LIMIT 5
) AS found
"""


def suggestions(products: Iterable[str]) -> dict[str, list[Category]]:
    """For each product (folded) the categories that it may mean, best first. Two statements."""
    texts = list(products)
    with connection.cursor() as cursor:
        cursor.execute(SOUNDS_LIKE, {"texts": texts})
        pairs = cursor.fetchall()
    words = Category.objects.select_related("parent").in_bulk({slug for _text, slug in pairs})
    found: dict[str, list[Category]] = {text: [] for text in texts}
    for text, slug in pairs:
        found[text].append(words[slug])
    return found
