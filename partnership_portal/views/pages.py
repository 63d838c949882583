from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts.access import acts_for
from partnership_portal import homes
from partnership_portal import queue as waits

PER_PAGE = 25


@login_not_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What this is, for whom, what it needs and how long it takes."""
    return render(request, "start.html")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, what changed, my numbers: by the organisation that the request acts for."""
    part, context = homes.page(request)
    return render(request, "home.html", {"part": part, **context})


@require_GET
@acts_for("dinas", "operator")
def queue(request: HttpRequest) -> HttpResponse:
    """All that waits for this office, oldest first; `?jenis=` shows one kind."""
    office = request.membership.organisation
    rows = waits.parts(office, request.user)
    counts = waits.count(office, rows)
    kind = request.GET.get("jenis", "")
    shown = {kind: rows[kind]} if kind in rows else rows
    paginator = Paginator(waits.mixed(shown.values()), PER_PAGE)
    paginator.count = sum(counts[each] for each in shown)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": waits.read(page),
        "kind": kind if kind in rows else "",
        "kinds": [(each, counts[each.slug]) for each in waits.KINDS.values()],
        "total": sum(counts.values()),
        "within": waits.ANSWER_WITHIN,
    }
    return render(request, "queue.html", context)


@login_not_required
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"database": "ok"})


@csrf_exempt  # an error page sets no cookie for its forms, and there is nothing here to forge
@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and on the user, then go back to the page."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = redirect(back)
    if translation.check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax"
        )
        if request.user.is_authenticated and request.user.language != language:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response
