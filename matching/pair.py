"""One need and one offer, judged and explained: the form behind "Kenapa?". Pure: no Django.

`explain(need, ikm, offer, vocabulary, policy, as_of)` gives a `Match`, or None where the pair is no candidate. It has
a `Part` per criterion asked for (their points add up to `low`), the `Requirement`s with the records behind them, what
is free, and `entry()` for a list. `candidates(need, ikm, ...)` gives all offers of an IKM, `best_match` the one that
represents it. Reasons are codes with params; pages put them into words. Steps that would lift a match: matching.steps.

Evidence, as read from MATCHING.md: a criterion's points count as a whole or not at all. Points for processes,
certificates that gate and preferred ones rest on all the met ones together (they are one rounded share), so they count
when *each* met process or kind has a verified record that fulfils it; one met by claims alone leaves the criterion out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any

from matching.capacity import conversion, converted, free_capacity, from_milli, quantity_per_month
from matching.facts import (
    CRITERIA,
    REJECTED,
    STANDINGS,
    VERIFIED,
    Demands,
    Ikm,
    Need,
    Offer,
    Policy,
    Vocabulary,
    judged_on,
    proximity_share,
)
from matching.fulfilment import Requirement, Source, kind_requirements, process_requirements
from matching.ranking import Entry, order_class, representative

COMPARABLE = Fraction(4, 5)  # below it the offer was stated for another product


@dataclass(frozen=True, slots=True)
class Quantity:
    """Per month."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one criterion comes to before it has points. `share` None: unknown.

    `asked` and `offered`: category: slugs; process, certification, preference: tuples of slugs (asked, met);
    capacity: `Quantity`, both in the need's unit (offered None: unknown); lead_time: days; proximity: area codes."""

    share: Fraction | None
    verified: bool
    reason: str
    asked: Any
    offered: Any
    params: dict[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    criterion: str
    maximum: int
    finding: Finding

    @property
    def unknown(self) -> bool:
        return self.finding.share is None

    @property
    def share(self) -> Fraction | None:
        return self.finding.share

    @property
    def points(self) -> int:
        return 0 if self.share is None else floor(self.maximum * self.share + Fraction(1, 2))

    @property
    def verified_points(self) -> int:
        return self.points if self.finding.verified else 0


@dataclass(frozen=True)
class Match:
    """`free` is in the offer's unit, `free_converted` in the need's; None: unknown. `sufficient` None: unknown."""

    need: Need
    ikm: Ikm
    offer: Offer
    policy: Policy
    as_of: date
    on: date
    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    before_start: tuple[str, ...]
    proven: bool
    quantity_per_month: Quantity
    free: Quantity | None
    free_converted: Quantity | None

    @cached_property
    def low(self) -> int:
        return sum(part.points for part in self.parts)

    @cached_property
    def high(self) -> int:
        return sum(part.maximum if part.unknown else part.points for part in self.parts)

    @cached_property
    def evidence(self) -> int:
        return sum(part.verified_points for part in self.parts)

    @property
    def group(self) -> int:
        return order_class(len(self.missing), self.proven)

    @property
    def standing(self) -> str:
        return STANDINGS[min(len(self.missing), 2)]

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(part.criterion for part in self.parts if part.unknown)

    @property
    def sufficient(self) -> bool | None:
        return (
            None
            if self.free_converted is None
            else self.free_converted.value >= self.quantity_per_month.value
        )

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """All processes and kinds asked for, in the order of their criteria."""
        return tuple(r for part in self.parts for r in part.finding.requirements)

    @property
    def ending(self) -> tuple[Source, ...]:
        """Certificates that count but end before the need does: each record once."""
        ends = (s for r in self.requirements for s in r.sources[:1] if s.counts and s.ends_before_end)
        return tuple(dict.fromkeys(ends))

    @cached_property
    def by_criterion(self) -> dict[str, Part]:
        return {part.criterion: part for part in self.parts}

    def entry(self) -> Entry:
        parts = self.by_criterion
        free = self.free_converted
        return Entry(
            self.need.ref,
            self.need.identity,
            self.ikm.ref,
            self.ikm.identity,
            self.offer.ref,
            self.offer.identity,
            self.group,
            self.low,
            self.high,
            self.evidence,
            tuple((parts[c].points, parts[c].maximum) if c in parts else None for c in CRITERIA),
            self.unknown,
            self.missing,
            self.before_start,
            self.sufficient,
            None if free is None else int(free.value * 1000),
        )


def category_finding(need: Need, offer: Offer, holds_all: bool, vocabulary: Vocabulary) -> Finding | None:
    """None: the pair is no candidate."""
    share = vocabulary.category_share(need.category, offer.category)
    if share is None and not holds_all:
        return None
    reasons = {
        Fraction(1): "under",
        Fraction(4, 5): "family",
        Fraction(3, 5): "sibling",
        None: "process_route",
    }
    return Finding(
        Fraction(1, 4) if share is None else share,
        offer.evidence == VERIFIED,
        "same" if offer.category == need.category else reasons[share],
        need.category,
        offer.category,
        sources=(Source("offer", offer.category, offer.evidence, offer.identity),),
    )


def requirements_finding(found: tuple[Requirement, ...]) -> Finding:
    met = tuple(r for r in found if r.met)
    return Finding(
        None if found[0].reason == "none_recorded" else Fraction(len(met), len(found)),
        all(r.verified for r in met),
        "none_recorded" if found[0].reason == "none_recorded" else "met_of",
        tuple(r.slug for r in found),
        tuple(r.slug for r in met),
        {"met": len(met), "asked": len(found)},
        tuple(dict.fromkeys(r.sources[0] for r in met)),
        found,
    )


def capacity_finding(
    need: Need, offer: Offer, comparable: bool, free: int | None, vocabulary: Vocabulary
) -> tuple[Finding, int | None]:
    """And what is free, in thousandths of the need's unit."""
    asked = quantity_per_month(need)
    factor = conversion(vocabulary, need, offer)
    known = None if free is None or factor is None or not comparable else converted(free, factor)
    if known is not None:
        reason = "sufficient" if known >= asked else "nothing_free" if known == 0 else "part_of"
    elif not comparable:
        reason = "other_product"
    elif offer.capacity_per_month is None:
        reason = "not_stated"
    else:
        reason = "not_convertible" if factor is None else "reserved_unknown"
    finding = Finding(
        None if known is None else min(Fraction(1), Fraction(known, asked)),
        offer.evidence == VERIFIED,
        reason,
        Quantity(from_milli(asked), need.unit),
        None if known is None else Quantity(from_milli(known), need.unit),
        {
            "free": None if free is None else from_milli(free),
            "capacity": offer.capacity_per_month,
            "unit": offer.unit,
        },
        (Source("offer", offer.category, offer.evidence, offer.identity),),
    )
    return finding, known


def lead_time_finding(need: Need, offer: Offer, comparable: bool) -> Finding:
    longest, days = need.max_lead_time_days or 0, offer.lead_time_days
    if not comparable or days is None:
        share, reason = None, "not_stated" if comparable else "other_product"
    elif days <= longest:
        share, reason = Fraction(1), "within"
    else:
        share, reason = max(Fraction(0), 1 - Fraction(days - longest, longest)), "longer"
    return Finding(
        share,
        offer.evidence == VERIFIED,
        reason,
        longest,
        days,
        sources=(Source("offer", offer.category, offer.evidence, offer.identity),),
    )


def proximity_finding(need: Need, ikm: Ikm) -> Finding:
    share = proximity_share(need.area, ikm.area)
    reasons = {None: "area_missing", Fraction(1): "near", Fraction(1, 2): "same_province", Fraction(0): "far"}
    return Finding(
        share,
        ikm.evidence == VERIFIED,
        reasons[share],
        need.area,
        ikm.area,
        sources=(Source("ikm", ikm.ref, ikm.evidence, ikm.identity),),
    )


def what_is_missing(gating: tuple[Requirement, ...], comparable: bool) -> tuple[str, ...]:
    slugs = [r.slug for r in gating if not r.met and r.reason != "none_recorded"]
    if any(r.reason == "none_recorded" for r in gating):
        slugs.append("process")
    if not comparable:
        slugs.append("category")
    return tuple(sorted(slugs))


def explain(
    need: Need, ikm: Ikm, offer: Offer, vocabulary: Vocabulary, policy: Policy, as_of: date
) -> Match | None:
    """The match of one offer of `ikm` with `need`; None: no candidate (or the offer was rejected)."""
    if offer.evidence == REJECTED:
        return None
    on = judged_on(need, as_of)
    demands = Demands.of(need, vocabulary)
    processes = process_requirements(demands.processes, ikm, vocabulary)
    category = category_finding(need, offer, bool(processes) and all(r.met for r in processes), vocabulary)
    if category is None:
        return None
    comparable = category.share is not None and category.share >= COMPARABLE
    gating = kind_requirements(demands.gating, True, ikm, offer, need, vocabulary, as_of, on)
    preferred = kind_requirements(demands.preferred, False, ikm, offer, need, vocabulary, as_of, on)
    free = free_capacity(ikm, offer, need.identity, on)
    capacity, known = capacity_finding(need, offer, comparable, free, vocabulary)
    findings: dict[str, Callable[[], Finding]] = {
        "category": lambda: category,
        "process": lambda: requirements_finding(processes),
        "certification": lambda: requirements_finding(gating),
        "preference": lambda: requirements_finding(preferred),
        "capacity": lambda: capacity,
        "lead_time": lambda: lead_time_finding(need, offer, comparable),
        "proximity": lambda: proximity_finding(need, ikm),
    }
    maxima = policy.maxima(demands.asked)
    missing = what_is_missing((*processes, *gating), comparable)
    return Match(
        need=need,
        ikm=ikm,
        offer=offer,
        policy=policy,
        as_of=as_of,
        on=on,
        parts=tuple(
            Part(criterion, maximum, findings[criterion]())
            for criterion, maximum, asked in zip(CRITERIA, maxima, demands.asked, strict=True)
            if asked
        ),
        missing=missing,
        before_start=tuple(r.slug for r in preferred if not r.met and r.slug in demands.before_start),
        proven=not missing and offer.evidence == VERIFIED and all(r.verified for r in (*processes, *gating)),
        quantity_per_month=Quantity(from_milli(quantity_per_month(need)), need.unit),
        free=None if free is None else Quantity(from_milli(free), offer.unit),
        free_converted=None if known is None else Quantity(from_milli(known), need.unit),
    )


def candidates(need: Need, ikm: Ikm, vocabulary: Vocabulary, policy: Policy, as_of: date) -> list[Match]:
    """Every offer of the IKM that is a candidate, in the order of the offers."""
    matches = (explain(need, ikm, offer, vocabulary, policy, as_of) for offer in ikm.offers)
    return [match for match in matches if match is not None]


def best_match(need: Need, ikm: Ikm, vocabulary: Vocabulary, policy: Policy, as_of: date) -> Match | None:
    """The offer that represents the IKM for this need."""
    matches = candidates(need, ikm, vocabulary, policy, as_of)
    if not matches:
        return None
    entries = [match.entry() for match in matches]
    return matches[entries.index(representative(entries))]
