"""Invite, interest, contact: told in Chromium with scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Introduction
from industry.models import Interest, Need
from matching.lists import refresh
from partnership_portal.seeding import seed
from tests.journeys.people import fill, log_in, looked_at, match_of, press, says, tick, title

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORKSHOP, BUYER = "CV Roller Samangraya (CONTOH)", "PT Baja Selat Gunungan (CONTOH)"
TITLE = "Roller konveyor diameter 89-133 mm untuk jalur bijih"


@pytest.fixture
def market(live_server, settings):
    settings.SITE_URL = live_server.url
    seed()
    refresh()
    return Need.objects.get(ref="n01-roller-konveyor")


def entered(open_page, login: str, javascript: bool, width: int) -> Page:
    page = open_page("/akun/masuk/", javascript=javascript, width=width)
    log_in(page, login)
    return page


@pytest.mark.parametrize(
    "javascript", [True, pytest.param(False, marks=pytest.mark.full)], ids=["scripts", "none"]
)
def test_from_the_invitation_to_the_contact(market, open_page, javascript):
    buyer = entered(open_page, "pengadaan1@contoh.example", javascript, 1280)
    buyer.goto(f"/kebutuhan/{market.pk}/kecocokan/")
    match_of(buyer, WORKSHOP).get_by_role("button", name="Undang").click()
    says(buyer, f"{WORKSHOP} diundang.")
    expect(match_of(buyer, WORKSHOP)).to_contain_text("diundang")

    owner = entered(open_page, "ikm16@contoh.example", javascript, 360)
    owner.goto("/beranda/")
    says(owner, "Jawab undangan")
    press(owner, "Kerjakan")
    title(owner, "PT Baja Selat Gunungan")
    assert "pengadaan1@contoh.example" not in owner.content()
    owner.get_by_role("link", name="Saya berminat").click()
    fill(owner, "Berapa yang sanggup Anda kerjakan?", "1.250")
    if javascript:
        says(owner, "seribu dua ratus lima puluh")
    fill(owner, "Pesan untuk pembeli", "Bisa mulai bulan depan.")
    looked_at(owner)
    press(owner, "Kirim: saya berminat")
    says(owner, "Kontak kini terbuka bagi Anda dan pembeli.")
    says(owner, "pengadaan1@contoh.example")
    expect(owner.locator("a[href^='https://wa.me/'], a[href^='mailto:']").first).to_be_visible()
    looked_at(owner)

    buyer.goto(f"/kebutuhan/{market.pk}/peminat/")
    buyer.get_by_role("link", name=WORKSHOP).click()
    says(buyer, "Bisa mulai bulan depan.")
    link = buyer.locator("a[href^='https://wa.me/']").first
    assert "Permisi" in link.get_attribute("href")
    press(buyer, "Sudah, lanjutkan")
    tick(buyer, "Kirim gambar atau spesifikasi")
    tick(buyer, BUYER)
    fill(buyer, "Paling lambat", market.start.isoformat())
    looked_at(buyer)
    press(buyer, "Simpan langkah")
    says(buyer, "Kirim gambar atau spesifikasi")
    owner.reload()
    says(owner, f"Giliran {BUYER}: Kirim gambar atau spesifikasi")
    assert Interest.objects.get(need=market, organisation__name=WORKSHOP).status == "talks"
    assert Introduction.objects.filter(
        first__name__in=[WORKSHOP, BUYER], second__name__in=[WORKSHOP, BUYER]
    ).exists()
