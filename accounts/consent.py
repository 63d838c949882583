"""Consent to one version of a text (UU 27/2022). The texts are templates/accounts/consent/<version>.html."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Consent, Membership, Organisation, User
from accounts.signals import consent_withdrawn

# A changed text gets a new version and a new template; the old ones stay, since people agreed to them.
TEXT_VERSION = "2026-11-24"


def template_of(version: str = TEXT_VERSION) -> str:
    return f"accounts/consent/{version}.html"


def current(organisation: Organisation) -> Consent | None:
    """The consent to the present text that is in force; None where it was never given or was withdrawn."""
    return Consent.objects.in_force().filter(organisation=organisation, text_version=TEXT_VERSION).first()


def is_own(given: Consent) -> bool:
    """Whether a member of the organisation gave it, not an officer for them."""
    return Membership.objects.filter(organisation=given.organisation_id, user=given.user_id).exists()


@transaction.atomic
def give(organisation: Organisation, *, by: User) -> Consent:
    """Agree to the present text for the organisation; a consent in force is returned as it is."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    return current(organisation) or Consent.objects.create(
        organisation=organisation, user=by, text_version=TEXT_VERSION
    )


@transaction.atomic
def give_oneself(organisation: Organisation, *, by: User) -> Consent:
    """The same in the own name of a member: what an officer ticked for the owner ends with it."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    given = current(organisation)
    if given is not None and not is_own(given):
        Consent.objects.filter(pk=given.pk).update(withdrawn_at=timezone.now())
    return give(organisation, by=by)


@transaction.atomic
def withdraw(organisation: Organisation, *, by: User) -> None:
    """Take back every consent of the organisation; what it had published is withdrawn in the same step."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if Consent.objects.in_force().filter(organisation=organisation).update(withdrawn_at=timezone.now()):
        consent_withdrawn.send(sender=Consent, organisation=organisation, by=by)
