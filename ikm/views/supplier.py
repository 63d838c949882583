"""The page of a supplier, for everybody; reports about it; what its owner shows to whom."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import acts_for
from accounts.contacts import known_contact
from ikm import profiles, reports, suppliers
from ikm.forms.supplier import ReportForm, SettleForm, VisibilityForm
from ikm.models import Ikm, Report
from ikm.suppliers import Sight
from ikm.views import pages
from ikm.views.readers import Reader, reader
from ikm.views.start import too_many
from web import limits

REPORTS, WINDOW = 10, timedelta(hours=1)
# ?sebagai=: own people look at their page as others do.
CIRCLES = {
    "umum": (gettext_lazy("Semua orang"), Sight()),
    "pembeli": (gettext_lazy("Perusahaan"), Sight(details=True)),
    "kenal": (gettext_lazy("Perusahaan yang saling berminat"), Sight(False, True, True, True)),
}


@login_not_required
@require_GET
def supplier(request: HttpRequest, ref: str) -> HttpResponse:
    """What everybody sees of a workshop, with more for buyers, and contacts where an introduction is open."""
    who = reader(request)
    found = candidates(request, who, ref)
    if len(found) > 1:
        return render(request, "ikm/supplier_which.html", {"ikms": found, "ref": ref})
    ikm = found[0]
    if ikm.organisation.ref != ref:
        return redirect(suppliers.address(ikm))
    sight = who.sights([ikm])[ikm.pk]
    circle = request.GET.get("sebagai", "")
    is_own, previewed = sight.own, sight.own and circle in CIRCLES
    if previewed:
        sight = CIRCLES[circle][1]
    (shown,) = suppliers.read([ikm], {ikm.pk: sight}, on=timezone.localdate(), favourites_of=who.buyer)
    words = _("Selamat siang, kami menghubungi %(firm)s lewat Portal Kemitraan IKM Logam.")
    context = {
        "supplier": shown,
        "ikm": ikm,
        "contact": known_contact(ikm.organisation, text=words % {"firm": ikm.organisation.name})
        if sight.contacts and not is_own
        else None,
        "buyer": who.buyer,
        "is_own": is_own,
        "circle": circle if previewed else "",
        "circles": [(slug, word) for slug, (word, _sight) in CIRCLES.items()] if is_own else [],
    }
    return render(request, "ikm/supplier.html", context)


def candidates(request: HttpRequest, who: Reader, ref: str) -> list[Ikm]:
    """The workshops with this reference; offices number on their own, so there may be several. 404 for none.

    A profile that was merged leads to the one it was merged into.
    """
    readable = suppliers.with_place(Ikm.objects.readable_by(who.user))
    found = list(readable.filter(organisation__ref=ref).order_by("pk")[:20])
    number = request.GET.get("no", "")
    found = [ikm for ikm in found if str(ikm.pk) == number] or found
    if not found:
        merged = Ikm.objects.filter(organisation__ref=ref).exclude(merged_into=None).values("merged_into")
        found = list(readable.filter(pk__in=merged)[:20])
    if not found:
        raise Http404
    return found


# --- Reports


@login_not_required
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Anybody may say that a published workshop closed, moved, or states what is not so."""
    ikm = get_object_or_404(Ikm.objects.published().select_related("organisation"), pk=pk)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = request.user if request.user.is_authenticated else None
        who = str(by.pk) if by else get_adapter(request).get_client_ip(request)
        verdict = limits.attempt("ikm.report", who, limit=REPORTS, window=WINDOW)
        if not verdict.allowed:
            return too_many(request, verdict.wait)
        reports.report(ikm, by=by, **form.cleaned_data)
        messages.success(request, _("Terima kasih. Dinas menerima laporan Anda dan memeriksanya."))
        return redirect("ikm:supplier", ref=ikm.organisation.ref)
    return render(request, "ikm/report.html", {"ikm": ikm, "form": form})


@require_http_methods(["GET", "POST"])
@acts_for("dinas", "operator")
def reported(request: HttpRequest, pk: int) -> HttpResponse:
    """One report, before the office of the workshop: what was said, and what was done about it."""
    told = get_object_or_404(
        Report.objects.settleable_by(request.user).select_related(
            "ikm__organisation__area", "reported_by", "settled_by"
        ),
        pk=pk,
    )
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = reports.settle(told, by=request.user, **form.cleaned_data)
        if done.settled_by_id == request.user.pk:
            messages.success(request, _("Laporan selesai ditangani."))
        else:
            messages.warning(request, _("Petugas lain sudah menangani laporan ini."))
        return redirect("ikm:reported", pk=pk)
    return render(request, "ikm/reported.html", {"report": told, "form": form})


# --- What the owner shows


@require_http_methods(["GET", "POST"])
def visible(request: HttpRequest, pk: int) -> HttpResponse:
    """Which fields everybody sees; beside it the page as others see it."""
    ikm = pages.workshop(request, pk)
    form = VisibilityForm(
        request.POST if request.method == "POST" else None, initial=VisibilityForm.start(ikm.hidden_fields)
    )
    if request.method == "POST" and form.is_valid():
        profiles.choose_hidden(ikm, hidden=form.hidden())
        messages.success(request, _("Disimpan. Begini orang lain melihat usaha Anda."))
        return redirect(preview_url(ikm))
    context: dict[str, Any] = {"ikm": ikm, "form": form, "preview_url": preview_url(ikm)}
    return render(request, "ikm/visible.html", context)


def preview_url(ikm: Ikm) -> str:
    """One's own page as everybody sees it."""
    return suppliers.address(ikm) + "&sebagai=umum"
