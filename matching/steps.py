"""What single step would lift a match: each is tried by scoring again with that one fact changed. Pure: no Django.

`steps(match, vocabulary)` lists every step that would improve the match's place in the order of ranking: those that
lift the standing most come first, then those that lift `low` most; `best_step` is the first or None. Steps assume
the least that reaches the full points ("raise the capacity to ...") and claims, not proofs; `up_to` marks those
where a value that is missing today decides how much is really won.

Actions (params): obtain_certificate, renew_certificate, state_valid_until (kind); record_process (process);
offer_category (category); state_capacity, raise_capacity (capacity, unit); state_unit_mass; state_lead_time,
shorten_lead_time (days); state_area; and for the office verify_offer, verify_ikm, verify_process (process, key),
verify_certificate (kind, number, key). `who` takes it: ikm, buyer or office.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from matching.capacity import LIMIT, between, conversion, from_milli, milli, pools, quantity_per_month, used
from matching.facts import CLAIMED, VERIFIED, CertificateRecord, Ikm, Offer, ProcessRecord, Vocabulary
from matching.fulfilment import Requirement
from matching.pair import Match, explain

IKM, BUYER, OFFICE = "ikm", "buyer", "office"
HEAVIEST, LIGHTEST = Decimal("999999999.999"), Decimal("0.001")


@dataclass(frozen=True)
class Step:
    """`match` is what it would become."""

    action: str
    who: str
    match: Match
    low_gain: int
    params: dict[str, Any] = field(default_factory=dict)
    up_to: bool = False

    @property
    def place(self) -> tuple[int, int, int, int, int]:
        """What is still missing, then points, then proof: a proof lifts no points."""
        after = self.match
        return min(len(after.missing), 2), -after.low, after.group, -after.evidence, -after.high


@dataclass(frozen=True)
class Change:
    action: str
    who: str
    ikm: Ikm
    offer: Offer
    params: dict[str, Any] = field(default_factory=dict)
    up_to: bool = False


def place(match: Match) -> tuple[int, int, int, int]:
    return match.group, -match.low, -match.evidence, -match.high


def best_step(match: Match, vocabulary: Vocabulary) -> Step | None:
    return next(iter(steps(match, vocabulary)), None)


def steps(match: Match, vocabulary: Vocabulary) -> list[Step]:
    """Best first; of equals, in the order of the criteria."""
    found = []
    for make in (category, processes, certificates, capacity, lead_time, area, verifications):
        for change in make(match, vocabulary):
            after = explain(match.need, change.ikm, change.offer, vocabulary, match.policy, match.as_of)
            if after is not None and place(after) < place(match):
                gain = after.low - match.low
                found.append(Step(change.action, change.who, after, gain, change.params, change.up_to))
    return sorted(found, key=lambda step: step.place)


def offering(match: Match, **values: Any) -> tuple[Ikm, Offer]:
    """The IKM with the match's offer changed, and that offer."""
    changed = replace(match.offer, **values)
    offers = tuple(changed if offer == match.offer else offer for offer in match.ikm.offers)
    return replace(match.ikm, offers=offers), changed


def category(match: Match, vocabulary: Vocabulary) -> Iterator[Change]:
    if "category" in match.missing:
        wanted = Offer(ref=f"{match.offer.ref}+", category=match.need.category, unit=match.need.unit, key=-1)
        ikm = replace(match.ikm, offers=(*match.ikm.offers, wanted))
        yield Change("offer_category", IKM, ikm, wanted, {"category": match.need.category}, up_to=True)


def processes(match: Match, vocabulary: Vocabulary) -> Iterator[Change]:
    for wanted in unmet(match, "process"):
        ikm = replace(match.ikm, processes=(*match.ikm.processes, ProcessRecord(wanted.slug)))
        yield Change("record_process", IKM, ikm, match.offer, {"process": wanted.slug})


def certificates(match: Match, vocabulary: Vocabulary) -> Iterator[Change]:
    actions = {
        "ended": "renew_certificate",
        "ends_before_start": "renew_certificate",
        "no_end_date": "state_valid_until",
    }
    for wanted in (*unmet(match, "certification"), *unmet(match, "preference")):
        buyers = wanted.slug in vocabulary.per_buyer
        record = CertificateRecord(
            wanted.slug,
            valid_from=match.as_of,
            valid_until=max(match.on, match.need.end),
            for_company=match.need.company if buyers else None,
        )
        ikm = replace(match.ikm, certificates=(*match.ikm.certificates, record))
        action = actions.get(wanted.reason, "obtain_certificate")
        yield Change(action, BUYER if buyers else IKM, ikm, match.offer, {"kind": wanted.slug})


def unmet(match: Match, criterion: str) -> list[Requirement]:
    part = match.by_criterion.get(criterion)
    return [] if part is None else [r for r in part.finding.requirements if not r.met]


def capacity(match: Match, vocabulary: Vocabulary) -> Iterator[Change]:
    reason = match.by_criterion["capacity"].finding.reason
    if reason == "not_convertible":
        yield from unit_mass(match, vocabulary)
    elif reason in ("not_stated", "part_of", "nothing_free"):
        enough = enough_capacity(match, vocabulary)
        if enough is not None:
            ikm, offer = offering(match, capacity_per_month=enough)
            action = "state_capacity" if reason == "not_stated" else "raise_capacity"
            params: dict[str, Any] = {"capacity": enough, "unit": offer.unit}
            yield Change(action, IKM, ikm, offer, params, up_to=reason == "not_stated")


def enough_capacity(match: Match, vocabulary: Vocabulary) -> Decimal | None:
    """The least capacity with which the offer alone would suffice; None where no number would do."""
    factor = conversion(vocabulary, match.need, match.offer)
    own = used(match.offer, match.need.identity, match.on)
    taken = Fraction(0)
    for mate in next(pool for pool in pools(match.ikm.offers) if match.offer in pool):
        use = used(mate, match.need.identity, match.on)
        if use is None:
            return None
        if mate != match.offer and mate.capacity_per_month:
            taken += Fraction(use, milli(mate.capacity_per_month))
    if factor is None or own is None or taken >= 1:
        return None
    free = ceil(quantity_per_month(match.need) / factor)
    enough = ceil((free + own) / (1 - taken))
    return from_milli(enough) if enough < LIMIT else None


def unit_mass(match: Match, vocabulary: Vocabulary) -> Iterator[Change]:
    """Where the offer's own unit mass would settle the conversion; the need's is the buyer's to state."""
    way = between(vocabulary.units[match.need.unit], vocabulary.units[match.offer.unit])
    stated = match.offer.unit_mass_kg is not None
    if way is None or stated or (way[0] == "both" and match.need.unit_mass_kg is None):
        return
    ikm, offer = offering(match, unit_mass_kg=LIGHTEST if way[0] == "asked" else HEAVIEST)
    yield Change("state_unit_mass", IKM, ikm, offer, up_to=True)


def lead_time(match: Match, vocabulary: Vocabulary) -> Iterator[Change]:
    part = match.by_criterion.get("lead_time")
    if part is not None and part.finding.reason in ("longer", "not_stated"):
        days = match.need.max_lead_time_days
        ikm, offer = offering(match, lead_time_days=days)
        stated = part.finding.reason == "longer"
        action = "shorten_lead_time" if stated else "state_lead_time"
        yield Change(action, IKM, ikm, offer, {"days": days}, up_to=not stated)


def area(match: Match, vocabulary: Vocabulary) -> Iterator[Change]:
    if match.ikm.area is None and match.need.area is not None:
        yield Change("state_area", IKM, replace(match.ikm, area=match.need.area), match.offer, up_to=True)


def verifications(match: Match, vocabulary: Vocabulary) -> Iterator[Change]:
    ikm = match.ikm
    if match.offer.evidence == CLAIMED:
        yield Change("verify_offer", OFFICE, *offering(match, evidence=VERIFIED))
    if ikm.evidence == CLAIMED:
        yield Change("verify_ikm", OFFICE, replace(ikm, evidence=VERIFIED), match.offer)
    for i, record in enumerate(ikm.processes):
        if record.evidence == CLAIMED:
            records = (*ikm.processes[:i], replace(record, evidence=VERIFIED), *ikm.processes[i + 1 :])
            params: dict[str, Any] = {"process": record.process, "key": record.key}
            yield Change("verify_process", OFFICE, replace(ikm, processes=records), match.offer, params)
    for i, proof in enumerate(ikm.certificates):
        if proof.evidence == CLAIMED:
            proofs = (*ikm.certificates[:i], replace(proof, evidence=VERIFIED), *ikm.certificates[i + 1 :])
            params = {"kind": proof.kind, "number": proof.number, "key": proof.key}
            yield Change("verify_certificate", OFFICE, replace(ikm, certificates=proofs), match.offer, params)
