"""Products: found by everyday words, few questions a page, taken back by mistake or for good."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import documents
from accounts.models.organisations import new_ref
from catalogue import choosing
from catalogue.models import Category
from ikm import products as writing
from ikm import sections, summary
from ikm.forms.products import DetailsForm, ProductForm
from ikm.models import Ikm, Product
from ikm.views import pages
from ikm.views.readers import reader
from web.answers import Stale

# Retired products that are still offered to be taken back.
SHOWN_RETIRED_DAYS = 30


def products(request: HttpRequest, pk: int) -> HttpResponse:
    """The section: what is made, or the first question where nothing is stated yet."""
    ikm = pages.workshop_to_change(request, pk)
    held = sections.contents(ikm)
    since = timezone.now() - timezone.timedelta(days=SHOWN_RETIRED_DAYS)
    retired = list(ikm.products.filter(retired_at__gte=since).order_by("-retired_at"))
    if not held.products and not retired:
        return redirect("ikm:product_new", pk=pk)
    made = writing.with_free(held.products, on=timezone.localdate())
    context = pages.frame(
        request,
        ikm,
        "products",
        rows=[summary.product_row(product) for product in made],
        retired=retired,
        following=pages.following(request, ikm, held, "products"),
    )
    return render(request, "ikm/products.html", context)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@pages.on_time
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """First which word it is (`kategori`), then its name and numbers."""
    ikm = pages.workshop_to_change(request, pk)
    if request.method == "GET" and "kategori" not in request.GET:
        return choose(request, ikm)
    category = chosen_category(request.POST.get("category") or request.GET.get("kategori", ""))
    blank = {
        "category": category,
        "name": "",
        "unit": None,
        "capacity_per_month": None,
        "committed_per_month": None,
    }
    if request.method == "GET":
        initial = {
            "category": category.pk,
            "name": str(category),
            "unit": category.default_unit_id,
            "ref": new_ref(),
        }
        return draw(request, ikm, ProductForm(stored=blank, initial=initial), category)
    form = ProductForm(request.POST, stored=blank)
    if not form.is_valid():
        return draw(request, ikm, form, category)
    ref = form.cleaned_data["ref"] or new_ref()
    product = pages.save(form, writing.add_product, ikm, by=request.user, ref=ref, **form.given())
    return redirect(f"{reverse('ikm:product_details', args=[pk, product.pk])}?baru=1")


@require_http_methods(["GET", "POST"])
@pages.on_time
def product(request: HttpRequest, pk: int, product: int) -> HttpResponse:
    """Name, unit, capacity of a product that exists; `kategori` changes what it is."""
    ikm = pages.workshop_to_change(request, pk)
    shown = offered(ikm, product)
    stored = {name: getattr(shown, name) for name in ProductForm.answers}
    if request.method == "GET":
        category = chosen_category(request.GET["kategori"]) if "kategori" in request.GET else shown.category
        form = ProductForm(stored=stored, initial={"category": category.pk})
        return draw(request, ikm, form, category, product=shown)
    category = chosen_category(request.POST.get("category", ""))
    form = ProductForm(request.POST, stored=stored)
    if not form.is_valid():
        return draw(request, ikm, form, category, product=shown)
    try:
        kept = pages.save(
            form, writing.revise_product, shown, by=request.user, seen=form.seen_version(), **form.given()
        )
    except Stale as stale:
        form = pages.after(form, partial(ProductForm, stored=stale.stored))
        return draw(request, ikm, form, category, product=shown, status=409)
    return saved(request, ikm, was=shown.evidence, now=kept.evidence)


@require_http_methods(["GET", "POST"])
@pages.on_time
def details(request: HttpRequest, pk: int, product: int) -> HttpResponse:
    """Weight, shared hands, lead time; the rest for who has the time."""
    ikm = pages.workshop_to_change(request, pk)
    shown = offered(ikm, product)
    others = list(ikm.products.current().exclude(pk=shown.pk))
    build = partial(DetailsForm, product=shown, others=others)
    if request.method == "GET":
        return draw_details(request, ikm, build(), shown)
    form = build(request.POST, request.FILES)
    if not form.is_valid():
        return draw_details(request, ikm, form, shown)
    try:
        kept = keep_details(request, ikm, shown, form)
    except Stale:
        shown = offered(ikm, product)
        form = pages.after(form, partial(DetailsForm, product=shown, others=others))
        return draw_details(request, ikm, form, shown, status=409)
    except ValidationError as unfit:
        form.add_error("photo", unfit)
        return draw_details(request, ikm, form, shown)
    if request.POST.get("simpan") == "lagi":
        return redirect("ikm:product_new", pk=pk)
    if request.POST.get("baru"):
        return pages.go_on(request, ikm, "products")
    return saved(request, ikm, was=shown.evidence, now=kept.evidence)


@require_GET
@vary_on_headers("HX-Request")
@pages.on_time
def category(request: HttpRequest, pk: int, product: int) -> HttpResponse:
    """Another word for a product that exists."""
    ikm = pages.workshop_to_change(request, pk)
    return choose(request, ikm, product=offered(ikm, product))


@require_http_methods(["GET", "POST"])
@pages.on_time
def retire(request: HttpRequest, pk: int, product: int) -> HttpResponse:
    """Asked first, by its name; can be undone."""
    ikm = pages.workshop_to_change(request, pk)
    shown = offered(ikm, product)
    if request.method == "GET":
        return render(
            request, "ikm/product_retire.html", pages.frame(request, ikm, "products", product=shown)
        )
    writing.retire_product(shown, by=request.user)
    messages.success(request, _("%(name)s tidak ditawarkan lagi.") % {"name": shown.name})
    return redirect("ikm:section", pk=pk, section="products")


@require_POST
@pages.on_time
def restore(request: HttpRequest, pk: int, product: int) -> HttpResponse:
    ikm = pages.workshop_to_change(request, pk)
    back = writing.restore_product(get_object_or_404(ikm.products, pk=product), by=request.user)
    messages.success(request, _("%(name)s ditawarkan lagi.") % {"name": back.name})
    return redirect("ikm:section", pk=pk, section="products")


@login_not_required
@require_GET
def photo(request: HttpRequest, pk: int, product: int) -> HttpResponse:
    """The picture of a product: for its own people and its office; of a published workshop for everybody, unless
    its owner keeps pictures from the public."""
    pictured = Product.objects.exclude(photo=None).filter(ikm__merged_into=None)
    shown = get_object_or_404(pictured.select_related("photo", "ikm__organisation"), pk=product, ikm=pk)
    sight = reader(request).sights([shown.ikm])[shown.ikm_id]
    is_offered = shown.ikm.is_published and shown.retired_at is None
    if not (sight.own or (is_offered and sight.shows("photos", shown.ikm))):
        raise Http404
    return documents.serve(shown.photo, thumbnail="kecil" in request.GET)


def offered(ikm: Ikm, key: int) -> Product:
    found = ikm.products.current().select_related("category__default_unit", "unit", "photo", "ikm")
    return get_object_or_404(found, pk=key)


def chosen_category(slug: str) -> Category:
    """A family or an item; 404 for anything else."""
    return get_object_or_404(Category.objects.select_related("default_unit"), level__in=[2, 3], pk=slug)


def choose(request: HttpRequest, ikm: Ikm, *, product: Product | None = None) -> HttpResponse:
    """Words typed (`q`) and the categories they may mean, each a link: one tap."""
    words = request.GET.get("q", "")[:200]
    found = choosing.options(choosing.SORTS["kategori"], words, name="kategori")
    context = pages.frame(request, ikm, "products", product=product, words=words, found=found)
    if request.htmx:
        return render(request, "ikm/_categories.html", context)
    if not found["options"]:
        families = Category.objects.current().filter(level=2, parent__retired_on=None)
        context["families"] = families.select_related("parent").order_by("parent__name_id", "name_id")
    return render(request, "ikm/product_choose.html", context)


def draw(
    request: HttpRequest, ikm: Ikm, form: ProductForm, category: Category, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = pages.frame(request, ikm, "products", form=form, category=category, **more)
    return render(request, "ikm/product.html", context, status=status)


def draw_details(
    request: HttpRequest, ikm: Ikm, form: DetailsForm, product: Product, *, status: int = 200
) -> HttpResponse:
    every = [product, *ikm.products.current().exclude(pk=product.pk)]
    writing.with_free(every, on=timezone.localdate())
    context = pages.frame(
        request,
        ikm,
        "products",
        form=form,
        product=product,
        capacity=summary.capacity_line(product),
        free=summary.free_lines(product),
        is_new=request.POST.get("baru") or "baru" in request.GET,
    )
    return render(request, "ikm/product_details.html", context, status=status)


def keep_details(request: HttpRequest, ikm: Ikm, product: Product, form: DetailsForm) -> Product:
    """Save the answers and the picture together. ValidationError where the file is no picture."""
    answers = form.given()
    answers.pop("same_hands")
    with transaction.atomic():
        if form.cleaned_data["photo"]:
            answers["photo"] = documents.store(
                form.cleaned_data["photo"], organisation=ikm.organisation, by=request.user
            )
        elif form.cleaned_data.get("drop_photo"):
            answers["photo"] = None
        return pages.save(
            form,
            writing.revise_product,
            product,
            by=request.user,
            seen=form.seen_version(),
            same_hands=form.same_hands_keys(),
            **answers,
        )


def saved(request: HttpRequest, ikm: Ikm, *, was: str, now: str) -> HttpResponse:
    if request.POST.get(pages.BACK) == pages.TO_CHECK:
        return redirect("ikm:check", pk=ikm.pk)
    pages.say_saved(request, was=was, now=now)
    return redirect("ikm:section", pk=ikm.pk, section="products")
