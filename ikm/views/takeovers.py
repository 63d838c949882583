"""In whose hands a profile is: the office invites the owner, the owner looks, consents and goes on alone."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import consent, memberships
from accounts.access import acts_for
from accounts.models import Invitation
from ikm import sections, summary, takeovers
from ikm.forms.registration import OwnerInvitationForm, TakeoverForm
from ikm.models import Ikm
from ikm.views import pages
from web.formats import wa_link

# --- The owner


@require_http_methods(["GET", "POST"])
@acts_for("ikm", roles=["owner"])
@pages.on_time
def takeover(request: HttpRequest) -> HttpResponse:
    """All that the office wrote, the consent, and one button; what is wrong is changed section by section."""
    mine = Ikm.objects.of_member(request.user).filter(merged_into=None)
    ikm = get_object_or_404(
        mine.select_related(
            "organisation__area__parent__parent__parent", "organisation__reviewing_office", "entered_by"
        ),
        organisation=request.membership.organisation,
    )
    if not takeovers.waits_for(ikm, request.user):
        return redirect("ikm:profile")
    form = TakeoverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        takeovers.take_over(ikm, by=request.user)
        messages.success(request, _("Profil sekarang di tangan Anda. Persetujuan Anda sudah dicatat."))
        return redirect("ikm:profile")
    return render(request, "ikm/takeover.html", owners_page(ikm, form))


def owners_page(ikm: Ikm, form: forms.Form) -> dict:
    parts = summary.parts(sections.contents(ikm), on=timezone.localdate())
    return {"ikm": ikm, "parts": parts, "form": form, "consent_text": consent.template_of()}


# --- The office


def of_this_office(request: HttpRequest, pk: int) -> Ikm:
    theirs = Ikm.objects.filter(
        organisation__reviewing_office=request.membership.organisation, merged_into=None
    )
    return get_object_or_404(theirs.select_related("organisation__reviewing_office", "entered_by"), pk=pk)


@require_http_methods(["GET", "POST"])
@acts_for("dinas")
def owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Who holds the profile; where nobody does, the owner is invited here."""
    ikm = of_this_office(request, pk)
    of = ikm.organisation
    form = OwnerInvitationForm(
        request.POST if request.method == "POST" else None,
        organisation=of,
        initial={"contact": of.email or of.whatsapp},
    )
    if request.method == "POST" and form.is_valid():
        try:
            invitation = memberships.invite_owner(of, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, told(invitation))
            return redirect("ikm:owner", pk=pk)
    found = takeovers.standing(ikm)
    for invitation in found.invitations:
        text = _("%(name)s ada di portal kemitraan industri. Periksa dan kelola sendiri: %(link)s") % {
            "name": of.name,
            "link": memberships.link_of(invitation),
        }
        invitation.whatsapp_link = wa_link(invitation.phone, text)
    return render(request, "ikm/owner.html", {"ikm": ikm, "standing": found, "form": form})


def told(invitation: Invitation) -> str:
    if invitation.email:
        return _("Undangan dikirim ke %(address)s.") % {"address": invitation.email}
    return _("Undangan siap. Kirim lewat WhatsApp dari daftar di bawah.")


@require_POST
@acts_for("dinas")
def withdraw_invitation(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    of = of_this_office(request, pk).organisation
    found = get_object_or_404(Invitation.objects.filter(organisation=of, role="owner"), pk=invitation)
    memberships.withdraw_invitation(found, by=request.user)
    messages.success(request, _("Undangan tidak berlaku lagi."))
    return redirect("ikm:owner", pk=pk)
