"""The account, the news, the hand-over: who sees what, and that pages do not grow queries with rows."""

import pytest
from django.conf import settings

from accounts import notices
from accounts.models import Notification, User
from tests.accounts.people import join, person
from tests.browsers import logged_in

pytestmark = pytest.mark.django_db

NEWS = {"title": "Profil disetujui", "text": "Profil Anda tampil.", "url": "/akun/anggota/"}


def told(cast, key: str, **more) -> Notification:
    cast.workshop.whatsapp = "+6281200000001"
    return notices.notify(cast.workshop, key=key, **NEWS | more)


OWN_PAGES = [
    "/akun/",
    "/akun/data-diri/",
    "/akun/pilih/",
    "/akun/anggota/",
    "/akun/pemberitahuan/",
    "/akun/whatsapp/",
    "/akun/email/",
    "/akun/sandi/",
    "/akun/keamanan/",
    "/akun/keamanan/aplikasi/",
    "/akun/keamanan/kunci/",
    "/akun/keamanan/kunci/tambah/",
]


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.parametrize("who", ["owner", "officer"])
def test_own_pages_open(cast, path, who):
    assert logged_in(getattr(cast, who)).get(path).status_code == 200


def test_somebody_without_an_organisation_is_told_what_to_do(cast):
    browser = logged_in(cast.nobody)
    assert "Belum ada organisasi" in browser.get("/akun/pilih/").content.decode()
    assert browser.get("/akun/").status_code == 200


def test_name_number_and_language_are_changed_and_answered_in_the_new_language(cast):
    browser = logged_in(cast.owner)
    given = {"name": "Pemilik Baru", "phone": "0812 7394 0512", "language": "en"}
    assert browser.post("/akun/data-diri/", given).url == "/akun/"
    kept = User.objects.get(pk=cast.owner.pk)
    assert (kept.name, kept.phone, kept.language) == ("Pemilik Baru", "+6281273940512", "en")
    assert browser.get("/akun/")["Content-Language"] == "en"


def test_a_number_in_use_is_refused_at_its_field(cast):
    person("Lain", phone="+6281273940512")
    response = logged_in(cast.owner).post(
        "/akun/data-diri/", {"name": "Pemilik", "phone": "081273940512", "language": "id"}
    )
    assert [*response.context["form"].errors] == ["phone"]


def test_the_only_log_in_name_is_not_removed(cast):
    jaka = person("Jaka", phone="+6281273940512")
    response = logged_in(jaka).post("/akun/data-diri/", {"name": "Jaka", "phone": "", "language": "id"})
    assert [*response.context["form"].errors] == ["phone"]


# --- News


def test_unread_news_first_then_the_newest(cast):
    first, second, third = (told(cast, key) for key in "123")
    notices.mark_read(first, by=cast.owner)
    notices.mark_read(third, by=cast.owner)
    assert [*logged_in(cast.owner).get("/akun/pemberitahuan/").context["page"]] == [second, third, first]


def test_opening_marks_read_and_leads_on(cast):
    news = told(cast, "1")
    browser = logged_in(cast.owner)
    assert browser.get(f"/akun/pemberitahuan/{news.pk}/").status_code == 405
    assert browser.post(f"/akun/pemberitahuan/{news.pk}/").url == "/akun/anggota/"
    assert Notification.objects.get(pk=news.pk).read_at is not None


def test_news_never_leads_away_from_the_portal(cast):
    news = told(cast, "1", url="https://jahat.example/")
    assert logged_in(cast.owner).post(f"/akun/pemberitahuan/{news.pk}/").url == "/akun/pemberitahuan/"


def test_news_of_others_is_not_found(cast):
    news = told(cast, "1")
    browser = logged_in(cast.stranger)
    assert browser.post(f"/akun/pemberitahuan/{news.pk}/").status_code == 404
    assert [*browser.get("/akun/pemberitahuan/").context["page"]] == []


def test_all_are_marked_read(cast):
    told(cast, "1"), told(cast, "2")
    browser = logged_in(cast.owner)
    assert browser.get("/akun/pemberitahuan/").context["unread"] == 2
    assert browser.post("/akun/pemberitahuan/terbaca/").url == "/akun/pemberitahuan/"
    assert browser.get("/akun/pemberitahuan/").context["unread"] == 0


@pytest.mark.parametrize("path", ["/akun/pemberitahuan/", "/akun/whatsapp/", "/dinas/kartu/?q=CV"])
def test_queries_do_not_grow_with_rows(cast, path, django_assert_max_num_queries, django_assert_num_queries):
    browser = logged_in(cast.officer)
    notices.notify(cast.office, key="own-0", **NEWS)
    told(cast, "0", sender=cast.office)
    with django_assert_max_num_queries(12) as one:
        browser.get(path)
    for number in range(1, 4):
        notices.notify(cast.office, key=f"own-{number}", **NEWS)
        told(cast, str(number), sender=cast.office)
    with django_assert_num_queries(len(one)):
        browser.get(path)


# --- Hand-over by WhatsApp


def test_one_tap_marks_it_and_opens_whatsapp_with_the_text(cast):
    news = told(cast, "1", sender=cast.office)
    browser = logged_in(cast.officer)
    page = browser.get("/akun/whatsapp/")
    assert [*page.context["page"]] == [news]
    assert "https://wa.me" in page["Content-Security-Policy"]
    sent = browser.post(f"/akun/whatsapp/{news.pk}/")
    assert sent.url.startswith("https://wa.me/6281200000001?text=Yth.%20Pemilik")
    assert [*browser.get("/akun/whatsapp/").context["page"]] == []
    assert Notification.objects.get(pk=news.pk).handed_over_by == cast.officer


def test_only_the_sender_hands_over(cast):
    news = told(cast, "1", sender=cast.office)
    people = (cast.far_officer, cast.owner, cast.stranger)
    assert [logged_in(each).post(f"/akun/whatsapp/{news.pk}/").status_code for each in people] == [404] * 3
    assert logged_in(cast.officer).post("/akun/whatsapp/999999/").status_code == 404


def test_the_handed_over_link_is_read_without_a_log_in_and_opens_nothing_else(cast, client):
    news = told(cast, "1", sender=cast.office)
    path = notices.link_of(news).removeprefix(settings.SITE_URL)
    page = client.get(path)
    assert (page.status_code, "Profil Anda tampil." in page.content.decode()) == (200, True)
    assert "Masuk dan buka" in page.content.decode()
    assert client.get("/akun/").status_code == 302
    assert client.get(f"{path[:-1]}x/").status_code == 410


def test_a_person_of_two_organisations_sees_whose_news_it_is(cast):
    join(cast.other, cast.owner, "staff")
    told(cast, "1")
    assert "CV Rak Baja" in logged_in(cast.owner).get("/akun/pemberitahuan/").content.decode()


# --- Admin


def test_the_admin_shows_no_secret_and_the_record_of_changes(cast):
    from accounts import sample

    admin = person("Pengelola Sistem", is_staff=True, is_superuser=True)
    sample.give_sample_totp(admin)
    browser = logged_in(admin)
    key = admin.authenticator_set.get(type="totp")
    page = browser.get(f"/kelola/mfa/authenticator/{key.pk}/change/").content.decode()
    assert sample.TOTP_SECRET not in page
    page = browser.get(f"/kelola/accounts/organisation/{cast.workshop.pk}/change/").content.decode()
    assert f"accounts.Organisation:{cast.workshop.pk}" in page
    assert (
        browser.get(f"/kelola/pghistory/events/?obj=accounts.Organisation:{cast.workshop.pk}").status_code
        == 200
    )


def test_a_person_made_in_the_admin_has_no_password_yet(cast):
    admin = person("Pengelola Sistem", is_staff=True, is_superuser=True)
    inline = {f"memberships-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    given = {"name": "Baru", "email": "Baru@Contoh.example", "phone": "", "language": "id", "is_active": "on"}
    response = logged_in(admin).post("/kelola/accounts/user/add/", given | inline)
    assert response.status_code == 302, response.context["errors"]
    made = User.objects.get(name="Baru")
    assert (made.email, made.phone, made.has_usable_password()) == ("baru@contoh.example", None, False)


def test_an_office_founded_in_the_admin_takes_over_its_area(cast):
    admin = person("Pengelola Sistem", is_staff=True, is_superuser=True)
    inline = {f"memberships-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    given = {"kind": "dinas", "ref": "dinas-citangkil", "name": "Dinas Citangkil", "area": "36.72.03"}
    assert logged_in(admin).post("/kelola/accounts/organisation/add/", given | inline).status_code == 302
    cast.workshop.refresh_from_db()
    cast.other.refresh_from_db()
    assert [each.reviewing_office.name for each in (cast.workshop, cast.other)] == [
        "Dinas Citangkil",
        "Dinas Serang",
    ]
