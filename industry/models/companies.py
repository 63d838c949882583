"""A large industry that buys."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models import Organisation, User
from industry import lifecycle


class CompanyQuerySet(models.QuerySet):
    def of_member(self, user):
        return self.filter(organisation__memberships__user=user, organisation__memberships__left_on=None)

    def editable_by(self, user):
        return self.of_member(user).distinct()

    def reviewable_by(self, user):
        """Of the offices the user works for as an officer."""
        return self.filter(
            organisation__reviewing_office__memberships__user=user,
            organisation__reviewing_office__memberships__left_on=None,
        ).distinct()

    def waiting_for_review(self):
        """Oldest first."""
        return self.filter(status=lifecycle.SUBMITTED).order_by("submitted_at", "pk")


@recorded()
class Company(models.Model):
    """A large industry that buys. Its needs are shown once an officer has reviewed it."""

    class Status(models.TextChoices):
        DRAFT = lifecycle.DRAFT, _("draf")
        SUBMITTED = lifecycle.SUBMITTED, _("menunggu tinjauan")
        RETURNED = lifecycle.RETURNED, _("dikembalikan")
        REVIEWED = lifecycle.REVIEWED, _("terperiksa")

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="+")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    sector = models.CharField(_("bidang usaha"), max_length=80, blank=True)
    about = models.TextField(_("tentang perusahaan"), max_length=1000, blank=True)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # The officer had also entered it: allowed only where the office says so, and counted.
    same_person = models.BooleanField(default=False)
    remarks = models.TextField(_("catatan Dinas"), max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("perusahaan")
        verbose_name_plural = _("perusahaan")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=lifecycle.COMPANY.states), name="company_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=lifecycle.REVIEWED) | Q(reviewed_at__isnull=False),
                name="company_reviewed_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(status=lifecycle.SUBMITTED) | Q(submitted_at__isnull=False),
                name="company_submitted_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name

    @property
    def is_reviewed(self) -> bool:
        return self.status == lifecycle.REVIEWED
