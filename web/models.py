"""What goes out by mail, and how often something was tried lately."""

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutgoingMailQuerySet(models.QuerySet):
    def due(self, now: datetime.datetime) -> "OutgoingMailQuerySet":
        """To be sent or tried again at `now`, the longest waiting first."""
        return self.filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def waiting(self) -> "OutgoingMailQuerySet":
        return self.exclude(next_try_at=None)

    def given_up(self) -> "OutgoingMailQuerySet":
        """Not sent and not tried again: somebody has to look (the last error says why)."""
        return self.filter(sent_at=None, next_try_at=None)


class OutgoingMail(models.Model):
    """A mail is a row of the transaction that caused it, and is sent afterwards: once, tried again with back-off."""

    # One effect, one key: the same mail is never queued twice.
    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField(_("kepada"))
    subject = models.CharField(_("perihal"), max_length=200)
    text = models.TextField(_("isi"))
    # Beside those that every mail has, by name.
    headers = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)
    sent_at = models.DateTimeField(_("terkirim"), null=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    # Empty: sent, or given up.
    next_try_at = models.DateTimeField(null=True, default=timezone.now)
    last_error = models.CharField(max_length=300, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("surel keluar")
        verbose_name_plural = _("surel keluar")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(next_try_at=None), name="mail_sent_is_done"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(next_try_at__isnull=False), name="mail_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


class Tally(models.Model):
    """How often something was tried since its window began (web.limits). The key is a digest: it names nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    resets_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("hitungan percobaan")
        verbose_name_plural = _("hitungan percobaan")

    def __str__(self) -> str:
        return f"{self.count} → {self.resets_at:%H:%M:%S}"
