"""Working for an organisation: invitation, acceptance, leaving."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Organisation, User
from accounts.people import confirm_address
from web import links, mail

VALID_FOR = timedelta(days=14)
Role = Membership.Role
LEADS = frozenset([Role.OWNER, Role.HEAD])


def roles_in(organisation: Organisation) -> list[Membership.Role]:
    """The roles of this kind of organisation, the leading one first."""
    return [Role.HEAD, Role.OFFICER] if organisation.is_dinas else [Role.OWNER, Role.STAFF]


def leads(organisation: Organisation, user: User) -> bool:
    """Owners and heads invite and remove; where an organisation has none of them, every member does."""
    members = Membership.objects.current().filter(organisation=organisation)
    own = members.filter(user=user)
    return own.filter(role__in=LEADS).exists() or (
        own.exists() and not members.filter(role__in=LEADS).exists()
    )


def owns(organisation: Organisation, user: User) -> bool:
    own = Membership.objects.current().filter(organisation=organisation, user=user)
    return own.filter(role=Role.OWNER).exists()


def answers_for(organisation: Organisation, user: User) -> bool:
    """Whether the person works for the organisation's reviewing office."""
    office = organisation.reviewing_office_id
    return office is not None and Membership.objects.current().filter(user=user, organisation=office).exists()


@transaction.atomic
def invite(
    organisation: Organisation, *, role: str, by: User, email: str = "", phone: str = ""
) -> Invitation:
    """Invite by mail link (`email`) or WhatsApp hand-over (`phone`); a second call to the same address renews it.

    PermissionError unless `by` leads the organisation.
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not leads(locked, by):
        raise PermissionError
    if role not in roles_in(locked):
        raise ValueError(f"no role {role} in {locked.kind}")
    return _invite(locked, role=role, by=by, email=email.lower(), phone=phone)


@transaction.atomic
def invite_owner(organisation: Organisation, *, by: User, email: str = "", phone: str = "") -> Invitation:
    """An officer invites the owner of a workshop that the office entered or imported, to take it over.

    PermissionError for who does not work for its office; ValidationError where it has an owner already.
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if locked.kind != Organisation.Kind.IKM or not answers_for(locked, by):
        raise PermissionError
    if has_owner(locked):
        raise ValidationError(_("Usaha ini sudah punya pemilik di portal."))
    return _invite(locked, role=Role.OWNER, by=by, email=email.lower(), phone=phone)


def has_owner(organisation: Organisation) -> bool:
    return organisation.memberships.current().filter(role=Role.OWNER).exists()


def is_takeover(invitation: Invitation) -> bool:
    """An officer invites the owner of a profile that the office entered or imported."""
    organisation = invitation.organisation
    is_owners = invitation.role == Role.OWNER and organisation.kind == Organisation.Kind.IKM
    return is_owners and answers_for(organisation, invitation.invited_by)


def _invite(locked: Organisation, *, role: str, by: User, email: str, phone: str) -> Invitation:
    members = Membership.objects.current().filter(organisation=locked)
    if (email and members.filter(user__email=email).exists()) or (
        phone and members.filter(user__phone=phone).exists()
    ):
        raise ValidationError(_("Orang ini sudah menjadi anggota."))
    invitation = Invitation.objects.open().filter(organisation=locked, email=email, phone=phone).first()
    invitation = invitation or Invitation(organisation=locked, email=email, phone=phone)
    invitation.role, invitation.invited_by = role, by
    invitation.expires_at = timezone.now() + VALID_FOR
    invitation.save()
    if email:
        _mail(invitation, by)
    return invitation


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Membership:
    """Take the invitation, once; ValidationError when it is used up, withdrawn or too old."""
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not locked.is_open:
        raise ValidationError(_("Undangan ini sudah dipakai atau sudah lewat waktunya."))
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=locked.organisation_id)
    if is_takeover(locked):
        # The office invites the first owner only; whoever comes later is invited by that one.
        if has_owner(organisation):
            raise ValidationError(_("Usaha ini sudah punya pemilik. Minta undangan darinya."))
        if answers_for(organisation, by):
            raise ValidationError(_("Petugas yang memeriksa usaha ini tidak dapat menjadi pemiliknya."))
    locked.accepted_at, locked.accepted_by = timezone.now(), by
    locked.save(update_fields=["accepted_at", "accepted_by"])
    if locked.email and locked.email == by.email:
        confirm_address(by)
    return join(locked.organisation, by, role=locked.role)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """The link stops working at once."""
    organisation = invitation.organisation
    if not leads(organisation, by) and not answers_for(organisation, by):
        raise PermissionError
    Invitation.objects.open().filter(pk=invitation.pk).update(expires_at=timezone.now())


@transaction.atomic
def join(organisation: Organisation, person: User, *, role: str) -> Membership:
    """Make `person` a member; who is one already keeps the membership and gets the leading role if it is given.

    A second officer ends the office's permission that one person enters and checks.
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    membership, is_new = Membership.objects.get_or_create(
        user=person, organisation=locked, left_on=None, defaults={"role": role}
    )
    if not is_new and role in LEADS and membership.role != role:
        membership.role = role
        membership.save(update_fields=["role"])
    if locked.allows_same_person and locked.memberships.current().count() > 1:
        locked.allows_same_person = organisation.allows_same_person = False
        locked.save(update_fields=["allows_same_person"])
    return membership


@transaction.atomic
def leave(membership: Membership, *, by: User) -> None:
    """End a membership: one's own, or one of the organisation that `by` leads. ValidationError for the last lead."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=membership.organisation_id)
    if membership.user_id != by.pk and not leads(organisation, by):
        raise PermissionError
    others = organisation.memberships.current().exclude(pk=membership.pk)
    if membership.role in LEADS and not others.filter(role__in=LEADS).exists():
        raise ValidationError(
            _("Harus ada yang memimpin. Undang dulu seorang %(role)s lain.")
            % {"role": membership.get_role_display().lower()}
        )
    Membership.objects.current().filter(pk=membership.pk).update(left_on=timezone.localdate())


@transaction.atomic
def allow_same_person(office: Organisation, *, allowed: bool, by: User) -> None:
    """Let the office's only officer enter and check the same fact, or end it. Recorded, and shown on each such fact."""
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=office.pk)
    if not locked.is_dinas or not leads(locked, by):
        raise PermissionError
    if allowed and locked.memberships.current().count() != 1:
        raise ValidationError(_("Ini hanya untuk Dinas dengan satu petugas."))
    locked.allows_same_person = office.allows_same_person = allowed
    locked.save(update_fields=["allows_same_person"])


def link_of(invitation: Invitation) -> str:
    """The whole address that the invited person opens."""
    return links.absolute(reverse("accounts:invitation", args=[invitation.token]))


def _mail(invitation: Invitation, by: User) -> None:
    takes_over = is_takeover(invitation)
    context = {"invitation": invitation, "by": by, "link": link_of(invitation), "takes_over": takes_over}
    words = _("Profil %(name)s menunggu Anda") if takes_over else _("Undangan bergabung dengan %(name)s")
    subject = words % {"name": invitation.organisation}
    text = render_to_string("accounts/mail/invitation.txt", context)
    # Renewed on purpose: the key names the day on which it now ends.
    mail.queue(f"invitation-{invitation.pk}:{invitation.expires_at:%s}", invitation.email, subject, text)
