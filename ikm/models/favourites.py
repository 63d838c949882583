from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from ikm.models.profile import Ikm


class FavouriteQuerySet(models.QuerySet):
    def of(self, organisation: Organisation):
        return self.filter(organisation=organisation)


class Favourite(models.Model):
    """A company keeps a workshop in mind. Shared by the company's people; the workshop never learns of it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    ikm = models.ForeignKey(Ikm, models.CASCADE, related_name="+")
    note = models.CharField(_("catatan"), max_length=300, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = FavouriteQuerySet.as_manager()

    class Meta:
        verbose_name = _("favorit")
        verbose_name_plural = _("favorit")
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "ikm"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.ikm_id}"
