"""For whom a request acts, in which language, after which checks, and under whose name its changes are recorded."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from accounts import second_factor
from accounts.history import acting_as
from accounts.models import Membership, Organisation

SESSION_KEY = "acting_for"
GUARDED = {Organisation.Kind.DINAS, Organisation.Kind.OPERATOR}


def memberships_of(request: HttpRequest) -> list[Membership]:
    """What the person works for now, the longest first; read once a request."""
    if not hasattr(request, "_memberships"):
        found: list[Membership] = []
        if request.user.is_authenticated:
            found = list(
                Membership.objects.current()
                .filter(user=request.user)
                .select_related("organisation", "organisation__area")
                .order_by("joined_on", "pk")
            )
        for membership in found:
            membership.siblings = len(found)
        request._memberships = found
    return request._memberships


def chosen_membership(request: HttpRequest) -> Membership | None:
    """The membership chosen in this session, else the person's first; None for somebody without any."""
    memberships = memberships_of(request)
    chosen = request.session.get(SESSION_KEY) if memberships else None
    return next((m for m in memberships if m.pk == chosen), memberships[0] if memberships else None)


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


class SecondFactorMiddleware:
    """Officers, the operator and administrators reach nothing of their own before the second step of the log-in.

    Public pages stay public; open are the pages that set it up, ask for it, or lead out.
    """

    OPEN = frozenset(
        [
            "accounts:second_factor",
            "account_logout",
            "account_reauthenticate",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "set_language",
        ]
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if request.resolver_match.view_name in self.OPEN or not is_guarded(request):
            return None
        if second_factor.was_given(request):
            return None
        back = request.get_full_path() if request.method == "GET" else reverse("home")
        page = "mfa_reauthenticate" if second_factor.is_set_up(request.user) else "accounts:second_factor"
        return HttpResponseRedirect(f"{reverse(page)}?{urlencode({'next': back})}")


def is_guarded(request: HttpRequest) -> bool:
    """Whether the person may not work without a second factor: User.needs_second_factor from what is read anyway."""
    return request.user.is_staff or any(m.organisation.kind in GUARDED for m in memberships_of(request))


class LanguageMiddleware:
    """The person's language, else the cookie's, else Indonesian: a browser set to English does not decide."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = dict(settings.LANGUAGES)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        # The cookie of who is nobody yet, so that pages for strangers ask no session.
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        own = request.user.language if has_session and request.user.is_authenticated else None
        language = next((each for each in (own, cookie) if each in known), settings.LANGUAGE_CODE)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
