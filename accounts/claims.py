""" "Ini usaha Anda?": a person says that an existing profile is theirs, and the office decides."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import memberships
from accounts.models import Claim, Membership, Organisation, User
from accounts.notices import notify

CLAIMABLE = frozenset([Organisation.Kind.IKM, Organisation.Kind.COMPANY])


class Decided(Exception):
    """Another officer has decided the claim meanwhile."""


class OwnClaim(Exception):
    """Nobody decides a claim of their own."""


@transaction.atomic
def claim(organisation: Organisation, *, by: User, message: str = "") -> Claim:
    """Ask for an existing profile; a claim that waits already is returned as it is. The office is told.

    ValidationError for who works there already.
    """
    if organisation.kind not in CLAIMABLE:
        raise ValueError(f"nobody claims a {organisation.kind}")
    if Membership.objects.current().filter(user=by, organisation=organisation).exists():
        raise ValidationError(_("Anda sudah menjadi anggota usaha ini."))
    waiting = Claim.objects.waiting().filter(user=by, organisation=organisation)
    try:
        with transaction.atomic():
            made = waiting.first() or Claim.objects.create(
                user=by, organisation=organisation, message=message
            )
    except IntegrityError:  # two clicks at once
        return waiting.get()
    if organisation.reviewing_office is not None:
        notify(
            organisation.reviewing_office,
            key=f"claim-{made.pk}",
            title=_("%(person)s menyatakan %(name)s sebagai usahanya") % {"person": by, "name": organisation},
            text=_("Periksa apakah orang ini benar pemiliknya, lalu terima atau tolak."),
            url=reverse("accounts:claim", args=[made.pk]),
        )
    return made


@transaction.atomic
def accept(claim: Claim, *, by: User) -> Membership:
    """The claimant becomes an owner, and is told."""
    locked = _decide(claim, Claim.State.ACCEPTED, by=by)
    membership = memberships.join(locked.organisation, locked.user, role=Membership.Role.OWNER)
    notify(
        locked.organisation,
        key=f"claim-{locked.pk}-accepted",
        title=_("%(name)s sekarang ada di akun Anda") % {"name": locked.organisation},
        text=_("Dinas menerima pengakuan Anda. Periksa data usaha Anda, lalu lengkapi."),
        url=reverse("home"),
        sender=locked.organisation.reviewing_office,
        user=locked.user,
    )
    return membership


@transaction.atomic
def refuse(claim: Claim, *, by: User, reason: str) -> Claim:
    """The claimant is told why, and what would change it."""
    if not reason.strip():
        raise ValidationError({"reason": _("Tulis alasannya.")})
    locked = _decide(claim, Claim.State.REFUSED, by=by, reason=reason)
    notify(
        locked.organisation,
        key=f"claim-{locked.pk}-refused",
        title=_("Pengakuan atas %(name)s belum diterima") % {"name": locked.organisation},
        text=reason,
        url=reverse("home"),
        sender=locked.organisation.reviewing_office,
        user=locked.user,
    )
    return locked


def _decide(claim: Claim, state: str, *, by: User, reason: str = "") -> Claim:
    locked = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if locked.state != Claim.State.WAITING:
        raise Decided
    if locked.user_id == by.pk:
        raise OwnClaim
    if not Claim.objects.decidable_by(by).filter(pk=locked.pk).exists():
        raise PermissionError
    locked.state, locked.reason = state, reason
    locked.decided_at, locked.decided_by = timezone.now(), by
    locked.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    return locked
