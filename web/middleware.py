"""What every request passes: input that no page could read is turned away, a lost database is no fault of the page."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils import translation

from web.views import is_database_failure, unavailable

GetResponse = Callable[[HttpRequest], HttpResponse]


class InputMiddleware:
    """413 for a body that is too large, 400 for one that cannot be parsed or holds a NUL.

    Stands before the sessions: a cookie may hold a NUL too, and PostgreSQL takes none.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.LARGEST_REQUEST:
            return refuse(request, 413)
        try:
            texts = [*flat(request.GET.lists()), *flat(request.POST.lists())]
        except RequestDataTooBig:
            return refuse(request, 413)
        except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
            return refuse(request, 400)
        texts += [request.path_info, *request.COOKIES.values()]
        if any("\0" in text for text in texts):
            return refuse(request, 400)
        return self.get_response(request)


class UnavailableMiddleware:
    """503 with Retry-After for a view that lost the database; `web.views.server_error` has the rest."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable() if is_database_failure(exception) else None


class ErrorCookieMiddleware:
    """No error page sets the cookie of the forms.

    A browser asks for things beside the page, before it has stored the page's cookie: an answer that brought
    another one would make the forms of the page worthless. Stands right below the middleware that sets it.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in {400, 403, 404, 405, 410, 413, 429, 500, 503}:
            request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
            response.cookies.pop(settings.CSRF_COOKIE_NAME, None)  # set already by Django's own error views
        return response


def flat(lists: Iterable[tuple[str, list[str]]]) -> Iterable[str]:
    for name, values in lists:
        yield name
        yield from values


def refuse(request: HttpRequest, status: int) -> HttpResponse:
    limit = f"{settings.LARGEST_REQUEST // 1024 // 1024} MB"
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    # Nobody has looked who it is yet, nor in which language they read.
    with translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        return HttpResponse(render_to_string(f"{status}.html", {"limit": limit}), status=status)
