"""Kartu masuk: the office issues and prints it, its holder uses it."""

import math
from datetime import timedelta

import segno
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import cards
from accounts.access import acts_for
from accounts.forms.people import CardEntryForm, CardForm, PinForm
from accounts.models import EntryCard, Membership, Organisation
from web import formats, limits, links

PRINTED = "printed_card"  # session: the card just issued and its code, which is kept nowhere else
FOUND = "entry_card"  # session: the card whose holder is about to set a PIN
TRIES, TRIES_OF_ADDRESS, WINDOW = 5, 30, timedelta(hours=1)


# --- At the office


@require_GET
@acts_for("dinas")
def issued(request: HttpRequest) -> HttpResponse:
    """Workshops of the office to issue for, found by name, and the cards issued so far with their state."""
    office = request.membership.organisation
    query = request.GET.get("q", "").strip()[:100]
    workshops = Organisation.objects.of_kind("ikm").reviewed_by_office(office)
    issued_cards = EntryCard.objects.of_officer(request.user).filter(office=office)
    page = Paginator(
        issued_cards.select_related("user", "organisation", "issued_by").order_by("-issued_at", "-pk"), 25
    ).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "workshops": workshops.filter(name__icontains=query).order_by("name")[:20] if query else [],
        "page": page,
        "now": timezone.now(),
    }
    return render(request, "accounts/cards.html", context)


@require_http_methods(["GET", "POST"])
@acts_for("dinas")
def issue(request: HttpRequest, organisation_pk: int) -> HttpResponse:
    office = request.membership.organisation
    workshops = Organisation.objects.of_kind("ikm").reviewed_by_office(office)
    organisation = get_object_or_404(workshops, pk=organisation_pk)
    # Whoever registered the workshop has asked for the owner's name and number already.
    known = {"name": organisation.contact_name, "phone": formats.phone(organisation.whatsapp)}
    current = list(organisation.memberships.current().select_related("user").order_by("joined_on", "pk"))
    form = CardForm(
        request.POST if request.method == "POST" else None,
        members=[membership.user for membership in current],
        has_owner=any(membership.role == Membership.Role.OWNER for membership in current),
        initial={} if current else known,
    )
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data.get(name, "") for name in ("name", "phone")}
        try:
            card, code = cards.issue(
                organisation, office=office, by=request.user, person=form.person, **given
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            request.session[PRINTED] = {"card": card.pk, "code": code}
            return redirect("accounts:card_print", pk=card.pk)
    return render(request, "accounts/card_issue.html", {"form": form, "organisation": organisation})


@never_cache
@require_GET
@acts_for("dinas")
def print_card(request: HttpRequest, pk: int) -> HttpResponse:
    """The card on paper. Its code is known to this session only, and only until the next card."""
    own = EntryCard.objects.of_officer(request.user).select_related("user", "organisation", "office")
    card = get_object_or_404(own, pk=pk)
    printed = request.session.get(PRINTED) or {}
    code = printed["code"] if printed.get("card") == card.pk else None
    context = {"card": card, "code": code and f"{code[:4]} {code[4:]}", "site": links.absolute("")}
    if code:
        token = cards.token_of(card, code)
        address = links.absolute(reverse("accounts:card_scanned", args=[token]))
        context["qr"] = mark_safe(segno.make(address).svg_inline(border=2, omitsize=True, svgclass="qr"))
    return render(request, "accounts/card_print.html", context)


@require_POST
@acts_for("dinas")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(EntryCard.objects.of_officer(request.user), pk=pk)
    cards.withdraw(card, by=request.user)
    messages.success(request, _("Kartu tidak berlaku lagi."))
    return redirect("accounts:cards")


# --- In the holder's hand


@sensitive_post_parameters("code")
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """Number and code from the card, typed by hand."""
    form = CardEntryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wait = tries_left_over(request, form.cleaned_data["login"])
        card = None if wait else cards.find(form.cleaned_data["login"], form.cleaned_data["code"])
        if card is not None:
            limits.forgive("entry-card", cards.login_key(form.cleaned_data["login"]))
            request.session[FOUND] = card.pk
            return redirect("accounts:card_pin")
        form.add_error(None, refusal(wait))
    return render(request, "accounts/card_entry.html", {"form": form})


def tries_left_over(request: HttpRequest, login: str) -> timedelta:
    """Count the try; how long to wait, zero while there are tries left. By number, and by network address."""
    address = get_adapter(request).get_client_ip(request)
    verdicts = [
        limits.attempt("entry-card", cards.login_key(login), limit=TRIES, window=WINDOW),
        limits.attempt("entry-card-address", address, limit=TRIES_OF_ADDRESS, window=WINDOW),
    ]
    return max(verdict.wait for verdict in verdicts)


def refusal(wait: timedelta) -> str:
    if not wait:
        return _("Nomor atau kode tidak cocok, atau kartunya sudah dipakai. Periksa keduanya.")
    minutes = math.ceil(wait.total_seconds() / 60)
    return ngettext(
        "Terlalu banyak percobaan. Coba lagi dalam %(n)d menit, atau minta kartu baru dari Dinas.",
        "Terlalu banyak percobaan. Coba lagi dalam %(n)d menit, atau minta kartu baru dari Dinas.",
        minutes,
    ) % {"n": minutes}


@never_cache
@login_not_required
@require_GET
def scanned(request: HttpRequest, token: str) -> HttpResponse:
    """The address in the QR. Nothing is used up by looking: WhatsApp and browsers fetch links too."""
    card = cards.by_token(token)
    if card is None:
        messages.error(
            request, _("Kartu ini sudah dipakai atau sudah lewat waktunya. Minta kartu baru dari Dinas.")
        )
        return redirect("accounts:card_entry")
    request.session[FOUND] = card.pk
    return redirect("accounts:card_pin")


@sensitive_post_parameters("pin", "again")
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """The holder of the card sets a PIN and is logged in; whoever was logged in on this device is not any more."""
    usable = EntryCard.objects.usable(timezone.now()).select_related("user")
    card = usable.filter(pk=request.session.get(FOUND)).first()
    if card is None:
        return redirect("accounts:card_entry")
    form = PinForm(request.POST if request.method == "POST" else None, phone=card.user.phone or "")
    if request.method == "POST" and form.is_valid():
        try:
            holder = cards.redeem(card, pin=form.cleaned_data["pin"])
        except ValidationError as refused:
            form.add_error("pin", refused)
        else:
            logout(request)
            record_authentication(request, holder, method="card")
            messages.success(request, _("PIN sudah dibuat. Masuk lagi nanti dengan nomor Anda dan PIN ini."))
            return perform_login(request, holder, email_verification="none", redirect_url=reverse("home"))
    return render(request, "accounts/card_pin.html", {"form": form, "card": card})
