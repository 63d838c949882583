"""The directory in Chromium: what axe says, whether anything is too wide, and the way from a word to a supplier."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from ikm import favourites, reports
from ikm.directory.refreshing import refresh
from ikm.models import Favourite, Ikm
from tests import offices
from tests.browsers import logged_in
from tests.ikm.suppliers import leaks, market

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "CV Bengkel Konstruksi dan Perlengkapan Gudang Sumber Rejeki Makmur Sentosa Bersama Nusantara"


@pytest.fixture
def cast(transactional_db):
    """At the real clock: the browser has a clock of its own."""
    cast = market()
    for number in range(3):
        offices.workshop(cast.office, status="approved", name=f"CV Rak {number}")
    Ikm.objects.update(confirmed_on=timezone.localdate())
    refresh()
    return cast


@pytest.fixture
def open_as(open_page):
    """open_as(user, path, …): a page in the browser of somebody who is logged in."""

    def open_as(user, path, language="id", **options):
        cookies = [{"name": "sessionid", "value": logged_in(user).cookies["sessionid"].value}]
        state = {"cookies": [c | {"domain": "localhost", "path": "/"} for c in cookies], "origins": []}
        type(user).objects.filter(pk=user.pk).update(language=language)
        return open_page(path, storage_state=state, **options)

    return open_as


def complaints(page):
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    said = [(rule["id"], node["target"]) for rule in found for node in rule["nodes"]]
    return said + ([("too wide", wide)] if wide else [])


@pytest.mark.full  # a plain run looks at every page in tests.journeys
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_is_too_wide(cast, open_as, width):
    cast.ikm.organisation.name = LONG
    cast.ikm.organisation.save()
    refresh()
    favourites.keep(cast.ikm, organisation=cast.company, by=cast.buyer)
    told = reports.report(cast.ikm, kind="wrong", text="kata " * 90, by=None)
    page = open_as(cast.buyer, reverse("ikm:directory"), width=width)
    if width == 320:
        page.locator("#saringan").click()
    page.evaluate("for (const facet of document.querySelectorAll('.facet')) facet.open = true")
    assert complaints(page) == []
    supplier = reverse("ikm:supplier", args=[cast.ikm.organisation.ref])
    for path in (
        f"{reverse('ikm:directory')}?q=tidakadasama&bebas=1,250&satuan=pcs",
        supplier,
        f"{reverse('ikm:compare')}?ikm={cast.ikm.pk}&ikm={cast.other.pk}",
        reverse("ikm:favourites"),
        reverse("ikm:report", args=[cast.ikm.pk]),
    ):
        page.goto(path)
        assert (path, complaints(page)) == (path, [])
    officer = open_as(cast.officer, reverse("ikm:reported", args=[told.pk]), width=width)
    assert complaints(officer) == []
    owner = open_as(cast.owner, f"{supplier}?sebagai=umum", width=width)
    assert complaints(owner) == []
    owner.goto(reverse("ikm:visible", args=[cast.ikm.pk]))
    assert complaints(owner) == []


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.full)])
def test_from_a_word_to_a_favourite_and_its_page(cast, open_as, javascript):
    page = open_as(cast.buyer, reverse("ikm:directory"), width=1280, javascript=javascript)
    page.get_by_label("Cari produk, proses, atau nama usaha").fill("rak")
    page.get_by_role("button", name="Cari", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]q=rak"))
    found = page.locator(".supplier-row")
    expect(found).to_have_count(5)
    page.locator("#s-ukuran").click()
    page.get_by_label(re.compile("industri kecil")).check()
    if not javascript:
        page.get_by_role("button", name="Terapkan saringan").click()
    expect(page).to_have_url(re.compile(r"ukuran=small"))
    expect(found).to_have_count(2)
    for name in ("CV Rak Baja Citangkil", "UD Las Merak"):
        page.get_by_label(f"Bandingkan {name}").check()
    if javascript:
        page.get_by_role("link", name=re.compile("Ukuran usaha: industri kecil")).click()
        expect(found).to_have_count(5)
        expect(page.get_by_label("Bandingkan UD Las Merak")).to_be_checked()
    page.get_by_role("button", name="Bandingkan yang dicentang").click()
    expect(page.locator("h1")).to_have_text("Bandingkan pemasok")
    expect(page.locator(".comparison thead")).to_contain_text("UD Las Merak")
    page.get_by_role("button", name="Simpan CV Rak Baja Citangkil").click()
    expect(page.get_by_role("button", name="Favorit CV Rak Baja Citangkil")).to_be_visible()
    assert Favourite.objects.get().ikm == cast.ikm
    page.locator(".comparison thead").get_by_role("link", name="CV Rak Baja Citangkil").click()
    expect(page.locator("h1")).to_have_text("CV Rak Baja Citangkil")
    expect(page.get_by_role("link", name="Undang")).to_have_attribute(
        "href", f"{reverse('industry:invite')}?ikm={cast.ikm.pk}"
    )
    assert leaks(page.content()) == []


def test_a_fifth_tick_is_not_taken_and_the_page_says_why(cast, open_page):
    page = open_page(reverse("ikm:directory"), width=1280)
    for box in page.locator(".supplier-row input[name=ikm]").all()[:4]:
        box.check()
    expect(page.locator(".supplier-row input[name=ikm]").nth(4)).to_be_disabled()
    expect(page.locator(".compare-bar")).to_contain_text("Sudah 4, paling banyak.")
    page.reload()
    expect(page.locator(".supplier-row input[name=ikm]:checked")).to_have_count(4)


def test_with_the_keyboard_alone(cast, open_page):
    page = open_page(reverse("ikm:directory") + "?q=rak", width=1280)
    box = page.get_by_label(re.compile("industri kecil"))
    page.locator("#s-ukuran").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator(".supplier-row")).to_have_count(2)
    expect(box).to_be_focused()
