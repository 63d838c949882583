"""What an officer opens of a company: who it says it is, and the decision on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import acts_for
from industry import lifecycle, reviews
from industry.forms.reviews import CompanyReviewForm
from industry.models import Company
from web.answers import Stale
from web.formats import mask_npwp, phone
from web.lifecycle import StepRefused


@require_http_methods(["GET", "POST"])
@acts_for("dinas", "operator")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """A company of this office: approve it, or return it with a reason."""
    office = request.membership.organisation
    theirs = Company.objects.filter(organisation__reviewing_office=office).select_related(
        "organisation__area__parent", "entered_by", "reviewed_by"
    )
    company = get_object_or_404(theirs, pk=pk)
    if request.method != "POST":
        return _draw(request, company, CompanyReviewForm())
    form = CompanyReviewForm(request.POST)
    if request.POST.get("seen") != company.changed_at.isoformat():
        return _draw(request, company, form, status=409, conflict=True, has_errors=True)
    if not form.is_valid():
        return _draw(request, company, form, status=422)
    said = form.cleaned_data
    deciding = {"by": request.user, "office": office, "seen": company.changed_at}
    try:
        if said["action"] == "approve":
            reviews.approve(company, **deciding)
        else:
            reviews.return_to_company(company, remarks=said["remarks"], **deciding)
    except (Stale, StepRefused):
        return _draw(request, theirs.get(pk=pk), form, status=409, conflict=True, has_errors=True)
    except reviews.SamePerson:
        return _draw(request, company, form, status=403, same_person=True, has_errors=True)
    messages.success(request, outcome(company, said["action"]))
    return redirect("queue")


def outcome(company: Company, action: str) -> str:
    if action == "approve":
        return _("%(name)s sudah diperiksa. Kebutuhannya kini tampil.") % {"name": company}
    return _("%(name)s dikembalikan dengan catatan Anda.") % {"name": company}


def facts_of(company: Company) -> list[dict]:
    of = company.organisation
    area = of.area
    return [
        {"label": _("Nama"), "value": of.name},
        {"label": _("Bidang usaha"), "value": company.sector},
        {"label": "NIB", "value": of.nib},
        {"label": "NPWP", "value": mask_npwp(of.npwp)},
        {"label": _("Alamat"), "value": " ".join(filter(None, [of.address, of.postcode]))},
        {
            "label": _("Wilayah"),
            "value": ", ".join(filter(None, [area.name, area.parent and area.parent.name])) if area else "",
        },
        {"label": _("Nama kontak"), "value": of.contact_name},
        {"label": _("Telepon"), "value": phone(of.phone or of.whatsapp)},
        {"label": _("E-mail"), "value": of.email},
        {"label": _("Tentang perusahaan"), "value": company.about},
    ]


def _draw(
    request: HttpRequest, company: Company, form: CompanyReviewForm, *, status: int = 200, **more
) -> HttpResponse:
    office = request.membership.organisation
    own = reviews.is_own_entry(company, by=request.user)
    context = {
        "company": company,
        "form": form,
        "steps": lifecycle.COMPANY.actions(company.status, roles={"officer"}),
        "own": own,
        "may_approve": not own or office.allows_same_person,
        "facts": facts_of(company),
        "history": reviews.history_of(company),
        **more,
    }
    return render(request, "industry/review.html", context, status=status)
