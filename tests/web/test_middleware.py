import io

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils.translation import gettext

from partnership_portal.urls import handler500
from partnership_portal.urls import urlpatterns as portal
from web import views


@login_not_required
def echo(request, word=""):
    return HttpResponse(word or request.POST.get("name", "nothing"))


@login_not_required
def slow(request):
    """The database gives up on a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(1)")


@login_not_required
def broken(request):
    raise ZeroDivisionError


urlpatterns = [
    path("echo/", echo),
    path("echo/<str:word>/", echo),
    path("slow/", slow),
    path("broken/", broken),
    *portal,
]
assert handler500 == "web.views.server_error"


@pytest.fixture(autouse=True)
def urls(settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def visitor():
    """Shows error pages as a browser gets them."""
    return Client(raise_request_exception=False)


def test_ordinary_input_passes(client):
    assert client.post("/echo/", {"name": "CV Las"}).content == b"CV Las"
    assert client.post("/echo/", {"name": "CV Las", "file": io.BytesIO(b"a\0b")}).content == b"CV Las"


@pytest.mark.parametrize(
    ("method", "address", "data"),
    [
        ("get", "/echo/a%00b/", {}),
        ("get", "/echo/?q=a%00b", {}),
        ("get", "/echo/?a%00b=1", {}),
        ("post", "/echo/", {"name": "a\0b"}),
        ("post", "/echo/", {"a\0b": "1"}),
    ],
)
def test_nul_is_refused_before_the_database_sees_it(client, method, address, data):
    response = getattr(client, method)(address, data or None)
    assert response.status_code == 400
    assert "Permintaan ini tidak terbaca" in response.content.decode()


def test_nul_in_an_urlencoded_body(client):
    response = client.post("/echo/", "name=a%00b", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


def test_nul_in_the_session_cookie(client):
    response = client.get("/", HTTP_COOKIE=rf'{settings.SESSION_COOKIE_NAME}="a\000b"')
    assert response.status_code == 400


@pytest.mark.parametrize("query", ["?q=%ff%fe", "?q=%ed%a0%80", "?%", "?q=%u0041", "?&&=&=1"])
def test_queries_in_no_known_encoding_are_read_somehow(client, query):
    assert client.get(f"/echo/{query}").status_code == 200


def test_a_path_in_no_known_encoding_is_not_an_error(visitor, db):
    assert visitor.get("/echo/%ff%fe/").status_code == 200
    assert visitor.get("/%ff%fe/%ed%a0%80").status_code == 404


def test_a_form_that_is_too_large(client):
    name = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    response = client.post("/echo/", {"name": name})
    assert response.status_code == 413
    assert "Kiriman ini terlalu besar" in response.content.decode()
    urlencoded = client.post("/echo/", f"name={name}", content_type="application/x-www-form-urlencoded")
    assert urlencoded.status_code == 413


def test_a_body_that_is_too_large_is_not_even_read(client):
    class Unread(io.BytesIO):
        def read(self, *_):
            raise AssertionError("the body was read")

    environment = {"CONTENT_LENGTH": str(settings.LARGEST_REQUEST + 1), "wsgi.input": Unread()}
    response = client.generic(
        "POST", "/echo/", b"", content_type="multipart/form-data; boundary=b", **environment
    )
    assert response.status_code == 413
    assert "12 MB" in response.content.decode()
    assert response.headers["Content-Security-Policy"]


def test_too_many_fields(client):
    fields = "&".join(f"f{n}=1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    response = client.post("/echo/", fields, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data; boundary=b", "multipart/form-data", "multipart/form-data; boundary=\xff"],
)
def test_a_body_that_is_no_form(client, content_type):
    response = client.generic("POST", "/echo/", b"--b\r\nfoo\r\n--b", content_type=content_type)
    assert response.status_code in {200, 400}


def test_refusals_speak_the_language_chosen_in_this_browser(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert '<html lang="en">' in client.get("/echo/?q=a%00b").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert '<html lang="id">' in client.get("/echo/?q=a%00b").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_gives_up_is_503_and_may_be_asked_again(visitor):
    response = visitor.get("/slow/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "Portal sedang tidak tersedia" in response.content.decode()
    connection.close()


@pytest.fixture
def no_database(transactional_db):
    """Every new connection is refused, as while PostgreSQL restarts."""
    connection.close()
    host, connection.settings_dict["HOST"] = connection.settings_dict["HOST"], "/nowhere"
    yield
    connection.settings_dict["HOST"] = host
    connection.close()


def test_a_session_that_cannot_be_read_is_503_too(visitor, no_database):
    """It fails outside every view, where process_exception is not asked."""
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = visitor.get("/beranda/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")


def test_another_error_stays_500(visitor):
    response = visitor.get("/broken/")
    assert response.status_code == 500
    assert "Retry-After" not in response.headers
    assert gettext("Maaf, portal sedang terganggu") in response.content.decode()


def test_what_counts_as_the_database_being_away():
    assert not views.is_database_failure(None)
    assert not views.is_database_failure(ValueError())


def test_an_error_page_sets_no_cookie_and_spoils_no_form(db):
    browser = Client(enforce_csrf_checks=True)
    assert browser.get("/tidak/ada/").cookies == {}
    token = browser.get("/akun/daftar/").cookies["csrftoken"].value
    # What a browser asks beside the page, before it has stored the cookie.
    late = Client().get("/apple-touch-icon.png")
    assert (late.status_code, late.cookies) == (404, {})
    assert browser.cookies["csrftoken"].value == token
    assert browser.get("/akun/masuk/").cookies["csrftoken"].value == token


def test_the_language_is_changed_from_an_error_page_too(db):
    browser = Client(enforce_csrf_checks=True)
    browser.get("/tidak/ada/")
    answer = browser.post("/bahasa/", {"language": "en", "next": "/"})
    assert (answer.status_code, answer.cookies["django_language"].value) == (302, "en")


def test_the_sign_of_the_portal_is_there_for_who_asks_for_an_icon(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Content-Type"].split("/")[0]) == (200, "image")
    assert b"".join(answer)[:4] == b"\0\0\1\0"
    assert answer.cookies == {}
