"""Arrays over the candidate pairs of one need, and the rows and entries made of them. Pure: numpy, no Django.

`PairScores` comes from `matching.scoring.Scorer.score`. Positions are places in its arrays; `best()` picks one row per
IKM, `entries_at(positions)` writes rows out as `matching.ranking.Entry`, equal to those of the one-pair form.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

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
        return Writer(self).entries(positions)


class Writer:
    """Makes entries of positions. Rows of one need share most of their words and points, so these are made once."""

    def __init__(self, scores: PairScores):
        self.scores, self.plan, self.supply = scores, scores.plan, scores.candidates.supply
        self._points: dict[bytes, tuple[tuple[int, int] | None, ...]] = {}
        self._words: dict[bytes, tuple[tuple[str, ...], ...]] = {}
        self._factors: dict[tuple[str, Decimal | None], Fraction | None] = {}

    def entries(self, at: np.ndarray) -> list[Entry]:
        scores, c, need = self.scores, self.scores.candidates, self.plan.need
        points = self._points_of(np.ascontiguousarray(scores.points[:, at].T))
        state = [scores.unknown[None], c.recorded[None], scores.comparable[None], c.held, scores.gating]
        words = self._words_of(np.ascontiguousarray(np.vstack([*state, scores.preferred])[:, at].T))
        columns = (c.offers, c.ikm, scores.group, scores.low, scores.high, scores.evidence)
        numbers = zip(*(column[at].tolist() for column in columns), strict=True)
        free = self._free_of(scores.free[at], scores.reachable[at], scores.offers[at])
        ikms, offers = self.supply.ikms, self.supply.offers
        return [
            Entry._make(
                (
                    need.ref,
                    need.identity,
                    ikms[ikm].ref,
                    ikms[ikm].identity,
                    offers[offer].ref,
                    offers[offer].identity,
                    *four,
                    earned,
                    *said,
                    *left,
                )
            )
            for (offer, ikm, *four), earned, said, left in zip(numbers, points, words, free, strict=True)
        ]

    def _points_of(self, rows: np.ndarray) -> Iterator[tuple[tuple[int, int] | None, ...]]:
        for row, key in zip(rows, keys(rows), strict=True):
            if key not in self._points:
                trios = zip(row.tolist(), self.plan.maxima, self.plan.demands.asked, strict=True)
                self._points[key] = tuple((earned, most) if asked else None for earned, most, asked in trios)
            yield self._points[key]

    def _words_of(self, rows: np.ndarray) -> Iterator[tuple[tuple[str, ...], ...]]:
        """Unknown, missing and before_start, from the state: see `entries` for its order."""
        for row, key in zip(rows, keys(rows), strict=True):
            if key not in self._words:
                unknown, recorded, comparable, *met = row.tolist()
                self._words[key] = self._say(unknown, recorded, comparable, met)
            yield self._words[key]

    def _say(
        self, unknown: int, recorded: int, comparable: int, met: list[int]
    ) -> tuple[tuple[str, ...], ...]:
        demands = self.plan.demands
        asked = [*demands.processes, *demands.gating, *demands.preferred]
        unmet = [slug for slug, one in zip(asked, met, strict=True) if not one]
        held, gates = len(demands.processes), len(demands.processes) + len(demands.gating)
        missing = [slug for slug, one in zip(asked[held:gates], met[held:gates], strict=True) if not one]
        if recorded:
            missing += [slug for slug, one in zip(asked[:held], met[:held], strict=True) if not one]
        elif held:
            missing.append("process")
        if not comparable:
            missing.append("category")
        return (
            tuple(criterion for criterion, bit in BITS.items() if unknown & bit),
            tuple(sorted(missing)),
            tuple(sorted(demands.before_start.intersection(unmet))),
        )

    def _free_of(
        self, free: np.ndarray, reachable: np.ndarray, offers: np.ndarray
    ) -> Iterator[tuple[bool | None, int | None]]:
        """Sufficient, and all that is free in the need's unit: `reachable` stops at the quantity."""
        for own, reached, index in zip(free.tolist(), reachable.tolist(), offers.tolist(), strict=True):
            if reached == UNKNOWN:
                yield None, None
            elif reached < self.plan.quantity:
                yield False, reached
            else:
                offer = self.supply.offers[index]
                way = offer.unit, offer.unit_mass_kg
                if way not in self._factors:
                    self._factors[way] = conversion(self.supply.vocabulary, self.plan.need, offer)
                yield True, converted(own, self._factors[way] or Fraction(1))


def keys(rows: np.ndarray) -> Iterator[bytes]:
    """The bytes of each row of a contiguous array."""
    whole, size = rows.tobytes(), rows.itemsize * rows.shape[1]
    return (whole[i * size : (i + 1) * size] for i in range(len(rows)))


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
