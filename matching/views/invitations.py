"""Invitations some at a time, the way workshops take with a need, and the office's view of both."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import acts_for
from industry import interests
from industry.models import Need
from industry.views.pages import for_own_need
from matching import funnel, invitations
from matching.models import GradualInvitation
from matching.views.buyer import buys_for, readable

PER_PAGE = 25


@require_http_methods(["GET", "POST"])
@for_own_need
def gradual(request: HttpRequest, need: Need) -> HttpResponse:
    """What inviting by batches means, with its numbers; POST starts it, or stops it with `berhenti`."""
    if request.method == "POST":
        if "berhenti" in request.POST:
            invitations.stop(need, by=request.user)
            messages.success(request, _("Undangan bertahap dihentikan. Yang sudah diundang tetap diundang."))
        else:
            try:
                invitations.start(need, by=request.user)
            except interests.NotOpen:
                messages.warning(request, _("Kebutuhan ini tidak terbuka, jadi belum bisa mengundang."))
                return redirect("industry:need", pk=need.pk)
            messages.success(request, _("Undangan bertahap berjalan. Undangan pertama segera dikirim."))
        return redirect("matching:gradual", pk=need.pk)
    running = GradualInvitation.objects.filter(need=need).first()
    said_yes = need.interests.filter(status__in=invitations.SAID_YES).count()
    context = {
        "need": need,
        "gradual": running,
        "numbers": running if running and not running.ended_at else invitations.policy_in_force(),
        "said_yes": said_yes,
    }
    return render(request, "matching/gradual.html", context)


@require_GET
def need_funnel(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers of one need; with ?tahap= the workshops behind one of them. For the buyer and its office."""
    need = get_object_or_404(readable(request).select_related("company__organisation"), pk=pk)
    if need.is_draft:
        return redirect("industry:need", pk=need.pk)
    stages = funnel.of_needs([need])[need.pk]
    asked = request.GET.get("tahap", "")
    shown = asked if asked in funnel.WORDS and asked != "matched" else ""
    page = None
    if shown:
        page = Paginator(funnel.rows_of(need, shown), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "need": need,
        "may_edit": buys_for(request, need),
        "stages": stages,
        "largest": max(stage.value for stage in stages) or 1,
        "shown": shown,
        "words": funnel.WORDS.get(shown, ""),
        "page": page,
        "interests": with_interest(need, page) if page else [],
    }
    return render(request, "matching/funnel.html", context)


def with_interest(need: Need, page) -> list[tuple]:
    found = {one.organisation_id: one for one in need.interests.filter(organisation__in=list(page))}
    return [(organisation, found.get(organisation.pk)) for organisation in page]


@require_GET
@acts_for("dinas", "operator")
def office_needs(request: HttpRequest) -> HttpResponse:
    """The needs of the office's companies, each with how far it has come, the newest first; ?status= open or closed."""
    found, status = needs_of(request), request.GET.get("status", "")
    if status in ("open", "closed"):
        found = found.filter(status=status)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    stages = funnel.of_needs(page)
    rows = [(need, stages[need.pk]) for need in page]
    heads = [words for _slug, words, _how in funnel.STAGES]
    return render(request, "matching/office_needs.html", {"page": page, "rows": rows, "heads": heads})


def needs_of(request: HttpRequest) -> QuerySet[Need]:
    office = request.membership.organisation
    return (
        Need.objects.filter(company__organisation__reviewing_office=office)
        .exclude(status="draft")
        .select_related("company__organisation")
        .order_by("-opened_at", "-pk")
    )
