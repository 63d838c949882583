"""Up to four suppliers side by side: one line a question, one cell a supplier, and whether they differ."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ikm.models import Product
from ikm.suppliers import Held, Offer, Skill, Supplier, size_word
from web.formats import long_date, quantity

MOST = 4


class Cell(NamedTuple):
    """What one supplier answers; "" where it says nothing. `evidence` is that of the fact behind it."""

    text: str = ""
    small: str = ""
    evidence: str = ""


@dataclass
class Line:
    label: str
    cells: list[Cell]
    # Of the suppliers, as a narrow screen names each cell.
    names: list[str] = field(default_factory=list)

    @property
    def named(self) -> list[tuple[str, Cell]]:
        return list(zip(self.names, self.cells, strict=True))

    @property
    def is_answered(self) -> bool:
        return any(cell.text for cell in self.cells)

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


@dataclass
class Group:
    title: str
    lines: list[Line] = field(default_factory=list)


def compare(suppliers: Sequence[Supplier], *, only_differing: bool = False) -> list[Group]:
    """Groups with their lines; a line that nobody answers is left out, and one in which all agree, if asked."""
    groups = [
        Group(_("Apa yang dibuat, berapa masih bebas?"), product_lines(suppliers)),
        Group(_("Bagaimana dibuat?"), process_lines(suppliers)),
        Group(_("Apa buktinya?"), certificate_lines(suppliers)),
        Group(_("Siapa mereka?"), about_lines(suppliers)),
    ]
    names = [supplier.ikm.organisation.name for supplier in suppliers]
    for group in groups:
        for line in group.lines:
            line.names = names
        group.lines = [
            line for line in group.lines if line.is_answered and (line.differs or not only_differing)
        ]
    return [group for group in groups if group.lines]


def product_lines(suppliers: Sequence[Supplier]) -> list[Line]:
    """One line a category; several products of it in one workshop are named one after another."""
    return matrix(
        suppliers,
        lambda supplier: [(str(offer.product.category), offer) for offer in supplier.offers],
        product_cell,
    )


def product_cell(offers: Sequence[Offer]) -> Cell:
    known = [offer for offer in offers if offer.product.free is not None]
    best = max(known, key=lambda offer: offer.product.free or Decimal(0), default=offers[0])
    others = [offer.product.name for offer in offers if offer is not best]
    free = _("bebas %(free)s") % {"free": best.free} if best.free else _("kapasitas belum disebut")
    small = [best.product.name, *others, *soonest(best.product)]
    return Cell(capfirst(free), " · ".join(small), best.product.evidence)


def soonest(product: Product) -> list[str]:
    days = product.lead_time_days
    return [] if days is None else [ngettext("%(days)s hari", "%(days)s hari", days) % {"days": days}]


def process_lines(suppliers: Sequence[Supplier]) -> list[Line]:
    return matrix(
        suppliers,
        lambda supplier: [(str(skill.process.process), skill) for skill in supplier.skills],
        lambda skills: process_cell(skills[0]),
    )


def process_cell(skill: Skill) -> Cell:
    return Cell(_("Ada"), skill.machines, skill.process.evidence)


def certificate_lines(suppliers: Sequence[Supplier]) -> list[Line]:
    return matrix(
        suppliers,
        lambda supplier: [(str(held.certificate.kind), held) for held in supplier.certificates],
        certificate_cell,
    )


def certificate_cell(held: Sequence[Held]) -> Cell:
    """The one that counts today stands for the others."""
    best = max(held, key=lambda each: (each.valid, each.certificate.evidence == "verified"))
    return Cell(
        best.validity.text, "" if best.valid else _("tidak dihitung hari ini"), best.certificate.evidence
    )


def about_lines(suppliers: Sequence[Supplier]) -> list[Line]:
    asked: list[tuple[str, Callable[[Supplier], str]]] = [
        (_("Wilayah"), lambda each: str(each.area or "")),
        (
            _("Terperiksa Dinas"),
            lambda each: _("%(some)d dari %(all)d hal") % {"some": each.verified, "all": len(each.facts)},
        ),
        (_("Dipastikan"), lambda each: long_date(each.ikm.confirmed_on)),
        (_("Bentuk usaha"), lambda each: each.ikm.legal_form),
        (_("Pekerja"), lambda each: open_to(each, "workers", quantity(each.ikm.workers, _("orang")))),
        (
            _("Golongan"),
            lambda each: open_to(each, "workers", open_to(each, "investment_band", size_word(each.ikm))),
        ),
        (
            _("Mulai usaha"),
            lambda each: open_to(each, "year_founded", str(each.ikm.year_founded or "")),
        ),
    ]
    return [Line(label, [Cell(answer(each)) for each in suppliers]) for label, answer in asked]


def open_to(supplier: Supplier, name: str, value: str) -> str:
    return value if supplier.sight.shows(name, supplier.ikm) else ""


def matrix(
    suppliers: Sequence[Supplier],
    held: Callable[[Supplier], Iterable[tuple[str, Any]]],
    cell: Callable[[Sequence[Any]], Cell],
) -> list[Line]:
    """One line a word that any of them holds: those that most hold first, then by the alphabet."""
    columns: list[dict[str, list[Any]]] = []
    for supplier in suppliers:
        column: dict[str, list[Any]] = {}
        for word, thing in held(supplier):
            column.setdefault(word, []).append(thing)
        columns.append(column)
    words = sorted({word for column in columns for word in column})
    words.sort(key=lambda word: -sum(word in column for column in columns))
    return [
        Line(word, [cell(column[word]) if word in column else Cell() for column in columns]) for word in words
    ]
