"""The sample register of the demo: invented firms, all named "(CONTOH)", from partnership_portal/sample/*.csv.

The CSV's reference day is shifted to today, so that what runs out soon there runs out soon now. Loaded once: a
register that already has the sample office is left as its users changed it.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.history import acting_as
from accounts.models import Organisation
from partnership_portal.seeding.alerts import add_alerts
from partnership_portal.seeding.directory import add_directory
from partnership_portal.seeding.hygiene import add_hygiene
from partnership_portal.seeding.interests import add_interests
from partnership_portal.seeding.register import IMPORTED, OFFICE_REF, Seeding
from partnership_portal.seeding.requests import add_requests
from partnership_portal.seeding.selections import add_selections
from partnership_portal.seeding.states import add_states

__all__ = ["IMPORTED", "seed"]


@transaction.atomic
def seed(*, today: date | None = None) -> bool:
    """Load the sample register; False, and nothing is done, where it is already there."""
    if Organisation.objects.filter(kind="dinas", ref=OFFICE_REF).exists():
        return False
    seeding = Seeding(today or timezone.localdate())
    with acting_as("sample"):
        seeding.run()
        add_states(seeding)
        add_directory(seeding)
        add_interests(seeding)
        add_selections(seeding)
        add_alerts(seeding)
        add_hygiene(seeding)
        add_requests(seeding)
    return True
