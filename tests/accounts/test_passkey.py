"""A passkey in a real browser: set up as the second step, then the whole log-in by itself."""

import pytest

from accounts import second_factor
from tests.accounts import people
from tests.accounts.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def clock():
    """The browser has the real time, so the server must too."""


def with_key(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def test_an_officer_sets_up_a_passkey_and_logs_in_with_it(open_page):
    officer = people.cast().officer
    page = with_key(open_page("/dinas/kartu/", width=360))
    page.get_by_label("E-mail atau nomor ponsel").fill(officer.email)
    page.get_by_label("Kata sandi atau PIN").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.get_by_role("heading", name="Pasang langkah kedua", exact=True).wait_for()
    page.get_by_role("link", name="Tambah kunci keamanan").click()
    page.get_by_label("Masuk tanpa kata sandi dengan kunci ini").check()
    page.get_by_role("button", name="Tambah kunci").click()
    page.get_by_role("heading", name="Kode cadangan").wait_for()
    assert second_factor.is_set_up(officer) is True

    page.goto("/dinas/kartu/")
    page.get_by_role("heading", name="Kartu masuk").wait_for()
    page.goto("/akun/keluar/")
    page.get_by_role("main").get_by_role("button", name="Keluar").click()
    page.goto("/akun/masuk/")
    page.get_by_role("button", name="Masuk dengan kunci sidik jari atau perangkat").click()
    page.wait_for_url("**/beranda/")
    page.goto("/dinas/kartu/")
    page.get_by_role("heading", name="Kartu masuk").wait_for()


def test_the_key_is_the_second_step_after_a_password_too(open_page):
    owner = people.cast().owner
    page = with_key(open_page("/akun/masuk/?next=/akun/keamanan/kunci/tambah/"))
    log_in(page, owner)
    page.get_by_role("button", name="Tambah kunci").click()
    page.get_by_role("heading", name="Kode cadangan").wait_for()
    page.goto("/akun/keluar/")
    page.get_by_role("main").get_by_role("button", name="Keluar").click()
    page.goto("/akun/masuk/?next=/akun/anggota/")
    log_in(page, owner)
    page.get_by_role("button", name="Pakai kunci keamanan").click()
    page.get_by_role("heading", name="Anggota CV Rak Baja").wait_for()


def test_without_javascript_nothing_of_it_is_offered(open_page, transactional_db):
    page = open_page("/akun/masuk/", javascript=False)
    assert page.get_by_role("button", name="Masuk dengan kunci").count() == 0
    assert page.get_by_role("button", name="Masuk", exact=True).count() == 1


def log_in(page, user) -> None:
    page.get_by_label("E-mail atau nomor ponsel").fill(user.email)
    page.get_by_label("Kata sandi atau PIN").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
