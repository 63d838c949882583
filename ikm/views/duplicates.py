"""Profiles that may be one workshop: the queue, both side by side, merging and taking it back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import acts_for
from accounts.models import Membership, Organisation
from ikm import duplicates, merging
from ikm.forms.duplicates import FIRST, SECOND, MergeForm, Side
from ikm.models import DuplicatePair, Merge, Product

PER_PAGE = 20
VIEWS = ("menunggu", "beda", "digabung")


@require_GET
@acts_for("dinas")
def overview(request: HttpRequest) -> HttpResponse:
    """Pairs that wait, the likeliest first; with `?lihat=` what was decided."""
    office = request.membership.organisation
    view = request.GET.get("lihat", VIEWS[0])
    view = view if view in VIEWS else VIEWS[0]
    page = Paginator(_rows(office, view), PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list if view != "digabung" else ():
        row.words = duplicates.in_words(row.reasons)
    waiting = DuplicatePair.objects.of_office(office).waiting().count()
    return render(request, "ikm/duplicates.html", {"view": view, "page": page, "waiting": waiting})


def _rows(office: Organisation, view: str):
    if view == "digabung":
        merges = Merge.objects.filter(survivor__organisation__reviewing_office=office, undone_at=None)
        return merges.select_related("survivor__organisation", "merged__organisation", "merged_by")
    pairs = DuplicatePair.objects.of_office(office).select_related(
        "first__organisation__area", "second__organisation__area", "decided_by"
    )
    if view == "beda":
        return pairs.filter(state=DuplicatePair.State.DISTINCT).order_by("-decided_at", "pk")
    return pairs.waiting()


@require_http_methods(["GET", "POST"])
@acts_for("dinas")
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Both records; POST merges them as chosen."""
    office = request.membership.organisation
    found = _pair(office, pk)
    if not is_open(found):
        return _decided(request, found)
    form = MergeForm(request.POST if request.method == "POST" else None, **sides(found))
    version = merging.versions_of(found.first, found.second)
    if request.method == "POST" and form.is_valid():
        survivor, merged = form.chosen
        seen = request.POST.get("version", "")
        try:
            merge = merging.merge(
                merged, into=survivor, by=request.user, office=office, take=form.take, seen=seen
            )
        except merging.Stale:
            return _conflict(request, found)
        except merging.ClaimWaits:
            form.add_error(None, _("Seseorang menyatakan usaha ini miliknya. Putuskan dulu pengakuan itu."))
        else:
            return _merged(request, merge)
    context = {"pair": found, "form": form, "version": version, "reasons": duplicates.in_words(found.reasons)}
    return render(request, "ikm/duplicate.html", context, status=422 if form.errors else 200)


def _pair(office: Organisation, pk: int) -> DuplicatePair:
    pairs = DuplicatePair.objects.of_office(office).select_related(
        "first__organisation__area__parent", "second__organisation__area__parent", "decided_by"
    )
    return get_object_or_404(pairs, pk=pk)


def is_open(found: DuplicatePair) -> bool:
    merged = found.first.merged_into_id or found.second.merged_into_id
    return found.state == DuplicatePair.State.WAITING and not merged


def sides(found: DuplicatePair) -> dict[str, Side]:
    """Two statements for the people and the products of both."""
    ikms = {FIRST: found.first, SECOND: found.second}
    members = Membership.objects.current().filter(
        organisation__in=[ikm.organisation_id for ikm in ikms.values()]
    )
    people: dict[int, list[Membership]] = {}
    for member in members.select_related("user").order_by("joined_on", "pk"):
        people.setdefault(member.organisation_id, []).append(member)
    counted = (
        Product.objects.current().filter(ikm__in=ikms.values()).values_list("ikm").annotate(many=Count("pk"))
    )
    products = dict(counted.order_by())
    return {
        key: Side(key, ikm, people.get(ikm.organisation_id, []), products.get(ikm.pk, 0))
        for key, ikm in ikms.items()
    }


def _decided(request: HttpRequest, found: DuplicatePair) -> HttpResponse:
    """The pair does not wait any more: a late answer is a conflict, a look leads to where it went."""
    if request.method == "POST":
        return _conflict(request, found)
    survivors = {merging.survivor_of(ikm).pk for ikm in (found.first, found.second)}
    if len(survivors) == 1:
        return redirect("ikm:review", pk=survivors.pop())
    messages.info(request, _("Pasangan ini sudah diputuskan."))
    return redirect("ikm:duplicates")


def _conflict(request: HttpRequest, found: DuplicatePair) -> HttpResponse:
    context: dict[str, Any] = {
        "message": _("Salah satu profil berubah, atau rekan Anda sudah memutuskan pasangan ini."),
        "changed_by": found.decided_by,
        "retry_url": reverse("ikm:duplicate", args=[found.pk]),
    }
    return render(request, "409.html", context, status=409)


def _merged(request: HttpRequest, merge: Merge) -> HttpResponse:
    text = _("%(merged)s kini satu profil dengan %(survivor)s.") % {
        "merged": merge.merged.organisation.name,
        "survivor": merge.survivor.organisation.name,
    }
    undo = reverse("ikm:merge_undo", args=[merge.pk])
    messages.success(request, format_html('{} <a href="{}">{}</a>', text, undo, _("Urungkan")))
    return redirect("ikm:duplicates")


@require_POST
@acts_for("dinas")
def apart(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Bukan usaha yang sama", remembered."""
    found = _pair(request.membership.organisation, pk)
    try:
        duplicates.tell_apart(found, by=request.user)
    except duplicates.Decided:
        found.refresh_from_db()
        return _conflict(request, found)
    messages.success(request, _("Dicatat: bukan usaha yang sama. Pasangan ini tidak ditanyakan lagi."))
    return redirect("ikm:duplicates")


@require_POST
@acts_for("dinas")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """A pair that was told apart waits again."""
    found = _pair(request.membership.organisation, pk)
    try:
        duplicates.ask_again(found, by=request.user)
    except duplicates.Decided:
        messages.info(request, _("Pasangan ini sudah menunggu lagi."))
    return redirect("ikm:duplicates")


@require_http_methods(["GET", "POST"])
@acts_for("dinas")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Two profiles again: asked first."""
    office = request.membership.organisation
    merges = Merge.objects.filter(survivor__organisation__reviewing_office=office)
    merge = get_object_or_404(
        merges.select_related("survivor__organisation", "merged__organisation", "merged_by"), pk=pk
    )
    if request.method != "POST":
        taken = [merging.FIELDS[name] for name in merge.taken if name in merging.FIELDS]
        joined = Membership.objects.current().filter(pk__in=merge.joined).select_related("user")
        return render(request, "ikm/merge_undo.html", {"merge": merge, "taken": taken, "joined": joined})
    try:
        kept = merging.undo(merge, by=request.user, office=office)
    except merging.NotUndoable:
        messages.info(
            request, _("Penggabungan ini sudah diurungkan, atau profilnya digabung lagi sesudahnya.")
        )
        return redirect("ikm:duplicates")
    messages.success(request, _("Kembali menjadi dua profil."))
    if kept:
        names = ", ".join(str(merging.FIELDS[name]) for name in kept)
        messages.warning(
            request, _("Sudah diubah sesudah digabung, jadi dibiarkan: %(names)s.") % {"names": names}
        )
    return redirect("ikm:duplicates")
