"""What the workshop can do: what its products usually need is asked, never taken for granted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from catalogue.search import find_processes
from ikm import processes as writing
from ikm.forms.processes import MachinesForm, ProcessesForm
from ikm.models import Ikm
from ikm.views import pages


@vary_on_headers("HX-Request")
def processes(request: HttpRequest, pk: int) -> HttpResponse:
    """The section: what is held stands ticked, what the products suggest and what was searched stands open."""
    ikm = pages.workshop_to_change(request, pk)
    if request.method == "GET":
        return draw(request, ikm)
    form = ProcessesForm(request.POST)
    if not form.is_valid() or "cari" in request.POST:
        return draw(request, ikm, form=form)
    writing.state_processes(
        ikm, by=request.user, held=form.cleaned_data["held"], asked=form.cleaned_data["asked"]
    )
    if request.POST.get("simpan") == "mesin":
        return redirect("ikm:machines", pk=pk)
    return pages.go_on(request, pages.workshop(request, pk), "processes")


@require_http_methods(["GET", "POST"])
@pages.on_time
def machines(request: HttpRequest, pk: int) -> HttpResponse:
    """On which machines, one line each."""
    ikm = pages.workshop_to_change(request, pk)
    held = ikm.processes.current().select_related("process")
    form = MachinesForm(request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST" and form.is_valid():
        writing.describe_machines(ikm, by=request.user, machines=form.cleaned_data)
        return pages.go_on(request, ikm, "processes")
    return render(request, "ikm/machines.html", pages.frame(request, ikm, "processes", form=form))


def draw(request: HttpRequest, ikm: Ikm, *, form: ProcessesForm | None = None) -> HttpResponse:
    held = list(ikm.processes.current().select_related("process"))
    ticked = set(request.POST.getlist("held")) if form else {row.process_id for row in held}
    suggested = writing.suggested(ikm)
    known = {row.process_id for row in held} | {process.slug for process in suggested}
    words = (request.POST.get("q") or request.GET.get("q", ""))[:200]
    found = [process for process in find_processes(words) if process.slug not in known] if words else []
    # What was ticked from an earlier search stays on the page.
    found += [
        process
        for process in writing.by_slug(ticked - known - {process.slug for process in found})
        if form is not None
    ]
    context = pages.frame(
        request,
        ikm,
        "processes",
        form=form,
        held=held,
        suggested=suggested,
        found=found,
        ticked=ticked,
        words=words,
        has_made=ikm.products.current().exists(),
    )
    template = "ikm/_processes_found.html" if request.htmx else "ikm/sections/processes.html"
    return render(request, template, context)
