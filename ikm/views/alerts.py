"""Saved searches and "Kabar berkala": what a person hears of regularly, and how often."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import alerts
from accounts.models import CategoryFollow, DigestChoice, SavedSearch, User
from catalogue.models import Category
from ikm.directory.keys import keys_of
from ikm.directory.query import Query
from ikm.forms.alerts import DigestForm, FollowForm, SaveSearchForm
from ikm.models import Product

SUGGESTED = 6


@require_http_methods(["GET", "POST"])
def digest(request: HttpRequest) -> HttpResponse:
    """How often, which searches, which categories."""
    searches = SavedSearch.objects.filter(user=request.user)
    choice = DigestChoice.objects.filter(user=request.user).first() or DigestChoice()
    data = request.POST if request.method == "POST" else None
    form = DigestForm(data, searches=searches, initial={"rhythm": choice.rhythm})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        alerts.choose(rhythm=said["rhythm"], searches_on=said.get("searches_on", []), by=request.user)
        messages.success(request, _("Pilihan disimpan."))
        return redirect("ikm:alerts")
    return render(request, "ikm/alerts.html", page(request, form, FollowForm()))


def page(request: HttpRequest, form: DigestForm, follow_form: FollowForm) -> dict:
    user = request.user
    follows = CategoryFollow.objects.filter(user=user).select_related("category__parent")
    kind = request.membership.organisation.kind if request.membership else ""
    return {
        "is_workshop": kind == "ikm",
        # Needs are shown to workshops and offices alone.
        "may_follow": kind in {"ikm", "dinas"} or follows.exists(),
        "form": form,
        "follow_form": follow_form,
        "searches": SavedSearch.objects.filter(user=user),
        "follows": follows,
        "suggested": suggested(user),
    }


def suggested(user: User) -> list[Category]:
    """Categories of the products of the person's own workshops that are not followed yet, also not from above."""
    own = Product.objects.current().filter(
        ikm__organisation__memberships__user=user, ikm__organisation__memberships__left_on=None
    )
    followed = CategoryFollow.objects.filter(user=user).values("category")
    found = Category.objects.current().filter(pk__in=own.values("category"), level__in=[2, 3])
    fresh = found.exclude(pk__in=followed).exclude(parent__in=followed)
    return list(fresh.select_related("parent").order_by("name_id")[:SUGGESTED])


@require_http_methods(["GET", "POST"])
def save_search(request: HttpRequest) -> HttpResponse:
    """A name for the query that stands in the address, as the directory has it."""
    query = Query.from_get(request.GET)
    if query.is_empty:
        messages.info(request, _("Cari dulu sesuatu, lalu simpan pencariannya."))
        return redirect("ikm:directory")
    data = request.POST if request.method == "POST" else None
    form = SaveSearchForm(data, initial={"name": query.q[:80]})
    if request.method == "POST" and form.is_valid():
        known = keys_of(query, on=timezone.localdate())
        try:
            alerts.save_search(
                name=form.cleaned_data["name"], query=query.urlencode(), known=known, by=request.user
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Pencarian disimpan. Yang baru dikabarkan lewat surat berkala."))
            return redirect("ikm:alerts")
    back = f"{reverse('ikm:directory')}?{query.urlencode()}"
    return render(request, "ikm/save_search.html", {"form": form, "back_url": back})


def own_search(request: HttpRequest, pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.filter(user=request.user), pk=pk)


@require_GET
def open_search(request: HttpRequest, pk: int) -> HttpResponse:
    """To what it finds now."""
    search = own_search(request, pk)
    alerts.note_seen(search)
    return redirect(f"{reverse('ikm:directory')}?{QueryDict(search.query).urlencode()}")


@require_http_methods(["GET", "POST"])
def forget_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked first."""
    search = own_search(request, pk)
    if request.method == "POST":
        alerts.forget_search(search)
        messages.success(request, _("Pencarian “%(name)s” dihapus.") % {"name": search.name})
        return redirect("ikm:alerts")
    return render(request, "ikm/forget_search.html", {"search": search})


@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """A category by everyday words, or one that the page suggests (`category`)."""
    form = FollowForm(request.POST)
    if form.is_valid():
        try:
            alerts.follow(form.cleaned_data["category"], by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            words = _("Anda mengikuti %(category)s.") % {"category": form.cleaned_data["category"]}
            messages.success(request, words)
            return redirect("ikm:alerts")
    searches = SavedSearch.objects.filter(user=request.user)
    choice = DigestChoice.objects.filter(user=request.user).first() or DigestChoice()
    chosen = DigestForm(None, searches=searches, initial={"rhythm": choice.rhythm})
    context = page(request, chosen, form) | {"has_errors": True}
    return render(request, "ikm/alerts.html", context, status=422)


@require_POST
def unfollow(request: HttpRequest, category: str) -> HttpResponse:
    follows = CategoryFollow.objects.filter(user=request.user).select_related("category")
    found = get_object_or_404(follows, category=category)
    alerts.unfollow(found.category, by=request.user)
    messages.success(request, _("Anda tidak lagi mengikuti %(category)s.") % {"category": found.category})
    return redirect("ikm:alerts")
