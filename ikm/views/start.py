""" "Ini usaha Anda?": look before a second profile of one workshop begins."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.claims import claim as claim_organisation
from accounts.middleware import SESSION_KEY
from catalogue.models import Category
from ikm import profiles
from ikm.forms.profile import typeable_phone
from ikm.forms.start import ClaimForm, StartForm
from ikm.models import Ikm
from ikm.search import resembling
from web import limits

SEARCHES, WINDOW = 30, timedelta(hours=1)
SALT = "ikm.start"
# A found profile can be claimed until the page is a day old.
GOOD_FOR = timedelta(days=1)


@login_not_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Four answers; whoever resembles them is shown first, else the profile begins at once."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), login_url=reverse("account_signup"))
    own = Ikm.objects.of_member(request.user).filter(merged_into=None).select_related("organisation")
    if request.method == "GET":
        initial = {"whatsapp": typeable_phone(request.user.phone or "")}
        return render(request, "ikm/start.html", {"form": StartForm(initial=initial), "own": own})
    form = StartForm(request.POST)
    if not form.is_valid():
        return render(request, "ikm/start.html", {"form": form, "own": own})
    verdict = limits.attempt("ikm.start", str(request.user.pk), limit=SEARCHES, window=WINDOW)
    if not verdict.allowed:
        return too_many(request, verdict.wait)
    said = form.cleaned_data
    found = list(resembling(**said, by=request.user))
    if found and "baru" not in request.POST:
        return candidates(request, found)
    ikm = profiles.start_profile(by=request.user, **said)
    request.session[SESSION_KEY] = ikm.organisation.memberships.current().get(user=request.user).pk
    return redirect("ikm:workshop", pk=ikm.pk)


@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """A profile that was found is mine: the office decides."""
    ikm = get_object_or_404(
        Ikm.objects.filter(merged_into=None).select_related("organisation"), pk=opened(request, token)
    )
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            claim_organisation(ikm.organisation, by=request.user, message=form.cleaned_data["message"])
        except ValidationError as refused:
            messages.info(request, refused.message)
            return redirect("home")
        messages.success(request, _("Pengakuan Anda dikirim. Dinas memeriksanya, lalu memberi tahu Anda."))
        return redirect("home")
    return render(request, "ikm/claim.html", {"ikm": ikm, "form": form})


def candidates(request: HttpRequest, found: list[Ikm]) -> HttpResponse:
    """Just enough to recognise a workshop: its name, its area, what it makes. No contact."""
    listed = [
        {
            "ikm": ikm,
            "token": signing.dumps([ikm.pk, request.user.pk], salt=SALT),
            "makes": makes,
        }
        for ikm, makes in zip(found, families(found), strict=True)
    ]
    typed = [(name, value) for name, value in request.POST.items() if name in TRAVELS]
    return render(request, "ikm/candidates.html", {"candidates": listed, "typed": typed})


TRAVELS = frozenset(["name", "area", "area_kata", "area_untuk", "whatsapp", "nib"])


def families(found: list[Ikm]) -> list[list[str]]:
    """For each workshop up to three families of what it makes. One statement."""
    pairs = (
        Ikm.objects.filter(
            pk__in=[ikm.pk for ikm in found], products__retired_at=None, products__isnull=False
        )
        .values_list("pk", "products__category", "products__category__parent", "products__category__level")
        .distinct()
    )
    keys = [(pk, slug if level == 2 else parent) for pk, slug, parent, level in pairs]
    words = Category.objects.in_bulk({slug for _pk, slug in keys})
    made: dict[int, list[str]] = {ikm.pk: [] for ikm in found}
    for pk, slug in sorted(keys):
        if str(words[slug]) not in made[pk]:
            made[pk].append(str(words[slug]))
    return [made[ikm.pk][:3] for ikm in found]


def opened(request: HttpRequest, token: str) -> int:
    """The key of the profile that was shown to this very person; 404 for any other token."""
    try:
        pk, user = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    if user != request.user.pk:
        raise Http404
    return pk


def too_many(request: HttpRequest, wait: timedelta) -> HttpResponse:
    minutes = max(1, round(wait.total_seconds() / 60))
    words = ngettext("%(count)d menit", "%(count)d menit", minutes) % {"count": minutes}
    return render(request, "429.html", {"wait": words}, status=429)
