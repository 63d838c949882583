"""Next steps that somebody has agreed: whose turn it is, until when, and that it was done."""

from datetime import date

from django.utils import timezone

from accounts.models import FollowUp, Organisation, User


def agree(
    organisation: Organisation,
    *,
    key: str,
    what: str,
    due_on: date,
    url: str,
    about: str = "",
    counterpart: Organisation | None = None,
) -> FollowUp:
    """It is the turn of `organisation` to do `what` (a msgid) by `due_on`. The same `key` again is the same step."""
    found, _new = FollowUp.objects.get_or_create(
        key=key,
        defaults={
            "organisation": organisation,
            "counterpart": counterpart,
            "what": what,
            "about": about[:160],
            "url": url,
            "due_on": due_on,
        },
    )
    return found


def settle(prefix: str, *, by: User | None = None) -> int:
    """What is open under keys that begin with `prefix` is done; returns how many. `by` None: it settled itself."""
    return (
        FollowUp.objects.open()
        .filter(key__startswith=prefix)
        .order_by()
        .update(done_at=timezone.now(), done_by=by)
    )
