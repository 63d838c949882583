"""A workshop whose owner takes back the consent no longer takes part (DESIGN §6)."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.signals import consent_withdrawn
from ikm import lifecycle, profiles
from ikm.models import Ikm


@receiver(consent_withdrawn)
def stop_showing(sender: type, organisation: Organisation, by: User, **kwargs: Any) -> None:
    """A published profile is withdrawn, a submitted one taken back; a draft stays a draft."""
    ikm = Ikm.objects.filter(organisation=organisation, merged_into=None).first()
    if ikm is None:
        return
    if ikm.status == lifecycle.APPROVED:
        profiles.withdraw(ikm, by=by, reason=_("Persetujuan menampilkan data ditarik."))
    elif ikm.status == lifecycle.SUBMITTED:
        profiles.recall(ikm, by=by)
