"""Reports about a published workshop: anybody may say that it closed, moved, or states what is not so."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from ikm.models import Ikm, Report


@transaction.atomic
def report(ikm: Ikm, *, kind: str, text: str = "", by: User | None) -> Report:
    """Tell the office of the workshop. The same thing said again while it waits is the same report."""
    Ikm.objects.select_for_update(of=("self",), no_key=True).get(pk=ikm.pk)
    found, _is_new = Report.objects.open().get_or_create(
        ikm=ikm, kind=kind, text=text, defaults={"reported_by": by}
    )
    return found


@transaction.atomic
def settle(told: Report, *, outcome: str, by: User) -> Report:
    """An officer says what was done. The first word stands; ValueError without one."""
    if not outcome.strip():
        raise ValueError("a report is settled with words")
    locked = Report.objects.select_for_update(of=("self",)).get(pk=told.pk)
    if locked.is_open:
        locked.settled_at, locked.settled_by, locked.outcome = timezone.now(), by, outcome.strip()
        locked.save(update_fields=["settled_at", "settled_by", "outcome"])
    return locked
