"""Certificates: which kind, what it says, a picture of it. "None yet" is an answer too."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import documents
from accounts.models import Document
from catalogue.models import CertificateKind
from ikm import certificates as writing
from ikm import profiles, sections, summary
from ikm.forms.certificates import CertificateForm, blank_answers, kinds_by_domain
from ikm.models import Certificate, Ikm
from ikm.views import pages
from ikm.views.products import SHOWN_RETIRED_DAYS
from web.answers import Stale


def certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """The section: what is held, or "none yet"."""
    ikm = pages.workshop_to_change(request, pk)
    if request.method == "POST":
        ikm = profiles.skip_section(ikm, section="certificates", by=request.user)
        return pages.go_on(request, ikm, "certificates")
    held = sections.contents(ikm)
    today = timezone.localdate()
    since = timezone.now() - timezone.timedelta(days=SHOWN_RETIRED_DAYS)
    context = pages.frame(
        request,
        ikm,
        "certificates",
        rows=[summary.certificate_row(row, on=today) for row in held.certificates],
        retired=ikm.certificates.filter(retired_at__gte=since).select_related("kind").order_by("-retired_at"),
        following=pages.following(request, ikm, held, "certificates"),
        domains=[] if held.certificates else kinds_by_domain(),
    )
    return render(request, "ikm/certificates.html", context)


@require_http_methods(["GET", "POST"])
@pages.on_time
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """First which kind (`jenis`), then what it says."""
    ikm = pages.workshop_to_change(request, pk)
    key = request.POST.get("jenis") or request.GET.get("jenis", "")
    if not key:
        context = pages.frame(request, ikm, "certificates", domains=kinds_by_domain())
        return render(request, "ikm/certificate_choose.html", context)
    kind = get_object_or_404(CertificateKind.objects.current().exclude(slug="nib"), pk=key)
    build = partial(CertificateForm, stored=blank_answers(), kind=kind, categories=made_by(ikm))
    if request.method == "GET":
        return draw(request, ikm, build(), kind)
    form = build(request.POST, request.FILES)
    if form.is_valid() and kept(request, ikm, form, partial(writing.add_certificate, ikm, kind=kind)):
        return redirect("ikm:section", pk=pk, section="certificates")
    return draw(request, ikm, form, kind)


@require_http_methods(["GET", "POST"])
@pages.on_time
def certificate(request: HttpRequest, pk: int, certificate: int) -> HttpResponse:
    """A certificate that exists."""
    ikm = pages.workshop_to_change(request, pk)
    shown = stated(ikm, certificate)
    stored = {name: getattr(shown, name) for name in CertificateForm.answers}
    build = partial(CertificateForm, kind=shown.kind, categories=made_by(ikm))
    if request.method == "GET":
        return draw(request, ikm, build(stored=stored), shown.kind, certificate=shown)
    form = build(request.POST, request.FILES, stored=stored)
    if not form.is_valid():
        return draw(request, ikm, form, shown.kind, certificate=shown)
    try:
        now = kept(request, ikm, form, partial(writing.revise_certificate, shown, seen=form.seen_version()))
    except Stale as stale:
        form = pages.after(form, partial(build, stored=stale.stored))
        return draw(request, ikm, form, shown.kind, certificate=shown, status=409)
    if now is None:
        return draw(request, ikm, form, shown.kind, certificate=shown)
    if request.POST.get(pages.BACK) == pages.TO_CHECK:
        return redirect("ikm:check", pk=pk)
    pages.say_saved(request, was=shown.evidence, now=now.evidence)
    return redirect("ikm:section", pk=pk, section="certificates")


@require_http_methods(["GET", "POST"])
@pages.on_time
def retire(request: HttpRequest, pk: int, certificate: int) -> HttpResponse:
    """Asked first, by its name; can be undone."""
    ikm = pages.workshop_to_change(request, pk)
    shown = stated(ikm, certificate)
    if request.method == "GET":
        context = pages.frame(request, ikm, "certificates", certificate=shown)
        return render(request, "ikm/certificate_retire.html", context)
    writing.retire_certificate(shown, by=request.user)
    messages.success(request, _("%(name)s dihapus dari profil.") % {"name": shown})
    return redirect("ikm:section", pk=pk, section="certificates")


@require_POST
@pages.on_time
def restore(request: HttpRequest, pk: int, certificate: int) -> HttpResponse:
    ikm = pages.workshop_to_change(request, pk)
    back = writing.restore_certificate(get_object_or_404(ikm.certificates, pk=certificate), by=request.user)
    messages.success(request, _("%(name)s kembali pada profil.") % {"name": back})
    return redirect("ikm:section", pk=pk, section="certificates")


@require_GET
def certificate_file(request: HttpRequest, pk: int, certificate: int) -> HttpResponse:
    """The picture of a proof: own people, the office, and who was introduced to the workshop."""
    proofs = Certificate.objects.readable_by(request.user).exclude(document=None)
    proof = get_object_or_404(proofs.select_related("document"), pk=certificate, ikm=pk)
    return documents.serve(proof.document, thumbnail="kecil" in request.GET)


def stated(ikm: Ikm, key: int) -> Certificate:
    found = ikm.certificates.current().select_related("kind", "category", "for_company", "document", "ikm")
    return get_object_or_404(found, pk=key)


def made_by(ikm: Ikm) -> list:
    """Categories of the workshop's products: what a certificate can be limited to."""
    return [product.category for product in ikm.products.current().select_related("category")]


def kept(request: HttpRequest, ikm: Ikm, form: CertificateForm, write: Any) -> Certificate | None:
    """Save the answers and the file together; None, with the reason on the form, where they cannot be kept."""
    answers: dict[str, Any] = form.given()
    try:
        with transaction.atomic():
            document = keep_file(request, ikm, form)
            if document is not None:
                answers["document"] = document
            row = pages.save(form, write, by=request.user, **answers)
            if document is not None and row.document_id != document.pk:
                # A double click: the first one's file stays, and nobody would find this one.
                document.file.delete(save=False)
                document.thumbnail.delete(save=False)
                document.delete()
            return row
    except ValidationError as unfit:
        form.add_error("document", unfit)
    except writing.Duplicate:
        form.add_error("number", _("Sertifikat dengan nomor dan tanggal ini sudah ada pada profil Anda."))
    return None


def keep_file(request: HttpRequest, ikm: Ikm, form: CertificateForm) -> Document | None:
    upload = form.cleaned_data["document"]
    return documents.store(upload, organisation=ikm.organisation, by=request.user) if upload else None


def draw(
    request: HttpRequest,
    ikm: Ikm,
    form: CertificateForm,
    kind: CertificateKind,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = pages.frame(request, ikm, "certificates", form=form, kind=kind, **more)
    return render(request, "ikm/certificate.html", context, status=status)
