"""The weights: a new version takes the place of the one in force; none is ever changed."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from matching import facts
from matching.models import ScoringPolicy
from web.hints import hint


@transaction.atomic
def draft_policy(weights: Sequence[int], *, by: User, note: str = "") -> ScoringPolicy:
    """A new version, not in force yet. ValueError where it is not seven whole weights from 1 to 1000."""
    facts.Policy(weights=tuple(weights))
    # Two at once would take the same number.
    list(ScoringPolicy.objects.select_for_update().order_by("pk"))
    last = ScoringPolicy.objects.aggregate(last=Max("version"))["last"] or 0
    return ScoringPolicy.objects.create(version=last + 1, weights=list(weights), note=note, created_by=by)


@transaction.atomic
def put_in_force(policy: ScoringPolicy, *, by: User) -> None:
    """From now on all scores are computed by it: every kept list is stale until the workers have done it again."""
    every = {each.pk: each for each in ScoringPolicy.objects.select_for_update().order_by("pk")}
    if every[policy.pk].in_force:
        return
    ScoringPolicy.objects.filter(in_force=True).update(in_force=False)
    ScoringPolicy.objects.filter(pk=policy.pk).update(in_force=True)
    hint("matching.tasks.sweep")
