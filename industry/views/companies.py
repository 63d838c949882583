"""Registering a company: a few questions, a page that shows and checks the answers, and sending them."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import acts_for
from accounts.claims import claim as claim_organisation
from accounts.middleware import SESSION_KEY
from accounts.models import Membership
from catalogue.choosing import describe_area
from catalogue.models import Area
from industry import companies, lifecycle
from industry.forms.company import ClaimForm, CompanyForm, ContactForm, IdentityForm, PlaceForm, StartForm
from industry.models import Company
from industry.views.pages import after_conflict, own_company, too_late
from web import formats
from web.answers import Stale
from web.lifecycle import StepRefused

SALT = "industry.start"
GOOD_FOR = timedelta(days=1)
# What the page of candidates carries on.
TRAVELS = frozenset(["name", "sector", "area", "area_kata", "area_untuk"])
SECTIONS: dict[str, tuple[object, type[CompanyForm], frozenset[str]]] = {
    "identitas": (gettext_lazy("Siapa perusahaan Anda?"), IdentityForm, frozenset(["name", "sector"])),
    "tempat": (gettext_lazy("Di mana?"), PlaceForm, frozenset(["area", "address"])),
    "kontak": (gettext_lazy("Siapa yang dihubungi?"), ContactForm, frozenset(["contact_name", "contact"])),
}


@login_not_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Three questions, then the registration exists and can be gone on with on any device. Before it begins,
    companies that may be the same are shown.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), login_url=reverse("account_signup"))
    form = StartForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        if "baru" not in request.POST and (found := candidates(request, said["name"], said["area"])):
            typed = [(name, value) for name, value in request.POST.items() if name in TRAVELS]
            return render(request, "industry/company_candidates.html", {"candidates": found, "typed": typed})
        company = companies.start_company(by=request.user, **said)
        membership = Membership.objects.current().get(user=request.user, organisation=company.organisation_id)
        request.session[SESSION_KEY] = membership.pk
        return redirect("industry:company_section", section="tempat")
    theirs = Company.objects.editable_by(request.user).select_related("organisation")
    return render(request, "industry/company_start.html", {"form": form, "companies": theirs})


def candidates(request: HttpRequest, name: str, area: Area) -> list[dict[str, object]]:
    """Registered companies that may be the one, each with a token that only this person can use."""
    if Company.objects.editable_by(request.user).filter(organisation__name__iexact=name).exists():
        return []  # their own, and a second submit of it
    found = companies.resembling(name=name, area=area, by=request.user)
    return [
        {"company": each, "token": signing.dumps([each.pk, request.user.pk], salt=SALT)} for each in found
    ]


@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """A registered company is the person's own: the office decides."""
    try:
        pk, user = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    mine = Company.objects.filter(pk=pk if user == request.user.pk else None)
    found = get_object_or_404(mine.select_related("organisation"))
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            claim_organisation(found.organisation, by=request.user, message=form.cleaned_data["message"])
            messages.success(request, _("Permintaan dikirim. Dinas memeriksanya, lalu memberi tahu Anda."))
        except ValidationError as refused:
            messages.info(request, refused.message)
        return redirect("home")
    return render(request, "industry/company_claim.html", {"company": found, "form": form})


@require_GET
@acts_for("company")
def company(request: HttpRequest) -> HttpResponse:
    """The registration as it stands: answers with their change links, what is missing, what the office said."""
    mine = own_company(request)
    missing = companies.missing_in(mine)
    context = {
        "company": mine,
        "sections": [
            (slug, title, said_of(mine, slug), bool(asks & set(missing)))
            for slug, (title, _form, asks) in SECTIONS.items()
        ],
        "missing": missing,
        "first_missing": next((slug for slug, (_t, _f, asks) in SECTIONS.items() if asks & set(missing)), ""),
        "may_change": mine.status != lifecycle.SUBMITTED,
        "may_draft": companies.may_draft(mine),
    }
    return render(request, "industry/company.html", context)


@require_http_methods(["GET", "POST"])
@acts_for("company")
def section(request: HttpRequest, section: str) -> HttpResponse:
    if section not in SECTIONS:
        raise Http404
    mine = own_company(request)
    if mine.status == lifecycle.SUBMITTED:
        return stopped(request, StepRefused(mine.status, "revise"))
    build = SECTIONS[section][1]
    form, status = build(request.POST if request.method == "POST" else None, company=mine), 200
    if form.is_bound and form.is_valid():
        try:
            return save(request, mine, form, section)
        except Stale as stale:
            stored = own_company(request)
            form, status = after_conflict(form, stale, lambda typed: build(typed, company=stored)), 409
        except StepRefused as refused:
            return stopped(request, refused)
    return render(
        request, "industry/company_section.html", frame(request, mine, section, form), status=status
    )


def save(request: HttpRequest, company: Company, form: CompanyForm, section: str) -> HttpResponse:
    saved = companies.revise_company(company, by=request.user, seen=form.seen_version(), **form.given())
    if company.is_reviewed and not saved.is_reviewed:
        messages.warning(request, _("Perubahan disimpan dan dikirim ke Dinas untuk ditinjau ulang."))
    return redirect(*after(saved, section, waits="kembali" in request.GET))


def stopped(request: HttpRequest, refused: StepRefused) -> HttpResponse:
    """A step that is none any more: back to the registration with a word."""
    messages.warning(request, too_late(refused))
    return redirect("industry:company")


def frame(request: HttpRequest, company: Company, section: str, form: CompanyForm) -> dict[str, object]:
    return {
        "company": company,
        "form": form,
        "has_errors": bool(getattr(form, "conflict", [])),
        "title": SECTIONS[section][0],
        "number": list(SECTIONS).index(section) + 1,
        "of": len(SECTIONS),
        "waits": "kembali" in request.GET or company.is_reviewed,
        "asks_review_again": company.is_reviewed and bool(companies.IDENTITY & set(form.answers)),
    }


def after(company: Company, section: str, *, waits: bool) -> tuple[str, ...]:
    """Where Continue leads: to the next question that is open, else to the page that shows all answers."""
    missing = set(companies.missing_in(company))
    later = list(SECTIONS)[list(SECTIONS).index(section) + 1 :]
    following = next((slug for slug in later if SECTIONS[slug][2] & missing), None)
    if following is None or waits:
        return ("industry:company",)
    return ("industry:company_section", following)


@require_POST
@acts_for("company")
def submit(request: HttpRequest) -> HttpResponse:
    mine = own_company(request)
    try:
        companies.submit(mine, by=request.user)
        messages.success(request, _("Pendaftaran dikirim ke Dinas. Hasil tinjauan Anda terima di sini."))
    except companies.NotComplete:
        messages.warning(request, _("Belum bisa dikirim. Lengkapi dulu bagian yang bertanda."))
    except StepRefused as refused:
        return stopped(request, refused)
    return redirect("industry:company")


@require_POST
@acts_for("company")
def recall(request: HttpRequest) -> HttpResponse:
    try:
        companies.recall(own_company(request), by=request.user)
        messages.success(request, _("Pendaftaran ditarik. Ubah yang perlu, lalu kirim lagi."))
    except StepRefused as refused:
        return stopped(request, refused)
    return redirect("industry:company")


def said_of(company: Company, section: str) -> list[dict[str, object]]:
    """Answers of a section, as templates/_facts.html reads them."""
    of = company.organisation
    area = ", ".join(filter(None, describe_area(of.area))) if of.area else ""
    answers = {
        "identitas": [
            (_("Nama perusahaan"), of.name),
            (_("Bidang usaha"), company.sector),
            (_("Tentang perusahaan"), company.about),
            ("NIB", of.nib),
            ("NPWP", formats.npwp(of.npwp) if of.npwp else ""),
        ],
        "tempat": [(_("Wilayah"), area), (_("Alamat"), of.address)],
        "kontak": [
            (_("Nama yang dihubungi"), of.contact_name),
            (_("Telepon"), formats.phone(of.phone)),
            (_("E-mail"), of.email),
        ],
    }
    return [{"label": label, "value": value} for label, value in answers[section]]
