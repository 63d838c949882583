import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catalogue import choosing


@require_GET
def options(request: HttpRequest, sort: str) -> HttpResponse:
    """The words that the typed ones may mean, as radio buttons, for the field that asks (`nama`)."""
    name = request.GET.get("nama", "")
    if sort not in choosing.SORTS or not re.fullmatch(r"[a-z0-9_-]{1,60}", name):
        raise Http404
    text = request.GET.get(f"{name}_kata", "").replace("\x00", "")[:200]
    found = choosing.options(choosing.SORTS[sort], text, name=name)
    return render(request, "catalogue/_options.html", found)
