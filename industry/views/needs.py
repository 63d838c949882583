"""The list of a company's needs, the page of one need for whoever may see it, and the steps of its life."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import acts_for, roles_of
from accounts.models import Organisation
from accounts.models.organisations import new_ref
from industry import attachments, interests, lifecycle, needs, outcomes, questions, topics
from industry.companies import NotComplete
from industry.filters import NeedFilter
from industry.forms.need import CloseForm, PeriodForm
from industry.models import Need
from industry.views.pages import for_own_need, own_company, told_whole

PAGE_SIZE = 25


@require_GET
@acts_for("company")
def needs_list(request: HttpRequest) -> HttpResponse:
    company = own_company(request)
    own = Need.objects.filter(company=company).select_related("company", "category", "unit")
    found = NeedFilter(request.GET, queryset=own)
    counts = dict(
        Need.objects.filter(company=company).order_by().values_list("status").annotate(n=Count("pk"))
    )
    context = {
        "company": company,
        "filter": found,
        "page": Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page")),
        "order": found.order,
        "total": sum(counts.values()),
        "counts": [(status, label, counts.get(status, 0)) for status, label in Need.Status.choices],
        "today": timezone.localdate(),
    }
    return render(request, "industry/needs.html", context)


@require_GET
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """For the company and its office: all of it, with what is missing. For a workshop: what it may know."""
    found = get_object_or_404(told_whole(Need.objects.shown_to(request.user)), pk=pk)
    roles = roles_of(request.user, found.company.organisation)
    if not roles:
        return market_page(request, found)
    missing = needs.missing_in(found, on=timezone.localdate())
    may_edit = bool(roles & {"owner", "staff"})
    context = {
        "need": found,
        "company": found.company,
        "may_edit": may_edit,
        "is_past": found.end is not None and found.end < timezone.localdate(),
        "missing": missing,
        "next_topic": (first := topics.first_missing(missing)),
        "next_url": topics.url_of(found, first) if first else "",
        "sections": [
            (topic, topics.url_of(found, topic), topics.said_of(found, topic, within_company=True))
            for topic in topics.TOPICS
            if topic is not topics.ATTACHMENTS
        ],
        "attachments": found.attachments.select_related("document"),
        "in_words": topics.amount_in_words(found),
        "contacts": contacts_in(found),
    }
    return render(request, "industry/need.html", context)


def contacts_in(need: Need) -> dict[str, int]:
    """How many workshops stand in which state, and how many questions wait."""
    if need.is_draft:
        return {}
    by_status = need.interests.order_by().values_list("status").annotate(n=Count("pk"))
    return dict(by_status) | {"questions": need.questions.open().count()}


def market_page(request: HttpRequest, found: Need) -> HttpResponse:
    """The need as a workshop sees it; gone once it is closed."""
    if found.is_closed:
        return render(request, "industry/need_closed.html", {"need": found}, status=410)
    membership = request.membership
    workshop = membership.organisation if membership and membership.organisation.kind == "ikm" else None
    context = {
        "need": found,
        "is_past": found.end < timezone.localdate(),
        "sections": [
            (topic, topics.said_of(found, topic, within_company=False))
            for topic in topics.TOPICS
            if topic is not topics.ATTACHMENTS
        ],
        "attachments": found.attachments.select_related("document"),
        "openings": attachments.opened_by(),
        "workshop": workshop,
        **(answering(found, workshop) if workshop else {}),
    }
    return render(request, "industry/need_for_workshop.html", context)


def answering(found: Need, workshop: Organisation) -> dict[str, Any]:
    """What a workshop has said of the need, may say, and has asked; that it looked is noted once a day."""
    today = timezone.localdate()
    standing = interests.standing(found, workshop, on=today)
    if not standing.seen_today:
        interests.saw(found, workshop, on=today)
    interest = interests.between(found, workshop)
    mutual = interest is not None and interest.status in (lifecycle.TALKS, lifecycle.AGREED)
    return {
        "interest": interest,
        "may_answer": standing.published,
        "questions": questions.shown_to(found, workshop),
        "openings": attachments.opened_by(mutual=mutual, promised=standing.promised),
    }


@require_POST
@for_own_need
def open_need(request: HttpRequest, need: Need) -> HttpResponse:
    try:
        needs.open_need(need, by=request.user)
    except NotComplete as refused:
        first = topics.first_missing(refused.missing)
        messages.warning(request, _("Belum bisa dibuka. Lengkapi dulu bagian ini."))
        return redirect(topics.url_of(need, first))
    except needs.NotReviewed:
        messages.warning(
            request, _("Tersimpan lengkap sebagai draf. Bisa dibuka setelah perusahaan Anda diperiksa.")
        )
        return redirect("industry:need", pk=need.pk)
    messages.success(request, _("Kebutuhan dibuka. IKM yang memenuhi syarat kini dapat melihatnya."))
    return redirect("matching:need_ranking", pk=need.pk)


@require_http_methods(["GET", "POST"])
@for_own_need
def close_need(request: HttpRequest, need: Need) -> HttpResponse:
    form = CloseForm(request.POST) if request.method == "POST" else CloseForm()
    if form.is_bound and form.is_valid():
        needs.close_need(need, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Kebutuhan ditutup. IKM tidak melihatnya lagi."))
        wanted = outcomes.candidates(need).exists()
        return redirect("industry:outcome" if wanted else "industry:need", pk=need.pk)
    if not need.is_open:
        return redirect("industry:need", pk=need.pk)
    return render(request, "industry/need_close.html", {"need": need, "form": form})


@require_http_methods(["GET", "POST"])
@for_own_need
def reopen_need(request: HttpRequest, need: Need) -> HttpResponse:
    dates = {"start": need.start, "end": need.end}
    form = PeriodForm(request.POST) if request.method == "POST" else PeriodForm(initial=dates)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            needs.reopen_need(need, start=said["start"], end=said["end"], by=request.user)
        except NotComplete as refused:
            return redirect(topics.url_of(need, topics.first_missing(refused.missing)))
        except needs.NotReviewed:
            messages.warning(request, _("Belum bisa dibuka lagi: perusahaan Anda sedang menunggu tinjauan."))
            return redirect("industry:need", pk=need.pk)
        messages.success(request, _("Kebutuhan dibuka lagi."))
        return redirect("matching:need_ranking", pk=need.pk)
    if not need.is_closed:
        return redirect("industry:need", pk=need.pk)
    return render(request, "industry/need_reopen.html", {"need": need, "form": form})


@require_http_methods(["GET", "POST"])
@for_own_need
def copy_need(request: HttpRequest, need: Need) -> HttpResponse:
    """The same again for other dates, which are asked for."""
    form = PeriodForm(request.POST) if request.method == "POST" else PeriodForm(initial={"ref": new_ref()})
    if form.is_bound and form.is_valid():
        fresh = needs.copy_need(need, by=request.user, **form.cleaned_data)
        messages.success(request, _("Salinan dibuat sebagai draf. Periksa isinya, lalu buka."))
        return redirect("industry:need", pk=fresh.pk)
    return render(request, "industry/need_copy.html", {"need": need, "form": form})


@require_http_methods(["GET", "POST"])
@for_own_need
def discard_need(request: HttpRequest, need: Need) -> HttpResponse:
    if request.method == "POST":
        needs.discard_draft(need, by=request.user)
        messages.success(request, _("Draf “%(title)s” dihapus.") % {"title": need.title})
        return redirect("industry:needs")
    if not need.is_draft:
        return redirect("industry:need", pk=need.pk)
    return render(request, "industry/need_discard.html", {"need": need})
