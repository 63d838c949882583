"""What a row of a list says, for templates: names and numbers in words, what is missing, what comes next."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from django.urls import reverse

from ikm.models import Ikm
from industry import interests, lifecycle, topics
from industry.models import Interest, Need
from matching import facts
from matching.advice import Advice, advise, best_of
from matching.capacity import conversion, from_milli
from matching.counting import Alternative, Count
from matching.names import Names
from matching.pair import Match
from matching.ranking import Entry
from matching.reading import Reading, Row
from matching.wording import Held, Wording, place, segments
from web import formats
from web.bars import Segment

ROUTE = "process_route"


class Capacity(NamedTuple):
    """`state`: enough, part, full or unknown; free and asked per month in the need's unit; why it is unknown."""

    state: str
    free: str
    asked: str
    why: str = ""


class Mark(NamedTuple):
    """Where a segment of the bar stands: its number, the middle in per cent of the width, its name and maximum."""

    number: int
    middle: str
    label: str
    maximum: str


def axis(parts: list[Segment]) -> list[Mark]:
    starts = accumulate((part.maximum for part in parts), initial=0)
    return [
        Mark(i, f"{(start + part.maximum / 2) / 10:.2f}", part.label, formats.points(part.maximum))
        for i, (start, part) in enumerate(zip(starts, parts, strict=False), 1)
    ]


class Loosened(NamedTuple):
    """How many would qualify without one condition; `widens`: `name` is the family asked for instead of the item.
    `at_least`: workshops that the list leaves out were not counted."""

    name: str
    widens: bool
    number: int
    at_least: bool = False


def counted(found: Iterable[tuple[Alternative, Count]], names: Names) -> list[Loosened]:
    return [
        Loosened(named(other.slug, other.widens, names), other.widens, count.qualified)
        for other, count in found
    ]


def in_the_way(reading: Reading) -> list[Loosened]:
    """Where nobody qualifies: the single conditions that the near misses lack, the most frequent first."""
    if reading.counts[0]:
        return []
    words = reading.inputs.vocabulary
    lacking = Counter(lack for row in reading.rows if row.match and (lack := only_lack(row.match, words)))
    return [
        Loosened(named(slug, widens, reading.names), widens, number, not reading.is_whole)
        for (slug, widens), number in lacking.most_common()
    ]


def only_lack(match: Match, vocabulary: facts.Vocabulary) -> tuple[str, bool] | None:
    """What alone keeps a workshop from qualifying, where the buyer could let it go: a condition, or the item itself
    (then the family, and that it widens)."""
    if len(match.missing) != 1 or match.missing == ("process",):
        return None
    if match.missing == ("category",):
        sibling = match.by_criterion["category"].finding.reason == "sibling"
        return (str(vocabulary.categories[match.need.category].family), True) if sibling else None
    return match.missing[0], False


def named(slug: str, widens: bool, names: Names) -> str:
    return names.category(slug) if widens else names.requirement(slug)


@dataclass(frozen=True)
class Said:
    """Common to both sides; `row.match` is None where the facts of now no longer give the row."""

    row: Row
    need: Need
    names: Names
    vocabulary: facts.Vocabulary
    # What the two have said to each other, where the page tells it.
    interest: Interest | None = None

    @property
    def entry(self) -> Entry:
        return self.row.entry

    @property
    def wording(self) -> Wording:
        return Wording(self.names)

    @property
    def score(self) -> str:
        return formats.points_range(self.entry.low, self.entry.high)

    @property
    def segments(self) -> list[Segment]:
        return segments(self.entry)

    @property
    def axis(self) -> list[Mark]:
        return axis(self.segments)

    @property
    def missing(self) -> list[str]:
        """Of the facts of now where they still say what the list says."""
        if self.row.match is not None and self.row.match.missing == self.entry.missing:
            return self.wording.missing(self.row.match)
        return self.wording.missing_of(self.entry, self.need.category_id)

    @cached_property
    def held(self) -> list[Held]:
        return self.wording.held(self.row.match) if self.row.match else []

    @property
    def before_start(self) -> str:
        return self.wording.before_start(self.entry.before_start)

    @cached_property
    def capacity(self) -> Capacity:
        asked = self.names.unit(self.need.unit_id)
        wanted = formats.quantity(self.need.quantity_per_month, asked)
        if self.entry.free is None:
            return Capacity("unknown", "", wanted, self.why_unknown)
        free = from_milli(self.entry.free)
        state = "enough" if self.entry.sufficient else "part" if self.entry.free else "full"
        return Capacity(state, formats.quantity(free), wanted)

    @property
    def why_unknown(self) -> str:
        """Why the capacity cannot be compared; "" where the facts of now no longer say."""
        match = self.row.match
        if match is None or "capacity" not in match.unknown:
            return ""
        return self.wording.reasons(match.by_criterion["capacity"], match)[0]


@dataclass(frozen=True)
class WorkshopSaid(Said):
    """A workshop in the list of a need."""

    @property
    def ikm(self) -> Ikm:
        return self.row.other

    @property
    def rank(self) -> str:
        return self.row.rank

    @property
    def place(self) -> str:
        return place(self.ikm.organisation.area, beside=self.need.area)

    @property
    def url(self) -> str:
        return reverse("matching:explain", args=[self.need.pk, self.ikm.pk])

    @property
    def may_invite(self) -> bool:
        """Nobody asked her for this need yet, or may ask again."""
        state = self.interest.status if self.interest else lifecycle.NEW
        return "invite" in lifecycle.INTEREST.actions(state, roles=[interests.BUYER])

    @property
    def settle_url(self) -> str:
        """Where the buyer states the weight that would make the two units comparable; "" where it would not help."""
        match = self.row.match
        if match is None or match.by_criterion["capacity"].finding.reason != "not_convertible":
            return ""
        weighed = replace(match.need, unit_mass_kg=Decimal(1))
        if match.need.unit_mass_kg or conversion(self.vocabulary, weighed, match.offer) is None:
            return ""
        return f"{reverse('industry:need_topic', args=[self.need.pk, topics.AMOUNT.slug])}?kembali"


@dataclass(frozen=True)
class NeedSaid(Said):
    """A need in the list of a workshop, said to its owner."""

    @property
    def wording(self) -> Wording:
        return Wording(self.names, for_owner=True)

    @property
    def url(self) -> str:
        return reverse("matching:owner_explain", args=[self.need.pk])

    @property
    def amount(self) -> str:
        return topics.amount(self.need)

    @property
    def place(self) -> str:
        return place(self.need.area)

    @cached_property
    def advice(self) -> Advice | None:
        match = self.row.match
        step = best_of(match, self.vocabulary) if match else None
        return advise(step, match, self.names, for_owner=True) if step else None

    @property
    def is_question(self) -> bool:
        """She holds all processes asked for and offers nothing of the kind: a question, not a fault."""
        match = self.row.match
        return match is not None and match.by_criterion["category"].finding.reason == ROUTE
