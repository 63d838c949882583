"""The page behind "masih benar?": what is stated, and one button. Whatever only follows the link changes nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ikm import confirming, sections, summary
from web.links import LinkRefused

# What messages that are forwarded may show; identity and contacts are confirmed with a log-in.
SHOWN = ("products", "processes", "certificates")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def still_correct(request: HttpRequest, token: str) -> HttpResponse:
    """Shown by GET, confirmed by POST; a link that is used or cut off says what to do instead."""
    try:
        if request.method == "POST":
            context = {"ikm": confirming.confirm_by_link(token), "done": True}
            return render(request, "ikm/still_correct.html", context)
        ikm = confirming.by_token(token)
    except LinkRefused as refused:
        return render(request, "ikm/still_correct.html", {"refused": refused.code}, status=410)
    parts = summary.parts(sections.contents(ikm), on=timezone.localdate())
    context = {"ikm": ikm, "parts": [part for part in parts if part.section.slug in SHOWN]}
    return render(request, "ikm/still_correct.html", context)
