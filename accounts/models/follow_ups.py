"""What somebody has to do next, and by when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models.organisations import Organisation
from accounts.models.people import User


class FollowUpQuerySet(models.QuerySet):
    def open(self):
        """Not done yet; what is due first on top."""
        return self.filter(done_at=None).order_by("due_on", "pk")

    def of_member(self, user):
        return self.filter(
            organisation__memberships__user=user, organisation__memberships__left_on=None
        ).distinct()


@recorded()
class FollowUp(models.Model):
    """A next step: whose turn it is, with whom, what, until when. Written by whoever agrees it, shown on homes."""

    # One agreement, one step: the same is never written twice.
    key = models.CharField(max_length=150, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="follow_ups")
    counterpart = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")
    # A sentence of the source in Indonesian (a msgid), read in the reader's language; `about` is a proper name.
    what = models.CharField(_("langkah"), max_length=150)
    about = models.CharField(_("tentang"), max_length=160, blank=True)
    url = models.CharField(max_length=200)
    due_on = models.DateField(_("paling lambat"))
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    # Empty though done: it settled itself, by what somebody else did.
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("tindak lanjut")
        verbose_name_plural = _("tindak lanjut")
        indexes = [
            models.Index(
                fields=["organisation", "due_on"], condition=models.Q(done_at=None), name="follow_up_open"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(what=""), name="follow_up_says_what"),
            models.CheckConstraint(
                condition=models.Q(done_by=None) | models.Q(done_at__isnull=False),
                name="follow_up_done_has_day",
            ),
            models.CheckConstraint(
                condition=models.Q(counterpart=None) | ~models.Q(counterpart=models.F("organisation")),
                name="follow_up_with_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.what}"

    @property
    def words(self) -> str:
        return gettext(self.what)
