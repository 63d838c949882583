"""A workshop's answer to a need, its list of interests, and the page that both sides share once they have spoken."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import acts_for
from accounts.contacts import contact_of
from industry import interests, lifecycle, turns
from industry.forms.interest import InterestForm, ReasonForm, StepForm
from industry.models import Interest, Need
from industry.views.pages import told_whole, too_late
from web import formats
from web.lifecycle import StepRefused

View = Callable[..., HttpResponse]
PER_PAGE = 25
SIDES = {"ikm": interests.WORKSHOP, "company": interests.BUYER}


def for_open_need(view: View) -> View:
    """For a workshop: the view gets a need on the market and what there is between the two. Whatever comes too
    late is said in words on the page of the need."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        need = get_object_or_404(told_whole(Need.objects.shown_to(request.user)), pk=pk)
        organisation = request.membership.organisation
        try:
            return view(request, need, interests.between(need, organisation))
        except interests.NotOpen:
            messages.warning(request, _("Kebutuhan ini tidak menerima jawaban lagi."))
        except interests.NotPublished:
            messages.warning(
                request,
                _("Pembeli belum melihat usaha Anda. Kirim profil; setelah disetujui Anda bisa menjawab."),
            )
            return redirect("ikm:profile")
        except StepRefused as refused:
            messages.warning(request, too_late(refused))
        return redirect("industry:need", pk=need.pk)

    return acts_for("ikm")(guarded)


@require_http_methods(["GET", "POST"])
@for_open_need
def interest(request: HttpRequest, need: Need, found: Interest | None) -> HttpResponse:
    """ "Saya berminat", with a message and the quantity offered."""
    initial = {"message": found.message, "quantity": found.quantity} if found else {}
    form = InterestForm(request.POST if request.method == "POST" else None, need=need, initial=initial)
    if form.is_bound and form.is_valid():
        said = interests.answer(need, request.membership.organisation, by=request.user, **form.cleaned_data)
        messages.success(request, told(said))
        return redirect("industry:pair", pk=said.pk)
    if not need.is_open:
        raise interests.NotOpen
    context = {"need": need, "interest": found, "form": form, "in_words": ""}
    return render(request, "industry/interest.html", context)


def told(said: Interest) -> str:
    """What was just saved, the quantity read back in words."""
    done = (
        _("Kontak kini terbuka bagi Anda dan pembeli.")
        if said.status == lifecycle.TALKS
        else _("Minat Anda sampai kepada pembeli.")
    )
    words = offered_in_words(said.need, said.quantity)
    return f"{done} {_('Jumlah: %(words)s.') % {'words': words}}" if words else done


def offered_in_words(need: Need, quantity: Any) -> str:
    if not quantity or need.unit is None:
        return ""
    monthly = need.basis == Need.Basis.MONTH
    return formats.echo(quantity, symbol=need.unit.symbol, name=need.unit.name, per_month=monthly)


@require_GET
@acts_for("ikm")
def quantity_words(request: HttpRequest, pk: int) -> HttpResponse:
    """The part under the offered quantity that reads it out; empty while it is not clear."""
    need = get_object_or_404(Need.objects.shown_to(request.user).select_related("unit"), pk=pk)
    form = InterestForm(request.GET, need=need)
    form.is_valid()
    words = offered_in_words(need, form.cleaned_data.get("quantity"))
    return render(request, "industry/_amount_words.html", {"in_words": words})


@require_http_methods(["GET", "POST"])
@for_open_need
def decline(request: HttpRequest, need: Need, found: Interest | None) -> HttpResponse:
    """ "Tidak, karena…"."""
    initial = {"reason": found.reason, "words": found.reason_words} if found else {}
    form = ReasonForm(request.POST if request.method == "POST" else None, action="decline", initial=initial)
    if form.is_bound and form.is_valid():
        interests.decline(need, request.membership.organisation, by=request.user, **form.cleaned_data)
        messages.success(request, _("Terima kasih. Pembeli membaca jawaban Anda."))
        return redirect("industry:interests")
    if not need.is_open:
        raise interests.NotOpen
    return render(request, "industry/interest_decline.html", {"need": need, "form": form, "interest": found})


@require_GET
@acts_for("ikm")
def own_interests(request: HttpRequest) -> HttpResponse:
    """What this workshop answered and was asked, with whose turn it is; nothing of any other workshop."""
    mine = (
        Interest.objects.of_workshop(request.membership.organisation)
        .select_related("need__company__organisation", "need__unit")
        .order_by("-moved_at", "-pk")
    )
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    steps = turns.turns_of(page)
    rows = [(one, steps.get(one.pk)) for one in page]
    return render(request, "industry/interests.html", {"page": page, "rows": rows})


# --- The pair


def for_pair(view: View) -> View:
    """The view gets the interest and the side that the request acts for. Strangers get 404; who works for one of the
    two but acts for another organisation is led to the chooser and back."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        member = {"memberships__user": request.user, "memberships__left_on": None}
        of_workshop = Q(**{f"organisation__{name}": value for name, value in member.items()})
        of_buyer = Q(**{f"need__company__organisation__{name}": value for name, value in member.items()})
        mine = Interest.objects.filter(of_workshop | of_buyer).values("pk")
        found = get_object_or_404(
            Interest.objects.filter(pk__in=mine).select_related(
                "organisation__area__parent", "need__company__organisation__area__parent", "need__unit"
            ),
            pk=pk,
        )
        acting = request.membership.organisation_id
        if acting == found.organisation_id:
            side = interests.WORKSHOP
        elif acting == found.need.company.organisation_id:
            side = interests.BUYER
        else:
            query = urlencode({"next": request.get_full_path(), "jenis": "ikm,company"})
            return redirect(f"{reverse('accounts:choose')}?{query}")
        try:
            return view(request, found, side)
        except StepRefused as refused:
            messages.warning(request, too_late(refused))
            return redirect("industry:pair", pk=found.pk)

    return acts_for("ikm", "company")(guarded)


def other_side(found: Interest, side: str):
    return found.need.company.organisation if side == interests.WORKSHOP else found.organisation


def polite_text(found: Interest, side: str, person: str) -> str:
    """What WhatsApp is opened with."""
    own = found.organisation if side == interests.WORKSHOP else found.need.company.organisation
    return _(
        "Permisi, saya %(person)s dari %(own)s. Lewat Portal Kemitraan kita saling berminat untuk "
        "“%(title)s”. Bolehkah kita bicarakan langkah pertamanya?"
    ) % {"person": person, "own": own, "title": found.need.title}


@require_GET
@for_pair
def pair(request: HttpRequest, found: Interest, side: str) -> HttpResponse:
    """Where the two stand, how they reach each other once both said yes, and what comes next."""
    other = other_side(found, side)
    contact = None
    if found.is_open_to_both:
        contact = contact_of(
            other,
            seen_by=request.membership.organisation,
            text=polite_text(found, side, str(request.user)),
        )
    context = {
        "interest": found,
        "need": found.need,
        "side": side,
        "other": other,
        "contact": contact,
        "turn": turns.turns_of([found]).get(found.pk),
        "actions": lifecycle.INTEREST.actions(found.status, roles=[side]),
        "offered": offered_in_words(found.need, found.quantity),
        "acting": request.membership.organisation,
    }
    return render(request, "industry/pair.html", context)


def with_reason(request: HttpRequest, found: Interest, side: str, action: str) -> HttpResponse:
    """A page that asks for the reason of a no, and takes the step."""
    form = ReasonForm(request.POST if request.method == "POST" else None, action=action)
    if form.is_bound and form.is_valid():
        if action == "refuse":
            interests.refuse(found, by=request.user, **form.cleaned_data)
        else:
            interests.end(found, by=request.user, side=side, **form.cleaned_data)
        messages.success(request, _("Jawaban dan alasannya sudah dikirim."))
        return redirect("industry:pair", pk=found.pk)
    if action not in lifecycle.INTEREST.actions(found.status, roles=[side]):
        raise StepRefused(found.status, action)
    context = {
        "interest": found,
        "need": found.need,
        "other": other_side(found, side),
        "form": form,
        "step": action,
    }
    return render(request, "industry/pair_reason.html", context)


@require_http_methods(["GET", "POST"])
@for_pair
def refuse(request: HttpRequest, found: Interest, side: str) -> HttpResponse:
    if side != interests.BUYER:
        raise StepRefused(found.status, "refuse")
    return with_reason(request, found, side, "refuse")


@require_http_methods(["GET", "POST"])
@for_pair
def end(request: HttpRequest, found: Interest, side: str) -> HttpResponse:
    return with_reason(request, found, side, "end")


@require_POST
@for_pair
def accept(request: HttpRequest, found: Interest, side: str) -> HttpResponse:
    """The buyer's yes to a workshop's interest."""
    if side != interests.BUYER:
        raise StepRefused(found.status, "invite")
    try:
        done = interests.invite(found.need, [found.organisation], by=request.user)
    except interests.NotOpen:
        messages.warning(request, _("Kebutuhan ini tidak terbuka lagi."))
    else:
        if done and done[0].status == lifecycle.TALKS:
            messages.success(request, _("Saling berminat: kontak keduanya kini terbuka."))
    return redirect("industry:pair", pk=found.pk)


@require_POST
@for_pair
def agree(request: HttpRequest, found: Interest, side: str) -> HttpResponse:
    interests.agree(found, by=request.user)
    messages.success(request, _("Kesepakatan dicatat. Kabari IKM bila ada langkah berikutnya."))
    return redirect("industry:pair", pk=found.pk)


@require_POST
@for_pair
def take_back(request: HttpRequest, found: Interest, side: str) -> HttpResponse:
    interests.take_back(found, by=request.user, side=side)
    messages.success(request, _("Ditarik kembali. Pihak lain sudah diberi tahu."))
    return redirect("industry:pair", pk=found.pk)


@require_http_methods(["GET", "POST"])
@for_pair
def next_step(request: HttpRequest, found: Interest, side: str) -> HttpResponse:
    """What comes next, whose turn it is and until when."""
    if found.status not in (lifecycle.TALKS, lifecycle.AGREED):
        raise StepRefused(found.status, "next_step")
    form = StepForm(request.POST if request.method == "POST" else None, interest=found)
    if form.is_bound and form.is_valid():
        interests.next_step(found, by=request.user, side=side, **form.cleaned_data)
        messages.success(request, _("Langkah berikutnya dicatat dan pihak lain diberi tahu."))
        return redirect("industry:pair", pk=found.pk)
    context = {"interest": found, "need": found.need, "other": other_side(found, side), "form": form}
    return render(request, "industry/pair_step.html", context)
