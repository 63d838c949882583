""" "Masih benar" by a signed link: from a mail or a WhatsApp message, without a log-in, good for one confirmation."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from accounts.history import acting_as
from ikm import profiles
from ikm.models import Ikm
from web import links

PURPOSE = "still-correct"
# Longer than from one reminder to the next.
LASTS = timedelta(days=120)


def path_of(ikm: Ikm) -> str:
    """The page that shows what would be confirmed. Used, or the profile no longer shown: the link is void."""
    token = links.sign(PURPOSE, ikm.pk, lasts=LASTS, state=_state(ikm))
    return reverse("ikm:still_correct", args=[token])


def by_token(token: str) -> Ikm:
    """The workshop whose profile the link confirms; LinkRefused where it does not (any more)."""
    found = Ikm.objects.published().select_related("organisation__area", "organisation__reviewing_office")

    def state(pk: int) -> str | None:
        ikm = found.filter(pk=pk).first()
        return _state(ikm) if ikm else None

    return found.get(pk=links.read(PURPOSE, token, state=state))


@transaction.atomic
def confirm_by_link(token: str) -> Ikm:
    """Everything stated is still so today, by the word of whoever holds the link; LinkRefused as above.

    Two taps at once confirm once: the link is read under the lock.
    """
    profiles.lock(by_token(token))
    ikm = by_token(token)
    with acting_as("link"):
        profiles.note_confirmed(ikm)
    return ikm


def _state(ikm: Ikm) -> str:
    return f"{ikm.pk}:{ikm.confirmed_on}"
