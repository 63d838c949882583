"""Workshops that the company keeps in mind: marked with a star, read as a list, with a note."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import acts_for
from accounts.models import Organisation
from ikm import favourites as writing
from ikm import suppliers
from ikm.forms.supplier import NoteForm
from ikm.models import Favourite, Ikm
from ikm.views.readers import reader

PER_PAGE = 25


@require_GET
@acts_for("company")
def favourites(request: HttpRequest) -> HttpResponse:
    """The latest first; who does not take part any more is named, not dropped."""
    who = reader(request)
    mine = Favourite.objects.of(request.membership.organisation).select_related(
        "ikm__organisation__area__parent__parent__parent", "added_by"
    )
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    kept = {favourite.ikm: favourite for favourite in page if favourite.ikm.is_published}
    read = suppliers.read(list(kept), who.sights(list(kept)), on=timezone.localdate())
    shown = {supplier.ikm.pk: supplier for supplier in read}
    for supplier in read:
        supplier.is_favourite = True
    rows = [(favourite, shown.get(favourite.ikm_id)) for favourite in page]
    return render(request, "ikm/favourites.html", {"page": page, "rows": rows})


@require_POST
@acts_for("company")
def favourite(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep (`favorit=ya`) or let go; with htmx the star alone comes back."""
    company = request.membership.organisation
    ikm = get_object_or_404(markable(company).select_related("organisation"), pk=pk)
    kept = request.POST.get("favorit") == "ya"
    if kept:
        writing.keep(ikm, organisation=company, by=request.user)
    else:
        writing.let_go(ikm, organisation=company)
    back = request.POST.get("next", "")
    if request.htmx:
        context = {"star_pk": pk, "star_name": ikm.organisation.name, "is_kept": kept, "star_back": back}
        return render(request, "ikm/_favourite.html", context | {"small": "kecil" in request.POST})
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = suppliers.address(ikm)
    return redirect(back)


def markable(company: Organisation) -> QuerySet[Ikm]:
    """What is published, and what the company has kept already: that may have gone since."""
    kept = Favourite.objects.of(company).values("ikm")
    return Ikm.objects.published() | Ikm.objects.filter(pk__in=kept)


@require_http_methods(["GET", "POST"])
@acts_for("company")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """What the company's people say to each other about a favourite."""
    mine = Favourite.objects.of(request.membership.organisation).select_related("ikm__organisation")
    kept = get_object_or_404(mine, ikm=pk)
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"note": kept.note})
    if request.method == "POST" and form.is_valid():
        writing.write_note(kept, note=form.cleaned_data["note"])
        messages.success(request, _("Catatan disimpan."))
        return redirect("ikm:favourites")
    return render(request, "ikm/favourite_note.html", {"favourite": kept, "form": form})
