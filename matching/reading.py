"""What the pages of matches read: a kept list with the facts behind its rows, or the same computed on the spot.

Kept is what the workers have computed; its numbers are shown also while they are behind, and the page says so. A need
that is not shown to the market yet, and a workshop that does not take part yet, are computed when they are looked at.
The number of statements does not grow with the rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from ikm.models import Ikm, SupplyVersion
from industry import lifecycle
from industry.models import DemandVersion, Need
from matching import facts
from matching.models import IkmRanking, NeedRanking, Ranking
from matching.names import Names, names_of
from matching.pair import Match, best_match
from matching.ranking import Entry, KeptList, shown_ranks
from matching.records import Records
from matching.scoring import Scorer
from matching.snapshot import (
    load_candidates,
    load_ikms,
    load_needs,
    need_facts,
    possible_candidates,
    possible_needs,
    with_conditions,
)
from matching.stale import Inputs
from matching.supply import Supply

Groups = tuple[int, int, int]


@dataclass(frozen=True)
class Row:
    """One counterpart. `entry` is what the list says; `match`, from the facts of now, explains it (None: gone)."""

    entry: Entry
    rank: str
    match: Match | None
    other: Any  # an Ikm in the list of a need, a Need in the list of an IKM

    @property
    def is_current(self) -> bool:
        return self.match is not None and self.match.entry() == self.entry


@dataclass(frozen=True)
class Reading:
    """`counts` are of all candidates: qualified, near, partial. `computed_at` None: computed just now, not kept."""

    inputs: Inputs
    names: Names
    rows: list[Row]
    counts: Groups
    is_behind: bool
    computed_at: datetime | None = None

    def of_standing(self, standing: str) -> list[Row]:
        return [row for row in self.rows if row.entry.standing == standing]

    @property
    def token(self) -> str:
        """Names what is shown, for who asks again."""
        return self.computed_at.isoformat() if self.computed_at else ""

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def is_whole(self) -> bool:
        """Every candidate is among the rows."""
        return self.total <= len(self.rows)


# --- A need, for its buyer


def told_to_buyer(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Needs with all that the page of their ranking says, conditions included."""
    return with_conditions(needs).select_related(
        "company__organisation", "category__parent", "unit", "area__parent__parent__parent"
    )


def is_on_the_market(need: Need, on: date) -> bool:
    """Takes part (MATCHING.md): its list is kept."""
    open_and_reviewed = need.is_open and need.company.status == lifecycle.REVIEWED
    return open_and_reviewed and need.end is not None and need.end >= on


def is_over(need: Need, on: date) -> bool:
    """Closed or past its end: nothing is computed for it any more."""
    return need.is_closed or (need.is_open and need.end is not None and need.end < on)


def read_need(need: Need, *, today: date | None = None) -> Reading | None:
    """The list of a need read by `told_to_buyer`; None while the need is not complete enough, or over."""
    today = today or timezone.localdate()
    wanted = need_facts(need)
    if wanted is None or is_over(need, today):
        return None
    inputs = Inputs.now(today)
    ranking = need_ranking(need.pk, wanted, inputs) if is_on_the_market(need, today) else None
    if ranking is None or not ranking.takes_part:
        return need_afresh(need, wanted, inputs)
    entries = ranking.entries
    ikms = load_ikms(Ikm.objects.taking_part(today).filter(pk__in=[entry.ikm_key for entry in entries]))
    rows = need_rows(entries, wanted, ikms, inputs)
    return Reading(
        inputs,
        names_of(inputs.edition),
        rows,
        grouped(ranking.counts, entries),
        is_behind(ranking, rows, inputs),
        ranking.computed_at,
    )


def need_ranking(key: int, wanted: facts.Need, inputs: Inputs) -> NeedRanking | None:
    """With the owner's version of now, and whether a possible candidate has news that no list has heard."""
    heard = IkmRanking.objects.filter(pk=OuterRef("pk"), spread_version=OuterRef("version"))
    possible = possible_candidates(Ikm.objects.taking_part(inputs.as_of), [wanted], inputs.vocabulary)
    news = SupplyVersion.objects.filter(~Exists(heard), pk__in=possible.order_by().values("pk"))
    version = DemandVersion.objects.filter(pk=OuterRef("pk")).values("version")
    found = NeedRanking.objects.filter(pk=key)
    return found.annotate(owner_version=Subquery(version), news=Exists(news)).first()


def need_afresh(need: Need, wanted: facts.Need, inputs: Inputs) -> Reading:
    """Computed now; behind where the list should be kept and is not yet."""
    ikms = load_candidates([wanted], inputs.as_of, inputs.vocabulary)
    kept = scorer_of(ikms, inputs).kept_list(wanted)
    return Reading(
        inputs,
        names_of(inputs.edition),
        need_rows(kept.shown, wanted, ikms, inputs),
        grouped(kept.counts, kept.shown),
        is_on_the_market(need, inputs.as_of),
    )


def need_rows(
    entries: Sequence[Entry], wanted: facts.Need, ikms: Iterable[facts.Ikm], inputs: Inputs
) -> list[Row]:
    stated = {ikm.identity: ikm for ikm in ikms}
    keys = [entry.ikm_key for entry in entries]
    known = (
        Ikm.objects.filter(pk__in=keys).select_related("organisation__area__parent__parent").in_bulk()
        if keys
        else {}
    )
    return [
        Row(entry, rank, best(wanted, stated.get(entry.ikm_key), inputs), known[entry.ikm_key])
        for entry, rank in zip(entries, shown_ranks(entries), strict=True)
        if entry.ikm_key in known
    ]


# --- A workshop, for its owner


def told_to_owner(needs: QuerySet[Need]) -> QuerySet[Need]:
    return with_conditions(needs).select_related(
        "company__organisation", "category", "unit", "area__parent__parent"
    )


def read_workshop(ikm: Ikm, *, today: date | None = None) -> Reading:
    """The needs that fit a workshop, from its kept list or, where it does not take part, from its facts of now."""
    inputs = Inputs.now(today)
    mine = Records.of(ikm).facts
    on_the_market = Need.objects.taking_part(inputs.as_of)
    ranking = ikm_ranking(mine, on_the_market, inputs) if takes_part(ikm, inputs.as_of) else None
    if ranking is None or not ranking.takes_part:
        kept = workshop_afresh(mine, on_the_market, inputs)
        rows = owner_rows(kept.shown, mine, on_the_market, inputs)
        counts = grouped(kept.counts, kept.shown)
        names = names_of(inputs.edition)
        return Reading(inputs, names, rows, counts, takes_part(ikm, inputs.as_of))
    rows = owner_rows(ranking.entries, mine, on_the_market, inputs)
    return Reading(
        inputs,
        names_of(inputs.edition),
        rows,
        grouped(ranking.counts, ranking.entries),
        is_behind(ranking, rows, inputs),
        ranking.computed_at,
    )


def takes_part(ikm: Ikm, on: date) -> bool:
    return ikm.merged_into_id is None and facts.ikm_takes_part(
        approved=ikm.status == "approved",
        withdrawn=ikm.status == "withdrawn",
        confirmed_on=ikm.confirmed_on,
        as_of=on,
    )


def ikm_ranking(mine: facts.Ikm, needs: QuerySet[Need], inputs: Inputs) -> IkmRanking | None:
    heard = NeedRanking.objects.filter(pk=OuterRef("pk"), spread_version=OuterRef("version"))
    possible = possible_needs(needs, mine, inputs.vocabulary)
    news = DemandVersion.objects.filter(~Exists(heard), pk__in=possible.order_by().values("pk"))
    version = SupplyVersion.objects.filter(pk=OuterRef("pk")).values("version")
    found = IkmRanking.objects.filter(pk=mine.identity)
    return found.annotate(owner_version=Subquery(version), news=Exists(news)).first()


def workshop_afresh(mine: facts.Ikm, needs: QuerySet[Need], inputs: Inputs) -> KeptList:
    """Her list over all needs, from her facts alone."""
    scorer = scorer_of([mine], inputs)
    possible = load_needs(possible_needs(needs, mine, inputs.vocabulary))
    entries = [entry for need in possible for entry in scorer.entries(need)]
    return KeptList.of("ikm", mine.ref, mine.identity, entries)


def owner_rows(entries: Sequence[Entry], mine: facts.Ikm, needs: QuerySet[Need], inputs: Inputs) -> list[Row]:
    """Only needs that are still on the market: an owner sees no others."""
    shown = told_to_owner(needs).in_bulk([entry.need_key for entry in entries]) if entries else {}
    return [
        Row(entry, "", best(need_facts(shown[entry.need_key]), mine, inputs), shown[entry.need_key])
        for entry in entries
        if entry.need_key in shown
    ]


# --- Both


def best(need: facts.Need | None, ikm: facts.Ikm | None, inputs: Inputs) -> Match | None:
    if need is None or ikm is None:
        return None
    return best_match(need, ikm, inputs.vocabulary, inputs.weights, inputs.as_of)


def is_behind(ranking: Ranking, rows: Sequence[Row], inputs: Inputs) -> bool:
    """Whether the list may differ from what its inputs of now would give: by its own versions, by news of the other
    side that it has not heard, or by a row that reads otherwise today."""
    computed = (ranking.version, ranking.policy_id, ranking.edition, ranking.as_of)
    if computed != (ranking.owner_version, inputs.policy_id, inputs.edition, inputs.as_of) or ranking.news:
        return True
    return len(rows) < len(ranking.entries) or not all(row.is_current for row in rows)


def scorer_of(ikms: Iterable[facts.Ikm], inputs: Inputs) -> Scorer:
    return Scorer(Supply.of(ikms, inputs.vocabulary, inputs.as_of), inputs.weights)


def grouped(counts: Sequence[int] | None, entries: Sequence[Entry]) -> Groups:
    """Qualified, near, partial; where the exact number of all is not at hand, of those that are shown."""
    if counts is None:
        shown = [entry.standing for entry in entries]
        return shown.count("qualified"), shown.count("near"), shown.count("partial")
    proven, qualified, near, partial = counts
    return proven + qualified, near, partial
