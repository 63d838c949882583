"""Drawings and documents of a need: added and taken away by the buyer, fetched by whoever may."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import documents
from accounts.access import acts_for, roles_of
from industry import attachments, lifecycle, topics
from industry.forms.need import AttachmentForm
from industry.models import Attachment, Need
from industry.views.pages import for_own_need
from web.lifecycle import StepRefused


@require_http_methods(["GET", "POST"])
@for_own_need
def attached(request: HttpRequest, need: Need) -> HttpResponse:
    """The files of the need, and the form that adds one."""
    if need.is_closed:
        raise StepRefused(need.status, "revise")
    form = AttachmentForm()
    if request.method == "POST":
        form = AttachmentForm(request.POST, request.FILES)
        if form.is_valid() and add(need, form, request):
            messages.success(request, _("Berkas dilampirkan."))
            return redirect(request.get_full_path())
    context = {
        "need": need,
        "topic": topics.ATTACHMENTS,
        "form": form,
        "number": len(topics.TOPICS),
        "of": len(topics.TOPICS),
        "attachments": need.attachments.select_related("document"),
    }
    return render(request, "industry/attachments.html", context)


def add(need: Need, form: AttachmentForm, request: HttpRequest) -> bool:
    """Attach the file; what is wrong with it is said at its field."""
    said = form.cleaned_data
    try:
        attachments.attach(need, said["file"], visibility=said["visibility"], by=request.user)
    except attachments.TooMany:
        form.add_error(
            "file", _("Sudah ada %(n)d berkas. Hapus satu dulu.") % {"n": attachments.LARGEST_NUMBER}
        )
    except ValidationError as wrong:
        form.add_error("file", wrong)
    return form.is_valid()


@require_http_methods(["GET", "POST"])
@acts_for("company")
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken away once the page that names the file has been confirmed."""
    mine = Attachment.objects.filter(
        need__in=Need.objects.editable_by(request.user).filter(
            company__organisation=request.membership.organisation_id
        )
    ).select_related("document", "need")
    attachment = get_object_or_404(mine, pk=pk)
    if request.method == "POST":
        attachments.detach(attachment, by=request.user)
        messages.success(request, _("Berkas “%(name)s” dihapus.") % {"name": attachment.document.name})
        return redirect("industry:attachments", pk=attachment.need_id)
    return render(request, "industry/attachment_remove.html", {"attachment": attachment})


@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself: for the company and its office always, for a workshop as its visibility says."""
    found = get_object_or_404(
        Attachment.objects.filter(need__in=Need.objects.shown_to(request.user)).select_related(
            "document", "need__company__organisation"
        ),
        pk=pk,
    )
    need = found.need
    if roles_of(request.user, need.company.organisation):
        return documents.serve(found.document)
    if need.status != lifecycle.OPEN:
        raise Http404
    workshop = workshop_of(request)
    if found.visibility in attachments.openings(need, organisation=workshop):
        return documents.serve(found.document)
    if found.visibility == Attachment.Visibility.CONFIDENTIAL and workshop:
        return redirect("industry:promise", pk=need.pk)
    raise Http404


@require_http_methods(["GET", "POST"])
@acts_for("ikm")
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """A workshop promises to keep the confidential drawings of a need to itself; then it sees them."""
    asking = Need.objects.shown_to(request.user).filter(
        status=lifecycle.OPEN, attachments__visibility=Attachment.Visibility.CONFIDENTIAL
    )
    need = get_object_or_404(asking.select_related("company__organisation").distinct(), pk=pk)
    missing = False
    if request.method == "POST":
        if request.POST.get("janji") == "ya":
            attachments.promise(need, organisation=request.membership.organisation, by=request.user)
            messages.success(request, _("Terima kasih. Gambar rahasia kebutuhan ini kini dapat Anda buka."))
            return redirect("industry:need", pk=need.pk)
        missing = True
    context = {"need": need, "missing": missing, "has_errors": missing}
    return render(request, "industry/promise.html", context, status=422 if missing else 200)


def workshop_of(request: HttpRequest):
    """The workshop that the request acts for; None for anybody else."""
    membership = request.membership
    return membership.organisation if membership and membership.organisation.kind == "ikm" else None
