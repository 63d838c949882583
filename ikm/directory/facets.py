"""The filters of the page with their counts: every choice of the catalogue, places only where there is somebody."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ikm.directory.counting import Counts
from ikm.directory.query import MONTHS, SIZES, STANDINGS, Query
from ikm.directory.vocabulary import AREA, CATEGORY, KIND, PROCESS, Vocabulary

LABELS = {
    "kategori": _("Kategori"),
    "proses": _("Proses"),
    "sertifikat": _("Sertifikat"),
    "wilayah": _("Wilayah"),
    "ukuran": _("Ukuran usaha"),
    "bukti": _("Bukti"),
    "segar": _("Dipastikan"),
}
CHOICES = {
    "small": _("industri kecil"),
    "medium": _("industri menengah"),
    "verified": _("terperiksa"),
    "claimed": _("menurut pengakuan"),
}


@dataclass(frozen=True)
class Choice:
    """`count`: how many workshops there would be with this choice and all other filters."""

    value: str
    label: str
    count: int
    is_chosen: bool
    # Depth in its tree from 0, and the value above it ("" for none).
    depth: int = 0
    parent: str = ""


@dataclass(frozen=True)
class Facet:
    """Choices of a tree follow the one they lie under."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> tuple[Choice, ...]:
        return tuple(choice for choice in self.choices if choice.is_chosen)

    def count(self, value: str) -> int:
        return next((choice.count for choice in self.choices if choice.value == value), 0)


def facets_of(query: Query, counts: Counts, vocabulary: Vocabulary) -> tuple[Facet, ...]:
    listed = [
        tree(CATEGORY, query, counts, vocabulary),
        tree(PROCESS, query, counts, vocabulary),
        kinds(query, counts, vocabulary),
        places(query, counts, vocabulary),
    ]
    for name, values in (("ukuran", SIZES), ("bukti", STANDINGS), ("segar", MONTHS)):
        found = counts.get(name, {})
        chosen = getattr(query, name)
        listed.append(
            Facet(
                name,
                str(LABELS[name]),
                tuple(Choice(each, label(each), found.get(each, 0), each in chosen) for each in values),
            )
        )
    return tuple(listed)


def label(value: str) -> str:
    if value in CHOICES:
        return str(CHOICES[value])
    return ngettext("%(months)s bulan terakhir", "%(months)s bulan terakhir", int(value)) % {"months": value}


def tree(facet: str, query: Query, counts: Counts, vocabulary: Vocabulary) -> Facet:
    """Each word of the catalogue under the one it lies in, by name."""
    found: Mapping[str, int] = counts.get(facet, {})
    chosen = getattr(query, facet)
    children: dict[str, list[str]] = {}
    for term in vocabulary.terms_of(facet):
        children.setdefault(vocabulary.above[term], []).append(term)
    choices: list[Choice] = []

    def add(terms: list[str], depth: int) -> None:
        for term in sorted(terms, key=vocabulary.label):
            value = term.partition("/")[2]
            parent = vocabulary.above[term].partition("/")[2]
            choices.append(
                Choice(value, vocabulary.label(term), found.get(value, 0), value in chosen, depth, parent)
            )
            add(children.get(term, []), depth + 1)

    add(children.get("", []), 0)
    return Facet(facet, str(LABELS[facet]), tuple(choices))


def kinds(query: Query, counts: Counts, vocabulary: Vocabulary) -> Facet:
    mark = "!" if query.terperiksa else ""
    found = counts.get(KIND, {})
    choices = [
        Choice(value, vocabulary.label(term), found.get(f"{value}{mark}", 0), value in query.sertifikat)
        for term in vocabulary.terms_of(KIND)
        for value in [term.partition("/")[2]]
    ]
    return Facet(KIND, str(LABELS[KIND]), tuple(sorted(choices, key=lambda choice: choice.label)))


def places(query: Query, counts: Counts, vocabulary: Vocabulary) -> Facet:
    """Provinces and regencies with somebody in them; districts of the regencies that are looked at."""
    found = counts.get(AREA, {})
    near = {regency(code) for code in (*query.wilayah, query.dekat) if code.count(".")}
    shown = {
        code
        for code in {*found, *query.wilayah}
        if code.count(".") < 2 or regency(code) in near
        if f"{AREA}/{code}" in vocabulary.names
    }
    # Whatever is shown, what it lies in is shown too.
    shown |= {code.rsplit(".", depth)[0] for code in shown for depth in range(1, code.count(".") + 1)}
    choices = [
        Choice(
            code,
            vocabulary.label(f"{AREA}/{code}"),
            found.get(code, 0),
            code in query.wilayah,
            code.count("."),
            code.rpartition(".")[0],
        )
        for code in sorted(shown)
    ]
    return Facet(AREA, str(LABELS[AREA]), tuple(choices))


def regency(code: str) -> str:
    return ".".join(code.split(".")[:2])
