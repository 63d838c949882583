from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models.organisations import Organisation
from accounts.models.people import User
from web.jobs import Job

# UU 27/2022: the office answers within three times 24 hours, holidays counted.
ANSWER_WITHIN = timedelta(hours=72)


class DataRequestQuerySet(models.QuerySet):
    def open(self):
        """The one that is due first on top."""
        return self.filter(state=DataRequest.State.OPEN).order_by("due_at", "pk")

    def answerable_by(self, user):
        """Of the offices the user works for."""
        return self.filter(office__memberships__user=user, office__memberships__left_on=None).distinct()


@recorded()
class DataRequest(models.Model):
    """What a person asks of the office about their data, with the clock of the law."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("pembetulan data")
        DELETION = "deletion", _("penghapusan data")
        REVIEW = "review", _("minta diperiksa orang")
        OTHER = "other", _("pertanyaan lain tentang data")

    class State(models.TextChoices):
        OPEN = "open", _("menunggu jawaban")
        DONE = "done", _("dikerjakan")
        REFUSED = "refused", _("ditolak")
        CANCELLED = "cancelled", _("dibatalkan pemohon")

    kind = models.CharField(_("jenis"), max_length=10, choices=Kind.choices)
    user = models.ForeignKey(User, models.PROTECT, related_name="data_requests")
    # Whose data it is about, besides the person's own: the organisation that the person leads.
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="data_requests"
    )
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # What it is about in a few words, and the page that shows it.
    subject = models.CharField(_("tentang"), max_length=200, blank=True)
    url = models.CharField(max_length=200, blank=True)
    text = models.TextField(_("permintaan"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("diajukan"), default=timezone.now)
    due_at = models.DateTimeField(_("paling lambat dijawab"))
    state = models.CharField(_("keadaan"), max_length=9, choices=State.choices, default=State.OPEN)
    answer = models.TextField(_("jawaban"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("permintaan data")
        verbose_name_plural = _("permintaan data")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject"], condition=Q(state="open"), name="data_request_open_once"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("created_at")), name="data_request_due_later"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="data_request_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="data_request_refused_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="open"), name="data_request_waiting")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.user_id})"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_at < timezone.now()


class DataExport(Job):
    """A copy of all own data that is too large to be made while the person waits; forgotten after a few days."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    # With all that the portal knows of this organisation, which the person leads.
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    file = models.FileField(upload_to="exports/", blank=True)

    class Meta(Job.Meta):
        verbose_name = _("salinan data")
        verbose_name_plural = _("salinan data")

    def __str__(self) -> str:
        return f"{self.user_id} ({self.begun_at:%Y-%m-%d})" if self.begun_at else str(self.user_id)
