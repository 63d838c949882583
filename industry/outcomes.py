"""The end of a need: all who waited are told, and both sides say what came of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import followups
from accounts.models import Organisation, User
from accounts.notices import notify
from industry import contact_news, interests, lifecycle, questions
from industry.models import Need, Outcome
from web.lifecycle import StepRefused
from web.workdays import add_working_days

REPORT_WITHIN = 5
REPORT = gettext_noop("Sampaikan hasil kebutuhan")
# Reasons of closing that say that somebody was paid.
BOUGHT = (Need.CloseReason.FILLED, Need.CloseReason.ELSEWHERE)
BUYER, WORKSHOP = Outcome.Side.BUYER, Outcome.Side.WORKSHOP


class Comparison(NamedTuple):
    """What both sides say of one workshop (None: elsewhere). A side is None while it has said nothing."""

    organisation: Organisation | None
    by_buyer: Outcome | None
    by_workshop: Outcome | None

    @property
    def differs(self) -> bool:
        if self.by_buyer is None or self.by_workshop is None:
            return False
        return (self.by_buyer.bought, self.by_buyer.quantity) != (
            self.by_workshop.bought,
            self.by_workshop.quantity,
        )


def need_closed(need: Need, *, by: User) -> None:
    """Called by the closing, under its lock: what nobody answered lapses, all who waited are told, outcomes asked."""
    asked = {one.pk: one for one in questions.readers(need)}
    interests.lapse_all(need, by=by)
    in_talks = {one.organisation_id for one in need.interests.mutual()}
    for organisation in asked.values():
        _tell_closed(need, organisation, wants_outcome=organisation.pk in in_talks)
    followups.settle(f"need-{need.pk}:")
    if in_talks or (asked and need.close_reason in BOUGHT):
        _ask(need, need.company.organisation)
    for pk in sorted(in_talks):
        _ask(need, asked[pk])


def need_reopened(need: Need) -> None:
    """Nobody has to report on a need that goes on."""
    followups.settle(f"need-{need.pk}:")


@transaction.atomic
def report_as_buyer(need: Need, bought: Mapping[int | None, Decimal | None], *, by: User) -> list[Outcome]:
    """What was bought over the need's whole time, per workshop's organisation (None: elsewhere); None: nothing.

    Workshops in talks have agreed where something was bought, and are told the end where not. StepRefused while the
    need is not closed or where `by` does not work for the buyer; ValueError for a workshop that never was in contact.
    """
    locked = _closed(need)
    if not interests.works_for(by, locked.company.organisation):
        raise StepRefused(locked.status, "report")
    known = {one.organisation_id: one for one in candidates(locked)}
    if strangers := bought.keys() - known.keys() - {None}:
        raise ValueError(f"never in contact: {sorted(strangers)}")
    said = [
        _state(locked, organisation, BUYER, quantity, by=by)
        for organisation, quantity in bought.items()
        if organisation is not None or quantity is not None or _stated(locked, None, BUYER)
    ]
    for organisation, quantity in bought.items():
        interest = known.get(organisation) if organisation is not None else None
        if interest and interest.status == lifecycle.TALKS:
            if quantity:
                interests.agree(interest, by=by)
            else:
                interests.end(interest, reason="not_bought", by=by, side=interests.BUYER)
            followups.settle(contact_news.prefix_of(interest), by=by)
    followups.settle(_key(locked, locked.company.organisation), by=by)
    return said


@transaction.atomic
def report_as_workshop(
    need: Need, organisation: Organisation, *, quantity: Decimal | None, by: User
) -> Outcome:
    """What was bought from this workshop over the need's whole time; None: nothing. StepRefused as for the buyer."""
    locked = _closed(need)
    may = candidates(locked).filter(organisation=organisation).exists()
    if not may or not interests.works_for(by, organisation):
        raise StepRefused(locked.status, "report")
    said = _state(locked, organisation.pk, WORKSHOP, quantity, by=by)
    followups.settle(_key(locked, organisation), by=by)
    return said


def candidates(need: Need):
    """Interests of workshops that may have sold for this need: both said yes, or it closed before the answer."""
    return (
        need.interests.filter(status__in=[*lifecycle.MUTUAL, lifecycle.LAPSED])
        .select_related("organisation", "need__company__organisation")
        .order_by("organisation__name", "pk")
    )


def compared(need: Need) -> list[Comparison]:
    """Both sides' words beside each other: for the buyer's office, never for either side about the other."""
    said: dict[int | None, dict[str, Outcome]] = {}
    for one in need.outcomes.select_related("organisation"):
        said.setdefault(one.organisation_id, {})[one.side] = one
    return [
        Comparison(next(iter(both.values())).organisation, both.get(BUYER), both.get(WORKSHOP))
        for both in said.values()
    ]


def _state(need: Need, organisation: int | None, side: str, quantity: Decimal | None, *, by: User) -> Outcome:
    outcome, _new = Outcome.objects.update_or_create(
        need=need,
        organisation_id=organisation,
        side=side,
        defaults={
            "bought": bool(quantity),
            "quantity": quantity or None,
            "reported_by": by,
            "reported_at": timezone.now(),
        },
    )
    return outcome


def _stated(need: Need, organisation: int | None, side: str) -> bool:
    return need.outcomes.filter(organisation=organisation, side=side).exists()


def _closed(need: Need) -> Need:
    locked = (
        Need.objects.select_for_update(of=("self",), no_key=True)
        .select_related("company__organisation", "unit")
        .get(pk=need.pk)
    )
    if not locked.is_closed:
        raise StepRefused(locked.status, "report")
    return locked


def _ask(need: Need, organisation: Organisation) -> None:
    followups.agree(
        organisation,
        key=_key(need, organisation),
        what=REPORT,
        due_on=add_working_days(timezone.localdate(), REPORT_WITHIN),
        url=reverse("industry:outcome", args=[need.pk]),
        about=need.title,
    )


def _tell_closed(need: Need, organisation: Organisation, *, wants_outcome: bool) -> None:
    reason = Need.CloseReason(need.close_reason).label
    if wants_outcome:
        text = format_lazy(
            _("Alasannya: {reason}. Apakah jadi dibeli dari Anda? Mohon isi hasilnya."), reason=reason
        )
        url = reverse("industry:outcome", args=[need.pk])
    else:
        text = format_lazy(_("Alasannya: {reason}. Terima kasih sudah menjawab."), reason=reason)
        url = reverse("industry:interests")
    notify(
        organisation,
        key=f"{_key(need, organisation)}:closed",
        title=format_lazy(_("Kebutuhan “{title}” ditutup"), title=need.title),
        text=text,
        url=url,
        sender=organisation.reviewing_office,
    )


def _key(need: Need, organisation: Organisation) -> str:
    return f"need-{need.pk}:{need.closed_at:%Y%m%d%H%M%S%f}-{organisation.pk}"
