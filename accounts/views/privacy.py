"""The consent of an organisation to be shown."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import consent
from accounts.access import acts_for


@require_http_methods(["GET", "POST"])
@acts_for("ikm", roles=["owner"])
def organisation_consent(request: HttpRequest) -> HttpResponse:
    """The text that the organisation agreed to or may agree to; its owner gives and withdraws here."""
    organisation = request.membership.organisation
    if request.method == "POST":
        if request.POST.get("action") == "give":
            consent.give(organisation, by=request.user)
            messages.success(request, _("Persetujuan sudah dicatat."))
        elif request.POST.get("action") == "withdraw":
            consent.withdraw(organisation, by=request.user)
            messages.success(request, _("Persetujuan sudah ditarik."))
        return redirect("accounts:consent")
    context = {
        "organisation": organisation,
        "consent": consent.current(organisation),
        "consent_text": consent.template_of(),
    }
    return render(request, "accounts/consent.html", context)
