"""An owner says with one tap that all is still so, and takes over what the office wrote."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Consent, Notification
from ikm.models import Ikm
from partnership_portal import reminders
from partnership_portal.seeding import IMPORTED
from tests.journeys.people import fill, follow_mail, log_in, looked_at, press, says, sign_up, tick, title

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AGED = "cv-kanal-mekarsari"  # confirmed seven months ago


def test_one_tap_from_a_mail_without_a_log_in(portal, open_page):
    reminders.run()
    news = Notification.objects.get(key__startswith="confirm-", organisation__ref=AGED)
    address = news.organisation.memberships.get().user.email
    phone = open_page("/dev/mail", width=360, javascript=False)
    follow_mail(phone, address, "/usaha/masih-benar/")
    title(phone, "Apakah semua ini masih benar?")
    says(phone, "dipastikan 7 bulan lalu")
    assert Ikm.objects.get(organisation__ref=AGED).confirmed_on < timezone.localdate()
    press(phone, "Ya, semua masih benar")
    title(phone, "Terima kasih")
    assert Ikm.objects.get(organisation__ref=AGED).confirmed_on == timezone.localdate()

    again = open_page(news.url, width=360)
    title(again, "Tautan tidak berlaku")
    looked_at(again)


def test_an_owner_takes_over_what_the_office_wrote(portal, open_page):
    office = open_page("/akun/masuk/")
    log_in(office, "petugas.a@contoh.example")
    office.goto("/dinas/ikm/?pemilik=belum")
    office.get_by_role("link", name="UD Kawat Cibeber (CONTOH)").click()
    office.get_by_role("link", name="Pemilik", exact=True).click()
    says(office, "belum ada pemilik")
    fill(office, "E-mail atau nomor WhatsApp pemilik", "kawat@contoh.example")
    press(office, "Undang")
    says(office, "Undangan dikirim ke kawat@contoh.example.")
    looked_at(office)

    owner = open_page("/dev/mail", width=360)
    follow_mail(owner, "kawat@contoh.example", "/akun/undangan/")
    press(owner, "Buat akun")
    sign_up(owner, name="Rosidah", contact="kawat@contoh.example")
    press(owner, "Ini usaha saya, ambil alih")
    title(owner, "Ambil alih profil UD Kawat Cibeber")
    says(owner, "Pagar harmonika tinggi 1,5 m")
    looked_at(owner)
    press(owner, "Benar, saya kelola sendiri")
    says(owner, "Centang bila Anda setuju.")
    tick(owner, "Saya sudah membaca dan setuju.")
    press(owner, "Benar, saya kelola sendiri")
    says(owner, "Profil sekarang di tangan Anda.")
    given = Consent.objects.get(organisation__ref=IMPORTED)
    assert (given.user.name, given.withdrawn_at) == ("Rosidah", None)

    office.reload()
    says(office, "dikelola pemilik")
    expect(office.locator("main")).to_contain_text(re.compile(r"diberikan Rosidah pada .*, teks 2026-11"))
    looked_at(office)
