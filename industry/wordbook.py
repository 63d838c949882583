"""Shared words as they stand in cells of a spreadsheet: each name is known at once, the rest is answered with
what it may mean. One book serves all rows of a table, so that the number of queries does not grow with them.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from catalogue.choosing import SORTS, describe_unit
from catalogue.models import Area, Category, CertificateKind, Process, Unit
from catalogue.search import plain

# Misspelt words that are looked up for suggestions, for the whole table: each costs a search.
MOST_SEARCHES = 30


class Unclear(Exception):
    """A text that is none of the words; `choices` are names that it may mean."""

    def __init__(self, text: str, choices: Iterable[str] = ()):
        super().__init__(text)
        self.text, self.choices = text, list(choices)


class Names:
    """Words by all their names, folded; a name that two words share is none."""

    def __init__(self, words: Iterable[Any], readings: Callable[[Any], Iterable[str]]):
        self.words: dict[str, list[Any]] = {}
        for word in words:
            for reading in {plain(text) for text in readings(word)} - {""}:
                self.words.setdefault(reading, []).append(word)

    def get(self, text: str) -> Any:
        """The one word of this name, or the one whose name begins with it; Unclear otherwise."""
        folded = plain(text)
        found = self.words.get(folded)
        if found is None and len(folded) >= 3:
            found = list(
                {
                    w.pk: w for name, ws in self.words.items() if name.startswith(f"{folded} ") for w in ws
                }.values()
            )
        if not found:
            raise Unclear(text)
        if len(found) > 1:
            raise Unclear(text, map(str, found[:5]))
        return found[0]


class Wordbook:
    def __init__(self):
        self.searches_left = MOST_SEARCHES
        self.areas: dict[str, Area | Unclear] = {}
        self.categories = Names(
            Category.objects.current().filter(level__in=[2, 3]).select_related("parent", "default_unit"),
            lambda word: [word.slug, word.name_id, word.name_en],
        )
        self.units: dict[str, Unit] = {}
        for unit in Unit.objects.current():
            for name in (
                unit.slug,
                unit.symbol,
                unit.name_id,
                unit.name_en,
                unit.name_id.split(" (")[0],
                unit.name_en.split(" (")[0],
                describe_unit(unit),
            ):
                self.units.setdefault(_unit(name), unit)
        self.kinds = Names(CertificateKind.objects.current(), lambda kind: [kind.slug, kind.name])
        self.processes = Names(
            Process.objects.current().filter(level=2),
            lambda word: [word.slug, word.name_id, word.name_en, *word.synonyms],
        )

    def category(self, text: str) -> Category:
        try:
            return self.categories.get(text)
        except Unclear as unclear:
            raise Unclear(text, unclear.choices or self._suggest("kategori", text)) from None

    def unit(self, text: str) -> Unit:
        if unit := self.units.get(_unit(text)):
            return unit
        raise Unclear(text)

    def area(self, text: str) -> Area:
        """By Kemendagri code, by its name with its level, or by name and place ("Citangkil, Kota Cilegon")."""
        if text not in self.areas:
            self.areas[text] = self._find_area(text)
        found = self.areas[text]
        if isinstance(found, Unclear):
            raise found
        return found

    def many(self, names: Names, text: str) -> list[Any]:
        """Words parted by semicolons, strokes or lines; by commas where the whole is no name."""
        try:
            return [names.get(text)]
        except Unclear:
            parts = re.split(r"[;|\n]", text) if re.search(r"[;|\n]", text) else text.split(",")
            return list({word.pk: word for word in map(names.get, filter(str.strip, parts))}.values())

    def _find_area(self, text: str) -> Area | Unclear:
        sort = SORTS["wilayah"]
        found = sort.get(text.strip())
        if found is None:
            if self.searches_left <= 0:
                return Unclear(text)
            self.searches_left -= 1
            found = sort.exact(text)
        return found if isinstance(found, Area) else Unclear(text, self._described("wilayah", text))

    def _suggest(self, sort: str, text: str) -> list[str]:
        if self.searches_left <= 0:
            return []
        self.searches_left -= 1
        return self._described(sort, text)

    def _described(self, sort: str, text: str) -> list[str]:
        found = SORTS[sort].find(text)[:4]
        if sort == "kategori":
            return [str(word) for word in found]
        return [", ".join(filter(None, SORTS[sort].describe(word))) for word in found]


def _unit(text: str) -> str:
    """ "M²", "m2" and "Jam Mesin", "jam-mesin" are one."""
    folded = text.casefold().replace("²", "2").replace("³", "3")
    return re.sub(r"[\s./-]+", " ", folded).strip()
