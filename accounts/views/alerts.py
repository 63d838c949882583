"""The end of the digest mails: one tap in the mail program, or one button on the page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import alerts


@csrf_exempt  # RFC 8058: the mail program posts, and has no cookie; the signed address is the permission
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST ends them and answers 200 without leading elsewhere."""
    person = alerts.by_token(token)
    done = person is not None and request.method == "POST"
    if person is not None and done:
        alerts.unsubscribe(person)
    context = {"is_good": person is not None, "done": done}
    return render(request, "accounts/unsubscribe.html", context, status=200 if person else 410)
