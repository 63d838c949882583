"""An owner takes over a profile that the office entered or imported: looks at it, consents, and vouches for it."""

from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import consent, memberships
from accounts.models import Consent, Invitation, Membership, User
from ikm import lifecycle, profiles
from ikm.models import Ikm
from ikm.signals import tell_supply_changed
from web.lifecycle import StepRefused

# For the list of the office: nobody yet; somebody came and has not looked; the owner's own word.
NOBODY, JOINED, TAKEN = "belum", "masuk", "pegang"


class Standing(NamedTuple):
    """`state`; the owner, if there is one; the owner's consent, if it was given; invitations that are open."""

    state: str
    owner: User | None
    consent: Consent | None
    invitations: list[Invitation]


def standing(ikm: Ikm) -> Standing:
    """In whose hands the profile is. Three statements."""
    of = ikm.organisation
    owners = Membership.objects.current().filter(organisation=of, role=Membership.Role.OWNER)
    owner = owners.select_related("user").order_by("joined_on", "pk").first()
    own = own_consents().filter(organisation=of).select_related("user").first()
    invitations = Invitation.objects.open().filter(organisation=of, role=Membership.Role.OWNER)
    state = (TAKEN if own else JOINED) if owner else NOBODY
    return Standing(state, owner.user if owner else None, own, list(invitations.order_by("created_at")))


def own_consents() -> QuerySet[Consent]:
    """Consents in force to the present text that a member of the organisation gave, not an officer for them."""
    member = Membership.objects.filter(organisation=OuterRef("organisation"), user=OuterRef("user"))
    return Consent.objects.in_force().filter(Exists(member), text_version=consent.TEXT_VERSION)


def in_hands(ikms: QuerySet[Ikm]) -> QuerySet[Ikm]:
    """Annotated with `has_owner` and `is_taken_over`, as `standing` has them."""
    owner = Membership.objects.current().filter(
        organisation=OuterRef("organisation"), role=Membership.Role.OWNER
    )
    own = own_consents().filter(organisation=OuterRef("organisation"))
    return ikms.annotate(has_owner=Exists(owner), is_taken_over=Exists(own))


def with_state(ikms: QuerySet[Ikm], state: str) -> QuerySet[Ikm]:
    """Of `in_hands(…)`."""
    wanted = {
        NOBODY: Q(has_owner=False),
        JOINED: Q(has_owner=True, is_taken_over=False),
        TAKEN: Q(has_owner=True, is_taken_over=True),
    }
    return ikms.filter(wanted[state])


def waits_for(ikm: Ikm, owner: User) -> bool:
    """Whether the owner still has to look at what others wrote: entered by the office, and no own consent yet."""
    if ikm.entered_by_id == owner.pk or ikm.status == lifecycle.WITHDRAWN:
        return False
    return not own_consents().filter(organisation=ikm.organisation_id).exists()


@transaction.atomic
def take_over(ikm: Ikm, *, by: User) -> Ikm:
    """The owner has seen all that is stated, and consents; a published profile is confirmed as of today.

    Nothing becomes proven by it. StepRefused for who is no owner; a second time changes nothing.
    """
    locked = profiles.lock(ikm)
    if not memberships.owns(locked.organisation, by):
        raise StepRefused(locked.status, "take_over")
    consent.give_oneself(locked.organisation, by=by)
    if locked.status == lifecycle.APPROVED:
        profiles.note_confirmed(locked)
    tell_supply_changed([locked.pk])
    return locked
