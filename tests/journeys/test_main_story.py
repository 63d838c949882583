"""The main story: a workshop registers from nothing, a buyer states a need, and the match follows the facts."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import (
    follow_mail,
    log_in,
    looked_at,
    match_of,
    revise_capacity,
    says,
    score_of,
    sums,
    tenths,
)
from tests.journeys.story import (
    NEED,
    WORKSHOP,
    approve,
    describe,
    open_need,
    register,
    send,
    set_conditions,
    state_need,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_workshop_registers_and_its_match_follows_its_facts(portal, open_page):
    owner = open_page("/", width=360)
    register(owner)
    describe(owner)
    send(owner)

    officer = open_page("/akun/masuk/")
    log_in(officer, "petugas.a@contoh.example")
    approve(officer)
    owner.goto("/beranda/")
    says(owner, "disetujui")
    follow_mail(owner, "siti@contoh.example", "/usaha/")
    says(owner, "disetujui")

    buyer = open_page("/akun/masuk/")
    log_in(buyer, "pengadaan1@contoh.example")
    state_need(buyer)
    set_conditions(buyer)
    open_need(buyer)
    # The list comes by itself: nobody loads the page again.
    mine = match_of(buyer, WORKSHOP)
    expect(mine).to_contain_text("Memenuhi syarat · terperiksa")
    expect(mine).to_contain_text("Kapasitas cukup: bebas 1.000 untuk 800 pcs per bulan")
    first = score_of(buyer, WORKSHOP)
    mine.locator("summary", has_text="Kenapa").click()
    expect(mine.locator("tfoot")).to_be_visible()
    looked_at(buyer)
    points, maxima, score, maximum = sums(mine.locator("table"))
    assert (sum(points), sum(maxima), score, maximum) == (tenths(first), 1000, tenths(first), 1000)

    owner.goto("/usaha/kebutuhan-cocok/")
    hers = match_of(owner, NEED)
    expect(hers).to_contain_text("Memenuhi syarat")
    expect(hers).to_contain_text("Langkah berikutnya:")
    expect(hers).to_contain_text("TKDN")
    assert "CV Konveyor Ramanuju" not in owner.locator("main").inner_text()

    revise_capacity(owner, "Roller Konveyor", "625")
    # Free: half of the capacity, less what is taken. Of the points for capacity, the fourth line, 375/800 are left.
    expect(mine).to_contain_text("Kapasitas bebas 375 dari 800 pcs per bulan", timeout=15_000)
    assert tenths(score_of(buyer, WORKSHOP)) == tenths(first) - maxima[3] + (maxima[3] * 375 + 400) // 800
    expect(mine).to_contain_text("Memenuhi syarat · terperiksa")  # less was claimed: it stays proven
    # What the buyer had opened is open still, and says the new sum.
    expect(mine.locator("tfoot")).to_contain_text(f"{score_of(buyer, WORKSHOP)} dari 100,0")

    revise_capacity(owner, "Roller Konveyor", "2.000")
    expect(owner.locator(".card", has_text="Roller Konveyor")).to_contain_text("menurut pengakuan")
    expect(mine).to_contain_text("Kapasitas cukup: bebas 1.750", timeout=15_000)
    expect(mine).not_to_contain_text("Memenuhi syarat · terperiksa")
    officer.goto("/dinas/antrean/")
    expect(officer.locator("tr", has_text=WORKSHOP)).to_contain_text("Data berubah (1 hal)")
