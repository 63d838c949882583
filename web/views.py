import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults
from django.views.decorators.http import require_GET

from web.models import OutgoingMail

RETRY_AFTER = 10  # seconds; a restart of PostgreSQL takes less


def is_database_failure(error: BaseException | None) -> bool:
    """The database is away, restarting, or gave up on a lock: the same request may succeed in a moment."""
    return isinstance(error, OperationalError | InterfaceError)


def unavailable() -> HttpResponse:
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_AFTER)})


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: also what failed outside a view (session, log-in, a middleware) is 503 where it may pass."""
    if is_database_failure(sys.exc_info()[1]):
        return unavailable()
    return defaults.server_error(request)


@login_not_required
@require_GET
def dev_mail(request: HttpRequest) -> HttpResponse:
    """What the demo would have mailed, newest first; ?kepada= shows one recipient."""
    if not settings.IS_SAMPLE:
        raise Http404
    mails = OutgoingMail.objects.order_by("-created_at", "-pk")
    to = request.GET.get("kepada", "")
    if to:
        mails = mails.filter(to__iexact=to)
    return render(request, "web/dev_mail.html", {"mails": mails[:50], "to": to})
