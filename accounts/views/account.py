"""One's own account, and for whom one acts."""

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import people, second_factor
from accounts.forms.people import PersonForm
from accounts.middleware import SESSION_KEY, memberships_of
from accounts.models import Claim, DigestChoice, Membership


def next_url(request: HttpRequest, default: str = "home") -> str:
    """Where the page asks to go afterwards, if that is an address of this portal; else `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return wanted if is_ours else default


@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    context = {
        "memberships": memberships_of(request),
        "address": EmailAddress.objects.filter(user=request.user).order_by("-verified", "-primary").first(),
        "has_second_factor": second_factor.is_set_up(request.user),
        "digest_choice": DigestChoice.objects.filter(user=request.user).first(),
        "claims": Claim.objects.waiting().filter(user=request.user).select_related("organisation"),
    }
    return render(request, "accounts/settings.html", context)


@require_http_methods(["GET", "POST"])
@reauthentication_required(app="allauth.account")
def revise_person(request: HttpRequest) -> HttpResponse:
    user = request.user
    given = {"name": user.name, "phone": user.phone or "", "language": user.language}
    form = PersonForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            people.revise_person(user, by=user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            with translation.override(user.language):
                messages.success(request, _("Data Anda sudah disimpan."))
            response = redirect("accounts:settings")
            age = settings.LANGUAGE_COOKIE_AGE
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=age, samesite="Lax")
            return response
    return render(request, "accounts/person.html", {"form": form})


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """For whom the person acts from now on in this session; `jenis` narrows the list to kinds."""
    if request.method == "POST":
        own = Membership.objects.current().filter(user=request.user)
        pk = request.POST.get("membership", "")
        membership = get_object_or_404(own, pk=pk if pk.isdecimal() else 0)
        request.session[SESSION_KEY] = membership.pk
        return redirect(next_url(request))
    kinds = set(request.GET.get("jenis", "").split(","))
    memberships = memberships_of(request)
    fitting = [each for each in memberships if each.organisation.kind in kinds] or memberships
    context = {"memberships": fitting, "next": next_url(request, default="")}
    return render(request, "accounts/choose.html", context)
