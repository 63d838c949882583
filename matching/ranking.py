"""The order of matches, and the lists that are kept of it. Pure: no Django.

`Entry` is one row (one need and one IKM, represented by its best offer): a tuple that JSON takes as it is
(`list(entry)`, `Entry.from_json`). `KeptList` is what is stored per need (`side="need"`, its others are IKM) or per IKM
(`side="ikm"`): 50 rows + a reserve, and the `floor`, an order key that every row left out lies behind. `patch` puts one
changed counterpart into a list, exactly as a fresh computation would order its first 50, or answers None where only
that can tell. `shown_ranks` writes ranks as pages show them ("1=").
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from zlib import crc32

from matching.facts import CRITERIA, STANDINGS, Key

KEEP = 50
RESERVE = 30
PROVEN, QUALIFIED, NEAR, PARTIAL = range(4)

Order = tuple[int, int, int, int, int, str, Key]


def tie(need_ref: str, ikm_ref: str) -> int:
    """Breaks a tie so that no one always wins it."""
    return crc32(need_ref.encode()) ^ crc32(ikm_ref.encode())


def order_class(missing: int, proven: bool) -> int:
    return PROVEN if proven else QUALIFIED if missing == 0 else NEAR if missing == 1 else PARTIAL


class Entry(NamedTuple):
    """`group`: 0 proven, 1 qualified, 2 near, 3 partial. `points`: per criterion in order (points, maximum), None where
    the need does not ask for it. `unknown`: criteria. `sufficient`: None where capacity is unknown; `free`:
    thousandths of the need's unit per month, None likewise."""

    need: str
    need_key: Key
    ikm: str
    ikm_key: Key
    product: str
    product_key: Key
    group: int
    low: int
    high: int
    evidence: int
    points: tuple[tuple[int, int] | None, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    before_start: tuple[str, ...]
    sufficient: bool | None
    free: int | None

    @classmethod
    def from_json(cls, row: Sequence) -> "Entry":
        points = tuple(None if pair is None else (pair[0], pair[1]) for pair in row[10])
        return cls._make([*row[:10], points, tuple(row[11]), tuple(row[12]), tuple(row[13]), *row[14:]])

    @property
    def proven(self) -> bool:
        return self.group == PROVEN

    @property
    def standing(self) -> str:
        return STANDINGS[max(0, self.group - 1)]

    @property
    def evidence_percent(self) -> int | None:
        """ "Bukti 71 %", rounded down; None where there is no point to prove."""
        return self.evidence * 100 // self.low if self.low else None

    @property
    def rank_key(self) -> tuple[int, int, int, int]:
        """Rows equal in this share a rank."""
        return self.group, -self.low, -self.evidence, -self.high

    def other(self, side: str) -> tuple[str, Key]:
        """Ref and identity of the counterpart in a list of `side`."""
        return (self.ikm, self.ikm_key) if side == "need" else (self.need, self.need_key)

    def order(self, side: str) -> Order:
        """The whole order within a list; refs may meet between offices, so the identity comes last."""
        return (*self.rank_key, tie(self.need, self.ikm), *self.other(side))


def representative(entries: Iterable[Entry]) -> Entry:
    """Of the candidate offers of one IKM for one need, the one that stands for it."""
    return min(entries, key=lambda e: (e.rank_key, e.product, e.product_key))


def shown_ranks(entries: Sequence[Entry]) -> list[str]:
    """ "1", "2=", "2=", "4": as pages show the rank of entries that stand in order from the first."""
    ranks: list[str] = []
    for i, entry in enumerate(entries):
        if i and entries[i - 1].rank_key == entry.rank_key:
            ranks.append(ranks[-1])
            continue
        shared = i + 1 < len(entries) and entries[i + 1].rank_key == entry.rank_key
        ranks.append(f"{i + 1}=" if shared else str(i + 1))
    return ranks


def count_groups(entries: Iterable[Entry]) -> tuple[int, int, int, int]:
    groups = Counter(entry.group for entry in entries)
    return groups[PROVEN], groups[QUALIFIED], groups[NEAR], groups[PARTIAL]


@dataclass(frozen=True)
class KeptList:
    """`counts`: rows per group over all candidates, None where a patch could not keep them exact.

    `floor` None: no candidate is left out."""

    side: str
    ref: str
    key: Key
    entries: tuple[Entry, ...]
    floor: Order | None = None
    counts: tuple[int, int, int, int] | None = None
    keep: int = KEEP
    reserve: int = RESERVE

    @classmethod
    def of(
        cls,
        side: str,
        ref: str,
        key: Key,
        entries: Iterable[Entry],
        *,
        keep: int = KEEP,
        reserve: int = RESERVE,
    ) -> "KeptList":
        """From one entry per counterpart, in any order."""
        ordered = sorted(entries, key=lambda e: e.order(side))
        counts = count_groups(ordered)
        return cls.of_first(side, ref, key, ordered, counts, keep=keep, reserve=reserve)

    @classmethod
    def of_first(
        cls,
        side: str,
        ref: str,
        key: Key,
        ordered: Sequence[Entry],
        counts: tuple[int, int, int, int],
        *,
        keep: int = KEEP,
        reserve: int = RESERVE,
    ) -> "KeptList":
        """From the first entries in order: keep + reserve of them where there are as many; `counts` are of all."""
        kept, total = tuple(ordered[: keep + reserve]), sum(counts)
        if len(kept) < min(total, keep + reserve):
            raise ValueError("too few entries for the counts")
        floor = kept[-1].order(side) if len(kept) < total else None
        return cls(side, ref, key, kept, floor, counts, keep, reserve)

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The rows that are kept in the sense of the rule: the first 50."""
        return self.entries[: self.keep]

    @property
    def is_complete(self) -> bool:
        return self.floor is None

    def patch(self, other: Key, entry: Entry | None) -> "KeptList | None":
        """The list after the counterpart `other` became `entry` (None: no candidate any more, or not taking part).

        None where rows left out may belong among the first 50: the list must be computed afresh."""
        if entry is not None and entry.other(self.side)[1] != other:
            raise ValueError("the entry is of another counterpart")
        old = next((e for e in self.entries if e.other(self.side)[1] == other), None)
        rest = [e for e in self.entries if e is not old]
        floor = self.floor
        if entry is not None and (floor is None or entry.order(self.side) <= floor):
            rest = sorted([*rest, entry], key=lambda e: e.order(self.side))
        if len(rest) > self.keep + self.reserve:
            rest = rest[: self.keep + self.reserve]
            floor = rest[-1].order(self.side)
        if floor is not None and len(rest) < self.keep:
            return None
        return replace(self, entries=tuple(rest), floor=floor, counts=self._counts(old, entry))

    def _counts(self, old: Entry | None, entry: Entry | None) -> tuple[int, int, int, int] | None:
        if self.counts is None or (old is None and self.floor is not None):
            return None
        gone = (0, 0, 0, 0) if old is None else count_groups([old])
        come = (0, 0, 0, 0) if entry is None else count_groups([entry])
        proven, qualified, near, partial = (
            n - g + c for n, g, c in zip(self.counts, gone, come, strict=True)
        )
        return proven, qualified, near, partial

    def as_json(self) -> dict:
        return {
            "side": self.side,
            "ref": self.ref,
            "key": self.key,
            "rows": [list(entry) for entry in self.entries],
            "floor": None if self.floor is None else list(self.floor),
            "counts": None if self.counts is None else list(self.counts),
            "keep": self.keep,
            "reserve": self.reserve,
        }

    @classmethod
    def from_json(cls, data: dict) -> "KeptList":
        return cls(
            side=data["side"],
            ref=data["ref"],
            key=data["key"],
            entries=tuple(Entry.from_json(row) for row in data["rows"]),
            floor=None if data["floor"] is None else tuple(data["floor"]),
            counts=None if data["counts"] is None else tuple(data["counts"]),
            keep=data["keep"],
            reserve=data["reserve"],
        )


def match_row(entry: Entry, rank: int) -> dict:
    """One row as the exchange format writes it."""
    points = {c: list(pair) for c, pair in zip(CRITERIA, entry.points, strict=True) if pair is not None}
    return {
        "need": entry.need,
        "rank": rank,
        "ikm": entry.ikm,
        "product": entry.product,
        "standing": entry.standing,
        "proven": entry.proven,
        "low": entry.low,
        "high": entry.high,
        "evidence": entry.evidence,
        "points": points,
        "unknown": list(entry.unknown),
        "missing": list(entry.missing),
        "before_start": list(entry.before_start),
    }
