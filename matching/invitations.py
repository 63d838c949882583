"""Invitations some at a time, so that no buyer is flooded: the best of the list first, until enough are interested.

The numbers come from `InvitationPolicy` and are copied to the need when the buyer starts. The next batch is a day in
the database; a task that looks again and again finds what is due, also after days of silence.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.notices import notify
from industry import interests, lifecycle
from industry.models import Need
from matching.models import GradualInvitation, InvitationPolicy
from matching.reading import read_need, told_to_buyer
from web.hints import hint
from web.lifecycle import StepRefused

End = GradualInvitation.End
# Whoever has said yes, whatever came of it since.
SAID_YES = (lifecycle.INTERESTED, lifecycle.TALKS, lifecycle.AGREED)
# Standings that are invited without being picked by hand, in this order.
WORTH_ASKING = ("qualified", "near")


def policy_in_force() -> InvitationPolicy:
    """The numbers for needs that start now; the model's defaults where the table is empty."""
    return InvitationPolicy.objects.filter(in_force=True).first() or InvitationPolicy(version=0)


@transaction.atomic
def set_policy(
    *, batch_size: int, enough: int, days_between: int, by: User, note: str = ""
) -> InvitationPolicy:
    """New numbers, in force at once for needs that start from now on; a need that runs keeps its own."""
    list(InvitationPolicy.objects.select_for_update().order_by("pk"))
    last = InvitationPolicy.objects.aggregate(last=Max("version"))["last"] or 0
    InvitationPolicy.objects.filter(in_force=True).update(in_force=False)
    return InvitationPolicy.objects.create(
        version=last + 1,
        batch_size=batch_size,
        enough=enough,
        days_between=days_between,
        in_force=True,
        note=note,
        created_by=by,
    )


@transaction.atomic
def start(need: Need, *, by: User, today: date | None = None) -> GradualInvitation:
    """Begin, or begin again: the first batch is due at once. NotOpen, or StepRefused for a stranger."""
    locked = _locked(need)
    if not interests.works_for(by, locked.company.organisation):
        raise StepRefused(locked.status, "invite")
    today = today or timezone.localdate()
    if not Need.objects.taking_part(today).filter(pk=locked.pk).exists():
        raise interests.NotOpen
    running = GradualInvitation.objects.filter(need=locked, ended_at=None).first()
    if running:
        return running
    policy = policy_in_force()
    gradual, _new = GradualInvitation.objects.update_or_create(
        need=locked,
        defaults={
            "batch_size": policy.batch_size,
            "enough": policy.enough,
            "days_between": policy.days_between,
            "started_by": by,
            "started_at": timezone.now(),
            "next_on": today,
            "ended_at": None,
            "end_reason": "",
        },
    )
    hint("matching.tasks.invite_due")
    return gradual


@transaction.atomic
def stop(need: Need, *, by: User) -> None:
    """No further batch; whoever was invited stays invited. StepRefused for a stranger; once is enough."""
    locked = _locked(need)
    if not interests.works_for(by, locked.company.organisation):
        raise StepRefused(locked.status, "invite")
    gradual = GradualInvitation.objects.filter(need=locked, ended_at=None).first()
    if gradual:
        _end(gradual, End.STOPPED)


def run_due(*, today: date | None = None) -> int:
    """Send every batch that is due; returns how many workshops were invited."""
    today = today or timezone.localdate()
    due = GradualInvitation.objects.filter(ended_at=None, next_on__lte=today).order_by("next_on", "pk")
    return sum(advance(key, today=today) for key in list(due.values_list("pk", flat=True)))


@transaction.atomic
def advance(need_id: int, *, today: date) -> int:
    """The next batch of one need, or its end. Two at once: the second finds nothing due."""
    need = _locked(Need(pk=need_id))
    gradual = GradualInvitation.objects.select_related("started_by").filter(pk=need_id, ended_at=None).first()
    if gradual is None or gradual.next_on > today:
        return 0
    buyer = need.company.organisation
    if not interests.works_for(gradual.started_by, buyer):
        _end(gradual, End.STOPPED)
        return 0
    if not Need.objects.taking_part(today).filter(pk=need_id).exists():
        _end(gradual, End.OVER)
        return 0
    if need.interests.filter(status__in=SAID_YES).count() >= gradual.enough:
        _end_and_tell(gradual, need, End.ENOUGH)
        return 0
    batch = list(islice(_next(need, today), gradual.batch_size))
    if not batch:
        _end_and_tell(gradual, need, End.EXHAUSTED)
        return 0
    done = interests.invite(need, batch, by=gradual.started_by)
    gradual.next_on = today + timedelta(days=gradual.days_between)
    gradual.save(update_fields=["next_on"])
    return len(done)


def _next(need: Need, today: date) -> Iterator[Organisation]:
    """Workshops of the need's list with whom there has been no word yet, the best first."""
    reading = read_need(told_to_buyer(Need.objects.filter(pk=need.pk)).get(), today=today)
    known = set(need.interests.values_list("organisation", flat=True))
    for standing in WORTH_ASKING:
        for row in reading.of_standing(standing) if reading else ():
            if row.other.organisation_id not in known:
                yield row.other.organisation


def _locked(need: Need) -> Need:
    return (
        Need.objects.select_for_update(of=("self",), no_key=True)
        .select_related("company__organisation")
        .get(pk=need.pk)
    )


def _end(gradual: GradualInvitation, reason: str) -> None:
    gradual.ended_at, gradual.next_on, gradual.end_reason = timezone.now(), None, reason
    gradual.save(update_fields=["ended_at", "next_on", "end_reason"])


def _end_and_tell(gradual: GradualInvitation, need: Need, reason: str) -> None:
    _end(gradual, reason)
    text = {
        End.ENOUGH: _("Sudah cukup IKM yang berminat, jadi tidak ada lagi yang diundang. Jawablah mereka."),
        End.EXHAUSTED: _("Semua IKM yang memenuhi syarat atau kurang satu sudah diundang."),
    }[End(reason)]
    notify(
        need.company.organisation,
        key=f"gradual-{need.pk}-{gradual.started_at:%Y%m%d%H%M%S%f}-{reason}",
        title=format_lazy(_("Undangan bertahap selesai: {title}"), title=need.title),
        text=text,
        url=reverse("industry:applicants", args=[need.pk]),
    )
