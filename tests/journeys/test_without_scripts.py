"""The main story in browsers that run no scripts: nothing is refused, what would come by itself is asked for."""

import pytest
from playwright.sync_api import Page, expect

from matching.models import NeedRanking
from tests.journeys.people import log_in, looked_at, match_of, press, revise_capacity, score_of, sums, tenths
from tests.journeys.story import (
    NEED,
    WORKSHOP,
    approve,
    count,
    describe,
    open_need,
    register,
    send,
    state_need,
)
from tests.plugin import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]


def load_again(page: Page) -> None:
    """When the list is up to date, as the page itself says."""
    wait_for(lambda: page.reload() and page.get_by_text("Sedang dihitung ulang.").count() == 0, patience=20)


def test_the_main_story_without_scripts(portal, open_page):
    owner = open_page("/", width=360, javascript=False)
    register(owner)
    describe(owner, in_short=True)
    send(owner)
    officer = open_page("/akun/masuk/", javascript=False)
    log_in(officer, "petugas.a@contoh.example")
    approve(officer)

    buyer = open_page("/akun/masuk/", javascript=False)
    log_in(buyer, "pengadaan1@contoh.example")
    state_need(buyer)
    press(buyer, "Hitung")
    assert count(buyer) > 0
    looked_at(buyer)
    press(buyer, "Simpan dan lanjutkan")
    open_need(buyer)
    load_again(buyer)
    expect(match_of(buyer, WORKSHOP)).to_contain_text("Memenuhi syarat · terperiksa")
    first = score_of(buyer, WORKSHOP)
    match_of(buyer, WORKSHOP).get_by_role("link", name=WORKSHOP).click()
    points, _maxima, score, maximum = sums(buyer.locator("table").first)
    assert (sum(points), score, maximum) == (tenths(first), tenths(first), 1000)

    owner.goto("/usaha/kebutuhan-cocok/")
    expect(match_of(owner, NEED)).to_contain_text("Memenuhi syarat")
    revise_capacity(owner, "Roller Konveyor", "625")
    press(buyer, "Kembali ke urutan")
    load_again(buyer)
    expect(match_of(buyer, WORKSHOP)).to_contain_text("Kapasitas bebas 375 dari 800 pcs per bulan")
    assert tenths(score_of(buyer, WORKSHOP)) < tenths(first)
    assert NeedRanking.objects.get(need__title=NEED).takes_part
