"""How many workshops meet a need, and how many would with one condition less. Pure: no Django.

`Count.of(scorer, need)` is one scoring; `without_each(scorer, need)` scores the need once for each condition that
gates, without it. The scorer's supply must hold the candidates of all of these (`alternatives`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from matching.facts import Demands, Need, Vocabulary
from matching.scoring import Scorer


class Count(NamedTuple):
    """Workshops by standing; `enough` of the qualified ones could do it alone."""

    qualified: int
    near: int
    partial: int
    enough: int = 0

    @classmethod
    def of(cls, scorer: Scorer, need: Need) -> "Count":
        entries = scorer.entries(need)
        missing = [len(entry.missing) for entry in entries]
        enough = sum(not entry.missing and bool(entry.sufficient) for entry in entries)
        return cls(missing.count(0), missing.count(1), sum(n > 1 for n in missing), enough)

    @property
    def total(self) -> int:
        return self.qualified + self.near + self.partial


@dataclass(frozen=True)
class Alternative:
    """The need without one condition. `slug`: of a certificate or process, or of the family that is asked for instead
    of the item (`widens`)."""

    slug: str
    need: Need
    widens: bool = False


def alternatives(need: Need, vocabulary: Vocabulary) -> list[Alternative]:
    """One for each condition that gates; what only the buyer issues does not gate. Last: the family for the item."""
    demands = Demands.of(need, vocabulary)
    return [
        *(Alternative(slug, without(need, slug)) for slug in (*demands.gating, *demands.processes)),
        *widened(need, vocabulary),
    ]


def without(need: Need, slug: str) -> Need:
    return replace(
        need,
        required_certificates=tuple(s for s in need.required_certificates if s != slug),
        required_processes=tuple(s for s in need.required_processes if s != slug),
    )


def widened(need: Need, vocabulary: Vocabulary) -> Iterator[Alternative]:
    family = vocabulary.categories[need.category].family
    if family is not None and family != need.category:
        yield Alternative(family, replace(need, category=family), widens=True)


def without_each(scorer: Scorer, need: Need) -> list[tuple[Alternative, Count]]:
    """Those that let more workshops qualify, the most first."""
    now = Count.of(scorer, need).qualified
    counted = [(other, Count.of(scorer, other.need)) for other in alternatives(need, scorer.vocabulary)]
    more = [(other, count) for other, count in counted if count.qualified > now]
    return sorted(more, key=lambda pair: -pair[1].qualified)
