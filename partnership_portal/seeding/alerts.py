"""What people wait for: a saved search, a followed category, an owner whom the office has invited."""

from accounts import alerts, memberships
from accounts.models import Membership
from catalogue.models import Category
from partnership_portal.seeding.register import IMPORTED, Seeding

OWNER = "cv-roller-samangraya"
SEARCHES = {"q=las": "Bengkel las", "kategori=komponen-konveyor&segar=6": "Komponen konveyor, data segar"}


def add_alerts(seed: Seeding) -> None:
    """What matched before is not known, so that the first morning brings a digest."""
    buyer = seed.companies["pt-baja-selat-gunungan"].entered_by
    for query, name in SEARCHES.items():
        alerts.save_search(name=name, query=query, by=buyer)
    owner = Membership.objects.get(organisation=seed.ikms[OWNER].organisation, role="owner").user
    alerts.follow(Category.objects.get(slug="komponen-konveyor"), by=owner)
    imported = seed.ikms[IMPORTED].organisation
    memberships.invite_owner(imported, by=seed.officers[0], phone="+6281200000199")
