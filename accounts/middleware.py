"""For whom a request acts, and the record of who changed what."""

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.history import acting_as
from accounts.models import Membership

SESSION_KEY = "acting_for"


def chosen_membership(request: HttpRequest) -> Membership | None:
    """The membership chosen in this session, else the person's first; None for somebody without any."""
    if not request.user.is_authenticated:
        return None
    memberships = list(
        Membership.objects.current()
        .filter(user=request.user)
        .select_related("organisation", "organisation__area")
        .order_by("joined_on", "pk")
    )
    chosen = request.session.get(SESSION_KEY)
    for membership in memberships:
        membership.siblings = len(memberships)
        if membership.pk == chosen:
            return membership
    return memberships[0] if memberships else None


class ActingMiddleware:
    """Sets `request.membership` (lazy, may be falsy); what a request changes is recorded under its user."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = SimpleLazyObject(lambda: chosen_membership(request))
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        actor = str(request.user.pk) if request.user.is_authenticated else "anonymous"
        membership = request.membership
        organisation = membership.organisation_id if membership else None
        with acting_as(actor, organisation=organisation, path=request.path[:200]):
            return self.get_response(request)
