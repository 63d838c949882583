"""Arrays over the candidate pairs of one need, and the rows and entries made of them. Pure: numpy, no Django.

`PairScores` comes from `matching.scoring.Scorer.score`. Positions are places in its arrays; `best()` picks one row per
IKM, `entries_at(positions)` writes rows out as `matching.ranking.Entry`, equal to those of the one-pair form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.capacity import conversion, converted
from matching.facts import CRITERIA, Demands, Need
from matching.ranking import Entry
from matching.reach import UNKNOWN
from matching.supply import Ends, Supply

BITS = {criterion: 1 << i for i, criterion in enumerate(CRITERIA)}


@dataclass(frozen=True, slots=True)
class Plan:
    """A need made ready. `quantity`: thousandths per month; `maxima` per criterion, 0 where not asked for."""

    need: Need
    demands: Demands
    on: date
    quantity: int
    maxima: tuple[int, ...]
    family: str | None
    crc: int


class Candidates:
    """Offers (ascending) with their columns, and which of the required processes their IKM hold."""

    def __init__(self, supply: Supply, offers: np.ndarray, processes: Sequence[str]):
        self.supply, self.offers = supply, offers
        self.ikm = supply.ikm[offers]
        self.starts = np.flatnonzero(np.diff(self.ikm, prepend=-1))
        self.category = supply.category[offers]
        self.unit = supply.unit[offers]
        self.verified = supply.verified[offers]
        self.ikm_verified = supply.ikm_verified[self.ikm]
        self.area = supply.area[self.ikm]
        self.free = supply.free[offers]
        self.recorded = supply.recorded[self.ikm]
        self.held = stacked([supply.held[p][self.ikm] for p in processes], len(offers))
        self.held_count = self.held.sum(axis=0, dtype=np.int16)
        verified = stacked([supply.held_verified[p][self.ikm] for p in processes], len(offers))
        self.held_verified_count = verified.sum(axis=0, dtype=np.int16)
        self._ends: dict[str, Ends] = {}

    def __len__(self) -> int:
        return len(self.offers)

    def met(self, kinds: Sequence[str], plan: Plan) -> tuple[np.ndarray, np.ndarray]:
        """(kinds, n): has a record that fulfils the kind on the day; has a verified one."""
        pairs = [self._met(kind, plan) for kind in kinds]
        return stacked([claimed for claimed, _ in pairs], len(self)), stacked(
            [v for _, v in pairs], len(self)
        )

    def _met(self, kind: str, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
        if kind not in self._ends:
            whole = self.supply.ends[kind]
            self._ends[kind] = Ends(whole.claimed[self.offers], whole.verified[self.offers])
        ends, day = self._ends[kind], plan.on.toordinal()
        claimed, verified = ends.claimed >= day, ends.verified >= day
        scoped = self.supply.scoped.get((plan.need.company, kind))
        if scoped is not None and len(self):
            at = np.minimum(np.searchsorted(self.offers, scoped.offers), len(self) - 1)
            here = self.offers[at] == scoped.offers
            claimed[at[here & (scoped.claimed >= day)]] = True
            verified[at[here & (scoped.verified >= day)]] = True
        return claimed, verified


def stacked(columns: Sequence[np.ndarray], length: int) -> np.ndarray:
    return np.array(columns, bool).reshape(len(columns), length)


@dataclass(frozen=True)
class PairScores:
    """Arrays over the candidate pairs of one need, offers ascending (index of the supply).

    points: (7, n), 0 where unknown; unknown: bits by BITS; group: 0 proven, 1 qualified, 2 near, 3 partial; missing:
    how many things; comparable: category share >= 0.8; gating, preferred, held: (kinds or processes, n), what is met;
    free: thousandths of the offer's unit; reachable: thousandths of the need's unit, at most its quantity per month;
    both -1 where unknown."""

    plan: Plan
    candidates: Candidates
    points: np.ndarray
    unknown: np.ndarray
    low: np.ndarray
    high: np.ndarray
    evidence: np.ndarray
    group: np.ndarray
    missing: np.ndarray
    comparable: np.ndarray
    gating: np.ndarray
    preferred: np.ndarray
    free: np.ndarray
    reachable: np.ndarray

    def __len__(self) -> int:
        return len(self.candidates)

    @property
    def offers(self) -> np.ndarray:
        return self.candidates.offers

    @property
    def proven(self) -> np.ndarray:
        return self.group == 0

    @property
    def sufficient(self) -> np.ndarray:
        """1, 0, or -1 where unknown."""
        return np.where(self.reachable == UNKNOWN, UNKNOWN, self.reachable >= self.plan.quantity).astype(
            np.int8
        )

    def best(self) -> "Rows":
        group, low, evidence, high = (
            column.astype(np.uint64) for column in (self.group, self.low, self.evidence, self.high)
        )
        thousand = np.uint64(1000)
        rank = group << 30 | (thousand - low) << 20 | (thousand - evidence) << 10 | (thousand - high)
        rank <<= 32
        at = np.zeros(0, np.int64)
        if len(rank):
            place = np.minimum.reduceat(rank | np.arange(len(rank), dtype=np.uint64), self.candidates.starts)
            at = (place & 0xFFFFFFFF).astype(np.int64)
        ikm = self.candidates.ikm[at]
        ties = (self.candidates.supply.crc[ikm] ^ np.uint32(self.plan.crc)).astype(np.uint64)
        return Rows(at, ikm, self.offers[at], rank[at] | ties, self.group[at])

    def entries_at(self, positions: np.ndarray) -> list[Entry]:
        """In the order of `positions`."""
        return [self._entry(*row) for row in self._columns(positions)]

    def _columns(self, at: np.ndarray):
        columns = (
            self.offers,
            self.candidates.ikm,
            self.group,
            self.low,
            self.high,
            self.evidence,
            self.points.T,
            self.unknown,
            self.gating.T,
            self.preferred.T,
            self.candidates.held.T,
            self.candidates.recorded,
            self.comparable,
            self.free,
            self.reachable,
        )
        return zip(*(column[at].tolist() for column in columns), strict=True)

    def _entry(
        self,
        offer,
        ikm,
        group,
        low,
        high,
        evidence,
        points,
        unknown,
        gating,
        preferred,
        held,
        recorded,
        comparable,
        free,
        reachable,
    ) -> Entry:
        plan, supply = self.plan, self.candidates.supply
        demands = plan.demands
        missing = [kind for kind, met in zip(demands.gating, gating, strict=True) if not met]
        if recorded:
            missing += [process for process, met in zip(demands.processes, held, strict=True) if not met]
        elif demands.processes:
            missing.append("process")
        if not comparable:
            missing.append("category")
        unmet = (kind for kind, met in zip(demands.preferred, preferred, strict=True) if not met)
        sufficient = None if reachable == UNKNOWN else reachable >= plan.quantity
        if sufficient:
            factor = conversion(supply.vocabulary, plan.need, supply.offers[offer])
            reachable = free if factor is None else converted(free, factor)
        return Entry(
            plan.need.ref,
            plan.need.identity,
            supply.ikms[ikm].ref,
            supply.ikms[ikm].identity,
            supply.offers[offer].ref,
            supply.offers[offer].identity,
            group,
            low,
            high,
            evidence,
            tuple(
                (earned, maximum) if asked else None
                for earned, maximum, asked in zip(points, plan.maxima, demands.asked, strict=True)
            ),
            tuple(criterion for criterion, bit in BITS.items() if unknown & bit),
            tuple(sorted(missing)),
            tuple(kind for kind in unmet if kind in demands.before_start),
            sufficient,
            None if sufficient is None else reachable,
        )


@dataclass(frozen=True)
class Rows:
    """One row per IKM. `at`: positions in the PairScores; `key`: the order within a need and within an IKM alike,
    smaller first; equal keys: by index, which follows the ref."""

    at: np.ndarray
    ikm: np.ndarray
    offer: np.ndarray
    key: np.ndarray
    group: np.ndarray

    def first(self, size: int) -> np.ndarray:
        """Positions in the PairScores of the first rows, in order."""
        near = np.arange(len(self.key))
        if len(self.key) > size:
            near = np.flatnonzero(self.key <= np.partition(self.key, size - 1)[size - 1])
        return self.at[near[np.argsort(self.key[near], kind="stable")][:size]]

    def counts(self) -> tuple[int, int, int, int]:
        proven, qualified, near, partial = np.bincount(self.group, minlength=4).tolist()
        return proven, qualified, near, partial
