"""Who works for the organisation: members, invitations, the office's switch."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import memberships
from accounts.access import acts_for
from accounts.forms.people import InvitationForm
from accounts.middleware import SESSION_KEY
from accounts.models import Invitation, Membership, Organisation
from web.formats import wa_link

ANY = tuple(Organisation.Kind.values)


def led_by(request: HttpRequest) -> Organisation:
    """The organisation acted for, if the person leads it; else 404."""
    organisation = request.membership.organisation
    if not memberships.leads(organisation, request.user):
        raise Http404
    return organisation


@require_http_methods(["GET", "POST"])
@acts_for(*ANY)
def members(request: HttpRequest) -> HttpResponse:
    """The members and open invitations; who leads the organisation invites here."""
    organisation = request.membership.organisation
    form = InvitationForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if request.method == "POST":
        led_by(request)
        if form.is_valid():
            try:
                invitation = memberships.invite(organisation, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, told(invitation))
                return redirect("accounts:members")
    return render(request, "accounts/members.html", members_context(request, organisation) | {"form": form})


def told(invitation: Invitation) -> str:
    if invitation.email:
        return _("Undangan dikirim ke %(address)s.") % {"address": invitation.email}
    return _("Undangan siap. Kirim lewat WhatsApp dari daftar di bawah.")


def members_context(request: HttpRequest, organisation: Organisation) -> dict:
    current = organisation.memberships.current().select_related("user").order_by("joined_on", "pk")
    invitations = list(Invitation.objects.open().filter(organisation=organisation).order_by("created_at"))
    for invitation in invitations:
        text = _("%(name)s mengundang Anda bergabung di portal. Buka: %(link)s") % {
            "name": organisation,
            "link": memberships.link_of(invitation),
        }
        invitation.whatsapp_link = wa_link(invitation.phone, text)
    return {
        "organisation": organisation,
        "members": current,
        "invitations": invitations,
        "may_lead": memberships.leads(organisation, request.user),
    }


@require_POST
@acts_for(*ANY)
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitations = Invitation.objects.filter(organisation=led_by(request))
    memberships.withdraw_invitation(get_object_or_404(invitations, pk=pk), by=request.user)
    messages.success(request, _("Undangan dibatalkan."))
    return redirect("accounts:members")


@require_http_methods(["GET", "POST"])
@acts_for(*ANY)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave, or remove a member: a page of its own that names what ends."""
    organisation = request.membership.organisation
    current = Membership.objects.current().filter(organisation=organisation).select_related("user")
    membership = get_object_or_404(current, pk=pk)
    is_own = membership.user_id == request.user.pk
    if not is_own:
        led_by(request)
    if request.method == "POST":
        try:
            memberships.leave(membership, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("accounts:members")
        messages.success(request, _("Keanggotaan sudah diakhiri."))
        return redirect("home" if is_own else "accounts:members")
    return render(request, "accounts/leave.html", {"leaving": membership, "is_own": is_own})


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation; a stranger logs in or signs up first, and comes back."""
    found = get_object_or_404(Invitation.objects.select_related("organisation", "invited_by"), token=token)
    takes_over = memberships.is_takeover(found)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            membership = memberships.accept(found, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("accounts:invitation", token=token)
        request.session[SESSION_KEY] = membership.pk
        messages.success(request, _("Anda sekarang bekerja untuk %(name)s.") % {"name": found.organisation})
        return redirect("ikm:takeover" if takes_over else "home")
    context = {"invitation": found, "takes_over": takes_over}
    return render(request, "accounts/invitation.html", context)


@require_POST
@acts_for("dinas")
def same_person(request: HttpRequest) -> HttpResponse:
    """Switch whether the office's only officer may enter and check the same fact."""
    allowed = request.POST.get("allowed") == "1"
    try:
        memberships.allow_same_person(led_by(request), allowed=allowed, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("Aturan pemeriksaan sudah disimpan."))
    return redirect("accounts:members")
