"""Many needs at once: a template, a preview that writes nothing, and all valid rows as drafts in one go."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import acts_for
from industry import needs
from industry.forms.many import COLUMNS, ManyForm, Reading, as_text, mark_of, read_needs
from industry.models import Company
from industry.views.pages import for_drafting
from web import workbooks

SHOWN_FRESH, SHOWN_WRONG = 25, 100
TEMPLATES = {
    "xlsx": (workbooks.write_xlsx, workbooks.XLSX_TYPE),
    "csv": (workbooks.write_csv, workbooks.CSV_TYPE),
}
EXAMPLES = [
    {
        "title": "Contoh: Roller konveyor diameter 89 mm",
        "category": "Roller Konveyor",
        "quantity": "200",
        "unit": "pcs",
        "basis": "per bulan",
        "start": "1 Januari 2027",
        "end": "30 Juni 2027",
        "area": "Kota Cilegon",
        "required_certificates": "ISO 9001",
        "required_processes": "Las MIG/MAG (GMAW); Bubut Manual",
        "max_lead_time_days": "21",
    },
    {
        "title": "Contoh: Platform dan tangga akses",
        "category": "Platform dan Tangga Industri",
        "quantity": "10",
        "unit": "ton",
        "basis": "seluruhnya",
        "start": "1 Januari 2027",
        "end": "31 Maret 2027",
        "material_terms": "pembeli",
        "payment_days": "30",
        "value_idr": "280000000",
        "allow_pooling": "ya",
    },
]


@require_http_methods(["GET", "POST"])
@for_drafting
def many(request: HttpRequest, company: Company) -> HttpResponse:
    """POST shows the preview; with `simpan` what the preview showed is saved."""
    if request.method != "POST":
        return render(request, "industry/many.html", {"form": ManyForm(), "company": company})
    form = ManyForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            reading = read_needs(form.cleaned_data["lines"], company=company)
        except ValidationError as wrong:
            form.add_error("file" if form.cleaned_data.get("file") else "rows", wrong)
        else:
            # Only what the preview has shown is saved: a text that was mended since is shown again first.
            saves = "simpan" in request.POST
            was_shown = request.POST.get("mark") == mark_of(request.POST.get("rows", ""))
            return (
                save(request, company, reading) if saves and was_shown else preview(request, company, reading)
            )
    return render(request, "industry/many.html", {"form": form, "company": company}, status=422)


def save(request: HttpRequest, company: Company, reading: Reading) -> HttpResponse:
    """All valid rows become drafts; rows that are wrong come back to be mended."""
    made = needs.draft_many(company, [row.said for row in reading.fresh], by=request.user)
    if made:
        saved = ngettext(
            "%(n)d kebutuhan tersimpan sebagai draf.", "%(n)d kebutuhan tersimpan sebagai draf.", len(made)
        )
        messages.success(request, saved % {"n": len(made)})
    elif not reading.wrong:
        messages.info(request, _("Semua baris ini sudah tersimpan. Tidak ada yang ditambahkan."))
    if reading.wrong:
        left = Reading(reading.wrong, [], as_text(reading.wrong))
        return preview(request, company, left)
    return redirect(f"{reverse('industry:needs')}?status=draft")


def preview(request: HttpRequest, company: Company, reading: Reading) -> HttpResponse:
    context = {
        "company": company,
        "reading": reading,
        "fresh": reading.fresh[:SHOWN_FRESH],
        "more_fresh": max(0, len(reading.fresh) - SHOWN_FRESH),
        "wrong": reading.wrong[:SHOWN_WRONG],
        "more_wrong": max(0, len(reading.wrong) - SHOWN_WRONG),
    }
    return render(request, "industry/many_preview.html", context)


@require_GET
@acts_for("company")
def template(request: HttpRequest, extension: str) -> HttpResponse:
    """The table to fill in, with two rows of examples that are not read."""
    if extension not in TEMPLATES:
        raise Http404
    write, content_type = TEMPLATES[extension]
    header = [headings[0] for headings in COLUMNS.values()]
    content = write("Kebutuhan", (), header, [[row.get(name, "") for name in COLUMNS] for row in EXAMPLES])
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="kebutuhan.{extension}"'
    return response
