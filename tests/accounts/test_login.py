"""Ways in: e-mail or mobile number with a password or PIN, a mailed code; sign-up through the two doors; limits."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from accounts.people import has_confirmed_address
from tests.accounts.people import PASSWORD, person
from tests.browsers import logged_in
from web.models import OutgoingMail

pytestmark = pytest.mark.django_db

NUMBER = "+6281273940512"


@pytest.fixture(autouse=True)
def mail_as_rows(settings):
    """Django's test runner puts a list in the place of the backend."""
    settings.EMAIL_BACKEND = "web.backend.EmailBackend"


def log_in(name: str, password: str = PASSWORD, **more):
    return Client().post("/akun/masuk/", {"login": name, "password": password, **more})


def errors(response) -> dict[str, list[str]]:
    return {name: [*messages] for name, messages in response.context["form"].errors.items()}


@pytest.mark.parametrize("typed", ["081273940512", "0812-7394-0512", "+62 812 7394 0512", "6281273940512"])
def test_a_number_logs_in_however_it_is_typed(typed):
    person("Pak Jaka", phone=NUMBER)
    assert log_in(typed).url == "/beranda/"


@pytest.mark.parametrize(
    "typed", ["pemilik@contoh.example", "Pemilik@Contoh.example", " pemilik@contoh.example "]
)
def test_an_address_logs_in_in_any_case(typed):
    person("Pemilik")
    assert log_in(typed).url == "/beranda/"


def test_a_person_with_both_logs_in_with_either():
    User.objects.create_user(name="Dua", email="dua@contoh.example", phone=NUMBER, password=PASSWORD)
    assert [log_in(each).url for each in ("dua@contoh.example", NUMBER)] == ["/beranda/"] * 2


@pytest.mark.parametrize(
    ("name", "password", "message"),
    [
        ("pemilik@contoh.example", "salah sekali", "E-mail atau kata sandi tidak cocok"),
        ("tak.ada@contoh.example", PASSWORD, "E-mail atau kata sandi tidak cocok"),
        ("081299998888", PASSWORD, "Nomor atau kata sandi tidak cocok"),
        ("bukan nama", PASSWORD, "Tulis e-mail lengkap, atau nomor ponsel"),
    ],
)
def test_a_wrong_pair_says_what_to_check_and_not_which_half(name, password, message):
    person("Pemilik")
    [said] = errors(log_in(name, password))["__all__"]
    assert said.startswith(message)


def test_an_inactive_person_stays_out():
    person("Pemilik", is_active=False)
    assert log_in("pemilik@contoh.example").url == "/akun/nonaktif/"


def test_after_five_wrong_passwords_a_name_waits_in_every_spelling():
    person("Pak Jaka", phone=NUMBER)
    for typed in ("081273940512", "0812 7394 0512", NUMBER, "6281273940512", "0812-7394-0512"):
        log_in(typed, "salah sekali")
    assert errors(log_in("081273940512"))["__all__"] == [
        "Terlalu banyak percobaan. Tunggu 5 menit, lalu coba lagi."
    ]


@pytest.mark.parametrize(
    ("next_url", "leads_to"),
    [("/akun/anggota/", "/akun/anggota/"), ("https://jahat.example/", "/beranda/"), ("", "/beranda/")],
)
def test_afterwards_it_goes_where_it_was_asked_to_within_the_portal(next_url, leads_to):
    person("Pemilik")
    assert log_in("pemilik@contoh.example", next=next_url).url == leads_to


def test_the_door_of_the_start_page_is_carried_through_log_in():
    person("Pemilik")
    page = Client().get("/akun/masuk/?untuk=usaha").content.decode()
    assert '<input type="hidden" name="untuk" value="usaha">' in page
    assert 'href="/akun/daftar/?untuk=usaha"' in page
    assert log_in("pemilik@contoh.example", untuk="usaha").url == "/usaha/mulai/"
    assert log_in("pemilik@contoh.example", untuk="lain").url == "/beranda/"


# --- Sign-up


def sign_up(**data):
    given = {"name": "Bu Sri", "password1": "besi siku 40x40"} | data
    return Client().post("/akun/daftar/", given)


def test_an_owner_signs_up_with_a_number_alone():
    assert sign_up(untuk="usaha", contact="0812 7394 0512").url == "/usaha/mulai/"
    made = User.objects.get()
    assert (made.name, made.phone, made.email, made.language) == ("Bu Sri", NUMBER, None, "id")
    assert log_in("081273940512").url == "/beranda/"
    assert OutgoingMail.objects.count() == 0


def test_two_people_without_an_address_do_not_collide():
    sign_up(untuk="usaha", contact="0812 7394 0512")
    assert sign_up(untuk="usaha", contact="0812 7394 0513").url == "/usaha/mulai/"
    assert User.objects.count() == 2


def test_an_owner_may_sign_up_with_an_address_instead():
    assert sign_up(untuk="usaha", contact="Sri@Contoh.example").url == "/usaha/mulai/"
    assert (User.objects.get().email, User.objects.get().phone) == ("sri@contoh.example", None)


def test_who_came_by_an_invitation_goes_back_to_it():
    page = Client().get("/akun/daftar/?next=/akun/undangan/x/").content.decode()
    assert 'name="next" value="/akun/undangan/x/"' in page
    assert sign_up(contact="081273940512", next="/akun/undangan/x/").url == "/akun/undangan/x/"


def test_a_buyer_signs_up_with_an_address_and_confirms_it():
    response = sign_up(untuk="pembeli", contact="Beli@Baja.example")
    buyer = User.objects.get()
    assert (response.url, buyer.email, has_confirmed_address(buyer)) == (
        "/perusahaan/daftar/",
        "beli@baja.example",
        False,
    )
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Konfirmasi alamat e-mail Anda"
    path = re.search(r"https?://[^/]+(/akun/email/\S+)", mail.text)[1]
    browser = Client()
    assert "Ya, konfirmasi" in browser.get(path).content.decode()
    assert has_confirmed_address(buyer) is False
    browser.post(path)
    assert has_confirmed_address(buyer) is True


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"untuk": "pembeli"}, "contact"),
        ({"untuk": "usaha"}, "contact"),
        ({"untuk": "pembeli", "contact": "081273940512"}, "contact"),
        ({"contact": "0254 391234"}, "contact"),
        ({"contact": "bukan"}, "contact"),
        ({"contact": "bukan@"}, "contact"),
        ({"contact": "x" * 10_000 + "@contoh.example"}, "contact"),
        ({"contact": "081273940512", "name": ""}, "name"),
        ({"contact": "081273940512", "name": "x" * 10_000}, "name"),
        ({"contact": "081273940512", "name": "a\x07b"}, "name"),
        ({"contact": "081273940512", "password1": "pendek"}, "password1"),
        ({"contact": "081273940512", "password1": "480213"}, "password1"),
        ({"contact": "081273940512", "password1": "password123"}, "password1"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(data, field):
    response = sign_up(**data)
    assert response.status_code == 200
    assert [*errors(response)] == [field]
    assert User.objects.count() == 0


def test_a_name_in_use_is_said_with_the_way_out():
    User.objects.create_user(name="Dua", email="dua@contoh.example", phone=NUMBER, password=PASSWORD)
    assert errors(sign_up(contact="081273940512")) == {
        "contact": ["Nomor ini sudah terdaftar. Masuk, atau minta kartu masuk dari Dinas."]
    }
    assert errors(sign_up(contact="dua@contoh.example")) == {
        "contact": ["Alamat ini sudah terdaftar. Masuk dengan alamat ini, atau buat kata sandi baru."]
    }


def test_what_was_typed_is_kept_but_the_password():
    page = sign_up(untuk="usaha", contact="0254", name="Bu Sri").content.decode()
    assert 'value="Bu Sri"' in page
    assert 'value="0254"' in page
    assert "besi siku" not in page


# --- A code by mail


def test_a_code_by_mail_logs_in_without_a_password():
    person("Pemilik")
    browser = Client()
    assert (
        browser.post("/akun/masuk/kode/", {"email": "Pemilik@contoh.example"}).url == "/akun/masuk/kode/isi/"
    )
    code = re.search(r"^[A-Z0-9-]{6,}$", OutgoingMail.objects.get().text, re.M)[0]
    assert browser.post("/akun/masuk/kode/isi/", {"code": code}).url == "/beranda/"


def test_an_unknown_address_gets_the_same_answer_and_a_mail_that_says_so():
    browser = Client()
    assert (
        browser.post("/akun/masuk/kode/", {"email": "tak.ada@contoh.example"}).url == "/akun/masuk/kode/isi/"
    )
    assert OutgoingMail.objects.get().subject == "Alamat ini belum terdaftar"


def test_three_wrong_codes_end_it():
    person("Pemilik")
    browser = Client()
    browser.post("/akun/masuk/kode/", {"email": "pemilik@contoh.example"})
    answers = [browser.post("/akun/masuk/kode/isi/", {"code": "AAAAAA"}) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 302]


# --- Forgotten, changed


def test_a_forgotten_password_is_made_anew_by_a_link():
    person("Pemilik")
    browser = Client()
    assert (
        browser.post("/akun/sandi/lupa/", {"email": "pemilik@contoh.example"}).url
        == "/akun/sandi/lupa/terkirim/"
    )
    path = re.search(r"https?://[^/]+(/akun/sandi/baru/\S+)", OutgoingMail.objects.get().text)[1]
    form = browser.get(path, follow=True)
    new = {"password1": "pelat strip 5 mm", "password2": "pelat strip 5 mm"}
    assert browser.post(form.request["PATH_INFO"], new).status_code == 302
    assert log_in("pemilik@contoh.example", "pelat strip 5 mm").url == "/beranda/"
    assert "Tautan ini sudah lewat waktunya" in Client().get(path, follow=True).content.decode()


def test_a_person_without_an_address_keeps_to_a_pin():
    user = person("Pak Jaka", phone=NUMBER, password="480213")
    browser = logged_in(user)
    change = {"oldpassword": "480213", "password1": "123456", "password2": "123456"}
    assert "password1" in browser.post("/akun/sandi/", change).context["form"].errors
    browser.post("/akun/sandi/", change | {"password1": "739105", "password2": "739105"})
    assert User.objects.get(pk=user.pk).check_password("739105")


def test_a_person_with_an_address_needs_a_password():
    browser = logged_in(person("Pemilik"))
    change = {"oldpassword": PASSWORD, "password1": "739105", "password2": "739105"}
    assert "password1" in browser.post("/akun/sandi/", change).context["form"].errors


def test_a_new_address_counts_once_it_is_confirmed():
    user = person("Pemilik")
    browser = logged_in(user)
    assert browser.post("/akun/email/", {"email": "baru@contoh.example", "action_add": ""}).status_code == 302
    assert User.objects.get(pk=user.pk).email == "pemilik@contoh.example"
    path = re.search(r"https?://[^/]+(/akun/email/\S+)", OutgoingMail.objects.get().text)[1]
    browser.post(path)
    assert User.objects.get(pk=user.pk).email == "baru@contoh.example"
    assert [*EmailAddress.objects.filter(user=user).values_list("email", "verified")] == [
        ("baru@contoh.example", True)
    ]


def test_leaving_needs_a_post():
    browser = logged_in(person("Pemilik"))
    assert browser.get("/akun/keluar/").status_code == 200
    assert browser.post("/akun/keluar/").url == "/"
    assert browser.get("/akun/").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/akun/masuk/",
        "/akun/masuk/kode/",
        "/akun/daftar/",
        "/akun/daftar/?untuk=usaha",
        "/akun/daftar/?untuk=pembeli",
        "/akun/sandi/lupa/",
        "/akun/sandi/lupa/terkirim/",
        "/akun/sandi/baru/selesai/",
        "/akun/email/terkirim/",
        "/akun/email/tidak-ada/",
        "/akun/nonaktif/",
        "/akun/kartu/",
        "/data-pribadi/",
    ],
)
def test_pages_for_strangers_open_in_both_languages(client, path):
    assert client.get(path).status_code == 200
    client.cookies["django_language"] = "en"
    page = client.get(path)
    assert (page.status_code, page["Content-Language"]) == (200, "en")


def test_a_browser_set_to_english_does_not_decide_but_the_person_does():
    user = person("Owner", language="en")
    assert Client(headers={"Accept-Language": "en-GB"}).get("/akun/masuk/")["Content-Language"] == "id"
    browser = logged_in(user)
    browser.cookies["django_language"] = "id"
    assert browser.get("/akun/")["Content-Language"] == "en"
