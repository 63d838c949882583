"""What the rule of a match knows (MATCHING.md): the shared words, the weights, supply and demand. Pure: no Django.

Build one `Vocabulary` from plain rows (`from_rows` for the database, `from_csv` for the catalogue's files), one
`Policy`, and the facts: `Need`, and `Ikm` with its `Offer`s, `ProcessRecord`s and `CertificateRecord`s. Quantities
are `Decimal` with at most three decimals, at least 0 and below 10**12; days are `datetime.date`; missing is None.
`ref` is what the rule orders by; `key` is the caller's own identity (a primary key) and stands for `ref` where it
is None: `identity` is what results carry. Retired records are simply not handed in; rejected ones may be.
The vocabulary must know every word that a fact names, also words retired since.
Who takes part is the caller's choice; `need_takes_part` and `ikm_takes_part` state the rule for it.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path

CRITERIA = ("category", "process", "certification", "preference", "capacity", "lead_time", "proximity")
STANDINGS = ("qualified", "near", "partial")
CLAIMED, VERIFIED, REJECTED = "claimed", "verified", "rejected"
NIB = "nib"

Key = int | str


@dataclass(frozen=True)
class Policy:
    """Weights in the order of CRITERIA, whole numbers 1-1000."""

    weights: tuple[int, ...] = (300, 150, 200, 50, 200, 50, 50)
    version: int = 1

    def __post_init__(self) -> None:
        if len(self.weights) != len(CRITERIA) or not all(
            type(w) is int and 1 <= w <= 1000 for w in self.weights
        ):
            raise ValueError("a policy has seven whole weights from 1 to 1000")

    def maxima(self, asked: Sequence[bool]) -> tuple[int, ...]:
        """Points of 1000 per criterion, 0 where not asked; what rounding leaves goes to the largest remainders."""
        total = sum(w for w, a in zip(self.weights, asked, strict=True) if a)
        shares = [divmod(w * 1000, total) if a else (0, -1) for w, a in zip(self.weights, asked, strict=True)]
        left = 1000 - sum(whole for whole, _ in shares)
        favoured = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))[:left]
        return tuple(whole + (i in favoured) for i, (whole, _) in enumerate(shares))


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    process: str
    evidence: str = CLAIMED
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """`for_company` is the identity of a company; a record of a `per_buyer` kind without one never counts."""

    kind: str
    evidence: str = CLAIMED
    valid_from: date | None = None
    valid_until: date | None = None
    category: str | None = None
    for_company: Key | None = None
    number: str | None = None
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """What one signed letter promises per month of an offer, from `starts` to `ends`, both days counted.

    `quantity_per_month` is in the offer's unit; None: it could not be converted, so what is free is unknown.
    `serves_need` is the identity of the need that the letter serves."""

    starts: date
    ends: date
    quantity_per_month: Decimal | None
    serves_need: Key | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    ref: str
    category: str
    unit: str
    capacity_per_month: Decimal | None = None
    committed_per_month: Decimal | None = None
    pool: str | None = None
    unit_mass_kg: Decimal | None = None
    lead_time_days: int | None = None
    evidence: str = CLAIMED
    reservations: tuple[Reservation, ...] = ()
    key: Key | None = None

    @property
    def identity(self) -> Key:
        return self.ref if self.key is None else self.key


@dataclass(frozen=True, slots=True)
class Ikm:
    """`offers` are all current products: pools are read from them."""

    ref: str
    area: str | None = None
    nib: str | None = None
    evidence: str = CLAIMED
    processes: tuple[ProcessRecord, ...] = ()
    certificates: tuple[CertificateRecord, ...] = ()
    offers: tuple[Offer, ...] = ()
    key: Key | None = None

    @property
    def identity(self) -> Key:
        return self.ref if self.key is None else self.key


@dataclass(frozen=True, slots=True)
class Need:
    """`quantity` (> 0) is what letters have not yet agreed; `company` is the identity of the company."""

    ref: str
    company: Key
    category: str
    quantity: Decimal
    basis: str
    unit: str
    start: date
    end: date
    area: str | None = None
    unit_mass_kg: Decimal | None = None
    max_lead_time_days: int | None = None
    required_certificates: tuple[str, ...] = ()
    preferred_certificates: tuple[str, ...] = ()
    required_processes: tuple[str, ...] = ()
    key: Key | None = None

    @property
    def identity(self) -> Key:
        return self.ref if self.key is None else self.key


@dataclass(frozen=True, slots=True)
class Category:
    slug: str
    level: int
    parent: str | None

    @property
    def family(self) -> str | None:
        """Slug of the level-2 category this one is or lies under; None for a group."""
        return {1: None, 2: self.slug}.get(self.level, self.parent)


@dataclass(frozen=True, slots=True)
class Kind:
    slug: str
    validity_months: int | None = None
    per_buyer: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One of this unit is `factor` of its `base`."""

    slug: str
    dimension: str
    factor: Fraction
    base: str


def closure(links: Iterable[tuple[str, str]], slugs: Iterable[str]) -> dict[str, frozenset[str]]:
    """Per slug, all that its record fulfils: itself and whatever the links (one way) reach from it."""
    onward: dict[str, list[str]] = {slug: [] for slug in slugs}
    for source, target in links:
        onward[source].append(target)
    reached = {}
    for slug in onward:
        seen, waiting = {slug}, [slug]
        while waiting:
            fresh = [t for t in onward[waiting.pop()] if t not in seen]
            seen.update(fresh)
            waiting += fresh
        reached[slug] = frozenset(seen)
    return reached


@dataclass(frozen=True)
class Vocabulary:
    """The words that needs and offers are stated in. `areas` None: any code of the right form is an area."""

    categories: Mapping[str, Category]
    processes: Mapping[str, int]
    kinds: Mapping[str, Kind]
    units: Mapping[str, Unit]
    process_fulfils: Mapping[str, frozenset[str]]
    kind_fulfils: Mapping[str, frozenset[str]]
    areas: frozenset[str] | None = field(default=None)

    @classmethod
    def from_rows(
        cls,
        *,
        categories: Iterable[tuple[str, str | None, int]],
        processes: Iterable[tuple[str, int]],
        process_links: Iterable[tuple[str, str]],
        kinds: Iterable[tuple[str, int | None, bool]],
        kind_links: Iterable[tuple[str, str]],
        units: Iterable[tuple[str, str, Decimal | Fraction | str, str]],
        areas: Iterable[str] | None = None,
    ) -> "Vocabulary":
        """Rows: (slug, parent, level); (slug, level); (satisfies from, to); (slug, validity_months, per_buyer);
        (satisfies from, to); (slug, dimension, factor_to_base, base); codes."""
        levels = dict(processes)
        known = {slug: Kind(slug, months, bool(per_buyer)) for slug, months, per_buyer in kinds}
        return cls(
            categories={slug: Category(slug, level, parent) for slug, parent, level in categories},
            processes=levels,
            kinds=known,
            units={slug: Unit(slug, dim, Fraction(factor), base) for slug, dim, factor, base in units},
            process_fulfils=closure(process_links, levels),
            kind_fulfils=closure(kind_links, known),
            areas=None if areas is None else frozenset(areas),
        )

    @classmethod
    def from_csv(cls, folder: Path) -> "Vocabulary":
        """From the catalogue's own files (categories, processes, certificate_kinds, units)."""

        def rows(name: str) -> list[dict[str, str]]:
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))

        def links(words: list[dict[str, str]]) -> list[tuple[str, str]]:
            return [(w["slug"], target) for w in words for target in w["satisfies"].split("|") if target]

        processes, kinds = rows("processes"), rows("certificate_kinds")
        return cls.from_rows(
            categories=[(r["slug"], r["parent"] or None, int(r["level"])) for r in rows("categories")],
            processes=[(r["slug"], int(r["level"])) for r in processes],
            process_links=links(processes),
            kinds=[
                (
                    r["slug"],
                    int(r["validity_months"]) if r["validity_months"] else None,
                    r["per_buyer"] == "yes",
                )
                for r in kinds
            ],
            kind_links=links(kinds),
            units=[(r["slug"], r["dimension"], r["factor_to_base"], r["base"]) for r in rows("units")],
        )

    def lies_in(self, category: str, scope: str) -> bool:
        """Whether a category is `scope` or lies under it."""
        at: str | None = category
        while at is not None:
            if at == scope:
                return True
            at = self.categories[at].parent
        return False

    def category_share(self, asked: str, offered: str) -> Fraction | None:
        """Share earned by the offer's category alone; None where only the process route is left."""
        family = self.categories[asked].family
        if family is None or self.categories[offered].family != family:
            return None
        if self.lies_in(offered, asked):
            return Fraction(1)
        return Fraction(4, 5) if offered == family else Fraction(3, 5)

    @cached_property
    def per_buyer(self) -> frozenset[str]:
        return frozenset(slug for slug, kind in self.kinds.items() if kind.per_buyer)


@dataclass(frozen=True, slots=True)
class Demands:
    """What a need asks for, sorted, each slug once: `gating` and `preferred` never share a kind."""

    processes: tuple[str, ...]
    gating: tuple[str, ...]
    preferred: tuple[str, ...]
    before_start: frozenset[str]
    asked: tuple[bool, ...]

    @classmethod
    def of(cls, need: Need, vocabulary: Vocabulary) -> "Demands":
        required = frozenset(need.required_certificates)
        before = required & vocabulary.per_buyer
        gating = tuple(sorted(required - before))
        preferred = tuple(sorted((frozenset(need.preferred_certificates) | before).difference(gating)))
        processes = tuple(sorted(set(need.required_processes)))
        asked = (
            True,
            bool(processes),
            bool(gating),
            bool(preferred),
            True,
            (need.max_lead_time_days or 0) >= 1,
            True,
        )
        return cls(processes, gating, preferred, before, asked)


def judged_on(need: Need, as_of: date) -> date:
    """The day for which a match is judged ("on"): the later of as_of and the need's start."""
    return max(as_of, need.start)


def province(area: str) -> str:
    return area[:2]


def regency(area: str) -> str | None:
    """Code of the regency or city; None for a province."""
    return area[:5] if len(area) > 2 else None


def area_within(area: str, outer: str) -> bool:
    return area == outer or area.startswith(f"{outer}.")


def nearness(asked: str | None, offered: str | None) -> int | None:
    """2 in the need's area or in one regency or city, 1 in one province, else 0; None where an area is missing."""
    if asked is None or offered is None:
        return None
    together = regency(asked) is not None and regency(asked) == regency(offered)
    if together or area_within(offered, asked):
        return 2
    return 1 if province(asked) == province(offered) else 0


def proximity_share(asked: str | None, offered: str | None) -> Fraction | None:
    near = nearness(asked, offered)
    return None if near is None else Fraction(near, 2)


def need_takes_part(*, is_open: bool, company_reviewed: bool, end: date, as_of: date) -> bool:
    return is_open and company_reviewed and end >= as_of


def ikm_takes_part(*, approved: bool, withdrawn: bool, confirmed_on: date | None, as_of: date) -> bool:
    """Approved, not withdrawn, confirmed not longer ago than the same day a year before (29 February: the 28th).

    A confirmation later than as_of counts: what is asked is whether the statement is too old."""
    if not approved or withdrawn or confirmed_on is None:
        return False
    leap = as_of.month == 2 and as_of.day == 29
    return confirmed_on >= as_of.replace(year=as_of.year - 1, day=28 if leap else as_of.day)
