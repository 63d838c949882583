"""How far workshops have come with a need: matched, seen, interested, invited, in talks, agreed, bought from.

Each number counts whoever reached the stage at any time, and leads to its rows.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from industry.models import Interest, Need, NeedSight, Outcome
from matching.models import NeedRanking
from matching.ranking import count_groups

# Stage, its words, and how an Interest that reached it is known (None: not by an Interest).
STAGES: tuple[tuple[str, Promise, Q | None], ...] = (
    ("matched", _("cocok"), None),
    ("seen", _("sudah melihat"), None),
    ("interested", _("berminat"), Q(interested_at__isnull=False)),
    ("invited", _("diundang"), Q(invited_at__isnull=False)),
    ("talks", _("saling berminat"), Q(talks_at__isnull=False)),
    ("agreed", _("sepakat"), Q(agreed_at__isnull=False)),
    ("bought", _("dibeli"), None),
)
WORDS = {slug: words for slug, words, _reached in STAGES}


class Stage(NamedTuple):
    slug: str
    words: Promise
    value: int
    url: str


def of_needs(needs: Iterable[Need]) -> dict[int, list[Stage]]:
    """The stages of each need, in a number of statements that does not grow with the needs."""
    keys = [need.pk for need in needs]
    matched = {
        ranking.pk: sum(ranking.counts or count_groups(ranking.entries))
        for ranking in NeedRanking.objects.filter(pk__in=keys, takes_part=True)
    }
    seen = counts(NeedSight.objects.filter(need__in=keys), distinct="organisation")
    reached: dict[int, dict[str, int]] = {
        row["need"]: row
        for row in Interest.objects.filter(need__in=keys)
        .order_by()
        .values("need")
        .annotate(**{slug: Count("pk", filter=how) for slug, _words, how in STAGES if how is not None})
    }
    bought = counts(Outcome.objects.filter(bought_by_buyer(), need__in=keys), distinct="organisation")
    found: dict[int, list[Stage]] = {}
    for key in keys:
        numbers = {"matched": matched.get(key, 0), "seen": seen.get(key, 0), "bought": bought.get(key, 0)}
        numbers |= {slug: reached.get(key, {}).get(slug, 0) for slug in WORDS if slug not in numbers}
        found[key] = [Stage(slug, words, numbers[slug], url_of(key, slug)) for slug, words, _how in STAGES]
    return found


def counts(found: QuerySet, *, distinct: str) -> dict[int, int]:
    rows = found.order_by().values("need").annotate(number=Count(distinct, distinct=True))
    return dict(rows.values_list("need", "number"))


def bought_by_buyer() -> Q:
    return Q(side=Outcome.Side.BUYER, bought=True, organisation__isnull=False)


def url_of(need: int, stage: str) -> str:
    """Where the rows behind the number stand."""
    if stage == "matched":
        return reverse("matching:need_ranking", args=[need])
    return f"{reverse('matching:funnel', args=[need])}?tahap={stage}"


def rows_of(need: Need, stage: str) -> QuerySet[Organisation]:
    """The workshops that reached the stage, by name; each with `.area`."""
    reached = {slug: how for slug, _words, how in STAGES}[stage]
    if reached is not None:
        those = Exists(need.interests.filter(reached, organisation=OuterRef("pk")))
    elif stage == "seen":
        those = Exists(need.sights.filter(organisation=OuterRef("pk")))
    else:
        those = Exists(need.outcomes.filter(bought_by_buyer(), organisation=OuterRef("pk")))
    return Organisation.objects.filter(those).select_related("area__parent").order_by("name", "pk")
