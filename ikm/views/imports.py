"""A table of workshops into the register: upload, columns, preview, progress, result, undo."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import documents
from accounts.access import acts_for
from ikm.forms.register import LABELS, ColumnsForm, UploadForm
from ikm.models import ImportRow, RegisterImport
from ikm.register import checking, imports, remarks
from ikm.register.undoing import REASONS
from web import jobs, workbooks

PER_PAGE, SHOWN = 20, 25


@require_http_methods(["GET", "POST"])
@acts_for("dinas")
def overview(request: HttpRequest) -> HttpResponse:
    """What was imported, and the form for the next file."""
    office = request.membership.organisation
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            job = imports.start(form.cleaned_data["file"], office=office, by=request.user)
        except ValidationError as wrong:
            form.add_error("file", wrong)
        else:
            return redirect("ikm:import_columns", pk=job.pk)
    earlier = RegisterImport.objects.of_office(office).select_related("created_by")
    page = Paginator(earlier, PER_PAGE).get_page(request.GET.get("page"))
    status = 422 if form.errors else 200
    return render(request, "ikm/imports.html", {"form": form, "page": page}, status=status)


def _of_office(request: HttpRequest, pk: int) -> RegisterImport:
    theirs = RegisterImport.objects.of_office(request.membership.organisation)
    return get_object_or_404(theirs.select_related("office", "created_by", "document"), pk=pk)


@require_GET
@acts_for("dinas")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the import stands: a task under way, the preview, or what became of it."""
    job = _of_office(request, pk)
    if job.is_active:
        template = "web/_job.html" if request.htmx else "ikm/import_running.html"
        return render(request, template, running(job))
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if job.phase == RegisterImport.Phase.COLUMNS:
        return redirect("ikm:import_columns", pk=pk)
    template = "import_preview" if job.phase == RegisterImport.Phase.CHECKED else "import_result"
    return render(request, f"ikm/{template}.html", preview(job) if "preview" in template else result(job))


def running(job: RegisterImport) -> dict[str, Any]:
    return {
        "job": job,
        "job_title": {
            "check": _("Baris diperiksa"),
            "apply": _("Baris diterapkan"),
            "undo": _("Impor diurungkan"),
        }[job.task],
        "job_url": reverse("ikm:import", args=[job.pk]),
        "cancel_url": reverse("ikm:import_cancel", args=[job.pk]),
    }


def preview(job: RegisterImport) -> dict[str, Any]:
    """At most five statements: counts stand in the job."""
    counts = Counter(job.counts)
    groups = remarks.grouped(job.rows.exclude(remarks=[]).values_list("number", "remarks"))
    return {
        "job": job,
        "counts": counts,
        "writes": counts["new"] + counts["update"],
        "errors": [group for group in groups if group.kind.refuses],
        "warnings": [group for group in groups if not group.kind.refuses],
        "fresh": as_shown(job, "new"),
        "completed": as_shown(job, "update"),
        "twin": imports.twin_of(job),
    }


def as_shown(job: RegisterImport, outcome: str) -> list[dict[str, Any]]:
    """The first rows of an outcome as they stand in the file, with the profile that they complete."""
    rows = job.rows.filter(outcome=outcome).select_related("ikm__organisation").order_by("number")[:SHOWN]
    mapping = {name: int(index) for index, name in reversed(job.mapping.items())}

    def cell(row: ImportRow, name: str) -> str:
        index = mapping.get(name, len(row.cells))
        return row.cells[index] if index < len(row.cells) else ""

    return [
        {"row": row, **{name: cell(row, name) for name in ("name", "village", "district", "products", "nib")}}
        for row in rows
    ]


def result(job: RegisterImport) -> dict[str, Any]:
    fates = job.rows.values_list("outcome", "fate").annotate(many=Count("pk")).order_by()
    by_fate = Counter({(outcome, fate): many for outcome, fate, many in fates})
    kept = job.rows.filter(fate=ImportRow.Fate.KEPT).select_related("ikm__organisation").order_by("number")
    left = sum(many for (outcome, fate), many in by_fate.items() if outcome in {"new", "update"} and not fate)
    return {
        "job": job,
        "counts": Counter(job.counts),
        "entered": by_fate["new", "applied"],
        "completed": by_fate["update", "applied"],
        "undone": by_fate["new", "undone"] + by_fate["update", "undone"],
        "left": left,
        "kept": [(row, REASONS.get(row.kept_because, "")) for row in kept[: 4 * SHOWN]],
        "kept_count": by_fate["new", "kept"] + by_fate["update", "kept"],
        "may_undo": by_fate["new", "applied"] + by_fate["update", "applied"] > 0 and is_undoable(job),
        "fresh": as_shown(job, "new"),
    }


def is_undoable(job: RegisterImport) -> bool:
    return imports.is_in_time(job) and not job.is_active


@require_http_methods(["GET", "POST"])
@acts_for("dinas")
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column and each product means; the answer starts the preview."""
    job = _of_office(request, pk)
    if job.is_active or job.phase not in imports.OPEN:
        return redirect("ikm:import", pk=pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, job=job)
    if request.method == "POST" and form.is_valid():
        answers = {"mapping": form.mapping, "words": form.words, "replaces": form.cleaned_data["replaces"]}
        try:
            imports.settle_columns(job, by=request.user, **answers)
        except (jobs.Busy, imports.TooLate):
            messages.info(request, _("Tabel ini sedang dikerjakan atau sudah diterapkan."))
        return redirect("ikm:import", pk=pk)
    context = {"job": job, "form": form, "twin": imports.twin_of(job)}
    return render(request, "ikm/import_columns.html", context, status=422 if form.errors else 200)


@require_POST
@acts_for("dinas")
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """What the preview showed, by the officer who brought the file."""
    job = _of_office(request, pk)
    if request.POST.get("version", job.checked_mark) != job.checked_mark:
        messages.warning(request, _("Tabel ini diperiksa lagi sejak Anda membukanya. Lihat dulu hasilnya."))
        return redirect("ikm:import", pk=pk)
    try:
        imports.apply(job, by=request.user)
    except PermissionError:
        name = job.created_by
        messages.error(request, _("Hanya %(name)s yang menerapkan berkas ini.") % {"name": name})
    except (jobs.Busy, imports.TooLate):
        messages.info(request, _("Tidak ada baris yang masih perlu diterapkan."))
    return redirect("ikm:import", pk=pk)


@require_POST
@acts_for("dinas")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = jobs.cancel(_of_office(request, pk))
    if job.state == jobs.Job.State.CANCELLED:
        messages.info(request, _("Pekerjaan dihentikan. Yang sudah selesai tetap tersimpan."))
    return redirect("ikm:import", pk=pk)


@require_http_methods(["GET", "POST"])
@acts_for("dinas")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked first, then done by a worker."""
    job = _of_office(request, pk)
    if request.method != "POST":
        return render(request, "ikm/import_undo.html", result(job))
    try:
        imports.undo(job, by=request.user)
    except (jobs.Busy, imports.TooLate):
        messages.info(request, _("Impor ini tidak dapat diurungkan lagi."))
    return redirect("ikm:import", pk=pk)


@require_POST
@acts_for("dinas")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        imports.discard(_of_office(request, pk), by=request.user)
    except (jobs.Busy, imports.TooLate):
        messages.info(request, _("Tabel ini sedang dikerjakan atau sudah diterapkan."))
        return redirect("ikm:import", pk=pk)
    messages.success(request, _("Tabel dan berkasnya dihapus. Tidak ada yang berubah pada daftar."))
    return redirect("ikm:imports")


@require_GET
@acts_for("dinas")
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that were not taken, as they stood, with the reason: to be mended and uploaded again."""
    job = _of_office(request, pk)
    header = [
        heading
        or str(LABELS.get(job.mapping.get(str(index), ""), ""))
        or _("Kolom %(number)d") % {"number": index + 1}
        for index, heading in enumerate(job.headings)
    ]
    width = len(header)
    rows = [
        [*(row.cells + [""] * width)[:width], row.number, remarks.in_words(row.remarks)]
        for row in checking.rejected(job)
    ]
    notes = [(_("Berkas"), job.name), (_("Dinas"), job.office.name)]
    content = workbooks.write_xlsx(
        _("Baris ditolak"), notes, [*header, _("Baris pada berkas"), _("Alasan")], rows
    )
    response = HttpResponse(content, content_type=workbooks.XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="baris-ditolak-{job.pk}.xlsx"'
    return response


@require_GET
@acts_for("dinas")
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was uploaded, while it is kept."""
    job = _of_office(request, pk)
    document = get_object_or_404(RegisterImport.objects.filter(document__isnull=False), pk=job.pk).document
    return documents.serve(document)
