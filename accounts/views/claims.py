"""Claims of existing profiles, as a part of the officers' queue."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import claims
from accounts.access import acts_for
from accounts.forms.people import ClaimForm
from accounts.models import Claim


@require_GET
@acts_for("dinas")
def waiting(request: HttpRequest) -> HttpResponse:
    found = Claim.objects.decidable_by(request.user).waiting().select_related("organisation", "user")
    return render(request, "accounts/claims.html", {"claims": found})


@require_http_methods(["GET", "POST"])
@acts_for("dinas")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Who claims what, what both sides have told the portal, and the decision."""
    decidable = Claim.objects.decidable_by(request.user)
    found = get_object_or_404(decidable.select_related("organisation", "user", "decided_by"), pk=pk)
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if decide(request, found, **form.cleaned_data):
            return redirect("accounts:claims")
        return redirect("accounts:claim", pk=pk)
    context = {
        "claim": found,
        "form": form,
        "members": found.organisation.memberships.current()
        .select_related("user")
        .order_by("joined_on", "pk"),
        "is_waiting": found.state == Claim.State.WAITING,
    }
    return render(request, "accounts/claim.html", context)


def decide(request: HttpRequest, found: Claim, *, decision: str, reason: str) -> bool:
    """Whether it is done; a message says why not."""
    try:
        if decision == "accept":
            claims.accept(found, by=request.user)
        else:
            claims.refuse(found, by=request.user, reason=reason)
    except claims.Decided:
        messages.warning(request, _("Petugas lain sudah memutuskan pengakuan ini."))
    except claims.OwnClaim:
        messages.error(request, _("Anda tidak bisa memutuskan pengakuan Anda sendiri. Minta petugas lain."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("Keputusan disimpan, dan pengaju sudah diberi tahu."))
        return True
    return False
