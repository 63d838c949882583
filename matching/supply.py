"""Supply as arrays, compiled once and scored against any number of needs. Pure: numpy, no Django.

`Supply.of(ikms, vocabulary, as_of)` keeps, per IKM and per offer, one column per fact. IKM stand in order of ref and
offers in order of IKM and product ref, so that a smaller index wins a tie as the rule has it. Quantities are int64
thousandths, days ordinals. Costs about 2 s for 100,000 IKM; a `Supply` of one IKM serves to patch lists.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from zlib import crc32

import numpy as np

from ikm.free import free_in_pool
from matching.capacity import milli, pools, used
from matching.facts import NIB, REJECTED, VERIFIED, Ikm, Key, Offer, Vocabulary

FOR_EVER = 4_000_000  # later than any date's ordinal
UNKNOWN = -1
DAY_BITS = 23


@dataclass(frozen=True)
class Ends:
    """Last day on which an offer has something that fulfils a kind: any record, and verified ones; 0: never."""

    claimed: np.ndarray
    verified: np.ndarray


@dataclass(frozen=True)
class Scoped:
    """The same from records that name a company, for the offers concerned only (`offers` ascending)."""

    offers: np.ndarray
    claimed: np.ndarray
    verified: np.ndarray


@dataclass(frozen=True)
class Supply:
    vocabulary: Vocabulary
    as_of: date
    ikms: tuple[Ikm, ...]
    offers: tuple[Offer, ...]
    category_index: dict[str, int]
    unit_index: dict[str, int]
    area_index: dict[str | None, int]
    # per IKM
    crc: np.ndarray
    ikm_verified: np.ndarray
    area: np.ndarray
    recorded: np.ndarray
    held: dict[str, np.ndarray]
    held_verified: dict[str, np.ndarray]
    # per offer
    ikm: np.ndarray
    category: np.ndarray
    unit: np.ndarray
    mass: np.ndarray
    lead: np.ndarray
    verified: np.ndarray
    free: np.ndarray
    ends: dict[str, Ends]
    scoped: dict[tuple[Key, str], Scoped]
    families: dict[str, np.ndarray]
    reserved: "Reserved"

    @classmethod
    def of(cls, ikms: Iterable[Ikm], vocabulary: Vocabulary, as_of: date) -> "Supply":
        ordered = tuple(sorted(ikms, key=lambda i: (i.ref, i.identity)))
        offers: list[Offer] = []
        owner: list[int] = []
        first = [0]
        for index, ikm in enumerate(ordered):
            own = sorted((o for o in ikm.offers if o.evidence != REJECTED), key=lambda o: (o.ref, o.identity))
            offers += own
            owner += [index] * len(own)
            first.append(len(offers))
        category_index = {slug: i for i, slug in enumerate(vocabulary.categories)}
        unit_index = {slug: i for i, slug in enumerate(vocabulary.units)}
        area_index: dict[str | None, int] = {None: 0}
        for ikm in ordered:
            area_index.setdefault(ikm.area, len(area_index))
        held, held_verified, recorded = process_columns(ordered, vocabulary)
        ends, scoped = certificate_columns(ordered, offers, first, vocabulary, as_of)
        free, reserved = capacity_columns(ordered, offers, first)
        families: dict[str, list[int]] = defaultdict(list)
        for index, offer in enumerate(offers):
            family = vocabulary.categories[offer.category].family
            if family is not None:
                families[family].append(index)
        return cls(
            vocabulary=vocabulary,
            as_of=as_of,
            ikms=ordered,
            offers=tuple(offers),
            category_index=category_index,
            unit_index=unit_index,
            area_index=area_index,
            crc=np.fromiter((crc32(i.ref.encode()) for i in ordered), np.uint32, len(ordered)),
            ikm_verified=np.fromiter((i.evidence == VERIFIED for i in ordered), bool, len(ordered)),
            area=np.fromiter((area_index[i.area] for i in ordered), np.int32, len(ordered)),
            recorded=recorded,
            held=held,
            held_verified=held_verified,
            ikm=np.array(owner, np.int32),
            category=np.fromiter((category_index[o.category] for o in offers), np.int32, len(offers)),
            unit=np.fromiter((unit_index[o.unit] for o in offers), np.int32, len(offers)),
            mass=np.fromiter(
                (UNKNOWN if o.unit_mass_kg is None else milli(o.unit_mass_kg) for o in offers),
                np.int64,
                len(offers),
            ),
            lead=np.fromiter(
                (UNKNOWN if o.lead_time_days is None else o.lead_time_days for o in offers),
                np.int64,
                len(offers),
            ),
            verified=np.fromiter((o.evidence == VERIFIED for o in offers), bool, len(offers)),
            free=free,
            ends=ends,
            scoped=scoped,
            families={family: np.array(indexes, np.int32) for family, indexes in families.items()},
            reserved=reserved,
        )


def process_columns(
    ikms: Sequence[Ikm], vocabulary: Vocabulary
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], np.ndarray]:
    """Per process, which IKM hold it, and hold it by a verified record; and which have recorded any."""
    held = {slug: np.zeros(len(ikms), bool) for slug in vocabulary.processes}
    verified = {slug: np.zeros(len(ikms), bool) for slug in vocabulary.processes}
    recorded = np.zeros(len(ikms), bool)
    holders: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for index, ikm in enumerate(ikms):
        for record in ikm.processes:
            if record.evidence != REJECTED:
                holders[record.process, record.evidence == VERIFIED].append(index)
    for (process, is_verified), indexes in holders.items():
        recorded[indexes] = True
        for reached in vocabulary.process_fulfils[process]:
            held[reached][indexes] = True
            if is_verified:
                verified[reached][indexes] = True
    return held, verified, recorded


def certificate_columns(
    ikms: Sequence[Ikm], offers: Sequence[Offer], first: Sequence[int], vocabulary: Vocabulary, as_of: date
) -> tuple[dict[str, Ends], dict[tuple[Key, str], Scoped]]:
    """What `matching.fulfilment` decides record by record, but for the day and the company of the need.

    Records are gathered as (kind, company, verified) -> offers and last days, then each kind's closure is filled."""
    gathered: dict[tuple[str, Key | None, bool], tuple[list[int], list[int]]] = {}

    def add(kind: str, company: Key | None, is_verified: bool, places: Iterable[int], until: int) -> None:
        where, days = gathered.setdefault((kind, company, is_verified), ([], []))
        before = len(where)
        where.extend(places)
        days.extend([until] * (len(where) - before))

    scopes: dict[tuple[str, str], bool] = {}

    def in_scope(category: str, scope: str) -> bool:
        if (category, scope) not in scopes:
            scopes[category, scope] = vocabulary.lies_in(category, scope)
        return scopes[category, scope]

    for index, ikm in enumerate(ikms):
        own = range(first[index], first[index + 1])
        if not own:
            continue
        if ikm.nib and NIB in vocabulary.kinds:
            add(NIB, None, ikm.evidence == VERIFIED, own, FOR_EVER)
        for record in ikm.certificates:
            kind = vocabulary.kinds[record.kind]
            if (
                record.evidence == REJECTED
                or (record.valid_from is not None and record.valid_from > as_of)
                or (record.for_company is None and kind.per_buyer)
                or (record.valid_until is None and kind.validity_months is not None)
            ):
                continue
            until = FOR_EVER if record.valid_until is None else record.valid_until.toordinal()
            scope = record.category
            places = own if scope is None else [i for i in own if in_scope(offers[i].category, scope)]
            add(record.kind, record.for_company, record.evidence == VERIFIED, places, until)

    ends = {
        slug: Ends(np.zeros(len(offers), np.int32), np.zeros(len(offers), np.int32))
        for slug in vocabulary.kinds
    }
    named: dict[tuple[Key, str], list[tuple[bool, np.ndarray, np.ndarray]]] = defaultdict(list)
    for (slug, company, is_verified), (where, days) in gathered.items():
        at, last = np.array(where, np.int32), np.array(days, np.int32)
        for reached in vocabulary.kind_fulfils[slug]:
            if company is not None:
                named[company, reached].append((is_verified, at, last))
                continue
            np.maximum.at(ends[reached].claimed, at, last)
            if is_verified:
                np.maximum.at(ends[reached].verified, at, last)
    return ends, {place: scoped_ends(records) for place, records in named.items()}


def scoped_ends(records: Sequence[tuple[bool, np.ndarray, np.ndarray]]) -> Scoped:
    concerned = np.unique(np.concatenate([places for _, places, _ in records]))
    claimed, verified = np.zeros(len(concerned), np.int32), np.zeros(len(concerned), np.int32)
    for is_verified, places, until in records:
        at = np.searchsorted(concerned, places)
        np.maximum.at(claimed, at, until)
        if is_verified:
            np.maximum.at(verified, at, until)
    return Scoped(concerned, claimed, verified)


@dataclass(frozen=True)
class Reserved:
    """What reservations change, for the offers whose pool has any.

    `slot`: per offer its place among those offers, or -1. What is free of a place is constant between the days on which
    letters start or end: `keys` are place << DAY_BITS | first day, ascending; `free` the thousandths from then on.
    `serving`: need -> the offers whose pool has a reservation for that very need."""

    slot: np.ndarray
    keys: np.ndarray
    free: np.ndarray
    serving: dict[Key, tuple[int, ...]]
    pools: dict[int, tuple[Offer, ...]]

    def free_on(self, offers: np.ndarray, free: np.ndarray, on: date, need: Key) -> np.ndarray:
        """`free` (of `offers`, without reservations) as it is on a day for a need."""
        if not len(self.keys):
            return free
        slot = self.slot[offers]
        touched = np.flatnonzero(slot >= 0)
        if len(touched):
            wanted = slot[touched].astype(np.int64) << DAY_BITS | on.toordinal()
            free = free.copy()
            free[touched] = self.free[np.searchsorted(self.keys, wanted, side="right") - 1]
        for offer in self.serving.get(need, ()):
            place = np.searchsorted(offers, offer)
            if place < len(offers) and offers[place] == offer:
                free[place] = self._alone(offer, on, need)
        return free

    def _alone(self, offer: int, on: date, need: Key) -> int:
        member, *others = self.pools[offer]
        return pool_free([member, *others], need, on)[0]


NO_NEED: Key = ""  # nobody's identity


def pool_free(pool: Sequence[Offer], need: Key, on: date) -> list[int]:
    members = [
        (None if o.capacity_per_month is None else milli(o.capacity_per_month), used(o, need, on))
        for o in pool
    ]
    return [UNKNOWN if free is None else free for free in free_in_pool(members)]


def capacity_columns(
    ikms: Sequence[Ikm], offers: Sequence[Offer], first: Sequence[int]
) -> tuple[np.ndarray, Reserved]:
    """Free thousandths per offer without any reservation (-1: unknown), and what reservations change."""
    free = np.full(len(offers), UNKNOWN, np.int64)
    slot = np.full(len(offers), UNKNOWN, np.int32)
    keys: list[int] = []
    values: list[int] = []
    serving: dict[Key, list[int]] = defaultdict(list)
    mates: dict[int, tuple[Offer, ...]] = {}
    for index in range(len(ikms)):
        own = offers[first[index] : first[index + 1]]
        place = {offer.ref: first[index] + i for i, offer in enumerate(own)}
        for pool in pools(own):
            places = [place[offer.ref] for offer in pool]
            reservations = [r for offer in pool for r in offer.reservations]
            if not reservations:
                free[places] = pool_free(pool, NO_NEED, date.min)
                continue
            days = sorted(
                {date.min, *(r.starts for r in reservations), *(day_after(r.ends) for r in reservations)}
            )
            course = [pool_free(pool, NO_NEED, day) for day in days]
            for i, at in enumerate(places):
                number = len(mates)
                slot[at] = number
                keys += [number << DAY_BITS | day.toordinal() for day in days]
                values += [step[i] for step in course]
                mates[at] = (pool[i], *(o for j, o in enumerate(pool) if j != i))
                for need in {r.serves_need for r in reservations if r.serves_need is not None}:
                    serving[need].append(at)
    return free, Reserved(
        slot,
        np.array(keys, np.int64),
        np.array(values, np.int64),
        {need: tuple(places) for need, places in serving.items()},
        mates,
    )


def day_after(day: date) -> date:
    return date.fromordinal(min(day.toordinal() + 1, date.max.toordinal()))
