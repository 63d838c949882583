"""The names of the shared words, kept per process and edition of the catalogue, as pages say them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalogue.models import Category, CertificateKind, Process, Unit
from matching.pair import Quantity
from web import formats

CAPITAL = re.compile(r"\b[A-Z](?=[a-z])")
STANDARD = re.compile(r"(?:ISO|IATF) [\d-]+")


@dataclass(frozen=True)
class Names:
    """By slug. Written in the language of the moment."""

    categories: Mapping[str, Category]
    processes: Mapping[str, Process]
    kinds: Mapping[str, CertificateKind]
    units: Mapping[str, Unit]

    def category(self, slug: str) -> str:
        return str(self.categories[slug])

    def category_said(self, slug: str) -> str:
        """Within a sentence: "jasa bubut" of "Jasa Bubut"; "CNC" stays."""
        return CAPITAL.sub(lambda word: word[0].lower(), self.category(slug))

    def process(self, slug: str) -> str:
        return str(self.processes[slug])

    def kind(self, slug: str) -> str:
        return short(self.kinds[slug].name)

    def requirement(self, slug: str) -> str:
        """Of a process or a kind of certificate."""
        return self.kind(slug) if slug in self.kinds else self.process(slug)

    def unit(self, slug: str) -> str:
        return str(self.units[slug])

    def amount(self, quantity: Quantity) -> str:
        """ "1.250 kg"."""
        return formats.quantity(quantity.value, self.unit(quantity.unit))


def short(name: str) -> str:
    """ "ISO 9001" of "ISO 9001 Sistem Manajemen Mutu", "SMK3" of "SMK3 (PP 50/2012)": as people call it."""
    standard = STANDARD.match(name)
    return standard[0] if standard else name.split(" (")[0]


@lru_cache(maxsize=2)
def names_of(edition: int) -> Names:
    """Of the catalogue as it is now; `edition` is its version, by which it is kept."""
    return Names(
        Category.objects.in_bulk(),
        Process.objects.in_bulk(),
        CertificateKind.objects.in_bulk(),
        Unit.objects.in_bulk(),
    )
