"""How a buyer's invitations go out some at a time, as policy and for one need."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from industry.models import Need


class InvitationPolicy(models.Model):
    """How many workshops are invited at a time, how many interested ones are enough, and how long to wait between.

    A version is never changed; another one takes its place.
    """

    version = models.PositiveIntegerField(_("versi"), unique=True)
    batch_size = models.PositiveSmallIntegerField(_("undangan sekali kirim"), default=3)
    enough = models.PositiveSmallIntegerField(_("cukup bila yang berminat"), default=3)
    days_between = models.PositiveSmallIntegerField(_("hari di antaranya"), default=3)
    in_force = models.BooleanField(_("berlaku"), default=False)
    note = models.CharField(_("catatan"), max_length=250, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("aturan undangan bertahap")
        verbose_name_plural = _("aturan undangan bertahap")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["in_force"], condition=Q(in_force=True), name="one_invitation_policy_in_force"
            ),
            models.CheckConstraint(
                condition=Q(batch_size__range=(1, 20), enough__range=(1, 20), days_between__range=(1, 60)),
                name="invitation_policy_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.batch_size}/{self.enough}/{self.days_between}"


class GradualInvitation(models.Model):
    """The buyer lets the portal invite the best of the list, some at a time, until enough are interested."""

    class End(models.TextChoices):
        ENOUGH = "enough", _("cukup banyak yang berminat")
        EXHAUSTED = "exhausted", _("semua yang sesuai sudah diundang")
        STOPPED = "stopped", _("dihentikan")
        OVER = "over", _("kebutuhan tidak terbuka lagi")

    need = models.OneToOneField(Need, models.CASCADE, primary_key=True, related_name="+")
    batch_size = models.PositiveSmallIntegerField()
    enough = models.PositiveSmallIntegerField()
    days_between = models.PositiveSmallIntegerField()
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    # The day of the next batch; empty once it has ended.
    next_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=9, choices=End.choices, blank=True)

    class Meta:
        verbose_name = _("undangan bertahap")
        verbose_name_plural = _("undangan bertahap")
        indexes = [
            models.Index(fields=["next_on"], condition=Q(ended_at=None), name="gradual_invitation_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="", next_on__isnull=False)
                | Q(ended_at__isnull=False, next_on=None) & ~Q(end_reason=""),
                name="gradual_invitation_runs_or_ended",
            )
        ]

    def __str__(self) -> str:
        return f"{self.need_id} ({self.end_reason or self.next_on})"
