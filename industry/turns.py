"""Whose turn it is between needs and workshops, read for pages and homes."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import FollowUp, Organisation
from industry.models import Interest

PREFIX = "interest-"


def turns_of(interests: Iterable[Interest]) -> dict[int, FollowUp]:
    """The open next step of each interest that has one, by the interest's key; one statement."""
    wanted = {one.pk: one.organisation_id for one in interests}
    if not wanted:
        return {}
    workshops = set(wanted.values())
    found = (
        FollowUp.objects.open()
        .filter(Q(organisation__in=workshops) | Q(counterpart__in=workshops), key__startswith=PREFIX)
        .select_related("organisation")
    )
    by_interest: dict[int, FollowUp] = {}
    for step in found:
        key = int(step.key.removeprefix(PREFIX).split(":")[0])
        if key in wanted:
            by_interest.setdefault(key, step)
    return by_interest


def waiting_for(organisation: Organisation, *, most: int) -> list[FollowUp]:
    """What the organisation has to do next, the earliest due on top."""
    return list(
        FollowUp.objects.open().filter(organisation=organisation).select_related("counterpart")[:most]
    )
