"""Facts with their evidence, and the documents that prove them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models.organisations import Organisation
from accounts.models.people import User


class Evidence(models.TextChoices):
    CLAIMED = "claimed", _("menurut pengakuan")
    VERIFIED = "verified", _("terperiksa")
    REJECTED = "rejected", _("ditolak")


class Method(models.TextChoices):
    ORIGINAL = "original", _("dokumen asli dilihat")
    ISSUER = "issuer", _("situs penerbit")
    VISIT = "visit", _("kunjungan")
    RECORD = "record", _("catatan produksi")


class FactQuerySet(models.QuerySet):
    def current(self):
        """Facts that the owner still states; a retired one stays for the record."""
        return self.filter(retired_at=None)

    def waiting(self):
        return self.current().filter(evidence=Evidence.CLAIMED)


class Fact(models.Model):
    """What a workshop states about itself. Two persons: who last changed it may not verify it (DESIGN §6)."""

    evidence = models.CharField(_("bukti"), max_length=8, choices=Evidence.choices, default=Evidence.CLAIMED)
    method = models.CharField(_("cara memeriksa"), max_length=8, choices=Method.choices, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_on = models.DateField(_("diperiksa"), null=True, blank=True)
    # The officer who checked it had also entered it: allowed only where the office says so, and shown.
    same_person = models.BooleanField(default=False)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(evidence="claimed", checked_on=None, method="")
                | (~models.Q(evidence="claimed") & models.Q(checked_on__isnull=False)),
                name="%(class)s_evidence_has_day",
            ),
        ]


class DocumentQuerySet(models.QuerySet):
    def of(self, organisation: Organisation):
        return self.filter(organisation=organisation)


@recorded(exclude=["file", "thumbnail"])
class Document(models.Model):
    """A private file. Who may fetch it is decided where it is attached; there is no public address."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="documents")
    name = models.CharField(_("nama berkas"), max_length=150)
    content_type = models.CharField(max_length=60)
    file = models.FileField(upload_to="documents/%Y/%m/")
    thumbnail = models.FileField(upload_to="thumbnails/%Y/%m/", blank=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("dokumen")
        verbose_name_plural = _("dokumen")

    def __str__(self) -> str:
        return self.name
