from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisations import Organisation
from accounts.models.people import User


class NotificationQuerySet(models.QuerySet):
    def for_user(self, user):
        """Addressed to the person, or to an organisation the person works for now; old ones have lost their words."""
        return (
            self.exclude(title="")
            .filter(
                models.Q(user=user)
                | models.Q(
                    user=None, organisation__memberships__user=user, organisation__memberships__left_on=None
                )
            )
            .distinct()
        )

    def unread(self):
        return self.filter(read_at=None)

    def to_hand_over(self, organisation):
        """What `organisation` may still send by WhatsApp, oldest first."""
        return (
            self.filter(sender=organisation, handed_over_at=None).exclude(whatsapp="").order_by("created_at")
        )


class Notification(models.Model):
    """News for a person or an organisation: waits on the home page, goes by mail, can be handed over by WhatsApp."""

    # One effect, one key: the same news is never written twice.
    key = models.CharField(max_length=150, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="notifications")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="notifications")
    sender = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=150)
    text = models.TextField()
    url = models.CharField(max_length=200)
    whatsapp = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("pemberitahuan")
        verbose_name_plural = _("pemberitahuan")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "read_at"], name="notification_unread")]

    def __str__(self) -> str:
        return self.title
