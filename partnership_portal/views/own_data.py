"""Own data: what the portal knows, a copy, requests with their clock, deletion; and the office that answers."""

import io

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import consent, data_requests
from accounts.access import acts_for
from accounts.models import DataExport, DataRequest, Organisation
from ikm.models import Ikm
from industry.models import Need
from partnership_portal import deletion, own_data, retention
from partnership_portal.forms import AnswerForm, DeletionForm, NameForm, RequestForm, subject_of
from web.formats import long_date

# The word in the address -> kind, heading, what to write.
KINDS = {
    "pembetulan": (
        DataRequest.Kind.CORRECTION,
        gettext_lazy("Minta pembetulan data"),
        gettext_lazy(
            "Apa yang salah, dan bagaimana yang benar? Yang bisa Anda ubah sendiri tidak perlu diminta."
        ),
    ),
    "periksa": (
        DataRequest.Kind.REVIEW,
        gettext_lazy("Minta diperiksa orang"),
        gettext_lazy(
            "Apa yang menurut Anda keliru pada nilai itu? Petugas memeriksa datanya dan menjawab Anda."
        ),
    ),
    "lain": (
        DataRequest.Kind.OTHER,
        gettext_lazy("Tanya tentang data Anda"),
        gettext_lazy("Misalnya: siapa yang melihat data saya, atau batasi pemakaian data saya."),
    ),
}


# --- The person


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """What there is, a copy of it, what was asked and answered."""
    led = led_by(request)
    export = DataExport.objects.filter(user=request.user).order_by("-pk").first()
    context = {
        "led": led,
        "is_workshop": led is not None and led.kind == Organisation.Kind.IKM,
        "is_large": own_data.is_large(led),
        "export": export,
        "requests": DataRequest.objects.filter(user=request.user).select_related("office")[:20],
    }
    return render(request, "own_data/own.html", context)


def led_by(request: HttpRequest) -> Organisation | None:
    membership = request.membership
    return own_data.led_by(request.user, membership.organisation if membership else None)


@never_cache
@require_GET
@reauthentication_required(app="allauth.account")
def download(request: HttpRequest) -> HttpResponse:
    """The copy: made at once where it is small, else what the job made."""
    led, now = led_by(request), timezone.now()
    name = f"data-{timezone.localdate(now):%Y-%m-%d}.zip"
    if own_data.is_large(led):
        made = DataExport.objects.filter(user=request.user, organisation=led, state=DataExport.State.DONE)
        export = get_object_or_404(made.exclude(file=""), pk=made.order_by("-pk").values("pk")[:1])
        return FileResponse(export.file.open("rb"), as_attachment=True, filename=name)
    packed = io.BytesIO()
    own_data.write(packed, person=request.user, organisation=led, made_at=now)
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename=name)


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Have a large copy made; the page says when it is there."""
    own_data.begin(person=request.user, organisation=led_by(request))
    messages.success(request, _("Salinan sedang disiapkan. Anda mendapat kabar bila sudah siap."))
    return redirect("own_data")


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """A request to the office. `kebutuhan` says which match is to be looked at by a person."""
    if kind not in KINDS:
        raise Http404
    code, title, help_text = KINDS[kind]
    about = about_match(request) if kind == "periksa" else {}
    form = RequestForm(request.POST if request.method == "POST" else None, help_text=help_text)
    if request.method == "POST" and form.is_valid():
        organisation = request.membership.organisation if request.membership else None
        try:
            made = data_requests.ask(
                kind=code, by=request.user, organisation=organisation, text=form.cleaned_data["text"], **about
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(
                request,
                _("Terkirim ke %(office)s. Jawaban paling lambat %(day)s.")
                % {"office": made.office, "day": long_date(made.due_at)},
            )
            return redirect("own_data")
    return render(request, "own_data/ask.html", {"form": form, "title": title, "about": about, "kind": kind})


def about_match(request: HttpRequest) -> dict[str, str]:
    """Subject and page of the match between the own workshop and a need; none without a need in the address."""
    key = request.GET.get("kebutuhan", "")
    if not key:
        return {}
    shown = Need.objects.shown_to(request.user).select_related("company__organisation")
    need = get_object_or_404(shown, pk=key if key.isdecimal() and len(key) < 19 else 0)
    ikm = (
        Ikm.objects.filter(organisation=request.membership.organisation).first()
        if request.membership
        else None
    )
    with override("id"):  # read by the office
        subject = _("Nilai untuk kebutuhan “%(need)s”") % {"need": need}
    url = reverse("matching:explain", args=[need.pk, ikm.pk]) if ikm else ""
    return {"subject": subject[:200], "url": url}


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(DataRequest.objects.filter(user=request.user), pk=pk)
    try:
        data_requests.cancel(found, by=request.user)
    except data_requests.Decided:
        messages.warning(request, _("Permintaan ini sudah dijawab."))
    else:
        messages.success(request, _("Permintaan dibatalkan."))
    return redirect("own_data")


@require_http_methods(["GET", "POST"])
@reauthentication_required(app="allauth.account")
def delete(request: HttpRequest) -> HttpResponse:
    """Ask for deletion: of the account (with the workshop in which nobody else works), or of the organisation led."""
    led = led_by(request)
    wanted = request.GET.get("apa", "")
    organisation = led if wanted == "usaha" and led is not None and led.kind in {"ikm", "company"} else None
    if wanted == "usaha" and organisation is None:
        raise Http404
    sample = DataRequest(user=request.user, organisation=organisation)
    person, organisations = deletion.subjects(sample)
    name = subject_of(request.user, organisation)
    form = DeletionForm(request.POST if request.method == "POST" else None, wanted=name)
    obstacle = deletion.obstacle(person)
    if request.method == "POST" and form.is_valid() and not obstacle:
        try:
            data_requests.ask(
                kind=DataRequest.Kind.DELETION,
                by=request.user,
                organisation=organisation,
                subject=name,
                text=form.cleaned_data["text"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(
                request, _("Permintaan penghapusan dikirim. Sebelum dikerjakan, Anda bisa membatalkannya.")
            )
            return redirect("own_data")
    context = {
        "form": form,
        "name": name,
        "organisation": organisation,
        "organisations": organisations,
        "obstacle": obstacle,
        "parts": deletion.preview(person, organisations),
        "led": led,
    }
    return render(request, "own_data/delete.html", context)


# --- The office


@require_GET
@acts_for("dinas", "operator")
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits, the one that is due first on top, and what was answered lately."""
    office = request.membership.organisation
    of_office = DataRequest.objects.filter(office=office).select_related("user", "organisation", "decided_by")
    context = {
        "open": of_office.open(),
        "answered": of_office.exclude(state=DataRequest.State.OPEN).order_by("-decided_at")[:20],
    }
    return render(request, "own_data/waiting.html", context)


@require_http_methods(["GET", "POST"])
@acts_for("dinas", "operator")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Who asks what, and the answer."""
    answerable = DataRequest.objects.answerable_by(request.user)
    found = get_object_or_404(
        answerable.select_related("user", "organisation", "office", "decided_by"), pk=pk
    )
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if found.kind == DataRequest.Kind.DELETION:  # done on a page of its own
        form.fields["decision"].choices = [("refused", _("Tolak penghapusan"))]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            data_requests.answer(found, state=given["decision"], by=request.user, text=given["answer"])
        except data_requests.Decided:
            messages.warning(request, _("Permintaan ini sudah dijawab atau dibatalkan."))
        else:
            messages.success(request, _("Jawaban disimpan, dan pemohon sudah diberi tahu."))
        return redirect("data_requests")
    context = {
        "asked": found,
        "form": form,
        "is_deletion": found.kind == DataRequest.Kind.DELETION,
        "ikm": Ikm.objects.reviewable_by(request.user).filter(organisation=found.organisation).first(),
    }
    return render(request, "own_data/answer.html", context)


@require_http_methods(["GET", "POST"])
@acts_for("dinas", "operator")
def carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    """What a deletion takes away and what stays, and the name that confirms it."""
    deletions = DataRequest.objects.answerable_by(request.user).filter(kind=DataRequest.Kind.DELETION)
    found = get_object_or_404(deletions.open().select_related("user", "organisation", "office"), pk=pk)
    person, organisations = deletion.subjects(found)
    form = NameForm(
        request.POST if request.method == "POST" else None, wanted=subject_of(found.user, found.organisation)
    )
    if request.method == "POST" and form.is_valid():
        try:
            deletion.carry_out(found, by=request.user)
        except data_requests.Decided:
            messages.warning(request, _("Permintaan ini sudah dijawab atau dibatalkan."))
            return redirect("data_requests")
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Data sudah dihapus."))
            return redirect("data_requests")
    context = {
        "asked": found,
        "form": form,
        "organisations": organisations,
        "obstacle": deletion.obstacle(person),
        "parts": deletion.preview(person, organisations),
    }
    return render(request, "own_data/carry_out.html", context)


# --- Everybody


@login_not_required
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "consent_text": consent.template_of(),
        "version": consent.TEXT_VERSION,
        "rules": retention.RULES,
    }
    return render(request, "accounts/privacy.html", context)
