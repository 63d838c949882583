from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models import User
from ikm.models.profile import Ikm


class ReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at=None)

    def settleable_by(self, user):
        """Of workshops whose reviewing office the user works for."""
        return self.filter(
            ikm__organisation__reviewing_office__memberships__user=user,
            ikm__organisation__reviewing_office__memberships__left_on=None,
        ).distinct()


@recorded()
class Report(models.Model):
    """Somebody says that a published workshop has closed or moved, or that its data is wrong. Open, then settled."""

    class Kind(models.TextChoices):
        CLOSED = "closed", _("Usaha sudah tutup")
        MOVED = "moved", _("Usaha pindah tempat")
        WRONG = "wrong", _("Datanya salah")

    ikm = models.ForeignKey(Ikm, models.CASCADE, related_name="+")
    kind = models.CharField(_("apa yang tidak benar"), max_length=6, choices=Kind.choices)
    text = models.CharField(_("keterangan"), max_length=500, blank=True)
    # None: somebody who was not logged in. Nothing else is kept of that person.
    reported_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("apa yang dilakukan"), max_length=500, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan")
        verbose_name_plural = _("laporan")
        ordering = ["reported_at", "pk"]
        constraints = [
            # The same thing said again while it waits is the same report.
            models.UniqueConstraint(
                fields=["ikm", "kind", "text"],
                condition=models.Q(settled_at=None),
                name="report_waits_once",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, settled_by=None, outcome="")
                | models.Q(settled_at__isnull=False, settled_by__isnull=False) & ~models.Q(outcome=""),
                name="report_settled_by_someone_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ikm_id}: {self.kind}"

    @property
    def is_open(self) -> bool:
        return self.settled_at is None
