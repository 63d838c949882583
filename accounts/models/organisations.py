import secrets

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models.people import User
from catalogue.models import Area


def new_ref() -> str:
    """Ten characters that nobody confuses when read aloud: the name of a record between offices."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(10))


def new_token() -> str:
    return secrets.token_urlsafe(24)


class OrganisationQuerySet(models.QuerySet):
    def of_kind(self, *kinds: str):
        return self.filter(kind__in=kinds)

    def offices(self):
        return self.filter(kind=Organisation.Kind.DINAS)

    def of_member(self, user):
        return self.filter(memberships__user=user, memberships__left_on=None)

    def reviewed_by_office(self, office):
        return self.filter(reviewing_office=office)


@recorded()
class Organisation(models.Model):
    class Kind(models.TextChoices):
        IKM = "ikm", _("IKM")
        COMPANY = "company", _("Industri besar")
        DINAS = "dinas", _("Dinas")
        GOVERNMENT = "government", _("Pemerintah")
        INSTITUTION = "institution", _("Lembaga")
        OPERATOR = "operator", _("Pengelola portal")

    kind = models.CharField(_("jenis"), max_length=12, choices=Kind.choices)
    # Identity between offices: unique within the reviewing office and kind (MATCHING.md, exchange format).
    ref = models.CharField(_("nomor acuan"), max_length=60, default=new_ref)
    name = models.CharField(_("nama"), max_length=160)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wilayah")
    )
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    postcode = models.CharField(_("kode pos"), max_length=5, blank=True)
    nib = models.CharField("NIB", max_length=13, blank=True)
    npwp = models.CharField("NPWP", max_length=16, blank=True)
    contact_name = models.CharField(_("nama kontak"), max_length=120, blank=True)
    phone = models.CharField(_("telepon"), max_length=20, blank=True)
    whatsapp = models.CharField("WhatsApp", max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    reviewing_office = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("Dinas peninjau"),
    )
    # False: the office follows from the area, and moves when an office nearer to it joins.
    office_is_chosen = models.BooleanField(default=False)
    # An office with a single officer may let one person enter and verify; shown on every such fact.
    allows_same_person = models.BooleanField(_("satu petugas boleh memasukkan dan memeriksa"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisasi")
        verbose_name_plural = _("organisasi")
        indexes = [
            models.Index(fields=["nib"], condition=~models.Q(nib=""), name="organisation_nib"),
            models.Index(fields=["whatsapp"], condition=~models.Q(whatsapp=""), name="organisation_whatsapp"),
            GinIndex(fields=["name"], name="organisation_name_trigram", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reviewing_office", "kind", "ref"], name="organisation_ref_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(ref=""), name="organisation_named"
            ),
            models.CheckConstraint(
                condition=models.Q(nib="") | models.Q(nib__regex=r"^[0-9]{13}$"), name="organisation_nib_form"
            ),
            models.CheckConstraint(
                condition=models.Q(npwp="") | models.Q(npwp__regex=r"^[0-9]{15,16}$"),
                name="organisation_npwp_form",
            ),
            models.CheckConstraint(
                condition=models.Q(allows_same_person=False) | models.Q(kind="dinas"),
                name="organisation_same_person_is_dinas",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_dinas(self) -> bool:
        return self.kind == self.Kind.DINAS


class MembershipQuerySet(models.QuerySet):
    def current(self):
        return self.filter(left_on=None)

    def of_kinds(self, *kinds: str):
        return self.filter(organisation__kind__in=kinds)


@recorded()
class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", _("Pemilik")
        STAFF = "staff", _("Staf")
        HEAD = "head", _("Kepala Dinas")
        OFFICER = "officer", _("Petugas")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("peran"), max_length=8, choices=Role.choices)
    joined_on = models.DateField(default=timezone.localdate)
    left_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("keanggotaan")
        verbose_name_plural = _("keanggotaan")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=models.Q(left_on=None), name="member_once"
            ),
            models.CheckConstraint(
                condition=models.Q(left_on=None) | models.Q(left_on__gte=models.F("joined_on")),
                name="member_left_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Neither taken nor over."""
        return self.filter(accepted_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An invitation by mail link or hand-over into an organisation, or to take over a profile (role owner)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("nomor ponsel"), max_length=20, blank=True)
    role = models.CharField(_("peran"), max_length=8, choices=Membership.Role.choices)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("undangan anggota")
        verbose_name_plural = _("undangan anggota")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(email="") | ~models.Q(phone=""), name="invitation_has_address"
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email or self.phone} → {self.organisation_id}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > timezone.now()


class ClaimQuerySet(models.QuerySet):
    def waiting(self):
        """Oldest first."""
        return self.filter(state=Claim.State.WAITING).order_by("created_at", "pk")

    def decidable_by(self, user):
        """Of organisations whose reviewing office the user works for."""
        return self.filter(
            organisation__reviewing_office__memberships__user=user,
            organisation__reviewing_office__memberships__left_on=None,
        ).distinct()


@recorded()
class Claim(models.Model):
    """ "Ini usaha Anda?": a person says that an existing profile is theirs; the office decides."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        ACCEPTED = "accepted", _("Diterima")
        REFUSED = "refused", _("Ditolak")

    user = models.ForeignKey(User, models.CASCADE, related_name="claims")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="claims")
    message = models.CharField(_("keterangan"), max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("alasan"), max_length=500, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("pengakuan usaha")
        verbose_name_plural = _("pengakuan usaha")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=models.Q(state="waiting"), name="claim_waits_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", decided_at=None)
                | (~models.Q(state="waiting") & models.Q(decided_at__isnull=False)),
                name="claim_decided_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.organisation_id} ({self.state})"


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """Agreement to one version of a text (UU 27/2022). Never changed; withdrawal is a date on it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="consents")
    user = models.ForeignKey(User, models.PROTECT, related_name="consents")
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("persetujuan data")
        verbose_name_plural = _("persetujuan data")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "text_version"],
                condition=models.Q(withdrawn_at=None),
                name="consent_once_per_text",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.text_version}"


class IntroductionQuerySet(models.QuerySet):
    def between(self, one: Organisation, other: Organisation):
        low, high = sorted([one.pk, other.pk])
        return self.filter(first_id=low, second_id=high)


class Introduction(models.Model):
    """Contacts are open between two organisations. Written to the right, read by everyone who shows a contact."""

    first = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=120)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("perkenalan")
        verbose_name_plural = _("perkenalan")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="introduction_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="introduction_pair_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}"
