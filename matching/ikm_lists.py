"""The kept lists of the IKM, gathered while needs are scored one after another. Pure: numpy, no Django.

    gathered = IkmLists(supply)
    for need, kept in scorer.block(needs, gathered): ...
    for kept in gathered.lists(scorer, needs): ...          # needs: all of them, in order of (ref, identity)

Only the best rows of each IKM are held (key, need, offer: 16 bytes each); `state()` and `merge()` carry them between
processes that share the supply and the numbering of the needs. Their entries are scored again when lists are written.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from matching.facts import Need
from matching.pairs import Rows
from matching.ranking import KEEP, Entry, KeptList
from matching.supply import Supply

if TYPE_CHECKING:
    from matching.scoring import Scorer

RESERVE = 10  # smaller than a need's: there are ten times as many lists
WAITING = 6_000_000
CHUNK = 20_000


class IkmLists:
    """Rows wait unsorted until WAITING of them are settled at once; those behind an IKM's last kept row never wait."""

    def __init__(self, supply: Supply, keep: int = KEEP, reserve: int = RESERVE):
        self.supply, self.keep, self.reserve = supply, keep, reserve
        self.ikm = np.zeros(0, np.int32)
        self.key = np.zeros(0, np.uint64)
        self.need = np.zeros(0, np.int32)
        self.offer = np.zeros(0, np.int32)
        self.counts = np.zeros((len(supply.ikms), 4), np.int64)
        self._last = np.full(len(supply.ikms), np.iinfo(np.uint64).max, np.uint64)
        self._waiting: list[tuple[np.ndarray, ...]] = []
        self._waits = 0

    def add(self, number: int, rows: Rows) -> None:
        """`number`: the place of the need among all, in order of (ref, identity)."""
        self.counts[rows.ikm, rows.group] += 1
        near = np.flatnonzero(rows.key <= self._last[rows.ikm])
        self._wait(rows.ikm[near], rows.key[near], np.full(len(near), number, np.int32), rows.offer[near])

    def _wait(self, *columns: np.ndarray) -> None:
        self._waiting.append(columns)
        self._waits += len(columns[0])
        if self._waits >= WAITING:
            self.settle()

    def settle(self) -> None:
        """Keep of all rows held and waiting the first of each IKM."""
        held = [(self.ikm, self.key, self.need, self.offer), *self._waiting]
        ikm, key, need, offer = (np.concatenate(column) for column in zip(*held, strict=True))
        self._waiting, self._waits = [], 0
        order = np.lexsort((need, key, ikm))
        ikm = ikm[order]
        starts = np.flatnonzero(np.diff(ikm, prepend=-1))
        sizes = np.diff(starts, append=len(ikm))
        place = np.arange(len(ikm)) - np.repeat(starts, sizes)
        size = self.keep + self.reserve
        kept = order[place < size]
        self._last[ikm[place == size - 1]] = key[order[place == size - 1]]
        self.ikm, self.key, self.need, self.offer = ikm[place < size], key[kept], need[kept], offer[kept]

    def state(self) -> dict[str, np.ndarray]:
        self.settle()
        return {
            "ikm": self.ikm,
            "key": self.key,
            "need": self.need,
            "offer": self.offer,
            "counts": self.counts,
        }

    def merge(self, state: dict[str, np.ndarray]) -> None:
        """Take over what another process gathered from other needs."""
        self.counts += state["counts"]
        self._wait(state["ikm"], state["key"], state["need"], state["offer"])
        self.settle()

    def lists(self, scorer: "Scorer", needs: Sequence[Need]) -> Iterator[KeptList]:
        """One list per IKM, in order of (ref, identity), also the empty ones. Scores CHUNK IKM at a time."""
        self.settle()
        for first in range(0, len(self.supply.ikms), CHUNK):
            last = min(first + CHUNK, len(self.supply.ikms))
            at = np.searchsorted(self.ikm, np.arange(first, last + 1))
            entries = self._entries(scorer, needs, int(at[0]), int(at[-1]))
            for index, start, end in zip(range(first, last), at[:-1] - at[0], at[1:] - at[0], strict=True):
                ikm = self.supply.ikms[index]
                proven, qualified, near, partial = self.counts[index].tolist()
                yield KeptList.of_first(
                    "ikm",
                    ikm.ref,
                    ikm.identity,
                    entries[start:end],
                    (proven, qualified, near, partial),
                    keep=self.keep,
                    reserve=self.reserve,
                )

    def _entries(self, scorer: "Scorer", needs: Sequence[Need], start: int, end: int) -> list[Entry]:
        """Of the settled rows from start to end, in their order; each need is scored once for all its rows."""
        order = np.lexsort((self.offer[start:end], self.need[start:end]))
        number, offer = self.need[start:end][order], self.offer[start:end][order]
        found: list[Entry] = []
        starts = np.flatnonzero(np.diff(number, prepend=-1)).tolist()
        for first, last in pairwise([*starts, len(order)]):
            scores = scorer.score(needs[int(number[first])], offer[first:last])
            found += scores.entries_at(np.arange(last - first))
        places = np.argsort(order)
        return [found[place] for place in places.tolist()]
