"""A section of the task list: its questions, or the page that lists what it holds."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import consent
from ikm import profiles, summary
from ikm.forms.base import AnswersForm
from ikm.forms.profile import ContactForm, IdentityForm, PlaceForm, SizeForm
from ikm.models import Ikm
from ikm.views import certificates, pages, processes, products
from web.answers import Stale
from web.identifiers import npwp_looks_mistyped

QUESTIONS: dict[str, type[AnswersForm]] = {
    "identity": IdentityForm,
    "place": PlaceForm,
    "size": SizeForm,
    "contact": ContactForm,
}
LISTS: dict[str, Callable[..., HttpResponse]] = {
    "products": products.products,
    "processes": processes.processes,
    "certificates": certificates.certificates,
}


@require_http_methods(["GET", "POST"])
@pages.on_time
def section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    if section in LISTS:
        return LISTS[section](request, pk)
    if section not in QUESTIONS:
        raise Http404
    ikm = pages.workshop_to_change(request, pk)
    was = ikm.evidence
    build = partial(QUESTIONS[section], **extras(request, ikm, section))
    if request.method == "GET":
        return draw(request, ikm, section, build(stored=profiles.stored(ikm, build.func.answers)))
    form = build(request.POST, stored=profiles.stored(ikm, build.func.answers))
    if not form.is_valid():
        return draw(request, ikm, section, form)
    try:
        ikm = pages.save(
            form,
            profiles.revise_section,
            ikm,
            section=section,
            by=request.user,
            seen=form.seen_version(),
            **form.given(),
        )
    except Stale as stale:
        return draw(request, ikm, section, pages.after(form, partial(build, stored=stale.stored)), status=409)
    if form.cleaned_data.get("consent"):
        give = consent.give_oneself if pages.works_here(ikm, request.user) else consent.give
        give(ikm.organisation, by=request.user)
    warn(request, form)
    return pages.go_on(request, ikm, section, was=was, now=ikm.evidence)


@require_GET
def own_section(request: HttpRequest, section: str) -> HttpResponse:
    """The section of the workshop that the request acts for: what notices and other pages link to."""
    membership = request.membership
    ikm = get_object_or_404(
        Ikm.objects.of_member(request.user), organisation=membership.organisation_id if membership else None
    )
    return redirect("ikm:section", pk=ikm.pk, section=section)


def extras(request: HttpRequest, ikm: Ikm, section: str) -> dict[str, Any]:
    if section != "contact":
        return {}
    for_owner = not pages.works_here(ikm, request.user)
    given = consent.current(ikm.organisation)
    # What an officer ticked for the owner, the owner is asked again.
    consented = given is not None and (for_owner or consent.is_own(given))
    return {"consented": consented, "for_owner": for_owner}


def draw(
    request: HttpRequest, ikm: Ikm, section: str, form: AnswersForm, *, status: int = 200
) -> HttpResponse:
    context = pages.frame(request, ikm, section, form=form, consent_text=consent.template_of())
    if section == "size" and ikm.workers is not None and ikm.investment_band:
        context["sizes"] = summary.size_in_words(ikm)
    return render(request, f"ikm/sections/{section}.html", context, status=status)


def warn(request: HttpRequest, form: AnswersForm) -> None:
    """What is saved as it was typed, but worth a second look."""
    number = form.cleaned_data.get("npwp")
    if number and number != form.stored.get("npwp") and npwp_looks_mistyped(number):
        messages.warning(
            request, _("NPWP disimpan, tetapi angkanya tampak salah ketik. Periksa sekali lagi.")
        )
    nib = form.cleaned_data.get("nib")
    if nib and nib != form.stored.get("nib") and Ikm.objects.filter(organisation__nib=nib).count() > 1:
        messages.warning(
            request, _("NIB ini juga tercatat pada profil lain. Petugas Dinas akan memeriksanya.")
        )
