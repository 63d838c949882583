from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models import Evidence, Fact, Membership, Organisation, User
from accounts.models.facts import FactQuerySet
from catalogue.models import Kbli
from ikm import freshness, lifecycle, visibility


class IkmQuerySet(FactQuerySet):
    def of_member(self, user):
        return self.filter(organisation__memberships__user=user, organisation__memberships__left_on=None)

    def editable_by(self, user):
        """Of whoever works for the workshop, and of the officers of its reviewing office."""
        return self.filter(
            models.Q(organisation__memberships__user=user, organisation__memberships__left_on=None)
            | models.Q(
                organisation__reviewing_office__memberships__user=user,
                organisation__reviewing_office__memberships__left_on=None,
            ),
            merged_into=None,
        ).distinct()

    def reviewable_by(self, user):
        """Of the offices the user works for as an officer."""
        return self.filter(
            organisation__reviewing_office__memberships__user=user,
            organisation__reviewing_office__memberships__left_on=None,
            merged_into=None,
        ).distinct()

    def published(self):
        """What everybody may find; how old the confirmation is, is said beside it."""
        return self.filter(status=lifecycle.APPROVED, merged_into=None)

    def readable_by(self, user):
        """What is published; one's own workshop, and those of one's office, also before."""
        published = models.Q(status=lifecycle.APPROVED)
        if user.is_authenticated:
            theirs = Membership.objects.current().filter(user=user).values("organisation")
            published |= models.Q(organisation__in=theirs)
            published |= models.Q(organisation__reviewing_office__in=theirs)
        return self.filter(published, merged_into=None)

    def waiting_for_review(self):
        """Oldest first."""
        return self.filter(status=lifecycle.SUBMITTED).order_by("submitted_at", "pk")

    def taking_part(self, on: date):
        """Approved, not withdrawn, confirmed within the 12 months before `on` (MATCHING.md)."""
        since = freshness.oldest_taking_part(on)
        return self.filter(status=lifecycle.APPROVED, merged_into=None, confirmed_on__gte=since)


class Status(models.TextChoices):
    DRAFT = lifecycle.DRAFT, _("draf")
    SUBMITTED = lifecycle.SUBMITTED, _("menunggu tinjauan")
    RETURNED = lifecycle.RETURNED, _("dikembalikan")
    APPROVED = lifecycle.APPROVED, _("disetujui")
    WITHDRAWN = lifecycle.WITHDRAWN, _("ditarik")


class InvestmentBand(models.TextChoices):
    """Investment without land and building, in the steps that the size rules need."""

    TO_1 = "0-1", _("kurang dari Rp1 miliar")
    TO_5 = "1-5", _("Rp1 miliar sampai Rp5 miliar")
    TO_10 = "5-10", _("di atas Rp5 miliar sampai Rp10 miliar")
    TO_15 = "10-15", _("di atas Rp10 miliar sampai Rp15 miliar")
    ABOVE = "15-", _("di atas Rp15 miliar")


@recorded()
class Ikm(Fact):
    """A workshop. As a fact, it states its identity (name, NIB, place); evidence is claimed or verified."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="+")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    legal_form = models.CharField(_("bentuk usaha"), max_length=20, blank=True)
    about = models.TextField(_("tentang usaha"), max_length=1000, blank=True)
    year_founded = models.PositiveSmallIntegerField(_("tahun berdiri"), null=True, blank=True)
    workers = models.PositiveIntegerField(_("jumlah pekerja"), null=True, blank=True)
    investment_band = models.CharField(
        _("investasi"), max_length=5, choices=InvestmentBand.choices, blank=True
    )
    kblis = models.ManyToManyField(Kbli, blank=True, related_name="+")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    # Sections of the task list that the owner has said are done, also where they are empty ("none yet").
    done_sections = models.JSONField(default=list, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    # The owner (or an import) last said that all of this is still so.
    confirmed_on = models.DateField(_("dikonfirmasi"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("alasan ditarik"), max_length=300, blank=True)
    # What the owner keeps from the public (ikm.visibility.SWITCHES). Contacts and numbers are never public.
    hidden_fields = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("tidak ditampilkan umum"),
        default=visibility.hidden_at_first,
        blank=True,
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = IkmQuerySet.as_manager()

    class Meta:
        verbose_name = _("IKM")
        verbose_name_plural = _("IKM")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(evidence="claimed", checked_on=None, method="")
                | models.Q(evidence="verified", checked_on__isnull=False),
                name="ikm_claimed_or_verified",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=lifecycle.PROFILE.states), name="ikm_status_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[lifecycle.SUBMITTED, lifecycle.APPROVED])
                | models.Q(submitted_at__isnull=False),
                name="ikm_submitted_has_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=lifecycle.APPROVED)
                | models.Q(approved_at__isnull=False, confirmed_on__isnull=False),
                name="ikm_approved_has_days",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=lifecycle.WITHDRAWN) | ~models.Q(withdrawal_reason=""),
                name="ikm_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(hidden_fields__contained_by=visibility.SWITCHES),
                name="ikm_hides_what_may_be_hidden",
            ),
        ]
        indexes = [
            models.Index(fields=["submitted_at"], condition=models.Q(status="submitted"), name="ikm_queue")
        ]

    def __str__(self) -> str:
        return self.organisation.name

    @property
    def is_verified(self) -> bool:
        return self.evidence == Evidence.VERIFIED

    @property
    def is_published(self) -> bool:
        return self.status == lifecycle.APPROVED and self.merged_into_id is None


class Review(models.Model):
    """One decision of an officer on a submitted profile, with remarks per section. Never changed."""

    class Decision(models.TextChoices):
        APPROVED = "approve", _("disetujui")
        RETURNED = "return", _("dikembalikan")
        # Changes after approval were looked at; what is not proven stays a claim, and no longer waits.
        SEEN = "seen", _("perubahan dilihat")

    ikm = models.ForeignKey(Ikm, models.CASCADE, related_name="reviews")
    decision = models.CharField(max_length=8, choices=Decision.choices)
    # {"products": "Kapasitas kanal C belum masuk akal …"}: keys are section slugs.
    remarks = models.JSONField(default=dict, blank=True)
    officer = models.ForeignKey(User, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    # The officer had also entered it: allowed only where the office says so, and counted.
    same_person = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("tinjauan")
        verbose_name_plural = _("tinjauan")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decision="return") | ~models.Q(remarks={}),
                name="review_returns_with_remarks",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ikm_id}: {self.decision}"


class Visit(models.Model):
    """An officer was there. The method "visit" of a fact refers to such a day."""

    ikm = models.ForeignKey(Ikm, models.CASCADE, related_name="visits")
    officer = models.ForeignKey(User, models.PROTECT, related_name="+")
    visited_on = models.DateField(_("tanggal kunjungan"))
    note = models.TextField(_("catatan"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("kunjungan")
        verbose_name_plural = _("kunjungan")
        ordering = ["-visited_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.ikm_id}: {self.visited_on}"


class SupplyVersion(models.Model):
    """Raised by the database whenever anything changes that scoring reads of this IKM (web.versions)."""

    ikm = models.OneToOneField(
        Ikm, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="supply_version"
    )
    version = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.ikm_id}: {self.version}"
