"""Officers, the operator and administrators reach nothing of their own before the second step."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import sample, second_factor
from tests.accounts.people import PASSWORD, join, person
from tests.browsers import logged_in

pytestmark = pytest.mark.django_db


def password_given(user) -> Client:
    browser = Client()
    browser.post("/akun/masuk/", {"login": user.login_name, "password": PASSWORD})
    return browser


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + steps))


@pytest.fixture
def admin(db):
    return person("Pengelola Sistem", is_staff=True, is_superuser=True)


@pytest.mark.parametrize("path", ["/dinas/kartu/", "/akun/", "/akun/pemberitahuan/", "/beranda/", "/kelola/"])
def test_an_officer_without_one_is_led_to_set_it_up_from_everywhere(cast, path):
    browser = password_given(cast.officer)
    response = browser.get(path)
    assert response.status_code == 302
    assert response.url.startswith("/akun/langkah-kedua/") or path == "/kelola/"
    assert "Pasang langkah kedua" in browser.get("/akun/langkah-kedua/").content.decode()


def test_the_admin_is_closed_as_well(admin):
    browser = password_given(admin)
    assert browser.get("/kelola/").url == "/akun/langkah-kedua/?next=%2Fkelola%2F"
    assert browser.get("/kelola/accounts/user/").status_code == 302
    assert logged_in(admin).get("/kelola/accounts/user/").status_code == 200


def test_the_operator_needs_it_too(cast):
    staff = join(cast.operator, person("Staf Pengelola"), "staff")
    assert password_given(staff).get("/akun/").url == "/akun/langkah-kedua/?next=%2Fakun%2F"


def test_a_post_before_the_second_step_changes_nothing(cast):
    browser = password_given(cast.far_officer)
    assert browser.post("/akun/anggota/satu-petugas/", {"allowed": "1"}).url.startswith(
        "/akun/langkah-kedua/"
    )
    cast.far_office.refresh_from_db()
    assert cast.far_office.allows_same_person is False


def test_owners_and_buyers_work_without(cast):
    assert password_given(cast.owner).get("/akun/").status_code == 200


def test_public_pages_stay_public(cast):
    assert password_given(cast.officer).get("/data-pribadi/").status_code == 200


def test_setting_it_up_opens_the_portal_at_once_and_gives_recovery_codes(cast):
    browser = password_given(cast.officer)
    page = browser.get("/akun/keamanan/aplikasi/")
    secret = page.context["form"].secret
    assert browser.post("/akun/keamanan/aplikasi/", {"code": "000000"}).status_code == 200
    response = browser.post("/akun/keamanan/aplikasi/", {"code": code_of(secret)})
    assert response.url == "/akun/keamanan/kode-cadangan/"
    assert second_factor.is_set_up(cast.officer) is True
    kinds = sorted(Authenticator.objects.filter(user=cast.officer).values_list("type", flat=True))
    assert kinds == ["recovery_codes", "totp"]


def test_afterwards_the_code_is_asked_at_every_log_in(cast):
    sample.give_sample_totp(cast.officer)
    browser = Client()
    first = browser.post(
        "/akun/masuk/", {"login": cast.officer.email, "password": PASSWORD, "next": "/dinas/kartu/"}
    )
    assert first.url == "/akun/masuk/langkah-kedua/"
    assert browser.get("/dinas/kartu/").url == "/akun/masuk/?next=/dinas/kartu/"
    assert browser.post(first.url, {"code": "000000"}).status_code == 200
    assert browser.post(first.url, {"code": sample.current_code()}).url == "/dinas/kartu/"
    assert browser.get("/dinas/kartu/").status_code == 200


def test_a_code_counts_once(cast):
    sample.give_sample_totp(cast.officer)
    browser, other = password_given(cast.officer), password_given(cast.officer)
    code = sample.current_code()
    assert browser.post("/akun/masuk/langkah-kedua/", {"code": code}).status_code == 302
    assert "sudah terpakai" in other.post("/akun/masuk/langkah-kedua/", {"code": code}).content.decode()


def test_a_clock_that_is_half_a_minute_off_is_forgiven_and_more_is_not(cast):
    sample.give_sample_totp(cast.officer)
    answers = [
        password_given(cast.officer)
        .post("/akun/masuk/langkah-kedua/", {"code": code_of(sample.TOTP_SECRET, steps)})
        .status_code
        for steps in (-1, 1, 2)
    ]
    assert answers == [302, 302, 200]


def test_a_recovery_code_counts_once(cast):
    sample.give_sample_totp(cast.officer)
    codes = Authenticator.objects.get(user=cast.officer, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    answers = [
        password_given(cast.officer).post("/akun/masuk/langkah-kedua/", {"code": codes[0]}).status_code
        for _ in range(2)
    ]
    assert answers == [302, 200]


def test_a_session_without_the_step_is_asked_for_it(cast):
    """Somebody who became an officer while logged in, or set it up in another browser."""
    browser = password_given(cast.nobody)
    join(cast.office, cast.nobody, "officer")
    sample.give_sample_totp(cast.nobody)
    asked = browser.get("/dinas/kartu/?q=a")
    assert asked.url == "/akun/pastikan/kode/?next=%2Fdinas%2Fkartu%2F%3Fq%3Da"
    assert browser.post(asked.url, {"code": sample.current_code()}).url == "/dinas/kartu/?q=a"
    assert browser.get("/dinas/kartu/").status_code == 200


def test_an_officer_keeps_at_least_one(cast):
    sample.give_sample_totp(cast.officer)
    page = logged_in(cast.officer).post("/akun/keamanan/aplikasi/lepas/")
    assert "Petugas harus punya langkah masuk kedua" in page.content.decode()
    assert second_factor.is_set_up(cast.officer) is True


def test_an_officers_last_key_stays_and_a_second_may_go(cast):
    keys = [
        Authenticator.objects.create(user=cast.officer, type="webauthn", data={"name": name})
        for name in ("A", "B")
    ]
    browser = logged_in(cast.officer)
    assert browser.post(f"/akun/keamanan/kunci/{keys[0].pk}/hapus/").url == "/akun/keamanan/kunci/"
    page = browser.post(f"/akun/keamanan/kunci/{keys[1].pk}/hapus/", follow=True)
    assert "Petugas harus punya" in page.content.decode()
    assert [*Authenticator.objects.filter(user=cast.officer)] == [keys[1]]


def test_another_persons_key_is_not_found(cast):
    key = Authenticator.objects.create(user=cast.head, type="webauthn", data={"name": "A"})
    browser = logged_in(cast.officer)
    assert [
        browser.get(f"/akun/keamanan/kunci/{key.pk}/hapus/").status_code,
        browser.get(f"/akun/keamanan/kunci/{key.pk}/ubah/").status_code,
    ] == [404, 404]


def test_who_need_not_have_one_may_take_it_off(cast):
    sample.give_sample_totp(cast.owner)
    assert logged_in(cast.owner).post("/akun/keamanan/aplikasi/lepas/").url == "/akun/keamanan/"
    assert second_factor.is_set_up(cast.owner) is False


def test_the_page_that_leads_to_it_is_not_for_others(cast):
    assert logged_in(cast.owner).get("/akun/langkah-kedua/").url == "/akun/keamanan/"


def test_wrong_codes_are_counted(cast):
    sample.give_sample_totp(cast.officer)
    browser = password_given(cast.officer)
    for _ in range(5):
        browser.post("/akun/masuk/langkah-kedua/", {"code": "000000"})
    page = browser.post("/akun/masuk/langkah-kedua/", {"code": sample.current_code()})
    assert "Terlalu banyak percobaan" in page.content.decode()


# --- The sample secret


def test_outside_the_demo_the_sample_secret_opens_nothing(cast, settings):
    sample.give_sample_totp(cast.officer)
    settings.IS_SAMPLE = False
    browser = password_given(cast.officer)
    assert browser.post("/akun/masuk/langkah-kedua/", {"code": sample.current_code()}).status_code == 200
    assert browser.get("/dinas/kartu/").status_code == 302


def test_outside_the_demo_it_is_neither_given_nor_printed_nor_shown(cast, settings, client):
    assert sample.current_code() in client.get("/akun/masuk/").content.decode()
    settings.IS_SAMPLE = False
    with pytest.raises(ImproperlyConfigured):
        sample.give_sample_totp(cast.officer)
    with pytest.raises(CommandError):
        call_command("demo_code")
    page = client.get("/akun/masuk/").content.decode()
    assert [word in page for word in (sample.current_code(), sample.PASSWORD, "Akun contoh")] == [False] * 3


def test_a_secret_of_ones_own_counts_everywhere(cast, settings):
    TOTP.activate(cast.officer, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    settings.IS_SAMPLE = False
    browser = password_given(cast.officer)
    code = code_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert browser.post("/akun/masuk/langkah-kedua/", {"code": code}).status_code == 302


def test_the_command_prints_the_code_of_now(capsys):
    call_command("demo_code")
    assert capsys.readouterr().out == f"{sample.current_code()}\n"
