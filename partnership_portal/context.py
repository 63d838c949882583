"""What every page shows around its content: navigation of the role, organisation acted for, help."""

from django.conf import settings
from django.http import HttpRequest

from partnership_portal.navigation import entries


def page(request: HttpRequest) -> dict:
    membership = getattr(request, "membership", None)
    return {
        "membership": membership or None,
        "navigation": entries(request, membership or None),
        "help_contact": settings.HELP_CONTACT,
        "is_sample": settings.IS_SAMPLE,
    }
