"""The array form: one need against all its candidates at once, exactly as matching.pair judges one by one. Pure: numpy.

    supply = Supply.of(ikms, vocabulary, as_of)      # matching.supply
    scorer = Scorer(supply, policy)
    scorer.score(need)             -> PairScores: arrays over all candidate pairs (matching.pairs)
    scorer.kept_list(need)         -> KeptList of the need
    scorer.entries(need)           -> one Entry per candidate IKM, in order of IKM (with a supply of one IKM: to patch)
    scorer.block(needs, ikm_lists) -> (need, KeptList) for each, in an order of its own; feeds matching.ikm_lists

Candidates come from the category's family and, where processes are required, from the IKM that hold them all: other
pairs are never looked at. All arithmetic is in whole numbers. A Scorer is for one thread.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from matching.capacity import milli, quantity_per_month
from matching.facts import Demands, Need, Policy, judged_on, nearness
from matching.pairs import BITS, Candidates, PairScores, Plan
from matching.ranking import KEEP, RESERVE, Entry, KeptList
from matching.reach import UNKNOWN, reach
from matching.supply import Supply

if TYPE_CHECKING:
    from matching.ikm_lists import IkmLists

CATEGORY_SHARES = (Fraction(1), Fraction(4, 5), Fraction(3, 5), Fraction(1, 4))
COMPARABLE = 1  # the last place in CATEGORY_SHARES where capacity and lead time count
PROXIMITY_SHARES = (Fraction(0), Fraction(1, 2), Fraction(1), None)  # by nearness
AREA_MISSING = 3
CACHED = 8


def rounded(maximum: int, share: Fraction | None) -> int:
    """floor(maximum * share + 1/2); 0 where unknown."""
    if share is None:
        return 0
    return (2 * maximum * share.numerator + share.denominator) // (2 * share.denominator)


def table(maximum: int, shares: Iterable[Fraction | None]) -> np.ndarray:
    return np.array([rounded(maximum, share) for share in shares], np.int16)


def of_whole(maximum: int, whole: int) -> np.ndarray:
    """Points for 0, 1, ... of `whole` that are met."""
    return table(maximum, (Fraction(met, whole) for met in range(whole + 1)))


class Scorer:
    """Scores needs against one supply under one policy. Keeps the last few candidate sets."""

    def __init__(self, supply: Supply, policy: Policy):
        self.supply, self.policy, self.vocabulary = supply, policy, supply.vocabulary
        self.units = [self.vocabulary.units[slug] for slug in supply.unit_index]
        self._candidates: dict[tuple[str | None, tuple[str, ...]], Candidates] = {}
        self._maxima: dict[tuple[bool, ...], tuple[int, ...]] = {}
        self._category: dict[str, np.ndarray] = {}
        self._proximity: dict[str | None, np.ndarray] = {}

    def plan(self, need: Need) -> Plan:
        demands = Demands.of(need, self.vocabulary)
        if demands.asked not in self._maxima:
            self._maxima[demands.asked] = self.policy.maxima(demands.asked)
        return Plan(
            need,
            demands,
            judged_on(need, self.supply.as_of),
            quantity_per_month(need),
            self._maxima[demands.asked],
            self.vocabulary.categories[need.category].family,
            crc32(need.ref.encode()),
        )

    def candidates(self, plan: Plan) -> Candidates:
        wanted = plan.family, plan.demands.processes
        if wanted not in self._candidates:
            if len(self._candidates) >= CACHED:
                del self._candidates[next(iter(self._candidates))]
            self._candidates[wanted] = Candidates(self.supply, self._let_in(*wanted), wanted[1])
        return self._candidates[wanted]

    def _let_in(self, family: str | None, processes: tuple[str, ...]) -> np.ndarray:
        related = self.supply.families.get(family or "", np.zeros(0, np.int32))
        if not processes:
            return related
        holds_all = np.logical_and.reduce([self.supply.held[p] for p in processes])
        let_in = holds_all[self.supply.ikm]
        let_in[related] = True
        return np.flatnonzero(let_in).astype(np.int32)

    def _category_codes(self, asked: str) -> np.ndarray:
        """Per category, the place in CATEGORY_SHARES that an offer of it earns."""
        if asked not in self._category:
            shares = (self.vocabulary.category_share(asked, slug) for slug in self.supply.category_index)
            codes = [CATEGORY_SHARES.index(Fraction(1, 4) if share is None else share) for share in shares]
            self._category[asked] = np.array(codes, np.int8)
        return self._category[asked]

    def _proximity_codes(self, asked: str | None) -> np.ndarray:
        """Per area of the supply, the place in PROXIMITY_SHARES."""
        if asked not in self._proximity:
            near = (nearness(asked, area) for area in self.supply.area_index)
            codes = [AREA_MISSING if code is None else code for code in near]
            self._proximity[asked] = np.array(codes, np.int8)
        return self._proximity[asked]

    def score(self, need: Need, offers: np.ndarray | None = None) -> PairScores:
        """All candidate pairs of the need; or just those of `offers` (ascending), all of which must be candidates."""
        plan = self.plan(need)
        if offers is None:
            return Judging(self, plan, self.candidates(plan)).scores()
        return Judging(self, plan, Candidates(self.supply, offers, plan.demands.processes)).scores()

    def entries(self, need: Need) -> list[Entry]:
        plan = self.plan(need)
        if not len(self.candidates(plan)):
            return []
        scores = Judging(self, plan, self.candidates(plan)).scores()
        return scores.entries_at(scores.best().at)

    def kept_list(
        self,
        need: Need,
        ikm_lists: "IkmLists | None" = None,
        number: int = 0,
        *,
        keep: int = KEEP,
        reserve: int = RESERVE,
    ) -> KeptList:
        """`ikm_lists` also takes the need's rows, under `number`: the place of the need in order of (ref, identity)."""
        scores = self.score(need)
        rows = scores.best()
        if ikm_lists is not None:
            ikm_lists.add(number, rows)
        entries = scores.entries_at(rows.first(keep + reserve))
        return KeptList.of_first(
            "need", need.ref, need.identity, entries, rows.counts(), keep=keep, reserve=reserve
        )

    def block(
        self, needs: Iterable[Need], ikm_lists: "IkmLists | None" = None, first: int = 0
    ) -> Iterator[tuple[Need, KeptList]]:
        """Needs of one family and one set of processes come together, since they share their candidates.

        `first`: the number of the first need, where the block is a run of a longer list in order of (ref, identity)."""
        ordered = sorted(needs, key=lambda n: (n.ref, n.identity))
        numbered = [
            (self.vocabulary.categories[n.category].family or "", n.required_processes, i)
            for i, n in enumerate(ordered)
        ]
        for _, _, i in sorted(numbered):
            yield ordered[i], self.kept_list(ordered[i], ikm_lists, first + i)


class Judging:
    """The criteria of one need over its candidates; each gives points, and most give what is met or known besides."""

    def __init__(self, scorer: Scorer, plan: Plan, candidates: Candidates):
        self.scorer, self.plan, self.c = scorer, plan, candidates
        self.supply, self.demands = scorer.supply, plan.demands
        self.length = len(candidates)
        self.maximum = dict(zip(BITS, plan.maxima, strict=True))
        self.points = np.zeros((len(BITS), self.length), np.int16)
        self.verified = np.zeros((len(BITS), self.length), bool)
        self.unknown = np.zeros(self.length, np.uint8)
        self.missing = np.zeros(self.length, np.int16)
        self.proven = candidates.verified.copy()

    def note(
        self, criterion: str, points: np.ndarray, verified: np.ndarray, unknown: np.ndarray | None = None
    ) -> None:
        row = list(BITS).index(criterion)
        self.points[row] = points
        self.verified[row] = verified
        if unknown is not None:
            self.points[row, unknown] = 0
            self.unknown[unknown] |= BITS[criterion]

    def scores(self) -> PairScores:
        comparable = self.category()
        self.processes()
        gating = self.certificates("certification", self.demands.gating, gates=True)
        preferred = self.certificates("preference", self.demands.preferred, gates=False)
        free, reachable = self.capacity(comparable)
        self.lead_time(comparable)
        self.proximity()
        low = self.points.sum(axis=0, dtype=np.int16)
        maxima = np.array(self.plan.maxima, np.int16)
        open_points = sum((self.unknown >> i & 1) * maxima[i] for i in range(len(maxima)))
        proven = self.proven & (self.missing == 0)
        return PairScores(
            plan=self.plan,
            candidates=self.c,
            points=self.points,
            unknown=self.unknown,
            low=low,
            high=low + open_points,
            evidence=np.where(self.verified, self.points, 0).sum(axis=0, dtype=np.int16),
            group=np.where(proven, 0, np.minimum(self.missing, 2) + 1).astype(np.int8),
            missing=self.missing,
            comparable=comparable,
            gating=gating,
            preferred=preferred,
            free=free,
            reachable=reachable,
        )

    def category(self) -> np.ndarray:
        codes = self.scorer._category_codes(self.plan.need.category)[self.c.category]
        self.note("category", table(self.maximum["category"], CATEGORY_SHARES)[codes], self.c.verified)
        comparable = codes <= COMPARABLE
        self.missing += ~comparable
        return comparable

    def processes(self) -> None:
        asked = len(self.demands.processes)
        if not asked:
            return
        held, recorded = self.c.held_count, self.c.recorded
        points = of_whole(self.maximum["process"], asked)[held]
        self.note("process", points, self.c.held_verified_count == held, ~recorded)
        self.missing += np.where(recorded, asked - held, 1)
        self.proven &= self.c.held_verified_count == asked

    def certificates(self, criterion: str, kinds: tuple[str, ...], *, gates: bool) -> np.ndarray:
        claimed, verified = self.c.met(kinds, self.plan)
        if not kinds:
            return claimed
        met, seen = claimed.sum(axis=0, dtype=np.int16), verified.sum(axis=0, dtype=np.int16)
        self.note(criterion, of_whole(self.maximum[criterion], len(kinds))[met], seen == met)
        if gates:
            self.missing += len(kinds) - met
            self.proven &= seen == len(kinds)
        return claimed

    def capacity(self, comparable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        plan, maximum = self.plan, self.maximum["capacity"]
        free = self.supply.reserved.free_on(self.c.offers, self.c.free, plan.on, plan.need.identity)
        reachable = np.full(self.length, UNKNOWN, np.int64)
        known = np.flatnonzero(comparable & (free != UNKNOWN))
        mass = plan.need.unit_mass_kg
        units = self.c.unit[known]
        for unit in np.flatnonzero(np.bincount(units)).tolist():
            at = known[units == unit]
            reachable[at] = reach(
                self.scorer.vocabulary.units[plan.need.unit],
                self.scorer.units[unit],
                None if mass is None else milli(mass),
                self.supply.mass[self.c.offers[at]],
                free[at],
                plan.quantity,
            )
        points = (2 * maximum * reachable + plan.quantity) // (2 * plan.quantity)
        self.note("capacity", points, self.c.verified, reachable == UNKNOWN)
        return free, reachable

    def lead_time(self, comparable: np.ndarray) -> None:
        longest, maximum = self.plan.need.max_lead_time_days or 0, self.maximum["lead_time"]
        if longest < 1:
            return
        days = self.supply.lead[self.c.offers]
        left = longest - np.clip(days - longest, 0, longest)
        points = (2 * maximum * left + longest) // (2 * longest)
        self.note("lead_time", points, self.c.verified, ~comparable | (days == UNKNOWN))

    def proximity(self) -> None:
        codes = self.scorer._proximity_codes(self.plan.need.area)[self.c.area]
        points = table(self.maximum["proximity"], PROXIMITY_SHARES)[codes]
        self.note("proximity", points, self.c.ikm_verified, codes == AREA_MISSING)
